/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-connection.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "store-connection-struct.h"
#include "store-sort-key.h"

/* A thin wrapper of SQLite in SQLCipher's build. Every connection proves that it encrypts before it
 * is used: with a plain SQLite at hand `PRAGMA key` succeeds and rows reach the disk as they are.
 */

#define STORE_PAGE_BYTES       "8192"
#define STORE_WRITER_CACHE_KIB "-64000"
#define STORE_READER_CACHE_KIB "-24000"
#define STORE_BUSY_MS          5000
#define STORE_STAMP_LIMIT      (10 * 60 * G_USEC_PER_SEC)

static StoreError
error_of_code (sqlite3 *db, int code)
{
  int system = sqlite3_system_errno (db);

  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return STORE_ERROR_FULL;
    case SQLITE_IOERR:
      return system == ENOSPC || system == EDQUOT || system == EFBIG ? STORE_ERROR_FULL
                                                                     : STORE_ERROR_SQL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return STORE_ERROR_CORRUPT;
    default:
      return STORE_ERROR_SQL;
    }
}

/* Whether this user may not write to the file or into its folder, or nobody may. */
static gboolean
may_not_write (sqlite3 *db, int code)
{
  int system = sqlite3_system_errno (db);

  switch (code & 0xff)
    {
    case SQLITE_READONLY:
      return TRUE;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return system == EROFS || system == EACCES || system == EPERM;
    default:
      return FALSE;
    }
}

static void
set_error_of (sqlite3 *db, int code, GError **error)
{
  StoreError kind = error_of_code (db, code);
  const char *said =
      sqlite3_errcode (db) == SQLITE_OK ? sqlite3_errstr (code) : sqlite3_errmsg (db);

  if (kind == STORE_ERROR_FULL)
    g_set_error (error, STORE_ERROR, kind,
                 _ ("The disk is full. Nothing that was saved is lost; make room and try again "
                    "(%s)"),
                 said);
  else if (kind == STORE_ERROR_CORRUPT)
    g_set_error (error, STORE_ERROR, kind,
                 _ ("The store’s file is damaged and was left as it is. Restore it from a backup "
                    "(%s)"),
                 said);
  else if (may_not_write (db, code))
    g_set_error (error, STORE_ERROR, kind,
                 _ ("The folder of your records cannot be written to, and nothing in it was "
                    "changed. Ask whoever looks after this computer to let you write there, then "
                    "try again (%s)"),
                 said);
  else
    g_set_error (error, STORE_ERROR, kind, _ ("The store could not do this: %s"), said);
}

/* Sets @error from what the database said last. */
void
store_set_error (StoreConnection *self, int code, GError **error)
{
  set_error_of (self->db, code, error);
}

/**
 * store_connection_get_clock:
 *
 * Returns: (transfer none): the clock that stamps what is written
 */
BaseClock *
store_connection_get_clock (StoreConnection *self)
{
  return self->clock;
}

/**
 * store_connection_person_waits:
 *
 * Returns: whether a person waits for the writer: a batch ends its transaction early then
 */
gboolean
store_connection_person_waits (StoreConnection *self)
{
  return self->person_waits != NULL && self->person_waits (self->person_waits_data);
}

void
store_connection_set_person_waits (StoreConnection *self, StorePersonWaits waits, gpointer data)
{
  self->person_waits = waits;
  self->person_waits_data = data;
}

/* Hands the connection to the thread that uses it from here on. */
void
store_connection_set_thread (StoreConnection *self, GThread *thread)
{
  self->thread = thread;
}

gboolean
store_connection_execute (StoreConnection *self, const char *sql, GError **error)
{
  int code = sqlite3_exec (self->db, sql, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    store_set_error (self, code, error);
  return code == SQLITE_OK;
}

static int
keep_first_column (gpointer data, int columns, char **values, char **names)
{
  char **out = data;

  g_free (*out);
  *out = g_strdup (values[0]);
  return 0;
}

static gboolean
set_key (StoreConnection *self, GBytes *key, GError **error)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (key, &length);
  g_autofree char *hex = NULL, *sql = NULL, *cipher = NULL;
  int code;

  g_return_val_if_fail (length == 32, FALSE);
  hex = base_hex (data, length);
  sql = g_strdup_printf ("PRAGMA key = \"x'%s'\"", hex);
  /* Its own log goes to standard error; errors are returned from here instead. */
  sqlite3_exec (self->db, "PRAGMA cipher_log_level = NONE", NULL, NULL, NULL);
  code = sqlite3_exec (self->db, sql, NULL, NULL, NULL);
  explicit_bzero (sql, strlen (sql));
  explicit_bzero (hex, strlen (hex));
  if (code == SQLITE_OK)
    code = sqlite3_exec (self->db, "PRAGMA cipher_version", keep_first_column, &cipher, NULL);
  if (code != SQLITE_OK || cipher == NULL)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_CIPHER,
                   _ ("This SQLite does not encrypt, so Bedside does not store anything with it"));
      return FALSE;
    }
  return store_connection_execute (self, "PRAGMA cipher_page_size = " STORE_PAGE_BYTES, error);
}

