/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-patient-window-private.h"

/* What floats over the chart's page, and over nothing else: never over the banner, nor over the
 * panes in which something is signed. And the panes' column, which never pushes the page aside. */

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation,
                      orientation == GTK_ORIENTATION_VERTICAL ? for_size : -1, minimum, natural,
                      NULL, NULL);
}

static void
allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (adw_bin_get_child (ADW_BIN (widget)), width, height, baseline, NULL);
}

/* How wide the column is does not depend on how high: in a low window each of its sentences would
 * ask to stand on one line, at the cost of the chart. */
static void
make_column (WorkspacePatientWindow *self)
{
  GtkWidget *column = adw_bin_new (), *side = g_object_ref (self->side);

  gtk_paned_set_end_child (self->wide_paned, column);
  adw_bin_set_child (ADW_BIN (column), side);
  gtk_widget_set_layout_manager (column,
                                 gtk_custom_layout_new (get_request_mode, measure, allocate));
  g_object_bind_property (side, "visible", column, "visible", G_BINDING_SYNC_CREATE);
  g_object_unref (side);
}

/* Once, before the window is shown. */
void
workspace_patient_window_make_overlay (WorkspacePatientWindow *self)
{
  GtkWidget *pages = g_object_ref (GTK_WIDGET (self->page_stack));

  self->overlay = GTK_OVERLAY (gtk_overlay_new ());
  adw_multi_layout_view_set_child (self->panes, "page", GTK_WIDGET (self->overlay));
  gtk_overlay_set_child (self->overlay, pages);
  g_object_unref (pages);
  make_column (self);
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
