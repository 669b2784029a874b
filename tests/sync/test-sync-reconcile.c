/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

/* What was deleted on the server, where nothing tells. */

#define ENCOUNTER(id)                                                                              \
  "{\"resourceType\":\"Encounter\",\"id\":\"" id "\",\"status\":\"planned\",\"subject\":{"         \
  "\"reference\":\"Patient/p1\"}}"

static void
start (SyncFixture *self)
{
  mock_fhir_put (self->mock, "{\"resourceType\":\"Patient\",\"id\":\"p1\"}");
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *json = g_strdup_printf (ENCOUNTER ("e%u"), i);

      mock_fhir_put (self->mock, json);
    }
  sync_engine_start (self->engine);
  sync_fixture_wait_pull (self);
  sync_fixture_wait_resource (self, "Encounter", "e3");
}

static gboolean
is_gone (SyncFixture *self, const char *id)
{
  g_autoptr (FhirResource) here = sync_fixture_get (self, "Encounter", id);

  return here == NULL;
}

/* Only its absence shows it; with 410 and with 404 for what is gone. */
static void
check_absence (gboolean no_gone)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->no_gone = no_gone;
  self.mock->page_size = 2;
  start (&self);
  mock_fhir_delete (self.mock, "Encounter", "e1");
  sync_engine_reconcile (self.engine);
  sync_fixture_wait (is_gone (&self, "e1"));
  g_assert_false (is_gone (&self, "e0"));
  g_assert_false (is_gone (&self, "e3"));
  g_assert_cmpuint (mock_fhir_count_requests (self.mock, "GET /Encounter?_elements=id"), >, 0);
  /* Once to see whether this is the same server, once before it goes. */
  g_assert_cmpuint (mock_fhir_count_requests (self.mock, "GET /Encounter/e1"), ==, 2);
  g_assert_cmpuint (mock_fhir_count_requests (self.mock, "GET /Encounter/e0"), ==, 0);
  sync_fixture_tear_down (&self);
}

static void
test_absence (void)
{
  check_absence (FALSE);
}

static void
test_absence_without_gone (void)
{
  check_absence (TRUE);
}

/* What was changed here and has not left stays, and a new record that the server does not know yet.
 */
static void
test_unsent_stays (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  start (&self);
  sync_fixture_write (&self, &(SyncChange) { "u", STORE_JOURNAL_UPDATE, ENCOUNTER ("e1"), "p1", 0,
                                             "refused", "The test says so" });
  sync_fixture_write (&self, &(SyncChange) { "n", STORE_JOURNAL_CREATE, ENCOUNTER ("new"), "p1", 0,
                                             "refused", "The test says so" });
  mock_fhir_delete (self.mock, "Encounter", "e1");
  mock_fhir_delete (self.mock, "Encounter", "e2");
  sync_engine_reconcile (self.engine);
  sync_fixture_wait (is_gone (&self, "e2"));
  g_assert_false (is_gone (&self, "e1"));
  g_assert_false (is_gone (&self, "new"));
  sync_fixture_tear_down (&self);
}

/* A list that leaves out what is still there: asked for by name, it stays. */
static void
test_list_is_not_trusted (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  start (&self);
  mock_fhir_delete (self.mock, "Encounter", "e0");
  self.mock->hide = "e2";
  sync_engine_reconcile (self.engine);
  sync_fixture_wait (is_gone (&self, "e0"));
  g_assert_false (is_gone (&self, "e2"));
  sync_fixture_tear_down (&self);
}

/* Where there is a history, lists are compared once; later deletions are read from it. */
static void
test_history (void)
{
  SyncFixture self = { 0 };
  guint lists;

  sync_fixture_set_up (&self);
  self.mock->history = TRUE;
  self.mock->statement = "{\"resourceType\":\"CapabilityStatement\",\"rest\":[{\"resource\":["
                         "{\"type\":\"Patient\",\"interaction\":[{\"code\":\"search-type\"},"
                         "{\"code\":\"history-type\"}]},"
                         "{\"type\":\"Encounter\",\"interaction\":[{\"code\":\"search-type\"},"
                         "{\"code\":\"history-type\"}]}]}]}";
  start (&self);
  mock_fhir_delete (self.mock, "Encounter", "e0");
  sync_engine_reconcile (self.engine);
  sync_fixture_wait (is_gone (&self, "e0"));
  lists = mock_fhir_count_requests (self.mock, "GET /Encounter?_elements=id");
  mock_fhir_delete (self.mock, "Encounter", "e3");
  sync_fixture_wait (sync_fixture_is_reconciled (&self));
  sync_engine_reconcile (self.engine);
  sync_fixture_wait (is_gone (&self, "e3"));
  g_assert_cmpuint (mock_fhir_count_requests (self.mock, "GET /Encounter?_elements=id"), ==, lists);
  g_assert_cmpuint (mock_fhir_count_requests (self.mock, "GET /Encounter/_history"), >, 0);
  sync_fixture_tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/reconcile/absence", test_absence);
  g_test_add_func ("/sync/reconcile/absence-without-gone", test_absence_without_gone);
  g_test_add_func ("/sync/reconcile/unsent-stays", test_unsent_stays);
  g_test_add_func ("/sync/reconcile/list-is-not-trusted", test_list_is_not_trusted);
  g_test_add_func ("/sync/reconcile/history", test_history);
  return g_test_run ();
}
