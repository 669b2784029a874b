/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

/* Servers that nobody here wrote: what they do differently, and that nothing is lost or doubled by
 * it. */

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"birthDate\":\"1961-03-12\"}"
#define RX_ID   "0190a000-0000-7000-8000-000000000001"
#define RX                                                                                         \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"" RX_ID "\",\"identifier\":[{\"system\":"      \
  "\"https://bedside.health/fhir/prescription-id\",\"value\":\"" RX_ID                             \
  "\"}],\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":"       \
  "\"amoxicillin 500 mg\"},\"subject\":{\"reference\":\"Patient/p1\"}}"
#define SIGNATURE                                                                                  \
  "{\"resourceType\":\"Provenance\",\"id\":\"s1\",\"recorded\":\"2026-11-09T09:00:00Z\","          \
  "\"target\":[{\"reference\":\"MedicationRequest/" RX_ID "\"}],\"agent\":[{\"who\":{"             \
  "\"reference\":\"Practitioner/d\"}}]}"
#define ENCOUNTER(id, rest)                                                                        \
  "{\"resourceType\":\"Encounter\",\"id\":\"" id "\",\"class\":{\"code\":\"VR\"},"                 \
  "\"subject\":{\"reference\":\"Patient/p1\"}," rest "}"
#define ALLERGY                                                                                    \
  "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"code\":{\"text\":\"Penicillin\"},"     \
  "\"patient\":{\"reference\":\"Patient/p1\"}}"

static void
start (SyncFixture *self)
{
  mock_fhir_put (self->mock, PATIENT);
  sync_engine_start (self->engine);
  sync_fixture_wait_pull (self);
}

static void
prescribe (SyncFixture *self)
{
  sync_fixture_write (self,
                      &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, "held", "undo:0" });
  sync_fixture_write (self, &(SyncChange) { "rx", STORE_JOURNAL_CREATE, SIGNATURE, "p1", 10, "held",
                                            "undo:0" });
}

static FhirResource *
only_one (MockFhir *mock, const char *type)
{
  g_autoptr (GPtrArray) all = mock_fhir_list (mock, type);

  g_assert_cmpuint (all->len, ==, 1);
  return all->pdata[0];
}

static gboolean
has_note (SyncFixture *self, const char *word)
{
  g_auto (GStrv) notes = sync_engine_get_capability_notes (self->engine);

  for (guint i = 0; notes[i] != NULL; i++)
    if (strstr (notes[i], word) != NULL)
      return TRUE;
  return FALSE;
}

/* A prescription and its signature arrive, once, and each knows the other. */
static void
check_prescription (SyncFixture *self)
{
  FhirResource *order, *signature;
  g_autofree char *reference = NULL;

  sync_fixture_wait_state (self, "rx", "done");
  order = only_one (self->mock, "MedicationRequest");
  signature = only_one (self->mock, "Provenance");
  reference = fhir_resource_dup_reference (order);
  g_assert_cmpstr (fhir_resource_path_text (signature, "target.0.reference"), ==, reference);
  g_assert_cmpuint (self->mock->patches, ==, 0);
}

static void
test_no_transactions (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->no_transactions = TRUE;
  start (&self);
  prescribe (&self);
  check_prescription (&self);
  g_assert_cmpuint (self.mock->transactions, ==, 1); /* tried once, then known */
  sync_fixture_write (&self, &(SyncChange) { "e", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e1", "\"status\":\"planned\""), "p1", 0,
                                             NULL, NULL });
  sync_fixture_wait_state (&self, "e", "done");
  g_assert_cmpuint (self.mock->transactions, ==, 1);
  sync_fixture_wait (has_note (&self, "one after the other"));
  sync_fixture_tear_down (&self);
}

/* The server picks ids, says 404 to a PUT of a new one, and speaks in UUIDs. */
static void
check_server_ids (gboolean transactions, guint status)
{
  SyncFixture self = { 0 };
  FhirResource *visit;
  g_autoptr (FhirResource) here = NULL;

  sync_fixture_set_up (&self);
  self.mock->no_new_ids = status;
  self.mock->uuid_versions = TRUE;
  self.mock->no_transactions = !transactions;
  self.mock->statement = transactions ? "{\"resourceType\":\"CapabilityStatement\",\"rest\":[{"
                                        "\"interaction\":[{\"code\":\"transaction\"}]}]}"
                                      : NULL;
  start (&self);
  prescribe (&self);
  check_prescription (&self);
  sync_fixture_write (&self, &(SyncChange) { "e", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e1", "\"status\":\"planned\""), "p1", 0,
                                             NULL, NULL });
  sync_fixture_wait_state (&self, "e", "done");
  visit = only_one (self.mock, "Encounter");
  g_assert_cmpstr (fhir_resource_get_id (visit), !=, "e1");
  sync_fixture_wait_resource (&self, "Encounter", fhir_resource_get_id (visit));
  here = sync_fixture_get (&self, "Encounter", "e1");
  g_assert_null (here);
  sync_fixture_wait (has_note (&self, "own numbers"));
  sync_fixture_tear_down (&self);
}

