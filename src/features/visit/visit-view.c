/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-view.h"

#include <glib/gi18n.h>

#include "visit-actions.h"
#include "visit-files-box.h"
#include "visit-files.h"
#include "visit-picture.h"
#include "visit-tiles.h"
#include "workspace-time.h"
#include "workspace-toast.h"

/* The pane at the upper right of the patient window: who waits, both pictures, where the patient is
 * and the number to ring, and what can be done now. */

#define TICK_SECONDS 15

/* The picture gets this part of the window's height: the note below it needs the rest. */
#define STAGE_PART       0.30
#define STAGE_LEAST      180
#define STAGE_MOST       460
#define STAGE_SMALL      120
#define STAGE_COMPACT    112
#define STAGE_NO_PICTURE 88

struct _VisitView
{
  AdwBin parent_instance;

  VisitController *controller;
  guint tick_source;
  gboolean is_compact; /* a strip above the chart of a narrow window */

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
  AdwClamp *stage_clamp;
  VisitTiles *tiles;
  AdwBin *picture_bin;
  GtkWidget *away_box;
  GtkLabel *away_label;
  GtkWidget *safety_box;
  GtkLabel *place_label;
  GtkLabel *number_label;
  GtkWidget *copy_button;
  GtkWidget *phone_button;
  GtkWidget *phone_end_button;
  GtkWidget *hang_up_button;
  GtkWidget *call_button;
  GtkWidget *controls;
  GtkToggleButton *microphone_button;
  GtkToggleButton *camera_button;
  GtkLevelBar *voice_bar;
  GtkWidget *hold_button;
  GtkWidget *ready_button;
  GtkWidget *end_button;
  GtkMenuButton *chat_button;
  GtkListView *chat_list;
  GtkEntry *chat_entry;
  GtkWidget *measures_button;
  VisitFilesBox *files_box, *open_files_box;
  GtkWidget *shown_box;
  GtkLabel *shown_label;
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
update_admit (VisitView *self)
{
  gboolean rings = visit_controller_wants_phone (self->controller);

  gtk_button_set_label (GTK_BUTTON (self->admit_button),
                        rings ? _ ("_Admit by Phone") : _ ("_Admit"));
  gtk_widget_set_tooltip_text (self->admit_button,
                               rings ? _ ("Admit the Patient and Ring Them (Ctrl+Shift+A)")
                                     : _ ("Admit the Patient and Start the Call (Ctrl+Shift+A)"));
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
  update_admit (self);
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
  gtk_widget_set_visible (self->copy_button, number != NULL && !self->is_compact);
  gtk_widget_set_visible (self->safety_box, open);
}

/* What the patient measured waits to be looked at. */
static void
update_measures (VisitView *self, gboolean ours)
{
  VisitAsked *asked = visit_controller_get_asked (self->controller);

  gtk_widget_set_visible (self->measures_button,
                          ours && asked != NULL && visit_asked_get_n_sets (asked) > 0);
}

static gboolean
is_small_wanted (VisitView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GVariant) state = NULL;

  if (G_IS_ACTION_GROUP (root))
    state = g_action_group_get_action_state (G_ACTION_GROUP (root), "visit-small-picture");
  return state != NULL && g_variant_get_boolean (state);
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
  if (visit_controller_get_remote_picture (self->controller) == NULL)
    height = STAGE_NO_PICTURE;
  else if (self->is_compact)
    height = STAGE_COMPACT;
  else if (is_small_wanted (self))
    height = STAGE_SMALL;
  adw_clamp_set_tightening_threshold (self->stage_clamp, height);
  adw_clamp_set_maximum_size (self->stage_clamp, height);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture_bin), -1, height);
}

