/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-file.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>

/* A file is believed only as far as its digests go: each table has one over its head and rows, and
 * the file has one over those, so that a lost table and a flipped bit are both seen. SQLite alone
 * would read either without a word. The names of tables and columns come out of the file, so they
 * are held to letters, digits and "_" before they stand in a statement. */

#define MAX_COLUMNS 40
#define MAX_TABLES  100
#define MAX_NAME    40
#define MAP_BYTES   "67108864"
#define DRUG_COLUMNS                                                                               \
  "SELECT scd_rxcui, name, ingredients, ingredient_codes, strength, form, route, source, brands "  \
  "FROM formulary "

struct _StoreContentFile
{
  char *path;
  sqlite3 *db;
  GPtrArray *tables; /* names, sorted */
  GHashTable *heads; /* table -> GHashTable key -> value */
  sqlite3_stmt *by_number, *by_code, *number_by_code, *by_package;
};

G_DEFINE_QUARK (store - content - error - quark, store_content_error)

void
store_content_set_corrupt (const char *what, GError **error)
{
  g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_CORRUPT,
               _ ("The clinical content is damaged or only half written (%s): nothing is found and "
                  "nothing is checked. Reinstall Bedside, or tell your administrator."),
               what);
}

static gboolean
is_name (const char *text)
{
  gsize length = strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_");

  return length > 0 && length <= MAX_NAME && text[length] == '\0' && g_ascii_islower (*text);
}

sqlite3_stmt *
store_content_file_prepare (StoreContentFile *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  return sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

static gint64
read_number (StoreContentFile *self, const char *sql)
{
  sqlite3_stmt *statement = store_content_file_prepare (self, sql);
  gint64 number = statement != NULL && sqlite3_step (statement) == SQLITE_ROW
                      ? sqlite3_column_int64 (statement, 0)
                      : -1;

  sqlite3_finalize (statement);
  return number;
}

static gboolean
open_database (StoreContentFile *self, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (self->path, NULL);
  g_autofree char *escaped = g_uri_escape_string (absolute, "/", FALSE);
  /* Immutable: no lock, no journal, and no file beside it is looked for. */
  g_autofree char *uri = g_strdup_printf ("file:%s?mode=ro&immutable=1", escaped);

  if (sqlite3_open_v2 (uri, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
                       NULL) != SQLITE_OK)
    {
      store_content_set_corrupt (sqlite3_errmsg (self->db), error);
      return FALSE;
    }
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_exec (self->db,
                "PRAGMA cipher_log_level = NONE; PRAGMA trusted_schema = OFF;"
                "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -2000",
                NULL, NULL, NULL);
  if (read_number (self, "PRAGMA application_id") == STORE_CONTENT_APPLICATION_ID &&
      read_number (self, "PRAGMA user_version") == STORE_CONTENT_FORMAT)
    return TRUE;
  store_content_set_corrupt ("it is no content file of this version of Bedside", error);
  return FALSE;
}

static gboolean
read_heads (StoreContentFile *self, GError **error)
{
  sqlite3_stmt *statement =
      store_content_file_prepare (self, "SELECT \"table\", key, value FROM head ORDER BY 1, 2");
  int code = SQLITE_ERROR;

  while (statement != NULL && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const char *table = (const char *) sqlite3_column_text (statement, 0);
      const char *key = (const char *) sqlite3_column_text (statement, 1);
      const char *value = (const char *) sqlite3_column_text (statement, 2);
      GHashTable *head;

      if (table == NULL || key == NULL || value == NULL || self->tables->len > MAX_TABLES ||
          (*table != '\0' && !is_name (table)))
        break;
      head = g_hash_table_lookup (self->heads, table);
      if (head == NULL)
        {
          head = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
          g_hash_table_insert (self->heads, g_strdup (table), head);
          if (*table != '\0')
            g_ptr_array_add (self->tables, g_strdup (table));
        }
      g_hash_table_insert (head, g_strdup (key), g_strdup (value));
    }
  sqlite3_finalize (statement);
  if (code == SQLITE_DONE)
    return TRUE;
  store_content_set_corrupt ("its heads cannot be read", error);
  return FALSE;
}

/* What stands at a path, to be compared with what stands there later; all 0 for nothing. */
void
store_content_identify (const char *path, StoreContentIdentity *out)
{
  struct stat now;

  memset (out, 0, sizeof *out);
  if (stat (path, &now) == 0 && S_ISREG (now.st_mode))
    *out =
        (StoreContentIdentity) { (guint64) now.st_dev, (guint64) now.st_ino, (gint64) now.st_size,
                                 (gint64) now.st_mtim.tv_sec, (gint64) now.st_mtim.tv_nsec };
}

static gboolean
check_there (const char *path, GError **error)
{
  StoreContentIdentity now;

  store_content_identify (path, &now);
  if (now.file == 0)
    g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_MISSING,
                 _ ("The clinical content is not there: nothing is found and nothing is checked. "
                    "Its file is %s. Reinstall Bedside, or tell your administrator."),
                 path);
  else if (now.size == 0)
    g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_EMPTY,
                 _ ("The clinical content is empty: nothing is found and nothing is checked. "
                    "Its file is %s. Reinstall Bedside, or tell your administrator."),
                 path);
  return now.size > 0;
}