static void
test_server_ids (void)
{
  check_server_ids (TRUE, 404);
}

static void
test_server_ids_singly (void)
{
  check_server_ids (FALSE, 405);
}

/* 201 without a body, a relative Location and `ETag: 1`; and every search returns everything. */
static void
test_poor_server (void)
{
  SyncFixture self = { 0 };
  g_autoptr (FhirResource) here = NULL;

  sync_fixture_set_up (&self);
  self.mock->no_transactions = TRUE;
  self.mock->bare_answers = TRUE;
  self.mock->no_filters = TRUE;
  self.mock->no_if_none_exist = TRUE;
  self.mock->no_new_ids = 405;
  self.mock->page_size = 2;
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"MedicationRequest\",\"id\":\"other%u\",\"subject\":"
                           "{\"reference\":\"Patient/p2\"},\"status\":\"active\"}",
                           i);

      mock_fhir_put (self.mock, json);
    }
  start (&self);
  prescribe (&self);
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 6);
  sync_fixture_wait_resource (&self, "MedicationRequest", "n1");
  here = sync_fixture_get (&self, "MedicationRequest", "n1");
  g_assert_cmpstr (fhir_resource_get_version (here), ==,
                   fhir_resource_get_version (
                       mock_fhir_get (self.mock, "MedicationRequest", "n1")));
  sync_fixture_wait (has_note (&self, "ignores what a search asks for"));
  sync_fixture_tear_down (&self);
}

/* The same server, and the answer to each kind of write is lost. */
static void
check_lost_singly (MockFault fault)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->no_transactions = TRUE;
  self.mock->no_if_none_exist = TRUE;
  self.mock->no_new_ids = 405;
  self.mock->no_filters = TRUE;
  start (&self);
  /* So that it is not the bundle which is lost. */
  sync_fixture_write (&self, &(SyncChange) { "e", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e1", "\"status\":\"planned\""), "p1", 0,
                                             NULL, NULL });
  sync_fixture_wait_state (&self, "e", "done");
  self.mock->fault = fault;
  self.mock->fault_count = 2;
  prescribe (&self);
  check_prescription (&self);
  g_assert_cmpuint (mock_fhir_count (self.mock, "Encounter"), ==, 1);
  sync_fixture_tear_down (&self);
}

static void
test_lost_singly_before (void)
{
  check_lost_singly (MOCK_FAULT_CUT_BEFORE);
}

static void
test_lost_singly_after (void)
{
  check_lost_singly (MOCK_FAULT_CUT_AFTER);
}

static void
test_lost_singly_half (void)
{
  check_lost_singly (MOCK_FAULT_HALF);
}

/* A server that takes a transaction for a batch: the order is done, its signature refused. */
static void
test_transaction_as_batch (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->batch_only = TRUE;
  start (&self);
  self.mock->refuse_type = "Provenance";
  prescribe (&self);
  sync_fixture_wait_state (&self, "rx", "refused");
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 1);
  self.mock->refuse_type = NULL;
  sync_fixture_set_state (&self, "rx", "waiting", NULL);
  sync_engine_wake (self.engine);
  sync_fixture_wait (mock_fhir_count (self.mock, "Provenance") == 1);
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 1);
  sync_fixture_tear_down (&self);
}

/* If-Match is ignored on DELETE: what somebody changed since is read before, and stays. */
static void
test_delete_is_read_before (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->no_if_match_on_delete = TRUE;
  mock_fhir_put (self.mock, ALLERGY);
  start (&self);
  sync_fixture_wait_resource (&self, "AllergyIntolerance", "a1");
  mock_fhir_set_reachable (self.mock, FALSE);
  sync_fixture_write (&self,
                      &(SyncChange) { "d", STORE_JOURNAL_DELETE, ALLERGY, "p1", 0, NULL, NULL });
  mock_fhir_put (self.mock,
                 "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"criticality\":\"high\","
                 "\"code\":{\"text\":\"Penicillin\"},\"patient\":{\"reference\":\"Patient/p1\"}}");
  mock_fhir_set_reachable (self.mock, TRUE);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "d", "held");
  g_assert_nonnull (mock_fhir_get (self.mock, "AllergyIntolerance", "a1"));
  sync_fixture_tear_down (&self);
}

