/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-account.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "app-people.h"
#include "care-lease.h"
#include "store-draft.h"

#define NOBODY 65534

typedef struct
{
  char *folder, *data, *key;
  BaseClock *clock;
  GError *error;
  gboolean answered, opened;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bedside-account-XXXXXX", NULL);
  fixture->data = g_build_filename (fixture->folder, "data", NULL);
  fixture->key = g_build_filename (fixture->folder, "key", NULL);
  fixture->clock = base_clock_new ();
}

static void
empty_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

  for (const char *name = folder ? g_dir_read_name (folder) : NULL; name;
       name = g_dir_read_name (folder))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  empty_folder (fixture->data);
  empty_folder (fixture->folder);
  g_clear_error (&fixture->error);
  g_object_unref (fixture->clock);
  g_free (fixture->folder);
  g_free (fixture->data);
  g_free (fixture->key);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_error (&fixture->error);
  fixture->opened = app_account_open_finish (APP_ACCOUNT (source), result, &fixture->error);
  fixture->answered = TRUE;
}

static AppAccount *
open_account (Fixture *fixture)
{
  AppAccount *account =
      app_account_new (fixture->data, "http://127.0.0.1:1", "doctor", fixture->key);

  fixture->answered = FALSE;
  app_account_open_async (account, fixture->clock, NULL, opened_cb, fixture);
  while (!fixture->answered)
    g_main_context_iteration (NULL, TRUE);
  return account;
}

static void
close_account (AppAccount *account)
{
  if (app_account_get_database (account))
    store_database_close (app_account_get_database (account));
  g_object_unref (account);
}

/* A first start makes a key that only its owner reads; the next start opens with it and knows who
 * worked. */
static void
test_open (Fixture *fixture, gconstpointer data)
{
  GStatBuf key;
  AppAccount *account = open_account (fixture);

  g_assert_no_error (fixture->error);
  g_assert_null (app_account_get_user_reference (account));
  g_assert_cmpint (app_account_get_signed_in (account), ==, 0);
  g_assert_true (app_account_keep_user (account, "Practitioner/1", "Dr Stone", "prescriber"));
  g_assert_cmpint (g_stat (fixture->key, &key), ==, 0);
  g_assert_cmpint (key.st_mode & 0777, ==, 0600);
  g_assert_true (app_account_save_refresh_token ("token", account, NULL));
  gint64 signed_in = app_account_get_signed_in (account);
  g_assert_cmpint (signed_in, >, 0);
  close_account (account);

  account = open_account (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (app_account_get_user_name (account), ==, "Dr Stone");
  /* for how long work can begin without the server is counted from here */
  g_assert_cmpint (app_account_get_signed_in (account), ==, signed_in);
  base_clock_advance (fixture->clock, CARE_LEASE_US - G_TIME_SPAN_MINUTE);
  g_assert_cmpint (care_lease_get (signed_in, base_clock_now (fixture->clock)), ==,
                   CARE_LEASE_GOOD);
  base_clock_advance (fixture->clock, 2 * G_TIME_SPAN_MINUTE);
  g_assert_cmpint (care_lease_get (signed_in, base_clock_now (fixture->clock)), ==,
                   CARE_LEASE_OVER);
  g_assert_cmpstr (app_account_get_refresh_token (account), ==, "token");
  /* H9: the records of one user are not another's. */
  g_assert_false (app_account_keep_user (account, "Practitioner/2", "Dr Hill", "prescriber"));
  g_assert_cmpstr (app_account_get_user_reference (account), ==, "Practitioner/1");
  close_account (account);
}

/* A hand in a closed file. */
static void
set_version (const char *path, const char *key, int version)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA key = \"x'%s'\"; PRAGMA cipher_page_size = 8192; "
                                          "PRAGMA user_version = %d",
                                          key, version);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

/* What a server cannot do is told once, and again when it changes. */
static void
test_notes (Fixture *fixture, gconstpointer data)
{
  static const char *const none[] = { NULL };
  static const char *const some[] = { "This server keeps no history.", NULL };
  AppAccount *account = open_account (fixture);

  g_assert_false (app_account_keep_notes (account, none));
  g_assert_true (app_account_keep_notes (account, some));
  g_assert_false (app_account_keep_notes (account, some));
  g_assert_true (app_account_save_refresh_token ("token", account, NULL)); /* all is written */
  close_account (account);

  account = open_account (fixture);
  g_assert_false (app_account_keep_notes (account, some));
  g_assert_false (app_account_keep_notes (account, none));
  g_assert_true (app_account_keep_notes (account, some));
  close_account (account);
}

static void
write_key (Fixture *fixture, const char *text)
{
  g_assert_true (g_file_set_contents_full (fixture->key, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                           0600, NULL));
}

