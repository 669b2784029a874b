/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-phone.h"
#include "visit-one-call.h"

#include "visit-call-fixture.h"

/* Two patients' windows: at no moment do both hear the clinician (H8), and who hears is whom the
 * session names. */

typedef struct
{
  Fixture jane;
  WorkspacePatientWindow *window; /* of Bob */
  VisitController *bob;
} Two;

static gboolean
put_bob (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'bob','name':[{'family':'Jones','"
                                "given':['Bob']}],'birthDate':'1949-07-30'}");
  care_fixture_put (connection, "{'resourceType':'Encounter','id':'e2','status':'arrived','class':"
                                "{'code':'VR'},'subject':{'reference':'Patient/bob'}}");
  return TRUE;
}

static gboolean
is_sent (VisitController *controller)
{
  VisitLine *line = controller->line;
  MediaCallState state =
      line != NULL && line->call != NULL ? media_call_get_state (line->call) : MEDIA_CALL_IDLE;

  return state != MEDIA_CALL_IDLE && state != MEDIA_CALL_ENDED;
}

/* Looked at whenever anything changes. */
static void
check_cb (VisitController *controller, Two *self)
{
  const char *caller = workspace_session_get_call_patient (self->jane.display.session);
  VisitStage janes = visit_controller_get_stage (self->jane.controller);
  VisitStage bobs = visit_controller_get_stage (self->bob);

  g_assert_false (is_sent (self->jane.controller) && is_sent (self->bob));
  if (janes == VISIT_STAGE_LIVE)
    g_assert_cmpstr (caller, ==, "jane");
  if (bobs == VISIT_STAGE_LIVE)
    g_assert_cmpstr (caller, ==, "bob");
}

static gboolean
bobs_stage_is (gpointer data)
{
  Two *self = ((gpointer *) data)[0];

  return (int) visit_controller_get_stage (self->bob) == GPOINTER_TO_INT (((gpointer *) data)[1]);
}

static void
wait_bob (Two *self, VisitStage stage)
{
  if (!display_spin (bobs_stage_is, (gpointer[]) { self, GINT_TO_POINTER (stage) }))
    g_error ("stage %d, not %d: %s", visit_controller_get_stage (self->bob), stage,
             visit_controller_get_sentence (self->bob));
}

static void
open_bob (Two *self)
{
  self->window = workspace_patient_window_new (NULL, self->jane.display.session, "bob");
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1200, 800);
  gtk_window_present (GTK_WINDOW (self->window));
  self->bob = g_object_get_data (G_OBJECT (self->window), "visit-controller");
}

static gboolean
has_line (gpointer data)
{
  return ((Two *) data)->jane.second_far != NULL;
}

static void
set_up_two (Two *self, gconstpointer data)
{
  set_up (&self->jane, data);
  care_fixture_write (&self->jane.display.care, put_bob);
  open_bob (self);
  wait_bob (self, VISIT_STAGE_WAITING);
  g_assert_true (display_spin (has_line, self));
  g_signal_connect (self->jane.controller, "changed", G_CALLBACK (check_cb), self);
  g_signal_connect (self->bob, "changed", G_CALLBACK (check_cb), self);
}

static void
tear_down_two (Two *self, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (self->jane.controller, self);
  g_signal_handlers_disconnect_by_data (self->bob, self);
  if (self->bob->line != NULL)
    visit_line_drop_call (self->bob->line);
  g_clear_pointer (&self->jane.second_patient, media_patient_free);
  gtk_window_destroy (GTK_WINDOW (self->window));
  tear_down (&self->jane, data);
}

static void
act_bob (Two *self, const char *action)
{
  g_assert_true (g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), action));
  g_action_group_activate_action (G_ACTION_GROUP (self->window), action, NULL);
}

static gboolean
has_question (gpointer window)
{
  return ADW_IS_ALERT_DIALOG (adw_application_window_get_visible_dialog (window));
}

static gboolean
has_no_question (gpointer window)
{
  return !has_question (window);
}

/* What is asked in @window, of which Enter answers no. */
static void
answer (gpointer window, const char *body, const char *response)
{
  AdwAlertDialog *dialog;

  g_assert_true (display_spin (has_question, window));
  dialog = ADW_ALERT_DIALOG (adw_application_window_get_visible_dialog (window));
  g_assert_cmpstr (adw_alert_dialog_get_body (dialog), ==, body);
  g_assert_cmpstr (adw_alert_dialog_get_default_response (dialog), ==, "cancel");
  g_assert_cmpstr (adw_alert_dialog_get_close_response (dialog), ==, "cancel");
  adw_alert_dialog_set_close_response (dialog, response);
  adw_dialog_close (ADW_DIALOG (dialog));
  g_assert_true (display_spin (has_no_question, window));
}

static gboolean
bob_has_call (gpointer data)
{
  VisitController *bob = ((Two *) data)->bob;

  return bob->line != NULL && bob->line->call != NULL;
}

static gboolean
is_bobs_line_open (gpointer data)
{
  Two *self = data;

  return visit_line_is_connected (self->bob->line) &&
         soup_websocket_connection_get_state (self->jane.second_far) == SOUP_WEBSOCKET_STATE_OPEN;
}