/* And one that nobody changed goes. */
static void
test_delete (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->no_transactions = TRUE;
  mock_fhir_put (self.mock, ALLERGY);
  start (&self);
  sync_fixture_wait_resource (&self, "AllergyIntolerance", "a1");
  sync_fixture_write (&self,
                      &(SyncChange) { "d", STORE_JOURNAL_DELETE, ALLERGY, "p1", 0, NULL, NULL });
  sync_fixture_wait_state (&self, "d", "done");
  g_assert_null (mock_fhir_get (self.mock, "AllergyIntolerance", "a1"));
  sync_fixture_tear_down (&self);
}

/* No If-Match at all, whether the server says so or keeps it to itself: each record is read again
 * right before it is saved.
 */
static void
check_unversioned_update (const char *statement)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->no_if_match = TRUE;
  self.mock->statement = statement;
  mock_fhir_put (self.mock, ALLERGY);
  start (&self);
  sync_fixture_wait_resource (&self, "AllergyIntolerance", "a1");
  mock_fhir_set_reachable (self.mock, FALSE);
  sync_fixture_write (
      &self,
      &(SyncChange) { "a", STORE_JOURNAL_UPDATE,
                      "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"code\":{\"text\":"
                      "\"Amoxicillin\"},\"patient\":{\"reference\":\"Patient/p1\"}}",
                      "p1", 0, NULL, NULL });
  mock_fhir_put (self.mock,
                 "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"criticality\":\"high\","
                 "\"code\":{\"text\":\"Penicillin\"},\"patient\":{\"reference\":\"Patient/p1\"}}");
  mock_fhir_set_reachable (self.mock, TRUE);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "a", "held");
  g_assert_cmpstr (fhir_resource_path_text (mock_fhir_get (self.mock, "AllergyIntolerance", "a1"),
                                            "criticality"),
                   ==, "high");
  g_assert_cmpint (has_note (&self, "same moment"), ==, statement != NULL);
  sync_fixture_tear_down (&self);
}

static void
test_unversioned_update (void)
{
  check_unversioned_update (
      "{\"resourceType\":\"CapabilityStatement\",\"rest\":[{\"resource\":[{\"type\":\"Patient\","
      "\"versioning\":\"versioned\"},{\"type\":\"AllergyIntolerance\",\"versioning\":"
      "\"versioned\"}]}]}");
}

static void
test_nothing_promised (void)
{
  check_unversioned_update (NULL);
}

/* The ETag names a version that never was: the next change finds out and arrives all the same. */
static void
test_wrong_etags (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->no_transactions = TRUE;
  self.mock->wrong_etags = TRUE;
  self.mock->no_bodies = TRUE;
  start (&self);
  sync_fixture_write (&self, &(SyncChange) { "e", STORE_JOURNAL_CREATE,
                                             ENCOUNTER ("e1", "\"status\":\"planned\""), "p1", 0,
                                             NULL, NULL });
  sync_fixture_wait_state (&self, "e", "done");
  sync_fixture_write (&self, &(SyncChange) { "f", STORE_JOURNAL_UPDATE,
                                             ENCOUNTER ("e1", "\"status\":\"finished\""), "p1", 0,
                                             NULL, NULL });
  sync_fixture_wait_state (&self, "f", "done");
  g_assert_cmpstr (fhir_resource_path_text (mock_fhir_get (self.mock, "Encounter", "e1"), "status"),
                   ==, "finished");
  sync_fixture_tear_down (&self);
}

/* If-None-Exist finds another order: ours does not count as arrived, and arrives once it can. */
static void
check_wrong_record (gboolean transactions)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->no_transactions = !transactions;
  mock_fhir_put (self.mock,
                 "{\"resourceType\":\"MedicationRequest\",\"id\":\"other\",\"status\":\"active\"}");
  start (&self);
  self.mock->wrong_record = TRUE;
  sync_fixture_write (&self,
                      &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, NULL, NULL });
  sync_fixture_wait (self.mock->log->len > 0);
  sync_fixture_wait_state (&self, "rx", "unknown");
  self.mock->wrong_record = FALSE;
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "rx", "done");
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 2);
  sync_fixture_tear_down (&self);
}

static void
test_wrong_record (void)
{
  check_wrong_record (TRUE);
}

static void
test_wrong_record_singly (void)
{
  check_wrong_record (FALSE);
}

