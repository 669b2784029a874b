/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-picture.h"

#include "visit-devices.h"

/* What is seen of a call: the patient, the own picture, and what stands in the way, in words. A
 * double click fills the screen with it. */

struct _VisitPicture
{
  AdwBin parent_instance;

  VisitController *controller;
  gboolean is_small;

  GtkPicture *remote_picture;
  GtkLabel *stage_label;
  GtkLabel *name_label;
  GtkLabel *slate_label;
  GtkLabel *silence_label;
  GtkLabel *unheard_label;
  GtkLabel *quality_label;
  GtkWidget *captions;
  GtkWidget *self_box;
  GtkPicture *self_picture;
};

G_DEFINE_FINAL_TYPE (VisitPicture, visit_picture, ADW_TYPE_BIN)

static void
show_or_hide (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
update_self (VisitPicture *self, gboolean live)
{
  GdkPaintable *own = visit_controller_get_self_picture (self->controller);
  /* a slate is said in words; a tiny picture of it would say nothing */
  gboolean shown =
      own != NULL && !self->is_small && visit_controller_get_slate (self->controller) == NULL;

  if (gtk_picture_get_paintable (self->self_picture) != own)
    gtk_picture_set_paintable (self->self_picture, own);
  gtk_widget_set_visible (self->self_box, shown);
  if (visit_devices_get_mirror ())
    gtk_widget_add_css_class (GTK_WIDGET (self->self_picture), "visit-mirror");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->self_picture), "visit-mirror");
}

static void
update (VisitPicture *self)
{
  VisitController *controller = self->controller;
  GdkPaintable *remote = visit_controller_get_remote_picture (controller);
  gboolean talking = visit_controller_get_stage (controller) == VISIT_STAGE_LIVE;
  gboolean dark = visit_controller_get_no_picture (controller) != NULL;
  gboolean live = talking && remote != NULL && !dark;
  gboolean wordy = talking && (live || dark) && !self->is_small;

  if (gtk_picture_get_paintable (self->remote_picture) != remote)
    gtk_picture_set_paintable (self->remote_picture, remote);
  /* while it reconnects the last frame stays, dimmed */
  gtk_widget_set_opacity (GTK_WIDGET (self->remote_picture), live ? 1.0 : dark ? 0.0 : 0.35);
  show_or_hide (self->stage_label, live ? NULL : visit_controller_get_sentence (controller));
  show_or_hide (self->slate_label, wordy ? visit_controller_get_slate (controller) : NULL);
  show_or_hide (self->silence_label, wordy ? visit_controller_get_silence (controller) : NULL);
  show_or_hide (self->unheard_label, wordy ? visit_controller_get_no_sound (controller) : NULL);
  show_or_hide (self->quality_label, wordy ? visit_controller_get_quality (controller) : NULL);
  update_self (self, live);
}

static void
pressed_cb (VisitPicture *self, int n_press, double x, double y)
{
  if (n_press == 2)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.visit-full-screen", NULL);
}

static void
visit_picture_dispose (GObject *object)
{
  VisitPicture *self = VISIT_PICTURE (object);

  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_PICTURE);
  g_clear_object (&self->controller);

  G_OBJECT_CLASS (visit_picture_parent_class)->dispose (object);
}

static void
visit_picture_class_init (VisitPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_picture_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/visit/visit-picture.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitPicture, name)
  CHILD (remote_picture);
  CHILD (stage_label);
  CHILD (name_label);
  CHILD (slate_label);
  CHILD (silence_label);
  CHILD (unheard_label);
  CHILD (quality_label);
  CHILD (captions);
  CHILD (self_box);
  CHILD (self_picture);
#undef CHILD
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* A film asks for nothing: it fills the room that it is given, and pushes nothing else aside. What
 * is written over it is read, and has room. */
static void
measure_words (GtkWidget *widget,
               GtkOrientation orientation,
               int for_size,
               int *minimum,
               int *natural,
               int *minimum_baseline,
               int *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, minimum, natural,
                      NULL, NULL);
  *minimum = *natural = MIN (*minimum, 64);
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size > 0)
    {
      VisitPicture *self = VISIT_PICTURE (widget);
      int words = 0, width = 0;

      gtk_widget_measure (self->captions, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
      gtk_widget_measure (self->captions, orientation, MIN (for_size, width), &words, NULL, NULL,
                          NULL);
      *minimum = *natural = MAX (*minimum, words + 8);
    }
}

static void
allocate_all (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (adw_bin_get_child (ADW_BIN (widget)), width, height, baseline, NULL);
}

static void
visit_picture_init (VisitPicture *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self),
                                 gtk_custom_layout_new (get_request_mode, measure_words,
                                                        allocate_all));
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * visit_picture_new:
 * @is_small: for a tile: only the patient, whose name stands on it
 *
 * Returns: (transfer floating): a picture of @controller's call; there may be several
 */
GtkWidget *
visit_picture_new (VisitController *controller, gboolean is_small)
{
  VisitPicture *self = g_object_new (VISIT_TYPE_PICTURE, NULL);
  g_autofree char *name = workspace_patient_dup_name (visit_controller_get_patient (controller));

  self->controller = g_object_ref (controller);
  self->is_small = is_small;
  show_or_hide (self->name_label, is_small ? name : NULL);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
