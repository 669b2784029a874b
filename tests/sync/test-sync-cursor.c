/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-cursor.h"

#include "sync-fixture.h"

/* A server whose clock is put back and forward: whatever it writes arrives. */

#define SECOND ((gint64) G_USEC_PER_SEC)
#define NINE   (1794214800 * SECOND) /* 2026-11-09T09:00:00Z */

static void
test_cap (void)
{
  g_auto (SyncCursor) cursor = { 0 };

  sync_cursor_cap (&cursor, NINE);
  g_assert_null (cursor.high);
  sync_cursor_raise (&cursor, "2026-11-09T09:00:00.700Z");
  sync_cursor_raise (&cursor, "2026-11-09T08:00:00Z");
  sync_cursor_cap (&cursor, NINE); /* it says whole seconds */
  g_assert_cmpstr (cursor.high, ==, "2026-11-09T09:00:00.700Z");
  sync_cursor_raise (&cursor, "2026-11-09T11:00:00+01:00");
  sync_cursor_cap (&cursor, 0);
  g_assert_cmpstr (cursor.high, ==, "2026-11-09T11:00:00+01:00");
  sync_cursor_cap (&cursor, NINE);
  g_assert_cmpstr (cursor.high, ==, "2026-11-09T09:00:00Z");
}

/* @now: seconds after nine by the server; @expected: where to begin instead, NULL: everything, "-":
 * as it was */
static void
check_put_back (int now, int elapsed, const char *expected)
{
  g_auto (SyncCursor) cursor = { .from = g_strdup ("2026-11-09T09:00:00Z"),
                                 .high = g_strdup ("2026-11-09T09:00:00Z") };
  gboolean back =
      sync_cursor_is_put_back (&cursor, NINE + now * SECOND, elapsed >= 0 ? elapsed * SECOND : -1);

  g_assert_cmpint (back, ==, g_strcmp0 (expected, "-") != 0);
  g_assert_cmpstr (cursor.from, ==, back ? expected : "2026-11-09T09:00:00Z");
}

static void
test_put_back (void)
{
  check_put_back (20, 20, "-");
  check_put_back (3600, 20, "-");
  check_put_back (20, -1, "-");
  check_put_back (20, 80, "2026-11-09T08:59:00Z"); /* by a minute, though it is past nine again */
  check_put_back (-3600, 20, "2026-11-09T07:59:40Z");
  check_put_back (-3600, -1, NULL);
}

static void
test_query (void)
{
  g_autofree char *first = sync_cursor_make_query (NULL, SYNC_OVERLAP_US, SYNC_QUESTION_NEWS);
  g_autofree char *news = sync_cursor_make_query ("2026-11-09T10:00:00.5+01:00", SYNC_OVERLAP_US,
                                                  SYNC_QUESTION_SORTED_NEWS);

  g_assert_cmpstr (first, ==, "_count=500");
  g_assert_cmpstr (news, ==, "_lastUpdated=ge2026-11-09T08:59:50Z&_sort=_lastUpdated&_count=500");
}

static void
put_task (SyncFixture *self, const char *id, const char *text)
{
  g_autofree char *json =
      g_strdup_printf ("{\"resourceType\":\"Task\",\"id\":\"%s\",\"status\":\"requested\","
                       "\"intent\":\"order\",\"description\":\"%s\"}",
                       id, text);

  mock_fhir_put (self->mock, json);
}

static gboolean
says (SyncFixture *self, const char *id, const char *text)
{
  g_autoptr (FhirResource) here = sync_fixture_get (self, "Task", id);

  return here != NULL && g_strcmp0 (fhir_resource_path_text (here, "description"), text) == 0;
}

static void
start (SyncFixture *self)
{
  sync_fixture_set_up (self);
  self->mock->dates = TRUE;
  put_task (self, "edited", "first");
  put_task (self, "other", "first");
  sync_engine_start (self->engine);
  sync_fixture_wait_pull (self);
  sync_fixture_wait (says (self, "other", "first"));
}

/* What is written right after the jump is older than any overlap when the server is asked. */
#define LATER 12u

/* By seconds, where an edit looks a little older than what is here, and by more than any overlap;
 * forward, and back again: each edit and each new record comes. */
static void
test_jumps (void)
{
  static const int lags[] = { 30, 3000, -3000, 0, 900 };
  SyncFixture self = { 0 };

  start (&self);
  for (gsize i = 0; i < G_N_ELEMENTS (lags); i++)
    {
      g_autofree char *id = g_strdup_printf ("new-%d", lags[i]);
      g_autofree char *text = g_strdup_printf ("after %d", lags[i]);

      self.mock->lag = lags[i];
      put_task (&self, "edited", text);
      put_task (&self, id, text);
      for (guint second = 0; second < LATER; second++)
        put_task (&self, "filler", text);
      sync_fixture_wait (says (&self, "edited", text) && says (&self, id, text));
    }
  g_assert_false (sync_status_get_suspect (sync_engine_get_status (self.engine)));
  sync_fixture_tear_down (&self);
}

/* The program did not run when it happened. */
static void
test_put_back_meanwhile (void)
{
  SyncFixture self = { 0 };

  start (&self);
  sync_engine_stop (self.engine);
  self.mock->lag = 3000;
  put_task (&self, "edited", "late");
  put_task (&self, "new", "late");
  sync_engine_start (self.engine);
  sync_fixture_wait (says (&self, "edited", "late") && says (&self, "new", "late"));
  sync_fixture_tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/cursor/cap", test_cap);
  g_test_add_func ("/sync/cursor/put-back", test_put_back);
  g_test_add_func ("/sync/cursor/query", test_query);
  g_test_add_func ("/sync/cursor/jumps", test_jumps);
  g_test_add_func ("/sync/cursor/put-back-meanwhile", test_put_back_meanwhile);
  return g_test_run ();
}
