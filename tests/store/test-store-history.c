/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include "store-connection-private.h"
#include "store-history.h"

typedef struct
{
  StoreHistory asked;
  guint limit;
  GString *words; /* "Basic/a 2, Basic/a 1*": a star where it was created, a minus where deleted */
  gint64 last, total;
} Work;

static gboolean
page_work (StoreConnection *connection, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (GPtrArray) versions =
      store_history_page (connection, &work->asked, work->limit, error);

  if (versions == NULL)
    return FALSE;
  for (guint i = 0; i < versions->len; i++)
    {
      const StoreVersion *version = versions->pdata[i];

      g_assert_true (version->deleted == (version->resource == NULL));
      g_assert_true (version->deleted == (version->before != NULL));
      g_string_append_printf (work->words, "%s%s/%s %s%s%s", work->words->len > 0 ? ", " : "",
                              version->type, version->id, version->version,
                              version->created ? "*" : "", version->deleted ? "-" : "");
      work->last = version->sequence;
    }
  return work->asked.id == NULL ||
         store_history_count (connection, work->asked.type, work->asked.id, work->asked.since_us,
                              &work->total, error);
}

static void
assert_page (StoreFixture *fixture, Work *work, const char *expected)
{
  g_autoptr (GError) error = NULL;

  work->words = g_string_new (NULL);
  work->limit = work->limit > 0 ? work->limit : 100;
  store_database_read (fixture->database, page_work, work, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (work->words->str, ==, expected);
  g_string_free (work->words, TRUE);
}

static void
test_pages (StoreFixture *fixture, gconstpointer data)
{
  Work all = { .asked = { .since_us = G_MININT64 } };
  Work type = { .asked = { .type = "Basic", .since_us = G_MININT64 }, .limit = 2 };
  Work one = { .asked = { .type = "Basic", .id = "a", .since_us = G_MININT64 } };
  Work unknown = { .asked = { .type = "Basic", .id = "z", .since_us = G_MININT64 } };
  Work no_type = { .asked = { .type = "Device", .since_us = G_MININT64 } };

  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"a\"}");
  fixture_put (fixture, "{\"resourceType\":\"Task\",\"id\":\"t\"}");
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"a\",\"x\":1}");
  fixture_delete (fixture, "Basic", "a");
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"a\",\"x\":2}");
  assert_page (fixture, &all, "Basic/a 4*, Basic/a 3-, Basic/a 2, Task/t 1*, Basic/a 1*");
  assert_page (fixture, &type, "Basic/a 4*, Basic/a 3-");
  /* What comes after a page stays, though the newest becomes the second newest. */
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"a\",\"x\":3}");
  type.asked.before = type.last;
  assert_page (fixture, &type, "Basic/a 2, Basic/a 1*");
  type.asked.before = type.last;
  assert_page (fixture, &type, "");
  assert_page (fixture, &one, "Basic/a 5, Basic/a 4*, Basic/a 3-, Basic/a 2, Basic/a 1*");
  g_assert_cmpint (one.total, ==, 5);
  assert_page (fixture, &unknown, "");
  g_assert_cmpint (unknown.total, ==, 0);
  assert_page (fixture, &no_type, "");
}

static void
test_since (StoreFixture *fixture, gconstpointer data)
{
  Work since = { .asked = { .type = "Basic", .id = "a" } };
  Work all = { 0 };

  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"a\"}");
  base_clock_advance (fixture->clock, G_USEC_PER_SEC);
  since.asked.since_us = all.asked.since_us = base_clock_now (fixture->clock);
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"a\",\"x\":1}");
  assert_page (fixture, &since, "Basic/a 2");
  g_assert_cmpint (since.total, ==, 1);
  assert_page (fixture, &all, "Basic/a 2");
}

/* Later sequences, earlier on the clock: all that was written since is found, and no more, both
 * where it is few and is taken from the index of moments, and where it is many. */
static void
test_since_on_a_clock_set_back (StoreFixture *fixture, gconstpointer data)
{
  Work since = { .asked = { .type = "Basic" }, .limit = 3 };

  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"old\"}");
  base_clock_advance (fixture->clock, (gint64) 3600 * G_USEC_PER_SEC);
  since.asked.since_us = base_clock_now (fixture->clock);
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"a\"}");
  fixture_put (fixture, "{\"resourceType\":\"Task\",\"id\":\"t\"}");
  base_clock_advance (fixture->clock, -1800 * G_USEC_PER_SEC);
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"before\"}");
  base_clock_advance (fixture->clock, (gint64) 7200 * G_USEC_PER_SEC);
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"a\",\"x\":1}");
  fixture_delete (fixture, "Basic", "a");
  assert_page (fixture, &since, "Basic/a 3-, Basic/a 2, Basic/a 1*");
  since.asked.before = since.last;
  assert_page (fixture, &since, "");
  since.asked.type = NULL;
  since.asked.before = 0;
  assert_page (fixture, &since, "Basic/a 3-, Basic/a 2, Task/t 1*");
  since.asked.before = since.last;
  assert_page (fixture, &since, "Basic/a 1*");
}

typedef struct
{
  StoreHistory asked;
  guint versions, limit;
  gint64 steps; /* in hundreds of SQLite's instructions */
} Cost;

static int
count_step_cb (gpointer data)
{
  ((Cost *) data)->steps++;
  return 0;
}

static gboolean
cost_work (StoreConnection *connection, gpointer data, GError **error)
{
  Cost *cost = data;
  StoreStatement *statement = store_connection_compose (connection, "SELECT 1", error);
  sqlite3 *db = sqlite3_db_handle (statement);
  g_autoptr (GPtrArray) versions = NULL;

  sqlite3_progress_handler (db, 100, count_step_cb, cost);
  versions = store_history_page (connection, &cost->asked, cost->limit, error);
  sqlite3_progress_handler (db, 0, NULL, NULL);
  cost->versions = versions != NULL ? versions->len : 0;
  return versions != NULL;
}

static gboolean
put_many (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i < GPOINTER_TO_UINT (data); i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"Basic\",\"id\":\"many-%u\"}", i);
      g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, error);
      g_auto (StorePut) put = { 0 };

      if (!store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, &put, error))
        return FALSE;
    }
  return TRUE;
}

/* What a poll costs does not grow with what was stored before, nor the last page of many. */
static void
test_since_walks_little (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Cost few = { .limit = 100 }, many = { .limit = 100 };

  many.asked.since_us = base_clock_now (fixture->clock) - G_USEC_PER_SEC;
  store_database_write (fixture->database, BASE_LANE_BATCH, put_many, GUINT_TO_POINTER (5000),
                        &error);
  g_assert_no_error (error);
  base_clock_advance (fixture->clock, G_USEC_PER_SEC);
  few.asked.since_us = base_clock_now (fixture->clock);
  fixture_put (fixture, "{\"resourceType\":\"Basic\",\"id\":\"many-7\",\"x\":1}");
  store_database_read (fixture->database, cost_work, &few, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (few.versions, ==, 1);
  g_assert_cmpint (few.steps, <, 10);
  store_database_read (fixture->database, cost_work, &many, &error);
  g_assert_cmpuint (many.versions, ==, 100);
  g_assert_cmpint (many.steps, <, 300);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/history/pages", NULL, test_pages);
  fixture_add ("/store/history/since", NULL, test_since);
  fixture_add ("/store/history/since-on-a-clock-set-back", NULL, test_since_on_a_clock_set_back);
  fixture_add ("/store/history/since-walks-little", NULL, test_since_walks_little);
  return g_test_run ();
}
