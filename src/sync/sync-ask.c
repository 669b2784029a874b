/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-ask.h"

#include "net-error.h"

/* What the server has of what we sent, or are about to send. A server may ignore what a search asks
 * for and answer with everything, so whatever it answers is looked at. */

#define PAGES_MAX 2000u

SyncTheirs *
sync_theirs_new (FhirResource *resource)
{
  SyncTheirs *theirs = g_new0 (SyncTheirs, 1);

  theirs->resource = resource;
  if (resource == NULL)
    return theirs;
  theirs->id = g_strdup (fhir_resource_get_id (resource));
  theirs->version = g_strdup (fhir_resource_get_version (resource));
  theirs->updated = g_strdup (fhir_resource_get_updated (resource));
  return theirs;
}

gboolean
sync_ask_is_absent (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_GONE);
}

/* The item on this page; @strange is set where the page holds something that was not asked for. */
static FhirResource *
find_on_page (FhirResource *bundle, const SyncItem *item, gboolean *strange)
{
  fhir_element_foreach (entry, fhir_resource_path (bundle, "entry"))
    {
      const FhirElement *element = fhir_element_get (entry, "resource");
      g_autoptr (FhirResource) found =
          element != NULL ? fhir_resource_new_from_element (element, NULL) : NULL;

      if (found == NULL || fhir_resource_get_id (found) == NULL)
        continue;
      if (sync_bundle_has_identity (found, item))
        return g_steal_pointer (&found);
      *strange |= g_strcmp0 (fhir_resource_get_type (found), item->type) == 0;
    }
  return NULL;
}

/**
 * sync_ask_by_identity:
 *
 * Returns: (transfer full) (nullable): the record that @item became, under whatever id; NULL
 * without
 * @error: the server has none
 */
FhirResource *
sync_ask_by_identity (SyncContext *context, const SyncItem *item, GError **error)
{
  g_autofree char *query = sync_bundle_dup_identity (item);
  g_autoptr (FhirResource) bundle = net_fhir_client_search (context->client, item->type, query,
                                                            TRUE, context->cancellable, error);

  for (guint page = 0; bundle != NULL; page++)
    {
      g_autoptr (FhirResource) before = g_steal_pointer (&bundle);
      const char *next = net_fhir_bundle_get_next (before);
      gboolean strange = FALSE;
      FhirResource *found = find_on_page (before, item, &strange);

      if (strange)
        sync_capability_learn (context->capability, SYNC_FEATURE_FILTERS, SYNC_ANSWER_NO);
      if (found != NULL || next == NULL)
        return found;
      if (page >= PAGES_MAX)
        {
          net_error_set_protocol (error, FALSE, "The server's pages have no end.");
          return NULL;
        }
      bundle = net_fhir_client_page (context->client, next, context->cancellable, error);
    }
  return NULL;
}

/**
 * sync_ask_one:
 *
 * Returns: (transfer full) (nullable): what the server has of @item now, by its id, and for a
 * creation by its identity as well
 */
SyncTheirs *
sync_ask_one (SyncContext *context, const SyncItem *item, GError **error)
{
  g_autoptr (GError) problem = NULL;
  FhirResource *resource =
      net_fhir_client_read (context->client, item->type, item->id, context->cancellable, &problem);

  if (resource == NULL && sync_ask_is_absent (problem))
    {
      g_clear_error (&problem);
      if (item->verb == STORE_JOURNAL_CREATE && item->resource != NULL)
        resource = sync_ask_by_identity (context, item, &problem);
    }
  if (problem == NULL)
    return sync_theirs_new (resource);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/**
 * sync_ask:
 *
 * Returns: (transfer full) (nullable): SyncTheirs for each item
 */
GPtrArray *
sync_ask (SyncContext *context, GPtrArray *items, GError **error)
{
  g_autoptr (GPtrArray) theirs = g_ptr_array_new_with_free_func ((GDestroyNotify) sync_theirs_free);

  for (guint i = 0; i < items->len; i++)
    {
      SyncTheirs *one = sync_ask_one (context, items->pdata[i], error);

      if (one == NULL)
        return NULL;
      g_ptr_array_add (theirs, one);
    }
  return g_steal_pointer (&theirs);
}
