/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-actions.h"

#include <adwaita.h>

#include <glib/gi18n.h>

#include "visit-capture-dialog.h"
#include "visit-devices-dialog.h"
#include "visit-files.h"
#include "visit-invite-dialog.h"
#include "visit-measures-dialog.h"
#include "visit-one-call.h"
#include "visit-outcome-dialog.h"
#include "visit-phone.h"
#include "visit-picture-window.h"
#include "visit-quality-dialog.h"
#include "visit-ready-dialog.h"
#include "visit-float.h"

/* The visit's actions on a window: the same in the patient window and in the small one. */

#define ADMIT_UNTIL "visit-admit-until"
#define ADMIT_US    (10 * G_USEC_PER_SEC)

static VisitController *
controller_of (gpointer window)
{
  return g_object_get_data (window, "visit-controller");
}

/* ---- what begins a call: nobody else is in one any more ---- */

static gboolean
is_enabled (gpointer window, const char *name)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (window), name);

  /* a window on its way out has none */
  return action != NULL && g_action_get_enabled (action);
}

/* Who wants no video is rung: an offer would find nobody who answers it. */
static void
go_admit (gpointer window)
{
  VisitController *controller = controller_of (window);

  if (!is_enabled (window, "visit-admit"))
    return;
  if (visit_controller_wants_phone (controller))
    visit_phone_toggle (controller, window);
  else
    visit_controller_admit (controller);
}

static void
go_call (gpointer window)
{
  if (is_enabled (window, "visit-call"))
    visit_controller_call (controller_of (window));
}

static void
go_take (gpointer window)
{
  if (is_enabled (window, "visit-take"))
    visit_controller_take (controller_of (window));
}

static void
go_ring (gpointer window)
{
  if (is_enabled (window, "visit-phone") && !visit_controller_is_by_phone (controller_of (window)))
    visit_phone_toggle (controller_of (window), window);
}

static void
admit_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  VisitController *controller = controller_of (window);
  VisitWish wish = visit_controller_wants_phone (controller) ? VISIT_WISH_RING : VISIT_WISH_ADMIT;

  visit_one_call_ask (controller, wish, window, go_admit, window);
}

static void
call_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_one_call_ask (controller_of (window), VISIT_WISH_CALL, window, go_call, window);
}

static void
take_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_one_call_ask (controller_of (window), VISIT_WISH_CALL, window, go_take, window);
}

static void
hang_up_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_controller_hang_up (controller_of (window));
}

static void
hold_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  if (visit_controller_get_stage (controller_of (window)) == VISIT_STAGE_ON_HOLD)
    call_cb (action, parameter, window);
  else
    visit_controller_hold (controller_of (window));
}

static void
confirm_identity_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_controller_confirm_identity (controller_of (window));
}

static void
copy_number_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  const char *number = visit_controller_get_number (controller_of (window));

  if (number != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (window)), number);
}

static void
end_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  VisitOutcomeDialog *dialog = visit_outcome_dialog_new (controller_of (window));

  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (window));
}

static void
ready_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_ready_dialog_present (controller_of (window), GTK_WIDGET (window));
}

/* A doctor has no doctor to make a patient ready for. */
gboolean
visit_actions_is_nurse (VisitController *controller)
{
  WorkspaceSession *session =
      workspace_patient_get_session (visit_controller_get_patient (controller));

  return g_strcmp0 (care_context_get_role (workspace_session_get_context (session)), "nurse") == 0;
}

static void
microphone_cb (GSimpleAction *action, GVariant *value, gpointer window)
{
  visit_controller_set_microphone (controller_of (window), g_variant_get_boolean (value));
}

static void
camera_cb (GSimpleAction *action, GVariant *value, gpointer window)
{
  visit_controller_set_camera (controller_of (window), g_variant_get_boolean (value));
}

static void
tell (VisitController *controller, const char *sentence)
{
  if (sentence != NULL)
    g_signal_emit_by_name (controller, "failed", sentence);
}

static void
rung_down_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  tell (controller_of (window), visit_controller_step_rung (controller_of (window), -1));
}

static void
rung_up_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  tell (controller_of (window), visit_controller_step_rung (controller_of (window), 1));
}

