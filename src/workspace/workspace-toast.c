/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-toast.h"

#include <glib/gi18n.h>

/* As long as what was done rests before it leaves (hazard H21). */
#define UNDO_SECONDS 10

/**
 * workspace_toast_add:
 * @toasts: (nullable): where it is said; NULL: the window is closed already, and nobody reads it
 * @sentence: what was done, or why not
 * @undo: the action that takes it back, with a text as its target
 * @target: (nullable): that text; NULL: there is nothing to take back
 */
void
workspace_toast_add (AdwToastOverlay *toasts,
                     const char *sentence,
                     const char *undo,
                     const char *target)
{
  AdwToast *toast;

  if (!toasts)
    return;
  toast = adw_toast_new (sentence);
  adw_toast_set_use_markup (toast, FALSE);
  if (target)
    {
      adw_toast_set_timeout (toast, UNDO_SECONDS);
      adw_toast_set_button_label (toast, _ ("_Undo"));
      adw_toast_set_action_name (toast, undo);
      adw_toast_set_action_target (toast, "s", target);
    }
  adw_toast_overlay_add_toast (toasts, toast);
}
