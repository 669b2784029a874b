/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

#include "sync-conflict.h"

/* Two people changed one record: what a page is given to show, and what becomes of their choices.
 */

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"birthDate\":\"1961-03-12\"}"
#define ALLERGY(code, rest)                                                                        \
  "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"code\":{\"text\":\"" code              \
  "\"},\"patient\":{\"reference\":\"Patient/p1\"}" rest "}"
#define ORDER(rest)                                                                                \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"intent\":\"order\",\"subject\":{"       \
  "\"reference\":\"Patient/p1\"},\"medicationCodeableConcept\":{\"text\":\"ibuprofen\"}" rest "}"

/* Somebody writes on the server between our reading and our sending. */
static void
write_theirs (MockFhir *mock, gpointer json)
{
  mock->before_transaction = NULL;
  mock_fhir_put (mock, json);
}

static void
start_with (SyncFixture *self, const char *json, const char *type, const char *id)
{
  sync_fixture_set_up (self);
  mock_fhir_put (self->mock, PATIENT);
  mock_fhir_put (self->mock, json);
  sync_engine_start (self->engine);
  sync_fixture_wait_pull (self);
  sync_fixture_wait_resource (self, type, id);
}

static void
collide (SyncFixture *self, const char *mine, const char *theirs)
{
  self->mock->before_transaction = write_theirs;
  self->mock->hook_data = (gpointer) theirs;
  sync_fixture_write (self,
                      &(SyncChange) { "g", STORE_JOURNAL_UPDATE, mine, "p1", 10, NULL, NULL });
  sync_fixture_wait_state (self, "g", "held");
}

static gboolean
list_work (StoreConnection *connection, gpointer data, GError **error)
{
  return (*(GPtrArray **) data = sync_conflict_list (connection, error)) != NULL;
}

static SyncConflict *
only_conflict (SyncFixture *self)
{
  g_autoptr (GPtrArray) conflicts = NULL;
  g_autoptr (GError) error = NULL;

  store_database_read (self->store, list_work, &conflicts, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (conflicts->len, ==, 1);
  return g_ptr_array_steal_index (conflicts, 0);
}

static SyncDifference *
find (SyncConflict *conflict, const char *path)
{
  for (guint i = 0; i < conflict->differences->len; i++)
    {
      SyncDifference *difference = conflict->differences->pdata[i];

      if (strcmp (difference->path, path) == 0)
        return difference;
    }
  g_error ("nothing differs at %s", path);
}

typedef struct
{
  gboolean done;
  GError *error;
} Answer;

static void
on_decided (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  sync_engine_decide_elements_finish (SYNC_ENGINE (source), result, &answer->error);
  answer->done = TRUE;
}

static GError *
decide (SyncFixture *self, SyncConflict *conflict, GHashTable *choices)
{
  Answer answer = { 0 };

  sync_engine_decide_elements_async (self->engine, conflict->group, conflict->type, conflict->id,
                                     choices, on_decided, &answer);
  sync_fixture_wait (answer.done);
  return answer.error;
}

static void
choose (GHashTable *choices, SyncConflict *conflict, const char *path, SyncSide side)
{
  g_hash_table_insert (choices, find (conflict, path)->key, GINT_TO_POINTER (side));
}

static void
test_describe_and_combine (void)
{
  SyncFixture self = { 0 };
  g_autoptr (SyncConflict) conflict = NULL;
  g_autoptr (GHashTable) choices = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *mine = NULL;
  g_autofree char *theirs = NULL;
  FhirResource *there;
  g_autoptr (GError) error = NULL;

  start_with (&self, ALLERGY ("Penicillin", ",\"criticality\":\"low\""), "AllergyIntolerance",
              "a1");
  collide (&self,
           ALLERGY ("Amoxicillin", ",\"criticality\":\"low\",\"recordedDate\":\"2026-11-09\""),
           ALLERGY ("Penicillin", ",\"criticality\":\"high\",\"onsetString\":\"child\""));
  conflict = only_conflict (&self);
  g_assert_cmpstr (conflict->type, ==, "AllergyIntolerance");
  g_assert_cmpstr (conflict->patient, ==, "p1");
  g_assert_nonnull (conflict->base);
  g_assert_cmpuint (conflict->differences->len, ==, 4);
  g_assert_cmpint (conflict->mine_when, >, 0);
  g_assert_cmpint (conflict->theirs_when, >, 0);
  g_assert_true (find (conflict, "code")->mine_changed);
  g_assert_false (find (conflict, "code")->theirs_changed);
  g_assert_false (find (conflict, "criticality")->mine_changed);
  g_assert_true (find (conflict, "criticality")->theirs_changed);
  g_assert_null (find (conflict, "onset[x]")->mine);
  mine = sync_conflict_dup_side_text (find (conflict, "code"), SYNC_SIDE_MINE);
  theirs = sync_conflict_dup_side_text (find (conflict, "code"), SYNC_SIDE_THEIRS);
  g_assert_cmpstr (mine, ==, "Amoxicillin");
  g_assert_cmpstr (theirs, ==, "Penicillin");

  choose (choices, conflict, "code", SYNC_SIDE_MINE);
  choose (choices, conflict, "criticality", SYNC_SIDE_THEIRS);
  choose (choices, conflict, "onset[x]", SYNC_SIDE_THEIRS);
  error = decide (&self, conflict, choices);
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CONFLICT); /* one element has no choice yet */
  g_clear_error (&error);
  choose (choices, conflict, "recordedDate", SYNC_SIDE_MINE);
  error = decide (&self, conflict, choices);
  g_assert_no_error (error);
  sync_fixture_wait_state (&self, "g", "done");
  there = mock_fhir_get (self.mock, "AllergyIntolerance", "a1");
  g_assert_cmpstr (fhir_resource_path_text (there, "code.text"), ==, "Amoxicillin");
  g_assert_cmpstr (fhir_resource_path_text (there, "criticality"), ==, "high");
  g_assert_cmpstr (fhir_resource_path_text (there, "onsetString"), ==, "child");
  g_assert_cmpstr (fhir_resource_path_text (there, "recordedDate"), ==, "2026-11-09");
  sync_fixture_tear_down (&self);
}

