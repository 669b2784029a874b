/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-check.h"

#include <string.h>

#include "fhir-resource.h"
#include "store-connection-private.h"
#include "store-database.h"
#include "store-index.h"

/* What an administrator asks of a store: whether its rows agree with each other. The indexes are in
 * store-check-index.c, the file's pages in store-backup.c, the audit in store-audit.c. */

StoreCheck *
store_check_new (void)
{
  StoreCheck *self = g_new0 (StoreCheck, 1);

  self->differing = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
store_check_free (StoreCheck *self)
{
  g_ptr_array_unref (self->differing);
  g_free (self);
}

/* Takes over @sentence, which names a resource and what is wrong with it. */
void
store_check_note (StoreCheck *check, char *sentence)
{
  check->wrong++;
  if (check->differing->len < STORE_CHECK_NAMED)
    g_ptr_array_add (check->differing, sentence);
  else
    g_free (sentence);
}

/* ---- records ---- */

static gboolean
patient_agrees (FhirResource *resource, const char *stored)
{
  g_autofree char *patient = store_index_dup_patient (resource);

  return g_strcmp0 (patient, stored) == 0;
}

/* Columns: type, id, version_text or version, patient's id, json. */
static char *
fault_of (StoreStatement *row)
{
  const char *type = store_statement_text (row, 0), *id = store_statement_text (row, 1);
  const char *json = store_statement_text (row, 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = json != NULL ? fhir_resource_parse (json, -1, &error) : NULL;

  if (resource == NULL)
    return g_strdup_printf ("%s/%s cannot be read: %s", type, id,
                            error != NULL ? error->message : "there is no text");
  if (strcmp (fhir_resource_get_type (resource), type) != 0 ||
      g_strcmp0 (fhir_resource_get_id (resource), id) != 0)
    return g_strdup_printf ("%s/%s holds the text of %s/%s", type, id,
                            fhir_resource_get_type (resource), fhir_resource_get_id (resource));
  if (g_strcmp0 (fhir_resource_get_version (resource), store_statement_text (row, 2)) != 0)
    return g_strdup_printf ("%s/%s has version %s and its text says %s", type, id,
                            store_statement_text (row, 2), fhir_resource_get_version (resource));
  if (!patient_agrees (resource, store_statement_text (row, 3)))
    return g_strdup_printf ("%s/%s is not filed under the patient whom it names", type, id);
  return NULL;
}

/**
 * store_check_records:
 *
 * Reads the text of every resource and compares it with the columns beside it.
 */
gboolean
store_check_records (StoreConnection *connection, StoreCheck *check, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "check.records", error, "");
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      char *fault;

      if (!row)
        return TRUE;
      check->looked_at++;
      fault = fault_of (statement);
      if (fault != NULL)
        store_check_note (check, fault);
    }
  return FALSE;
}

/* ---- what one statement tells ---- */

/* Each row is Type, id and a sentence about it. */
static gboolean
note_rows (StoreConnection *connection, const char *name, StoreCheck *check, GError **error)
{
  g_autoptr (StoreStatement) statement = store_connection_query (connection, name, error, "");
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return TRUE;
      store_check_note (check, g_strdup_printf ("%s/%s %s", store_statement_text (statement, 0),
                                                store_statement_text (statement, 1),
                                                store_statement_text (statement, 2)));
    }
  return FALSE;
}

static gboolean
count (StoreConnection *connection, const char *name, gint64 *out, GError **error)
{
  g_autoptr (StoreStatement) statement = store_connection_query (connection, name, error, "");
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  *out = row ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

/**
 * store_check_names:
 *
 * Whether each person can be found by name in lists and while one types.
 */
gboolean
store_check_names (StoreConnection *connection, StoreCheck *check, GError **error)
{
  return count (connection, "check.person-count", &check->looked_at, error) &&
         note_rows (connection, "check.persons", check, error);
}

/**
 * store_check_counters:
 *
 * Whether the numbers that decide order stand where the rows end: a counter that went back would
 * give a number out twice.
 */
gboolean
store_check_counters (StoreConnection *connection, StoreCheck *check, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "check.counters", error, "");
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return TRUE;
      check->looked_at++;
      if (sqlite3_column_int64 (statement, 1) < sqlite3_column_int64 (statement, 2))
        store_check_note (check, g_strdup_printf ("The counter “%s” stands at %s, but %s is in use",
                                                  store_statement_text (statement, 0),
                                                  store_statement_text (statement, 1),
                                                  store_statement_text (statement, 2)));
    }
  return FALSE;
}

/**
 * store_check_references:
 *
 * Counts the references that lead to nothing that is stored. That is no fault of the store: what
 * came from elsewhere may point to what did not come along.
 */
gboolean
store_check_references (StoreConnection *connection, StoreCheck *check, GError **error)
{
  return count (connection, "check.reference-count", &check->looked_at, error) &&
         note_rows (connection, "check.dangling", check, error);
}

/**
 * store_check_journal:
 *
 * Whether each change that waits to be sent has its resource.
 */
gboolean
store_check_journal (StoreConnection *connection, StoreCheck *check, GError **error)
{
  return count (connection, "check.journal-count", &check->looked_at, error) &&
         note_rows (connection, "check.journal", check, error);
}

/**
 * store_database_check:
 *
 * Reads the whole file and checks its pages, tables and indexes against each other.
 *
 * Returns: FALSE with %STORE_ERROR_CORRUPT and what was found
 */
gboolean
store_database_check (StoreConnection *connection, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "check.integrity", error, "");
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  if (g_strcmp0 (store_statement_text (statement, 0), "ok") == 0)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "The store’s file is damaged: %s",
               store_statement_text (statement, 0));
  return FALSE;
}
