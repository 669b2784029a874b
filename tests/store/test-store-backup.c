/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <stdio.h>

#include "store-backup.h"

/* Copies of a store that is in use: one state each, sealed, and proven before anybody trusts them.
 */

typedef struct
{
  StoreFixture store;
  char *copy;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture_set_up (&fixture->store, data);
  fixture->copy = g_build_filename (fixture->store.folder, "copy.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->copy);
  fixture_tear_down (&fixture->store, data);
}

static gboolean
audited_put (StoreConnection *connection, gpointer data, GError **error)
{
  g_auto (StorePut) out = { 0 };
  g_autofree char *filling = g_strnfill (10000, 'x'); /* so that few are many pages */
  g_autofree char *json = g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"p%d\","
                                           "\"text\":{\"div\":\"%s\"}}",
                                           GPOINTER_TO_INT (data), filling);
  g_autoptr (FhirResource) resource = resource_of (json);

  return store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, &out, error) &&
         store_audit_append (connection, "write", "doctor", NULL, "Patient", NULL, error);
}

static void
put_number (Fixture *fixture, int number)
{
  g_autoptr (GError) error = NULL;

  store_database_write (fixture->store.database, BASE_LANE_PERSON, audited_put,
                        GINT_TO_POINTER (number), &error);
  g_assert_no_error (error);
}

static StoreBackup
copy (Fixture *fixture, GBytes *key, StoreBackupProgress progress, gpointer data)
{
  StoreBackup out = { 0 };
  g_autoptr (GError) error = NULL;

  store_backup_copy (fixture->store.path, fixture->store.key, fixture->copy, key,
                     fixture->store.clock, progress, data, &out, &error);
  g_assert_no_error (error);
  return out;
}

static StoreDatabase *
open_copy (Fixture *fixture, GBytes *key)
{
  g_autoptr (GError) error = NULL;
  StoreDatabase *database = store_database_open (fixture->copy, key, fixture->store.clock, &error);

  g_assert_no_error (error);
  return database;
}

/* ---- a copy while others write ---- */

typedef struct
{
  Fixture *fixture;
  int next; /* the number that is written next; those before it are committed */
  guint steps;
  double last;
} Writing;

/* Between two steps of the copy a person writes, and waits for nothing but their own commit. */
static void
write_meanwhile (double part, gpointer data)
{
  Writing *writing = data;

  g_assert_cmpfloat (part, >=, writing->last);
  g_assert_cmpfloat (part, <=, 1);
  writing->last = part;
  writing->steps++;
  put_number (writing->fixture, writing->next++);
}

static gboolean
has (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *id = g_strdup_printf ("p%d", *(int *) data);
  g_autoptr (FhirResource) resource = store_resource_get (connection, "Patient", id, error);

  return resource != NULL;
}

static gboolean
verify_audit (StoreConnection *connection, gpointer data, GError **error)
{
  return store_audit_verify (connection, data, error);
}

static void
test_while_writing (Fixture *fixture, gconstpointer data)
{
  Writing writing = { .fixture = fixture };
  g_autoptr (StoreDatabase) database = NULL;
  g_autoptr (GError) error = NULL;
  StoreBackup out, read = { 0 };
  gint64 rows = 0;
  int before;

  while (writing.next < 400)
    put_number (fixture, writing.next++);
  before = writing.next;
  out = copy (fixture, fixture->store.key, write_meanwhile, &writing);
  g_assert_cmpuint (writing.steps, >, 1);
  g_assert_cmpint (out.resources, ==, before); /* all of before, and nothing of what came after */
  g_assert_cmpint (out.audit_rows, ==, before);
  g_assert_cmpfloat (writing.last, ==, 1);
  g_assert_true (
      store_backup_verify (fixture->copy, fixture->store.key, fixture->store.clock, &read, &error));
  g_assert_no_error (error);
  g_assert_cmpint (read.resources, ==, out.resources);
  g_assert_cmpint (read.sequence, ==, out.sequence);
  g_assert_cmpint (read.bytes, ==, out.bytes);
  database = open_copy (fixture, fixture->store.key);
  for (int i = 0; i < before; i += 40)
    g_assert_true (store_database_read (database, has, &i, NULL));
  g_assert_false (store_database_read (database, has, &before, NULL));
  g_assert_true (store_database_read (database, verify_audit, &rows, &error));
  g_assert_cmpint (rows, ==, before);
  store_database_close (database);
}

