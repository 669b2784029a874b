/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "base-id.h"
#include "fhir-resource.h"
#include "last-reference.h"
#include "store-audit.h"
#include "store-database.h"
#include "store-draft.h"
#include "store-journal.h"
#include "store-resource.h"
#include "store-search.h"
#include "store-setting.h"

/* An empty store in a folder of its own, with the key 00 01 … 1f. */
typedef struct
{
  char *folder, *path;
  GBytes *key;
  BaseClock *clock;
  StoreDatabase *database;
} StoreFixture;

static inline GBytes *
fixture_key (guint8 first)
{
  guint8 bytes[STORE_KEY_BYTES];

  for (guint8 i = 0; i < STORE_KEY_BYTES; i++)
    bytes[i] = (guint8) (first + i);
  return g_bytes_new (bytes, sizeof bytes);
}

static inline void
fixture_open (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->database = store_database_open (fixture->path, fixture->key, fixture->clock, &error);
  g_assert_no_error (error);
}

static inline void
fixture_close (StoreFixture *fixture)
{
  store_database_close (fixture->database);
  last_reference_drop (g_steal_pointer (&fixture->database));
}

static inline void
fixture_set_up (StoreFixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bedside-store-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "store.db", NULL);
  fixture->key = fixture_key (0);
  fixture->clock = base_clock_new ();
  fixture_open (fixture);
}

static inline void
fixture_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static inline void
fixture_tear_down (StoreFixture *fixture, gconstpointer data)
{
  if (fixture->database != NULL)
    fixture_close (fixture);
  last_reference_drop (fixture->clock);
  g_bytes_unref (fixture->key);
  fixture_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static inline FhirResource *
resource_of (const char *json)
{
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (json, -1, &error);

  g_assert_no_error (error);
  return resource;
}

/* A hand in a closed file. Returns how many rows it changed. */
static inline int
fixture_execute_raw (const char *path, GBytes *key, const char *sql)
{
  g_autofree char *hex = base_hex (g_bytes_get_data (key, NULL), STORE_KEY_BYTES);
  g_autofree char *pragma =
      g_strdup_printf ("PRAGMA key = \"x'%s'\"; PRAGMA cipher_page_size = 8192", hex);
  sqlite3 *db = NULL;
  int changes;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, pragma, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  changes = sqlite3_total_changes (db);
  sqlite3_close (db);
  return changes;
}

/* ---- one put, get or delete as a transaction of its own ---- */

typedef struct
{
  const char *json, *type, *id, *if_match;
  StorePutFlags flags;
  StorePut put;
  FhirResource *got;
} FixtureWork;

static inline gboolean
fixture_put_work (StoreConnection *connection, gpointer data, GError **error)
{
  FixtureWork *work = data;
  g_autoptr (FhirResource) resource = resource_of (work->json);

  return store_resource_put (connection, resource, work->flags, work->if_match, &work->put, error);
}

static inline gboolean
fixture_delete_work (StoreConnection *connection, gpointer data, GError **error)
{
  FixtureWork *work = data;

  return store_resource_delete (connection, work->type, work->id, work->if_match, &work->put,
                                error);
}

static inline gboolean
fixture_get_work (StoreConnection *connection, gpointer data, GError **error)
{
  FixtureWork *work = data;

  work->got = store_resource_get (connection, work->type, work->id, error);
  return work->got != NULL;
}

static inline StorePut
fixture_put_with (StoreFixture *fixture, const char *json, StorePutFlags flags)
{
  FixtureWork work = { .json = json, .flags = flags };
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->database, BASE_LANE_PERSON, fixture_put_work, &work, &error);
  g_assert_no_error (error);
  return work.put;
}

static inline gint64
fixture_put (StoreFixture *fixture, const char *json)
{
  g_auto (StorePut) put = fixture_put_with (fixture, json, STORE_PUT_DEFAULT);

  return put.version;
}

static inline void
fixture_delete (StoreFixture *fixture, const char *type, const char *id)
{
  FixtureWork work = { .type = type, .id = id };
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->database, BASE_LANE_PERSON, fixture_delete_work, &work, &error);
  g_assert_no_error (error);
  store_put_clear (&work.put);
}

static inline FhirResource *
fixture_get (StoreFixture *fixture, const char *type, const char *id, GError **error)
{
  FixtureWork work = { .type = type, .id = id };

  store_database_read (fixture->database, fixture_get_work, &work, error);
  return work.got;
}

/* ---- one search, as the ids that it finds ---- */

typedef struct
{
  const char *type, *query, *cursor;
  GString *ids, *included;
  gint64 total;
  char *next_cursor;
} FixtureSearch;

static inline void
fixture_join_ids (GPtrArray *resources, GString *out)
{
  for (guint i = 0; i < resources->len; i++)
    g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "",
                            fhir_resource_get_id (resources->pdata[i]));
}

static inline gboolean
fixture_search_work (StoreConnection *connection, gpointer data, GError **error)
{
  FixtureSearch *work = data;
  g_autoptr (FhirQuery) query = fhir_query_parse (work->type, work->query, FALSE, error);
  g_autoptr (StoreSearch) search = NULL;

  if (query == NULL)
    return FALSE;
  g_free (query->cursor);
  query->cursor = g_strdup (work->cursor);
  search = store_search (connection, query, error);
  if (search == NULL)
    return FALSE;
  fixture_join_ids (search->matches, work->ids);
  fixture_join_ids (search->included, work->included);
  work->total = search->total;
  work->next_cursor = g_steal_pointer (&search->next_cursor);
  return TRUE;
}

static inline void
fixture_search_clear (FixtureSearch *work)
{
  g_string_free (work->ids, TRUE);
  g_string_free (work->included, TRUE);
  g_free (work->next_cursor);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FixtureSearch, fixture_search_clear)

static inline FixtureSearch
fixture_search (StoreFixture *fixture, const char *type, const char *query, const char *cursor)
{
  FixtureSearch work = { type, query, cursor, g_string_new (NULL), g_string_new (NULL), -1, NULL };
  g_autoptr (GError) error = NULL;

  store_database_read (fixture->database, fixture_search_work, &work, &error);
  g_assert_no_error (error);
  return work;
}

#define fixture_add(path, type, test)                                                              \
  g_test_add (path, StoreFixture, type, fixture_set_up, test, fixture_tear_down)
