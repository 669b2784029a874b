/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include "base-id.h"
#include "store-search-text.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>

/* Stores that older versions wrote: tests/fixtures/db/schema-N.db was made by
 * `test-store-connection-migration --make FILE` of the last commit that knew N steps, with the key
 * 00 01 … 1f.
 */

static const char *const records[] = {
  "{\"resourceType\":\"Patient\",\"id\":\"ann\",\"name\":[{\"family\":\"Åberg\"}],\"identifier\":[{"
  "\"type\":{\"text\":\"Medical record\"},\"system\":\"urn:mrn\",\"value\":\"M1\"}]}",
  "{\"resourceType\":\"Observation\",\"id\":\"bp\",\"status\":\"final\",\"code\":{\"coding\":[{"
  "\"system\":\"http://loinc.org\",\"code\":\"85354-9\",\"display\":\"Blood pressure panel\"}]},"
  "\"subject\":{\"reference\":\"Patient/"
  "ann\"},\"effectiveDateTime\":\"2026-03-01\",\"component\":[{"
  "\"code\":{\"coding\":[{\"system\":\"http://"
  "loinc.org\",\"code\":\"8480-6\"}]},\"valueQuantity\":{"
  "\"value\":150,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}}]}",
  "{\"resourceType\":\"Observation\",\"id\":\"changed\",\"status\":\"preliminary\",\"code\":{"
  "\"text\":"
  "\"First words\"},\"subject\":{\"reference\":\"Patient/ann\"}}",
  "{\"resourceType\":\"Observation\",\"id\":\"changed\",\"status\":\"final\",\"code\":{\"text\":"
  "\"Second words\"},\"subject\":{\"reference\":\"Patient/ann\"}}",
  "{\"resourceType\":\"Communication\",\"id\":\"letter\",\"status\":\"completed\",\"subject\":{"
  "\"reference\":\"Patient/ann\"},\"payload\":[{\"contentString\":\"Três dias, 頭痛が三日続く\"}]}",
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"ended\",\"status\":\"stopped\",\"intent\":"
  "\"order\",\"subject\":{\"reference\":\"Patient/ann\"},\"medicationCodeableConcept\":{\"text\":"
  "\"Ramipril\"},\"statusReason\":{\"text\":\"Angioedema\"},\"note\":[{\"text\":\"At night\"}]}",
  "{\"resourceType\":\"Observation\",\"id\":\"gone\",\"status\":\"final\",\"code\":{\"text\":"
  "\"Gone "
  "words\"}}",
};

static gboolean
put_beside (StoreConnection *connection, gpointer data, GError **error)
{
  return store_journal_append (connection, "g", STORE_JOURNAL_CREATE, "Observation", "bp", "ann",
                               NULL, 0, NULL, error) &&
         store_audit_append (connection, "write", "doctor", "ann", NULL, NULL, error) &&
         store_audit_append (connection, "read", "nurse", "ann", NULL, NULL, error) &&
         store_draft_save (connection, "draft", "note", "ann", "doctor", NULL, "half a", error) &&
         store_setting_set (connection, "a", "b", error);
}

static int
make (const char *path)
{
  StoreFixture fixture = { .path = (char *) path, .key = fixture_key (0) };
  g_autoptr (GError) error = NULL;

  fixture.clock = base_clock_new ();
  fixture_open (&fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    fixture_put (&fixture, records[i]);
  fixture_delete (&fixture, "Observation", "gone");
  store_database_write (fixture.database, BASE_LANE_PERSON, put_beside, NULL, &error);
  g_assert_no_error (error);
  fixture_close (&fixture);
  g_object_unref (fixture.clock);
  g_bytes_unref (fixture.key);
  return 0;
}

/* The store of the fixture becomes a copy of that of @version. */
static void
take_old (StoreFixture *fixture, int version)
{
  g_autofree char *name = g_strdup_printf ("schema-%d.db", version);
  g_autofree char *path =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "tests", "fixtures", "db", name, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  fixture_close (fixture);
  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) length, NULL));
}

static int
keep_number (gpointer data, int columns, char **values, char **names)
{
  *(int *) data = atoi (values[0]);
  return 0;
}

/* Runs @sql on the file itself; the number in its first row, if any. */
static int
raw (StoreFixture *fixture, const char *sql)
{
  g_autofree char *hex = base_hex (g_bytes_get_data (fixture->key, NULL), STORE_KEY_BYTES);
  g_autofree char *key =
      g_strdup_printf ("PRAGMA key = \"x'%s'\"; PRAGMA cipher_page_size = 8192", hex);
  sqlite3 *db = NULL;
  int number = -1;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, key, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, keep_number, &number, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  return number;
}

