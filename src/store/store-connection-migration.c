/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-connection-struct.h"

#include <glib/gi18n.h>

#include "store-fulltext.h"
#include "store-index.h"
#include "store-resources.h"

/* What a step has to write with the program's own rules, once its tables are there. */
static gboolean (*const fillers[]) (StoreConnection *self, GError **error) = {
  [2] = store_index_fill_words_and_composites,
  [3] = store_fulltext_fill_names,
  [4] = store_fulltext_fill_notes,
  [5] = store_fulltext_fill_reasons,
};

/* The schema's steps are sql/001.sql, 002.sql, … in the program's resources. A step is one
 * transaction or nothing, and the file says in its user_version how many it has had. */

static GBytes *
step_sql (int step)
{
  g_autofree char *path = g_strdup_printf ("/health/bedside/store/%03d.sql", step);

  return g_resource_lookup_data (store_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static int
count_steps (void)
{
  int steps = 0;

  for (;;)
    {
      g_autoptr (GBytes) sql = step_sql (steps + 1);

      if (sql == NULL)
        return steps;
      steps++;
    }
}

static gboolean
read_version (StoreConnection *self, int *version, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (self->db, "PRAGMA user_version", -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    *version = sqlite3_column_int (statement, 0);
  else
    store_set_error (self, code, error);
  sqlite3_finalize (statement);
  return code == SQLITE_ROW;
}

static gboolean
fill (StoreConnection *self, int step, GError **error)
{
  return step >= (int) G_N_ELEMENTS (fillers) || fillers[step] == NULL ||
         fillers[step](self, error);
}

static gboolean
apply (StoreConnection *self, int step, GError **error)
{
  g_autoptr (GBytes) sql = step_sql (step);
  g_autofree char *version = g_strdup_printf ("PRAGMA user_version = %d", step);

  if (store_connection_execute (self, "BEGIN EXCLUSIVE", error) &&
      store_connection_execute (self, g_bytes_get_data (sql, NULL), error) &&
      fill (self, step, error) && store_connection_execute (self, version, error) &&
      store_connection_execute (self, "COMMIT", error))
    return TRUE;
  if (store_connection_in_transaction (self))
    store_connection_execute (self, "ROLLBACK", NULL);
  g_prefix_error (error, "Step %d of the store’s schema failed and was undone: ", step);
  return FALSE;
}

/* Each page proves itself before any is written: a step that does not happen to read a damaged page
 * would else change a file that has to come back from its backup. */
static gboolean
check_pages (StoreConnection *self, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (self->db, "PRAGMA cipher_integrity_check", -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT,
                 _ ("The store’s file is damaged and was left as it is. Restore it from a backup "
                    "(%s)"),
                 (const char *) sqlite3_column_text (statement, 0));
  else if (code != SQLITE_DONE)
    store_set_error (self, code, error);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE;
}

/* How many steps the file's schema has had. That of a newer Bedside is refused. */
gboolean
store_schema_read (StoreConnection *self, int *version, GError **error)
{
  int steps = count_steps ();

  if (!read_version (self, version, error))
    return FALSE;
  if (*version <= steps)
    return TRUE;
  g_set_error (
      error, STORE_ERROR, STORE_ERROR_VERSION_NEWER,
      _ ("This store was written by a newer Bedside (schema %d, this one knows %d). It was "
         "left as it is; install the newer version to open it"),
      *version, steps);
  return FALSE;
}

/* Brings the schema up to date. A file of a newer Bedside is refused before anything is written. */
gboolean
store_migrate (StoreConnection *self, GError **error)
{
  int steps = count_steps (), version = 0;

  if (!store_schema_read (self, &version, error))
    return FALSE;
  if (version > 0 && version < steps && !check_pages (self, error))
    return FALSE;
  for (int step = version + 1; step <= steps; step++)
    if (!apply (self, step, error))
      return FALSE;
  return TRUE;
}
