/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-condition.h"

#include <string.h>

#include "fhir-query.h"
#include "hub-entry.h"
#include "hub-policy.h"
#include "hub-reach.h"
#include "hub-reply.h"
#include "hub-search.h"
#include "store-resource.h"
#include "store-search.h"

/* Conditions: the query of If-None-Exist, of a conditional update, patch or delete, and of a
 * conditional reference. */

/* What shapes an answer decides nothing about what is meant: _count=1 would make one of many. */
static FhirQuery *
parse_condition (const char *type, const char *query, GError **error)
{
  g_autoptr (FhirQuery) parsed = NULL;

  if (strlen (query) > HUB_QUERY_LIMIT)
    {
      g_set_error (error, HUB_ERROR, 414, "The condition is longer than %d bytes", HUB_QUERY_LIMIT);
      return NULL;
    }
  parsed = fhir_query_parse (type, query, FALSE, error);
  if (parsed == NULL)
    return NULL;
  if (parsed->parameters->len > 0 && parsed->sorts->len == 0 && parsed->includes->len == 0 &&
      parsed->revincludes->len == 0 && parsed->elements->len == 0 && parsed->count < 0 &&
      parsed->summary == NULL && !parsed->total && parsed->cursor == NULL)
    return g_steal_pointer (&parsed);
  g_set_error (error, HUB_ERROR, 400,
               "“%s” is no condition: name what to look for, as in identifier=system|value, and "
               "nothing that shapes an answer, as _count or _sort",
               query);
  return NULL;
}

/* What a condition finds tells something even where nothing of it is answered; so it is a search
 * like any other, and as narrow. */
static GPtrArray *
find_ids (
    StoreConnection *connection, HubUser *user, const char *type, const char *query, GError **error)
{
  g_autofree char *narrowed = hub_policy_narrow (user, type, query);
  g_autoptr (FhirQuery) parsed = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  if (!hub_policy_allows (user, HUB_SEARCH, type, error) ||
      (parsed = parse_condition (type, query, error)) == NULL)
    return NULL;
  if (strcmp (narrowed, query) != 0)
    {
      fhir_query_free (parsed);
      parsed = fhir_query_parse (type, narrowed, FALSE, error);
    }
  if (parsed == NULL || !hub_search_allows (user, parsed, error))
    return NULL;
  ids = store_search_ids (connection, type, narrowed, error);
  for (guint i = 0; ids != NULL && i < ids->len;)
    {
      g_autoptr (FhirResource) found = store_resource_get (connection, type, ids->pdata[i], NULL);

      if (found == NULL ||
          (hub_policy_shows (user, found) && hub_reach_allows (connection, user, found, NULL)))
        i++;
      else
        g_ptr_array_remove_index (ids, i);
    }
  return g_steal_pointer (&ids);
}

/**
 * hub_condition_find_one:
 * @id: (out) (transfer full) (nullable): of what the condition finds; NULL where it finds nothing
 *
 * Runs in a StoreWork, with the rights of @user.
 *
 * Returns: FALSE with HUB_ERROR 412 where it finds several
 */
gboolean
hub_condition_find_one (StoreConnection *connection,
                        HubUser *user,
                        const char *type,
                        const char *query,
                        char **id,
                        GError **error)
{
  g_autoptr (GPtrArray) ids = find_ids (connection, user, type, query, error);

  *id = NULL;
  if (ids == NULL)
    return FALSE;
  if (ids->len > 1)
    {
      g_set_error (
          error, HUB_ERROR, 412,
          "“%s” finds %u resources, so it is not clear which one is meant: make it narrower", query,
          ids->len);
      return FALSE;
    }
  if (ids->len == 1)
    *id = g_strdup (ids->pdata[0]);
  return TRUE;
}

/**
 * hub_condition_resolve:
 *
 * Returns: (transfer full) (nullable): "Type/id" that a conditional reference stands for; it must
 *   find exactly one
 */
char *
hub_condition_resolve (
    StoreConnection *connection, HubUser *user, const char *type, const char *query, GError **error)
{
  g_autoptr (GPtrArray) ids = find_ids (connection, user, type, query, error);

  if (ids == NULL)
    return NULL;
  if (ids->len == 1)
    return g_strdup_printf ("%s/%s", type, (const char *) ids->pdata[0]);
  g_set_error (error, HUB_ERROR, 412, "The reference “%s?%s” finds %u resources; it must find one",
               type, query, ids->len);
  return NULL;
}
