/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

#include "store-draft.h"

/* What stands on the server and here after each kind of fault: nothing lost, nothing doubled. */

#define PATIENT                                                                                    \
  "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"birthDate\":\"1961-03-12\",\"gender\":"           \
  "\"female\"}"
#define RX_ID "0190a000-0000-7000-8000-000000000001"
#define RX                                                                                         \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"" RX_ID "\",\"identifier\":[{\"system\":"      \
  "\"https://bedside.health/fhir/prescription-id\",\"value\":\"" RX_ID                             \
  "\"}],\"status\":\"active\","                                                                    \
  "\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":\"amoxicillin 500 mg\"},"          \
  "\"subject\":{\"reference\":\"Patient/p1\"}}"
#define SIGNATURE                                                                                  \
  "{\"resourceType\":\"Provenance\",\"id\":\"0190a000-0000-7000-8000-000000000002\",\"recorded\":" \
  "\"2026-11-09T09:00:00Z\",\"target\":[{\"reference\":\"MedicationRequest/" RX_ID "\"}],"         \
  "\"agent\":[{\"who\":{\"reference\":\"Practitioner/d\"}}]}"
#define ALLERGY                                                                                    \
  "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"code\":{\"text\":\"Penicillin\"},"     \
  "\"patient\":{\"reference\":\"Patient/p1\"}}"
#define ENCOUNTER(id, patient, rest)                                                               \
  "{\"resourceType\":\"Encounter\",\"id\":\"" id "\",\"class\":{\"code\":\"VR\"},"                 \
  "\"subject\":{\"reference\":\"Patient/" patient "\"}," rest "}"

static void
prescribe (SyncFixture *self)
{
  sync_fixture_write (self, &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, NULL, NULL });
}

static void
start_with_patient (SyncFixture *self)
{
  mock_fhir_put (self->mock, PATIENT);
  sync_engine_start (self->engine);
  sync_fixture_wait_pull (self);
}

static void
test_pull (void)
{
  SyncFixture self = { 0 };
  SyncStatus *status;

  sync_fixture_set_up (&self);
  self.mock->page_size = 7;
  mock_fhir_put (self.mock, PATIENT);
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"Observation\",\"id\":\"o%u\",\"status\":\"final\","
                           "\"valueQuantity\":{\"value\":1.00},"
                           "\"subject\":{\"reference\":\"Patient/p1\"}}",
                           i);

      mock_fhir_put (self.mock, json);
    }
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *id = g_strdup_printf ("o%u", i);
      g_autoptr (FhirResource) here = sync_fixture_get (&self, "Observation", id);

      g_assert_nonnull (here);
      g_assert_cmpstr (fhir_resource_get_version (here), ==,
                       fhir_resource_get_version (mock_fhir_get (self.mock, "Observation", id)));
      g_assert_cmpstr (fhir_resource_path_text (here, "valueQuantity.value"), ==, "1.00");
    }
  status = sync_engine_get_status (self.engine);
  sync_fixture_wait (sync_status_get_state (status) == SYNC_STATE_IDLE);
  g_assert_cmpuint (sync_status_get_waiting (status), ==, 0);
  sync_fixture_tear_down (&self);
}

static void
on_patient_pulled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  sync_engine_pull_patient_finish (SYNC_ENGINE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

/* A search never shows deletions: reading the chart again does. */
static void
test_deletion_is_noticed (void)
{
  SyncFixture self = { 0 };
  gboolean done = FALSE;
  g_autoptr (FhirResource) here = NULL;

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, ALLERGY);
  start_with_patient (&self);
  sync_fixture_wait_resource (&self, "AllergyIntolerance", "a1");
  mock_fhir_delete (self.mock, "AllergyIntolerance", "a1");
  sync_engine_pull_patient_async (self.engine, "p1", NULL, on_patient_pulled, &done);
  sync_fixture_wait (done);
  here = sync_fixture_get (&self, "AllergyIntolerance", "a1");
  g_assert_null (here);
  sync_fixture_tear_down (&self);
}

/* The mock pushes nothing, so what changes there is found by asking now and then; what was typed
 * here and has not left is not overwritten by what comes. */
