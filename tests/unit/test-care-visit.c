/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit.h"

#include "care-fixture.h"
#include "care-day.h"

#include <string.h>

#define MINUTE (60 * G_USEC_PER_SEC)

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'a','status':'arrived','start':'2026-11-22T09:20:00Z',"
      "'reasonCode':[{'text':'cough'}],'participant':[{'actor':{'reference':'Patient/"
      "p'},'status':'accepted'}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e','status':'arrived','class':{'code':'VR'},'subject':{'"
      "reference':'Patient/p'},"
      "'appointment':[{'reference':'Appointment/a'}],'reasonCode':[{'text':'cough'}],'extension':["
      "{'url':'https://bedside.health/fhir/StructureDefinition/"
      "visit-waiting-since','valueInstant':'2026-11-22T08:50:00Z'},"
      "{'url':'https://bedside.health/fhir/StructureDefinition/"
      "visit-stated-location','valueString':'12 Mill Lane'},"
      "{'url':'https://bedside.health/fhir/StructureDefinition/"
      "visit-callback-number','valueString':'01632 960001'},"
      "{'url':'https://bedside.health/fhir/StructureDefinition/"
      "visit-identity','valueCode':'date-of-birth-typed'},"
      "{'url':'https://bedside.health/fhir/StructureDefinition/visit-device-test','extension':["
      "{'url':'camera','valueCode':'ok'},{'url':'microphone','valueCode':'amber'},{'url':'speaker',"
      "'valueCode':'ok'},"
      "{'url':'network','valueCode':'ok'},{'url':'summary','valueString':'microphone quiet'}]}]}");
  return TRUE;
}

/* Every state against every event: what may happen, and that a call never moves a visit. */
static void
test_machines (void)
{
  static const char *const visit[] = { /* join admit hold interrupt end ready, by state */
                                       "W...E.", "WA..E.", ".AHIEW", ".A.IEW", "IA.IEW", "......"
  };
  static const char *const call[] = { "C......", ".KR...I", "..R.H.I", "..R..KI", "C.RK..I" };
  static const CareVisitState visit_of[] = { ['W'] = CARE_VISIT_WAITING,
                                             ['A'] = CARE_VISIT_IN_PROGRESS,
                                             ['H'] = CARE_VISIT_ON_HOLD,
                                             ['I'] = CARE_VISIT_INTERRUPTED,
                                             ['E'] = CARE_VISIT_ENDED };
  static const CareCallState call_of[] = { ['I'] = CARE_CALL_IDLE,
                                           ['C'] = CARE_CALL_CONNECTING,
                                           ['K'] = CARE_CALL_CONNECTED,
                                           ['H'] = CARE_CALL_ON_HOLD,
                                           ['R'] = CARE_CALL_RECONNECTING };

  for (guint state = 0; state < G_N_ELEMENTS (visit); state++)
    for (guint event = 0; event <= CARE_VISIT_READY; event++)
      {
        CareVisitState next = 99;
        gboolean can = care_visit_next (state, event, &next);

        g_assert_true (can == (visit[state][event] != '.'));
        if (can)
          g_assert_cmpint (next, ==, visit_of[(guint8) visit[state][event]]);
      }
  for (guint state = 0; state < G_N_ELEMENTS (call); state++)
    for (guint event = 0; event <= CARE_CALL_HANG_UP; event++)
      {
        CareCallState next = 99;
        gboolean can = care_call_next (state, event, &next);

        g_assert_true (can == (call[state][event] != '.'));
        if (can)
          g_assert_cmpint (next, ==, call_of[(guint8) call[state][event]]);
      }
}

static gboolean
admit (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, ((CareFixture *) data)->doctor, "e", error);
}

static gboolean
end_follow_up (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_end (connection, ((CareFixture *) data)->doctor, "e", CARE_OUTCOME_FOLLOW_UP,
                         "2026-12-01", error);
}

