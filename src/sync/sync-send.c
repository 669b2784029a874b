/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-send.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"
#include "sync-ask.h"
#include "sync-merge.h"
#include "sync-reference.h"

/* One record at a time, for a server that stores no bundles, and for what is too large for one. No
 * PATCH is ever sent: servers are known to ignore If-Match on it, and on DELETE. */

static gboolean
refers_to (const SyncItem *item, const SyncItem *other)
{
  g_autoptr (GHashTable) needs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *reference = g_strdup_printf ("%s/%s", other->type, other->entry_id);

  if (item == other || item->resource == NULL)
    return FALSE;
  sync_reference_collect (fhir_resource_get_root (item->resource), needs);
  return g_hash_table_contains (needs, reference);
}

static gboolean
is_ready (GPtrArray *items, const SyncItem *item)
{
  for (guint i = 0; i < items->len; i++)
    if (refers_to (item, items->pdata[i]))
      return FALSE;
  return TRUE;
}

/**
 * sync_send_sort:
 *
 * What others refer to comes before them, deletions come last. Where records refer to each other in
 * a circle, they stay as they are.
 */
void
sync_send_sort (GPtrArray *items)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  guint count = items->len;

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (left, items->pdata[i]);
  for (guint at = 0; at < count; at++)
    {
      guint chosen = G_MAXUINT;

      for (guint i = 0; i < left->len && chosen == G_MAXUINT; i++)
        if (((SyncItem *) left->pdata[i])->verb != STORE_JOURNAL_DELETE &&
            is_ready (left, left->pdata[i]))
          chosen = i;
      items->pdata[at] = g_ptr_array_steal_index (left, chosen != G_MAXUINT ? chosen : 0);
    }
}

/**
 * sync_send_is_safe_apart:
 *
 * Returns: whether nothing is wrong for a moment, or for ever, when only the first of these arrive:
 * new records, none of them an order
 */
gboolean
sync_send_is_safe_apart (GPtrArray *items, gboolean prescribes)
{
  for (guint i = 0; i < items->len; i++)
    if (((SyncItem *) items->pdata[i])->verb != STORE_JOURNAL_CREATE)
      return FALSE;
  return !prescribes;
}

/* Nobody changed it since: by its version, or, where the server keeps none, by what it says. */
static gboolean
has_moved (const SyncItem *item, const SyncTheirs *theirs)
{
  if (theirs->resource == NULL)
    return item->verb != STORE_JOURNAL_DELETE;
  if (theirs->version == NULL || item->base == NULL)
    return item->before == NULL || !sync_merge_is_same (item->before, theirs->resource);
  return g_strcmp0 (theirs->version, item->base) != 0 &&
         !(item->before != NULL && sync_merge_is_same (item->before, theirs->resource));
}

static gboolean
is_unguarded (SyncContext *context, const SyncItem *item)
{
  return item->verb == STORE_JOURNAL_DELETE ||
         (item->verb == STORE_JOURNAL_UPDATE &&
          (item->base == NULL ||
           sync_capability_get (context->capability, SYNC_FEATURE_VERSIONED_UPDATE, item->type) !=
               SYNC_ANSWER_YES));
}

/**
 * sync_send_check_unguarded:
 * @moved: (out): whether somebody else changed one of them
 *
 * Reads what is about to be deleted again, and what is about to be changed on a server that does
 * not promise to compare versions.
 */
gboolean
sync_send_check_unguarded (SyncContext *context, GPtrArray *items, gboolean *moved, GError **error)
{
  *moved = FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      SyncItem *item = items->pdata[i];
      SyncTheirs *theirs;

      if (!is_unguarded (context, item))
        continue;
      theirs = sync_ask_one (context, item, error);
      if (theirs == NULL)
        return FALSE;
      *moved |= has_moved (item, theirs);
      sync_theirs_free (theirs);
    }
  return TRUE;
}

/**
 * sync_send_complete:
 * @theirs: (inout): what the answer said
 *
 * Reads the record where the answer did not say which version it became.
 */
gboolean
sync_send_complete (SyncContext *context, const SyncItem *item, SyncTheirs **theirs, GError **error)
{
  SyncTheirs *one = *theirs;
  gboolean moved = one->id != NULL && strcmp (one->id, item->id) != 0;
  FhirResource *resource;

  if (item->verb == STORE_JOURNAL_DELETE ||
      (one->version != NULL && !(moved && one->resource == NULL)))
    return TRUE;
  resource =
      net_fhir_client_read (context->client, item->type, one->id != NULL ? one->id : item->id,
                            context->cancellable, error);
  if (resource == NULL)
    return FALSE;
  sync_theirs_free (one);
  *theirs = sync_theirs_new (resource);
  return TRUE;
}

