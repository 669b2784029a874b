/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "removal-fixture.h"
#include "store-audit.h"

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RemovalFixture *fixture = user_data;

  g_clear_error (&fixture->error);
  fixture->good = app_removal_look_finish (APP_REMOVAL (source), result, &fixture->error);
  fixture->answered = TRUE;
}

static AppRemoval *
look (RemovalFixture *fixture)
{
  AppRemoval *removal =
      app_removal_new (fixture->hill, fixture->keys, fixture->people, fixture->clock);

  fixture->answered = FALSE;
  app_removal_look_async (removal, looked_cb, fixture);
  removal_wait (fixture);
  return removal;
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RemovalFixture *fixture = user_data;

  g_clear_error (&fixture->error);
  fixture->good = app_removal_run_finish (APP_REMOVAL (source), result, &fixture->error);
  fixture->answered = TRUE;
}

static void
run (RemovalFixture *fixture, AppRemoval *removal)
{
  fixture->answered = FALSE;
  app_removal_run_async (removal, ran_cb, fixture);
  removal_wait (fixture);
}

/* What no server has is counted as a person counts it: an order with its Provenance is one. Looking
 * takes nothing away. */
static void
test_loss (RemovalFixture *fixture, gconstpointer data)
{
  g_autoptr (AppRemoval) removal = look (fixture);
  const AppRemovalLoss *loss = app_removal_get_loss (removal);

  g_assert_no_error (fixture->error);
  g_assert_true (app_removal_is_loss (removal));
  g_assert_cmpuint (loss->prescriptions, ==, 1);
  g_assert_cmpuint (loss->notes, ==, 0);
  g_assert_cmpuint (loss->others, ==, 1);
  g_assert_cmpuint (loss->drafts, ==, 1);
  g_assert_true (app_removal_get_has_code (removal));
  removal_assert_here (fixture, TRUE);
}

static void
test_nothing_lost (RemovalFixture *fixture, gconstpointer data)
{
  g_autoptr (AppRemoval) removal = look (fixture);

  g_assert_nonnull (app_removal_get_loss (removal));
  g_assert_false (app_removal_is_loss (removal));
}

/* Key, file and name are gone, and nothing else of the folder above. */
static void
test_gone (RemovalFixture *fixture, gconstpointer data)
{
  const AppPerson stone = { (char *) "0000000000000001", (char *) "http://127.0.0.1:1",
                            (char *) "Practitioner/stone", (char *) "Dr Ada Stone", NULL };
  g_autofree char *other = g_build_filename (fixture->keys, "0000000000000001", NULL);
  g_autoptr (AppRemoval) removal = NULL;

  g_assert_true (app_people_keep (fixture->people, &stone, NULL));
  g_assert_true (g_file_set_contents (other, "key", -1, NULL));
  removal = look (fixture);
  run (fixture, removal);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->good);
  g_assert_false (g_file_test (fixture->records, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (fixture->key, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_autoptr (GPtrArray) people = app_people_read (fixture->people);
  g_assert_cmpuint (people->len, ==, 1);
  g_assert_cmpstr (((AppPerson *) people->pdata[0])->name, ==, "Dr Ada Stone");
}

/* What was written after somebody read what would be lost is not lost unread. */
static void
test_changed (RemovalFixture *fixture, gconstpointer data)
{
  g_autoptr (AppRemoval) removal = look (fixture);

  g_assert_true (store_database_write (app_removal_get_database (removal), BASE_LANE_PERSON,
                                       removal_write_draft, "d2", NULL));
  run (fixture, removal);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_BUSY);
  removal_assert_here (fixture, TRUE);
}

/* Ended between key and file, or broken: nobody knows what is in it, which is said, and it can be
 * removed all the same. */
static void
test_no_key (RemovalFixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_unlink (fixture->key), ==, 0);
  g_autoptr (AppRemoval) removal = look (fixture);

  g_assert_nonnull (fixture->error);
  g_assert_null (app_removal_get_loss (removal));
  g_assert_true (app_removal_is_loss (removal));
  g_assert_false (app_removal_get_has_code (removal));
  g_assert_false (g_file_test (fixture->key, G_FILE_TEST_EXISTS)); /* and none was made */
  run (fixture, removal);
  g_assert_no_error (fixture->error);
  removal_assert_here (fixture, FALSE);
}

