/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-make.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "clinical-rules.h"
#include "store-content-file.h"
#include "store-content-table.h"
#include "store-content-words.h"

/* Makes a content file out of a folder of tables, as make-content.py does when Bedside is built.
 * Its rows go through the same rules that will check by them. The file appears whole or not at all.
 */

#define CREATE_HEAD                                                                                \
  "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"                  \
  "PRAGMA encoding = \"UTF-8\"; BEGIN;"                                                            \
  "CREATE TABLE head (\"table\" TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,"            \
  " PRIMARY KEY (\"table\", key)) WITHOUT ROWID"

typedef struct
{
  sqlite3 *db;
  GPtrArray *digests; /* "table sha256\n" */
} Maker;

/* One cell to be written: text, or bytes where @bytes is set. */
typedef struct
{
  const char *text;
  GBytes *bytes;
} Cell;

static gboolean
fail_sql (Maker *self, GError **error)
{
  g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_CORRUPT,
               "The content file cannot be written: %s", sqlite3_errmsg (self->db));
  return FALSE;
}

static gboolean
execute (Maker *self, const char *sql, GError **error)
{
  return sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail_sql (self, error);
}

/* ---- heads and digests ----------------------------------------------------------------------- */

static gboolean
put_head (Maker *self, const char *table, const char *key, const char *value, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean good;

  sqlite3_prepare_v2 (self->db, "INSERT INTO head VALUES (?, ?, ?)", -1, &statement, NULL);
  sqlite3_bind_text (statement, 1, table, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 2, key, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 3, value, -1, SQLITE_TRANSIENT);
  good = sqlite3_step (statement) == SQLITE_DONE;
  sqlite3_finalize (statement);
  return good || fail_sql (self, error);
}

