/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-backup.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "store-audit.h"
#include "store-connection-struct.h"

/* Copies of the whole store while it is in use. The source is read in one transaction, so the copy
 * is one state however long it takes, and writers, who only append to the log, wait for nothing. */

#define STEP_PAGES 256 /* 2 MiB */

static gboolean
read_counts (StoreConnection *connection, StoreBackup *out, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "backup.counts", error, "");
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  out->resources = sqlite3_column_int64 (statement, 0);
  out->deleted = sqlite3_column_int64 (statement, 1);
  out->versions = sqlite3_column_int64 (statement, 2);
  out->audit_rows = sqlite3_column_int64 (statement, 3);
  out->sequence = sqlite3_column_int64 (statement, 4);
  return TRUE;
}

static gboolean
copy_pages (StoreConnection *from,
            StoreConnection *to,
            StoreBackupProgress progress,
            gpointer data,
            GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (to->db, "main", from->db, "main");
  gboolean no_room = FALSE;
  int code;

  if (backup == NULL)
    {
      store_set_error (to, sqlite3_errcode (to->db), error);
      return FALSE;
    }
  do
    {
      code = sqlite3_backup_step (backup, STEP_PAGES);
      /* Ending the backup forgets why it failed. */
      no_room =
          (code & 0xff) == SQLITE_IOERR && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG);
      if (progress != NULL && sqlite3_backup_pagecount (backup) > 0)
        progress (1 - (double) sqlite3_backup_remaining (backup) /
                          sqlite3_backup_pagecount (backup),
                  data);
    }
  while (code == SQLITE_OK);
  code = sqlite3_backup_finish (backup);
  if (code == SQLITE_OK)
    return TRUE;
  store_set_error (to, no_room ? SQLITE_FULL : code, error);
  return FALSE;
}

/* One file, and nothing of it in a log beside. */
static gboolean
close_copy (StoreConnection *self, GError **error)
{
  return store_connection_execute (self, "PRAGMA journal_mode = DELETE", error);
}

static gboolean
copy_into (StoreConnection *from,
           StoreConnection *to,
           StoreBackupProgress progress,
           gpointer data,
           StoreBackup *out,
           GError **error)
{
  gboolean good;

  if (!store_connection_run (from, "transaction.read", error, ""))
    return FALSE;
  /* The first read fixes the state that the whole copy sees. */
  good = store_schema_read (from, &out->schema, error) && read_counts (from, out, error) &&
         copy_pages (from, to, progress, data, error) && close_copy (to, error);
  store_connection_run (from, "transaction.rollback", NULL, "");
  return good;
}

/**
 * store_backup_copy:
 * @from: a store's file, which may be in use
 * @to: the copy, which must not be there yet
 * @to_key: %STORE_KEY_BYTES bytes that encrypt the copy
 * @progress: (nullable): called with the part that is done, 0 to 1
 * @out: (out): what the copy holds
 *
 * Returns: FALSE with a reason, and no file at @to
 */
gboolean
store_backup_copy (const char *from,
                   GBytes *from_key,
                   const char *to,
                   GBytes *to_key,
                   BaseClock *clock,
                   StoreBackupProgress progress,
                   gpointer data,
                   StoreBackup *out,
                   GError **error)
{
  g_autoptr (StoreConnection) source =
      store_connection_open_file (from, from_key, clock, FALSE, error);
  g_autoptr (StoreConnection) target = NULL;
  GStatBuf status;

  if (source == NULL)
    return FALSE;
  if (g_file_test (to, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_SQL, "%s is there already: name another file",
                   to);
      return FALSE;
    }
  target = store_connection_open_file (to, to_key, clock, TRUE, error);
  if (target == NULL || !copy_into (source, target, progress, data, out, error))
    {
      g_clear_pointer (&target, store_connection_close);
      g_unlink (to);
      return FALSE;
    }
  g_clear_pointer (&target, store_connection_close);
  out->bytes = g_stat (to, &status) == 0 ? status.st_size : 0;
  return TRUE;
}

/**
 * store_backup_check_pages:
 * @pages: (out): how many pages the file has
 *
 * Reads every page of the file and checks its seal (HMAC): each one that was changed, or written
 * with another key, is found, also where it holds nothing.
 *
 * Returns: FALSE with %STORE_ERROR_CORRUPT and what was found first
 */
gboolean
store_backup_check_pages (StoreConnection *connection, gint64 *pages, GError **error)
{
  g_autoptr (StoreStatement) count =
      store_connection_query (connection, "check.page-count", error, "");
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row;

  if (count == NULL || !store_statement_step (connection, count, &row, error))
    return FALSE;
  *pages = sqlite3_column_int64 (count, 0);
  statement = store_connection_query (connection, "check.cipher", error, "");
  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT,
               "The store’s file was changed from outside, or the disk is failing: %s",
               store_statement_text (statement, 0));
  return FALSE;
}

/**
 * store_backup_verify:
 * @path: a copy that nobody else has open
 * @out: (out): what it holds
 *
 * Reads all of it: the seal of every page, the tables and indexes against each other, and the audit
 * chain from its beginning. Changes nothing in it.
 *
 * Returns: FALSE with %STORE_ERROR_VERSION_NEWER, %STORE_ERROR_KEY or %STORE_ERROR_CORRUPT
 */
gboolean
store_backup_verify (
    const char *path, GBytes *key, BaseClock *clock, StoreBackup *out, GError **error)
{
  g_autoptr (StoreConnection) self = store_connection_open_file (path, key, clock, FALSE, error);
  gint64 pages, rows;
  GStatBuf status;

  if (self == NULL || !store_schema_read (self, &out->schema, error) ||
      !store_backup_check_pages (self, &pages, error) || !store_database_check (self, error) ||
      !read_counts (self, out, error) || !store_audit_verify (self, &rows, error))
    return FALSE;
  out->bytes = g_stat (path, &status) == 0 ? status.st_size : 0;
  return TRUE;
}

/**
 * store_backup_settle:
 *
 * Brings what a log beside the file holds into the file, of which nobody else has a part open, so
 * that another file may take its place.
 */
gboolean
store_backup_settle (const char *path, GBytes *key, BaseClock *clock, GError **error)
{
  g_autoptr (StoreConnection) self = store_connection_open_file (path, key, clock, FALSE, error);

  return self != NULL &&
         store_connection_execute (self, "PRAGMA wal_checkpoint (TRUNCATE)", error) &&
         close_copy (self, error);
}

/**
 * store_apart_read:
 * @path: a store's file, which may be in use
 *
 * For a read that takes minutes: it has a connection of its own, so that those of the store stay
 * free for people, and sees one state throughout. Runs in the calling thread.
 */
gboolean
store_apart_read (
    const char *path, GBytes *key, BaseClock *clock, StoreWork work, gpointer data, GError **error)
{
  g_autoptr (StoreConnection) self = store_connection_open (path, key, clock, FALSE, error);
  gboolean good;

  if (self == NULL || !store_connection_run (self, "transaction.read", error, ""))
    return FALSE;
  good = work (self, data, error);
  store_connection_run (self, "transaction.rollback", NULL, "");
  return good;
}