/* Records that are there never get a new key, and nothing opens without the right one. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  close_account (open_account (fixture));
  g_assert_true (fixture->opened);

  g_assert_cmpint (g_chmod (fixture->key, 0640), ==, 0);
  close_account (open_account (fixture));
  g_assert_false (fixture->opened);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);

  write_key (fixture, "0101010101010101010101010101010101010101010101010101010101010101");
  close_account (open_account (fixture));
  g_assert_false (fixture->opened);
  g_assert_nonnull (fixture->error);

  write_key (fixture, "short");
  close_account (open_account (fixture));
  g_assert_false (fixture->opened);

  g_assert_cmpint (g_unlink (fixture->key), ==, 0);
  close_account (open_account (fixture));
  g_assert_false (fixture->opened);
  g_assert_false (g_file_test (fixture->key, G_FILE_TEST_EXISTS));
}

/* ---- several clinicians ---- */

static gboolean
draft_work (StoreConnection *connection, gpointer data, GError **error)
{
  return store_draft_save (connection, "d1", "note", "jane", data, NULL, "cough", error);
}

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const authors[] = { "Practitioner/1", "Practitioner/2" };

  for (gsize i = 0; i < G_N_ELEMENTS (authors); i++)
    {
      g_autoptr (GPtrArray) drafts = store_draft_list (connection, authors[i], NULL, error);
      *(guint *) data += drafts ? drafts->len : 100;
    }
  return TRUE;
}

static AppAccount *
open_of (Fixture *fixture, const char *account)
{
  g_autofree char *folder = g_build_filename (fixture->data, account, NULL);
  AppAccount *opened = app_account_new (folder, "http://127.0.0.1:1", NULL, fixture->key);

  fixture->answered = FALSE;
  app_account_open_async (opened, fixture->clock, NULL, opened_cb, fixture);
  while (!fixture->answered)
    g_main_context_iteration (NULL, TRUE);
  return opened;
}

