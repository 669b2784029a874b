/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-fixture.h"

static void
test_a_call_is_relayed (Visit *visit, gconstpointer data)
{
  expect (visit->clinician, "peer", "\"present\":true");
  expect (visit->clinician, "waiting", NULL);
  expect (visit->patient, "peer", "\"present\":true");
  visit_socket_send (visit->clinician, "{\"type\":\"admit\"}");
  expect (visit->patient, "admit", NULL);
  visit_socket_send (visit->clinician, "{\"type\":\"offer\",\"epoch\":1,\"sdp\":\"v=0\"}");
  expect (visit->patient, "offer", "\"sdp\":\"v=0\"");
  visit_socket_send (visit->patient, "{\"type\":\"answer\",\"epoch\":1,\"sdp\":\"v=1\"}");
  expect (visit->clinician, "answer", "\"sdp\":\"v=1\"");
  visit_socket_send (visit->patient,
                     "{\"type\":\"candidate\",\"epoch\":1,\"mline\":0,\"candidate\":\"c\"}");
  expect (visit->clinician, "candidate", "\"mline\":0");
  visit_socket_send (visit->clinician, "{\"type\":\"chat\",\"text\":\"Hello\",\"id\":\"1\"}");
  expect (visit->patient, "chat", "\"from\":\"clinician\"");
  visit_socket_send (visit->patient, "{\"type\":\"hangup\"}");
  expect (visit->clinician, "hangup", NULL);
}

static void
test_roles_are_kept_apart (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->patient, "{\"type\":\"offer\",\"epoch\":1,\"sdp\":\"v=0\"}");
  expect (visit->patient, "error", NULL);
  visit_socket_send (visit->patient, "{\"type\":\"hello\",\"role\":\"clinician\"}");
  expect (visit->patient, "error", NULL);
  visit_socket_send (visit->patient, "{\"type\":\"ended\"}");
  visit_socket_expect_closed (visit->patient, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  expect (visit->clinician, "peer", "\"present\":false");
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "offer"));
  g_assert_false (visit_socket_has (visit->clinician, "ended"));
}

/* A locked screen is a fact that outlives its socket, until the page is there again. */
static void
test_who_is_away_is_told (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->patient,
                     "{\"type\":\"away\",\"reason\":\"hidden\",\"at\":\"1999-01-01T00:00:00Z\"}");
  expect (visit->clinician, "away",
          "\"at\":\"2026-11-22T09:55:00"); /* the hub's clock, not theirs */
  g_clear_pointer (&visit->clinician, visit_socket_free);
  g_clear_pointer (&visit->patient, visit_socket_free);
  visit->clinician = open_clinician (visit->clinic, visit->encounter);
  greet (visit->clinician, "clinician", 0);
  expect (visit->clinician, "away", "\"reason\":\"hidden\"");
  visit->patient = open_patient (visit->clinic, visit->encounter);
  greet (visit->patient, "patient", 0);
  expect (visit->clinician, "away", "\"reason\":\"back\"");
  visit_socket_send (visit->patient, "{\"type\":\"away\",\"reason\":\"microphone\"}");
  expect (visit->clinician, "away", "\"reason\":\"microphone\"");
  visit_socket_send (visit->patient, "{\"type\":\"away\",\"reason\":\"back\"}");
  expect (visit->clinician, "away", "\"reason\":\"back\"");
  visit_socket_send (visit->clinician, "{\"type\":\"away\",\"reason\":\"hidden\"}");
  expect (visit->clinician, "error", "not yours");
}

/* Whoever came by a link that was replaced is out at once, and does not come back by its cookie. */
static void
test_a_replaced_link_ends_here (Visit *visit, gconstpointer data)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", visit->encounter);
  g_autoptr (VisitSocket) again = NULL;
  g_autofree char *encounter = NULL;
  g_autofree char *url = NULL;

  expect (visit->clinician, "peer", "\"present\":true");
  url = hub_join_create (visit->clinic->server, "a1", NULL, NULL);
  g_assert_nonnull (url);
  expect (visit->patient, "error", "new link");
  visit_socket_expect_closed (visit->patient, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  expect (visit->clinician, "peer", "\"present\":false");
  again = visit_socket_open (visit->clinic, path, visit->clinic->cookie, NULL);
  g_assert_nonnull (again->error);
  visit_socket_settle (visit->clinician);
  g_assert_false (visit->clinician->closed);
  g_clear_pointer (&visit->patient, visit_socket_free);
  g_set_str (&visit->clinic->url, url);
  g_clear_pointer (&visit->clinic->cookie, g_free);
  encounter = visit_clinic_wait (visit->clinic);
  g_assert_cmpstr (encounter, ==, visit->encounter);
  visit->patient = open_patient (visit->clinic, visit->encounter);
  greet (visit->patient, "patient", 0);
}

