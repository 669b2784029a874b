/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-say.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* As long as what was done rests before it leaves. */
#define UNDO_SECONDS 10

/* Says what was done, in the window that @widget is in. @undo: (nullable): the action that takes it
 * back, with @target */
void
patients_say (GtkWidget *widget, const char *text, const char *undo, const char *target)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  AdwToast *toast = g_object_ref_sink (adw_toast_new (text));

  adw_toast_set_use_markup (toast, FALSE);
  if (undo)
    {
      adw_toast_set_timeout (toast, UNDO_SECONDS);
      adw_toast_set_button_label (toast, _ ("_Undo"));
      adw_toast_set_action_name (toast, undo);
      adw_toast_set_action_target (toast, "s", target);
    }
  if (overlay)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), g_object_ref (toast));
  g_object_unref (toast);
}