/*
 * store_content_file_open:
 *
 * Reads the heads alone. What a file holds is proved by store_content_file_walk ().
 *
 * Returns: (transfer full) (nullable): NULL with a STORE_CONTENT_ERROR
 */
StoreContentFile *
store_content_file_open (const char *path, GError **error)
{
  g_autoptr (StoreContentFile) self = g_new0 (StoreContentFile, 1);

  self->path = g_strdup (path);
  self->tables = g_ptr_array_new_with_free_func (g_free);
  self->heads =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  if (!check_there (path, error) || !open_database (self, error) || !read_heads (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
store_content_file_close (StoreContentFile *self)
{
  sqlite3_finalize (self->by_number);
  sqlite3_finalize (self->by_code);
  sqlite3_finalize (self->number_by_code);
  sqlite3_finalize (self->by_package);
  sqlite3_close (self->db);
  g_clear_pointer (&self->tables, g_ptr_array_unref);
  g_clear_pointer (&self->heads, g_hash_table_unref);
  g_free (self->path);
  g_free (self);
}

/* Only once the file is proved: a file that is cut off under a mapping is no error but a signal. */
void
store_content_file_map (StoreContentFile *self)
{
  sqlite3_exec (self->db, "PRAGMA mmap_size = " MAP_BYTES, NULL, NULL, NULL);
}

/* (transfer none) (element-type utf8): the tables that the heads speak of */
GPtrArray *
store_content_file_get_tables (StoreContentFile *self)
{
  return self->tables;
}

/* (transfer none) (nullable) */
GHashTable *
store_content_file_get_heads (StoreContentFile *self, const char *table)
{
  return g_hash_table_lookup (self->heads, table);
}

/* @table: "" for the file itself */
const char *
store_content_file_get_head (StoreContentFile *self, const char *table, const char *key)
{
  GHashTable *head = store_content_file_get_heads (self, table);

  return head != NULL ? g_hash_table_lookup (head, key) : NULL;
}

/* ---- the walk ------------------------------------------------------------------------------ */

static void
digest_head (GChecksum *digest, GHashTable *head)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (head), (GCompareFunc) strcmp);

  for (GList *key = keys; key != NULL; key = key->next)
    if (!g_str_equal (key->data, "sha256"))
      {
        g_autofree char *line = g_strdup_printf ("# %s: %s\n", (char *) key->data,
                                                 (char *) g_hash_table_lookup (head, key->data));

        g_checksum_update (digest, (const guchar *) line, -1);
      }
}

/* Digests one row. @values gets its cells, NULL at their end; they live until the next step. */
static gboolean
take_row (sqlite3_stmt *statement, int columns, GChecksum *digest, const char **values)
{
  for (int i = 0; i < columns; i++)
    {
      gboolean blob = sqlite3_column_type (statement, i + 1) == SQLITE_BLOB;
      const void *cell = blob ? sqlite3_column_blob (statement, i + 1)
                              : (const void *) sqlite3_column_text (statement, i + 1);
      int bytes = sqlite3_column_bytes (statement, i + 1);

      if (cell == NULL && bytes == 0 && !blob)
        return FALSE;
      if (bytes > 0)
        g_checksum_update (digest, cell, bytes);
      g_checksum_update (digest, (const guchar *) (i + 1 < columns ? "\t" : "\n"), 1);
      values[i] = blob ? "" : cell;
      if (!blob && strlen (cell) != (gsize) bytes)
        return FALSE;
    }
  values[columns] = NULL;
  return TRUE;
}

/* The columns but the first, which is the row's number. */
static int
read_columns (sqlite3_stmt *statement, const char **columns, GChecksum *digest)
{
  int count = sqlite3_column_count (statement) - 1;

  if (count < 1 || count > MAX_COLUMNS)
    return -1;
  for (int i = 0; i < count; i++)
    {
      columns[i] = sqlite3_column_name (statement, i + 1);
      if (columns[i] == NULL || !is_name (columns[i]))
        return -1;
      g_checksum_update (digest, (const guchar *) columns[i], -1);
      g_checksum_update (digest, (const guchar *) (i + 1 < count ? "\t" : "\n"), 1);
    }
  columns[count] = NULL;
  return count;
}

static gboolean
walk_rows (sqlite3_stmt *statement,
           const char *table,
           GChecksum *digest,
           StoreContentRow row,
           gpointer data,
           GError **error)
{
  const char *columns[MAX_COLUMNS + 1], *values[MAX_COLUMNS + 1];
  int count = statement != NULL ? read_columns (statement, columns, digest) : -1;
  int code = SQLITE_ERROR;

  while (count > 0 && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      if (!take_row (statement, count, digest, values))
        return FALSE;
      if (row != NULL && !row (table, columns, values, data, error))
        return FALSE;
    }
  return code == SQLITE_DONE;
}

static gboolean
walk_table (StoreContentFile *self,
            const char *table,
            GString *digests,
            StoreContentRow row,
            gpointer data,
            GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM \"%s\" ORDER BY row", table);
  sqlite3_stmt *statement = store_content_file_prepare (self, sql);
  g_autoptr (GChecksum) digest = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GError) problem = NULL;
  gboolean whole;

  digest_head (digest, store_content_file_get_heads (self, table));
  whole = walk_rows (statement, table, digest, row, data, &problem);
  sqlite3_finalize (statement);
  if (whole && g_strcmp0 (g_checksum_get_string (digest),
                          store_content_file_get_head (self, table, "sha256")) == 0)
    {
      g_string_append_printf (digests, "%s %s\n", table, g_checksum_get_string (digest));
      return TRUE;
    }
  store_content_set_corrupt (problem != NULL ? problem->message : table, error);
  return FALSE;
}