static gboolean
check_ended (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) encounter = care_fixture_get (connection, "Encounter", "e");
  g_autoptr (FhirResource) appointment = care_fixture_get (connection, "Appointment", "a");
  g_autoptr (GPtrArray) tasks = store_search_ids (connection, "Task", "focus=Encounter/e", error);
  g_autoptr (FhirResource) task = NULL;
  g_autoptr (GPtrArray) journal = store_journal_list (connection, "waiting", 100, error);
  StoreJournalEntry *last;
  guint same = 0;

  g_assert_cmpstr (fhir_resource_path_text (encounter, "status"), ==, "finished");
  g_assert_cmpstr (fhir_resource_path_text (encounter, "statusHistory.0.status"), ==, "arrived");
  g_assert_cmpstr (fhir_resource_path_text (encounter, "statusHistory.0.period.start"), ==,
                   "2026-11-22T08:50:00Z");
  g_assert_cmpstr (fhir_resource_path_text (encounter, "statusHistory.1.status"), ==,
                   "in-progress");
  g_assert_cmpstr (fhir_resource_path_text (encounter, "statusHistory.1.period.start"), ==,
                   fhir_resource_path_text (encounter, "statusHistory.0.period.end"));
  g_assert_cmpstr (fhir_resource_path_text (encounter, "participant.0.individual.reference"), ==,
                   "Practitioner/doctor");
  g_assert_nonnull (fhir_resource_path_text (encounter, "participant.0.period.start"));
  g_assert_nonnull (fhir_resource_path_text (encounter, "participant.0.period.end"));
  g_assert_nonnull (fhir_resource_path_text (encounter, "period.end"));
  g_assert_cmpstr (fhir_resource_path_text (appointment, "status"), ==, "fulfilled");
  g_assert_cmpuint (tasks->len, ==, 1);
  task = care_fixture_get (connection, "Task", tasks->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (task, "code.coding.0.code"), ==, "follow-up");
  g_assert_cmpstr (fhir_resource_path_text (task, "restriction.period.end"), ==, "2026-12-01");
  g_assert_cmpstr (fhir_resource_path_text (task, "for.reference"), ==, "Patient/p");
  last = journal->pdata[journal->len - 1];
  for (guint i = 0; i < journal->len; i++)
    same += g_str_equal (((StoreJournalEntry *) journal->pdata[i])->group, last->group);
  g_assert_cmpuint (same, ==, 3); /* Appointment, Task, Encounter go as one transaction */
  return TRUE;
}

static void
test_admit_and_end (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) again = NULL;

  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, admit);
  care_fixture_write (fixture, admit); /* twice is once */
  base_clock_advance (fixture->clock, 15 * MINUTE);
  care_fixture_write (fixture, end_follow_up);
  care_fixture_read (fixture, check_ended);
  again = care_fixture_try (fixture, end_follow_up);
  g_assert_error (again, CARE_ERROR, CARE_ERROR_STATE);
  care_fixture_read (fixture, check_ended);
}

static gboolean
end_without_day (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_end (connection, ((CareFixture *) data)->doctor, "e", CARE_OUTCOME_FOLLOW_UP,
                         NULL, error);
}

static gboolean
end_settled (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_end (connection, ((CareFixture *) data)->doctor, "e", CARE_OUTCOME_SETTLED,
                         NULL, error);
}

static gboolean
has_no_task (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "Task", "focus=Encounter/e"), ==, 0);
  return TRUE;
}

static void
test_outcomes (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, admit);
  error = care_fixture_try (fixture, end_without_day);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_MISSING);
  care_fixture_write (fixture, end_settled);
  care_fixture_read (fixture, has_no_task);
}

static gboolean
hang_up (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) before = care_fixture_get (connection, "Encounter", "e");
  g_autoptr (FhirResource) after = NULL;
  gboolean ok = care_visit_hang_up (connection, ((CareFixture *) data)->doctor, "e", error);

  after = care_fixture_get (connection, "Encounter", "e");
  g_assert_cmpstr (fhir_resource_get_text (before, NULL), ==, fhir_resource_get_text (after, NULL));
  return ok;
}

/* Law 6: hanging up ends the call, and nothing else. */
static void
test_hang_up_leaves_the_visit (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, admit);
  care_fixture_write (fixture, hang_up);
}

static gboolean
interrupt (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_mark_interrupted (connection, ((CareFixture *) data)->doctor, "e", error);
}

static gboolean
raise_none (StoreConnection *connection, gpointer data, GError **error)
{
  guint raised = 99;
  gboolean ok =
      care_visit_raise_interrupted (connection, ((CareFixture *) data)->doctor, &raised, error);

  g_assert_cmpuint (raised, ==, 0);
  return ok;
}