static void
test_poll_spares_unsent (void)
{
  SyncFixture self = { 0 };
  g_autoptr (FhirResource) here = NULL;

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, ENCOUNTER ("e1", "p1", "\"status\":\"planned\""));
  start_with_patient (&self);
  sync_fixture_write (&self, &(SyncChange) { "e", STORE_JOURNAL_UPDATE,
                                             ENCOUNTER ("e1", "p1", "\"status\":\"in-progress\""),
                                             "p1", 0, "refused", "The test says so" });
  mock_fhir_put (self.mock, ENCOUNTER ("e1", "p1", "\"status\":\"cancelled\""));
  mock_fhir_put (self.mock, ENCOUNTER ("e2", "p1", "\"status\":\"planned\""));
  sync_fixture_wait_resource (&self, "Encounter", "e2");
  here = sync_fixture_get (&self, "Encounter", "e1");
  g_assert_cmpstr (fhir_resource_path_text (here, "status"), ==, "in-progress");
  sync_fixture_tear_down (&self);
}

/* A next link to another server is not followed, and a person hears of it. */
static void
test_next_link_elsewhere (void)
{
  SyncFixture self = { 0 };
  SyncStatus *status;

  sync_fixture_set_up (&self);
  self.mock->page_size = 1;
  self.mock->next_link = "http://127.0.0.1:1/fhir/Patient?page=2";
  mock_fhir_put (self.mock, PATIENT);
  mock_fhir_put (self.mock, "{\"resourceType\":\"Patient\",\"id\":\"p2\"}");
  sync_engine_start (self.engine);
  status = sync_engine_get_status (self.engine);
  sync_fixture_wait (sync_status_get_state (status) == SYNC_STATE_ERROR);
  g_assert_nonnull (strstr (sync_status_get_sentence (status), "not its own"));
  g_assert_cmpint (sync_status_get_last_pull (status), ==, 0);
  sync_fixture_tear_down (&self);
}

static void
test_push (void)
{
  SyncFixture self = { 0 };
  g_autoptr (FhirResource) here = NULL;

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  sync_fixture_write (&self,
                      &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, "held", "undo:0" });
  sync_fixture_write (&self, &(SyncChange) { "rx", STORE_JOURNAL_CREATE, SIGNATURE, "p1", 10,
                                             "held", "undo:0" });
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpuint (self.mock->transactions, ==, 1);
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (mock_fhir_get (self.mock, "Provenance",
                                                           "0190a000-0000-7000-8000-000000000002"),
                                            "target.0.reference"),
                   ==, "MedicationRequest/" RX_ID);
  here = sync_fixture_get (&self, "MedicationRequest", RX_ID);
  g_assert_cmpstr (fhir_resource_get_version (here), ==,
                   fhir_resource_get_version (
                       mock_fhir_get (self.mock, "MedicationRequest", RX_ID)));
  sync_fixture_tear_down (&self);
}

/* Each way to lose an answer: exactly one prescription at the end, and the journal says done. */
static void
check_lost_answer (MockFault fault)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  self.mock->fault = fault;
  self.mock->fault_count = 1;
  prescribe (&self);
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 1);
  g_assert_cmpuint (self.mock->log->len, ==, 1);
  /* What the server had was found by asking, not by sending again. */
  g_assert_cmpuint (self.mock->transactions, ==, fault == MOCK_FAULT_CUT_BEFORE ? 2 : 1);
  sync_fixture_tear_down (&self);
}

static void
test_cut_before_commit (void)
{
  check_lost_answer (MOCK_FAULT_CUT_BEFORE);
}

static void
test_cut_after_commit (void)
{
  check_lost_answer (MOCK_FAULT_CUT_AFTER);
}

static void
test_half_an_answer (void)
{
  check_lost_answer (MOCK_FAULT_HALF);
}

/* The program ended while it was sending. */
static void
test_killed_while_sending (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, PATIENT);
  mock_fhir_put (self.mock, RX);
  sync_fixture_write (&self,
                      &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, "sending", NULL });
  sync_engine_start (self.engine);
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpuint (self.mock->transactions, ==, 0);
  sync_fixture_tear_down (&self);
}

static void
test_server_fault_then_well (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  self.mock->fault = MOCK_FAULT_STATUS;
  self.mock->status = 500;
  self.mock->fault_count = 1;
  prescribe (&self);
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 1);
  sync_fixture_tear_down (&self);
}

