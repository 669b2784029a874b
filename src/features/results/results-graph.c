/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results-graph.h"

#include <glib/gi18n.h>
#include <math.h>

#include "results-graph-draw.h"

/**
 * ResultsGraph:
 *
 * Several series over one axis of time, medicines as bars below. What shares a unit shares a scale,
 * and each other unit has a strip of its own (hazard H15). Dragging, a swipe, the horizontal wheel
 * and the arrow keys move it; Ctrl and the wheel, two fingers, plus and minus bring it nearer. It
 * is said in words as its description, and the table has the same numbers.
 */

#define LANE_HEIGHT 150
#define LEAST_LANE  90
#define ZOOM_STEP   1.4
#define PAN_STEP    0.2

struct _ResultsGraph
{
  GtkWidget parent_instance;

  ResultsPlot *plot;
  gboolean medicines;
  float left, width; /* of the drawn area, as last drawn */
  double dragged;    /* how far the drag has moved it already */
  double pinched;    /* by which factor the fingers have brought it nearer already */
  double pointer;    /* where the pointer is */
};

G_DEFINE_FINAL_TYPE (ResultsGraph, results_graph, GTK_TYPE_WIDGET)

static void
changed (ResultsGraph *self)
{
  g_autofree char *words =
      self->plot ? results_plot_dup_words (self->plot, self->medicines) : g_strdup ("");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Where in the drawn area @x is, from 0 to 1. */
static double
part_of (ResultsGraph *self, double x)
{
  return self->width > 0 ? (x - self->left) / self->width : 0.5;
}

static gboolean
pan (ResultsGraph *self, double part)
{
  gboolean moved = self->plot && results_plot_pan (self->plot, part);

  if (moved)
    changed (self);
  return moved;
}

static gboolean
zoom (ResultsGraph *self, double factor, double at)
{
  gboolean moved = self->plot && results_plot_zoom (self->plot, factor, at);

  if (moved)
    changed (self);
  return moved;
}

/* ---- mouse and touch ---- */

static void
drag_begin_cb (ResultsGraph *self)
{
  self->dragged = 0;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* Up and down belongs to whatever scrolls around it. */
static void
drag_update_cb (ResultsGraph *self, double x, double y, GtkGesture *gesture)
{
  if (self->dragged == 0 && fabs (x) < 6)
    {
      if (fabs (y) > 12)
        gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->width > 0)
    pan (self, (self->dragged - x) / self->width);
  self->dragged = x;
}

static void
pinch_begin_cb (ResultsGraph *self)
{
  self->pinched = 1;
}

static void
pinch_cb (ResultsGraph *self, double scale, GtkGesture *gesture)
{
  double x = self->left + self->width / 2, y = 0;

  gtk_gesture_get_bounding_box_center (gesture, &x, &y);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  if (scale > 0)
    zoom (self, self->pinched / scale, part_of (self, x));
  self->pinched = scale > 0 ? scale : self->pinched;
}

static void
motion_cb (ResultsGraph *self, double x)
{
  self->pointer = x;
}

static gboolean
scroll_cb (ResultsGraph *self, double dx, double dy, GtkEventController *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (controller);

  if (state & GDK_CONTROL_MASK)
    {
      zoom (self, pow (ZOOM_STEP, CLAMP (dy, -5, 5)), part_of (self, self->pointer));
      return GDK_EVENT_STOP;
    }
  if (state & GDK_SHIFT_MASK || fabs (dx) > fabs (dy))
    return pan (self, CLAMP (dx + (state & GDK_SHIFT_MASK ? dy : 0), -5, 5) * PAN_STEP / 2);
  return GDK_EVENT_PROPAGATE;
}

static void
add_controllers (ResultsGraph *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *drag = gtk_gesture_drag_new (), *pinch = gtk_gesture_zoom_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (
      GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES | GTK_EVENT_CONTROLLER_SCROLL_KINETIC);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, motion);
}

/* ---- keys ---- */

static gboolean
pan_key_cb (GtkWidget *widget, GVariant *part, gpointer data)
{
  pan (RESULTS_GRAPH (widget), g_variant_get_double (part));
  return GDK_EVENT_STOP;
}

static gboolean
zoom_key_cb (GtkWidget *widget, GVariant *factor, gpointer data)
{
  zoom (RESULTS_GRAPH (widget), g_variant_get_double (factor), 0.5);
  return GDK_EVENT_STOP;
}

static gboolean
all_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  results_graph_show_all (RESULTS_GRAPH (widget));
  return GDK_EVENT_STOP;
}