static gboolean
raise_one (StoreConnection *connection, gpointer data, GError **error)
{
  guint raised = 99;
  gboolean ok =
      care_visit_raise_interrupted (connection, ((CareFixture *) data)->doctor, &raised, error);
  g_autoptr (GPtrArray) tasks = store_search_ids (connection, "Task", "focus=Encounter/e", error);
  g_autoptr (FhirResource) task = NULL;

  g_assert_cmpuint (raised, ==, 1);
  task = care_fixture_get (connection, "Task", tasks->pdata[0]);
  g_assert_nonnull (strstr (fhir_resource_path_text (task, "description"), "01632 960001"));
  g_assert_nonnull (strstr (fhir_resource_path_text (task, "description"), "12 Mill Lane"));
  return ok;
}

static gboolean
check_interrupted (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) encounter = care_fixture_get (connection, "Encounter", "e");

  g_assert_cmpint (care_visit_state_of (encounter), ==, CARE_VISIT_INTERRUPTED);
  return TRUE;
}

/* H25 */
static void
test_interrupted_makes_a_task (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, admit);
  care_fixture_write (fixture, interrupt);
  care_fixture_read (fixture, check_interrupted);
  base_clock_advance (fixture->clock, 9 * MINUTE);
  care_fixture_write (fixture, raise_none);
  base_clock_advance (fixture->clock, 2 * MINUTE);
  care_fixture_write (fixture, raise_one);
  care_fixture_write (fixture, raise_none); /* once is enough */
}

static gboolean
admit_as_reception (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareContext) reception = care_context_new (fixture->database, fixture->clock,
                                                        "Practitioner/desk", "Desk", "reception");

  return care_visit_admit (connection, reception, "e", error);
}

static gboolean
confirm (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_confirm_identity (connection, ((CareFixture *) data)->doctor, "e", error);
}

static gboolean
check_day (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GListStore) rows = care_day_load (connection, "2026-11-22", fixture->clock, error);
  g_autoptr (GListStore) other = care_day_load (connection, "2026-11-23", fixture->clock, error);
  g_autoptr (CareDayRow) row = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (other)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 1);
  row = g_list_model_get_item (G_LIST_MODEL (rows), 0);
  g_assert_cmpstr (care_day_row_get_name (row), ==, "SMITH, Jane");
  g_assert_cmpstr (care_day_row_get_time (row), ==, "09:20");
  g_assert_cmpstr (care_day_row_get_reason (row), ==, "cough");
  g_assert_cmpstr (care_day_row_get_status (row), ==, "waiting");
  g_assert_cmpstr (care_day_row_get_encounter (row), ==, "e");
  g_assert_cmpstr (care_day_row_get_device_test (row), ==, "microphone quiet");
  g_assert_cmpstr (care_day_row_get_device_test_level (row), ==, "amber");
  g_assert_cmpstr (care_day_row_get_location (row), ==, "12 Mill Lane");
  g_assert_cmpstr (care_day_row_get_callback_number (row), ==, "01632 960001");
  g_assert_cmpstr (care_day_row_get_identity (row), ==, "confirmed");
  g_assert_cmpint (care_day_row_get_waiting_since (row), ==,
                   base_clock_now (fixture->clock) / MINUTE * MINUTE - 10 * MINUTE);
  return TRUE;
}

static void
test_day_roles_identity (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, put_visit);
  error = care_fixture_try (fixture, admit_as_reception);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_ROLE);
  care_fixture_write (fixture, confirm);
  care_fixture_read (fixture, check_day);
}

static gboolean
withdraw (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Appointment','id':'a','status':'cancelled',"
                                "'start':'2026-11-22T09:20:00Z','participant':[{'actor':{"
                                "'reference':'Patient/p'}}]}");
  return TRUE;
}

static gboolean
move_to_tomorrow (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Appointment','id':'a','status':'arrived',"
                                "'start':'2026-11-23T09:20:00Z','participant':[{'actor':{"
                                "'reference':'Patient/p'}}]}");
  return TRUE;
}

static const char *expected_time;

static gboolean
check_waits (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GListStore) rows =
      care_day_load (connection, "2026-11-22", ((CareFixture *) data)->clock, error);
  g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (rows), 0);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 1);
  g_assert_cmpstr (care_day_row_get_status (row), ==, "waiting");
  g_assert_cmpstr (care_day_row_get_time (row), ==, expected_time);
  return TRUE;
}

/* Whoever waits is seen: after a cancelled booking, and a day early. */
static void
test_nobody_waits_unseen (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, withdraw);
  expected_time = "09:20";
  care_fixture_read (fixture, check_waits);
  care_fixture_write (fixture, move_to_tomorrow);
  expected_time = "23-Nov-2026 09:20";
  care_fixture_read (fixture, check_waits);
}

