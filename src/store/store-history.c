/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-history.h"

#include "store-connection-private.h"

/* The versions of everything, in the order of their sequences. A version keeps its sequence when
 * the next one takes its place, so a page that begins below a sequence stays the same page. */

#define HISTORY_FEW 1000

/* Numbers of type and resource; FALSE also where there was never one, without an error. */
static gboolean
find_numbers (StoreConnection *connection,
              const char *type,
              const char *id,
              gint64 *type_number,
              gint64 *number,
              GError **error)
{
  *type_number = *number = 0;
  if (type != NULL &&
      (!store_name_lookup (connection, type, type_number, error) || *type_number == 0))
    return FALSE;
  return id == NULL ||
         (store_identity_lookup (connection, *type_number, id, number, error) && *number != 0);
}

static FhirResource *
read_resource (StoreStatement *statement, int column, GError **error)
{
  const char *json = store_statement_text (statement, column);
  g_autoptr (GError) local = NULL;
  FhirResource *resource = json != NULL ? fhir_resource_parse (json, -1, &local) : NULL;

  if (local != NULL)
    g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "A stored record cannot be read: %s",
                 local->message);
  return resource;
}

static StoreVersion *
read_version (StoreStatement *statement, GError **error)
{
  g_autoptr (StoreVersion) version = g_new0 (StoreVersion, 1);
  g_autoptr (GError) local = NULL;
  const char *text = store_statement_text (statement, 3);

  version->type = g_strdup (store_statement_text (statement, 0));
  version->id = g_strdup (store_statement_text (statement, 1));
  version->version = g_strdup (text != NULL ? text : store_statement_text (statement, 2));
  version->updated = store_resource_dup_updated (sqlite3_column_int64 (statement, 4),
                                                 store_statement_text (statement, 5));
  version->sequence = sqlite3_column_int64 (statement, 6);
  version->deleted = sqlite3_column_int (statement, 7) != 0;
  version->resource = read_resource (statement, 8, &local);
  version->created = sqlite3_column_int (statement, 9) != 0;
  if (local == NULL)
    version->before = read_resource (statement, 10, &local);
  if (local == NULL)
    return g_steal_pointer (&version);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static GPtrArray *
read_versions (StoreConnection *connection, StoreStatement *statement, GError **error)
{
  g_autoptr (GPtrArray) versions =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_version_free);
  gboolean row;

  while (store_statement_step (connection, statement, &row, error))
    {
      StoreVersion *version;

      if (!row)
        return g_steal_pointer (&versions);
      version = read_version (statement, error);
      if (version == NULL)
        return NULL;
      g_ptr_array_add (versions, version);
    }
  return NULL;
}

/* Walking down the sequences finds many versions since a moment at once, but goes on to the oldest
 * of all for the last of them: so few are taken from the index of moments, and sorted. Clocks are
 * set back at times, so no sequence tells where to stop. */
static gboolean
choose_walk (StoreConnection *connection,
             gint64 type,
             gint64 before,
             gint64 since_us,
             const char **name,
             GError **error)
{
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row;

  *name = "history.page";
  if (since_us == G_MININT64)
    return TRUE;
  statement = store_connection_query (connection, "history.since-count", error, "iiii", type,
                                      before, since_us, (gint64) HISTORY_FEW);
  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  if (sqlite3_column_int64 (statement, 0) < HISTORY_FEW)
    *name = "history.page-since";
  return TRUE;
}

/**
 * store_history_page:
 *
 * Returns: (transfer full) (element-type StoreVersion) (nullable): at most @limit versions, newest
 *   first, deletions with what they deleted in `before`; none where nothing of that kind was ever
 *   stored
 */
GPtrArray *
store_history_page (StoreConnection *connection,
                    const StoreHistory *asked,
                    guint limit,
                    GError **error)
{
  gint64 before = asked->before > 0 ? asked->before : G_MAXINT64;
  g_autoptr (StoreStatement) statement = NULL;
  g_autoptr (GError) local = NULL;
  const char *walk = "history.page-of";
  gint64 type, number;

  if (!find_numbers (connection, asked->type, asked->id, &type, &number, &local))
    {
      if (local == NULL)
        return g_ptr_array_new_with_free_func ((GDestroyNotify) store_version_free);
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (number == 0 && !choose_walk (connection, type, before, asked->since_us, &walk, error))
    return NULL;
  statement = store_connection_query (connection, walk, error, "iiii", number != 0 ? number : type,
                                      before, asked->since_us, (gint64) limit);
  return statement != NULL ? read_versions (connection, statement, error) : NULL;
}

/**
 * store_history_count:
 * @total: (out): versions of this resource, written at @since_us or later
 */
gboolean
store_history_count (StoreConnection *connection,
                     const char *type,
                     const char *id,
                     gint64 since_us,
                     gint64 *total,
                     GError **error)
{
  g_autoptr (StoreStatement) statement = NULL;
  g_autoptr (GError) local = NULL;
  gint64 type_number, number;
  gboolean row;

  *total = 0;
  if (!find_numbers (connection, type, id, &type_number, &number, &local))
    {
      gboolean unknown = local == NULL;

      if (!unknown)
        g_propagate_error (error, g_steal_pointer (&local));
      return unknown;
    }
  statement = store_connection_query (connection, "history.count", error, "ii", number, since_us);
  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  *total = sqlite3_column_int64 (statement, 0);
  return TRUE;
}
