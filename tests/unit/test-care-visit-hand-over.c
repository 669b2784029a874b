/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-hand-over.h"

#include "care-day.h"
#include "care-fixture.h"

#include <string.h>

/* The waiting room's verbs: handing over, the nurse's intake, running late. */

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','"
                                "given':['Jane']}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Appointment','id':'a','status':'arrived','start':"
                    "'2026-11-22T09:20:00Z','minutesDuration':15,'participant':[{'actor':{"
                    "'reference':'Patient/p'}},{'actor':{'reference':'Practitioner/doctor',"
                    "'display':'Dr Ada Stone'}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Appointment','id':'b','status':'booked','start':"
                    "'2026-11-22T09:00:00Z','minutesDuration':15,'participant':[{'actor':{"
                    "'reference':'Patient/p'}},{'actor':{'reference':'Practitioner/doctor'}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Appointment','id':'c','status':'booked','start':"
                    "'2026-11-22T09:30:00Z','participant':[{'actor':{'reference':'Patient/p'}},"
                    "{'actor':{'reference':'Practitioner/other'}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e','status':'arrived','class':{'code':'VR'},"
                    "'subject':{'reference':'Patient/p'},'appointment':[{'reference':"
                    "'Appointment/a'}],'participant':[{'individual':{'reference':"
                    "'Practitioner/doctor'}}],'period':{'start':'2026-11-22T08:50:00Z'}}");
  return TRUE;
}

static gboolean
ask (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_ask_hand_over (connection, ((CareFixture *) data)->doctor, "e",
                                   "Practitioner/other", error);
}

static gboolean
ask_oneself (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_ask_hand_over (connection, ((CareFixture *) data)->doctor, "e",
                                   "Practitioner/doctor", error);
}

static char *task;

/* What @who was asked; the id stays in @task. */
static guint
count_asked (StoreConnection *connection, CareContext *who)
{
  g_autoptr (GListStore) rows = care_visit_list_hand_overs (connection, who, NULL);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (rows));

  if (count > 0)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (rows), 0);

      g_assert_cmpstr (care_row_get_title (row), ==, "SMITH, Jane");
      g_assert_cmpstr (care_row_get_text (row, CARE_ROW_SUBTITLE), ==, "Dr Ada Stone");
      g_free (task);
      task = g_strdup (care_row_get_text (row, CARE_ROW_REFERENCE));
    }
  return count;
}

static gboolean
check_asked (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_assert_cmpuint (count_asked (connection, fixture->other), ==, 1);
  g_assert_cmpuint (count_asked (connection, fixture->nurse), ==, 0);
  return TRUE;
}

static gboolean
check_none (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (count_asked (connection, ((CareFixture *) data)->other), ==, 0);
  return TRUE;
}

static gboolean
accept_as_other (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_answer_hand_over (connection, ((CareFixture *) data)->other, task, TRUE, error);
}

static gboolean
accept_as_nurse (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_answer_hand_over (connection, ((CareFixture *) data)->nurse, task, TRUE, error);
}

static gboolean
decline (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_answer_hand_over (connection, ((CareFixture *) data)->other, task, FALSE,
                                      error);
}

static gboolean
check_handed (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) visit = care_fixture_get (connection, "Encounter", "e");
  g_autoptr (FhirResource) booking = care_fixture_get (connection, "Appointment", "a");

  g_assert_cmpstr (fhir_resource_path_text (visit, "status"), ==, "arrived");
  g_assert_cmpstr (fhir_resource_path_text (visit, "participant.0.period.start"), ==,
                   "2026-11-22T08:50:00Z");
  g_assert_nonnull (fhir_resource_path_text (visit, "participant.0.period.end"));
  g_assert_cmpstr (fhir_resource_path_text (visit, "participant.1.individual.reference"), ==,
                   "Practitioner/other");
  /* not in the visit yet */
  g_assert_null (fhir_resource_path_text (visit, "participant.1.period.start"));
  g_assert_cmpstr (fhir_resource_path_text (booking, "participant.0.actor.reference"), ==,
                   "Patient/p");
  g_assert_cmpstr (fhir_resource_path_text (booking, "participant.1.actor.reference"), ==,
                   "Practitioner/other");
  g_assert_cmpstr (fhir_resource_path_text (booking, "participant.1.actor.display"), ==,
                   "Dr Ben Hill");
  return TRUE;
}

static void
assert_refused (CareFixture *fixture, StoreWork work)
{
  g_autoptr (GError) error = care_fixture_try (fixture, work);

  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
}

static void
test_hand_over (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  assert_refused (fixture, ask_oneself);
  care_fixture_write (fixture, ask);
  care_fixture_write (fixture, ask); /* asked again is asked once */
  care_fixture_read (fixture, check_asked);
  assert_refused (fixture, accept_as_nurse);
  care_fixture_write (fixture, accept_as_other);
  care_fixture_read (fixture, check_handed);
  care_fixture_read (fixture, check_none);
  assert_refused (fixture, accept_as_other);
  assert_refused (fixture, decline);
}

static gboolean
check_not_handed (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) booking = care_fixture_get (connection, "Appointment", "a");

  g_assert_cmpstr (fhir_resource_path_text (booking, "participant.1.actor.reference"), ==,
                   "Practitioner/doctor");
  return TRUE;
}

static void
test_declined (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, ask);
  care_fixture_read (fixture, check_asked);
  care_fixture_write (fixture, decline);
  care_fixture_read (fixture, check_none);
  care_fixture_read (fixture, check_not_handed);
  assert_refused (fixture, accept_as_other);
}

static gboolean
admit (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, ((CareFixture *) data)->doctor, "e", error);
}