static void
assert_found (StoreFixture *fixture, const char *type, const char *query, const char *ids)
{
  g_auto (FixtureSearch) found = fixture_search (fixture, type, query, NULL);

  g_test_message ("%s?%s", type, query);
  g_assert_cmpstr (found.ids->str, ==, ids);
}

static gboolean
check_beside (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "waiting", 10, error);
  g_autoptr (GPtrArray) versions =
      store_resource_history (connection, "Observation", "changed", 10, error);
  g_autoptr (StoreDraft) draft = store_draft_load (connection, "draft", error);
  g_autofree char *setting = store_setting_get (connection, "a");
  gint64 audited = 0;

  g_assert_no_error (*error);
  g_assert_cmpuint (entries->len, ==, 1);
  g_assert_cmpuint (versions->len, ==, 2);
  g_assert_cmpstr (draft->body, ==, "half a");
  g_assert_cmpstr (setting, ==, "b");
  g_assert_true (store_audit_verify (connection, &audited, error));
  g_assert_cmpint (audited, ==, 2);
  return store_database_check (connection, error);
}

static void
test_from_schema_1 (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  take_old (fixture, 1);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 1);
  fixture_open (fixture);
  /* What was found before is found, */
  assert_found (fixture, "Patient", "name=aberg&identifier=urn:mrn|M1", "ann");
  assert_found (fixture, "Observation", "patient=ann&code=http://loinc.org|85354-9", "bp");
  assert_found (fixture, "Observation", "_sort=date", "bp changed");
  /* and what the old version could not find too: of what stands, not of what was replaced. */
  assert_found (fixture, "Observation", "code:text=blood", "bp");
  assert_found (fixture, "Observation", "code:text=words", "changed");
  assert_found (fixture, "Observation", "code:text=first", "");
  assert_found (fixture, "Patient", "identifier:text=medical", "ann");
  assert_found (fixture, "Observation",
                "component-code-value-quantity=http://loinc.org|8480-6$gt140", "bp");
  g_assert_true (store_database_read (fixture->database, check_beside, NULL, &error));
  g_assert_no_error (error);
  /* A change after the migration leaves no row behind. */
  fixture_put (fixture,
               "{\"resourceType\":\"Observation\",\"id\":\"bp\",\"status\":\"final\",\"code\":{"
               "\"text\":\"Other\"}}");
  assert_found (fixture, "Observation", "code:text=blood", "");
  assert_found (fixture, "Observation", "component-code-value-quantity=8480-6$gt140", "");
  fixture_close (fixture);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 5);
  g_assert_cmpint (raw (fixture, "SELECT count(*) FROM composite"), ==, 0);
  g_assert_cmpint (raw (fixture, "SELECT count(*) FROM phrase WHERE text LIKE '%blood%'"), ==, 0);
  fixture_open (fixture);
  assert_found (fixture, "Observation", "code:text=other", "bp");
}

static gboolean
find_by_letter (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) found = store_search_names (connection, "Patient", data, 20, error);

  g_assert_no_error (*error);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (fhir_resource_get_id (found->pdata[0]), ==, "ann");
  return TRUE;
}

/* The words of names are written anew, with an index of first letters, for who is there. */
static void
test_from_schema_2 (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  take_old (fixture, 2);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 2);
  fixture_open (fixture);
  g_assert_true (store_database_read (fixture->database, find_by_letter, (char *) "å", &error));
  g_assert_true (store_database_read (fixture->database, find_by_letter, (char *) "aber", &error));
  assert_found (fixture, "Patient", "identifier:text=medical", "ann");
  assert_found (fixture, "Observation", "code:text=words", "changed");
  g_assert_true (store_database_read (fixture->database, check_beside, NULL, &error));
  g_assert_no_error (error);
  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"bea\",\"name\":[{\"family\":"
                        "\"Zorn\",\"given\":[\"Bea\",\"Anna\"]}]}");
  fixture_close (fixture);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 5);
  g_assert_cmpint (raw (fixture, "SELECT count(*) FROM name_text WHERE name_text MATCH 'a*'"), ==,
                   2);
  g_assert_cmpint (raw (fixture, "SELECT count(*) FROM name_text WHERE name_text MATCH 'aberg'"),
                   ==, 1);
  /* A change takes the words back that the step wrote. */
  fixture_open (fixture);
  fixture_put (fixture, "{\"resourceType\":\"Patient\",\"id\":\"ann\"}");
  fixture_close (fixture);
  g_assert_cmpint (raw (fixture, "SELECT count(*) FROM name_text WHERE name_text MATCH 'a*'"), ==,
                   1);
  g_assert_cmpint (raw (fixture, "SELECT count(*) FROM sqlite_schema WHERE name = 'name_text'"
                                 " AND sql LIKE '%prefix=''1 2 3 4''%'"),
                   ==, 1);
}