static char *
read_text (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* H9: one store and one key each. What the one writes is not in the other's, and the other's key
 * does not open it. */
static void
test_two (Fixture *fixture, gconstpointer data)
{
  static const char one[] = "0000000000000001", two[] = "0000000000000002";
  guint drafts = 0;

  g_assert_cmpint (g_mkdir_with_parents (fixture->key, 0700), ==, 0);
  AppAccount *account = open_of (fixture, one);
  g_assert_true (app_account_keep_user (account, "Practitioner/1", "Dr Stone", "prescriber"));
  g_assert_true (store_database_write (app_account_get_database (account), BASE_LANE_PERSON,
                                       draft_work, (gpointer) "Practitioner/1", NULL));
  close_account (account);

  account = open_of (fixture, two);
  g_assert_no_error (fixture->error);
  g_assert_null (app_account_get_user_reference (account));
  g_assert_true (
      store_database_read (app_account_get_database (account), count_work, &drafts, NULL));
  g_assert_cmpuint (drafts, ==, 0);
  close_account (account);

  g_autofree char *first = read_text (fixture->key, one);
  g_autofree char *second = read_text (fixture->key, two);
  g_assert_cmpstr (first, !=, second);

  g_autofree char *key = g_build_filename (fixture->key, one, NULL);
  g_assert_true (
      g_file_set_contents_full (key, second, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  close_account (open_of (fixture, one));
  g_assert_false (fixture->opened);
  g_assert_true (
      g_file_set_contents_full (key, first, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  account = open_of (fixture, one);
  g_assert_true (
      store_database_read (app_account_get_database (account), count_work, &drafts, NULL));
  g_assert_cmpuint (drafts, ==, 1);
  g_assert_cmpstr (app_account_get_user_name (account), ==, "Dr Stone");
  close_account (account);

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *folder = g_build_filename (fixture->data, i == 0 ? one : two, NULL);
      empty_folder (folder);
    }
  empty_folder (fixture->key);
}

/* Only an account in its usual place, with a key of its own, is on the lock screen. */
static void
test_id (void)
{
  g_autofree char *usual = app_people_dup_folder ("0123456789abcdef");
  g_autoptr (AppAccount) keyring = app_account_new (usual, NULL, NULL, NULL);
  g_autoptr (AppAccount) shared = app_account_new (usual, NULL, NULL, "/nonexistent/key");
  g_autoptr (AppAccount) elsewhere = app_account_new ("/nonexistent/records", NULL, NULL, NULL);
  g_autofree char *id = app_account_dup_id (keyring);
  g_autofree char *shared_id = app_account_dup_id (shared);
  g_autofree char *elsewhere_id = app_account_dup_id (elsewhere);

  g_assert_cmpstr (id, ==, "0123456789abcdef");
  g_assert_null (shared_id);
  g_assert_null (elsewhere_id);
}

/* Where nothing can be written there is a sentence, and nothing is left half made. */
static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_assert_true (g_file_set_contents (fixture->data, "in the way", -1, NULL));
  close_account (open_account (fixture));
  g_assert_false (fixture->opened);
  g_assert_nonnull (strstr (fixture->error->message, "Cannot make the folder"));
  g_assert_false (g_file_test (fixture->key, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (fixture->data), ==, 0);
}

/* Root may write everywhere, so it becomes nobody for a while. */
static gboolean
give_away (Fixture *fixture, const char *records)
{
  const char *const paths[] = { fixture->folder, fixture->data, fixture->key, records };

  if (geteuid () != 0)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (chown (paths[i], NOBODY, NOBODY) != 0)
      return FALSE;
  return seteuid (NOBODY) == 0;
}

/* As on a file system that a fault made read-only: it is said, and later all is there. */
static void
test_may_not_write (Fixture *fixture, gconstpointer data)
{
  g_autofree char *records = g_build_filename (fixture->data, "records.db", NULL);
  AppAccount *account = open_account (fixture);

  g_assert_no_error (fixture->error);
  g_assert_true (app_account_keep_user (account, "Practitioner/1", "Dr Stone", "prescriber"));
  close_account (account);
  g_assert_cmpint (g_chmod (records, 0400), ==, 0);
  g_assert_cmpint (g_chmod (fixture->data, 0500), ==, 0);
  g_assert_true (give_away (fixture, records));
  close_account (open_account (fixture));
  g_assert_cmpint (seteuid (getuid ()), ==, 0);
  g_assert_false (fixture->opened);
  g_assert_nonnull (strstr (fixture->error->message, "cannot be written to"));
  g_assert_cmpint (g_chmod (fixture->data, 0700), ==, 0);
  g_assert_cmpint (g_chmod (records, 0600), ==, 0);
  account = open_account (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (app_account_get_user_name (account), ==, "Dr Stone");
  close_account (account);
}

/* Nothing is ever kept unencrypted: without a keyring it is said what to do, and what works still.
 */
static void
test_no_keyring (Fixture *fixture, gconstpointer data)
{
  g_autofree char *records = g_build_filename (fixture->data, "records.db", NULL);
  AppAccount *account = app_account_new (fixture->data, "http://127.0.0.1:1", "doctor", NULL);

  fixture->answered = FALSE;
  app_account_open_async (account, fixture->clock, NULL, opened_cb, fixture);
  while (!fixture->answered)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (fixture->opened);
  g_test_message ("%s", fixture->error->message);
  g_assert_nonnull (strstr (fixture->error->message, "Unlock the keyring"));
  g_assert_nonnull (strstr (fixture->error->message, "The demo clinic needs neither"));
  g_assert_false (g_file_test (records, G_FILE_TEST_EXISTS));
  close_account (account);
}

/* After a roll-back: who works here is known and can read, and nothing is written. */
static void
test_newer (Fixture *fixture, gconstpointer data)
{
  AppAccount *account = open_account (fixture);
  g_autofree char *path = g_strdup (store_database_get_path (app_account_get_database (account)));
  g_autofree char *text = NULL;

  g_assert_false (app_account_is_read_only (account));
  g_assert_true (app_account_keep_user (account, "Practitioner/1", "Dr Stone", "prescriber"));
  g_assert_true (app_account_save_refresh_token ("token", account, NULL));
  close_account (account);
  g_assert_true (g_file_get_contents (fixture->key, &text, NULL, NULL));
  set_version (path, text, 999);

  account = open_account (fixture);
  g_assert_no_error (fixture->error);
  g_assert_true (app_account_is_read_only (account));
  g_assert_cmpstr (app_account_get_user_name (account), ==, "Dr Stone");
  g_assert_false (app_account_save_refresh_token ("another", account, NULL));
  close_account (account);
}

int
main (int argc, char *argv[])
{
  /* no keyring answers here, whoever runs this */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/account/open", Fixture, NULL, set_up, test_open, tear_down);
  g_test_add ("/app/account/notes", Fixture, NULL, set_up, test_notes, tear_down);
  g_test_add ("/app/account/no-folder", Fixture, NULL, set_up, test_no_folder, tear_down);
  g_test_add ("/app/account/may-not-write", Fixture, NULL, set_up, test_may_not_write, tear_down);
  g_test_add ("/app/account/no-keyring", Fixture, NULL, set_up, test_no_keyring, tear_down);
  g_test_add ("/app/account/newer", Fixture, NULL, set_up, test_newer, tear_down);
  g_test_add ("/app/account/keys", Fixture, NULL, set_up, test_keys, tear_down);
  g_test_add ("/app/account/two-clinicians", Fixture, NULL, set_up, test_two, tear_down);
  g_test_add_func ("/app/account/id", test_id);
  return g_test_run ();
}