/* The server moved on while the page was open: what nobody saw is not written over. */
static void
test_stale_choice_is_refused (void)
{
  SyncFixture self = { 0 };
  g_autoptr (SyncConflict) conflict = NULL;
  g_autoptr (SyncConflict) again = NULL;
  g_autoptr (GHashTable) choices = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  start_with (&self, ALLERGY ("Penicillin", ""), "AllergyIntolerance", "a1");
  collide (&self, ALLERGY ("Amoxicillin", ""), ALLERGY ("Cefalexin", ""));
  conflict = only_conflict (&self);
  choose (choices, conflict, "code", SYNC_SIDE_MINE);
  mock_fhir_put (self.mock, ALLERGY ("Latex", ""));
  do
    {
      g_clear_pointer (&again, sync_conflict_free);
      again = only_conflict (&self);
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
  while (strcmp (fhir_resource_path_text (again->theirs, "code.text"), "Latex") != 0);
  error = decide (&self, conflict, choices);
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CONFLICT);
  g_assert_cmpstr (fhir_resource_path_text (mock_fhir_get (self.mock, "AllergyIntolerance", "a1"),
                                            "code.text"),
                   ==, "Latex");
  sync_fixture_tear_down (&self);
}

/* HAZARDS.md, H3: one changes the dose, the other stops it. It parks; and what a person puts
 * together of both is an order that nobody has signed yet. */