static gboolean
put_heads (Maker *self, const char *table, GHashTable *head, GChecksum *digest, GError **error)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (head), (GCompareFunc) strcmp);

  for (GList *key = keys; key != NULL; key = key->next)
    {
      const char *value = g_hash_table_lookup (head, key->data);
      g_autofree char *line = g_strdup_printf ("# %s: %s\n", (char *) key->data, value);

      g_checksum_update (digest, (const guchar *) line, -1);
      if (!put_head (self, table, key->data, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
end_table (Maker *self, const char *table, GChecksum *digest, GError **error)
{
  const char *hex = g_checksum_get_string (digest);

  g_ptr_array_add (self->digests, g_strdup_printf ("%s %s\n", table, hex));
  return put_head (self, table, "sha256", hex, error);
}

static void
digest_columns (GChecksum *digest, GPtrArray *columns)
{
  for (guint i = 0; i < columns->len; i++)
    {
      g_checksum_update (digest, columns->pdata[i], -1);
      g_checksum_update (digest, (const guchar *) (i + 1 < columns->len ? "\t" : "\n"), 1);
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static gboolean
create_table (Maker *self, const char *name, GPtrArray *columns, gboolean blobs, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE TABLE \"%s\" (row INTEGER PRIMARY KEY", name);
  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (sql, ", \"%s\" %s NOT NULL", (char *) columns->pdata[i],
                            blobs && i + 1 == columns->len ? "BLOB" : "TEXT");
  g_string_append (sql, ")");
  return execute (self, sql->str, error);
}

static sqlite3_stmt *
prepare_insert (Maker *self, const char *name, guint columns)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;

  g_string_printf (sql, "INSERT INTO \"%s\" VALUES (?", name);
  for (guint i = 0; i < columns; i++)
    g_string_append (sql, ", ?");
  g_string_append (sql, ")");
  sqlite3_prepare_v2 (self->db, sql->str, -1, &statement, NULL);
  return statement;
}

static gboolean
put_row (
    Maker *self, sqlite3_stmt *insert, guint row, const Cell *cells, guint count, GChecksum *digest)
{
  sqlite3_reset (insert);
  sqlite3_bind_int64 (insert, 1, row);
  for (guint i = 0; i < count; i++)
    {
      gsize length = cells[i].bytes ? g_bytes_get_size (cells[i].bytes) : strlen (cells[i].text);
      const void *data = cells[i].bytes ? g_bytes_get_data (cells[i].bytes, NULL) : cells[i].text;

      if (cells[i].bytes)
        sqlite3_bind_blob64 (insert, (int) i + 2, length > 0 ? data : "", length, SQLITE_STATIC);
      else
        sqlite3_bind_text64 (insert, (int) i + 2, data, length, SQLITE_STATIC, SQLITE_UTF8);
      if (length > 0)
        g_checksum_update (digest, data, (gssize) length);
      g_checksum_update (digest, (const guchar *) (i + 1 < count ? "\t" : "\n"), 1);
    }
  return sqlite3_step (insert) == SQLITE_DONE;
}

static gboolean
put_rows (Maker *self, StoreContentTable *table, GChecksum *digest)
{
  guint columns = table->columns->len, rows = store_content_table_get_size (table);
  sqlite3_stmt *insert = prepare_insert (self, table->name, columns);
  g_autofree Cell *cells = g_new0 (Cell, columns);
  gboolean good = insert != NULL;

  for (guint i = 0; good && i < rows; i++)
    {
      for (guint j = 0; j < columns; j++)
        cells[j].text = store_content_table_get (table, i, j);
      good = put_row (self, insert, i + 1, cells, columns, digest);
    }
  sqlite3_finalize (insert);
  return good;
}

static gboolean
put_table (Maker *self, StoreContentTable *table, GError **error)
{
  g_autoptr (GChecksum) digest = g_checksum_new (G_CHECKSUM_SHA256);
  const char *key = store_content_table_get_key (table);
  g_autofree char *index =
      key ? g_strdup_printf ("CREATE UNIQUE INDEX \"%s_key\" ON \"%s\" (\"%s\")", table->name,
                             table->name, key)
          : NULL;

  g_hash_table_insert (table->head, g_strdup ("rows"),
                       g_strdup_printf ("%u", store_content_table_get_size (table)));
  g_hash_table_remove (table->head, "sha256");
  if (!create_table (self, table->name, table->columns, FALSE, error) ||
      !put_heads (self, table->name, table->head, digest, error))
    return FALSE;
  digest_columns (digest, table->columns);
  if (!put_rows (self, table, digest))
    return fail_sql (self, error);
  if (index && !execute (self, index, error))
    return FALSE;
  return end_table (self, table->name, digest, error);
}

/* ---- the words of the formulary -------------------------------------------------------------- */

static void
add_words (GHashTable *words, const char *text, guint number, StoreContentField field)
{
  g_autofree char *folded = store_content_fold (text);
  char *rest = NULL;

  for (char *word = strtok_r (folded, " ", &rest); word; word = strtok_r (NULL, " ", &rest))
    {
      GArray *places = g_hash_table_lookup (words, word);
      guint32 place = GUINT32_TO_LE (number << STORE_CONTENT_FIELD_BITS | field);

      if (!places)
        {
          places = g_array_new (FALSE, FALSE, sizeof (guint32));
          g_hash_table_insert (words, g_strdup (word), places);
        }
      if (places->len == 0 || g_array_index (places, guint32, places->len - 1) != place)
        g_array_append_val (places, place);
    }
}

static const char *
get (StoreContentTable *table, guint row, const char *column)
{
  return store_content_table_get (table, row,
                                  (guint) store_content_table_find_column (table, column));
}

static GHashTable *
collect_words (StoreContentTable *formulary)
{
  GHashTable *words =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);

  for (guint i = 0; formulary && i < store_content_table_get_size (formulary); i++)
    {
      add_words (words, get (formulary, i, "ingredients"), i + 1, STORE_CONTENT_FIELD_INGREDIENT);
      add_words (words, get (formulary, i, "brands"), i + 1, STORE_CONTENT_FIELD_BRAND);
      add_words (words, get (formulary, i, "strength"), i + 1, STORE_CONTENT_FIELD_REST);
      add_words (words, get (formulary, i, "form"), i + 1, STORE_CONTENT_FIELD_REST);
      add_words (words, get (formulary, i, "route"), i + 1, STORE_CONTENT_FIELD_REST);
    }
  return words;
}

static GBytes *
collect_ranks (StoreContentTable *formulary)
{
  g_autoptr (GHashTable) products = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GByteArray) ranks = g_byte_array_new ();
  guint size = formulary ? store_content_table_get_size (formulary) : 0;

  for (guint i = 0; i < size; i++)
    {
      const char *ingredients = get (formulary, i, "ingredients");
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (products, ingredients));

      g_hash_table_insert (products, (gpointer) ingredients, GUINT_TO_POINTER (count + 1));
    }
  for (guint i = 0; i < size; i++)
    {
      const char *ingredients = get (formulary, i, "ingredients");
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (products, ingredients));
      int rank =
          store_content_rank (ingredients, get (formulary, i, "form"),
                              g_str_equal (get (formulary, i, "source"), "confirmed"), count);
      guint8 bytes[] = { (guint8) (rank & 0xff), (guint8) (rank >> 8 & 0xff) };

      g_byte_array_append (ranks, bytes, sizeof bytes);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&ranks));
}

