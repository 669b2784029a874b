/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-actions.h"

#include <adwaita.h>

#include "visit-invite-dialog.h"
#include "visit-outcome-dialog.h"
#include "visit-quality-dialog.h"
#include "visit-ready-dialog.h"

/* The visit's actions on a window: the same in the patient window and in the small one. */

static VisitController *
controller_of (gpointer window)
{
  return g_object_get_data (window, "visit-controller");
}

static void
admit_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_controller_admit (controller_of (window));
}

static void
call_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_controller_call (controller_of (window));
}

static void
take_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_controller_take (controller_of (window));
}

static void
hang_up_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  visit_controller_hang_up (controller_of (window));
}

static void
hold_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
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
  gboolean open = stage != VISIT_STAGE_NONE && stage != VISIT_STAGE_ENDED;
  gboolean ours = open && stage != VISIT_STAGE_TAKEN;
  gboolean admitted = ours && stage != VISIT_STAGE_WAITING;

  enable (window, "visit-admit", stage == VISIT_STAGE_WAITING);
  enable (window, "visit-call", admitted && !calling);
  enable (window, "visit-hang-up", calling);
  enable (window, "visit-hold", admitted && stage != VISIT_STAGE_ON_HOLD);
  enable (window, "visit-ready", admitted && visit_actions_is_nurse (controller));
  enable (window, "visit-take", stage == VISIT_STAGE_TAKEN);
  enable (window, "visit-end", ours);
  enable (window, "visit-invite", ours);
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
  set_state (window, "visit-microphone", visit_controller_get_microphone (controller));
  set_state (window, "visit-camera", visit_controller_get_camera (controller));
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
    { .name = "visit-hold", .activate = hold_cb },
    { .name = "visit-ready", .activate = ready_cb },
    { .name = "visit-confirm-identity", .activate = confirm_identity_cb },
    { .name = "visit-copy-number", .activate = copy_number_cb },
    { .name = "visit-end", .activate = end_cb },
    { .name = "visit-invite", .activate = invite_cb },
    { .name = "visit-alone", .state = "false", .change_state = alone_cb },
    { .name = "visit-microphone", .state = "true", .change_state = microphone_cb },
    { .name = "visit-camera", .state = "true", .change_state = camera_cb },
    { .name = "visit-rung-down", .activate = rung_down_cb },
    { .name = "visit-rung-up", .activate = rung_up_cb },
    { .name = "visit-rung-automatic", .activate = rung_automatic_cb },
    { .name = "visit-quality", .activate = quality_cb },
    { .name = "visit-small-picture", .state = "false" },
  };

  g_object_set_data_full (G_OBJECT (window), "visit-controller", g_object_ref (controller),
                          g_object_unref);
  g_action_map_add_action_entries (window, entries, G_N_ELEMENTS (entries), window);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update_actions), window, 0);
  update_actions (controller, window);
}