/* A clinician whose records are gone already is taken off the list, and no new ones are made. */
static void
test_no_records (RemovalFixture *fixture, gconstpointer data)
{
  removal_empty_folder (fixture->records);
  g_autoptr (AppRemoval) removal = look (fixture);

  g_assert_no_error (fixture->error);
  g_assert_false (app_removal_is_loss (removal));
  g_assert_false (g_file_test (fixture->file, G_FILE_TEST_EXISTS));
  run (fixture, removal);
  g_assert_no_error (fixture->error);
  removal_assert_here (fixture, FALSE);
}

/* H27: that words could be read without the key is said, even when they stand across the end of
 * what is read at once; and a link takes nothing away that it leads to. */
static void
test_readable (RemovalFixture *fixture, gconstpointer data)
{
  g_autofree char *plain = g_build_filename (fixture->records, "plain", NULL);
  g_autofree char *link = g_build_filename (fixture->records, "link", NULL);
  g_autofree char *kept = g_build_filename (fixture->folder, "kept", NULL);
  g_autofree char *text = g_strnfill (70000, 'x');

  memcpy (text + 65530, "resourceType", 12);
  g_assert_true (g_file_set_contents (plain, text, 70000, NULL));
  g_assert_true (g_file_set_contents (kept, "kept", -1, NULL));
  g_assert_cmpint (symlink (kept, link), ==, 0);
  g_autoptr (AppRemoval) removal = look (fixture);
  run (fixture, removal);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (fixture->error->message, "could be read without its key"));
  removal_assert_here (fixture, FALSE);
  g_assert_false (g_file_test (fixture->records, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
}

static gboolean
count_audit (StoreConnection *connection, gpointer rows, GError **error)
{
  return store_audit_verify (connection, rows, error);
}

/* The clinician whose records are open has it in the audit. */
static void
test_witness (RemovalFixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "stone", NULL);
  g_autofree char *hill = g_steal_pointer (&fixture->records);
  AppAccount *stone;
  StoreDatabase *store;
  gint64 before = 0, after = 0;

  fixture->records = g_strdup (folder);
  stone = removal_open_account (fixture);
  g_free (fixture->records);
  fixture->records = g_steal_pointer (&hill);
  store = app_account_get_database (stone);
  app_account_keep_user (stone, "Practitioner/stone", "Dr Ada Stone", "prescriber");
  g_assert_true (store_database_read (store, count_audit, &before, NULL));
  g_autoptr (AppRemoval) removal = look (fixture);
  app_removal_set_witness (removal, stone);
  run (fixture, removal);
  g_assert_no_error (fixture->error);
  g_assert_true (store_database_read (store, count_audit, &after, NULL));
  g_assert_cmpint (after, ==, before + 1);
  g_clear_object (&removal);
  removal_close (stone);
  removal_empty_folder (folder);
}

static void
add (const char *path, const char *data, void (*test) (RemovalFixture *, gconstpointer))
{
  g_test_add (path, RemovalFixture, data, removal_set_up, test, removal_tear_down);
}

int
main (int argc, char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("bedside-home-XXXXXX", NULL);
  g_autofree char *stores = g_build_filename (home, "bedside", NULL);

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  add ("/app/removal/loss", NULL, test_loss);
  add ("/app/removal/nothing-lost", "empty", test_nothing_lost);
  add ("/app/removal/gone", NULL, test_gone);
  add ("/app/removal/changed", NULL, test_changed);
  add ("/app/removal/no-key", NULL, test_no_key);
  add ("/app/removal/no-records", NULL, test_no_records);
  add ("/app/removal/readable", NULL, test_readable);
  add ("/app/removal/witness", NULL, test_witness);
  int status = g_test_run ();
  g_rmdir (stores);
  g_rmdir (home);
  return status;
}
