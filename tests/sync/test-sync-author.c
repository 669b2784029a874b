/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-fixture.h"

#include <string.h>

#include "sync-conflict.h"

/* Whom a page names as the author of the other side: nobody rather than the wrong one. */

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"p1\"}"
#define ALLERGY(code)                                                                              \
  "{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\",\"code\":{\"text\":\"" code              \
  "\"},\"patient\":{\"reference\":\"Patient/p1\"}}"

/* What the server takes between our reading and our sending, a second of its clock after the other
 * and more. */
typedef struct
{
  const char *signature; /* "ID TARGET NAME"; NULL: their version of the record */
  int later;             /* seconds before it; less than 0 ends */
} Step;

static void
put_signature (MockFhir *mock, const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", 3);
  const char *version =
      fhir_resource_get_version (mock_fhir_get (mock, "AllergyIntolerance", "a1"));
  g_autofree char *versioned = g_strdup_printf ("AllergyIntolerance/a1/_history/%s", version);
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"Provenance\",\"id\":\"%s\",\"recorded\":\"2026-11-09T01:00:10Z\","
      "\"target\":[{\"reference\":\"%s\"}],\"agent\":[{\"who\":{\"display\":\"%s\"}}]}",
      parts[0], strcmp (parts[1], "VERSION") == 0 ? versioned : parts[1], parts[2]);

  mock_fhir_put (mock, json);
}

static void
write_theirs (MockFhir *mock, gpointer data)
{
  const Step *steps = data;

  mock->before_transaction = NULL;
  for (; steps->later >= 0; steps++)
    {
      mock->lag -= steps->later;
      if (steps->signature != NULL)
        put_signature (mock, steps->signature);
      else
        mock_fhir_put (mock, ALLERGY ("Cefalexin"));
    }
}

static gboolean
list_work (StoreConnection *connection, gpointer data, GError **error)
{
  return (*(GPtrArray **) data = sync_conflict_list (connection, error)) != NULL;
}

static void
check (const Step *steps, const char *who)
{
  SyncFixture self = { 0 };
  g_autoptr (GPtrArray) conflicts = NULL;
  SyncConflict *conflict;

  sync_fixture_set_up (&self);
  mock_fhir_put (self.mock, PATIENT);
  mock_fhir_put (self.mock, ALLERGY ("Penicillin"));
  put_signature (self.mock, "s0 AllergyIntolerance/a1 First");
  sync_engine_start (self.engine);
  sync_fixture_wait_pull (&self);
  sync_fixture_wait_resource (&self, "Provenance", "s0");
  self.mock->before_transaction = write_theirs;
  self.mock->hook_data = (gpointer) steps;
  sync_fixture_write (&self, &(SyncChange) { "g", STORE_JOURNAL_UPDATE, ALLERGY ("Amoxicillin"),
                                             "p1", 10, NULL, NULL });
  sync_fixture_wait (self.aside->len == 1);
  g_assert_true (store_database_read (self.store, list_work, &conflicts, NULL));
  g_assert_cmpuint (conflicts->len, ==, 1);
  conflict = conflicts->pdata[0];
  g_assert_cmpstr (conflict->theirs_who, ==, who);
  g_assert_null (conflict->mine_who);
  g_assert_cmpint (conflict->mine_when, >, 0);
  g_assert_cmpint (conflict->theirs_when, >, 0);
  sync_fixture_tear_down (&self);
}

/* A signature of that very version, however long after it; it is read at once, not by and by. */
static void
test_version (void)
{
  check ((const Step[]) { { NULL, 0 }, { "s1 VERSION Dr.New", 100 }, { .later = -1 } }, "Dr.New");
}

/* One that names the record alone, and came together with the version. */
static void
test_together (void)
{
  check ((const Step[]) { { NULL, 100 },
                          { "s1 AllergyIntolerance/a1 Dr.New", 0 },
                          { .later = -1 } },
         "Dr.New");
}

/* A minute between them: that signed something else, whatever it says of its time. */
static void
test_another_version (void)
{
  check ((const Step[]) { { "s1 AllergyIntolerance/a1 Dr.Old", 60 },
                          { NULL, 60 },
                          { "s2 AllergyIntolerance/a1 Dr.Late", 60 },
                          { .later = -1 } },
         NULL);
  check ((const Step[]) { { NULL, 60 },
                          { "s1 AllergyIntolerance/a12 Dr.Other", 0 },
                          { .later = -1 } },
         NULL);
}

/* What came a second after the version that both started from signed that one. */
static void
test_nearer_to_the_base (void)
{
  check ((const Step[]) { { NULL, 0 }, { .later = -1 } }, NULL);
}

static void
test_two_at_once (void)
{
  check ((const Step[]) { { NULL, 60 },
                          { "s1 AllergyIntolerance/a1 Dr.One", 0 },
                          { "s2 AllergyIntolerance/a1 Dr.Two", 0 },
                          { .later = -1 } },
         NULL);
  check ((const Step[]) { { NULL, 60 },
                          { "s1 AllergyIntolerance/a1 Dr.One", 0 },
                          { "s2 VERSION Dr.Two", 0 },
                          { .later = -1 } },
         "Dr.Two");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/author/version", test_version);
  g_test_add_func ("/sync/author/together", test_together);
  g_test_add_func ("/sync/author/another-version", test_another_version);
  g_test_add_func ("/sync/author/nearer-to-the-base", test_nearer_to_the_base);
  g_test_add_func ("/sync/author/two-at-once", test_two_at_once);
  return g_test_run ();
}
