/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <string.h>

#include "store-text.h"

/* Records that no one here wrote, as far as the data folder beside the project has them: a dozen
 * bundles, or all of them with -m slow. What goes in is counted against what is found. */

#define FEW 12

typedef struct
{
  GPtrArray *resources; /* of FhirResource */
  GHashTable *types;    /* type -> count */
  GHashTable *seen;     /* "Type/id": bundles repeat their organizations */
} Population;

/* "urn:uuid:X" becomes "Type/X", as a server does it with a transaction. */
static char *
resolve_references (const char *json, GHashTable *types)
{
  g_auto (GStrv) parts = g_strsplit (json, "\"urn:uuid:", -1);
  GString *out = g_string_new (parts[0]);

  for (gsize i = 1; parts[i] != NULL; i++)
    {
      g_autofree char *id = g_strndup (parts[i], strcspn (parts[i], "\""));
      const char *type = g_hash_table_lookup (types, id);

      if (type != NULL)
        g_string_append_printf (out, "\"%s/%s", type, parts[i]);
      else
        g_string_append_printf (out, "\"urn:uuid:%s", parts[i]);
    }
  return g_string_free_and_steal (out);
}

static GPtrArray *
read_bundle (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (FhirResource) bundle = NULL;
  g_autoptr (GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *resources = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  const FhirElement *entries;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  bundle = resource_of (text);
  entries = fhir_resource_path (bundle, "entry");
  fhir_element_foreach (entry, entries)
    g_hash_table_insert (types, (gpointer) fhir_element_path_text (entry, "resource.id"),
                         (gpointer) fhir_element_path_text (entry, "resource.resourceType"));
  fhir_element_foreach (entry, entries)
    {
      g_autofree char *json = fhir_element_dup_json (fhir_element_get (entry, "resource"));
      g_autofree char *resolved = resolve_references (json, types);

      g_ptr_array_add (resources, resource_of (resolved));
    }
  return resources;
}

static gboolean
put_all (StoreConnection *connection, gpointer data, GError **error)
{
  GPtrArray *resources = data;

  for (guint i = 0; i < resources->len; i++)
    if (!store_resource_put (connection, resources->pdata[i], STORE_PUT_SKIP_EQUAL, NULL, NULL,
                             error))
      return FALSE;
  return TRUE;
}

static gboolean
check_texts (StoreConnection *connection, gpointer data, GError **error)
{
  Population *population = data;

  for (guint i = 0; i < population->resources->len; i += 17)
    {
      FhirResource *given = population->resources->pdata[i];
      g_autoptr (FhirResource) got = store_resource_get (connection, fhir_resource_get_type (given),
                                                         fhir_resource_get_id (given), error);
      g_autofree char *one = store_text_canonical (fhir_resource_get_text (given, NULL)),
                      *other = NULL;

      g_assert_no_error (*error);
      other = store_text_canonical (fhir_resource_get_text (got, NULL));
      g_assert_cmpstr (one, ==, other);
      g_assert_cmpstr (fhir_resource_get_version (got), ==, "1");
    }
  return TRUE;
}

static gboolean
check_compartments (StoreConnection *connection, gpointer data, GError **error)
{
  Population *population = data;

  for (guint i = 0; i < population->resources->len; i++)
    {
      FhirResource *resource = population->resources->pdata[i];
      const char *id = fhir_resource_get_id (resource);
      g_autofree char *query = g_strdup_printf ("patient=%s&_summary=count", id);
      g_autoptr (FhirQuery) parsed = NULL;
      g_autoptr (StoreSearch) search = NULL;
      g_autoptr (GPtrArray) listed = NULL;

      if (strcmp (fhir_resource_get_type (resource), "Patient") != 0)
        continue;
      parsed = fhir_query_parse ("Observation", query, FALSE, error);
      search = store_search (connection, parsed, error);
      g_assert_no_error (*error);
      listed = store_resource_list (connection, id, "Observation", error);
      g_assert_cmpint (search->total, ==, listed->len);
    }
  return TRUE;
}

/* Counts what is new and keeps it alone. */
static void
count_types (Population *population, GPtrArray *resources)
{
  for (guint i = 0; i < resources->len;)
    {
      const char *type = fhir_resource_get_type (resources->pdata[i]);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (population->types, type));

      if (!g_hash_table_add (population->seen, fhir_resource_dup_reference (resources->pdata[i])))
        {
          g_ptr_array_remove_index (resources, i);
          continue;
        }
      g_hash_table_insert (population->types, (gpointer) type, GUINT_TO_POINTER (count + 1));
      g_ptr_array_add (population->resources, fhir_resource_ref (resources->pdata[i]));
      i++;
    }
}

static void
check_counts (StoreFixture *fixture, Population *population)
{
  GHashTableIter iter;
  gpointer type, count;

  g_hash_table_iter_init (&iter, population->types);
  while (g_hash_table_iter_next (&iter, &type, &count))
    {
      g_auto (FixtureSearch) found = fixture_search (fixture, type, "_summary=count", NULL);

      g_assert_cmpint (found.total, ==, GPOINTER_TO_UINT (count));
    }
}

static void
import_folder (StoreFixture *fixture, const char *folder, Population *population)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GError) error = NULL;
  const char *name;
  gint64 spent = 0;
  guint files = 0;

  while ((name = g_dir_read_name (dir)) != NULL && (files < FEW || g_test_slow ()))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GPtrArray) resources = NULL;
      gint64 start;

      if (!g_str_has_suffix (name, ".json"))
        continue;
      files++;
      resources = read_bundle (path);
      count_types (population, resources);
      start = g_get_monotonic_time ();
      store_database_write (fixture->database, BASE_LANE_BATCH, put_all, resources, &error);
      spent += g_get_monotonic_time () - start;
      g_assert_no_error (error);
    }
  g_test_message ("%u bundles, %u resources in %.2f s: %.0f a second", files,
                  population->resources->len, (double) spent / 1e6,
                  population->resources->len * 1e6 / (double) spent);
}

static gboolean
check_file (StoreConnection *connection, gpointer data, GError **error)
{
  return store_database_check (connection, error);
}

static gboolean
sequence_of_last (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) changes = store_changes_since (connection, 0, G_MAXINT, error);

  *(gint64 *) data = ((StoreChange *) changes->pdata[changes->len - 1])->sequence;
  return TRUE;
}

static void
test_import (StoreFixture *fixture, gconstpointer data)
{
  const char *project = g_getenv ("BEDSIDE_PROJECT");
  g_autofree char *folder = g_build_filename (project != NULL ? project : ".", "..", "shared",
                                              "data", "fhir-population", NULL);
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Population population = { resources, types, seen };
  g_autoptr (GError) error = NULL;
  gint64 before, after;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("There is no shared/data/fhir-population beside the project");
      return;
    }
  import_folder (fixture, folder, &population);
  g_assert_cmpuint (resources->len, >, 1000);
  check_counts (fixture, &population);
  g_assert_true (store_database_read (fixture->database, check_texts, &population, &error));
  g_assert_true (store_database_read (fixture->database, check_compartments, &population, &error));
  /* All once more changes nothing. */
  store_database_read (fixture->database, sequence_of_last, &before, &error);
  g_assert_true (
      store_database_write (fixture->database, BASE_LANE_BATCH, put_all, resources, &error));
  store_database_read (fixture->database, sequence_of_last, &after, &error);
  g_assert_cmpint (before, ==, after);
  g_assert_true (store_database_read (fixture->database, check_file, NULL, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/population/import", NULL, test_import);
  return g_test_run ();
}
