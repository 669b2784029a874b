/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-view.h"

#include <glib/gi18n.h>

#include "visit-tiles.h"
#include "workspace-time.h"

#include "visit-actions.h"

/* The pane at the upper right of the patient window: who waits, both pictures, where the patient is
 * and the number to ring, and what can be done now. */

#define TICK_SECONDS 15

/* The picture gets this part of the window's height: the note below it needs the rest. */
#define STAGE_PART       0.30
#define STAGE_LEAST      180
#define STAGE_MOST       460
#define STAGE_SMALL      120
#define STAGE_NO_PICTURE 88

struct _VisitView
{
  AdwBin parent_instance;

  VisitController *controller;
  guint tick_source;

  GtkStack *stage_stack;
  GtkLabel *none_label;
  GtkLabel *taken_label;
  GtkWidget *take_button;
  GtkLabel *waiting_label;
  GtkLabel *reason_label;
  GtkLabel *intake_label;
  GtkImage *device_icon;
  GtkLabel *device_label;
  GtkLabel *waiting_presence_label;
  GtkWidget *admit_button;
  GtkPicture *remote_picture;
  GtkLabel *stage_label;
  AdwClamp *stage_clamp;
  GtkWidget *self_box;
  GtkPicture *self_picture;
  GtkLabel *slate_label;
  VisitTiles *tiles;
  GtkWidget *safety_box;
  GtkLabel *place_label;
  GtkLabel *number_label;
  GtkLabel *quality_label;
  GtkWidget *copy_button;
  GtkWidget *hang_up_button;
  GtkWidget *call_button;
  GtkWidget *controls;
  GtkToggleButton *microphone_button;
  GtkToggleButton *camera_button;
  GtkToggleButton *small_button;
  GtkWidget *hold_button;
  GtkWidget *ready_button;
  GtkWidget *end_button;
  GtkListView *chat_list;
  GtkEntry *chat_entry;
  GtkWidget *identity_box;
  GtkLabel *identity_label;
};

G_DEFINE_FINAL_TYPE (VisitView, visit_view, ADW_TYPE_BIN)

static void
show_or_hide (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
update_waiting (VisitView *self)
{
  gint64 since = visit_controller_get_waiting_since (self->controller);
  WorkspacePatient *patient = visit_controller_get_patient (self->controller);
  BaseClock *clock = workspace_session_get_clock (workspace_patient_get_session (patient));
  int minutes = (int) ((base_clock_now (clock) - since) / G_TIME_SPAN_MINUTE);
  const char *level = visit_controller_get_device_level (self->controller);
  const char *test = visit_controller_get_device_test (self->controller);
  g_autofree char *waiting = NULL;

  if (since == 0 || minutes < 1)
    waiting = g_strdup (_ ("The patient is waiting"));
  else if (minutes >= 60)
    {
      g_autofree char *span = workspace_time_span (minutes * G_TIME_SPAN_MINUTE);
      waiting = g_strdup_printf (_ ("The patient has been waiting for %s"), span);
    }
  else
    waiting =
        g_strdup_printf (ngettext ("The patient has been waiting for %d minute",
                                   "The patient has been waiting for %d minutes", (gulong) minutes),
                         minutes);
  gtk_label_set_label (self->waiting_label, waiting);
  show_or_hide (self->reason_label, visit_controller_get_reason (self->controller));
  show_or_hide (self->intake_label, visit_controller_get_intake (self->controller));
  gtk_label_set_label (self->device_label,
                       test != NULL ? test : _ ("The patient has not tested camera and sound"));
  /* shape and words, never colour alone */
  gtk_image_set_from_icon_name (self->device_icon, g_str_equal (level, "ok")
                                                       ? "object-select-symbolic"
                                                       : "dialog-warning-symbolic");
  for (const char *const *name = (const char *[]) { "success", "warning", "error", NULL };
       *name != NULL; name++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->device_icon), *name);
  gtk_widget_add_css_class (GTK_WIDGET (self->device_icon), g_str_equal (level, "ok") ? "success"
                                                            : g_str_equal (level, "failed")
                                                                ? "error"
                                                                : "warning");
  show_or_hide (self->waiting_presence_label, visit_controller_get_sentence (self->controller));
}

static void
update_identity (VisitView *self, gboolean open)
{
  const char *identity = visit_controller_get_identity (self->controller);
  const char *text;

  if (g_strcmp0 (identity, "confirmed") == 0)
    text = NULL;
  else if (g_strcmp0 (identity, "date-of-birth-typed") == 0)
    text = _ ("The date of birth was typed. Ask for the full name and date of birth.");
  else
    text = _ ("Link only: anyone may hold it. Ask for the full name and date of birth.");
  gtk_label_set_label (self->identity_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->identity_box, open && text != NULL);
}