static void
test_refused_does_not_block (void)
{
  SyncFixture self = { 0 };
  g_autofree char *reason = NULL;
  SyncStatus *status;

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  self.mock->refuse_type = "Observation";
  sync_fixture_write (&self,
                      &(SyncChange) {
                          "bad", STORE_JOURNAL_CREATE,
                          "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\","
                          "\"subject\":{\"reference\":\"Patient/p1\"}}",
                          "p1", 0, NULL, NULL });
  sync_fixture_write (&self, &(SyncChange) { "good", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e1", "p1", "\"status\":\"finished\""),
                                             "p1", 0, NULL, NULL });
  sync_fixture_wait_state (&self, "good", "done");
  sync_fixture_wait_state (&self, "bad", "refused");
  reason = sync_fixture_dup_reason (&self, "bad");
  g_assert_nonnull (strstr (reason, "The dose is missing"));
  status = sync_engine_get_status (self.engine);
  sync_fixture_wait (sync_status_get_refused (status) == 1 && self.aside->len == 1);
  g_assert_true (g_str_has_prefix (self.aside->pdata[0], "refused: "));
  sync_fixture_tear_down (&self);
}

static void
test_order_is_kept (void)
{
  SyncFixture self = { 0 };
  static const char *const expected[] = { "PUT MedicationRequest/b", "PUT Encounter/e0",
                                          "PUT Observation/o0", "PUT Task/t0" };

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, "{\"resourceType\":\"Patient\",\"id\":\"p2\"}");
  mock_fhir_put (self.mock, PATIENT);
  sync_fixture_write (&self, &(SyncChange) { "1", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e0", "p1", "\"status\":\"in-progress\""),
                                             "p1", 0, NULL, NULL });
  sync_fixture_write (&self,
                      &(SyncChange) {
                          "2", STORE_JOURNAL_CREATE,
                          "{\"resourceType\":\"Observation\",\"id\":\"o0\",\"status\":\"final\","
                          "\"encounter\":{\"reference\":\"Encounter/e0\"}}",
                          "p1", 0, NULL, NULL });
  sync_fixture_write (&self,
                      &(SyncChange) {
                          "3", STORE_JOURNAL_CREATE,
                          "{\"resourceType\":\"Task\",\"id\":\"t0\",\"status\":\"requested\","
                          "\"intent\":\"order\",\"for\":{\"reference\":\"Patient/p1\"}}",
                          "p1", 10, NULL, NULL });
  sync_fixture_write (
      &self,
      &(SyncChange) { "4", STORE_JOURNAL_CREATE,
                      "{\"resourceType\":\"MedicationRequest\",\"id\":\"b\",\"status\":\"active\","
                      "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/p2\"}}",
                      "p2", 10, NULL, NULL });
  sync_engine_start (self.engine);
  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *group = g_strdup_printf ("%u", i);

      sync_fixture_wait_state (&self, group, "done");
    }
  g_assert_cmpuint (self.mock->log->len, ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (self.mock->log->pdata[i], ==, expected[i]);
  sync_fixture_tear_down (&self);
}

static void
test_offline_for_a_while (void)
{
  SyncFixture self = { 0 };
  SyncStatus *status;

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  status = sync_engine_get_status (self.engine);
  mock_fhir_set_reachable (self.mock, FALSE);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *json =
          g_strdup_printf (ENCOUNTER ("e%u", "p1", "\"status\":\"finished\""), i);
      g_autofree char *group = g_strdup_printf ("g%u", i);

      sync_fixture_write (&self,
                          &(SyncChange) { group, STORE_JOURNAL_CREATE, json, "p1", 0, NULL, NULL });
    }
  sync_fixture_wait (sync_status_get_state (status) == SYNC_STATE_OFFLINE &&
                     sync_status_get_waiting (status) == 5);
  g_assert_cmpint (sync_status_get_since (status), >, 0);
  mock_fhir_set_reachable (self.mock, TRUE);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "g4", "done");
  g_assert_cmpuint (self.mock->log->len, ==, 5);
  g_assert_cmpuint (mock_fhir_count (self.mock, "Encounter"), ==, 5);
  sync_fixture_wait (sync_status_get_state (status) == SYNC_STATE_IDLE);
  sync_fixture_tear_down (&self);
}

static void
change_task (MockFhir *mock, gpointer json)
{
  mock->before_transaction = NULL;
  mock_fhir_put (mock, json);
}

