/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

/* A server that was emptied, set back or replaced: nothing is taken away here, nothing is filled in
 * there, and a person decides. */

#define PATIENTS 8u
#define TASK(id)                                                                                   \
  "{\"resourceType\":\"Task\",\"id\":\"" id "\",\"status\":\"requested\",\"intent\":\"order\"}"

static void
put_patients_with (MockFhir *mock, const char *active)
{
  for (guint i = 0; i < PATIENTS; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"p%u\",\"active\":%s}", i,
                           active);

      mock_fhir_put (mock, json);
    }
}

static void
put_patients (MockFhir *mock)
{
  put_patients_with (mock, "true");
}

static void
start (SyncFixture *self)
{
  sync_fixture_set_up (self);
  put_patients (self->mock);
  mock_fhir_put (self->mock, TASK ("t0"));
  sync_engine_start (self->engine);
  sync_fixture_wait_pull (self);
  sync_fixture_wait_resource (self, "Task", "t0");
}

static void
restart (SyncFixture *self)
{
  sync_engine_stop (self->engine);
  sync_engine_start (self->engine);
}

static guint
count_here (SyncFixture *self)
{
  guint count = 0;

  for (guint i = 0; i < PATIENTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("p%u", i);
      g_autoptr (FhirResource) here = sync_fixture_get (self, "Patient", id);

      count += here != NULL;
    }
  return count;
}

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  sync_engine_accept_server_finish (SYNC_ENGINE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
test_emptied (void)
{
  SyncFixture self = { 0 };
  SyncStatus *status;
  gboolean accepted = FALSE;
  g_autofree char *state = NULL;

  start (&self);
  status = sync_engine_get_status (self.engine);
  mock_fhir_empty (self.mock);
  mock_fhir_put (self.mock, "{\"resourceType\":\"Patient\",\"id\":\"stranger\"}");
  restart (&self);
  sync_fixture_wait (sync_status_get_suspect (status));
  g_assert_cmpint (sync_status_get_state (status), !=, SYNC_STATE_IDLE);
  g_assert_nonnull (strstr (sync_status_get_sentence (status), "emptied"));
  g_assert_cmpuint (count_here (&self), ==, PATIENTS);

  /* Nothing leaves either, also after the program was started again. */
  sync_fixture_write (&self, &(SyncChange) { "t", STORE_JOURNAL_CREATE, TASK ("t1"), NULL, 10, NULL,
                                             NULL });
  restart (&self);
  sync_fixture_wait (sync_status_get_suspect (status) && sync_status_get_waiting (status) == 1);
  sync_engine_wake (self.engine);
  sync_fixture_wait (sync_status_get_state (status) == SYNC_STATE_OFFLINE);
  state = sync_fixture_dup_state (&self, "t");
  g_assert_cmpstr (state, ==, "waiting");
  g_assert_cmpuint (self.mock->log->len, ==, 0);
  g_assert_cmpuint (count_here (&self), ==, PATIENTS);

  /* A person says that it is right: it is read and sent to; what was here stays here only. */
  sync_engine_accept_server_async (self.engine, SYNC_ACCEPT_AS_IT_IS, on_accepted, &accepted);
  sync_fixture_wait (accepted);
  sync_fixture_wait_state (&self, "t", "done");
  sync_fixture_wait_resource (&self, "Patient", "stranger");
  sync_fixture_wait (!sync_status_get_suspect (status));
  sync_engine_reconcile (self.engine);
  sync_fixture_wait (sync_fixture_is_reconciled (&self));
  g_assert_cmpuint (count_here (&self), ==, PATIENTS);
  g_assert_cmpuint (mock_fhir_count (self.mock, "Patient"), ==, 1);
  sync_fixture_tear_down (&self);
}

/* A change that waited over the restart does not leave before the server was looked at. */
static void
test_first_change_waits (void)
{
  SyncFixture self = { 0 };

  start (&self);
  sync_engine_stop (self.engine);
  mock_fhir_empty (self.mock);
  sync_fixture_write (&self, &(SyncChange) { "t", STORE_JOURNAL_CREATE, TASK ("t1"), NULL, 10, NULL,
                                             NULL });
  sync_engine_start (self.engine);
  sync_fixture_wait (sync_status_get_suspect (sync_engine_get_status (self.engine)));
  g_assert_cmpuint (mock_fhir_count (self.mock, "Task"), ==, 0);
  g_assert_cmpuint (self.mock->transactions, ==, 0);
  sync_fixture_tear_down (&self);
}

/* A back-up of an older day was restored: its patients are older than those here. */
static void
test_set_back (void)
{
  SyncFixture self = { 0 };

  start (&self);
  mock_fhir_empty (self.mock);
  self.mock->lag = 1000;
  put_patients_with (self.mock, "false");
  restart (&self);
  sync_fixture_wait (sync_status_get_suspicion (sync_engine_get_status (self.engine)) ==
                     SYNC_SUSPICION_SET_BACK);
  g_assert_cmpuint (count_here (&self), ==, PATIENTS);
  sync_fixture_tear_down (&self);
}

/* A few that were deleted are a few that were deleted. */
static void
test_some_deleted (void)
{
  SyncFixture self = { 0 };

  start (&self);
  self.mock->no_gone = TRUE;
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("p%u", i);

      mock_fhir_delete (self.mock, "Patient", id);
    }
  restart (&self);
  sync_fixture_wait (sync_status_get_state (sync_engine_get_status (self.engine)) ==
                     SYNC_STATE_IDLE);
  sync_engine_reconcile (self.engine);
  sync_fixture_wait (count_here (&self) == PATIENTS - 3);
  g_assert_false (sync_status_get_suspect (sync_engine_get_status (self.engine)));
  sync_fixture_tear_down (&self);
}

/* The patients are there, and all that was written about them is not. */
static void
test_a_type_emptied (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  put_patients (self.mock);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *json = g_strdup_printf (TASK ("t%u"), i);

      mock_fhir_put (self.mock, json);
    }
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);

      mock_fhir_delete (self.mock, "Task", id);
    }
  sync_engine_reconcile (self.engine);
  sync_fixture_wait (sync_status_get_suspect (sync_engine_get_status (self.engine)));
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);
      g_autoptr (FhirResource) here = sync_fixture_get (&self, "Task", id);

      g_assert_nonnull (here);
    }
  sync_fixture_tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/server/emptied", test_emptied);
  g_test_add_func ("/sync/server/first-change-waits", test_first_change_waits);
  g_test_add_func ("/sync/server/set-back", test_set_back);
  g_test_add_func ("/sync/server/some-deleted", test_some_deleted);
  g_test_add_func ("/sync/server/a-type-emptied", test_a_type_emptied);
  return g_test_run ();
}