static void
test_three_bad_messages_close (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->patient, "nonsense");
  expect (visit->patient, "error", NULL);
  visit_socket_send (visit->patient, "{\"type\":\"reboot\"}");
  expect (visit->patient, "error", NULL);
  visit_socket_settle (visit->patient);
  g_assert_false (visit->patient->closed);
  visit_socket_send (visit->patient, "{\"type\":\"answer\",\"epoch\":\"x\"}");
  visit_socket_expect_closed (visit->patient, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

static void
test_too_large_a_frame_closes (Visit *visit, gconstpointer data)
{
  g_autofree char *filler = g_strnfill (70000, 'x');
  g_autofree char *frame = g_strdup_printf ("{\"type\":\"ping\",\"x\":\"%s\"}", filler);

  visit_socket_send (visit->patient, frame);
  visit_socket_expect_closed (visit->patient, 0);
  expect (visit->clinician, "peer", "\"present\":false");
}

static void
test_a_newer_socket_replaces (Visit *visit, gconstpointer data)
{
  VisitSocket *second = open_patient (visit->clinic, visit->encounter);

  greet (second, "patient", 0);
  expect (visit->patient, "error", "another window");
  visit_socket_expect_closed (visit->patient, 4001);
  visit_socket_settle (visit->clinician);
  while (visit_socket_has (visit->clinician, "waiting"))
    g_free (visit_socket_expect (visit->clinician, "waiting"));
  visit_socket_send (visit->clinician, "{\"type\":\"admit\"}");
  expect (second, "admit", NULL);
  visit_socket_free (visit->patient);
  visit->patient = second;
}

/* Another clinician takes the visit over: nobody is left to wonder, and the chain says who. */
static void
test_another_clinician_takes_over (Visit *visit, gconstpointer data)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", visit->encounter);
  VisitSocket *second = visit_socket_open (visit->clinic, path, NULL, visit->clinic->nurse);

  g_assert_no_error (second->error);
  greet (second, "clinician", 7);
  expect (visit->clinician, "error", "\"by\":\"nurse\"");
  visit_socket_expect_closed (visit->clinician, 4001);
  g_assert_cmpstr (soup_websocket_connection_get_close_data (visit->clinician->connection), ==,
                   "nurse has taken over this visit");
  expect (visit->patient, "peer", "\"epoch\":7");
  visit_socket_free (visit->clinician);
  visit->clinician = second;
}

/* The same clinician at another workstation is no take-over. */
static void
test_the_same_clinician_moves (Visit *visit, gconstpointer data)
{
  VisitSocket *second = open_clinician (visit->clinic, visit->encounter);

  greet (second, "clinician", 7);
  expect (visit->clinician, "error", "another window");
  visit_socket_expect_closed (visit->clinician, 4001);
  visit_socket_free (visit->clinician);
  visit->clinician = second;
}

/* An account that was disabled is out of the visit at once, and does not come in again. */
static void
test_a_disabled_clinician_is_out (Visit *visit, gconstpointer data)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", visit->encounter);
  VisitSocket *again;

  g_assert_true (hub_access_disable_user (visit->clinic->access, "nurse"));
  visit_socket_settle (visit->clinician);
  g_assert_false (visit->clinician->closed);
  g_assert_true (hub_access_disable_user (visit->clinic->access, "doctor"));
  visit_socket_expect_closed (visit->clinician, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  expect (visit->patient, "peer", "\"present\":false");
  again = visit_socket_open (visit->clinic, path, NULL, visit->clinic->doctor);
  g_assert_nonnull (again->error);
  visit_socket_free (again);
}