/* Somebody sets the priority while we set the status. */
static void
test_disjoint_changes_merge (void)
{
  SyncFixture self = { 0 };
  FhirResource *there;
  g_autoptr (FhirResource) here = NULL;

  sync_fixture_set_up (&self);
  mock_fhir_put (
      self.mock,
      "{\"resourceType\":\"Task\",\"id\":\"t\",\"status\":\"requested\",\"intent\":\"order\"}");
  start_with_patient (&self);
  sync_fixture_wait_resource (&self, "Task", "t");
  self.mock->before_transaction = change_task;
  self.mock->hook_data =
      (gpointer) "{\"resourceType\":\"Task\",\"id\":\"t\",\"status\":\"requested\","
                 "\"intent\":\"order\",\"priority\":\"urgent\"}";
  sync_fixture_write (&self, &(SyncChange) {
                                 "t", STORE_JOURNAL_UPDATE,
                                 "{\"resourceType\":\"Task\",\"id\":\"t\",\"status\":\"completed\","
                                 "\"intent\":\"order\"}",
                                 NULL, 0, NULL, NULL });
  sync_fixture_wait_state (&self, "t", "done");
  there = mock_fhir_get (self.mock, "Task", "t");
  g_assert_cmpstr (fhir_resource_path_text (there, "status"), ==, "completed");
  g_assert_cmpstr (fhir_resource_path_text (there, "priority"), ==, "urgent");
  here = sync_fixture_get (&self, "Task", "t");
  g_assert_cmpstr (fhir_resource_path_text (here, "priority"), ==, "urgent");
  sync_fixture_tear_down (&self);
}

static void
on_decided (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  sync_engine_decide_finish (SYNC_ENGINE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static gboolean
read_theirs (StoreConnection *connection, gpointer data, GError **error)
{
  *(FhirResource **) data = sync_conflict_theirs (connection, "AllergyIntolerance", "a1");
  return TRUE;
}

/* Two people edited an allergy: it parks with both versions, the rest goes on, and a person
 * decides. */
static void
check_conflict (SyncDecision decision, const char *expected)
{
  SyncFixture self = { 0 };
  g_autoptr (FhirResource) theirs = NULL;
  g_autoptr (FhirResource) mine = NULL;
  g_autoptr (FhirResource) after = NULL;
  gboolean decided = FALSE;

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, ALLERGY);
  start_with_patient (&self);
  sync_fixture_wait_resource (&self, "AllergyIntolerance", "a1");
  self.mock->before_transaction = change_task;
  self.mock->hook_data =
      (gpointer) "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"criticality\":\"high\","
                 "\"code\":{\"text\":\"Penicillin\"},\"patient\":{\"reference\":\"Patient/p1\"}}";
  sync_fixture_write (
      &self,
      &(SyncChange) { "a", STORE_JOURNAL_UPDATE,
                      "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"code\":{\"text\":"
                      "\"Amoxicillin\"},\"patient\":{\"reference\":\"Patient/p1\"}}",
                      "p1", 0, NULL, NULL });
  sync_fixture_write (&self, &(SyncChange) { "e", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e1", "p1", "\"status\":\"finished\""),
                                             "p1", 0, NULL, NULL });
  sync_fixture_wait_state (&self, "a", "held");
  sync_fixture_wait_state (&self, "e", "done");
  g_assert_true (store_database_read (self.store, read_theirs, &theirs, NULL));
  g_assert_cmpstr (fhir_resource_path_text (theirs, "criticality"), ==, "high");
  mine = sync_fixture_get (&self, "AllergyIntolerance", "a1");
  g_assert_cmpstr (fhir_resource_path_text (mine, "code.text"), ==, "Amoxicillin");
  sync_fixture_wait (sync_status_get_conflicts (sync_engine_get_status (self.engine)) == 1);
  sync_engine_decide_async (self.engine, "a", decision, on_decided, &decided);
  sync_fixture_wait (decided);
  sync_fixture_wait_state (&self, "a", "done");
  after = sync_fixture_get (&self, "AllergyIntolerance", "a1");
  g_assert_cmpstr (fhir_resource_path_text (after, "code.text"), ==, expected);
  g_assert_cmpstr (fhir_resource_path_text (mock_fhir_get (self.mock, "AllergyIntolerance", "a1"),
                                            "code.text"),
                   ==, expected);
  sync_fixture_tear_down (&self);
}

static void
test_conflict_keep_mine (void)
{
  check_conflict (SYNC_DECISION_KEEP_MINE, "Amoxicillin");
}

static void
test_conflict_keep_theirs (void)
{
  check_conflict (SYNC_DECISION_KEEP_THEIRS, "Penicillin");
}

