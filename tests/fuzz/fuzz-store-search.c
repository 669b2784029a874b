/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "fhir-query.h"
#include "store-database.h"
#include "store-resource.h"
#include "store-search.h"

/* "Type?search", and after a line end a cursor, put to a store. Whatever was read is answered or
 * refused; that the database itself could not do it is a fault of the SQL that it became. */

static const char *const records[] = {
  "{\"resourceType\":\"Patient\",\"id\":\"a\",\"name\":[{\"family\":\"Ito\"}],\"birthDate\":"
  "\"1960\"}",
  "{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\",\"code\":{\"coding\":[{"
  "\"system\":"
  "\"http://"
  "loinc.org\",\"code\":\"8480-6\",\"display\":\"Systolic\"}]},\"subject\":{\"reference\":"
  "\"Patient/a\"},"
  "\"effectiveDateTime\":\"2026-01-02\",\"component\":[{\"code\":{\"coding\":[{\"code\":\"c\"}]},"
  "\"valueQuantity\":{\"value\":1}}],\"valueQuantity\":{\"value\":120,\"code\":\"mm[Hg]\"}}",
};

static StoreDatabase *database;
static char *folder;

static gboolean
fill (StoreConnection *connection, gpointer data, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autoptr (FhirResource) resource = fhir_resource_parse (records[i], -1, error);

      if (!store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static void
remove_folder (void)
{
  const char *const names[] = { "fuzz.db", "fuzz.db-wal", "fuzz.db-shm" };

  store_database_close (database);
  g_object_unref (database);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

static void
open_store (void)
{
  g_autoptr (GBytes) key = g_bytes_new_take (g_malloc0 (STORE_KEY_BYTES), STORE_KEY_BYTES);
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  folder = g_dir_make_tmp ("bedside-fuzz-XXXXXX", NULL);
  path = g_build_filename (folder, "fuzz.db", NULL);
  database = store_database_open (path, key, clock, &error);
  g_assert_no_error (error);
  store_database_write (database, BASE_LANE_BATCH, fill, NULL, &error);
  g_assert_no_error (error);
  atexit (remove_folder);
}

static gboolean
search (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (StoreSearch) found = store_search (connection, data, error);

  return found != NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  char *line = strchr (text, '\n'), *mark;
  g_autoptr (FhirQuery) query = NULL;
  g_autoptr (GError) error = NULL;

  if (database == NULL)
    open_store ();
  if (line != NULL)
    *line = '\0';
  mark = strchr (text, '?');
  if (mark != NULL)
    *mark = '\0';
  query = fhir_query_parse (text, mark != NULL ? mark + 1 : NULL, TRUE, NULL);
  if (query == NULL)
    return 0;
  if (line != NULL)
    {
      g_free (query->cursor);
      query->cursor = g_strdup (line + 1);
    }
  if (!store_database_read (database, search, query, &error))
    g_assert_true (error->domain == FHIR_ERROR);
  return 0;
}
