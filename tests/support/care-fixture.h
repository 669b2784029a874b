/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>

#include "care-context.h"
#include "fhir-resource.h"
#include "last-reference.h"
#include "store-audit.h"
#include "store-content.h"
#include "store-draft.h"
#include "store-journal.h"
#include "store-resource.h"
#include "store-search.h"
#include "store-setting.h"

/* A clinic of one doctor and one nurse on an empty store, at 09:00 UTC of 22-Nov-2026. */
typedef struct
{
  char *folder, *path;
  GBytes *key;
  BaseClock *clock;
  StoreDatabase *database;
  CareContext *doctor, *nurse, *other;
  StoreContent *content;
} CareFixture;

static inline void
care_fixture_open (CareFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->database = store_database_open (fixture->path, fixture->key, fixture->clock, &error);
  g_assert_no_error (error);
  fixture->doctor = care_context_new (fixture->database, fixture->clock, "Practitioner/doctor",
                                      "Dr Ada Stone", "prescriber");
  fixture->nurse = care_context_new (fixture->database, fixture->clock, "Practitioner/nurse",
                                     "Noor Lind", "nurse");
  fixture->other = care_context_new (fixture->database, fixture->clock, "Practitioner/other",
                                     "Dr Ben Hill", "prescriber");
}

static inline void
care_fixture_close (CareFixture *fixture)
{
  g_clear_object (&fixture->doctor);
  g_clear_object (&fixture->nurse);
  g_clear_object (&fixture->other);
  store_database_close (fixture->database);
  last_reference_drop (g_steal_pointer (&fixture->database));
}

static inline void
care_fixture_set_up (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2026, 11, 22, 9, 0, 0);
  g_autofree char *content = store_content_dup_default_path ();
  guint8 key[STORE_KEY_BYTES] = { 1, 2, 3 };
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bedside-care-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "store.db", NULL);
  fixture->key = g_bytes_new (key, sizeof key);
  fixture->clock = base_clock_new_at (start);
  fixture->content = store_content_open (content, &error);
  g_assert_no_error (error);
  care_fixture_open (fixture);
}

static inline void
care_fixture_tear_down (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);

  care_fixture_close (fixture);
  for (const char *name = g_dir_read_name (folder); name; name = g_dir_read_name (folder))
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_clear_object (&fixture->clock);
  g_clear_object (&fixture->content);
  g_clear_pointer (&fixture->key, g_bytes_unref);
  g_free (fixture->path);
  g_free (fixture->folder);
}

/* Runs @work in a write transaction; answers its error, or NULL. */
static inline GError *
care_fixture_try (CareFixture *fixture, StoreWork work)
{
  GError *error = NULL;

  store_database_write (fixture->database, BASE_LANE_PERSON, work, fixture, &error);
  return error;
}

static inline void
care_fixture_write (CareFixture *fixture, StoreWork work)
{
  g_autoptr (GError) error = care_fixture_try (fixture, work);

  g_assert_no_error (error);
}

static inline void
care_fixture_read (CareFixture *fixture, StoreWork work)
{
  g_autoptr (GError) error = NULL;

  store_database_read (fixture->database, work, fixture, &error);
  g_assert_no_error (error);
}

/* Stores a resource written as JSON with ' for ". */
static inline void
care_fixture_put (StoreConnection *connection, const char *json)
{
  g_auto (GStrv) parts = g_strsplit (json, "'", -1);
  g_autofree char *text = g_strjoinv ("\"", parts);
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, &error);
  g_auto (StorePut) put = { 0 };

  g_assert_no_error (error);
  g_assert_true (store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, &put, &error));
  g_assert_no_error (error);
}

static inline FhirResource *
care_fixture_get (StoreConnection *connection, const char *type, const char *id)
{
  g_autoptr (GError) error = NULL;
  FhirResource *resource = store_resource_get (connection, type, id, &error);

  g_assert_no_error (error);
  return resource;
}

static inline guint
care_fixture_count (StoreConnection *connection, const char *type, const char *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = store_search_ids (connection, type, query, &error);

  g_assert_no_error (error);
  return ids->len;
}