/* An allergy recorded elsewhere between signing and sending (HAZARDS.md, H2). */
static void
test_new_allergy_holds_prescription (void)
{
  SyncFixture self = { 0 };
  g_autofree char *reason = NULL;
  gboolean decided = FALSE;

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  mock_fhir_set_reachable (self.mock, FALSE);
  prescribe (&self);
  sync_fixture_wait (sync_status_get_waiting (sync_engine_get_status (self.engine)) == 1);
  mock_fhir_put (self.mock, ALLERGY);
  mock_fhir_set_reachable (self.mock, TRUE);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "rx", "held");
  reason = sync_fixture_dup_reason (&self, "rx");
  g_assert_true (g_str_has_prefix (reason, "review: "));
  g_assert_nonnull (strstr (reason, "Penicillin"));
  g_assert_cmpuint (self.mock->transactions, ==, 0);
  sync_fixture_wait (self.aside->len == 1);
  g_assert_true (g_str_has_prefix (self.aside->pdata[0], "held: Since you signed"));
  sync_engine_decide_async (self.engine, "rx", SYNC_DECISION_RENEW, on_decided, &decided);
  sync_fixture_wait (decided);
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 1);
  sync_fixture_tear_down (&self);
}

/* Stands for the clinical checks: it finds what the test says, on the chart as it was just read. */
typedef struct
{
  gint runs;  /* atomic */
  gint finds; /* atomic: 0 nothing, 1 something, 2 something else, 3 it cannot run */
} Check;

static char *
check_again (StoreConnection *connection, GPtrArray *resources, gpointer data, GError **error)
{
  static const char *const found[] = { NULL, "It is too much.", "It is the wrong drug.", NULL };
  Check *check = data;
  int finds = g_atomic_int_get (&check->finds);

  g_atomic_int_inc (&check->runs);
  g_assert_cmpuint (resources->len, ==, 1);
  g_assert_cmpstr (fhir_resource_get_id (resources->pdata[0]), ==, RX_ID);
  if (finds == 3)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_SQL, "No list of medicines.");
  return g_strdup (found[finds]);
}

static void
renew (SyncFixture *self)
{
  gboolean decided = FALSE;

  sync_engine_decide_async (self->engine, "rx", SYNC_DECISION_RENEW, on_decided, &decided);
  sync_fixture_wait (decided);
}

static void
assert_held (SyncFixture *self, const char *why)
{
  g_autofree char *reason = NULL;

  sync_fixture_wait_state (self, "rx", "held");
  reason = sync_fixture_dup_reason (self, "rx");
  g_assert_true (g_str_has_prefix (reason, "review: "));
  g_assert_nonnull (strstr (reason, why));
  g_assert_cmpuint (self->mock->transactions, ==, 0);
}

/* HAZARDS.md, H2: nothing in the chart changed, but the checks, run again on it, find something. It
 * waits for a new signature; what is found then and was signed all the same holds it no more, what
 * is found for the first time does. */
static void
test_new_finding_holds_prescription (void)
{
  SyncFixture self = { 0 };
  Check check = { .finds = 1 };

  sync_fixture_set_up (&self);
  sync_engine_set_review_check (self.engine, check_again, &check, NULL);
  start_with_patient (&self);
  prescribe (&self);
  assert_held (&self, "It is too much.");
  g_atomic_int_set (&check.finds, 2);
  base_clock_advance (self.clock, G_USEC_PER_SEC);
  renew (&self);
  assert_held (&self, "It is the wrong drug.");
  base_clock_advance (self.clock, G_USEC_PER_SEC);
  renew (&self);
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpint (g_atomic_int_get (&check.runs), ==, 3);
  sync_fixture_tear_down (&self);
}

/* A check that did not run never looks like a check that found nothing. */
static void
test_check_that_cannot_run_holds (void)
{
  SyncFixture self = { 0 };
  Check check = { .finds = 3 };

  sync_fixture_set_up (&self);
  sync_engine_set_review_check (self.engine, check_again, &check, NULL);
  start_with_patient (&self);
  prescribe (&self);
  assert_held (&self, "No list of medicines.");
  g_atomic_int_set (&check.finds, 0);
  renew (&self);
  sync_fixture_wait_state (&self, "rx", "done");
  sync_fixture_tear_down (&self);
}

static void
test_death_holds_prescription (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock,
                 "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"deceasedBoolean\":true}");
  prescribe (&self);
  sync_engine_start (self.engine);
  sync_fixture_wait_state (&self, "rx", "held");
  g_assert_cmpuint (self.mock->transactions, ==, 0);
  sync_fixture_tear_down (&self);
}