static void
rung_automatic_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  tell (controller_of (window), visit_controller_release_rung (controller_of (window)));
}

static void
follow_rung (VisitController *controller, VisitQualityDialog *dialog)
{
  visit_quality_dialog_set_chosen_rung (dialog, visit_controller_get_chosen_rung (controller));
}

static void
quality_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  VisitController *controller = controller_of (window);
  VisitQualityDialog *dialog =
      visit_quality_dialog_new (visit_controller_get_history (controller),
                                visit_controller_get_chosen_rung (controller));

  g_signal_connect_object (controller, "changed", G_CALLBACK (follow_rung), dialog, 0);
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (window));
}

static void
alone_cb (GSimpleAction *action, GVariant *value, gpointer window)
{
  visit_controller_set_alone (controller_of (window), g_variant_get_boolean (value));
}

static void
invite_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  VisitInviteDialog *dialog = visit_invite_dialog_new (controller_of (window));

  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (window));
}

static void
capture_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  VisitController *controller = controller_of (window);

  if (visit_controller_may_take_picture (controller))
    adw_dialog_present (ADW_DIALOG (visit_capture_dialog_new (controller)), window);
}

static void
measures_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  adw_dialog_present (ADW_DIALOG (visit_measures_dialog_new (controller_of (window))), window);
}

static void
phone_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  if (visit_controller_is_by_phone (controller_of (window)))
    visit_phone_toggle (controller_of (window), window);
  else
    visit_one_call_ask (controller_of (window), VISIT_WISH_RING, window, go_ring, window);
}

static void
phone_times_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_phone_show_times (controller_of (window), window);
}

static void
devices_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  adw_dialog_present (visit_devices_dialog_new (controller_of (window)), window);
}

static void
file_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitController) controller = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (file != NULL)
    visit_files_send (controller, file);
}

static void
chat_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  g_signal_emit_by_name (controller_of (window), "chat-asked");
}

static void
send_file_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  static const char *const types[] = { "application/pdf", "image/jpeg", "image/png", "text/plain" };
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    gtk_file_filter_add_mime_type (filter, types[i]);
  gtk_file_dialog_set_default_filter (dialog, filter);
  gtk_file_dialog_set_title (dialog, _ ("Send a File to the Patient"));
  gtk_file_dialog_set_accept_label (dialog, _ ("_Send"));
  gtk_file_dialog_open (dialog, window, NULL, file_chosen_cb,
                        g_object_ref (controller_of (window)));
}

static void
stop_showing_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_files_stop_showing (controller_of (window));
}

static void
pop_out_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_picture_window_toggle (controller_of (window), window);
}

static void
full_screen_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_picture_window_toggle_full_screen (controller_of (window), window);
}

static void
tile_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  VisitController *controller = controller_of (window);
  gboolean over = visit_controller_get_picture_place (controller) == VISIT_PLACE_TILE;

  visit_controller_set_picture_place (controller, over ? VISIT_PLACE_PANE : VISIT_PLACE_TILE);
}

static void
tile_corner_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  VisitFloat *tile = visit_float_find (window);

  if (tile != NULL)
    visit_float_move (tile);
}

/* ---- what is said of it ---- */

static void
announce (GtkWidget *window, const char *words)
{
  gtk_accessible_announce (GTK_ACCESSIBLE (window), words,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* One bit or number of the last look, on the window. */
static gboolean
is_news (GtkWidget *window, const char *name, int now)
{
  int before = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (window), name));

  g_object_set_data (G_OBJECT (window), name, GINT_TO_POINTER (now + 1));
  return before != 0 && before != now + 1;
}

/* A key changes what only the eye would see: the window in which it was pressed says so. */
static void
announce_news (VisitController *controller, GtkWidget *window)
{
  gboolean microphone = visit_controller_get_microphone (controller);
  gboolean camera = visit_controller_get_camera (controller);
  gboolean heard = gtk_window_is_active (GTK_WINDOW (window));
  gboolean news = is_news (window, "visit-said-microphone", microphone);

  if (news && heard)
    announce (window, microphone ? _ ("Your microphone is on.")
                                 : _ ("Your microphone is muted. The patient cannot hear you."));
  news = is_news (window, "visit-said-camera", camera);
  if (news && heard)
    announce (window, camera ? _ ("Your camera is on.") : _ ("Your camera is off."));
  news = is_news (window, "visit-said-stage", (int) visit_controller_get_stage (controller));
  if (news && heard)
    announce (window, visit_controller_get_sentence (controller));
}