/*
 * store_content_file_walk:
 * @row: (nullable): called for each row of each table, by name and then in order
 *
 * Reads every byte of the content and compares it with its digests.
 *
 * Returns: whether the file is whole; what @row was given before a FALSE is to be thrown away
 */
gboolean
store_content_file_walk (StoreContentFile *self, StoreContentRow row, gpointer data, GError **error)
{
  g_autoptr (GString) digests = g_string_new (NULL);
  g_autofree char *digest = NULL;

  for (guint i = 0; i < self->tables->len; i++)
    if (!walk_table (self, self->tables->pdata[i], digests, row, data, error))
      return FALSE;
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, digests->str, -1);
  if (g_strcmp0 (digest, store_content_file_get_head (self, "", "sha256")) == 0)
    return TRUE;
  store_content_set_corrupt ("a table is missing", error);
  return FALSE;
}

/* ---- single rows --------------------------------------------------------------------------- */

void
store_drug_free (StoreDrug *drug)
{
  g_free (drug->rxcui); /* the one block that all cells stand in */
  g_free (drug);
}

static StoreDrug *
drug_of_row (sqlite3_stmt *statement)
{
  StoreDrug *drug = g_new0 (StoreDrug, 1);
  char **cells[] = { &drug->rxcui,    &drug->name, &drug->ingredients, &drug->ingredient_codes,
                     &drug->strength, &drug->form, &drug->route,       &drug->source,
                     &drug->brand };
  gsize total = 0;
  char *at;

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    total += (gsize) sqlite3_column_bytes (statement, (int) i) + 1;
  at = g_malloc0 (total);
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      const unsigned char *text = sqlite3_column_text (statement, (int) i);
      gsize bytes = (gsize) sqlite3_column_bytes (statement, (int) i);

      if (text != NULL)
        memcpy (at, text, bytes);
      *cells[i] = at;
      at += bytes + 1;
    }
  if (*drug->brand == '\0')
    drug->brand = NULL;
  return drug;
}

