/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-list-top.h"

/* A GtkListView that gets items begins at its first line, and hides the heading above that. How
 * high the heading is it knows when it is laid out, which is too late to scroll; and until all is
 * laid out it may move more than once. On a busy machine it sometimes
 * goes to the end instead. Whoever scrolls or presses a key meanwhile is let go. */

#define HEADING 100 /* px: a heading is lower, in large text too */
#define SETTLE  (5 * G_USEC_PER_SEC)
#define PINNED  "workspace-list-top-pinned"

typedef struct
{
  gint64 until;
  guint tick;
} Pin;

static gboolean
rewind_cb (GtkWidget *view, GdkFrameClock *clock, gpointer data)
{
  Pin *pin = data;

  pin->tick = 0;
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view)), 0);
  return G_SOURCE_REMOVE;
}

static void
moved_cb (GtkAdjustment *adjustment, GtkWidget *view)
{
  double value = gtk_adjustment_get_value (adjustment);
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  Pin *pin = g_object_get_data (G_OBJECT (view), PINNED);
  gboolean is_moved = value > 0 && (value < HEADING || value >= end - 1);

  if (is_moved && !pin->tick && g_get_monotonic_time () < pin->until)
    pin->tick = gtk_widget_add_tick_callback (view, rewind_cb, pin, NULL);
}

static gboolean
scroll_cb (Pin *pin)
{
  pin->until = 0;
  return GDK_EVENT_PROPAGATE;
}

static gboolean
key_cb (Pin *pin)
{
  pin->until = 0;
  return GDK_EVENT_PROPAGATE;
}

static Pin *
pin_new (GtkListView *view)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (
      GTK_EVENT_CONTROLLER_SCROLL_VERTICAL | GTK_EVENT_CONTROLLER_SCROLL_KINETIC);
  GtkEventController *key = gtk_event_controller_key_new ();
  Pin *pin = g_new0 (Pin, 1);

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), pin);
  gtk_widget_add_controller (GTK_WIDGET (view), scroll);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_cb), pin);
  gtk_widget_add_controller (GTK_WIDGET (view), key);
  g_object_set_data_full (G_OBJECT (view), PINNED, pin, g_free);
  return pin;
}

/**
 * workspace_list_top_show:
 *
 * Lets @view, which just got other items, begin with its first heading. Where it was scrolled to it
 * does not stay.
 */
void
workspace_list_top_show (GtkListView *view)
{
  g_return_if_fail (GTK_IS_LIST_VIEW (view));

  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  Pin *pin = g_object_get_data (G_OBJECT (view), PINNED);

  if (!pin)
    pin = pin_new (view);
  pin->until = g_get_monotonic_time () + SETTLE;
  g_signal_handlers_disconnect_by_func (adjustment, moved_cb, view);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (moved_cb), view,
                           G_CONNECT_DEFAULT);
}