static gboolean
end (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_end (connection, ((CareFixture *) data)->doctor, "e", CARE_OUTCOME_SETTLED,
                         NULL, error);
}

static gboolean
check_taken_back (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) question = care_fixture_get (connection, "Task", task);

  g_assert_cmpstr (fhir_resource_path_text (question, "status"), ==, "cancelled");
  return TRUE;
}

/* Asked about a visit that is over since: nothing changes hands, and nobody is asked any more. */
static void
test_too_late (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, ask);
  care_fixture_read (fixture, check_asked);
  care_fixture_write (fixture, admit);
  care_fixture_write (fixture, end);
  care_fixture_read (fixture, check_taken_back);
  care_fixture_read (fixture, check_none);
  assert_refused (fixture, accept_as_other);
  care_fixture_read (fixture, check_not_handed);
  assert_refused (fixture, ask);
}

static gboolean
admit_as_nurse (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, ((CareFixture *) data)->nurse, "e", error);
}

static gboolean
ready (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_ready (connection, ((CareFixture *) data)->nurse, "e", "  weight 70 kg ",
                           error);
}

static gboolean
ready_without_a_word (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_ready (connection, ((CareFixture *) data)->nurse, "e", " \n", error);
}

static gboolean
check_ready (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) visit = care_fixture_get (connection, "Encounter", "e");
  g_autoptr (GListStore) rows =
      care_day_load (connection, "2026-11-22", ((CareFixture *) data)->clock, error);
  g_autoptr (CareDayRow) row = NULL;
  CareWaitVisit wait;

  g_assert_cmpstr (fhir_resource_path_text (visit, "status"), ==, "triaged");
  g_assert_cmpstr (fhir_resource_path_text (visit, "participant.1.individual.reference"), ==,
                   "Practitioner/nurse");
  g_assert_nonnull (fhir_resource_path_text (visit, "participant.1.period.end"));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (rows)) && row == NULL; i++)
    {
      g_autoptr (CareDayRow) one = g_list_model_get_item (G_LIST_MODEL (rows), i);

      if (g_str_equal (care_day_row_get_appointment (one), "a"))
        row = g_object_ref (one);
    }
  g_assert_cmpstr (care_day_row_get_status (row), ==, "waiting");
  g_assert_cmpstr (care_day_row_get_intake (row), ==, "weight 70 kg");
  g_assert_cmpstr (care_day_row_get_intake_by (row), ==, "Noor Lind");
  care_day_row_read_wait (row, &wait);
  g_assert_true (wait.ready);
  return TRUE;
}

static void
test_intake (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_visit);
  assert_refused (fixture, ready); /* nobody has been admitted */
  care_fixture_write (fixture, admit_as_nurse);
  error = care_fixture_try (fixture, ready_without_a_word);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_MISSING);
  care_fixture_write (fixture, ready);
  care_fixture_read (fixture, check_ready);
  care_fixture_write (fixture, admit);
  care_fixture_write (fixture, end);
}

static guint told;

static gboolean
say_late (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_tell_late (connection, ((CareFixture *) data)->doctor, 20, &told, error);
}

static gboolean
say_not_late (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_tell_late (connection, ((CareFixture *) data)->doctor, 0, &told, error);
}

static CareWaitEstimate
estimate (StoreConnection *connection, CareFixture *fixture)
{
  g_autoptr (FhirResource) a = care_fixture_get (connection, "Appointment", "a");
  g_autoptr (FhirResource) visit = care_fixture_get (connection, "Encounter", "e");
  CareWaitVisit wait;
  CareWaitEstimate answer;

  care_wait_read (a, visit, &wait);
  g_assert_true (care_wait_estimate (&wait, 1, "a", base_clock_now (fixture->clock), &answer));
  return answer;
}

static gboolean
check_late (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) colleagues = care_fixture_get (connection, "Appointment", "c");
  CareWaitEstimate answer = estimate (connection, data);

  g_assert_true (answer.said);
  g_assert_true (answer.late);
  g_assert_cmpuint (answer.minutes, ==, 20);
  g_assert_null (fhir_resource_path_text (colleagues, "extension.0.url"));
  return TRUE;
}

static gboolean
check_not_late (StoreConnection *connection, gpointer data, GError **error)
{
  CareWaitEstimate answer = estimate (connection, data);

  g_assert_false (answer.said);
  g_assert_cmpuint (answer.minutes, ==, 0);
  return TRUE;
}

/* At 09:20 it takes 20 minutes more: told to whoever waits or comes to this clinician, and to
 * nobody else's patients. */
static void
test_late (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  base_clock_advance (fixture->clock, 20 * G_TIME_SPAN_MINUTE);
  care_fixture_write (fixture, say_late);
  g_assert_cmpuint (told, ==, 2);
  care_fixture_read (fixture, check_late);
  care_fixture_write (fixture, say_not_late);
  care_fixture_read (fixture, check_not_late);
  care_fixture_write (fixture, admit);
  care_fixture_write (fixture, say_late);
  g_assert_cmpuint (told, ==, 1); /* who is in the visit is not told */
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*test) (CareFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/care/visit-hand-over/accepted", test_hand_over },
    { "/care/visit-hand-over/declined", test_declined },
    { "/care/visit-hand-over/too-late", test_too_late },
    { "/care/visit-hand-over/intake", test_intake },
    { "/care/visit-hand-over/late", test_late },
  };
  int result;

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, CareFixture, NULL, care_fixture_set_up, tests[i].test,
                care_fixture_tear_down);
  result = g_test_run ();
  g_free (task);
  return result;
}