static void
test_old_signature_holds_prescription (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, PATIENT);
  prescribe (&self);
  base_clock_advance (self.clock, 13 * G_TIME_SPAN_HOUR);
  sync_engine_start (self.engine);
  sync_fixture_wait_state (&self, "rx", "held");
  g_assert_cmpuint (self.mock->transactions, ==, 0);
  sync_fixture_tear_down (&self);
}

/* A cancellation is never kept back, however old and whatever changed. */
static void
test_cancellation_leaves (void)
{
  SyncFixture self = { 0 };
  g_autoptr (GString) cancelled = g_string_new (RX);

  g_string_replace (cancelled, "\"active\"", "\"cancelled\"", 1);
  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, RX);
  start_with_patient (&self);
  sync_fixture_wait_resource (&self, "MedicationRequest", RX_ID);
  sync_fixture_write (&self, &(SyncChange) { "stop", STORE_JOURNAL_UPDATE, cancelled->str, "p1", 10,
                                             NULL, NULL });
  base_clock_advance (self.clock, 13 * G_TIME_SPAN_HOUR);
  mock_fhir_put (self.mock, ALLERGY);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "stop", "done");
  sync_fixture_tear_down (&self);
}

/* What rests for its undo stays, also when everything else goes. */
static void
test_resting_stays (void)
{
  SyncFixture self = { 0 };
  g_autofree char *until = NULL;
  g_autofree char *state = NULL;

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  until =
      g_strdup_printf ("undo:%" G_GINT64_FORMAT, base_clock_now (self.clock) + 10 * G_USEC_PER_SEC);
  sync_fixture_write (&self,
                      &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, "held", until });
  sync_fixture_write (&self, &(SyncChange) { "e", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e1", "p1", "\"status\":\"finished\""),
                                             "p1", 0, NULL, NULL });
  sync_fixture_wait_state (&self, "e", "done");
  state = sync_fixture_dup_state (&self, "rx");
  g_assert_cmpstr (state, ==, "held");
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 0);
  /* The time comes: also where the clock is set forward. */
  base_clock_advance (self.clock, 11 * G_USEC_PER_SEC);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "rx", "done");
  sync_fixture_tear_down (&self);
}

static gboolean
save_draft (StoreConnection *connection, gpointer data, GError **error)
{
  return store_draft_save (connection, RX_ID, "prescription", "p1", "d", NULL, "{}", error);
}

static gboolean
count_drafts (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) drafts = store_draft_list (connection, "d", NULL, error);

  *(guint *) data = drafts != NULL ? drafts->len : G_MAXUINT;
  return drafts != NULL;
}

/* Ten seconds after signing it leaves, and with it the draft that an undo would have brought back:
 * left behind, it would invite to prescribe twice. */
static void
test_rest_ends (void)
{
  SyncFixture self = { 0 };
  guint drafts = 0;

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  g_assert_true (store_database_write (self.store, BASE_LANE_PERSON, save_draft, NULL, NULL));
  sync_fixture_write (&self,
                      &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, "held", "undo" });
  sync_fixture_wait (sync_status_get_waiting (sync_engine_get_status (self.engine)) == 1);
  g_assert_cmpuint (sync_status_get_held (sync_engine_get_status (self.engine)), ==, 0);
  g_assert_cmpuint (self.mock->transactions, ==, 0);
  base_clock_advance (self.clock, 10 * G_USEC_PER_SEC);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_true (store_database_read (self.store, count_drafts, &drafts, NULL));
  g_assert_cmpuint (drafts, ==, 0);
  sync_fixture_tear_down (&self);
}

/* A held order that is cancelled does not hang for ever: it goes as what it now is. */
static void
test_held_then_cancelled (void)
{
  SyncFixture self = { 0 };
  g_autoptr (GString) cancelled = g_string_new (RX);

  g_string_replace (cancelled, "\"active\"", "\"cancelled\"", 1);
  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock,
                 "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"deceasedBoolean\":true}");
  prescribe (&self);
  sync_engine_start (self.engine);
  sync_fixture_wait_state (&self, "rx", "held");
  sync_fixture_write (&self, &(SyncChange) { "stop", STORE_JOURNAL_UPDATE, cancelled->str, "p1", 10,
                                             NULL, NULL });
  sync_fixture_wait_state (&self, "stop", "done");
  g_assert_cmpstr (fhir_resource_path_text (mock_fhir_get (self.mock, "MedicationRequest", RX_ID),
                                            "status"),
                   ==, "cancelled");
  sync_fixture_tear_down (&self);
}

