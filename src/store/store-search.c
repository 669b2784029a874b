/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-search.h"

#include <string.h>

#include "store-connection-private.h"
#include "store-index.h"
#include "store-plan.h"
#include "store-resource.h"

/* Searches: pages of matches, what comes along with them, and the feed of changes. */

#define SEARCH_COUNT 50 /* a page where nobody said */

void
store_search_free (StoreSearch *self)
{
  g_clear_pointer (&self->matches, g_ptr_array_unref);
  g_clear_pointer (&self->included, g_ptr_array_unref);
  g_free (self->next_cursor);
  g_free (self);
}

/* ---- includes ---- */

typedef struct
{
  StoreConnection *connection;
  StoreSearch *search;
  GHashTable *there; /* "Type/id" of matches and included */
} Includer;

static gboolean
take_included (Includer *self, FhirResource *resource, GError **error)
{
  char *reference = fhir_resource_dup_reference (resource);

  if (g_hash_table_add (self->there, reference))
    g_ptr_array_add (self->search->included, resource);
  else
    fhir_resource_unref (resource);
  if (self->search->included->len <= STORE_MAX_INCLUDED)
    return TRUE;
  g_set_error (
      error, FHIR_ERROR, FHIR_ERROR_LIMIT,
      "More than %d resources would come along with this page by _include and _revinclude: "
      "ask for a smaller _count",
      STORE_MAX_INCLUDED);
  return FALSE;
}

/* What a reference names may be missing or deleted: then it does not come along. */
static gboolean
include_target (Includer *self, const char *type, const char *id, GError **error)
{
  g_autoptr (GError) local = NULL;
  FhirResource *resource = store_resource_get (self->connection, type, id, &local);

  if (resource != NULL)
    return take_included (self, resource, error);
  if (!g_error_matches (local, STORE_ERROR, STORE_ERROR_NOT_FOUND) &&
      !g_error_matches (local, STORE_ERROR, STORE_ERROR_GONE))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return TRUE;
}