static SyncTheirs *
read_answer (NetAnswer *answer, const SyncItem *item)
{
  FhirResource *body = answer->resource != NULL &&
                               strcmp (fhir_resource_get_type (answer->resource), item->type) == 0
                           ? g_steal_pointer (&answer->resource)
                           : NULL;
  SyncTheirs *theirs = sync_theirs_new (body);

  if (theirs->id == NULL && answer->location != NULL &&
      g_str_has_prefix (answer->location, item->type))
    theirs->id = g_strdup (strrchr (answer->location, '/') + 1);
  if (theirs->version == NULL)
    theirs->version = g_strdup (answer->version);
  if (theirs->updated == NULL)
    theirs->updated = g_strdup (answer->updated);
  return theirs;
}

static NetAnswer *
post (SyncContext *context, const SyncItem *item, FhirResource *outgoing, GError **error)
{
  g_autofree char *identity = sync_bundle_dup_identity (item);

  return net_fhir_client_create (context->client, outgoing, identity, context->cancellable, error);
}

/* A server that does not look for itself is asked first. */
static FhirResource *
find_existing (SyncContext *context, const SyncItem *item, GError **error)
{
  if (sync_capability_get (context->capability, SYNC_FEATURE_CONDITIONAL_CREATE, item->type) ==
      SYNC_ANSWER_YES)
    return NULL;
  return sync_ask_by_identity (context, item, error);
}

static gboolean
says_no_new_ids (const GError *error)
{
  guint status = net_error_get_status (error);

  return status == 404 || status == 405 || status == 501;
}

static NetAnswer *
send_create (SyncContext *context,
             const SyncItem *item,
             GHashTable *renamed,
             FhirResource **existing,
             GError **error)
{
  g_autoptr (FhirResource) outgoing = NULL;
  g_autoptr (GError) problem = NULL;
  NetAnswer *answer;

  if (!sync_bundle_is_posted (item, context->capability))
    {
      outgoing = sync_bundle_outgoing (item, context->capability, renamed);
      answer =
          net_fhir_client_update (context->client, outgoing, NULL, context->cancellable, &problem);
      if (answer != NULL || !says_no_new_ids (problem))
        {
          if (answer == NULL)
            g_propagate_error (error, g_steal_pointer (&problem));
          return answer;
        }
      sync_capability_learn (context->capability, SYNC_FEATURE_UPDATE_CREATE, SYNC_ANSWER_NO);
      g_clear_error (&problem);
      g_clear_pointer (&outgoing, fhir_resource_unref);
    }
  *existing = find_existing (context, item, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (*existing != NULL)
    return NULL;
  outgoing = sync_bundle_outgoing (item, context->capability, renamed);
  return post (context, item, outgoing, error);
}

static NetAnswer *
send_update (SyncContext *context, const SyncItem *item, GHashTable *renamed, GError **error)
{
  g_autoptr (FhirResource) outgoing = sync_bundle_outgoing (item, context->capability, renamed);

  return net_fhir_client_update (context->client, outgoing, item->base, context->cancellable,
                                 error);
}

/* Gone already is what was wanted. */
static SyncTheirs *
send_delete (SyncContext *context, const SyncItem *item, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (NetAnswer) answer =
      net_fhir_client_delete (context->client, item->type, item->id, item->base,
                              context->cancellable, &problem);

  if (answer != NULL || sync_ask_is_absent (problem))
    return sync_theirs_new (NULL);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/**
 * sync_send_one:
 * @renamed: from sync_setting_get_aliases()
 *
 * Returns: (transfer full) (nullable): what the server made of @item; NULL with @error set:
 * see net_error_is_answer_lost()
 */
SyncTheirs *
sync_send_one (SyncContext *context, const SyncItem *item, GHashTable *renamed, GError **error)
{
  g_autoptr (NetAnswer) answer = NULL;
  FhirResource *existing = NULL;

  if (item->verb == STORE_JOURNAL_DELETE)
    return send_delete (context, item, error);
  if (item->verb == STORE_JOURNAL_CREATE)
    answer = send_create (context, item, renamed, &existing, error);
  else
    answer = send_update (context, item, renamed, error);
  if (existing != NULL)
    return sync_theirs_new (existing);
  if (answer != NULL && sync_bundle_is_other (answer->resource, item))
    {
      net_error_set_protocol (error, TRUE,
                              _ ("The server answered with another record than the one that was "
                                 "sent. Bedside asks it what it has."));
      return NULL;
    }
  return answer != NULL ? read_answer (answer, item) : NULL;
}