/* The clock goes back a day while something rests and something waits: both arrive all the same. */
static void
test_clock_goes_back (void)
{
  SyncFixture self = { 0 };
  g_autofree char *until = NULL;

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  until =
      g_strdup_printf ("undo:%" G_GINT64_FORMAT, base_clock_now (self.clock) + 10 * G_USEC_PER_SEC);
  sync_fixture_write (&self,
                      &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, "held", until });
  base_clock_advance (self.clock, -24 * G_TIME_SPAN_HOUR);
  sync_fixture_write (&self, &(SyncChange) { "e", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e1", "p1", "\"status\":\"finished\""),
                                             "p1", 0, NULL, NULL });
  sync_fixture_wait_state (&self, "e", "done");
  sync_fixture_wait_state (&self, "rx", "done");
  sync_fixture_tear_down (&self);
}

/* The resource is changed again while its creation is under way. */
static void
change_again (MockFhir *mock, gpointer data)
{
  mock->before_transaction = NULL;
  sync_fixture_write (data, &(SyncChange) { "second", STORE_JOURNAL_UPDATE,
                                            ENCOUNTER ("e1", "p1", "\"status\":\"finished\""), "p1",
                                            0, NULL, NULL });
}

static void
test_change_while_sending (void)
{
  SyncFixture self = { 0 };
  g_autoptr (FhirResource) here = NULL;

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  self.mock->before_transaction = change_again;
  self.mock->hook_data = &self;
  sync_fixture_write (&self, &(SyncChange) { "first", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e1", "p1", "\"status\":\"in-progress\""),
                                             "p1", 0, NULL, NULL });
  sync_fixture_wait_state (&self, "second", "done");
  g_assert_cmpuint (self.mock->transactions, ==,
                    2); /* the second knew the version that the first made */
  g_assert_cmpstr (fhir_resource_path_text (mock_fhir_get (self.mock, "Encounter", "e1"), "status"),
                   ==, "finished");
  here = sync_fixture_get (&self, "Encounter", "e1");
  g_assert_cmpstr (fhir_resource_path_text (here, "status"), ==, "finished");
  sync_fixture_tear_down (&self);
}

static void
change_task_twice (MockFhir *mock, gpointer data)
{
  SyncFixture *self = data;

  if (mock->transactions == 1)
    sync_fixture_write (self, &(SyncChange) { "second", STORE_JOURNAL_UPDATE,
                                              "{\"resourceType\":\"Task\",\"id\":\"t\",\"status\":"
                                              "\"completed\",\"intent\":\"order\"}",
                                              NULL, 0, NULL, NULL });
  else if (mock->transactions == 2)
    mock_fhir_put (mock, "{\"resourceType\":\"Task\",\"id\":\"t\",\"status\":\"accepted\","
                         "\"intent\":\"order\",\"priority\":\"urgent\"}");
}

/* What was typed while the first change was under way is compared with what the server made of the
 * first: somebody else's other element merges, it does not park. */
static void
test_second_change_merges (void)
{
  SyncFixture self = { 0 };
  FhirResource *there;

  sync_fixture_set_up (&self);
  mock_fhir_put (
      self.mock,
      "{\"resourceType\":\"Task\",\"id\":\"t\",\"status\":\"requested\",\"intent\":\"order\"}");
  start_with_patient (&self);
  sync_fixture_wait_resource (&self, "Task", "t");
  self.mock->before_transaction = change_task_twice;
  self.mock->hook_data = &self;
  sync_fixture_write (&self, &(SyncChange) {
                                 "first", STORE_JOURNAL_UPDATE,
                                 "{\"resourceType\":\"Task\",\"id\":\"t\",\"status\":\"accepted\","
                                 "\"intent\":\"order\"}",
                                 NULL, 0, NULL, NULL });
  sync_fixture_wait_state (&self, "second", "done");
  there = mock_fhir_get (self.mock, "Task", "t");
  g_assert_cmpstr (fhir_resource_path_text (there, "status"), ==, "completed");
  g_assert_cmpstr (fhir_resource_path_text (there, "priority"), ==, "urgent");
  sync_fixture_tear_down (&self);
}

