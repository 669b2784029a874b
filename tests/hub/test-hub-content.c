/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-program.h"

#include <string.h>

#include "content-tables.h"
#include "store-content.h"

/* content import and content show, and a hub with a site's own content. */

static void
test_import_and_show (void)
{
  g_autofree char *folder = content_tables_new ();
  g_autofree char *path = g_build_filename (folder, "site.sqlite", NULL);
  g_auto (HubResult) made = hub_program_run (NULL, "content", "import", folder, path, NULL);
  g_auto (HubResult) shown = hub_program_run (NULL, "content", "show", path, "--json", NULL);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *tables;
  JsonObject *first;

  g_assert_cmpint (made.status, ==, 0);
  g_assert_nonnull (strstr (made.out, "allergy_classes"));
  g_assert_nonnull (strstr (made.out, "1 unverified, 0 reviewed, of 2026-11-01"));
  g_assert_cmpint (shown.status, ==, 0);
  tables = json_object_get_array_member (hub_result_object (&shown, &root), "tables");
  g_assert_cmpuint (json_array_get_length (tables), ==, 4);
  first = json_array_get_object_element (tables, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "table"), ==, "allergy_classes");
  g_assert_cmpint (json_object_get_int_member (first, "rows"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (first, "unverified"), ==, 1);
  content_tables_remove (g_steal_pointer (&folder));
}

static void
test_refused (void)
{
  g_autofree char *folder = content_tables_new ();
  g_autofree char *path = g_build_filename (folder, "site.sqlite", NULL);
  g_auto (HubResult) bad = { 0 };
  g_auto (HubResult) none = { 0 };
  g_auto (HubResult) words = { 0 };

  content_tables_write (folder, "ndc.tsv", CONTENT_HEAD "ndc11\trxcui\n12\t308191\n");
  bad = hub_program_run (NULL, "content", "import", folder, path, NULL);
  g_assert_cmpint (bad.status, ==, 1);
  g_assert_nonnull (strstr (bad.err, "ndc, line 4, column ndc11"));
  g_assert_nonnull (strstr (bad.err, "Nothing was written"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  none = hub_program_run (NULL, "content", "show", path, NULL);
  g_assert_cmpint (none.status, ==, 1);
  g_assert_nonnull (strstr (none.err, path));
  words = hub_program_run (NULL, "content", "eat", path, NULL);
  g_assert_cmpint (words.status, ==, 1);
  content_tables_remove (g_steal_pointer (&folder));
}

/* What comes with Bedside, as it was built. */
static void
test_shipped (void)
{
  g_autofree char *path = store_content_dup_default_path ();
  g_auto (HubResult) shown = hub_program_run (NULL, "content", "show", path, NULL);

  g_assert_cmpint (shown.status, ==, 0);
  g_assert_nonnull (strstr (shown.out, "11597 rows"));
  g_assert_nonnull (strstr (shown.out, "48615 rows"));
}

/* A hub starts with it; with one that is damaged it says so and does not. */
static void
test_serve (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *folder = content_tables_new (), *path = content_tables_make (folder);
  g_auto (HubResult) refused = { 0 };

  hub_program_start_with (fixture, "--content", path, NULL);
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/metadata", NULL), ==, 200);
  g_assert_cmpint (hub_program_stop (fixture), ==, 0);
  content_tables_write (folder, "site.sqlite", "half of something");
  refused = hub_program_run (NULL, "serve", "--data", fixture->folder, "--content", path, NULL);
  g_assert_cmpint (refused.status, ==, 1);
  g_assert_nonnull (strstr (refused.err, "damaged or only half written"));
  content_tables_remove (g_steal_pointer (&folder));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/content/import-and-show", test_import_and_show);
  g_test_add_func ("/hub/content/refused", test_refused);
  g_test_add_func ("/hub/content/shipped", test_shipped);
  g_test_add ("/hub/content/serve", HubProgram, NULL, hub_program_set_up, test_serve,
              hub_program_tear_down);
  return g_test_run ();
}