static gboolean
find_by_words (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const found[] = { "tres", "dia três", "三日", "頭痛", "痛 dias" };
  static const char *const not_found[] = { "ias", "日三", "gone" };

  for (gsize i = 0; i < G_N_ELEMENTS (found); i++)
    {
      g_autoptr (GPtrArray) hits = store_search_words (connection, "ann", found[i], 20, error);

      g_assert_no_error (*error);
      g_test_message ("%s", found[i]);
      g_assert_cmpuint (hits->len, ==, 1);
      g_assert_cmpstr (fhir_resource_get_id (hits->pdata[0]), ==, "letter");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (not_found); i++)
    {
      g_autoptr (GPtrArray) hits = store_search_words (connection, "ann", not_found[i], 20, error);

      g_assert_cmpuint (hits->len, ==, 0);
    }
  return TRUE;
}

/* What people wrote is indexed anew: without accents, and within the text of any script. */
static void
test_from_schema_3 (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  take_old (fixture, 3);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 3);
  fixture_open (fixture);
  g_assert_true (store_database_read (fixture->database, find_by_words, NULL, &error));
  assert_found (fixture, "Observation", "code:text=words", "changed");
  g_assert_true (store_database_read (fixture->database, check_beside, NULL, &error));
  g_assert_no_error (error);
  /* A change takes the words back that the step wrote. */
  fixture_put (fixture, "{\"resourceType\":\"Communication\",\"id\":\"letter\",\"status\":"
                        "\"completed\",\"subject\":{\"reference\":\"Patient/ann\"}}");
  fixture_close (fixture);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 5);
  g_assert_cmpint (raw (fixture, "SELECT count(*) FROM note_text_docsize"), ==, 0);
}

static gboolean
find_ended (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const words[] = { "angioed", "night" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GPtrArray) hits = store_search_words (connection, "ann", words[i], 20, error);

      g_assert_no_error (*error);
      g_assert_cmpuint (hits->len, ==, 1);
      g_assert_cmpstr (fhir_resource_get_id (hits->pdata[0]), ==, "ended");
    }
  return TRUE;
}

/* Why something was stopped is found as well, and all that was found before. */
static void
test_from_schema_4 (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  take_old (fixture, 4);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 4);
  fixture_open (fixture);
  g_assert_true (store_database_read (fixture->database, find_ended, NULL, &error));
  g_assert_true (store_database_read (fixture->database, find_by_words, NULL, &error));
  g_assert_true (store_database_read (fixture->database, check_beside, NULL, &error));
  g_assert_no_error (error);
  /* A change takes the words back that the step wrote. */
  fixture_put (fixture,
               "{\"resourceType\":\"MedicationRequest\",\"id\":\"ended\",\"status\":\"active\","
               "\"intent\":\"order\",\"subject\":{\"reference\":\"Patient/ann\"}}");
  fixture_close (fixture);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 5);
  g_assert_cmpint (raw (fixture, "SELECT count(*) FROM note_text_docsize"), ==, 1);
}

static void
assert_refused (StoreFixture *fixture, StoreError code)
{
  g_autofree char *before = NULL, *after = NULL;
  gsize length, length_after;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (fixture->path, &before, &length, NULL));
  fixture->database = store_database_open (fixture->path, fixture->key, fixture->clock, &error);
  g_assert_null (fixture->database);
  g_assert_error (error, STORE_ERROR, (int) code);
  g_assert_true (g_file_get_contents (fixture->path, &after, &length_after, NULL));
  g_assert_cmpmem (before, length, after, length_after);
}