static void
test_other_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) other = fixture_key (100);
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreDatabase) database = NULL;
  StoreBackup out;
  int number = 7;

  put_number (fixture, 7);
  copy (fixture, other, NULL, NULL);
  g_assert_false (
      store_backup_verify (fixture->copy, fixture->store.key, fixture->store.clock, &out, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_KEY);
  database = open_copy (fixture, other);
  g_assert_true (store_database_read (database, has, &number, NULL));
  store_database_close (database);
}

static void
test_no_plain_text (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize length;

  put_number (fixture, 1);
  copy (fixture, fixture->store.key, NULL, NULL);
  g_assert_true (g_file_get_contents (fixture->copy, &bytes, &length, NULL));
  g_assert_cmpuint (length, >, 8192);
  g_assert_null (memmem (bytes, length, "Patient", 7));
  g_assert_null (memmem (bytes, length, "SQLite format", 13));
}

static void
test_keeps_what_is_there (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  StoreBackup out;

  g_assert_true (g_file_set_contents (fixture->copy, "mine", -1, NULL));
  g_assert_false (store_backup_copy (fixture->store.path, fixture->store.key, fixture->copy,
                                     fixture->store.key, fixture->store.clock, NULL, NULL, &out,
                                     &error));
  g_assert_nonnull (error);
  g_assert_true (g_file_get_contents (fixture->copy, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
}

static void
flip (const char *path, long at)
{
  FILE *file = fopen (path, "r+");
  int byte;

  g_assert_nonnull (file);
  fseek (file, at, SEEK_SET);
  byte = fgetc (file);
  fseek (file, at, SEEK_SET);
  fputc (byte ^ 1, file);
  fclose (file);
}

/* Each page has a seal, so no byte can change unseen. */
static void
test_one_byte (Fixture *fixture, gconstpointer data)
{
  StoreBackup out;
  gint64 pages;

  for (int i = 0; i < 5; i++)
    put_number (fixture, i);
  out = copy (fixture, fixture->store.key, NULL, NULL);
  pages = out.bytes / 8192;
  g_assert_cmpint (pages, >, 10);
  for (gint64 page = 1; page < pages; page++)
    {
      g_autoptr (GError) error = NULL;

      flip (fixture->copy, (long) (page * 8192 + 4000));
      g_assert_false (store_backup_verify (fixture->copy, fixture->store.key, fixture->store.clock,
                                           &out, &error));
      g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
      flip (fixture->copy, (long) (page * 8192 + 4000));
    }
  g_assert_true (
      store_backup_verify (fixture->copy, fixture->store.key, fixture->store.clock, &out, NULL));
}

/* A copy of a newer Bedside is refused and stays as it is. */
static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  gsize length, length_after;
  StoreBackup out;

  put_number (fixture, 1);
  copy (fixture, fixture->store.key, NULL, NULL);
  fixture_execute_raw (fixture->copy, fixture->store.key, "PRAGMA user_version = 99");
  g_assert_true (g_file_get_contents (fixture->copy, &before, &length, NULL));
  g_assert_false (
      store_backup_verify (fixture->copy, fixture->store.key, fixture->store.clock, &out, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_VERSION_NEWER);
  g_assert_true (g_file_get_contents (fixture->copy, &after, &length_after, NULL));
  g_assert_cmpmem (before, length, after, length_after);
}

static void
test_altered_audit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  StoreBackup out;

  put_number (fixture, 1);
  put_number (fixture, 2);
  copy (fixture, fixture->store.key, NULL, NULL);
  fixture_execute_raw (fixture->copy, fixture->store.key,
                       "UPDATE audit SET who = 'nobody' WHERE row = 1");
  g_assert_false (
      store_backup_verify (fixture->copy, fixture->store.key, fixture->store.clock, &out, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
}

#define add(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/store/backup/while-writing", test_while_writing);
  add ("/store/backup/other-key", test_other_key);
  add ("/store/backup/no-plain-text", test_no_plain_text);
  add ("/store/backup/keeps-what-is-there", test_keeps_what_is_there);
  add ("/store/backup/one-byte", test_one_byte);
  add ("/store/backup/newer", test_newer);
  add ("/store/backup/altered-audit", test_altered_audit);
  return g_test_run ();
}