/* A server that chooses ids: the record moves to it, and what refers to it says so. */
static void
test_server_chooses_id (void)
{
  SyncFixture self = { 0 };
  g_autoptr (FhirResource) old = NULL;

  sync_fixture_set_up (&self);
  self.mock->numbered_ids = TRUE;
  self.mock->no_bodies = TRUE;
  start_with_patient (&self);
  prescribe (&self);
  sync_fixture_wait_state (&self, "rx", "done");
  sync_fixture_wait_resource (&self, "MedicationRequest", "n1");
  old = sync_fixture_get (&self, "MedicationRequest", RX_ID);
  g_assert_null (old);
  sync_fixture_write (&self,
                      &(SyncChange) {
                          "task", STORE_JOURNAL_CREATE,
                          "{\"resourceType\":\"Task\",\"id\":\"t\",\"status\":\"requested\","
                          "\"intent\":\"order\",\"focus\":{\"reference\":\"MedicationRequest/" RX_ID
                          "\"}}",
                          "p1", 10, NULL, NULL });
  sync_fixture_wait_state (&self, "task", "done");
  g_assert_cmpstr (fhir_resource_path_text (mock_fhir_get (self.mock, "Task", "t"),
                                            "focus.reference"),
                   ==, "MedicationRequest/n1");
  sync_fixture_tear_down (&self);
}

static void
note_time (MockFhir *mock, gpointer data)
{
  ((gint64 *) data)[mock->transactions - 1] = g_get_monotonic_time ();
}

static void
test_busy_server_is_left_alone (void)
{
  SyncFixture self = { 0 };
  gint64 times[10] = { 0 };

  sync_fixture_set_up (&self);
  start_with_patient (&self);
  self.mock->fault = MOCK_FAULT_STATUS;
  self.mock->status = 429;
  self.mock->retry_after = "1";
  self.mock->before_transaction = note_time;
  self.mock->hook_data = times;
  self.mock->fault_count = 1;
  prescribe (&self);
  sync_fixture_wait (self.mock->transactions == 1);
  sync_fixture_wait_state (&self, "rx", "waiting");
  sync_engine_wake (self.engine); /* a person's click does not break the promise to wait */
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpuint (self.mock->transactions, ==, 2);
  g_assert_cmpint (times[1] - times[0], >=, G_USEC_PER_SEC / 2);
  sync_fixture_tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/pull", test_pull);
  g_test_add_func ("/sync/deletion-is-noticed", test_deletion_is_noticed);
  g_test_add_func ("/sync/poll-spares-unsent", test_poll_spares_unsent);
  g_test_add_func ("/sync/next-link-elsewhere", test_next_link_elsewhere);
  g_test_add_func ("/sync/push", test_push);
  g_test_add_func ("/sync/cut-before-commit", test_cut_before_commit);
  g_test_add_func ("/sync/cut-after-commit", test_cut_after_commit);
  g_test_add_func ("/sync/half-an-answer", test_half_an_answer);
  g_test_add_func ("/sync/killed-while-sending", test_killed_while_sending);
  g_test_add_func ("/sync/server-fault-then-well", test_server_fault_then_well);
  g_test_add_func ("/sync/refused-does-not-block", test_refused_does_not_block);
  g_test_add_func ("/sync/order-is-kept", test_order_is_kept);
  g_test_add_func ("/sync/offline-for-a-while", test_offline_for_a_while);
  g_test_add_func ("/sync/disjoint-changes-merge", test_disjoint_changes_merge);
  g_test_add_func ("/sync/conflict-keep-mine", test_conflict_keep_mine);
  g_test_add_func ("/sync/conflict-keep-theirs", test_conflict_keep_theirs);
  g_test_add_func ("/sync/new-allergy-holds-prescription", test_new_allergy_holds_prescription);
  g_test_add_func ("/sync/new-finding-holds-prescription", test_new_finding_holds_prescription);
  g_test_add_func ("/sync/check-that-cannot-run-holds", test_check_that_cannot_run_holds);
  g_test_add_func ("/sync/death-holds-prescription", test_death_holds_prescription);
  g_test_add_func ("/sync/old-signature-holds-prescription", test_old_signature_holds_prescription);
  g_test_add_func ("/sync/cancellation-leaves", test_cancellation_leaves);
  g_test_add_func ("/sync/resting-stays", test_resting_stays);
  g_test_add_func ("/sync/rest-ends", test_rest_ends);
  g_test_add_func ("/sync/held-then-cancelled", test_held_then_cancelled);
  g_test_add_func ("/sync/clock-goes-back", test_clock_goes_back);
  g_test_add_func ("/sync/change-while-sending", test_change_while_sending);
  g_test_add_func ("/sync/second-change-merges", test_second_change_merges);
  g_test_add_func ("/sync/server-chooses-id", test_server_chooses_id);
  g_test_add_func ("/sync/busy-server-is-left-alone", test_busy_server_is_left_alone);
  return g_test_run ();
}