static void
update_switches (VisitView *self, gboolean calling)
{
  visit_actions_show_switch (GTK_BUTTON (self->microphone_button),
                             visit_controller_get_microphone (self->controller),
                             "audio-input-microphone-symbolic", "microphone-disabled-symbolic");
  visit_actions_show_switch (GTK_BUTTON (self->camera_button),
                             visit_controller_get_camera (self->controller),
                             "camera-video-symbolic", "camera-disabled-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->microphone_button), calling);
  gtk_widget_set_visible (GTK_WIDGET (self->camera_button), calling);
  gtk_widget_set_visible (GTK_WIDGET (self->voice_bar), calling);
}

/* The picture is in one place at a time; where it is not here, that is said. */
static void
update_call (VisitView *self)
{
  VisitPlace place = visit_controller_get_picture_place (self->controller);
  gboolean away = place != VISIT_PLACE_PANE && visit_controller_get_call_active (self->controller);

  if (away != (adw_bin_get_child (self->picture_bin) == NULL))
    adw_bin_set_child (self->picture_bin,
                       away ? NULL : visit_picture_new (self->controller, FALSE));
  gtk_widget_set_visible (GTK_WIDGET (self->stage_clamp), !away);
  gtk_widget_set_visible (self->away_box, away);
  gtk_label_set_label (self->away_label, place == VISIT_PLACE_TILE
                                             ? _ ("The picture is over the chart.")
                                             : _ ("The picture is in a window of its own."));
  update_stage_height (self);
}

/* One key rings, and marks when that is over. */
static void
update_phone (VisitView *self, VisitStage stage, gboolean ours)
{
  gboolean by_phone = stage == VISIT_STAGE_PHONE;

  gtk_widget_set_visible (self->phone_button, ours && !by_phone);
  gtk_widget_set_visible (self->phone_end_button, by_phone);
  gtk_button_set_label (GTK_BUTTON (self->call_button), by_phone ? _ ("_Video")
                                                        : stage == VISIT_STAGE_ON_HOLD
                                                            ? _ ("_Go On")
                                                            : _ ("_Call"));
}

/* In a narrow window the visit is a strip: what is seldom needed is in its menu. */
static void
update_compact (VisitView *self, VisitStage stage, gboolean ours)
{
  gtk_widget_set_visible (self->hold_button, ours && !self->is_compact &&
                                                 stage != VISIT_STAGE_WAITING &&
                                                 stage != VISIT_STAGE_PHONE);
  gtk_widget_set_visible (self->end_button, !self->is_compact);
  gtk_widget_set_visible (GTK_WIDGET (self->identity_label), !self->is_compact);
}

/* What waits in the chat for a word, and what the patient sees just now. */
static void
update_files (VisitView *self)
{
  const char *shown = visit_files_get_shown (self->controller);
  guint count = visit_files_count_new (self->controller);
  g_autofree char *chat = count > 0 ? g_strdup_printf (_ ("Chat (%u)"), count) : NULL;
  g_autofree char *words =
      shown != NULL ? g_strdup_printf (_ ("The patient sees: %s"), shown) : NULL;

  gtk_menu_button_set_label (self->chat_button, chat != NULL ? chat : _ ("Chat"));
  gtk_label_set_label (self->shown_label, words != NULL ? words : "");
  gtk_widget_set_visible (self->shown_box, shown != NULL);
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
  update_call (self);
  update_safety (self, open);
  update_identity (self, ours);
  update_measures (self, ours);
  update_switches (self, calling);
  gtk_widget_set_visible (self->controls, ours);
  gtk_widget_set_visible (self->hang_up_button, calling);
  gtk_widget_set_visible (self->call_button,
                          ours && !visit_controller_is_patient_called (self->controller) &&
                              stage != VISIT_STAGE_WAITING);
  update_phone (self, stage, ours);
  update_compact (self, stage, ours);
  update_files (self);
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
say (VisitView *self, const char *sentence, GtkAccessibleAnnouncementPriority priority)
{
  gtk_accessible_announce (GTK_ACCESSIBLE (self), sentence, priority);
  workspace_toast_say (GTK_WIDGET (self), sentence);
}

static void
failed_cb (VisitView *self, const char *sentence)
{
  say (self, sentence, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
notice_cb (VisitView *self, const char *sentence)
{
  say (self, sentence, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* Loudness is heard by its logarithm: 60 dB fill the bar. */
static void
voice_cb (VisitView *self)
{
  double level = visit_controller_get_voice (self->controller);

  gtk_level_bar_set_value (self->voice_bar,
                           level > 0.001 ? CLAMP (1 + log10 (level) / 3, 0, 1) : 0);
}

static gboolean
tick_cb (gpointer data)
{
  update_waiting (data);
  return G_SOURCE_CONTINUE;
}

/* By a key it opens without taking all keys for itself: while a call is painted it may not be seen
 * for a while, and nothing else could be done then. */
static void
chat_asked_cb (VisitView *self)
{
  gtk_popover_set_autohide (gtk_menu_button_get_popover (self->chat_button), FALSE);
  gtk_menu_button_popup (self->chat_button);
  gtk_widget_grab_focus (GTK_WIDGET (self->chat_entry));
}

static void
chat_closed_cb (VisitView *self, GtkPopover *popover)
{
  gtk_popover_set_autohide (popover, TRUE);
}

static void
chat_activate_cb (VisitView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->chat_entry));

  if (*text == '\0')
    return;
  if (visit_controller_send_chat (self->controller, text))
    gtk_editable_set_text (GTK_EDITABLE (self->chat_entry), "");
}

static void
show_here_cb (VisitView *self)
{
  visit_controller_set_picture_place (self->controller, VISIT_PLACE_PANE);
}

static void
layout_cb (VisitView *self)
{
  GtkWidget *panes = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_MULTI_LAYOUT_VIEW);
  const char *layout =
      panes != NULL ? adw_multi_layout_view_get_layout_name (ADW_MULTI_LAYOUT_VIEW (panes)) : NULL;
  gboolean compact = g_strcmp0 (layout, "narrow") == 0;

  if (self->is_compact == compact)
    return;
  self->is_compact = compact;
  update (self);
}

/* The view is in a window, or in another layout of it. */
static void
visit_view_root (GtkWidget *widget)
{
  GtkWidget *panes;

  GTK_WIDGET_CLASS (visit_view_parent_class)->root (widget);

  panes = gtk_widget_get_ancestor (widget, ADW_TYPE_MULTI_LAYOUT_VIEW);
  if (panes != NULL)
    g_signal_connect_object (panes, "notify::layout-name", G_CALLBACK (layout_cb), widget,
                             G_CONNECT_SWAPPED);
  if (G_IS_ACTION_GROUP (gtk_widget_get_root (widget)))
    g_signal_connect_object (gtk_widget_get_root (widget),
                             "action-state-changed::visit-small-picture",
                             G_CALLBACK (update_stage_height), widget, G_CONNECT_SWAPPED);
  layout_cb (VISIT_VIEW (widget));
}

static void
visit_view_unroot (GtkWidget *widget)
{
  GtkWidget *panes = gtk_widget_get_ancestor (widget, ADW_TYPE_MULTI_LAYOUT_VIEW);

  if (panes != NULL)
    g_signal_handlers_disconnect_by_func (panes, layout_cb, widget);
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), update_stage_height, widget);

  GTK_WIDGET_CLASS (visit_view_parent_class)->unroot (widget);
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
  g_type_ensure (VISIT_TYPE_FILES_BOX);
  G_OBJECT_CLASS (klass)->dispose = visit_view_dispose;
  widget_class->realize = visit_view_realize;
  widget_class->root = visit_view_root;
  widget_class->unroot = visit_view_unroot;
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
  CHILD (stage_clamp);
  CHILD (tiles);
  CHILD (picture_bin);
  CHILD (away_box);
  CHILD (away_label);
  CHILD (phone_button);
  CHILD (phone_end_button);
  CHILD (voice_bar);
  CHILD (safety_box);
  CHILD (place_label);
  CHILD (number_label);
  CHILD (copy_button);
  CHILD (hang_up_button);
  CHILD (call_button);
  CHILD (controls);
  CHILD (microphone_button);
  CHILD (camera_button);
  CHILD (hold_button);
  CHILD (end_button);
  CHILD (ready_button);
  CHILD (intake_label);
  CHILD (chat_button);
  CHILD (files_box);
  CHILD (open_files_box);
  CHILD (shown_box);
  CHILD (shown_label);
  CHILD (chat_list);
  CHILD (chat_entry);
  CHILD (measures_button);
  CHILD (identity_box);
  CHILD (identity_label);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, chat_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, chat_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_here_cb);
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
  visit_files_box_set_controller (self->files_box, controller);
  visit_files_box_set_controller (self->open_files_box, controller);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "notice", G_CALLBACK (notice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "chat-asked", G_CALLBACK (chat_asked_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "voice", G_CALLBACK (voice_cb), self, G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  update (self);
  return GTK_WIDGET (self);
}