static void
enable (GActionMap *window, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (window, name)),
                               enabled);
}

static void
set_state (GActionMap *window, const char *name, gboolean on)
{
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (window, name)),
                             g_variant_new_boolean (on));
}

static void
update_actions (VisitController *controller, GActionMap *window)
{
  VisitStage stage = visit_controller_get_stage (controller);
  gboolean calling = visit_controller_get_call_active (controller);
  VisitPlace place = visit_controller_get_picture_place (controller);
  gint64 phone_end;
  gboolean open = stage != VISIT_STAGE_NONE && stage != VISIT_STAGE_ENDED;
  gboolean ours = open && stage != VISIT_STAGE_TAKEN;
  gboolean admitted = ours && stage != VISIT_STAGE_WAITING;

  /* a window on its way out, whose dialog gives up what it asked */
  if (g_action_map_lookup_action (window, "visit-admit") == NULL)
    return;
  enable (window, "visit-admit", stage == VISIT_STAGE_WAITING);
  enable (window, "visit-call", admitted && !visit_controller_is_patient_called (controller));
  enable (window, "visit-hang-up", calling);
  enable (window, "visit-hold", admitted && stage != VISIT_STAGE_PHONE);
  enable (window, "visit-phone", ours);
  enable (window, "visit-phone-times",
          ours && visit_controller_get_phone (controller, &phone_end) != 0);
  enable (window, "visit-float", calling && place != VISIT_PLACE_WINDOW);
  enable (window, "visit-float-corner", calling && place == VISIT_PLACE_TILE);
  enable (window, "visit-pop-out", calling);
  enable (window, "visit-full-screen", calling);
  enable (window, "visit-ready", admitted && visit_actions_is_nurse (controller));
  enable (window, "visit-take", stage == VISIT_STAGE_TAKEN);
  enable (window, "visit-end", ours);
  enable (window, "visit-invite", ours);
  enable (window, "visit-capture", ours && visit_controller_may_take_picture (controller));
  enable (window, "visit-measures", ours && visit_controller_get_asked (controller) != NULL);
  enable (window, "visit-alone",
          ours &&
              (visit_controller_has_guest (controller) || visit_controller_is_alone (controller)));
  set_state (window, "visit-alone", visit_controller_is_alone (controller));
  enable (window, "visit-microphone", calling);
  enable (window, "visit-camera", calling);
  enable (window, "visit-confirm-identity",
          ours && g_strcmp0 (visit_controller_get_identity (controller), "confirmed") != 0);
  enable (window, "visit-copy-number", visit_controller_get_number (controller) != NULL);
  enable (window, "visit-rung-down", calling);
  enable (window, "visit-rung-up", calling);
  enable (window, "visit-rung-automatic", calling);
  enable (window, "visit-quality", admitted);
  enable (window, "visit-chat", ours);
  enable (window, "visit-send-file", visit_files_is_possible (controller));
  enable (window, "visit-stop-showing", visit_files_get_shown (controller) != NULL);
  set_state (window, "visit-microphone", visit_controller_get_microphone (controller));
  set_state (window, "visit-camera", visit_controller_get_camera (controller));
  set_state (window, "visit-phone", stage == VISIT_STAGE_PHONE);
  set_state (window, "visit-hold", stage == VISIT_STAGE_ON_HOLD);
  set_state (window, "visit-float", place == VISIT_PLACE_TILE);
  set_state (window, "visit-pop-out", place == VISIT_PLACE_WINDOW);
  announce_news (controller, GTK_WIDGET (window));
}