static gboolean
include_targets (Includer *self,
                 FhirResource *match,
                 const FhirQueryInclude *include,
                 GError **error)
{
  g_autoptr (GPtrArray) values = fhir_index_values (match);

  for (guint i = 0; i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];

      if (value->type == FHIR_SEARCH_REFERENCE && value->system != NULL &&
          strcmp (value->parameter, include->parameter) == 0 &&
          (include->target_type == NULL || strcmp (include->target_type, value->system) == 0) &&
          !include_target (self, value->system, value->value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
include_sources (Includer *self,
                 FhirResource *match,
                 const FhirQueryInclude *include,
                 GError **error)
{
  g_autofree char *name = g_strconcat (include->source_type, ".", include->parameter, NULL);
  g_autoptr (StoreStatement) statement = NULL;
  gint64 type, number, parameter;
  gboolean row;

  if (!store_name_lookup (self->connection, fhir_resource_get_type (match), &type, error) ||
      !store_identity_lookup (self->connection, type, fhir_resource_get_id (match), &number,
                              error) ||
      !store_name_lookup (self->connection, name, &parameter, error))
    return FALSE;
  statement = store_connection_query (self->connection, "reference.sources", error, "ii", parameter,
                                      number);
  while (statement != NULL && store_statement_step (self->connection, statement, &row, error))
    {
      FhirResource *resource;

      if (!row)
        return TRUE;
      resource = fhir_resource_parse (store_statement_text (statement, 0), -1, error);
      if (resource == NULL || !take_included (self, resource, error))
        return FALSE;
    }
  return FALSE;
}

static gboolean
include_all (StoreConnection *connection, FhirQuery *query, StoreSearch *search, GError **error)
{
  g_autoptr (GHashTable) there = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Includer self = { connection, search, there };

  for (guint i = 0; i < search->matches->len; i++)
    g_hash_table_add (there, fhir_resource_dup_reference (search->matches->pdata[i]));
  for (guint i = 0; i < search->matches->len; i++)
    {
      for (guint j = 0; j < query->includes->len; j++)
        if (!include_targets (&self, search->matches->pdata[i], query->includes->pdata[j], error))
          return FALSE;
      for (guint j = 0; j < query->revincludes->len; j++)
        if (!include_sources (&self, search->matches->pdata[i], query->revincludes->pdata[j],
                              error))
          return FALSE;
    }
  return TRUE;
}

/* ---- searches ---- */

static gboolean
is_count_only (FhirQuery *query)
{
  return g_strcmp0 (query->summary, "count") == 0 || query->count == 0;
}

/**
 * store_search:
 *
 * Answers one page. Its `next_cursor`, set as the query's cursor, asks for the next one; resources
 * that come or go meanwhile neither shift nor repeat the others. Without _sort the order is that in
 * which resources became known.
 *
 * Returns: (transfer full) (nullable): the page; NULL with an error of FHIR_ERROR where the query
 * asks for what is not supported
 */
StoreSearch *
store_search (StoreConnection *connection, FhirQuery *query, GError **error)
{
  g_autoptr (StoreSearch) self = g_new0 (StoreSearch, 1);
  g_autoptr (StorePlan) plan = store_plan_new (connection, query, error);
  guint limit = query->count < 0 ? SEARCH_COUNT : (guint) MIN (query->count, STORE_MAX_COUNT);

  self->total = -1;
  self->included = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  if (plan == NULL)
    return NULL;
  if ((query->total || is_count_only (query)) && !store_plan_count (plan, &self->total, error))
    return NULL;
  if (is_count_only (query))
    {
      self->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
      return g_steal_pointer (&self);
    }
  self->matches = store_plan_page (plan, limit, &self->next_cursor, error);
  if (self->matches == NULL || !include_all (connection, query, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * store_search_ids:
 * @query_string: as in a conditional reference or If-None-Exist; what is not supported is refused
 *
 * Returns: (transfer full) (element-type utf8) (nullable): ids of what matches, at most one page of
 *   them: more than one is an error to whoever asks
 */
GPtrArray *
store_search_ids (StoreConnection *connection,
                  const char *type,
                  const char *query_string,
                  GError **error)
{
  g_autoptr (FhirQuery) query = fhir_query_parse (type, query_string, FALSE, error);
  g_autoptr (StoreSearch) search = query != NULL ? store_search (connection, query, error) : NULL;
  GPtrArray *ids;

  if (search == NULL)
    return NULL;
  ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < search->matches->len; i++)
    g_ptr_array_add (ids, g_strdup (fhir_resource_get_id (search->matches->pdata[i])));
  return ids;
}

static char *
dup_patient_of_json (const char *json)
{
  g_autoptr (FhirResource) resource = json != NULL ? fhir_resource_parse (json, -1, NULL) : NULL;

  return resource != NULL ? store_index_dup_patient (resource) : NULL;
}

static StoreChange *
change_of_row (StoreStatement *statement)
{
  StoreChange *change = g_new0 (StoreChange, 1);

  change->type = g_strdup (store_statement_text (statement, 0));
  change->id = g_strdup (store_statement_text (statement, 1));
  change->version = sqlite3_column_int64 (statement, 2);
  change->patient = g_strdup (store_statement_text (statement, 3));
  change->deleted = sqlite3_column_int (statement, 4) != 0;
  change->sequence = sqlite3_column_int64 (statement, 5);
  if (change->patient == NULL)
    change->patient = dup_patient_of_json (store_statement_text (statement, 6));
  return change;
}

/**
 * store_changes_since:
 * @sequence: the last one that is known; 0: from the beginning
 *
 * Returns: (transfer full) (element-type StoreChange) (nullable): the last change of each resource
 * that changed after @sequence, at most @limit, in their order
 */
GPtrArray *
store_changes_since (StoreConnection *connection, gint64 sequence, guint limit, GError **error)
{
  g_autoptr (GPtrArray) changes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_change_free);
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "resource.changes", error, "ii", sequence,
                              (gint64) limit);
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return g_steal_pointer (&changes);
      g_ptr_array_add (changes, change_of_row (statement));
    }
  return NULL;
}

static gboolean
find_number (
    StoreConnection *connection, const char *type, const char *id, gint64 *number, GError **error)
{
  gint64 type_name;

  *number = 0;
  return store_name_lookup (connection, type, &type_name, error) &&
         (type_name == 0 || store_identity_lookup (connection, type_name, id, number, error));
}

/**
 * store_search_referrers:
 * @from: (nullable): only resources of this type
 *
 * Returns: (transfer full) (element-type FhirResource) (nullable): every resource that refers to
 *   type/id, by whatever element that a search parameter knows
 */
GPtrArray *
store_search_referrers (
    StoreConnection *connection, const char *type, const char *id, const char *from, GError **error)
{
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autofree char *parameters = g_strconcat (from != NULL ? from : "[A-Z]*", ".*", NULL);
  g_autoptr (StoreStatement) statement = NULL;
  gint64 number;
  gboolean row;

  if (!find_number (connection, type, id, &number, error))
    return NULL;
  if (number == 0)
    return g_steal_pointer (&found);
  statement =
      store_connection_query (connection, "reference.referrers", error, "is", number, parameters);
  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      FhirResource *resource;

      if (!row)
        return g_steal_pointer (&found);
      resource = fhir_resource_parse (store_statement_text (statement, 0), -1, error);
      if (resource == NULL)
        return NULL;
      g_ptr_array_add (found, resource);
    }
  return NULL;
}
