/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-list-top.h"

/* A GtkListView that gets items begins at its first line, and hides the heading above that. How
 * high the heading is it knows when it is laid out, which is too late to scroll; and it may be laid
 * out more than once until it rests. */

#define FRAMES  8
#define HEADING 100 /* px: a heading is lower, in large text too */

static gboolean
rewind_cb (GtkWidget *view, GdkFrameClock *clock, gpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  int *left = data;

  if (gtk_adjustment_get_value (adjustment) < HEADING)
    gtk_adjustment_set_value (adjustment, 0);
  return --*left > 0;
}

static void
scrolled_cb (GtkAdjustment *adjustment, gpointer view)
{
  double value = gtk_adjustment_get_value (adjustment);
  int *left;

  if (value <= 0)
    return;
  g_signal_handlers_disconnect_by_func (adjustment, scrolled_cb, view);
  if (value >= HEADING)
    return;
  left = g_new (int, 1);
  *left = FRAMES;
  gtk_widget_add_tick_callback (view, rewind_cb, left, g_free);
}

void
workspace_list_top_show (GtkListView *view)
{
  g_return_if_fail (GTK_IS_LIST_VIEW (view));

  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));

  g_signal_handlers_disconnect_by_func (adjustment, scrolled_cb, view);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), view,
                           G_CONNECT_DEFAULT);
}
