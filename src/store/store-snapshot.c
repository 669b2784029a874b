/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-snapshot.h"

#include "fhir-resource.h"
#include "store-connection-private.h"
#include "store-index.h"

/* All resources of a type as they stood at a sequence, in the order of their numbers: those that
 * did not change since, and of the others the version that stood then. */

/**
 * store_snapshot_take:
 * @until: (out): the sequence of the last change
 *
 * In a write of its own nobody else is writing, so that every change with an earlier time is in it.
 */
gboolean
store_snapshot_take (StoreConnection *connection, gint64 *until, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "snapshot.last", error, "");
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  *until = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean
find_patient (StoreConnection *connection, const char *id, gint64 *number, GError **error)
{
  gint64 type;

  *number = 0;
  return store_name_lookup (connection, "Patient", &type, error) &&
         (type == 0 || store_identity_lookup (connection, type, id, number, error));
}

/**
 * store_snapshot_add_patient:
 * @id: of a patient whose record is wanted; an unknown one adds nobody
 */
gboolean
store_snapshot_add_patient (StoreSnapshot *self,
                            StoreConnection *connection,
                            const char *id,
                            GError **error)
{
  gint64 number;

  if (self->patients == NULL)
    self->patients = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (!find_patient (connection, id, &number, error))
    return FALSE;
  if (number != 0)
    g_hash_table_add (self->patients, g_memdup2 (&number, sizeof number));
  return TRUE;
}

/**
 * store_snapshot_types:
 *
 * Returns: (transfer full) (element-type utf8) (nullable): the types of which anything was ever
 *   stored, sorted
 */
GPtrArray *
store_snapshot_types (StoreConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) types = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "snapshot.types", error, "");
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return g_steal_pointer (&types);
      if (fhir_resource_type_is_known (store_statement_text (statement, 0)))
        g_ptr_array_add (types, g_strdup (store_statement_text (statement, 0)));
    }
  return NULL;
}

/* Whose record a version that was replaced was in; the row of the one that stands may say another
 * by now. */
static gboolean
find_earlier_patient (StoreConnection *connection, const char *json, gint64 *number, GError **error)
{
  g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, error);
  g_autofree char *id = resource != NULL ? store_index_dup_patient (resource) : NULL;

  *number = 0;
  return resource != NULL && (id == NULL || find_patient (connection, id, number, error));
}

static gboolean
is_of_wanted (const StoreSnapshot *self, gint64 patient)
{
  return !self->of_patients || (patient != 0 && (self->patients == NULL ||
                                                 g_hash_table_contains (self->patients, &patient)));
}

static gboolean
is_wanted (const StoreSnapshot *self,
           StoreConnection *connection,
           StoreStatement *statement,
           gboolean *wanted,
           GError **error)
{
  gint64 patient = sqlite3_column_int64 (statement, 2);

  if (self->of_patients && sqlite3_column_int (statement, 3) != 0 &&
      !find_earlier_patient (connection, store_statement_text (statement, 1), &patient, error))
    return FALSE;
  *wanted = is_of_wanted (self, patient);
  return TRUE;
}

/**
 * store_snapshot_walk:
 * @with_text: FALSE where only their number matters, which is much quicker
 * @limit: rows to look at
 * @after: (inout): 0 to begin, then as it was left; -1 after the last one
 * @visit: called for each that belongs to the snapshot
 */
gboolean
store_snapshot_walk (const StoreSnapshot *self,
                     StoreConnection *connection,
                     const char *type,
                     gboolean with_text,
                     guint limit,
                     gint64 *after,
                     StoreSnapshotVisit visit,
                     gpointer data,
                     GError **error)
{
  g_autoptr (StoreStatement) statement = NULL;
  gint64 number;
  guint rows = 0;
  gboolean row;

  if (!store_name_lookup (connection, type, &number, error))
    return FALSE;
  statement =
      store_connection_query (connection, "snapshot.walk", error, "iiiiii", number, *after,
                              self->until, self->since_us, (gint64) limit, (gint64) with_text);
  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      gboolean wanted;

      if (!row)
        {
          if (rows < limit)
            *after = -1;
          return TRUE;
        }
      rows++;
      *after = sqlite3_column_int64 (statement, 0);
      if (!is_wanted (self, connection, statement, &wanted, error))
        return FALSE;
      if (wanted)
        visit (with_text ? store_statement_text (statement, 1) : NULL, data);
    }
  return FALSE;
}

/**
 * store_snapshot_walk_deleted:
 * @after: (inout): 0 to begin, then as it was left; -1 after the last one
 * @visit: called for each resource that was deleted then, at `since_us` or later
 */
gboolean
store_snapshot_walk_deleted (const StoreSnapshot *self,
                             StoreConnection *connection,
                             guint limit,
                             gint64 *after,
                             StoreSnapshotDeleted visit,
                             gpointer data,
                             GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "snapshot.deleted", error, "iiii", *after, self->until,
                              self->since_us, (gint64) limit);
  guint rows = 0;
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        {
          if (rows < limit)
            *after = -1;
          return TRUE;
        }
      rows++;
      *after = sqlite3_column_int64 (statement, 0);
      if (is_of_wanted (self, sqlite3_column_int64 (statement, 3)))
        visit (store_statement_text (statement, 1), store_statement_text (statement, 2), data);
    }
  return FALSE;
}