/* The first read decrypts the first page: that is where a wrong key shows. */
static gboolean
prove_key (StoreConnection *self, GError **error)
{
  int code = sqlite3_exec (self->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);

  if (code == SQLITE_OK)
    return TRUE;
  if ((code & 0xff) == SQLITE_NOTADB)
    g_set_error (error, STORE_ERROR, STORE_ERROR_KEY,
                 _ ("The key does not open this store. It belongs to another account, or the "
                    "file’s beginning is damaged; the file was left as it is"));
  else
    store_set_error (self, code, error);
  return FALSE;
}

static gboolean
configure (StoreConnection *self, gboolean writer, GError **error)
{
  if (writer && !store_connection_execute (self, "PRAGMA journal_mode = WAL", error))
    return FALSE;
  return store_connection_execute (self,
                                   "PRAGMA synchronous = FULL;"
                                   "PRAGMA foreign_keys = ON;"
                                   "PRAGMA temp_store = MEMORY;"
                                   "PRAGMA wal_autocheckpoint = 0;"
                                   "PRAGMA cell_size_check = ON;"
                                   "PRAGMA trusted_schema = OFF",
                                   error) &&
         store_connection_execute (self,
                                   writer ? "PRAGMA cache_size = " STORE_WRITER_CACHE_KIB
                                          : "PRAGMA cache_size = " STORE_READER_CACHE_KIB,
                                   error);
}

static int
wal_hook_cb (gpointer data, sqlite3 *db, const char *schema, int pages)
{
  StoreConnection *self = data;

  self->wal_pages = pages;
  return SQLITE_OK;
}

static StoreConnection *
connection_new (sqlite3 *db, BaseClock *clock)
{
  StoreConnection *self = g_new0 (StoreConnection, 1);

  self->db = db;
  self->thread = g_thread_self ();
  self->clock = g_object_ref (clock);
  self->statements =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sqlite3_finalize);
  self->composed =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) sqlite3_finalize);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->identities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->most_identities = STORE_WRITER_IDENTITIES;
  self->counters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) store_change_free);
  return self;
}

/*
 * store_connection_open_file:
 * @make: makes the file where there is none
 *
 * A connection to the file as it is: neither its schema nor anything else in it is touched.
 */
