/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-connection-struct.h"

#include <string.h>

#include "store-resources.h"

/* Statements by name: the SQL stands in sql/statements.sql under headings "-- name: table.verb". */

#define STORE_MAX_COMPOSED 128

static GHashTable *
read_statements (void)
{
  GHashTable *found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GBytes) file =
      g_resource_lookup_data (store_get_resource (), "/health/bedside/store/statements.sql",
                              G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_auto (GStrv) parts = NULL;

  g_assert (file != NULL);
  parts = g_strsplit (g_bytes_get_data (file, NULL), "-- name: ", -1);
  for (gsize i = 1; parts[0] != NULL && parts[i] != NULL; i++)
    {
      char *end = strchr (parts[i], '\n');

      g_assert (end != NULL);
      g_hash_table_insert (found, g_strndup (parts[i], (gsize) (end - parts[i])),
                           g_strdup (end + 1));
    }
  return found;
}

static const char *
sql_of_name (const char *name)
{
  static GHashTable *statements;
  const char *sql;

  if (g_once_init_enter_pointer (&statements))
    g_once_init_leave_pointer (&statements, read_statements ());
  sql = g_hash_table_lookup (statements, name);
  if (sql == NULL)
    g_error ("No statement is named “%s”", name);
  return sql;
}

static sqlite3_stmt *
prepare (StoreConnection *self, GHashTable *cache, const char *key, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

  if (code != SQLITE_OK)
    {
      store_set_error (self, code, error);
      g_prefix_error (error, "%s: ", key);
      return NULL;
    }
  g_hash_table_insert (cache, g_strdup (key), statement);
  return statement;
}

static sqlite3_stmt *
find (StoreConnection *self, const char *name, GError **error)
{
  sqlite3_stmt *statement;

  g_assert (self->thread == g_thread_self ());
  statement = g_hash_table_lookup (self->statements, name);
  if (statement == NULL)
    statement = prepare (self, self->statements, name, sql_of_name (name), error);
  /* A name that is asked for again while its rows are read would take them from the first reader.
   */
  g_assert (statement == NULL || !sqlite3_stmt_busy (statement));
  return statement;
}

static void
bind (sqlite3_stmt *statement, const char *format, va_list values)
{
  for (int i = 1; *format != '\0'; format++, i++)
    switch (*format)
      {
      case 'i':
        sqlite3_bind_int64 (statement, i, va_arg (values, gint64));
        break;
      case 'd':
        sqlite3_bind_double (statement, i, va_arg (values, double));
        break;
      case 's':
        sqlite3_bind_text (statement, i, va_arg (values, const char *), -1, SQLITE_STATIC);
        break;
      case 'n':
        sqlite3_bind_null (statement, i);
        break;
      default:
        g_assert_not_reached ();
      }
}

/* Runs a statement that gives no rows. Texts are borrowed until it returns. */
gboolean
store_connection_run (
    StoreConnection *self, const char *name, GError **error, const char *format, ...)
{
  g_autoptr (StoreStatement) statement = find (self, name, error);
  va_list values;
  int code;

  if (statement == NULL)
    return FALSE;
  va_start (values, format);
  bind (statement, format, values);
  va_end (values);
  code = sqlite3_step (statement);
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    {
      store_set_error (self, code, error);
      return FALSE;
    }
  return TRUE;
}

/* A statement with its values bound, to be stepped. Texts are borrowed until it ends. */
StoreStatement *
store_connection_query (
    StoreConnection *self, const char *name, GError **error, const char *format, ...)
{
  sqlite3_stmt *statement = find (self, name, error);
  va_list values;

  if (statement == NULL)
    return NULL;
  va_start (values, format);
  bind (statement, format, values);
  va_end (values);
  return statement;
}

/* A statement of composed text. Only searches have these; the text never holds a value. */
StoreStatement *
store_connection_compose (StoreConnection *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement;

  g_assert (self->thread == g_thread_self ());
  statement = g_hash_table_lookup (self->composed, sql);
  if (statement != NULL && !sqlite3_stmt_busy (statement))
    return statement;
  g_assert (statement == NULL);
  if (g_hash_table_size (self->composed) >= STORE_MAX_COMPOSED)
    g_hash_table_remove_all (self->composed);
  return prepare (self, self->composed, sql, sql, error);
}

/*
 * store_statement_step:
 * @row: (out): whether there is a row
 *
 * Returns: FALSE with @error set where the database failed
 */
gboolean
store_statement_step (StoreConnection *self,
                      StoreStatement *statement,
                      gboolean *row,
                      GError **error)
{
  int code = sqlite3_step (statement);

  *row = code == SQLITE_ROW;
  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return TRUE;
  store_set_error (self, code, error);
  return FALSE;
}

const char *
store_statement_text (StoreStatement *statement, int column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

void
store_statement_end (StoreStatement *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}