/* On or off is said by the icon's shape as well. */
void
visit_actions_show_switch (GtkButton *button,
                           gboolean on,
                           const char *on_icon,
                           const char *off_icon)
{
  gtk_button_set_icon_name (button, on ? on_icon : off_icon);
  if (on)
    gtk_widget_remove_css_class (GTK_WIDGET (button), "visit-off");
  else
    gtk_widget_add_css_class (GTK_WIDGET (button), "visit-off");
}

/* What was pressed before the visit was read is done once it is, and not long after: a person who
 * admits somebody waits for it. */
static void
admit_when_known (VisitController *controller, GActionMap *window)
{
  gint64 *until = g_object_get_data (G_OBJECT (window), ADMIT_UNTIL);
  gboolean late = until != NULL && g_get_monotonic_time () > *until;
  gboolean known = visit_controller_get_stage (controller) != VISIT_STAGE_NONE;

  if (until == NULL || (!late && !known))
    return;
  g_object_set_data (G_OBJECT (window), ADMIT_UNTIL, NULL);
  if (!late && visit_controller_get_stage (controller) == VISIT_STAGE_WAITING)
    admit_cb (NULL, NULL, window);
}

/**
 * visit_actions_admit:
 * @window: a window with the visit's actions, which may have been opened just now
 *
 * Admits the patient who waits, as the window's own button does.
 */
void
visit_actions_admit (GActionMap *window)
{
  gint64 until = g_get_monotonic_time () + ADMIT_US;

  g_object_set_data_full (G_OBJECT (window), ADMIT_UNTIL, g_memdup2 (&until, sizeof until), g_free);
  admit_when_known (controller_of (window), window);
}

/**
 * visit_actions_add:
 * @window: a window of this patient
 *
 * Adds the visit's "win." actions to @window, enabled as the visit stands.
 */
void
visit_actions_add (VisitController *controller, GActionMap *window)
{
  const GActionEntry entries[] = {
    { .name = "visit-admit", .activate = admit_cb },
    { .name = "visit-call", .activate = call_cb },
    { .name = "visit-take", .activate = take_cb },
    { .name = "visit-hang-up", .activate = hang_up_cb },
    { .name = "visit-hold", .activate = hold_cb, .state = "false" },
    { .name = "visit-phone", .activate = phone_cb, .state = "false" },
    { .name = "visit-phone-times", .activate = phone_times_cb },
    { .name = "visit-devices", .activate = devices_cb },
    { .name = "visit-float", .activate = tile_cb, .state = "false" },
    { .name = "visit-float-corner", .activate = tile_corner_cb },
    { .name = "visit-pop-out", .activate = pop_out_cb, .state = "false" },
    { .name = "visit-full-screen", .activate = full_screen_cb },
    { .name = "visit-ready", .activate = ready_cb },
    { .name = "visit-confirm-identity", .activate = confirm_identity_cb },
    { .name = "visit-copy-number", .activate = copy_number_cb },
    { .name = "visit-end", .activate = end_cb },
    { .name = "visit-invite", .activate = invite_cb },
    { .name = "visit-capture", .activate = capture_cb },
    { .name = "visit-measures", .activate = measures_cb },
    { .name = "visit-alone", .state = "false", .change_state = alone_cb },
    { .name = "visit-microphone", .state = "true", .change_state = microphone_cb },
    { .name = "visit-camera", .state = "true", .change_state = camera_cb },
    { .name = "visit-rung-down", .activate = rung_down_cb },
    { .name = "visit-rung-up", .activate = rung_up_cb },
    { .name = "visit-rung-automatic", .activate = rung_automatic_cb },
    { .name = "visit-quality", .activate = quality_cb },
    { .name = "visit-small-picture", .state = "false" },
    { .name = "visit-chat", .activate = chat_cb },
    { .name = "visit-send-file", .activate = send_file_cb },
    { .name = "visit-stop-showing", .activate = stop_showing_cb },
  };

  g_object_set_data_full (G_OBJECT (window), "visit-controller", g_object_ref (controller),
                          g_object_unref);
  g_action_map_add_action_entries (window, entries, G_N_ELEMENTS (entries), window);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update_actions), window, 0);
  g_signal_connect_object (controller, "changed", G_CALLBACK (admit_when_known), window, 0);
  update_actions (controller, window);
}