/* A table of the search: its columns, and its rows in order. */
static gboolean
put_search_table (Maker *self, const char *name, GPtrArray *columns, GArray *cells, GError **error)
{
  g_autoptr (GChecksum) digest = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GHashTable) head = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  guint rows = cells->len / columns->len;
  sqlite3_stmt *insert;
  gboolean good = TRUE;

  g_hash_table_insert (head, (gpointer) "rows", g_strdup_printf ("%u", rows));
  if (!create_table (self, name, columns, TRUE, error) ||
      !put_heads (self, name, head, digest, error))
    return FALSE;
  digest_columns (digest, columns);
  insert = prepare_insert (self, name, columns->len);
  for (guint i = 0; good && i < rows; i++)
    good = put_row (self, insert, i + 1, &g_array_index (cells, Cell, i * columns->len),
                    columns->len, digest);
  sqlite3_finalize (insert);
  return good ? end_table (self, name, digest, error) : fail_sql (self, error);
}

static void
clear_cell (gpointer data)
{
  g_clear_pointer (&((Cell *) data)->bytes, g_bytes_unref);
}

static GArray *
cells_new (void)
{
  GArray *cells = g_array_new (FALSE, TRUE, sizeof (Cell));

  g_array_set_clear_func (cells, clear_cell);
  return cells;
}

static gboolean
put_words (Maker *self, StoreContentTable *formulary, GError **error)
{
  g_autoptr (GHashTable) words = collect_words (formulary);
  g_autoptr (GList) sorted = g_list_sort (g_hash_table_get_keys (words), (GCompareFunc) strcmp);
  g_autoptr (GPtrArray) rank_columns = g_ptr_array_new (), word_columns = g_ptr_array_new ();
  g_autoptr (GArray) rank_cells = cells_new (), word_cells = cells_new ();
  Cell ranks = { NULL, collect_ranks (formulary) };

  g_ptr_array_add (rank_columns, (gpointer) "ranks");
  g_array_append_val (rank_cells, ranks);
  g_ptr_array_add (word_columns, (gpointer) "word");
  g_ptr_array_add (word_columns, (gpointer) "places");
  for (GList *word = sorted; word != NULL; word = word->next)
    {
      GArray *places = g_hash_table_lookup (words, word->data);
      Cell pair[] = { { word->data, NULL },
                      { NULL, g_bytes_new (places->data, places->len * sizeof (guint32)) } };

      g_array_append_vals (word_cells, pair, 2);
    }
  return put_search_table (self, "search_rank", rank_columns, rank_cells, error) &&
         put_search_table (self, "search_word", word_columns, word_cells, error);
}

/* ---- what goes in ---------------------------------------------------------------------------- */

static int
compare_tables (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(StoreContentTable *const *) a)->name, (*(StoreContentTable *const *) b)->name);
}

static gboolean
read_table (const char *path, GPtrArray *tables, GError **error)
{
  g_autoptr (StoreContentTable) table = store_content_table_read (path, error);

  if (table == NULL)
    return FALSE;
  for (guint i = 0; i < tables->len; i++)
    if (g_str_equal (((StoreContentTable *) tables->pdata[i])->name, table->name))
      {
        g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_CORRUPT,
                     "%s: two files are this table, one with - and one with _", table->name);
        return FALSE;
      }
  if (g_str_equal (table->name, "head") || g_str_has_prefix (table->name, "search_") ||
      g_str_has_prefix (table->name, "sqlite_"))
    {
      g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_CORRUPT,
                   "%s: this name is Bedside's own; call the table something else", table->name);
      return FALSE;
    }
  g_ptr_array_add (tables, g_steal_pointer (&table));
  return TRUE;
}

static GPtrArray *
read_folder (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) tables =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_content_table_free);
  g_autoptr (GDir) listing = g_dir_open (folder, 0, error);

  if (listing == NULL)
    return NULL;
  for (const char *name = g_dir_read_name (listing); name; name = g_dir_read_name (listing))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, ".tsv") && !read_table (path, tables, error))
        return NULL;
    }
  if (tables->len == 0)
    {
      g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_EMPTY,
                   "There is no table (*.tsv) in %s", folder);
      return NULL;
    }
  g_ptr_array_sort (tables, compare_tables);
  return g_steal_pointer (&tables);
}

static StoreContentTable *
find_table (GPtrArray *tables, const char *name)
{
  for (guint i = 0; i < tables->len; i++)
    if (g_str_equal (((StoreContentTable *) tables->pdata[i])->name, name))
      return tables->pdata[i];
  return NULL;
}