StoreConnection *
store_connection_open_file (
    const char *path, GBytes *key, BaseClock *clock, gboolean make, GError **error)
{
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (make ? SQLITE_OPEN_CREATE : 0);
  g_autoptr (StoreConnection) self = NULL;
  sqlite3 *db = NULL;
  int code = sqlite3_open_v2 (path, &db, flags, NULL);

  if (code != SQLITE_OK)
    {
      set_error_of (db, code, error); /* without a database at all, it says that memory ran out */
      sqlite3_close (db);
      return NULL;
    }
  self = connection_new (db, clock);
  sqlite3_extended_result_codes (db, 1);
  sqlite3_busy_timeout (db, STORE_BUSY_MS);
  /* Until the file is known to be ours to write, closing must not touch it. */
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (!store_sort_key_register (db))
    {
      store_set_error (self, SQLITE_NOMEM, error);
      return NULL;
    }
  if (!set_key (self, key, error) || !prove_key (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/*
 * store_connection_open:
 * @writer: makes the file where there is none and brings its schema up to date
 */
StoreConnection *
store_connection_open (
    const char *path, GBytes *key, BaseClock *clock, gboolean writer, GError **error)
{
  g_autoptr (StoreConnection) self = store_connection_open_file (path, key, clock, writer, error);

  if (self != NULL && !writer)
    self->most_identities = STORE_READER_IDENTITIES;
  /* Where the log of an earlier run is there it opens, and only the first write would fail. */
  if (self != NULL && writer && sqlite3_db_readonly (self->db, "main") == 1)
    {
      store_set_error (self, SQLITE_READONLY, error);
      return NULL;
    }
  if (self == NULL || (writer && !store_migrate (self, error)) ||
      !configure (self, writer, error) || (writer && !store_counters_load (self, error)))
    return NULL;
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  sqlite3_wal_hook (self->db, wal_hook_cb, self);
  return g_steal_pointer (&self);
}

/*
 * store_connection_open_scratch:
 *
 * An empty store that stands in memory alone and is gone when it is closed. Nothing of it reaches
 * the disk, so there is no key.
 */
StoreConnection *
store_connection_open_scratch (BaseClock *clock, GError **error)
{
  g_autoptr (StoreConnection) self = NULL;
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (":memory:", &db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                       NULL) != SQLITE_OK)
    {
      g_set_error_literal (error, STORE_ERROR, STORE_ERROR_SQL, "There is not enough memory");
      sqlite3_close (db);
      return NULL;
    }
  self = connection_new (db, clock);
  sqlite3_extended_result_codes (db, 1);
  if (!store_sort_key_register (db))
    {
      store_set_error (self, SQLITE_NOMEM, error);
      return NULL;
    }
  if (!configure (self, FALSE, error) || !store_migrate (self, error) ||
      !store_counters_load (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/*
 * store_connection_open_to_read:
 *
 * A connection that writes nothing, whatever version of Bedside the file is of. Not even the log is
 * brought in: the version that wrote it finds it as it left it.
 */
StoreConnection *
store_connection_open_to_read (const char *path, GBytes *key, BaseClock *clock, GError **error)
{
  g_autoptr (StoreConnection) self = store_connection_open_file (path, key, clock, FALSE, error);

  if (self == NULL)
    return NULL;
  self->most_identities = STORE_READER_IDENTITIES;
  if (!configure (self, FALSE, error) ||
      !store_connection_execute (self, "PRAGMA query_only = ON", error))
    return NULL;
  return g_steal_pointer (&self);
}

void
store_connection_close (StoreConnection *self)
{
  g_hash_table_unref (self->statements);
  g_hash_table_unref (self->composed);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->identities);
  g_hash_table_unref (self->counters);
  g_ptr_array_unref (self->changes);
  if (sqlite3_close (self->db) != SQLITE_OK)
    g_critical ("A statement of the store was left open");
  g_object_unref (self->clock);
  g_free (self->audit_hash);
  g_free (self);
}

gboolean
store_connection_in_transaction (StoreConnection *self)
{
  return !sqlite3_get_autocommit (self->db);
}

gboolean
store_connection_begin (StoreConnection *self, GError **error)
{
  g_assert (self->thread == g_thread_self ());
  return store_connection_run (self, "transaction.begin", error, "");
}

gboolean
store_connection_commit (StoreConnection *self, GError **error)
{
  return store_audit_save (self, error) && store_counters_save (self, error) &&
         store_connection_run (self, "transaction.commit", error, "");
}

/* Undoes the transaction, and forgets what it had taught the caches. */
void
store_connection_rollback (StoreConnection *self)
{
  if (store_connection_in_transaction (self))
    store_connection_run (self, "transaction.rollback", NULL, "");
  store_names_forget (self);
  store_audit_undo (self);
  g_ptr_array_set_size (self->changes, 0);
  self->counters_changed = TRUE;
}

gboolean
store_connection_savepoint (StoreConnection *self, GError **error)
{
  self->savepoint_changes = self->changes->len;
  return store_connection_run (self, "savepoint.begin", error, "");
}

/* Ends the savepoint, with what was done since or without it. */
gboolean
store_connection_release (StoreConnection *self, gboolean keep, GError **error)
{
  if (!keep)
    {
      store_names_forget (self);
      store_audit_undo (self);
      g_ptr_array_set_size (self->changes, (int) self->savepoint_changes);
      if (!store_connection_run (self, "savepoint.rollback", error, ""))
        return FALSE;
    }
  return store_connection_run (self, "savepoint.release", error, "");
}

/* Copies what the log holds into the file as far as nobody is in the way, and waits for nobody. */
gboolean
store_connection_checkpoint (StoreConnection *self, int *frames_left, GError **error)
{
  int in_log = 0, copied = 0;
  int code =
      sqlite3_wal_checkpoint_v2 (self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);

  *frames_left = in_log - copied;
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
    {
      store_set_error (self, code, error);
      return FALSE;
    }
  return TRUE;
}

gint64
store_connection_wal_pages (StoreConnection *self)
{
  return self->wal_pages;
}

/* Now, in µs; not before the last time that was given out unless the clock was set back far. */
gint64
store_connection_stamp (StoreConnection *self)
{
  gint64 now = base_clock_now (self->clock);

  if (now > self->stamp || self->stamp - now > STORE_STAMP_LIMIT)
    self->stamp = now;
  return self->stamp;
}

void
store_connection_add_change (StoreConnection *self, StoreChange *change)
{
  g_ptr_array_add (self->changes, change);
}

GPtrArray *
store_connection_steal_changes (StoreConnection *self)
{
  GPtrArray *changes = self->changes;

  self->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) store_change_free);
  return changes;
}
