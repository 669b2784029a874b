/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

#include "store-resource.h"

/* Reading everything: whatever happens on the way, in the end all of it is here, once. */

#define COUNT 30u

static void
put_all (MockFhir *mock)
{
  mock_fhir_put (mock, "{\"resourceType\":\"Patient\",\"id\":\"p1\"}");
  for (guint i = 0; i < COUNT; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"Observation\",\"id\":\"o%u\",\"status\":\"final\","
                           "\"subject\":{\"reference\":\"Patient/p1\"}}",
                           i);

      mock_fhir_put (mock, json);
    }
}

static gboolean
all_here (SyncFixture *self)
{
  for (guint i = 0; i < COUNT; i++)
    {
      g_autofree char *id = g_strdup_printf ("o%u", i);
      g_autoptr (FhirResource) here = sync_fixture_get (self, "Observation", id);

      if (here == NULL)
        return FALSE;
    }
  return TRUE;
}

static guint
count_pages (SyncFixture *self)
{
  return mock_fhir_count_requests (self->mock, "GET /Observation?");
}

/* The program ends after each page in turn: it goes on where it was, not from the beginning. */
static void
test_killed_at_each_page (void)
{
  SyncFixture self = { 0 };
  guint pages = 0, starts = 0;

  sync_fixture_set_up (&self);
  self.mock->page_size = 3;
  put_all (self.mock);
  while (!all_here (&self))
    {
      g_assert_cmpuint (starts++, <, 2 * COUNT);
      sync_engine_start (self.engine);
      /* Who asks for the next page has kept the one before; what the server is just answering may
       * arrive or not. */
      sync_fixture_wait (count_pages (&self) > pages + 1 || all_here (&self));
      sync_engine_stop (self.engine);
      pages = count_pages (&self);
    }
  g_assert_cmpuint (starts, >, 1);
  /* Ten pages; each start may lose at most the one that it was reading. */
  g_assert_cmpuint (mock_fhir_count_requests (self.mock, "GET /Observation?"), <=, 10 + 2 * starts);
  sync_fixture_tear_down (&self);
}

typedef struct
{
  guint most_left;
  gboolean went_down;
  guint last_done;
} Progress;

static void
on_done (SyncStatus *status, GParamSpec *pspec, Progress *progress)
{
  guint done, left;

  g_object_get (status, "done", &done, "seconds-left", &left, NULL);
  progress->went_down |= done < progress->last_done && done != 0;
  progress->last_done = done;
  progress->most_left = MAX (progress->most_left, left);
}

/* How much of how much, and an estimate of what is left. */
static void
test_progress (void)
{
  SyncFixture self = { 0 };
  SyncStatus *status;
  Progress progress = { 0 };
  guint done, total, left;

  sync_fixture_set_up (&self);
  self.mock->page_size = 5;
  self.mock->counts = TRUE;
  put_all (self.mock);
  status = sync_engine_get_status (self.engine);
  g_signal_connect (status, "notify", G_CALLBACK (on_done), &progress);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  g_object_get (status, "done", &done, "total", &total, "seconds-left", &left, NULL);
  g_assert_cmpuint (total, ==, COUNT + 1);
  g_assert_cmpuint (done, ==, COUNT + 1);
  g_assert_cmpuint (left, ==, 0);
  g_assert_cmpuint (progress.most_left, >, 0);
  g_assert_false (progress.went_down);
  sync_fixture_tear_down (&self);
}

/* A link that has died begins the search again; so often as it dies. */
static void
test_expired_links (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->page_size = 4;
  self.mock->expire_next = 3;
  put_all (self.mock);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  g_assert_true (all_here (&self));
  g_assert_cmpuint (self.mock->expire_next, ==, 0);
  sync_fixture_tear_down (&self);
}

typedef struct
{
  const char *id;
  guint versions;
} Versions;

static gboolean
count_versions (StoreConnection *connection, gpointer data, GError **error)
{
  Versions *job = data;
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, "Observation", job->id, 100, error);

  job->versions = history != NULL ? history->len : 0;
  return TRUE;
}

/* Each page repeats what the one before ended with: nothing is stored twice. */
static void
test_doubled_pages (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->page_size = 4;
  self.mock->doubled_pages = TRUE;
  put_all (self.mock);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  g_assert_true (all_here (&self));
  for (guint i = 0; i < COUNT; i++)
    {
      g_autofree char *id = g_strdup_printf ("o%u", i);
      Versions job = { .id = id };

      g_assert_true (store_database_read (self.store, count_versions, &job, NULL));
      g_assert_cmpuint (job.versions, ==, 1);
    }
  sync_fixture_tear_down (&self);
}