static StoreDrug *
read_one (sqlite3_stmt *statement)
{
  StoreDrug *drug = sqlite3_step (statement) == SQLITE_ROW ? drug_of_row (statement) : NULL;

  sqlite3_reset (statement);
  return drug;
}

/* @number: the row of the formulary, as the words of the search name it */
StoreDrug *
store_content_file_read_drug (StoreContentFile *self, guint number)
{
  if (self->by_number == NULL)
    self->by_number = store_content_file_prepare (self, DRUG_COLUMNS "WHERE row = ?");
  if (self->by_number == NULL)
    return NULL;
  sqlite3_bind_int64 (self->by_number, 1, number);
  return read_one (self->by_number);
}

StoreDrug *
store_content_file_find_drug (StoreContentFile *self, const char *rxcui)
{
  if (self->by_code == NULL)
    self->by_code = store_content_file_prepare (self, DRUG_COLUMNS "WHERE scd_rxcui = ?");
  if (self->by_code == NULL)
    return NULL;
  sqlite3_bind_text (self->by_code, 1, rxcui, -1, SQLITE_TRANSIENT);
  return read_one (self->by_code);
}

/* (transfer full) (nullable): what one column of one row says, found by @value */
static char *
find_cell (StoreContentFile *self, sqlite3_stmt **statement, const char *sql, const char *value)
{
  char *found = NULL;

  if (*statement == NULL)
    *statement = store_content_file_prepare (self, sql);
  if (*statement == NULL)
    return NULL;
  sqlite3_bind_text (*statement, 1, value, -1, SQLITE_TRANSIENT);
  if (sqlite3_step (*statement) == SQLITE_ROW)
    found = g_strdup ((const char *) sqlite3_column_text (*statement, 0));
  sqlite3_reset (*statement);
  return found;
}

/* 0 for a code that the formulary does not have */
guint
store_content_file_find_number (StoreContentFile *self, const char *rxcui)
{
  g_autofree char *row = find_cell (self, &self->number_by_code,
                                    "SELECT row FROM formulary WHERE scd_rxcui = ?", rxcui);

  return row != NULL ? (guint) g_ascii_strtoull (row, NULL, 10) : 0;
}

/*
 * store_content_file_find_package:
 * @ndc: eleven digits
 *
 * Returns: (transfer full) (nullable): the clinical drug in that package
 */
char *
store_content_file_find_package (StoreContentFile *self, const char *ndc)
{
  return find_cell (self, &self->by_package, "SELECT rxcui FROM ndc WHERE ndc11 = ?", ndc);
}