static void
update_safety (VisitView *self, gboolean open)
{
  const char *place = visit_controller_get_place (self->controller);
  const char *number = visit_controller_get_number (self->controller);
  g_autofree char *place_text =
      g_strdup_printf (_ ("Now at: %s"), place != NULL ? place : _ ("not said – ask"));
  g_autofree char *number_text =
      g_strdup_printf (_ ("If cut off: %s"), number != NULL ? number : _ ("not given – ask"));

  gtk_label_set_label (self->place_label, place_text);
  gtk_label_set_label (self->number_label, number_text);
  gtk_widget_set_visible (self->copy_button, number != NULL);
  gtk_widget_set_visible (self->safety_box, open);
}

/* As tall as the window allows, and always the same while it shows the same: a picture that grows
 * with what stands below it would jump under the pointer. */
static void
update_stage_height (VisitView *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;
  int height = surface != NULL ? (int) (gdk_surface_get_height (surface) * STAGE_PART) : 0;

  height = CLAMP (height, STAGE_LEAST, STAGE_MOST);
  if (gtk_picture_get_paintable (self->remote_picture) == NULL)
    height = STAGE_NO_PICTURE;
  else if (gtk_toggle_button_get_active (self->small_button))
    height = STAGE_SMALL;
  adw_clamp_set_tightening_threshold (self->stage_clamp, height);
  adw_clamp_set_maximum_size (self->stage_clamp, height);
  gtk_widget_set_size_request (GTK_WIDGET (self->remote_picture), -1, height);
}

/* On or off is said by the icon's shape as well. */
static void
update_switch (GtkToggleButton *button, gboolean on, const char *on_icon, const char *off_icon)
{
  gtk_button_set_icon_name (GTK_BUTTON (button), on ? on_icon : off_icon);
  if (on)
    gtk_widget_remove_css_class (GTK_WIDGET (button), "visit-off");
  else
    gtk_widget_add_css_class (GTK_WIDGET (button), "visit-off");
}

static void
update_switches (VisitView *self, gboolean calling)
{
  update_switch (self->microphone_button, visit_controller_get_microphone (self->controller),
                 "audio-input-microphone-symbolic", "microphone-disabled-symbolic");
  update_switch (self->camera_button, visit_controller_get_camera (self->controller),
                 "camera-video-symbolic", "camera-disabled-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->microphone_button), calling);
  gtk_widget_set_visible (GTK_WIDGET (self->camera_button), calling);
  gtk_widget_set_visible (GTK_WIDGET (self->small_button),
                          gtk_picture_get_paintable (self->remote_picture) != NULL);
}

static void
update_call (VisitView *self, VisitStage stage)
{
  GdkPaintable *remote = visit_controller_get_remote_picture (self->controller);
  GdkPaintable *own = visit_controller_get_self_picture (self->controller);
  gboolean live = stage == VISIT_STAGE_LIVE && remote != NULL;
  /* a slate is said in words; a tiny picture of it would say nothing */
  gboolean self_view = own != NULL && visit_controller_get_slate (self->controller) == NULL;

  if (gtk_picture_get_paintable (self->remote_picture) != remote)
    gtk_picture_set_paintable (self->remote_picture, remote);
  if (gtk_picture_get_paintable (self->self_picture) != own)
    gtk_picture_set_paintable (self->self_picture, own);
  gtk_widget_set_visible (self->self_box, self_view);
  gtk_widget_set_margin_end (GTK_WIDGET (self->quality_label), self_view ? 148 : 8);
  /* while it reconnects the last frame stays, dimmed */
  gtk_widget_set_opacity (GTK_WIDGET (self->remote_picture), live ? 1.0 : 0.35);
  show_or_hide (self->stage_label, live ? NULL : visit_controller_get_sentence (self->controller));
  show_or_hide (self->slate_label, live ? visit_controller_get_slate (self->controller) : NULL);
  show_or_hide (self->quality_label, live ? visit_controller_get_quality (self->controller) : NULL);
  update_stage_height (self);
}

static void
update (VisitView *self)
{
  VisitStage stage = visit_controller_get_stage (self->controller);
  gboolean open = stage != VISIT_STAGE_NONE && stage != VISIT_STAGE_ENDED;
  gboolean ours = open && stage != VISIT_STAGE_TAKEN;
  gboolean calling = visit_controller_get_call_active (self->controller);
  GListModel *chat = visit_controller_get_chat (self->controller);
  GtkSelectionModel *selection = gtk_list_view_get_model (self->chat_list);

  gtk_stack_set_visible_child_name (self->stage_stack, !open                          ? "none"
                                                       : !ours                        ? "taken"
                                                       : stage == VISIT_STAGE_WAITING ? "waiting"
                                                                                      : "call");
  gtk_label_set_label (self->none_label, visit_controller_get_sentence (self->controller));
  gtk_label_set_label (self->taken_label, visit_controller_get_sentence (self->controller));
  update_waiting (self);
  update_call (self, stage);
  update_safety (self, open);
  update_identity (self, ours);
  update_switches (self, calling);
  gtk_widget_set_visible (self->controls, ours);
  gtk_widget_set_visible (self->hang_up_button, calling);
  gtk_widget_set_visible (self->call_button, ours && !calling && stage != VISIT_STAGE_WAITING);
  gtk_widget_set_visible (self->hold_button, ours && stage != VISIT_STAGE_WAITING);
  gtk_widget_set_visible (self->ready_button, ours && stage != VISIT_STAGE_WAITING &&
                                                  visit_actions_is_nurse (self->controller));
  if (chat != NULL &&
      (selection == NULL || gtk_no_selection_get_model (GTK_NO_SELECTION (selection)) != chat))
    {
      g_autoptr (GtkNoSelection) none = gtk_no_selection_new (g_object_ref (chat));

      gtk_list_view_set_model (self->chat_list, GTK_SELECTION_MODEL (none));
    }
}

static void
failed_cb (VisitView *self, const char *sentence)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), adw_toast_new (sentence));
  gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static gboolean