/* Links that go round in a circle come to an end. */
static void
test_circle (void)
{
  SyncFixture self = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *link = NULL;

  sync_fixture_set_up (&self);
  self.mock->page_size = 10;
  put_all (self.mock);
  url = mock_fhir_dup_url (self.mock);
  link = g_strconcat (url, "/Observation?_sort=_lastUpdated", NULL);
  self.mock->next_link = link;
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  g_assert_cmpuint (mock_fhir_count_requests (self.mock, "GET /Observation?"), <, 20);
  sync_fixture_tear_down (&self);
}

/* What was written a moment before the newest that came, and committed after it, is not missed. */
static void
test_overlap (void)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  put_all (self.mock);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  self.mock->lag = 5;
  mock_fhir_put (self.mock,
                 "{\"resourceType\":\"Observation\",\"id\":\"late\",\"status\":\"final\"}");
  sync_fixture_wait_resource (&self, "Observation", "late");
  sync_fixture_tear_down (&self);
}

/* A server that ignores filters: another patient's allergy that comes with the answer is not taken
 * for this patient's, and a deletion is still noticed. */
static void
test_filters_ignored (void)
{
  SyncFixture self = { 0 };
  g_autofree char *reason = NULL;

  sync_fixture_set_up (&self);
  self.mock->no_filters = TRUE;
  self.mock->page_size = 2;
  put_all (self.mock);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a%u\",\"code\":{"
                           "\"text\":\"Nuts\"},\"patient\":{\"reference\":\"Patient/p2\"}}",
                           i);

      mock_fhir_put (self.mock, json);
    }
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  sync_fixture_write (
      &self,
      &(SyncChange) { "rx", STORE_JOURNAL_CREATE,
                      "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"status\":\"active\","
                      "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/p1\"}}",
                      "p1", 10, NULL, NULL });
  sync_fixture_wait_state (&self, "rx", "done");
  sync_fixture_tear_down (&self);
}

/* A strict server that does not know how to sort, or what is new: it is asked in another way. */
static void
check_refused (const char *parameter)
{
  SyncFixture self = { 0 };

  sync_fixture_set_up (&self);
  self.mock->refuse_parameter = parameter;
  self.mock->page_size = 7;
  put_all (self.mock);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  g_assert_true (all_here (&self));
  mock_fhir_put (self.mock,
                 "{\"resourceType\":\"Observation\",\"id\":\"new\",\"status\":\"final\"}");
  sync_fixture_wait_resource (&self, "Observation", "new");
  sync_fixture_tear_down (&self);
}

static void
test_refused_parameters (void)
{
  check_refused ("_sort");
  check_refused ("_lastUpdated=");
}

/* After something was sent, the next look at the server is near. */
static void
test_look_is_near_after_sending (void)
{
  SyncFixture self = { 0 };
  guint before;

  sync_fixture_set_up (&self);
  put_all (self.mock);
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  sync_engine_set_idle (self.engine, TRUE); /* else asked for every five seconds */
  sync_fixture_write (&self, &(SyncChange) { "t", STORE_JOURNAL_CREATE,
                                             "{\"resourceType\":\"Task\",\"id\":\"t1\",\"status\":"
                                             "\"requested\",\"intent\":\"order\"}",
                                             NULL, 0, NULL, NULL });
  sync_fixture_wait_state (&self, "t", "done");
  before = mock_fhir_count_requests (self.mock, "GET /Task?");
  sync_fixture_wait (mock_fhir_count_requests (self.mock, "GET /Task?") > before);
  sync_fixture_tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/pull/killed-at-each-page", test_killed_at_each_page);
  g_test_add_func ("/sync/pull/progress", test_progress);
  g_test_add_func ("/sync/pull/expired-links", test_expired_links);
  g_test_add_func ("/sync/pull/doubled-pages", test_doubled_pages);
  g_test_add_func ("/sync/pull/circle", test_circle);
  g_test_add_func ("/sync/pull/overlap", test_overlap);
  g_test_add_func ("/sync/pull/filters-ignored", test_filters_ignored);
  g_test_add_func ("/sync/pull/refused-parameters", test_refused_parameters);
  g_test_add_func ("/sync/pull/look-is-near-after-sending", test_look_is_near_after_sending);
  return g_test_run ();
}
