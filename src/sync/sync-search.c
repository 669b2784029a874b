/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-search.h"

#include <string.h>

#include "net-error.h"
#include "store-snapshot.h"

/* A search as far as it goes. Never trusted to have asked what it was told to: each record that
 * comes is looked at. */

#define PAGES_MAX  10000u
#define DOUBTS_MAX 3u

static gboolean
read_sequence (StoreConnection *connection, gpointer data, GError **error)
{
  return store_snapshot_take (connection, data, error);
}

/**
 * sync_search_apply_new:
 *
 * Before the server is asked: what changes here from now on may be newer than what it answers.
 */
SyncApply
sync_search_apply_new (SyncContext *context)
{
  gint64 known = 0;

  store_database_read (context->store, read_sequence, &known, NULL);
  return (SyncApply) {
    .known = known,
    .doubtful = g_ptr_array_new_with_free_func (g_free),
    .resources = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref),
    .deleted = g_ptr_array_new_with_free_func (g_free),
  };
}

void
sync_search_apply_clear (SyncApply *apply)
{
  g_ptr_array_unref (apply->resources);
  g_ptr_array_unref (apply->deleted);
  g_clear_pointer (&apply->doubtful, g_ptr_array_unref);
}

/* What is in doubt, by name. A record that is not there says nothing here; what was deleted, the
 * passes for that find. */
static gboolean
ask_again (SyncContext *context, SyncApply *apply, GError **error)
{
  g_autoptr (GPtrArray) doubtful = g_steal_pointer (&apply->doubtful);

  apply->doubtful = g_ptr_array_new_with_free_func (g_free);
  apply->notice = FALSE;
  g_ptr_array_set_size (apply->resources, 0);
  g_ptr_array_set_size (apply->deleted, 0);
  if (!store_database_read (context->store, read_sequence, &apply->known, error))
    return FALSE;
  for (guint i = 0; i < doubtful->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (doubtful->pdata[i], "/", 2);
      g_autoptr (GError) problem = NULL;
      FhirResource *resource = net_fhir_client_read (context->client, parts[0], parts[1],
                                                     context->cancellable, &problem);

      if (resource != NULL)
        g_ptr_array_add (apply->resources, resource);
      else if (g_error_matches (problem, NET_ERROR, NET_ERROR_GONE))
        g_ptr_array_add (apply->deleted, g_strdup (doubtful->pdata[i]));
      else if (!g_error_matches (problem, NET_ERROR, NET_ERROR_NOT_FOUND) &&
               !g_error_matches (problem, NET_ERROR, NET_ERROR_FORBIDDEN))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * sync_search_put:
 *
 * Stores what came. What was changed here while the answer was under way is asked for again, so
 * that neither an old answer nor a clock decides which is the newer.
 */
gboolean
sync_search_put (SyncContext *context, SyncApply *apply, GError **error)
{
  for (guint turn = 0; sync_apply (context->store, apply, error); turn++)
    {
      if (apply->doubtful->len == 0)
        return TRUE;
      if (!ask_again (context, apply, error))
        return FALSE;
      apply->insist = turn + 1 >= DOUBTS_MAX;
    }
  return FALSE;
}

static gboolean
is_of_patient (FhirResource *resource, const char *patient)
{
  static const char *const paths[] = { "subject.reference", "patient.reference", "for.reference",
                                       "beneficiary.reference" };
  g_autofree char *wanted = g_strdup_printf ("Patient/%s", patient);

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const char *reference = fhir_resource_path_text (resource, paths[i]);

      if (reference != NULL && strstr (reference, "Patient/") != NULL)
        return g_str_has_suffix (reference, wanted) &&
               (strlen (reference) == strlen (wanted) ||
                reference[strlen (reference) - strlen (wanted) - 1] == '/');
    }
  return TRUE; /* it says so in another way */
}

static gboolean
is_wanted (FhirResource *resource, const SyncWanted *wanted)
{
  if (wanted->type == NULL)
    return TRUE;
  return strcmp (fhir_resource_get_type (resource), wanted->type) == 0 &&
         (wanted->patient == NULL || is_of_patient (resource, wanted->patient)) &&
         (wanted->ids == NULL ||
          g_strv_contains ((const char *const *) wanted->ids, fhir_resource_get_id (resource)));
}

/* The resources of a page; one that cannot be kept is named and left, the rest goes on. */
void
sync_search_take_page (SyncContext *context,
                       FhirResource *bundle,
                       const SyncWanted *wanted,
                       SyncApply *apply)
{
  fhir_element_foreach (entry, fhir_resource_path (bundle, "entry"))
    {
      const FhirElement *element = fhir_element_get (entry, "resource");
      g_autoptr (GError) error = NULL;
      FhirResource *resource =
          element != NULL ? fhir_resource_new_from_element (element, &error) : NULL;

      if (resource == NULL || fhir_resource_get_id (resource) == NULL)
        {
          if (element != NULL)
            g_message ("A resource from the server was left out: %s",
                       error != NULL ? error->message : "no id");
          g_clear_pointer (&resource, fhir_resource_unref);
        }
      else if (strcmp (fhir_resource_get_type (resource), "OperationOutcome") == 0)
        fhir_resource_unref (resource);
      else if (!is_wanted (resource, wanted))
        {
          if (strcmp (fhir_resource_get_type (resource), wanted->type) == 0)
            sync_capability_learn (context->capability, SYNC_FEATURE_FILTERS, SYNC_ANSWER_NO);
          fhir_resource_unref (resource);
        }
      else
        g_ptr_array_add (apply->resources, resource);
    }
}

/* All pages of one search. */
gboolean
sync_search (SyncContext *context,
             const SyncWanted *wanted,
             const char *query,
             SyncApply *apply,
             GError **error)
{
  gboolean identifying = wanted->patient != NULL || wanted->ids != NULL;
  g_autoptr (FhirResource) bundle =
      net_fhir_client_search (context->client, wanted->type, query, identifying,
                              context->cancellable, error);
  g_autoptr (GHashTable) visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while (bundle != NULL)
    {
      const char *next = net_fhir_bundle_get_next (bundle);
      g_autoptr (FhirResource) page = g_steal_pointer (&bundle);

      sync_search_take_page (context, page, wanted, apply);
      if (next == NULL || (wanted->pages > 0 && g_hash_table_size (visited) + 1 >= wanted->pages))
        return TRUE;
      if (!g_hash_table_add (visited, g_strdup (next)) || g_hash_table_size (visited) > PAGES_MAX)
        {
          net_error_set_protocol (error, FALSE, "The server's pages go round in a circle.");
          return FALSE;
        }
      bundle = net_fhir_client_page (context->client, next, context->cancellable, error);
    }
  return FALSE;
}

/* A search that this server or this account does not take says nothing about the rest. */
gboolean
sync_search_is_local_refusal (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_FORBIDDEN) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_GONE) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_REFUSED);
}

gboolean
sync_search_if_offered (SyncContext *context,
                        const SyncWanted *wanted,
                        const char *query,
                        SyncApply *apply,
                        GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (sync_search (context, wanted, query, apply, &problem) ||
      sync_search_is_local_refusal (problem))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}
