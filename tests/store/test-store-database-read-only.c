/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "store-fixture.h"

/* A file that a newer version of the program wrote, opened after a roll-back: what is there can be
 * read, nothing is written, and the newer version finds every byte as it left it. */

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"p\",\"name\":[{\"family\":\"Kowalska\"}]}"

static char *
dup_bytes (const char *path, gsize *length)
{
  char *bytes = NULL;

  if (!g_file_get_contents (path, &bytes, length, NULL))
    *length = 0;
  return bytes;
}

static void
open_to_read (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (store_database_open (fixture->path, fixture->key, fixture->clock, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_VERSION_NEWER);
  g_clear_error (&error);
  fixture->database =
      store_database_open_to_read (fixture->path, fixture->key, fixture->clock, &error);
  g_assert_no_error (error);
  g_assert_true (store_database_is_read_only (fixture->database));
}

static gboolean
set_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, "of.a-reader", "x", error);
}

static void
assert_refuses (StoreFixture *fixture, BaseLane lane, StoreWork work, FixtureWork *asked)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (store_database_write (fixture->database, lane, work, asked, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_READ_ONLY);
  g_assert_nonnull (strstr (error->message, "Update Bedside"));
}

static void
assert_reads (StoreFixture *fixture, const char *id, gboolean there)
{
  g_autoptr (FhirResource) resource = fixture_get (fixture, "Patient", id, NULL);

  g_assert_true ((resource != NULL) == there);
}

static void
test_newer (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL;
  gsize length = 0, length_after = 0;
  FixtureWork put = { .json = "{\"resourceType\":\"Patient\",\"id\":\"q\"}" };
  FixtureWork gone = { .type = "Patient", .id = "p" };

  g_assert_false (store_database_is_read_only (fixture->database));
  fixture_put (fixture, PATIENT);
  fixture_close (fixture);
  fixture_execute_raw (fixture->path, fixture->key,
                       "CREATE TABLE of_tomorrow (what TEXT); PRAGMA user_version = 999; "
                       "PRAGMA wal_checkpoint(TRUNCATE)");
  before = dup_bytes (fixture->path, &length);

  open_to_read (fixture);
  assert_reads (fixture, "p", TRUE);
  assert_refuses (fixture, BASE_LANE_PERSON, fixture_put_work, &put);
  assert_refuses (fixture, BASE_LANE_BATCH, fixture_put_work, &put);
  assert_refuses (fixture, BASE_LANE_PERSON, fixture_delete_work, &gone);
  /* a reader that tries is refused by the database itself */
  g_assert_false (store_database_read (fixture->database, set_work, NULL, NULL));
  assert_reads (fixture, "q", FALSE);
  assert_reads (fixture, "p", TRUE);
  fixture_close (fixture);
  after = dup_bytes (fixture->path, &length_after);
  g_assert_cmpmem (before, length, after, length_after);

  fixture_execute_raw (fixture->path, fixture->key, "PRAGMA user_version = 5");
  fixture_open (fixture);
  assert_reads (fixture, "p", TRUE);
}

/* What the newer version had written and not yet brought into the file is read as well, and left
 * where it is. */
static void
test_log (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char *kept = NULL, *file = NULL, *before = NULL, *after = NULL;
  gsize length = 0, file_length = 0, before_length = 0, after_length = 0;

  /* as after a kill: the log beside the file, nobody who has it open */
  fixture_put (fixture, PATIENT);
  kept = dup_bytes (log, &length);
  file = dup_bytes (fixture->path, &file_length);
  fixture_close (fixture);
  g_assert_cmpuint (length, >, 0);
  g_assert_true (g_file_set_contents (fixture->path, file, (gssize) file_length, NULL));
  g_assert_true (g_file_set_contents (log, kept, (gssize) length, NULL));
  before = dup_bytes (log, &before_length);
  {
    g_autoptr (GError) error = NULL;

    fixture->database =
        store_database_open_to_read (fixture->path, fixture->key, fixture->clock, &error);
    g_assert_no_error (error);
  }
  assert_reads (fixture, "p", TRUE);
  fixture_close (fixture);
  after = dup_bytes (log, &after_length);
  g_assert_cmpmem (before, before_length, after, after_length);
}

static void
test_wrong_key (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) other = fixture_key (1);
  g_autofree char *missing = g_build_filename (fixture->folder, "missing.db", NULL);
  g_autoptr (GError) error = NULL;

  fixture_close (fixture);
  g_assert_null (store_database_open_to_read (fixture->path, other, fixture->clock, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_KEY);
  g_clear_error (&error);
  g_assert_null (store_database_open_to_read (missing, fixture->key, fixture->clock, &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test (missing, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/database/read-only/newer", NULL, test_newer);
  fixture_add ("/store/database/read-only/log", NULL, test_log);
  fixture_add ("/store/database/read-only/wrong-key", NULL, test_wrong_key);
  return g_test_run ();
}