/* The one who is in a call is put on hold first, and may be asked for again. */
static void
test_admit (Two *self, gconstpointer data)
{
  go_live (&self->jane);
  act_bob (self, "visit-admit");
  answer (self->window,
          "You are in a call with SMITH, Jane. Put SMITH, Jane on hold and admit JONES, Bob?",
          "cancel");
  g_assert_cmpint (visit_controller_get_stage (self->bob), ==, VISIT_STAGE_WAITING);
  g_assert_cmpint (visit_controller_get_stage (self->jane.controller), ==, VISIT_STAGE_LIVE);
  g_assert_false (bob_has_call (self));

  act_bob (self, "visit-admit");
  answer (self->window,
          "You are in a call with SMITH, Jane. Put SMITH, Jane on hold and admit JONES, Bob?",
          "hold");
  g_assert_false (is_sent (self->jane.controller));
  assert_received (&self->jane, "\"hold\"");
  wait_stage (&self->jane, VISIT_STAGE_ON_HOLD);
  g_assert_true (display_spin (bob_has_call, self));
  self->jane.second_patient = media_patient_new (self->bob->line->call);
  g_assert_true (display_spin (is_bobs_line_open, self));
  soup_websocket_connection_send_text (self->jane.second_far,
                                       "{\"type\":\"peer\",\"present\":true}");
  wait_bob (self, VISIT_STAGE_LIVE);
  g_assert_cmpstr (workspace_session_get_call_patient (self->jane.display.session), ==, "bob");
}

/* Going on with the first asks about the second. */
static void
test_go_on (Two *self, gconstpointer data)
{
  go_live (&self->jane);
  act (&self->jane, "visit-hold");
  wait_stage (&self->jane, VISIT_STAGE_ON_HOLD);
  act_bob (self, "visit-admit");
  wait_bob (self, VISIT_STAGE_CONNECTING);
  g_assert_false (has_question (self->window));
  act (&self->jane, "visit-hold");
  answer (self->jane.window,
          "You are in a call with JONES, Bob. Put JONES, Bob on hold and call SMITH, Jane?",
          "hold");
  wait_bob (self, VISIT_STAGE_ON_HOLD);
  wait_stage (&self->jane, VISIT_STAGE_LIVE);
}

static gboolean
check_over (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) encounter = care_fixture_get (connection, "Encounter", "e1");

  g_assert_nonnull (care_visit_phone_get_end (encounter));
  return TRUE;
}

/* A telephone cannot be put on hold from here: the clinician is told to hang up first. */
static void
test_phone (Two *self, gconstpointer data)
{
  visit_controller_phone (self->jane.controller);
  wait_stage (&self->jane, VISIT_STAGE_PHONE);
  act_bob (self, "visit-phone");
  answer (self->window,
          "You are on the phone with SMITH, Jane, who hears you until you hang up. Hang up first: "
          "their call is marked as over, and JONES, Bob is next.",
          "hold");
  wait_bob (self, VISIT_STAGE_PHONE);
  wait_stage (&self->jane, VISIT_STAGE_NO_CALL);
  g_assert_cmpstr (workspace_session_get_call_patient (self->jane.display.session), ==, "bob");
  care_fixture_read (&self->jane.display.care, check_over);
  /* and ringing while a video call goes on */
  act_bob (self, "visit-phone");
  wait_bob (self, VISIT_STAGE_NO_CALL);
  act (&self->jane, "visit-call");
  wait_stage (&self->jane, VISIT_STAGE_CONNECTING);
  act_bob (self, "visit-phone");
  answer (self->window,
          "You are in a call with SMITH, Jane. Put SMITH, Jane on hold and ring JONES, Bob?",
          "cancel");
  g_assert_cmpint (visit_controller_get_stage (self->bob), ==, VISIT_STAGE_NO_CALL);
}

/* Whatever begins a call without asking: the other is on hold before. */
static void
test_unasked (Two *self, gconstpointer data)
{
  go_live (&self->jane);
  visit_controller_admit (self->bob);
  wait_bob (self, VISIT_STAGE_CONNECTING);
  wait_stage (&self->jane, VISIT_STAGE_ON_HOLD);
  g_assert_false (is_sent (self->jane.controller));
  g_assert_null (workspace_session_get_call_patient (self->jane.display.session));
  display_assert_label (self->window, "The call with SMITH, Jane was ended for this one.");
}

/* "Admit" of the day's list opens a window, which asks once it knows of the visit. */
static void
test_request (Two *self, gconstpointer data)
{
  act (&self->jane, "visit-admit");
  wait_stage (&self->jane, VISIT_STAGE_CONNECTING);
  g_signal_handlers_disconnect_by_data (self->bob, self);
  gtk_window_destroy (GTK_WINDOW (self->window));
  display_settle ();
  open_bob (self);
  g_assert_cmpint (visit_controller_get_stage (self->bob), ==, VISIT_STAGE_NONE);
  workspace_patient_request (workspace_patient_window_get_patient (self->window), "admit",
                             "Encounter/e2");
  answer (self->window,
          "You are in a call with SMITH, Jane. Put SMITH, Jane on hold and admit JONES, Bob?",
          "hold");
  wait_stage (&self->jane, VISIT_STAGE_ON_HOLD);
  wait_bob (self, VISIT_STAGE_CONNECTING);
}

#define ADD(path, test) g_test_add (path, Two, NULL, set_up_two, test, tear_down_two)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  adw_init ();
  load_style ();
  ADD ("/visit/one-call/admit", test_admit);
  ADD ("/visit/one-call/go-on", test_go_on);
  ADD ("/visit/one-call/phone", test_phone);
  ADD ("/visit/one-call/unasked", test_unasked);
  ADD ("/visit/one-call/request", test_request);
  return g_test_run ();
}
