/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-fixture.h"

/* A visit's signalling as the record changes it: running late, handed over, readied by a nurse, and
 * lost more than once. */

static void
put_booking (Visit *visit, const char *practitioner, const char *display, const char *until)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"Appointment\",\"id\":\"a1\",\"status\":\"arrived\",\"start\":"
      "\"2026-11-22T10:00:00Z\",\"end\":\"2026-11-22T10:15:00Z\",\"extension\":[{\"url\":"
      "\"https://bedside.health/fhir/StructureDefinition/running-late-until\",\"valueInstant\":"
      "\"%s\"}],\"participant\":[{\"actor\":{\"reference\":\"Patient/p1\"}},{\"actor\":{"
      "\"reference\":\"Practitioner/%s\",\"display\":\"%s\"}}]}",
      until, practitioner, display);

  visit_clinic_put (visit->clinic, json);
}

static void
set_tasks (Visit *visit, const char *before, const char *after)
{
  g_autoptr (GPtrArray) ids =
      visit_clinic_find (visit->clinic, "Task",
                         "code=https://bedside.health/fhir/task|visit-interrupted");
  g_autoptr (FhirResource) task = visit_clinic_get (visit->clinic, "Task", ids->pdata[0]);
  g_autoptr (GString) text = g_string_new (fhir_resource_get_text (task, NULL));

  g_assert_cmpuint (g_string_replace (text, before, after, 1), ==, 1);
  visit_clinic_put (visit->clinic, text->str);
}

/* The clinician said that it takes longer: the page is told with the new time, once. */
static void
test_late_is_told (Visit *visit, gconstpointer data)
{
  turn_clock (visit, 9, 58);
  put_booking (visit, "doctor", "Dr Ama Osei", "2026-11-22T10:28:00Z");
  expect (visit->patient, "estimate", "\"minutes\":30,\"late\":true,\"open\":false,\"said\":true");
  turn_clock (visit, 10, 9);
  expect (visit->patient, "estimate", "\"minutes\":20,\"late\":true,\"open\":false,\"said\":true");
  turn_clock (visit, 10, 30);
  expect (visit->patient, "estimate", "\"minutes\":0,\"late\":true,\"open\":false,\"said\":false");
}

/* The visit was handed over: the page says who will come, and says it once. */
static void
test_another_will_come (Visit *visit, gconstpointer data)
{
  turn_clock (visit, 9, 58);
  put_booking (visit, "doctor", "Dr Ama Osei", "2026-11-22T09:00:00Z");
  expect (visit->patient, "estimate", NULL);
  put_booking (visit, "other", "Dr Ben Hill", "2026-11-22T09:00:00Z");
  expect (visit->patient, "who", "Dr Ben Hill");
  put_booking (visit, "other", "Dr Ben Hill", "2026-11-22T10:28:00Z");
  expect (visit->patient, "estimate", "\"said\":true");
  g_assert_false (visit_socket_has (visit->patient, "who"));
}

/* The patient is still there, but whoever saw them is gone for good: that is no visit either. */
static void
test_a_patient_alone_makes_a_task (Visit *visit, gconstpointer data)
{
  begin (visit);
  visit_socket_send (visit->clinician, "{\"type\":\"admit\"}");
  expect (visit->patient, "admit", NULL);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  expect (visit->patient, "peer", "\"present\":false");
  tick (visit, HUB_SIGNAL_INTERRUPTED + 1);
  expect_interrupted (visit);
}

static gboolean
is_open (gpointer data)
{
  Visit *visit = data;
  g_autoptr (GPtrArray) ids = NULL;

  flush (visit);
  ids = visit_clinic_find (visit->clinic, "Task", "status=requested");
  return ids->len == 1;
}

/* Somebody came back, and it broke off once more: the same task, and it is open again. */
static void
test_a_second_loss_opens_it_again (Visit *visit, gconstpointer data)
{
  begin (visit);
  lose_both (visit);
  tick (visit, HUB_SIGNAL_INTERRUPTED + 1);
  expect_interrupted (visit);
  visit->clinician = open_clinician (visit->clinic, visit->encounter);
  greet (visit->clinician, "clinician", 0);
  tick (visit, 1);
  set_tasks (visit, "\"requested\"", "\"completed\"");
  visit_socket_settle (visit->clinician);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  if (!visit_clinic_spin (is_empty, visit))
    g_error ("the hub has not seen that the clinician is gone");
  visit->patient = open_patient (visit->clinic, visit->encounter);
  greet (visit->patient, "patient", 0);
  tick (visit, HUB_SIGNAL_INTERRUPTED + 2);
  g_assert_true (visit_clinic_spin (is_open, visit));
  g_assert_cmpuint (count_interrupted (visit), ==, 1);
}

static gboolean
is_reported (gpointer data)
{
  Visit *visit = data;

  return visit_clinic_find_room (visit->clinic, visit->encounter)->reported;
}

/* What was done about a loss stays done when the hub starts again: nobody has been there since. */
static void
test_a_restart_opens_nothing (Visit *visit, gconstpointer data)
{
  begin (visit);
  lose_both (visit);
  tick (visit, HUB_SIGNAL_INTERRUPTED + 1);
  expect_interrupted (visit);
  set_tasks (visit, "\"requested\"", "\"completed\"");
  visit_clinic_restart (visit->clinic);
  if (!visit_clinic_spin (is_begun, visit))
    g_error ("the hub has not found the visit again");
  g_assert_false (is_reported (visit));
  tick (visit, HUB_SIGNAL_INTERRUPTED + 1);
  g_assert_true (is_reported (visit));
  g_assert_cmpuint (count_interrupted (visit), ==, 1);
  g_assert_false (is_open (visit));
}

/* A nurse has done the intake: the patient is in the waiting room again, and has a turn. */
static void
test_the_intake_is_done (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->clinician, "{\"type\":\"admit\"}");
  expect (visit->patient, "admit", NULL);
  set_status (visit, "in-progress");
  visit_socket_settle (visit->patient);
  set_status (visit, "triaged");
  expect (visit->patient, "hold", NULL);
  expect (visit->patient, "waiting", NULL);
  expect (visit->patient, "estimate", NULL);
  g_clear_pointer (&visit->patient, visit_socket_free);
  visit->patient = open_patient (visit->clinic, visit->encounter);
  greet (visit->patient, "patient", 0);
  expect (visit->patient, "waiting", NULL);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*test) (Visit *visit, gconstpointer data);
  } tests[] = {
    { "/hub-signal-turn/late-is-told", test_late_is_told },
    { "/hub-signal-turn/another-will-come", test_another_will_come },
    { "/hub-signal-turn/a-patient-alone-makes-a-task", test_a_patient_alone_makes_a_task },
    { "/hub-signal-turn/a-second-loss-opens-it-again", test_a_second_loss_opens_it_again },
    { "/hub-signal-turn/a-restart-opens-nothing", test_a_restart_opens_nothing },
    { "/hub-signal-turn/the-intake-is-done", test_the_intake_is_done },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Visit, NULL, visit_set_up, tests[i].test, visit_tear_down);
  return g_test_run ();
}
