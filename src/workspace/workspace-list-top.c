/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-list-top.h"

/* A GtkListView that gets items begins at its first line, and hides the heading above that. How
 * high the heading is it knows when it is laid out, which is too late to scroll. */

#define REWIND_MS 20
#define HEADING   100 /* px: a heading is lower, in large text too */

static gboolean
rewind_cb (gpointer data)
{
  gtk_adjustment_set_value (data, 0);
  return G_SOURCE_REMOVE;
}

static void
scrolled_cb (GtkAdjustment *adjustment)
{
  double value = gtk_adjustment_get_value (adjustment);

  if (value <= 0)
    return;
  g_signal_handlers_disconnect_by_func (adjustment, scrolled_cb, NULL);
  if (value < HEADING)
    g_timeout_add_full (G_PRIORITY_DEFAULT, REWIND_MS, rewind_cb, g_object_ref (adjustment),
                        g_object_unref);
}

void
workspace_list_top_show (GtkListView *view)
{
  g_return_if_fail (GTK_IS_LIST_VIEW (view));

  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));

  g_signal_handlers_disconnect_by_func (adjustment, scrolled_cb, NULL);
  g_signal_connect (adjustment, "value-changed", G_CALLBACK (scrolled_cb), NULL);
}