/* A record that cannot be read stops the step after it has written most rows: all are undone. */
static void
test_all_or_nothing (StoreFixture *fixture, gconstpointer data)
{
  take_old (fixture, 1);
  raw (fixture, "UPDATE resource SET json = '{' WHERE id = 'changed';"
                "PRAGMA wal_checkpoint(TRUNCATE)");
  assert_refused (fixture, STORE_ERROR_CORRUPT);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (raw (fixture,
                        "SELECT count(*) FROM sqlite_schema WHERE name IN ('phrase', 'composite')"),
                   ==, 0);
  /* Once it is mended the step runs. */
  raw (fixture, "UPDATE resource SET json = '{\"resourceType\":\"Observation\",\"id\":\"changed\"}'"
                " WHERE id = 'changed'");
  fixture_open (fixture);
  assert_found (fixture, "Observation", "code:text=blood", "bp");
}

/* The table of names was dropped and made anew by then: it is as it was. */
static void
test_all_or_nothing_2 (StoreFixture *fixture, gconstpointer data)
{
  take_old (fixture, 2);
  raw (fixture, "UPDATE resource SET json = '{' WHERE id = 'ann'; PRAGMA wal_checkpoint(TRUNCATE)");
  assert_refused (fixture, STORE_ERROR_CORRUPT);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, 2);
  g_assert_cmpint (raw (fixture, "SELECT count(*) FROM name_text WHERE name_text MATCH 'aberg'"),
                   ==, 1);
  g_assert_cmpint (raw (fixture,
                        "SELECT count(*) FROM sqlite_schema WHERE name = 'history_moment'"),
                   ==, 0);
  raw (fixture, "UPDATE resource SET json = '{\"resourceType\":\"Patient\",\"id\":\"ann\","
                "\"name\":[{\"text\":\"Åsa\"}]}' WHERE id = 'ann'");
  fixture_open (fixture);
  store_database_read (fixture->database, find_by_letter, (char *) "as", NULL);
}

/* There is no room for the new rows: the old file stays, and opens once there is. */
static void
test_full_disk (StoreFixture *fixture, gconstpointer data)
{
  int version = GPOINTER_TO_INT (data);
  struct rlimit before, small;

  take_old (fixture, version);
  getrlimit (RLIMIT_FSIZE, &before);
  signal (SIGXFSZ, SIG_IGN);
  small = before;
  small.rlim_cur = 40 * 1024;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  assert_refused (fixture, STORE_ERROR_FULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, version);
  fixture_open (fixture);
  assert_found (fixture, "Observation", "code:text=blood", "bp");
}

static void
test_newer_is_left_alone (StoreFixture *fixture, gconstpointer data)
{
  take_old (fixture, 2);
  raw (fixture, "PRAGMA user_version = 6; PRAGMA wal_checkpoint(TRUNCATE)");
  assert_refused (fixture, STORE_ERROR_VERSION_NEWER);
}

/* Whichever page is damaged, it is told before anything is written. */
static void
test_flipped_byte (StoreFixture *fixture, gconstpointer data)
{
  int version = GPOINTER_TO_INT (data);
  g_autofree char *bytes = NULL;
  gsize length;

  take_old (fixture, version);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
  for (gsize page = 1; page < length / 8192; page++)
    {
      bytes[page * 8192 + 100] ^= 1;
      g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) length, NULL));
      bytes[page * 8192 + 100] ^= 1;
      assert_refused (fixture, STORE_ERROR_CORRUPT);
      g_assert_cmpint (raw (fixture, "PRAGMA user_version"), ==, version);
    }
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) length, NULL));
  fixture_open (fixture);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--make") == 0)
    return make (argv[2]);
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/migration/from-1", NULL, test_from_schema_1);
  fixture_add ("/store/migration/from-2", NULL, test_from_schema_2);
  fixture_add ("/store/migration/from-3", NULL, test_from_schema_3);
  fixture_add ("/store/migration/from-4", NULL, test_from_schema_4);
  fixture_add ("/store/migration/all-or-nothing", NULL, test_all_or_nothing);
  fixture_add ("/store/migration/all-or-nothing-2", NULL, test_all_or_nothing_2);
  fixture_add ("/store/migration/full-disk", GINT_TO_POINTER (1), test_full_disk);
  fixture_add ("/store/migration/full-disk-2", GINT_TO_POINTER (2), test_full_disk);
  fixture_add ("/store/migration/newer", NULL, test_newer_is_left_alone);
  fixture_add ("/store/migration/flipped-byte", GINT_TO_POINTER (1), test_flipped_byte);
  fixture_add ("/store/migration/flipped-byte-2", GINT_TO_POINTER (2), test_flipped_byte);
  return g_test_run ();
}
