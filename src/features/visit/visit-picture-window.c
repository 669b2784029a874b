/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-picture-window.h"

#include <glib/gi18n.h>

#include "visit-actions.h"
#include "visit-picture.h"

/* The patient's picture in a window of its own, for a second screen or for all of one. Closing it
 * brings the picture back to where it was; the call goes on. */

#define WINDOW "visit-picture-window"

struct _VisitPictureWindow
{
  AdwApplicationWindow parent_instance;

  VisitController *controller;
  VisitPlace before; /* where the picture was */
  gboolean was_shown_full;

  AdwToolbarView *toolbar_view;
  AdwBin *picture_bin;
  GtkLabel *name_label;
  GtkButton *microphone_button;
  GtkButton *camera_button;
  GtkButton *full_screen_button;
};

G_DEFINE_FINAL_TYPE (VisitPictureWindow, visit_picture_window, ADW_TYPE_APPLICATION_WINDOW)

static void
bring_back (VisitPictureWindow *self)
{
  visit_controller_set_picture_place (self->controller, self->before);
}

static void
update (VisitPictureWindow *self)
{
  gboolean microphone = visit_controller_get_microphone (self->controller);
  gboolean camera = visit_controller_get_camera (self->controller);

  visit_actions_show_switch (self->microphone_button, microphone, "audio-input-microphone-symbolic",
                             "microphone-disabled-symbolic");
  visit_actions_show_switch (self->camera_button, camera, "camera-video-symbolic",
                             "camera-disabled-symbolic");
  if (visit_controller_get_picture_place (self->controller) != VISIT_PLACE_WINDOW)
    gtk_window_destroy (GTK_WINDOW (self));
  else if (!visit_controller_get_call_active (self->controller))
    bring_back (self); /* an empty window would be left, and would hide the next call */
}

static void
full_screen_cb (VisitPictureWindow *self)
{
  gboolean full = gtk_window_is_fullscreen (GTK_WINDOW (self));

  adw_toolbar_view_set_reveal_top_bars (self->toolbar_view, !full);
  gtk_widget_set_visible (GTK_WIDGET (self->name_label), full);
  gtk_button_set_icon_name (self->full_screen_button,
                            full ? "view-restore-symbolic" : "view-fullscreen-symbolic");
}

static void
toggle_full_screen (VisitPictureWindow *self)
{
  if (!gtk_window_is_fullscreen (GTK_WINDOW (self)))
    gtk_window_fullscreen (GTK_WINDOW (self));
  else if (self->was_shown_full)
    bring_back (self);
  else
    gtk_window_unfullscreen (GTK_WINDOW (self));
}

static gboolean
key_cb (VisitPictureWindow *self, guint keyval)
{
  if (keyval != GDK_KEY_Escape || !gtk_window_is_fullscreen (GTK_WINDOW (self)))
    return GDK_EVENT_PROPAGATE;
  toggle_full_screen (self);
  return GDK_EVENT_STOP;
}

static gboolean
visit_picture_window_close_request (GtkWindow *window)
{
  bring_back (VISIT_PICTURE_WINDOW (window));
  return TRUE;
}

static void
visit_picture_window_dispose (GObject *object)
{
  VisitPictureWindow *self = VISIT_PICTURE_WINDOW (object);

  if (self->controller != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->controller, self);
      g_object_set_data (G_OBJECT (self->controller), WINDOW, NULL);
    }
  g_clear_object (&self->controller);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_PICTURE_WINDOW);

  G_OBJECT_CLASS (visit_picture_window_parent_class)->dispose (object);
}

static void
visit_picture_window_class_init (VisitPictureWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_picture_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = visit_picture_window_close_request;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/visit/visit-picture-window.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitPictureWindow, name)
  CHILD (toolbar_view);
  CHILD (picture_bin);
  CHILD (name_label);
  CHILD (microphone_button);
  CHILD (camera_button);
  CHILD (full_screen_button);
#undef CHILD
}

static void
visit_picture_window_init (VisitPictureWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (full_screen_cb), NULL);
}

static VisitPictureWindow *
open (VisitController *controller, GtkWindow *from, gboolean full)
{
  VisitPictureWindow *self = g_object_new (VISIT_TYPE_PICTURE_WINDOW, "application",
                                           gtk_window_get_application (from), NULL);
  g_autofree char *name = workspace_patient_dup_name (visit_controller_get_patient (controller));
  /* Translators: the title of a window; %s is a patient's name */
  g_autofree char *title = g_strdup_printf (_ ("Picture of %s"), name);

  self->controller = g_object_ref (controller);
  self->before = visit_controller_get_picture_place (controller);
  self->was_shown_full = full;
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_label_set_label (self->name_label, name);
  visit_actions_add (controller, G_ACTION_MAP (self));
  adw_bin_set_child (self->picture_bin, visit_picture_new (controller, FALSE));
  g_object_set_data (G_OBJECT (controller), WINDOW, self);
  visit_controller_set_picture_place (controller, VISIT_PLACE_WINDOW);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  if (full)
    gtk_window_fullscreen (GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (self));
  return self;
}

/**
 * visit_picture_window_toggle:
 * @from: the window in which this was asked for
 *
 * Gives the picture a window of its own, or brings it back.
 */
void
visit_picture_window_toggle (VisitController *controller, GtkWindow *from)
{
  VisitPictureWindow *self = g_object_get_data (G_OBJECT (controller), WINDOW);

  if (self != NULL)
    bring_back (self);
  else
    open (controller, from, FALSE);
}

/**
 * visit_picture_window_toggle_full_screen:
 *
 * Fills the screen with the picture, or goes back to what was before.
 */
void
visit_picture_window_toggle_full_screen (VisitController *controller, GtkWindow *from)
{
  VisitPictureWindow *self = g_object_get_data (G_OBJECT (controller), WINDOW);

  if (self != NULL)
    toggle_full_screen (self);
  else
    open (controller, from, TRUE);
}