static void
test_one_that_comes_back_is_told (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->clinician, "{\"type\":\"admit\"}");
  visit_socket_send (visit->clinician, "{\"type\":\"offer\",\"epoch\":3,\"sdp\":\"v=0\"}");
  visit_socket_send (visit->clinician, "{\"type\":\"slate\",\"on\":true}");
  expect (visit->patient, "slate", NULL);
  visit_socket_send (visit->clinician, "{\"type\":\"phone\",\"on\":true}");
  expect (visit->patient, "phone", "true");
  /* A cut, without a closing handshake. */
  g_io_stream_close (soup_websocket_connection_get_io_stream (visit->patient->connection), NULL,
                     NULL);
  g_clear_pointer (&visit->patient, visit_socket_free);
  visit_socket_settle (visit->clinician);
  visit_socket_send (visit->clinician,
                     "{\"type\":\"chat\",\"text\":\"Still there?\",\"id\":\"7\"}");
  visit_socket_settle (visit->clinician);
  visit->patient = open_patient (visit->clinic, visit->encounter);
  visit_socket_send (visit->patient, "{\"type\":\"hello\",\"role\":\"patient\",\"epoch\":3}");
  expect (visit->patient, "hello", "\"epoch\":3");
  expect (visit->patient, "peer", "\"present\":true");
  expect (visit->patient, "admit", NULL);
  expect (visit->patient, "slate", NULL);
  expect (visit->patient, "phone", "true");
  expect (visit->patient, "chat", "Still there?");
  expect (visit->clinician, "peer", "\"present\":false");
  expect (visit->clinician, "peer", "\"epoch\":3");
}

/* The clinician hangs up while the patient's line is dead: a page that comes back with a call reads
 * that it is over, instead of waiting for pictures for ever. */
static void
test_a_hang_up_is_told_later (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->clinician, "{\"type\":\"offer\",\"epoch\":3,\"sdp\":\"v=0\"}");
  expect (visit->patient, "offer", NULL);
  g_clear_pointer (&visit->patient, visit_socket_free);
  expect (visit->clinician, "peer", "\"present\":false");
  visit_socket_send (visit->clinician, "{\"type\":\"hangup\"}");
  visit_socket_settle (visit->clinician);
  visit->patient = open_patient (visit->clinic, visit->encounter);
  visit_socket_send (visit->patient, "{\"type\":\"hello\",\"role\":\"patient\",\"epoch\":3}");
  expect (visit->patient, "hello", NULL);
  expect (visit->patient, "hangup", NULL);
}

static void
test_messages_wait_for_the_clinician (Visit *visit, gconstpointer data)
{
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit_socket_send (visit->patient, "{\"type\":\"chat\",\"text\":\"I am early\",\"id\":\"a\"}");
  expect (visit->patient, "chat", "\"from\":\"patient\"");
  visit->clinician = open_clinician (visit->clinic, visit->encounter);
  greet (visit->clinician, "clinician", 0);
  expect (visit->clinician, "chat", "I am early");
}

static void
test_a_confirmed_message_is_sent_once (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->patient, "{\"type\":\"chat\",\"text\":\"Seen\",\"id\":\"a\"}");
  expect (visit->clinician, "chat", "Seen");
  expect (visit->clinician, "ping", NULL);
  visit_socket_send (visit->clinician, "{\"type\":\"pong\"}");
  visit_socket_settle (visit->clinician);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit->clinician = open_clinician (visit->clinic, visit->encounter);
  greet (visit->clinician, "clinician", 0);
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "chat"));
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit->clinician = open_clinician (visit->clinic, visit->encounter);
  greet (visit->clinician, "clinician", 99);
  expect (visit->clinician, "chat", "Seen");
}

/* A page that does not know what arrived sends it again: another clinician reads it once. */
static void
test_a_repeated_message_is_kept_once (Visit *visit, gconstpointer data)
{
  g_autofree char *chat = NULL;

  for (guint i = 0; i < 3; i++)
    {
      visit_socket_send (visit->patient, "{\"type\":\"chat\",\"text\":\"Again\",\"id\":\"a\"}");
      expect (visit->patient, "chat", "Again");
    }
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit->clinician = open_clinician (visit->clinic, visit->encounter);
  greet (visit->clinician, "clinician", 99);
  chat = visit_socket_expect (visit->clinician, "chat");
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "chat"));
}

static void
test_the_end_closes (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->clinician, "{\"type\":\"ended\"}");
  expect (visit->patient, "ended", NULL);
  visit_socket_expect_closed (visit->clinician, SOUP_WEBSOCKET_CLOSE_NORMAL);
  visit_socket_send (visit->patient, "{\"type\":\"chat\",\"text\":\"more\",\"id\":\"b\"}");
  expect (visit->patient, "error", "ended");
}