static void
add_keys (GtkWidgetClass *klass)
{
  static const struct
  {
    guint key;
    GtkShortcutFunc function;
    double argument;
  } keys[] = {
    { GDK_KEY_Left, pan_key_cb, -PAN_STEP },
    { GDK_KEY_Right, pan_key_cb, PAN_STEP },
    { GDK_KEY_Home, pan_key_cb, -1000 },
    { GDK_KEY_End, pan_key_cb, 1000 },
    { GDK_KEY_plus, zoom_key_cb, 1 / ZOOM_STEP },
    { GDK_KEY_equal, zoom_key_cb, 1 / ZOOM_STEP },
    { GDK_KEY_KP_Add, zoom_key_cb, 1 / ZOOM_STEP },
    { GDK_KEY_minus, zoom_key_cb, ZOOM_STEP },
    { GDK_KEY_KP_Subtract, zoom_key_cb, ZOOM_STEP },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (klass, keys[i].key, GDK_NO_MODIFIER_MASK, keys[i].function, "d",
                                  keys[i].argument);
  gtk_widget_class_add_binding (klass, GDK_KEY_0, GDK_NO_MODIFIER_MASK, all_key_cb, NULL);
}

/* ---- widget ---- */

static void
results_graph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ResultsGraph *self = RESULTS_GRAPH (widget);
  ResultsDrawing drawing = { .widget = widget, .plot = self->plot, .medicines = self->medicines };

  if (!self->plot || self->plot->lanes->len == 0)
    return;
  results_drawing_measure (&drawing);
  self->left = drawing.left;
  self->width = drawing.right - drawing.left;
  results_drawing_draw (&drawing, snapshot);
}

static void
results_graph_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  ResultsGraph *self = RESULTS_GRAPH (widget);
  int lanes = self->plot ? (int) MAX (1, self->plot->lanes->len) : 1;
  int foot = results_drawing_get_foot (self->plot, self->medicines);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 200;
      *natural = 520;
      return;
    }
  *minimum = lanes * LEAST_LANE + foot;
  *natural = lanes * LANE_HEIGHT + foot;
}

static void
results_graph_finalize (GObject *object)
{
  ResultsGraph *self = RESULTS_GRAPH (object);

  g_clear_pointer (&self->plot, results_plot_free);
  G_OBJECT_CLASS (results_graph_parent_class)->finalize (object);
}

static void
results_graph_class_init (ResultsGraphClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = results_graph_finalize;
  widget_class->snapshot = results_graph_snapshot;
  widget_class->measure = results_graph_measure;
  gtk_widget_class_set_css_name (widget_class, "resultsgraph");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  add_keys (widget_class);
}

static void
results_graph_init (ResultsGraph *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Graph of the readings"),
                                  GTK_ACCESSIBLE_PROPERTY_KEY_SHORTCUTS,
                                  "ArrowLeft ArrowRight + - 0", -1);
  add_controllers (self);
}

/* @plot: (transfer full) */
void
results_graph_take_plot (ResultsGraph *self, ResultsPlot *plot)
{
  g_return_if_fail (RESULTS_IS_GRAPH (self));

  g_clear_pointer (&self->plot, results_plot_free);
  self->plot = plot;
  results_graph_plot_changed (self);
}

/* (transfer none) (nullable): after a change of it, results_graph_plot_changed (). */
ResultsPlot *
results_graph_get_plot (ResultsGraph *self)
{
  g_return_val_if_fail (RESULTS_IS_GRAPH (self), NULL);

  return self->plot;
}

void
results_graph_plot_changed (ResultsGraph *self)
{
  g_return_if_fail (RESULTS_IS_GRAPH (self));

  changed (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
results_graph_set_medicines (ResultsGraph *self, gboolean shown)
{
  g_return_if_fail (RESULTS_IS_GRAPH (self));

  self->medicines = shown;
  results_graph_plot_changed (self);
}

/* Below 0: earlier. */
void
results_graph_pan (ResultsGraph *self, double part)
{
  g_return_if_fail (RESULTS_IS_GRAPH (self));

  pan (self, part);
}

/* Below 1: nearer. */
void
results_graph_zoom (ResultsGraph *self, double factor)
{
  g_return_if_fail (RESULTS_IS_GRAPH (self));

  zoom (self, factor, 0.5);
}

void
results_graph_show_all (ResultsGraph *self)
{
  g_return_if_fail (RESULTS_IS_GRAPH (self));

  if (self->plot)
    results_plot_show_all (self->plot);
  changed (self);
}
