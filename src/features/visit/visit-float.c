/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-float.h"

#include <glib/gi18n.h>

#include "visit-devices.h"
#include "visit-picture.h"
#include "workspace-patient-window.h"

/* The patient's picture over the chart: small, always there, in one of the four corners. It is
 * moved by dragging it, with the arrow keys, or with one key from anywhere. */

#define TILE        "visit-float"
#define WIDE        256
#define TALL        144
#define NARROW      144
#define LOW         81
#define NARROW_PART 620 /* a window below this width gets the smaller one */

struct _VisitFloat
{
  AdwBin parent_instance;

  VisitController *controller;
  int corner; /* 0 lower right, then clockwise */
  GtkOverlay *overlay;
};

G_DEFINE_FINAL_TYPE (VisitFloat, visit_float, ADW_TYPE_BIN)

static gboolean
is_left (int corner)
{
  return corner == 1 || corner == 2;
}

static gboolean
is_upper (int corner)
{
  return corner == 2 || corner == 3;
}

static int
corner_at (gboolean left, gboolean upper)
{
  return upper ? (left ? 2 : 3) : (left ? 1 : 0);
}

static void
settle (VisitFloat *self)
{
  gtk_widget_set_halign (GTK_WIDGET (self),
                         is_left (self->corner) ? GTK_ALIGN_START : GTK_ALIGN_END);
  gtk_widget_set_valign (GTK_WIDGET (self),
                         is_upper (self->corner) ? GTK_ALIGN_START : GTK_ALIGN_END);
}

static void
set_corner (VisitFloat *self, int corner)
{
  static const char *const words[] = { N_ ("The picture is at the lower right."),
                                       N_ ("The picture is at the lower left."),
                                       N_ ("The picture is at the upper left."),
                                       N_ ("The picture is at the upper right.") };

  if (self->corner == corner)
    return;
  self->corner = corner;
  settle (self);
  visit_devices_set_corner (corner);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), _ (words[corner]),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
update_size (VisitFloat *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  gboolean narrow = root != NULL && gtk_widget_get_width (GTK_WIDGET (root)) > 0 &&
                    gtk_widget_get_width (GTK_WIDGET (root)) < NARROW_PART;

  gtk_widget_set_size_request (GTK_WIDGET (self), narrow ? NARROW : WIDE, narrow ? LOW : TALL);
}

static gboolean
key_cb (VisitFloat *self, guint keyval, guint keycode, GdkModifierType state)
{
  gboolean left = is_left (self->corner), upper = is_upper (self->corner);

  switch (keyval)
    {
    case GDK_KEY_Left:
      left = TRUE;
      break;
    case GDK_KEY_Right:
      left = FALSE;
      break;
    case GDK_KEY_Up:
      upper = TRUE;
      break;
    case GDK_KEY_Down:
      upper = FALSE;
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  set_corner (self, corner_at (left, upper));
  return GDK_EVENT_STOP;
}

/* Dropped anywhere, it goes to the corner of that quarter. */
static void
drag_end_cb (VisitFloat *self, double x, double y, GtkGestureDrag *drag)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  graphene_point_t there, start;
  double start_x, start_y;

  gtk_gesture_drag_get_start_point (drag, &start_x, &start_y);
  start = GRAPHENE_POINT_INIT ((float) (start_x + x), (float) (start_y + y));
  if (parent == NULL || (ABS (x) < 8 && ABS (y) < 8) ||
      !gtk_widget_compute_point (GTK_WIDGET (self), parent, &start, &there))
    return;
  set_corner (self, corner_at (there.x < (float) gtk_widget_get_width (parent) / 2,
                               there.y < (float) gtk_widget_get_height (parent) / 2));
}

static void
visit_float_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (visit_float_parent_class)->realize (widget);

  g_signal_connect_object (gtk_native_get_surface (gtk_widget_get_native (widget)), "notify::width",
                           G_CALLBACK (update_size), widget, G_CONNECT_SWAPPED);
  update_size (VISIT_FLOAT (widget));
}

static void
visit_float_dispose (GObject *object)
{
  VisitFloat *self = VISIT_FLOAT (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_FLOAT);
  g_clear_object (&self->controller);

  G_OBJECT_CLASS (visit_float_parent_class)->dispose (object);
}

static void
visit_float_class_init (VisitFloatClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_float_dispose;
  widget_class->realize = visit_float_realize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/visit/visit-float.ui");
  gtk_widget_class_bind_template_child (widget_class, VisitFloat, overlay);
}

static void
visit_float_init (VisitFloat *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

GtkWidget *
visit_float_new (VisitController *controller)
{
  VisitFloat *self = g_object_new (VISIT_TYPE_FLOAT, NULL);
  g_autofree char *name = workspace_patient_dup_name (visit_controller_get_patient (controller));
  /* Translators: %s is a patient's name */
  g_autofree char *label =
      g_strdup_printf (_ ("Picture of %s; the arrow keys move it to another corner"), name);

  self->controller = g_object_ref (controller);
  self->corner = CLAMP (visit_devices_get_corner (), 0, 3);
  gtk_overlay_set_child (self->overlay, visit_picture_new (controller, TRUE));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  settle (self);
  return GTK_WIDGET (self);
}

/* To the next corner, clockwise. */
void
visit_float_move (VisitFloat *self)
{
  set_corner (self, (self->corner + 1) % 4);
}

/* (nullable): the one that floats in @patient_window. */
VisitFloat *
visit_float_find (GtkWindow *patient_window)
{
  return g_object_get_data (G_OBJECT (patient_window), TILE);
}

/* A chart is opened far more often than a tile floats over it: it is made when it is wanted. */
static void
changed_cb (VisitController *controller, WorkspacePatientWindow *window)
{
  VisitFloat *tile = visit_float_find (GTK_WINDOW (window));
  gboolean wanted = visit_controller_get_picture_place (controller) == VISIT_PLACE_TILE &&
                    visit_controller_get_call_active (controller);

  if (wanted == (tile != NULL))
    return;
  if (wanted)
    {
      tile = VISIT_FLOAT (visit_float_new (controller));
      g_object_set_data (G_OBJECT (window), TILE, tile);
      workspace_patient_window_add_overlay (window, GTK_WIDGET (tile));
    }
  else
    {
      g_object_set_data (G_OBJECT (window), TILE, NULL);
      workspace_patient_window_remove_overlay (window, GTK_WIDGET (tile));
    }
}

/**
 * visit_float_watch:
 *
 * Shows the tile over the chart whenever the picture's place is there.
 */
void
visit_float_watch (VisitController *controller, GtkWindow *patient_window)
{
  if (!WORKSPACE_IS_PATIENT_WINDOW (patient_window))
    return;
  g_signal_connect_object (controller, "changed", G_CALLBACK (changed_cb), patient_window, 0);
  changed_cb (controller, WORKSPACE_PATIENT_WINDOW (patient_window));
}