tick_cb (gpointer data)
{
  update_waiting (data);
  return G_SOURCE_CONTINUE;
}

static void
chat_activate_cb (VisitView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->chat_entry));

  if (*text == '\0')
    return;
  visit_controller_send_chat (self->controller, text);
  gtk_editable_set_text (GTK_EDITABLE (self->chat_entry), "");
}

static void
small_cb (VisitView *self)
{
  update_stage_height (self);
}

static void
visit_view_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (visit_view_parent_class)->realize (widget);

  g_signal_connect_object (gtk_native_get_surface (gtk_widget_get_native (widget)),
                           "notify::height", G_CALLBACK (update_stage_height), widget,
                           G_CONNECT_SWAPPED);
  update_stage_height (VISIT_VIEW (widget));
}

static void
visit_view_dispose (GObject *object)
{
  VisitView *self = VISIT_VIEW (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_VIEW);
  g_clear_object (&self->controller);

  G_OBJECT_CLASS (visit_view_parent_class)->dispose (object);
}

static void
visit_view_class_init (VisitViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (VISIT_TYPE_TILES);
  G_OBJECT_CLASS (klass)->dispose = visit_view_dispose;
  widget_class->realize = visit_view_realize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/visit/visit-view.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitView, name)
  CHILD (stage_stack);
  CHILD (none_label);
  CHILD (taken_label);
  CHILD (take_button);
  CHILD (waiting_label);
  CHILD (reason_label);
  CHILD (device_icon);
  CHILD (device_label);
  CHILD (waiting_presence_label);
  CHILD (admit_button);
  CHILD (remote_picture);
  CHILD (stage_label);
  CHILD (stage_clamp);
  CHILD (self_box);
  CHILD (self_picture);
  CHILD (slate_label);
  CHILD (tiles);
  CHILD (safety_box);
  CHILD (place_label);
  CHILD (number_label);
  CHILD (quality_label);
  CHILD (copy_button);
  CHILD (hang_up_button);
  CHILD (call_button);
  CHILD (controls);
  CHILD (microphone_button);
  CHILD (camera_button);
  CHILD (small_button);
  CHILD (hold_button);
  CHILD (end_button);
  CHILD (ready_button);
  CHILD (intake_label);
  CHILD (chat_list);
  CHILD (chat_entry);
  CHILD (identity_box);
  CHILD (identity_label);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, chat_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, small_cb);
}

static void
visit_view_init (VisitView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * visit_view_new:
 *
 * Returns: (transfer floating): a view of @controller's visit; there may be several
 */
GtkWidget *
visit_view_new (VisitController *controller)
{
  VisitView *self = g_object_new (VISIT_TYPE_VIEW, NULL);

  self->controller = g_object_ref (controller);
  visit_tiles_set_controller (self->tiles, controller);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  update (self);
  return GTK_WIDGET (self);
}