static void
test_the_record_ends_it_too (Visit *visit, gconstpointer data)
{
  set_status (visit, "finished");
  expect (visit->patient, "ended", NULL);
  visit_socket_expect_closed (visit->clinician, SOUP_WEBSOCKET_CLOSE_NORMAL);
}

static void
test_medicines_are_pushed (Visit *visit, gconstpointer data)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"status\":\"active\",\"intent\":"
      "\"order\",\"subject\":{\"reference\":\"Patient/p1\"},\"encounter\":{\"reference\":"
      "\"Encounter/%s\"},\"medicationCodeableConcept\":{\"text\":\"x\"}}",
      visit->encounter);

  visit_clinic_put (visit->clinic, json);
  expect (visit->patient, "medicines", NULL);
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "medicines"));
}

/* The visit before, of another patient of the same clinician, planned for ten minutes at 09:50. */
static void
put_visit_before (Visit *visit, const char *status)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"Encounter\",\"id\":\"e0\",\"status\":\"%s\",\"class\":{\"code\":\"VR\"},"
      "\"subject\":{\"reference\":\"Patient/p2\"},\"appointment\":[{\"reference\":"
      "\"Appointment/a0\"}],\"participant\":[{\"individual\":{\"reference\":"
      "\"Practitioner/doctor\"}}],\"period\":{\"start\":\"2026-11-22T09:50:00Z\"}}",
      status);

  visit_clinic_put (visit->clinic,
                    "{\"resourceType\":\"Appointment\",\"id\":\"a0\",\"status\":\"booked\","
                    "\"start\":\"2026-11-22T09:50:00Z\",\"end\":\"2026-11-22T10:00:00Z\","
                    "\"participant\":[{\"actor\":{\"reference\":\"Patient/p2\"}},{\"actor\":{"
                    "\"reference\":\"Practitioner/doctor\"}}]}");
  visit_clinic_put (visit->clinic, json);
}

/* A visit that runs over moves the turn of who waits by itself, and its end moves it back. */
static void
test_a_turn_moves (Visit *visit, gconstpointer data)
{
  turn_clock (visit, 9, 56);
  put_visit_before (visit, "in-progress");
  expect (visit->patient, "estimate", "\"minutes\":0,\"late\":false,\"open\":false");
  turn_clock (visit, 10, 10);
  expect (visit->patient, "estimate", "\"minutes\":5,\"late\":true,\"open\":true");
  put_visit_before (visit, "finished");
  expect (visit->patient, "estimate", "\"minutes\":0,\"late\":true,\"open\":false");
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "estimate"));
  g_clear_pointer (&visit->patient, visit_socket_free);
  visit->patient = open_patient (visit->clinic, visit->encounter);
  greet (visit->patient, "patient", 0); /* a page that was loaded anew is told too */
  expect (visit->patient, "estimate", "\"minutes\":0,\"late\":true");
}

static void
test_a_lost_visit_makes_one_task (Visit *visit, gconstpointer data)
{
  g_autoptr (FhirResource) encounter = NULL;

  begin (visit);
  lose_both (visit);
  tick (visit, HUB_SIGNAL_INTERRUPTED - 1);
  g_assert_cmpuint (count_interrupted (visit), ==, 0);
  tick (visit, 3);
  expect_interrupted (visit);
  tick (visit, 2 * HUB_SIGNAL_INTERRUPTED);
  g_assert_cmpuint (count_interrupted (visit), ==, 1);
  encounter = visit_clinic_get (visit->clinic, "Encounter", visit->encounter);
  g_assert_cmpstr (fhir_resource_path_text (encounter, "status"), ==, "in-progress");
}

static void
test_a_finished_visit_makes_none (Visit *visit, gconstpointer data)
{
  set_status (visit, "in-progress");
  lose_both (visit);
  tick (visit, 5);
  set_status (visit, "finished");
  tick (visit, HUB_SIGNAL_INTERRUPTED);
  g_assert_cmpuint (count_interrupted (visit), ==, 0);
}

static void
test_a_silent_patient_has_left (Visit *visit, gconstpointer data)
{
  g_autoptr (FhirResource) encounter = NULL;

  lose_both (visit);
  tick (visit, HUB_SIGNAL_GONE + 1);
  flush (visit);
  encounter = visit_clinic_get (visit->clinic, "Encounter", visit->encounter);
  g_assert_cmpstr (fhir_resource_path_text (encounter, "status"), ==, "planned");
}

