/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-list-top.h"

/* A GtkListView that gets items begins at its first line, and hides the heading above that. How
 * high the heading is it knows when it is laid out, which is too late to scroll; and until all is
 * laid out it may move more than once. On a busy machine it sometimes goes to the end instead.
 * Whoever scrolls or presses a key meanwhile is let go, and so is a line that was chosen. */

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

/* Whether the list shows a line that was chosen, further down than the first. */
static gboolean
has_choice (GtkWidget *view)
{
  GtkSelectionModel *model = gtk_list_view_get_model (GTK_LIST_VIEW (view));
  guint chosen = GTK_IS_SINGLE_SELECTION (model)
                     ? gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (model))
                     : GTK_INVALID_LIST_POSITION;

  return chosen != GTK_INVALID_LIST_POSITION && chosen > 0;
}

static void
moved_cb (GtkAdjustment *adjustment, GtkWidget *view)
{
  double value = gtk_adjustment_get_value (adjustment);
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  Pin *pin = g_object_get_data (G_OBJECT (adjustment), PINNED);
  gboolean is_moved = value > 0 && (value < HEADING || (value >= end - 1 && !has_choice (view)));

  if (is_moved && !pin->tick && g_get_monotonic_time () < pin->until)
    pin->tick = gtk_widget_add_tick_callback (view, rewind_cb, pin, NULL);
}

static gboolean
event_cb (GtkAdjustment *adjustment, GdkEvent *event)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_SCROLL || type == GDK_KEY_PRESS || type == GDK_BUTTON_PRESS ||
      type == GDK_TOUCH_BEGIN)
    workspace_list_top_leave (adjustment);
  return GDK_EVENT_PROPAGATE;
}

/* What is done with the scroll bar, too, which is not within the list. */
static Pin *
pin_new (GtkWidget *view, GtkAdjustment *adjustment)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (view, GTK_TYPE_SCROLLED_WINDOW);
  GtkEventController *events = gtk_event_controller_legacy_new ();
  Pin *pin = g_new0 (Pin, 1);

  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (event_cb), adjustment, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (scrolled ? scrolled : view, events);
  g_object_set_data_full (G_OBJECT (adjustment), PINNED, pin, g_free);
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
  Pin *pin = g_object_get_data (G_OBJECT (adjustment), PINNED);

  if (!pin)
    pin = pin_new (GTK_WIDGET (view), adjustment);
  pin->until = g_get_monotonic_time () + SETTLE;
  g_signal_handlers_disconnect_by_func (adjustment, moved_cb, view);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (moved_cb), view,
                           G_CONNECT_DEFAULT);
}

/**
 * workspace_list_top_leave:
 * @adjustment: of whatever scrolls; where it is none of such a list nothing happens
 *
 * From now on it stays where it is scrolled to.
 */
void
workspace_list_top_leave (GtkAdjustment *adjustment)
{
  Pin *pin = g_object_get_data (G_OBJECT (adjustment), PINNED);

  if (pin)
    pin->until = 0;
}