static char *
make_note (const char *id, gsize size)
{
  g_autofree char *data = g_strnfill (size, 'A');

  return g_strdup_printf (
      "{\"resourceType\":\"DocumentReference\",\"id\":\"%s\",\"status\":\"current\",\"subject\":{"
      "\"reference\":\"Patient/p1\"},\"content\":[{\"attachment\":{\"data\":\"%s\"}}]}",
      id, data);
}

/* Bundles are cut by bytes: new records that are too large together go one by one. */
static void
test_large_group_goes_singly (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->max_body = 1000 * 1000;
  self.mock->too_large = 413;
  start (&self);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("d%u", i);
      g_autofree char *json = make_note (id, 400 * 1024);

      sync_fixture_write (&self, &(SyncChange) { "n", STORE_JOURNAL_CREATE, json, "p1", 0, "held",
                                                 "undo:9" });
    }
  sync_fixture_set_state (&self, "n", "waiting", NULL);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "n", "done");
  g_assert_cmpuint (mock_fhir_count (self.mock, "DocumentReference"), ==, 3);
  g_assert_cmpuint (self.mock->transactions, ==, 0);
  sync_fixture_tear_down (&self);
}

/* A server with a smaller limit says 400 and "File too large": learned, and the rest goes on. */
static void
test_limit_is_learned (void)
{
  SyncFixture self = { 0 };
  g_autofree char *large = make_note ("large", 300 * 1024);
  g_autofree char *first = make_note ("d1", 120 * 1024);
  g_autofree char *second = make_note ("d2", 120 * 1024);

  sync_fixture_set_up (&self);
  self.mock->max_body = 200 * 1024;
  self.mock->too_large = 400;
  start (&self);
  sync_fixture_write (&self, &(SyncChange) { "n", STORE_JOURNAL_CREATE, first, "p1", 0, "held",
                                             "undo:9" });
  sync_fixture_write (&self, &(SyncChange) { "n", STORE_JOURNAL_CREATE, second, "p1", 0, "held",
                                             "undo:9" });
  sync_fixture_set_state (&self, "n", "waiting", NULL);
  sync_fixture_write (&self,
                      &(SyncChange) { "x", STORE_JOURNAL_CREATE, large, "p1", 0, NULL, NULL });
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "n", "done");
  sync_fixture_wait_state (&self, "x", "refused");
  g_assert_cmpuint (mock_fhir_count (self.mock, "DocumentReference"), ==, 2);
  sync_fixture_wait (has_note (&self, "large files"));
  sync_fixture_tear_down (&self);
}

/* An order with something too large beside it goes as a whole or not at all. */
static void
test_order_is_not_cut (void)
{
  SyncFixture self = { 0 };
  g_autofree char *json = make_note ("d1", 950 * 1024);
  g_autofree char *reason = NULL;

  sync_fixture_set_up (&self);
  start (&self);
  sync_fixture_write (&self,
                      &(SyncChange) { "rx", STORE_JOURNAL_CREATE, RX, "p1", 10, "held", "undo:9" });
  sync_fixture_write (&self, &(SyncChange) { "rx", STORE_JOURNAL_CREATE, json, "p1", 10, "held",
                                             "undo:9" });
  sync_fixture_set_state (&self, "rx", "waiting", NULL);
  sync_engine_wake (self.engine);
  sync_fixture_wait_state (&self, "rx", "refused");
  reason = sync_fixture_dup_reason (&self, "rx");
  g_assert_nonnull (strstr (reason, "too large"));
  g_assert_cmpuint (mock_fhir_count (self.mock, "MedicationRequest"), ==, 0);
  sync_fixture_tear_down (&self);
}

/* What one program of that name could not do is not held against the next. */
static void
test_notes (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->statement =
      "{\"resourceType\":\"CapabilityStatement\",\"software\":{\"name\":\"x\"},\"rest\":[{"
      "\"interaction\":[{\"code\":\"transaction\"}],\"resource\":[{\"type\":\"Patient\","
      "\"updateCreate\":true,\"conditionalCreate\":true,\"versioning\":\"versioned-update\","
      "\"interaction\":[{\"code\":\"search-type\"},{\"code\":\"history-type\"}]},"
      "{\"type\":\"Subscription\"}]}]}";
  start (&self);
  g_assert_true (has_note (&self, "no allergies"));
  g_assert_false (has_note (&self, "own numbers"));
  g_assert_false (has_note (&self, "by itself. Bedside asks every"));
  g_assert_false (has_note (&self, "one after the other"));
  sync_fixture_tear_down (&self);
}