static void
test_a_restart_is_survived (Visit *visit, gconstpointer data)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", visit->encounter);
  g_autoptr (VisitSocket) stranger = NULL;
  g_autofree char *state = NULL;

  g_clear_pointer (&visit->patient, visit_socket_free);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit_clinic_restart (visit->clinic);
  stranger = visit_socket_open (visit->clinic, path, visit->clinic->cookie, NULL);
  g_assert_nonnull (stranger->error);
  state = visit_clinic_page (visit->clinic, "GET", "state", NULL, NULL);
  g_assert_nonnull (strstr (state, "\"step\":\"waiting\""));
  visit->patient = open_patient (visit->clinic, visit->encounter);
  greet (visit->patient, "patient", 0);
}

static void
test_strangers_stay_out (Visit *visit, gconstpointer data)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", visit->encounter);
  g_autoptr (VisitSocket) nobody = visit_socket_open (visit->clinic, path, NULL, NULL);
  g_autoptr (VisitSocket) forged =
      visit_socket_open (visit->clinic, path, "bedside-visit-00000000=AAAA", NULL);
  g_autoptr (VisitSocket) reception =
      visit_socket_open (visit->clinic, path, NULL, visit->clinic->reception);
  g_autoptr (VisitSocket) pharmacy =
      visit_socket_open (visit->clinic, path, NULL, visit->clinic->pharmacy);
  g_autoptr (VisitSocket) elsewhere =
      visit_socket_open (visit->clinic, "/visit/another/signal", visit->clinic->cookie, NULL);
  g_autoptr (VisitSocket) missing =
      visit_socket_open (visit->clinic, "/visit/another/signal", NULL, visit->clinic->doctor);

  g_assert_nonnull (nobody->error);
  g_assert_nonnull (forged->error);
  g_assert_nonnull (reception->error);
  g_assert_nonnull (pharmacy->error);
  g_assert_nonnull (elsewhere->error);
  g_assert_no_error (missing->error);
  visit_socket_expect_closed (missing, 4004);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*test) (Visit *visit, gconstpointer data);
  } tests[] = {
    { "/hub-signal/a-call-is-relayed", test_a_call_is_relayed },
    { "/hub-signal/roles-are-kept-apart", test_roles_are_kept_apart },
    { "/hub-signal/who-is-away-is-told", test_who_is_away_is_told },
    { "/hub-signal/a-replaced-link-ends-here", test_a_replaced_link_ends_here },
    { "/hub-signal/three-bad-messages-close", test_three_bad_messages_close },
    { "/hub-signal/too-large-a-frame-closes", test_too_large_a_frame_closes },
    { "/hub-signal/a-newer-socket-replaces", test_a_newer_socket_replaces },
    { "/hub-signal/another-clinician-takes-over", test_another_clinician_takes_over },
    { "/hub-signal/the-same-clinician-moves", test_the_same_clinician_moves },
    { "/hub-signal/a-disabled-clinician-is-out", test_a_disabled_clinician_is_out },
    { "/hub-signal/one-that-comes-back-is-told", test_one_that_comes_back_is_told },
    { "/hub-signal/a-hang-up-is-told-later", test_a_hang_up_is_told_later },
    { "/hub-signal/messages-wait-for-the-clinician", test_messages_wait_for_the_clinician },
    { "/hub-signal/a-confirmed-message-is-sent-once", test_a_confirmed_message_is_sent_once },
    { "/hub-signal/a-repeated-message-is-kept-once", test_a_repeated_message_is_kept_once },
    { "/hub-signal/the-end-closes", test_the_end_closes },
    { "/hub-signal/the-record-ends-it-too", test_the_record_ends_it_too },
    { "/hub-signal/medicines-are-pushed", test_medicines_are_pushed },
    { "/hub-signal/a-turn-moves", test_a_turn_moves },
    { "/hub-signal/a-lost-visit-makes-one-task", test_a_lost_visit_makes_one_task },
    { "/hub-signal/a-finished-visit-makes-none", test_a_finished_visit_makes_none },
    { "/hub-signal/a-silent-patient-has-left", test_a_silent_patient_has_left },
    { "/hub-signal/a-restart-is-survived", test_a_restart_is_survived },
    { "/hub-signal/strangers-stay-out", test_strangers_stay_out },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Visit, NULL, visit_set_up, tests[i].test, visit_tear_down);
  return g_test_run ();
}
