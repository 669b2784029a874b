/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-say.h"

#include "workspace-toast.h"

/* Says what was done, in the window that @widget is in. @undo: (nullable): the action that takes it
 * back, with @target */
void
patients_say (GtkWidget *widget, const char *text, const char *undo, const char *target)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);

  workspace_toast_add ((AdwToastOverlay *) overlay, text, undo, undo ? target : NULL);
}
