/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-snapshot.h"

#include <string.h>

#include "fhir-compartment.h"
#include "store-connection-private.h"
#include "store-index.h"

/* All resources of a type as they stood at a sequence, in the order of their numbers: those that
 * did not change since, and of the others the version that stood then. */

/* Which texts of what did not change since a walk reads; of the others it reads all. */
typedef enum
{
  NO_TEXTS,
  ALL_TEXTS,
  TEXTS_OF_NOBODY, /* where the row names no patient */
} Texts;

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

void
store_snapshot_clear (StoreSnapshot *self)
{
  g_clear_pointer (&self->patients, g_hash_table_unref);
  g_clear_pointer (&self->ids, g_hash_table_unref);
}

/**
 * store_snapshot_limit:
 *
 * From here on the snapshot is of those patients only that are added, at first of nobody.
 */
void
store_snapshot_limit (StoreSnapshot *self)
{
  self->of_patients = TRUE;
  if (self->patients != NULL)
    return;
  self->patients = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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

  store_snapshot_limit (self);
  if (!find_patient (connection, id, &number, error))
    return FALSE;
  if (number != 0)
    {
      g_hash_table_add (self->patients, g_memdup2 (&number, sizeof number));
      g_hash_table_add (self->ids, g_strdup (id));
    }
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

static gboolean
is_of_wanted (const StoreSnapshot *self, gint64 patient)
{
  return patient != 0 &&
         (self->patients == NULL || g_hash_table_contains (self->patients, &patient));
}

/* Whether a patient who is wanted is named at all: most texts need not be parsed. */
static gboolean
names_wanted (const StoreSnapshot *self, const char *json)
{
  static const char *const id_characters = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-.";

  if (strstr (json, "\\u00") != NULL) /* letters may be written so, and nobody does */
    return TRUE;
  for (const char *at = strstr (json, "Patient"); at != NULL; at = strstr (at, "Patient"))
    {
      char id[65];
      gsize length;

      at += strlen ("Patient");
      if (self->ids == NULL || *at == '\\') /* JSON may write "Patient\/1" */
        return TRUE;
      if (*at != '/')
        continue;
      length = strspn (at + 1, id_characters);
      if (length >= sizeof id)
        continue;
      g_strlcpy (id, at + 1, length + 1);
      if (g_hash_table_contains (self->ids, id))
        return TRUE;
    }
  return FALSE;
}

/* Whether one of the patients in whose compartments the version is, is wanted: it may be in
 * several, and the row of a resource knows one, the row of a version that was replaced none. */
static gboolean
is_text_of_wanted (const StoreSnapshot *self, const char *json, gboolean *wanted, GError **error)
{
  g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, error);
  g_autoptr (GPtrArray) patients = resource != NULL ? fhir_compartment_patients (resource) : NULL;
  char *own = resource != NULL ? store_index_dup_patient (resource) : NULL;

  if (own != NULL)
    g_ptr_array_add (patients, own);
  for (guint i = 0; patients != NULL && i < patients->len && !*wanted; i++)
    *wanted = self->ids == NULL || g_hash_table_contains (self->ids, patients->pdata[i]);
  return resource != NULL;
}

/* @json: (nullable): what has to be read where @patient, the one of the row, does not say it */
static gboolean
is_wanted (
    const StoreSnapshot *self, gint64 patient, const char *json, gboolean *wanted, GError **error)
{
  *wanted = !self->of_patients || is_of_wanted (self, patient);
  if (*wanted || json == NULL || !names_wanted (self, json))
    return TRUE;
  return is_text_of_wanted (self, json, wanted, error);
}

/* Texts make a walk slow: none is read where the row says it all. */
static Texts
texts_to_read (const StoreSnapshot *self, const char *type, gboolean with_text)
{
  if (with_text)
    return ALL_TEXTS;
  if (!self->of_patients || fhir_compartment_find (type) == NULL)
    return NO_TEXTS;
  return self->patients != NULL ? ALL_TEXTS : TEXTS_OF_NOBODY;
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
  statement = store_connection_query (connection, "snapshot.walk", error, "iiiiii", number, *after,
                                      self->until, self->since_us, (gint64) limit,
                                      (gint64) texts_to_read (self, type, with_text));
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
      if (!is_wanted (self, sqlite3_column_int64 (statement, 2),
                      store_statement_text (statement, 1), &wanted, error))
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
      store_connection_query (connection, "snapshot.deleted", error, "iiiii", *after, self->until,
                              self->since_us, (gint64) limit, (gint64) self->of_patients);
  guint rows = 0;
  gboolean row;

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
      if (!is_wanted (self, sqlite3_column_int64 (statement, 3),
                      store_statement_text (statement, 4), &wanted, error))
        return FALSE;
      if (wanted)
        visit (store_statement_text (statement, 1), store_statement_text (statement, 2), data);
    }
  return FALSE;
}