/* Asks the checks whether they can read it, row by row and then as a whole. */
static gboolean
check_rules (GPtrArray *tables, GError **error)
{
  g_autoptr (ClinicalRules) rules = clinical_rules_new ();

  for (guint i = 0; i < tables->len; i++)
    {
      StoreContentTable *table = tables->pdata[i];
      guint columns = table->columns->len;
      g_autofree const char **names = g_new0 (const char *, columns + 1);
      g_autofree const char **values = g_new0 (const char *, columns + 1);

      memcpy (names, table->columns->pdata, columns * sizeof *names);
      for (guint row = 0; row < store_content_table_get_size (table); row++)
        {
          memcpy (values, &table->cells->pdata[row * columns], columns * sizeof *values);
          if (!clinical_rules_add (rules, table->name, names, values, error))
            {
              g_prefix_error (error, "%s, line %u: ", table->name,
                              g_array_index (table->lines, guint, row));
              return FALSE;
            }
        }
    }
  return clinical_rules_check (rules, error);
}

/* A package whose drug is not there would be found as nothing. */
static gboolean
check_packages (GPtrArray *tables, GError **error)
{
  StoreContentTable *ndc = find_table (tables, "ndc"),
                    *formulary = find_table (tables, "formulary");
  g_autoptr (GHashTable) drugs = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; formulary && i < store_content_table_get_size (formulary); i++)
    g_hash_table_add (drugs, (gpointer) get (formulary, i, "scd_rxcui"));
  for (guint i = 0; ndc && i < store_content_table_get_size (ndc); i++)
    if (!g_hash_table_contains (drugs, get (ndc, i, "rxcui")))
      {
        g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_CORRUPT,
                     "ndc, line %u, column rxcui: the formulary has no drug of the code \"%s\"",
                     g_array_index (ndc->lines, guint, i), get (ndc, i, "rxcui"));
        return FALSE;
      }
  return TRUE;
}

/* ---- the file -------------------------------------------------------------------------------- */

static gboolean
write_all (Maker *self, GPtrArray *tables, GError **error)
{
  StoreContentTable *formulary = find_table (tables, "formulary");
  g_autofree char *pragmas =
      g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d",
                       STORE_CONTENT_APPLICATION_ID, STORE_CONTENT_FORMAT);
  g_autofree char *joined = NULL, *digest = NULL;

  if (formulary)
    store_content_table_sort_drugs (formulary);
  if (!execute (self, pragmas, error) || !execute (self, CREATE_HEAD, error))
    return FALSE;
  for (guint i = 0; i < tables->len; i++)
    if (!put_table (self, tables->pdata[i], error))
      return FALSE;
  if (!put_words (self, formulary, error))
    return FALSE;
  g_ptr_array_sort_values (self->digests, (GCompareFunc) strcmp);
  joined = g_strjoinv ("", (char **) self->digests->pdata);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, joined, -1);
  return put_head (self, "", "sha256", digest, error) && execute (self, "COMMIT", error);
}

static gboolean
write_part (const char *part, GPtrArray *tables, GError **error)
{
  g_autoptr (GPtrArray) digests = g_ptr_array_new_null_terminated (100, g_free, TRUE);
  Maker self = { NULL, digests };
  gboolean good = sqlite3_open_v2 (part, &self.db,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                   NULL) == SQLITE_OK
                      ? write_all (&self, tables, error)
                      : fail_sql (&self, error);

  sqlite3_close (self.db);
  return good;
}

/* On the disk before it takes its name, and read back as every program will read it. */
static gboolean
settle (const char *part, GError **error)
{
  g_autoptr (StoreContentFile) file = NULL;
  int fd = g_open (part, O_RDONLY | O_CLOEXEC, 0);
  gboolean kept = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  if (!kept)
    {
      g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_CORRUPT,
                   "The content file cannot be written: %s", g_strerror (errno));
      return FALSE;
    }
  g_chmod (part, 0644);
  file = store_content_file_open (part, error);
  return file != NULL && store_content_file_walk (file, NULL, NULL, error);
}

/**
 * store_content_make:
 * @folder: of *.tsv files
 * @path: the content file; one that is there is replaced once the new one is whole
 *
 * Returns: (transfer full) (nullable) (element-type StoreContentSummary): what it holds; NULL with
 * an error that names table, line and column, and then nothing was written
 */
GPtrArray *
store_content_make (const char *folder, const char *path, GError **error)
{
  g_autoptr (GPtrArray) tables = read_folder (folder, error);
  g_autofree char *part = g_strdup_printf ("%s.%d.part", path, (int) getpid ());

  if (tables == NULL || !check_packages (tables, error) || !check_rules (tables, error))
    return NULL;
  g_unlink (part);
  if (write_part (part, tables, error) && settle (part, error))
    {
      if (g_rename (part, path) == 0)
        return store_content_summarize (path, error);
      g_set_error (error, STORE_CONTENT_ERROR, STORE_CONTENT_ERROR_CORRUPT,
                   "%s cannot be replaced: %s", path, g_strerror (errno));
    }
  g_unlink (part);
  return NULL;
}
