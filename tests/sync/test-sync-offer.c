/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

#include "net-error.h"

/* A server that a back-up of an earlier day was restored on. */

#define PATIENTS 30u /* more than are asked for to see that the server is still the same */
#define LOST     5u

#define STATEMENT(generation)                                                                      \
  "{\"resourceType\":\"CapabilityStatement\",\"implementation\":{\"extension\":[{\"url\":"         \
  "\"https://bedside.health/fhir/StructureDefinition/store-generation\",\"valueString\":"          \
  "\"" generation "\"}]},\"rest\":[{\"resource\":["                                                \
  "{\"type\":\"Patient\",\"interaction\":[{\"code\":\"search-type\"},{\"code\":\"vread\"}]},"      \
  "{\"type\":\"Task\",\"interaction\":[{\"code\":\"search-type\"},{\"code\":\"vread\"}]}]}]}"

static char *
patient (guint number, const char *city)
{
  return g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"p%u\",\"address\":[{\"city\":"
                          "\"%s\"}]}",
                          number, city);
}

static char *
task (guint number)
{
  return g_strdup_printf ("{\"resourceType\":\"Task\",\"id\":\"t%u\",\"status\":\"requested\","
                          "\"intent\":\"order\"}",
                          number);
}

static void
put_patient (SyncFixture *self, guint number, const char *city)
{
  g_autofree char *json = patient (number, city);

  mock_fhir_put (self->mock, json);
}

static const char *
city_of (FhirResource *resource)
{
  return resource != NULL ? fhir_resource_path_text (resource, "address.0.city") : NULL;
}

static gboolean
has_city (SyncFixture *self, guint number, const char *city)
{
  g_autofree char *id = g_strdup_printf ("p%u", number);
  g_autoptr (FhirResource) here = sync_fixture_get (self, "Patient", id);

  return g_strcmp0 (city_of (here), city) == 0;
}

static guint
count_tasks (SyncFixture *self)
{
  guint count = 0;

  for (guint i = 0; i < LOST; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);
      g_autoptr (FhirResource) here = sync_fixture_get (self, "Task", id);

      count += here != NULL;
    }
  return count;
}

/* The clinic as the back-up has it. */
static void
begin (SyncFixture *self)
{
  sync_fixture_set_up (self);
  self->mock->integer_versions = TRUE;
  for (guint i = 0; i < PATIENTS; i++)
    put_patient (self, i, "Leith");
  put_patient (self, 1, "Granton");
  mock_fhir_back_up (self->mock);
}

/* Then a day's work, which is here too. */
static void
work_a_day (SyncFixture *self)
{
  for (guint i = 0; i < LOST; i++)
    {
      g_autofree char *json = task (i);

      mock_fhir_put (self->mock, json);
    }
  put_patient (self, 1, "Newhaven");
  sync_engine_start (self->engine);
  sync_fixture_wait_pull (self);
  sync_fixture_wait (has_city (self, 1, "Newhaven") && count_tasks (self) == LOST);
}

static SyncSuspicion
suspicion (SyncFixture *self)
{
  return sync_status_get_suspicion (sync_engine_get_status (self->engine));
}

static void
restart_and_suspect (SyncFixture *self)
{
  sync_engine_stop (self->engine);
  sync_engine_start (self->engine);
  sync_fixture_wait (suspicion (self) == SYNC_SUSPICION_SET_BACK);
}

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  sync_engine_accept_server_finish (SYNC_ENGINE (source), result, data);
}