/* One clinician is in the visit at a time, and the Encounter says who came and went. */
static FhirResource *read_last;

static gboolean
read_encounter (StoreConnection *connection, gpointer data, GError **error)
{
  read_last = care_fixture_get (connection, "Encounter", "e");
  return TRUE;
}

static gboolean
admit_as_other (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, ((CareFixture *) data)->other, "e", error);
}

static void
assert_participants (CareFixture *fixture, guint n, const char *present)
{
  g_autoptr (FhirResource) encounter = NULL;
  const FhirElement *participants;
  guint open = 0;

  care_fixture_read (fixture, read_encounter);
  encounter = g_steal_pointer (&read_last);
  participants = fhir_resource_path (encounter, "participant");
  g_assert_cmpuint (fhir_element_get_length (participants), ==, n);
  fhir_element_foreach (item, participants)
    if (!fhir_element_path_text (item, "period.end"))
      {
        g_assert_cmpstr (fhir_element_path_text (item, "individual.reference"), ==, present);
        open++;
      }
  g_assert_cmpuint (open, ==, 1);
}

static void
test_taken_over (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_visit);
  care_fixture_write (fixture, admit);
  assert_participants (fixture, 1, "Practitioner/doctor");
  care_fixture_write (fixture, admit_as_other);
  care_fixture_write (fixture, admit_as_other); /* twice is once */
  assert_participants (fixture, 2, "Practitioner/other");
  care_fixture_write (fixture, admit);
  assert_participants (fixture, 3, "Practitioner/doctor");
}

#define ADD(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

static void
put_booking (const char *id, const char *hour, const char *doctor, StoreConnection *connection)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Appointment','id':'%s','status':'booked','start':'2026-11-22T%s:00:00Z',"
      "'participant':[{'actor':{'reference':'Patient/p'},'status':'accepted'},"
      "{'actor':{'reference':'Practitioner/%s'},'status':'accepted'}]}",
      id, hour, doctor);

  care_fixture_put (connection, json);
}

static gboolean
put_first_booking (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Practitioner','id':'x','name':[{'family':'Okafor',"
                    "'given':['Adaeze']}]}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'y','name':[{'family':'Lund',"
                                "'given':['Ben']}]}");
  put_booking ("b1", "10", "x", connection);
  return TRUE;
}

static gboolean
put_other_booking (StoreConnection *connection, gpointer data, GError **error)
{
  put_booking ("b2", "11", "y", connection);
  return TRUE;
}

static void
assert_clinicians (StoreConnection *connection, BaseClock *clock, const char *const *clinicians)
{
  g_autoptr (GListStore) rows = care_day_load (connection, "2026-11-22", clock, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (rows)); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (G_LIST_MODEL (rows), i);

      g_assert_cmpstr (care_day_row_get_clinician (row), ==, clinicians[i]);
    }
}

static gboolean
check_one_clinician (StoreConnection *connection, gpointer data, GError **error)
{
  assert_clinicians (connection, ((CareFixture *) data)->clock, (const char *const[]) { NULL });
  return TRUE;
}

static gboolean
check_two_clinicians (StoreConnection *connection, gpointer data, GError **error)
{
  assert_clinicians (connection, ((CareFixture *) data)->clock,
                     (const char *const[]) { "OKAFOR, Adaeze", "LUND, Ben" });
  return TRUE;
}

/* Where two see patients, each line says to whom; where one does, none. */
static void
test_day_says_to_whom (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_first_booking);
  care_fixture_read (fixture, check_one_clinician);
  care_fixture_write (fixture, put_other_booking);
  care_fixture_read (fixture, check_two_clinicians);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care/visit/machines", test_machines);
  ADD ("/care/visit/admit-and-end", test_admit_and_end);
  ADD ("/care/visit/taken-over", test_taken_over);
  ADD ("/care/visit/outcomes", test_outcomes);
  ADD ("/care/visit/hang-up-leaves-the-visit", test_hang_up_leaves_the_visit);
  ADD ("/care/visit/interrupted-makes-a-task", test_interrupted_makes_a_task);
  ADD ("/care/visit/day-roles-identity", test_day_roles_identity);
  ADD ("/care/visit/day-says-to-whom", test_day_says_to_whom);
  ADD ("/care/visit/nobody-waits-unseen", test_nobody_waits_unseen);
  return g_test_run ();
}
