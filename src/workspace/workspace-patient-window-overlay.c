/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-patient-window-private.h"

/* What floats over the chart's page, and over nothing else: never over the banner, nor over the
 * panes in which something is signed. */

/* Once, before the window is shown. */
void
workspace_patient_window_make_overlay (WorkspacePatientWindow *self)
{
  GtkWidget *pages = g_object_ref (GTK_WIDGET (self->page_stack));

  self->overlay = GTK_OVERLAY (gtk_overlay_new ());
  adw_multi_layout_view_set_child (self->panes, "page", GTK_WIDGET (self->overlay));
  gtk_overlay_set_child (self->overlay, pages);
  g_object_unref (pages);
}

/**
 * workspace_patient_window_add_overlay:
 * @widget: (transfer floating): aligned by its own halign and valign
 *
 * Shows @widget over whichever page of the chart is seen.
 */
void
workspace_patient_window_add_overlay (WorkspacePatientWindow *self, GtkWidget *widget)
{
  g_return_if_fail (WORKSPACE_IS_PATIENT_WINDOW (self));

  gtk_overlay_add_overlay (self->overlay, widget);
}

void
workspace_patient_window_remove_overlay (WorkspacePatientWindow *self, GtkWidget *widget)
{
  g_return_if_fail (WORKSPACE_IS_PATIENT_WINDOW (self));

  gtk_overlay_remove_overlay (self->overlay, widget);
}