static void
on_accepted_well (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  sync_engine_accept_server_finish (SYNC_ENGINE (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
accept (SyncFixture *self, SyncAcceptance acceptance)
{
  gboolean done = FALSE;

  sync_engine_accept_server_async (self->engine, acceptance, on_accepted_well, &done);
  sync_fixture_wait (done);
  sync_fixture_wait (suspicion (self) == SYNC_SUSPICION_NONE);
}

static gboolean
is_settled (SyncFixture *self)
{
  SyncStatus *status = sync_engine_get_status (self->engine);

  return sync_status_get_waiting (status) == 0 && sync_status_get_state (status) == SYNC_STATE_IDLE;
}

static void
reconcile (SyncFixture *self)
{
  sync_fixture_is_reconciled (self);
  sync_engine_reconcile (self->engine);
  sync_fixture_wait (sync_fixture_is_reconciled (self));
}

static void
wait_conflicts (SyncFixture *self, guint count)
{
  sync_fixture_wait (sync_status_get_conflicts (sync_engine_get_status (self->engine)) == count);
}

/* What the server lost is given to it again, once, and nothing is taken away here. */
static void
test_sends_again (void)
{
  SyncFixture self = { 0 };

  begin (&self);
  work_a_day (&self);
  mock_fhir_restore (self.mock);
  restart_and_suspect (&self);
  g_assert_nonnull (strstr (sync_status_get_sentence (sync_engine_get_status (self.engine)),
                            "gone back to an earlier day"));
  sync_engine_reconcile (self.engine);
  g_assert_cmpuint (count_tasks (&self), ==, LOST);
  g_assert_true (has_city (&self, 1, "Newhaven"));
  g_assert_cmpuint (self.mock->log->len, ==, 0);

  accept (&self, SYNC_ACCEPT_AND_OFFER);
  sync_fixture_wait (mock_fhir_count (self.mock, "Task") == LOST && is_settled (&self));
  g_assert_cmpstr (city_of (mock_fhir_get (self.mock, "Patient", "p1")), ==, "Newhaven");
  g_assert_cmpstr (fhir_resource_get_version (mock_fhir_get (self.mock, "Patient", "p1")), ==, "3");
  g_assert_cmpstr (fhir_resource_get_version (mock_fhir_get (self.mock, "Patient", "p2")), ==, "1");
  g_assert_cmpuint (self.mock->log->len, ==, LOST + 1);
  reconcile (&self);
  g_assert_cmpuint (count_tasks (&self), ==, LOST);
  g_assert_true (has_city (&self, 1, "Newhaven"));
  g_assert_cmpuint (self.mock->log->len, ==, LOST + 1);
  sync_fixture_tear_down (&self);
}

/* The person wants it as it is: it is not filled, and its older versions come; what it lacks stays
 * here. */
static void
test_as_it_is (void)
{
  SyncFixture self = { 0 };

  begin (&self);
  work_a_day (&self);
  mock_fhir_restore (self.mock);
  restart_and_suspect (&self);
  accept (&self, SYNC_ACCEPT_AS_IT_IS);
  sync_fixture_wait (has_city (&self, 1, "Granton") && is_settled (&self));
  reconcile (&self);
  g_assert_cmpuint (count_tasks (&self), ==, LOST);
  g_assert_cmpuint (mock_fhir_count (self.mock, "Task"), ==, 0);
  g_assert_cmpuint (self.mock->log->len, ==, 0);
  sync_fixture_tear_down (&self);
}

/* A server that names its records is known at once, while everything runs, and before it takes
 * anything: here three records are too few to see it by. */
static void
test_name_of_records (void)
{
  SyncFixture self = { 0 };
  g_autofree char *json = patient (0, "Cramond");
  g_autofree char *state = NULL;

  sync_fixture_set_up (&self);
  self.mock->integer_versions = TRUE;
  self.mock->generation = "monday";
  self.mock->statement = STATEMENT ("monday");
  put_patient (&self, 0, "Leith");
  mock_fhir_back_up (self.mock);
  put_patient (&self, 0, "Granton");
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  sync_fixture_wait (has_city (&self, 0, "Granton"));

  /* Version 2 is there again, and it is not the one that is changed here. */
  mock_fhir_restore (self.mock);
  self.mock->generation = "tuesday";
  self.mock->statement = STATEMENT ("tuesday");
  put_patient (&self, 0, "Newhaven");
  sync_fixture_write (&self,
                      &(SyncChange) { "c", STORE_JOURNAL_UPDATE, json, "p0", 0, NULL, NULL });
  sync_fixture_wait (suspicion (&self) == SYNC_SUSPICION_SET_BACK);
  state = sync_fixture_dup_state (&self, "c");
  g_assert_cmpstr (state, ==, "waiting");
  g_assert_cmpstr (city_of (mock_fhir_get (self.mock, "Patient", "p0")), ==, "Newhaven");

  /* Nor does it leave then: both sides wait for a person. */
  accept (&self, SYNC_ACCEPT_AS_IT_IS);
  sync_fixture_wait_state (&self, "c", "held");
  wait_conflicts (&self, 1);
  g_assert_true (has_city (&self, 0, "Cramond"));
  g_assert_cmpstr (city_of (mock_fhir_get (self.mock, "Patient", "p0")), ==, "Newhaven");
  g_assert_cmpuint (self.mock->log->len, ==, 0);

  /* The new name is known from now on. */
  sync_engine_stop (self.engine);
  sync_engine_start (self.engine);
  sync_fixture_wait (sync_status_get_state (sync_engine_get_status (self.engine)) !=
                     SYNC_STATE_SYNCING);
  g_assert_cmpint (suspicion (&self), ==, SYNC_SUSPICION_NONE);
  sync_fixture_tear_down (&self);
}

/* What waits, and is based on what the server still has, goes. */
static void
test_waiting_goes (void)
{
  SyncFixture self = { 0 };
  g_autofree char *json = patient (7, "Cramond");

  begin (&self);
  work_a_day (&self);
  sync_engine_stop (self.engine);
  sync_fixture_write (&self,
                      &(SyncChange) { "c", STORE_JOURNAL_UPDATE, json, "p7", 0, NULL, NULL });
  mock_fhir_restore (self.mock);
  sync_engine_start (self.engine);
  sync_fixture_wait (suspicion (&self) == SYNC_SUSPICION_SET_BACK);
  accept (&self, SYNC_ACCEPT_AND_OFFER);
  sync_fixture_wait_state (&self, "c", "done");
  g_assert_cmpstr (city_of (mock_fhir_get (self.mock, "Patient", "p7")), ==, "Cramond");
  sync_fixture_tear_down (&self);
}

/* Somebody wrote on the server after it was set back: nobody's words are written over. */
static void
test_written_since (void)
{
  SyncFixture self = { 0 };

  begin (&self);
  self.mock->vread = TRUE;
  self.mock->statement = STATEMENT ("monday");
  work_a_day (&self);
  mock_fhir_restore (self.mock);
  self.mock->statement = STATEMENT ("tuesday");
  put_patient (&self, 1, "Cramond"); /* version 3, as Newhaven was */
  put_patient (&self, 2, "Cramond"); /* on top of what is here */
  restart_and_suspect (&self);
  accept (&self, SYNC_ACCEPT_AND_OFFER);
  wait_conflicts (&self, 1);
  g_assert_true (has_city (&self, 1, "Newhaven"));
  g_assert_cmpstr (city_of (mock_fhir_get (self.mock, "Patient", "p1")), ==, "Cramond");
  sync_fixture_wait (has_city (&self, 2, "Cramond"));
  sync_fixture_wait (mock_fhir_count (self.mock, "Task") == LOST);
  sync_fixture_tear_down (&self);
}

/* Another server in its place is not filled, whatever the person says. */
static void
test_stranger_is_not_filled (void)
{
  SyncFixture self = { 0 };
  g_autoptr (GError) error = NULL;

  begin (&self);
  self.mock->statement = STATEMENT ("monday");
  work_a_day (&self);
  mock_fhir_empty (self.mock);
  self.mock->statement = STATEMENT ("somebody-else");
  put_patient (&self, 999, "Elsewhere");
  restart_and_suspect (&self);
  sync_engine_accept_server_async (self.engine, SYNC_ACCEPT_AND_OFFER, on_accepted, &error);
  sync_fixture_wait (error != NULL);
  g_assert_error (error, NET_ERROR, NET_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "not the same server"));
  g_assert_cmpuint (self.mock->log->len, ==, 0);
  g_assert_cmpuint (count_tasks (&self), ==, LOST);
  sync_fixture_tear_down (&self);
}

/* A clock that was put right by a quarter of an hour is no back-up. */
static void
test_clock_is_no_restore (void)
{
  SyncFixture self = { 0 };

  begin (&self);
  self.mock->vread = TRUE;
  self.mock->statement = STATEMENT ("monday");
  self.mock->lag = -1000;
  work_a_day (&self);
  self.mock->lag = 0;
  for (guint i = 0; i < LOST; i++)
    put_patient (&self, i, "Cramond");
  reconcile (&self);
  g_assert_cmpint (suspicion (&self), ==, SYNC_SUSPICION_NONE);
  sync_fixture_tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/offer/sends-again", test_sends_again);
  g_test_add_func ("/sync/offer/as-it-is", test_as_it_is);
  g_test_add_func ("/sync/offer/name-of-records", test_name_of_records);
  g_test_add_func ("/sync/offer/waiting-goes", test_waiting_goes);
  g_test_add_func ("/sync/offer/written-since", test_written_since);
  g_test_add_func ("/sync/offer/stranger-is-not-filled", test_stranger_is_not_filled);
  g_test_add_func ("/sync/offer/clock-is-no-restore", test_clock_is_no_restore);
  return g_test_run ();
}
