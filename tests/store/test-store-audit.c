/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <sqlite3.h>

#include "base-id.h"

static gboolean
append_rows (StoreConnection *connection, gpointer data, GError **error)
{
  return store_audit_append (connection, "sign-in", "doctor", NULL, NULL, NULL, error) &&
         store_audit_append (connection, "read", "doctor", "pat-1", "Patient/pat-1", NULL, error) &&
         store_audit_append (connection, "override", "doctor", "pat-1", "MedicationRequest/m",
                             "benefit outweighs", error) &&
         store_audit_append (connection, "read", "doctor", "pat-2", "Patient/pat-2", NULL, error);
}

static gboolean
verify (StoreConnection *connection, gpointer data, GError **error)
{
  return store_audit_verify (connection, data, error);
}

static gboolean
forget (StoreConnection *connection, gpointer data, GError **error)
{
  return store_audit_forget (connection, "pat-1", error);
}

static sqlite3 *
open_raw (StoreFixture *fixture)
{
  g_autofree char *hex = base_hex (g_bytes_get_data (fixture->key, NULL), STORE_KEY_BYTES);
  g_autofree char *key =
      g_strdup_printf ("PRAGMA key = \"x'%s'\"; PRAGMA cipher_page_size = 8192", hex);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, key, NULL, NULL, NULL), ==, SQLITE_OK);
  return db;
}

static int
count_raw (StoreFixture *fixture, const char *sql)
{
  sqlite3 *db = open_raw (fixture);
  sqlite3_stmt *statement = NULL;
  int count;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  count = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return count;
}

static void
fill (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->database, BASE_LANE_PERSON, append_rows, NULL, &error);
  g_assert_no_error (error);
}

static void
test_chain_verifies (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 rows = -1;

  g_assert_true (store_database_read (fixture->database, verify, &rows, &error));
  g_assert_cmpint (rows, ==, 0);
  fill (fixture);
  fill (fixture);
  g_assert_true (store_database_read (fixture->database, verify, &rows, &error));
  g_assert_cmpint (rows, ==, 8);
}

static void
test_altered_row_is_found (StoreFixture *fixture, gconstpointer sql)
{
  g_autoptr (GError) error = NULL;
  sqlite3 *db;
  gint64 rows;

  fill (fixture);
  fixture_close (fixture);
  db = open_raw (fixture);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_changes (db), >, 0);
  sqlite3_close (db);
  fixture_open (fixture);
  g_assert_false (store_database_read (fixture->database, verify, &rows, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
}

static void
test_erasure_leaves_the_chain (StoreFixture *fixture, gconstpointer data)
{
  static const char *const named = "SELECT count(*) FROM audit WHERE patient LIKE '%pat-1%' OR "
                                   "reference LIKE '%pat-1%' OR detail LIKE '%pat-1%'";
  static const char *const traced =
      "SELECT count(*) FROM audit a JOIN pseudonym p ON p.pseudonym = a.patient";
  g_autoptr (GError) error = NULL;
  gint64 rows;

  fill (fixture);
  g_assert_cmpint (count_raw (fixture, named), ==, 0);
  g_assert_cmpint (count_raw (fixture, traced), ==, 3);
  g_assert_true (store_database_write (fixture->database, BASE_LANE_PERSON, forget, NULL, &error));
  g_assert_cmpint (count_raw (fixture, traced), ==, 1);
  g_assert_true (store_database_read (fixture->database, verify, &rows, &error));
  g_assert_cmpint (rows, ==, 4);
}

typedef struct
{
  GMutex *gate;
  const char *who; /* NULL: nothing is appended */
  gboolean fails;
  guint *left;
} Share;

static gboolean
append_one (StoreConnection *connection, gpointer data, GError **error)
{
  Share *share = data;

  if (share->gate != NULL)
    g_mutex_lock (share->gate);
  if (share->gate != NULL)
    g_mutex_unlock (share->gate);
  if (share->who != NULL &&
      !store_audit_append (connection, "write", share->who, "pat-1", NULL, NULL, error))
    return FALSE;
  if (share->fails)
    g_set_error (error, STORE_ERROR, STORE_ERROR_CONFLICT, "on purpose");
  return !share->fails;
}

static void
appended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Share *share = data;

  g_assert_cmpint (store_database_write_finish (STORE_DATABASE (source), result, NULL), ==,
                   !share->fails);
  --*share->left;
}

/* Jobs that share a commit: the first one holds the writer until all of them wait. */
static void
write_together (StoreFixture *fixture, Share *shares, guint n)
{
  GMutex gate;
  guint left = n;

  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  shares[0].gate = &gate;
  for (guint i = 0; i < n; i++)
    {
      shares[i].left = &left;
      store_database_write_async (fixture->database, BASE_LANE_PERSON, append_one, &shares[i], NULL,
                                  NULL, appended_cb, &shares[i]);
    }
  g_mutex_unlock (&gate);
  while (left > 0)
    g_main_context_iteration (NULL, TRUE);
  g_mutex_clear (&gate);
}

static void
test_undone_in_a_group (StoreFixture *fixture, gconstpointer data)
{
  Share nothing[] = { { .who = NULL }, { .who = "a", .fails = TRUE } };
  Share some[] = {
    { .who = "b" }, { .who = "c", .fails = TRUE }, { .who = "d" }, { .who = "e", .fails = TRUE }
  };
  Share first[] = { { .who = "f", .fails = TRUE }, { .who = "g" }, { .who = "h" } };
  g_autoptr (GError) error = NULL;
  gint64 rows;

  write_together (fixture, nothing, G_N_ELEMENTS (nothing));
  g_assert_true (store_database_read (fixture->database, verify, &rows, &error));
  g_assert_cmpint (rows, ==, 0);
  write_together (fixture, some, G_N_ELEMENTS (some));
  write_together (fixture, first, G_N_ELEMENTS (first));
  g_assert_true (store_database_read (fixture->database, verify, &rows, &error));
  g_assert_no_error (error);
  g_assert_cmpint (rows, ==, 4);
  fixture_close (fixture);
  g_assert_cmpint (count_raw (fixture, "SELECT count(*) FROM audit WHERE who IN ('b','d','g','h')"),
                   ==, 4);
  fixture_open (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/audit/verifies", NULL, test_chain_verifies);
  fixture_add ("/store/audit/altered", "UPDATE audit SET who = 'nurse' WHERE row = 2",
               test_altered_row_is_found);
  fixture_add ("/store/audit/moved",
               "UPDATE audit SET detail = reference, reference = detail WHERE row = 3",
               test_altered_row_is_found);
  fixture_add ("/store/audit/removed", "DELETE FROM audit WHERE row = 2",
               test_altered_row_is_found);
  fixture_add ("/store/audit/last-removed", "DELETE FROM audit WHERE row = 4",
               test_altered_row_is_found);
  fixture_add ("/store/audit/added",
               "INSERT INTO audit SELECT 5, at, action, who, patient, reference, detail, hash FROM "
               "audit WHERE row = 4",
               test_altered_row_is_found);
  fixture_add ("/store/audit/erasure", NULL, test_erasure_leaves_the_chain);
  fixture_add ("/store/audit/undone-in-a-group", NULL, test_undone_in_a_group);
  return g_test_run ();
}