static gboolean
end_wait (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* How many tries there were within two seconds after the first reading. */
static guint
count_subscriptions (const char *statement, gboolean silent)
{
  SyncFixture self = { 0 };
  gboolean waited = FALSE;
  guint count, timer;

  sync_fixture_set_up (&self);
  self.mock->statement = statement;
  self.mock->silent = silent;
  start (&self);
  timer = g_timeout_add (2000, end_wait, &waited);
  sync_fixture_wait (waited || mock_fhir_count_requests (self.mock, "POST /Subscription") > 0);
  if (!waited)
    g_source_remove (timer);
  count = mock_fhir_count_requests (self.mock, "POST /Subscription");
  sync_fixture_tear_down (&self);
  return count;
}

#define SUBSCRIPTION_STATEMENT(rest)                                                               \
  "{\"resourceType\":\"CapabilityStatement\",\"rest\":[{\"resource\":[{\"type\":\"Patient\"}" rest \
  "]}]}"

/* Nothing is written to a server that does not offer to take it. */
static void
test_subscription_where_offered (void)
{
  g_assert_cmpuint (count_subscriptions (SUBSCRIPTION_STATEMENT (""), FALSE), ==, 0);
  g_assert_cmpuint (count_subscriptions (SUBSCRIPTION_STATEMENT (
                                             ",{\"type\":\"Subscription\",\"interaction\":["
                                             "{\"code\":\"read\"}]}"),
                                         FALSE),
                    ==, 0);
  g_assert_cmpuint (count_subscriptions (SUBSCRIPTION_STATEMENT (
                                             ",{\"type\":\"Subscription\",\"interaction\":["
                                             "{\"code\":\"create\"}]}"),
                                         FALSE),
                    ==, 1);
  g_assert_cmpuint (count_subscriptions (NULL, TRUE), ==, 1);
}

/* What another server at this address offered yesterday is not what this one offers. */
static void
test_subscription_of_yesterday (void)
{
  SyncFixture self = { 0 };
  gboolean waited = FALSE;

  sync_fixture_set_up (&self);
  self.mock->statement = SUBSCRIPTION_STATEMENT (",{\"type\":\"Subscription\"}");
  start (&self);
  sync_fixture_wait (mock_fhir_count_requests (self.mock, "POST /Subscription") == 1);
  sync_engine_stop (self.engine);
  g_object_unref (self.engine);
  self.engine = sync_engine_new (self.store, self.client, self.clock);
  self.mock->statement = SUBSCRIPTION_STATEMENT ("");
  sync_engine_start (self.engine);
  g_timeout_add (2000, end_wait, &waited);
  sync_fixture_wait (waited);
  g_assert_cmpuint (mock_fhir_count_requests (self.mock, "POST /Subscription"), ==, 1);
  sync_fixture_tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/capability/no-transactions", test_no_transactions);
  g_test_add_func ("/sync/capability/server-ids", test_server_ids);
  g_test_add_func ("/sync/capability/server-ids-singly", test_server_ids_singly);
  g_test_add_func ("/sync/capability/poor-server", test_poor_server);
  g_test_add_func ("/sync/capability/lost-singly-before", test_lost_singly_before);
  g_test_add_func ("/sync/capability/lost-singly-after", test_lost_singly_after);
  g_test_add_func ("/sync/capability/lost-singly-half", test_lost_singly_half);
  g_test_add_func ("/sync/capability/transaction-as-batch", test_transaction_as_batch);
  g_test_add_func ("/sync/capability/delete-is-read-before", test_delete_is_read_before);
  g_test_add_func ("/sync/capability/delete", test_delete);
  g_test_add_func ("/sync/capability/unversioned-update", test_unversioned_update);
  g_test_add_func ("/sync/capability/nothing-promised", test_nothing_promised);
  g_test_add_func ("/sync/capability/wrong-etags", test_wrong_etags);
  g_test_add_func ("/sync/capability/wrong-record", test_wrong_record);
  g_test_add_func ("/sync/capability/wrong-record-singly", test_wrong_record_singly);
  g_test_add_func ("/sync/capability/large-group-goes-singly", test_large_group_goes_singly);
  g_test_add_func ("/sync/capability/limit-is-learned", test_limit_is_learned);
  g_test_add_func ("/sync/capability/order-is-not-cut", test_order_is_not_cut);
  g_test_add_func ("/sync/capability/notes", test_notes);
  g_test_add_func ("/sync/capability/subscription-where-offered", test_subscription_where_offered);
  g_test_add_func ("/sync/capability/subscription-of-yesterday", test_subscription_of_yesterday);
  return g_test_run ();
}