static void
test_combined_order_wants_signature (void)
{
  SyncFixture self = { 0 };
  g_autoptr (SyncConflict) conflict = NULL;
  g_autoptr (GHashTable) choices = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;

  start_with (&self, ORDER (",\"status\":\"active\",\"priority\":\"routine\""), "MedicationRequest",
              "m1");
  sync_fixture_write (&self, &(SyncChange) { "gone", STORE_JOURNAL_UPDATE, PATIENT, "p1", 0, "done",
                                             NULL });
  collide (&self,
           ORDER (",\"status\":\"active\",\"priority\":\"routine\",\"dosageInstruction\":[{"
                  "\"text\":\"two a day\"}]"),
           ORDER (",\"status\":\"active\",\"priority\":\"urgent\""));
  conflict = only_conflict (&self);
  choose (choices, conflict, "dosageInstruction", SYNC_SIDE_MINE);
  choose (choices, conflict, "priority", SYNC_SIDE_THEIRS);
  error = decide (&self, conflict, choices);
  g_assert_no_error (error);
  sync_fixture_wait_state (&self, "g", "held");
  reason = sync_fixture_dup_reason (&self, "g");
  g_assert_true (g_str_has_prefix (reason, "review: "));
  g_assert_null (fhir_resource_path (mock_fhir_get (self.mock, "MedicationRequest", "m1"),
                                     "dosageInstruction"));
  sync_fixture_tear_down (&self);
}

/* All theirs: nothing is sent, and what is here is the server's. */
static void
test_all_theirs (void)
{
  SyncFixture self = { 0 };
  g_autoptr (SyncConflict) conflict = NULL;
  g_autoptr (GHashTable) choices = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (FhirResource) here = NULL;
  g_autoptr (GError) error = NULL;
  guint transactions;

  start_with (&self, ALLERGY ("Penicillin", ""), "AllergyIntolerance", "a1");
  collide (&self, ALLERGY ("Amoxicillin", ""), ALLERGY ("Cefalexin", ""));
  transactions = self.mock->transactions;
  conflict = only_conflict (&self);
  choose (choices, conflict, "code", SYNC_SIDE_THEIRS);
  error = decide (&self, conflict, choices);
  g_assert_no_error (error);
  sync_fixture_wait_state (&self, "g", "done");
  here = sync_fixture_get (&self, "AllergyIntolerance", "a1");
  g_assert_cmpstr (fhir_resource_path_text (here, "code.text"), ==, "Cefalexin");
  g_assert_cmpstr (fhir_resource_get_version (here), ==,
                   fhir_resource_get_version (
                       mock_fhir_get (self.mock, "AllergyIntolerance", "a1")));
  g_assert_cmpuint (self.mock->transactions, ==, transactions);
  sync_fixture_tear_down (&self);
}

/* Where both would read alike, every leaf is named. */
static void
test_texts_never_read_alike (void)
{
  g_autoptr (FhirResource) mine =
      fhir_resource_parse ("{\"resourceType\":\"Condition\",\"id\":\"c\",\"code\":{\"coding\":[{"
                           "\"code\":\"1\"}],\"text\":\"Asthma\"}}",
                           -1, NULL);
  g_autoptr (FhirResource) theirs =
      fhir_resource_parse ("{\"resourceType\":\"Condition\",\"id\":\"c\",\"code\":{\"coding\":[{"
                           "\"code\":\"2\"}],\"text\":\"Asthma\"}}",
                           -1, NULL);
  g_autoptr (GPtrArray) differences = sync_difference_list (NULL, mine, theirs);
  g_autofree char *left = sync_conflict_dup_side_text (differences->pdata[0], SYNC_SIDE_MINE);
  g_autofree char *right = sync_conflict_dup_side_text (differences->pdata[0], SYNC_SIDE_THEIRS);

  g_assert_cmpstr (left, !=, right);
  g_assert_nonnull (strstr (left, "code: 1"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/conflict/describe-and-combine", test_describe_and_combine);
  g_test_add_func ("/sync/conflict/stale-choice-is-refused", test_stale_choice_is_refused);
  g_test_add_func ("/sync/conflict/combined-order-wants-signature",
                   test_combined_order_wants_signature);
  g_test_add_func ("/sync/conflict/all-theirs", test_all_theirs);
  g_test_add_func ("/sync/conflict/texts-never-read-alike", test_texts_never_read_alike);
  return g_test_run ();
}
