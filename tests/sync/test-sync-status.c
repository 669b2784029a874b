/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

/* What the screen says: never that everything is on the server while something is set aside. */

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"p1\"}"
#define ALLERGY(code)                                                                              \
  "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"code\":{\"text\":\"" code              \
  "\"},\"patient\":{\"reference\":\"Patient/p1\"}}"
#define OBSERVATION(id)                                                                            \
  "{\"resourceType\":\"Observation\",\"id\":\"" id "\",\"status\":\"final\",\"subject\":{"         \
  "\"reference\":\"Patient/p1\"}}"

static void
write_theirs (MockFhir *mock, gpointer json)
{
  mock->before_transaction = NULL;
  mock_fhir_put (mock, json);
}

static void
on_decided (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  sync_engine_decide_finish (SYNC_ENGINE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
decide (SyncFixture *self, const char *group, SyncDecision decision)
{
  gboolean done = FALSE;

  sync_engine_decide_async (self->engine, group, decision, on_decided, &done);
  sync_fixture_wait (done);
}

static gboolean
says (SyncFixture *self, const char *words)
{
  return strstr (sync_status_get_sentence (sync_engine_get_status (self->engine)), words) != NULL;
}

static void
refuse (SyncFixture *self)
{
  self->mock->refuse_type = "Observation";
  sync_fixture_write (self, &(SyncChange) { "bad", STORE_JOURNAL_CREATE, OBSERVATION ("o1"), "p1",
                                            0, NULL, NULL });
  sync_fixture_wait_state (self, "bad", "refused");
}

static void
test_set_aside (void)
{
  SyncFixture self = { 0 };
  SyncStatus *status;

  sync_fixture_set_up (&self);
  status = sync_engine_get_status (self.engine);
  mock_fhir_put (self.mock, PATIENT);
  mock_fhir_put (self.mock, ALLERGY ("Penicillin"));
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  sync_fixture_wait_resource (&self, "AllergyIntolerance", "a1");
  sync_fixture_wait (says (&self, "Everything is on the server"));
  g_assert_cmpint (sync_status_get_state (status), ==, SYNC_STATE_IDLE);

  refuse (&self);
  sync_fixture_wait (says (&self, "1 change is not on the server"));
  g_assert_cmpint (sync_status_get_state (status), ==, SYNC_STATE_ERROR);
  g_assert_false (says (&self, "Everything"));

  self.mock->before_transaction = write_theirs;
  self.mock->hook_data = (gpointer) ALLERGY ("Cefalexin");
  sync_fixture_write (&self, &(SyncChange) { "two", STORE_JOURNAL_UPDATE, ALLERGY ("Amoxicillin"),
                                             "p1", 0, NULL, NULL });
  sync_fixture_wait (says (&self, "2 changes are not on the server"));
  decide (&self, "two", SYNC_DECISION_KEEP_THEIRS);
  sync_fixture_wait (says (&self, "1 change is not on the server"));
  self.mock->refuse_type = NULL;
  decide (&self, "bad", SYNC_DECISION_RETRY);
  sync_fixture_wait (says (&self, "Everything is on the server"));
  g_assert_cmpint (sync_status_get_state (status), ==, SYNC_STATE_IDLE);
  g_assert_nonnull (mock_fhir_get (self.mock, "Observation", "o1"));
  sync_fixture_tear_down (&self);
}

/* Also after a new start, and beside what still waits. */
static void
test_after_restart (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, PATIENT);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  refuse (&self);
  sync_engine_stop (self.engine);
  sync_engine_start (self.engine);
  sync_fixture_wait (says (&self, "1 change is not on the server"));
  sync_fixture_write (&self, &(SyncChange) { "rest", STORE_JOURNAL_CREATE,
                                             "{\"resourceType\":\"Task\",\"id\":\"t1\"}", NULL, 0,
                                             "held", "undo" });
  sync_fixture_wait (says (&self, "1 change waits to be sent") &&
                     says (&self, "1 change is not on the server"));
  sync_fixture_tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/status/set-aside", test_set_aside);
  g_test_add_func ("/sync/status/after-restart", test_after_restart);
  return g_test_run ();
}
