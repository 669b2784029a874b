/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-push.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "fhir-builder.h"
#include "net-error.h"
#include "sync-merge.h"
#include "sync-review.h"
#include "sync-settle.h"

/* Sends one group, and finds out what became of it. Blocks; runs in the push worker. */

#define MERGES_MAX 10

void
sync_push_result_clear (SyncPushResult *result)
{
  g_clear_pointer (&result->group, g_free);
  g_clear_pointer (&result->state, g_free);
  g_clear_pointer (&result->sentence, g_free);
}

static SyncPushed
set_aside (SyncPushResult *result, const char *state, const char *sentence)
{
  g_set_str (&result->state, state);
  g_set_str (&result->sentence, sentence);
  return SYNC_PUSHED_SET_ASIDE;
}

static SyncPushed
pause_for (SyncPushResult *result, const GError *error)
{
  g_set_str (&result->sentence, error->message);
  result->retry_after = net_error_get_retry_after (error);
  result->signed_out = g_error_matches (error, NET_ERROR, NET_ERROR_UNAUTHORIZED);
  return g_error_matches (error, NET_ERROR, NET_ERROR_SERVER) ? SYNC_PUSHED_WAIT
                                                              : SYNC_PUSHED_PAUSE;
}

static SyncTheirs *
theirs_new (FhirResource *resource)
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

static gboolean
is_absent (const GError *error)
{
  return g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) ||
         g_error_matches (error, NET_ERROR, NET_ERROR_GONE);
}

static FhirResource *
find_by_identifier (SyncContext *context, const SyncItem *item, GError **error)
{
  g_autofree char *query =
      item->resource != NULL ? sync_bundle_dup_identifier (item->resource) : NULL;
  g_autoptr (FhirResource) bundle = NULL;

  if (query == NULL || item->verb != STORE_JOURNAL_CREATE)
    return NULL;
  bundle = net_fhir_client_search (context->client, item->type, query, TRUE, context->cancellable,
                                   error);
  if (bundle == NULL)
    return NULL;
  fhir_element_foreach (entry, fhir_resource_path (bundle, "entry"))
    {
      const FhirElement *element = fhir_element_get (entry, "resource");
      g_autoptr (FhirResource) found =
          element != NULL ? fhir_resource_new_from_element (element, NULL) : NULL;
      g_autofree char *same = found != NULL ? sync_bundle_dup_identifier (found) : NULL;

      /* A poor server ignores the filter: look for ourselves. */
      if (g_strcmp0 (same, query) == 0)
        return g_steal_pointer (&found);
    }
  return NULL;
}

/* What the server has of each item now. */
static GPtrArray *
ask_server (SyncContext *context, GPtrArray *items, GError **error)
{
  g_autoptr (GPtrArray) theirs = g_ptr_array_new_with_free_func ((GDestroyNotify) sync_theirs_free);

  for (guint i = 0; i < items->len; i++)
    {
      SyncItem *item = items->pdata[i];
      g_autoptr (GError) problem = NULL;
      FhirResource *resource = net_fhir_client_read (context->client, item->type, item->id,
                                                     context->cancellable, &problem);

      if (resource == NULL && is_absent (problem))
        {
          g_clear_error (&problem);
          resource = find_by_identifier (context, item, &problem);
        }
      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      g_ptr_array_add (theirs, theirs_new (resource));
    }
  return g_steal_pointer (&theirs);
}

static gboolean
is_there (const SyncItem *item, const SyncTheirs *theirs)
{
  if (item->verb == STORE_JOURNAL_DELETE)
    return theirs->resource == NULL;
  return theirs->resource != NULL && item->resource != NULL &&
         sync_merge_is_same (item->resource, theirs->resource);
}

static gboolean
all_there (GPtrArray *items, GPtrArray *theirs)
{
  for (guint i = 0; i < items->len; i++)
    if (!is_there (items->pdata[i], theirs->pdata[i]))
      return FALSE;
  return TRUE;
}

static SyncPushed
settle (SyncContext *context,
        SyncGroup *group,
        GPtrArray *items,
        GPtrArray *theirs,
        SyncPushResult *result)
{
  g_autoptr (GError) error = NULL;

  if (sync_settle_done (context->store, group->name, items, theirs, &error))
    return SYNC_PUSHED_DONE;
  g_set_str (&result->sentence, error->message);
  return SYNC_PUSHED_PAUSE;
}

static SyncPushed
settle_conflict (SyncContext *context,
                 SyncGroup *group,
                 GPtrArray *items,
                 GPtrArray *theirs,
                 const char *sentence,
                 SyncPushResult *result)
{
  g_autofree char *state = NULL;
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;
  StoreJournalEntry *first = group->entries->pdata[0];

  if (all_there (items, theirs))
    return settle (context, group, items, theirs, result);
  if (!sync_settle_conflict (context->store, group->name, items, theirs, sentence, &state, &reason,
                             &error))
    {
      g_set_str (&result->sentence, error->message);
      return SYNC_PUSHED_PAUSE;
    }
  if (state == NULL)
    return SYNC_PUSHED_AGAIN;
  if (strcmp (state, "waiting") == 0)
    return first->attempts < MERGES_MAX ? SYNC_PUSHED_AGAIN : SYNC_PUSHED_WAIT;
  if (strcmp (state, "held") == 0)
    return set_aside (result, "conflict", reason + strlen (SYNC_REASON_CONFLICT));
  return set_aside (result, state, reason);
}

/* A transaction is done whole or not at all, so one item that tells speaks for all of them. */
typedef enum
{
  EVIDENCE_NONE,
  EVIDENCE_DONE,
  EVIDENCE_NOT_DONE,
} Evidence;

static Evidence
weigh (const SyncItem *item, const SyncTheirs *theirs)
{
  if (item->verb == STORE_JOURNAL_CREATE)
    return theirs->resource != NULL ? EVIDENCE_DONE : EVIDENCE_NOT_DONE;
  if (item->verb == STORE_JOURNAL_DELETE)
    return theirs->resource == NULL ? EVIDENCE_DONE : EVIDENCE_NOT_DONE;
  if (theirs->resource == NULL)
    return EVIDENCE_NONE;
  if (g_strcmp0 (theirs->version, item->base) == 0)
    return EVIDENCE_NOT_DONE;
  return is_there (item, theirs) ? EVIDENCE_DONE : EVIDENCE_NONE;
}

static Evidence
weigh_all (GPtrArray *items, GPtrArray *theirs)
{
  Evidence found = EVIDENCE_NONE;

  for (guint i = 0; i < items->len && found != EVIDENCE_DONE; i++)
    {
      Evidence one = weigh (items->pdata[i], theirs->pdata[i]);

      if (one != EVIDENCE_NONE)
        found = one;
    }
  return found;
}

/* The answer to an earlier sending was lost: ask before anything is sent again. */
static SyncPushed
reconcile (SyncContext *context, SyncGroup *group, SyncPushResult *result)
{
  g_auto (SyncDeparture) departure = { .name = group->name };
  g_autoptr (GPtrArray) theirs = NULL;
  g_autoptr (GError) error = NULL;

  if (!sync_settle_load (context->store, &departure, &error))
    return pause_for (result, error);
  if (departure.items == NULL)
    return SYNC_PUSHED_AGAIN;
  theirs = ask_server (context, departure.items, &error);
  if (theirs == NULL)
    return pause_for (result, error);
  switch (weigh_all (departure.items, theirs))
    {
    case EVIDENCE_DONE:
      return settle (context, group, departure.items, theirs, result);
    case EVIDENCE_NOT_DONE:
      if (!sync_settle_state (context->store, group->name, "waiting", NULL, &error))
        return pause_for (result, error);
      return SYNC_PUSHED_AGAIN;
    case EVIDENCE_NONE:
      break;
    }
  return settle_conflict (
      context, group, departure.items, theirs,
      _ ("It is not known whether the server took this change, and somebody else changed the "
         "record since. Compare it with the chart."),
      result);
}

static SyncTheirs *
read_response (const FhirElement *entry, const SyncItem *item)
{
  const FhirElement *element = fhir_element_get (entry, "resource");
  const char *etag = fhir_element_path_text (entry, "response.etag");
  const char *location = fhir_element_path_text (entry, "response.location");
  FhirResource *resource = element != NULL ? fhir_resource_new_from_element (element, NULL) : NULL;
  SyncTheirs *theirs;
  g_auto (GStrv) parts = g_strsplit (location != NULL ? location : "", "/", -1);

  if (resource != NULL && (g_strcmp0 (fhir_resource_get_type (resource), item->type) != 0 ||
                           fhir_resource_get_version (resource) == NULL))
    g_clear_pointer (&resource, fhir_resource_unref);
  theirs = theirs_new (resource);
  for (guint i = 0; theirs->id == NULL && parts[i] != NULL && parts[i + 1] != NULL; i++)
    if (strcmp (parts[i], item->type) == 0)
      theirs->id = g_strdup (parts[i + 1]);
  if (theirs->version == NULL && etag != NULL)
    {
      g_auto (GStrv) quoted = g_strsplit (etag, "\"", 3);

      theirs->version = g_strdup (g_strv_length (quoted) == 3 ? quoted[1] : etag);
    }
  if (theirs->updated == NULL)
    theirs->updated = g_strdup (fhir_element_path_text (entry, "response.lastModified"));
  return theirs;
}

/* The answer's entries, one for each that was sent; NULL where it does not say that all were done.
 */
static GPtrArray *
read_answer (FhirResource *answer, GPtrArray *items)
{
  g_autoptr (GPtrArray) theirs = g_ptr_array_new_with_free_func ((GDestroyNotify) sync_theirs_free);

  fhir_element_foreach (entry, fhir_resource_path (answer, "entry"))
    {
      const char *status = fhir_element_path_text (entry, "response.status");

      if (theirs->len == items->len || status == NULL || *status != '2')
        return NULL;
      g_ptr_array_add (theirs, read_response (entry, items->pdata[theirs->len]));
    }
  return theirs->len == items->len ? g_steal_pointer (&theirs) : NULL;
}

/* A server may answer without versions: then they are read. */
static gboolean
complete (SyncContext *context, GPtrArray *items, GPtrArray *theirs, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      SyncItem *item = items->pdata[i];
      SyncTheirs *one = theirs->pdata[i];
      gboolean moved = one->id != NULL && strcmp (one->id, item->id) != 0;
      FhirResource *resource;

      if (item->verb == STORE_JOURNAL_DELETE ||
          (one->version != NULL && !(moved && one->resource == NULL)))
        continue;
      resource =
          net_fhir_client_read (context->client, item->type, one->id != NULL ? one->id : item->id,
                                context->cancellable, error);
      if (resource == NULL)
        return FALSE;
      sync_theirs_free (one);
      theirs->pdata[i] = theirs_new (resource);
    }
  return TRUE;
}

static SyncPushed
on_refusal (SyncContext *context,
            SyncGroup *group,
            GPtrArray *items,
            const GError *refusal,
            SyncPushResult *result)
{
  g_autoptr (GPtrArray) theirs = NULL;
  g_autoptr (GError) error = NULL;

  if (g_error_matches (refusal, NET_ERROR, NET_ERROR_CONFLICT))
    {
      theirs = ask_server (context, items, &error);
      if (theirs != NULL)
        return settle_conflict (context, group, items, theirs, refusal->message, result);
      sync_settle_state (context->store, group->name, "waiting", NULL, NULL);
      return pause_for (result, error);
    }
  if (g_error_matches (refusal, NET_ERROR, NET_ERROR_REFUSED) ||
      g_error_matches (refusal, NET_ERROR, NET_ERROR_FORBIDDEN) || is_absent (refusal))
    {
      if (!sync_settle_state (context->store, group->name, "refused", refusal->message, &error))
        return pause_for (result, error);
      return set_aside (result, "refused", refusal->message);
    }
  sync_settle_state (context->store, group->name,
                     net_error_is_answer_lost (refusal) ? "unknown" : "waiting",
                     sync_group_get_reason (group), NULL);
  return pause_for (result, refusal);
}

static SyncPushed
send_group (SyncContext *context,
            SyncGroup *group,
            SyncDeparture *departure,
            SyncPushResult *result)
{
  g_autoptr (FhirResource) answer = NULL;
  g_autoptr (GPtrArray) theirs = NULL;
  g_autoptr (GError) error = NULL;

  answer = net_fhir_client_transaction (context->client, departure->bundle, context->cancellable,
                                        &error);
  if (answer == NULL)
    {
      /* Cancelled while it was under way: nobody knows. */
      if (error->domain == G_IO_ERROR)
        sync_settle_state (context->store, group->name, "unknown", NULL, NULL);
      else
        return on_refusal (context, group, departure->items, error, result);
      return pause_for (result, error);
    }
  theirs = read_answer (answer, departure->items);
  if (theirs != NULL && complete (context, departure->items, theirs, &error))
    return settle (context, group, departure->items, theirs, result);
  sync_settle_state (context->store, group->name, "unknown", NULL, NULL);
  g_set_str (&result->sentence,
             error != NULL ? error->message
                           : _ ("The server's answer does not say whether it took the change. "
                                "Bedside asks it."));
  return SYNC_PUSHED_WAIT;
}

static SyncPushed
hold_for_review (SyncContext *context,
                 SyncGroup *group,
                 const char *sentence,
                 SyncPushResult *result)
{
  g_autofree char *reason = g_strconcat (SYNC_REASON_REVIEW, sentence, NULL);
  g_autoptr (GError) error = NULL;

  if (!sync_settle_state (context->store, group->name, "held", reason, &error))
    return pause_for (result, error);
  return set_aside (result, "held", sentence);
}

/**
 * sync_push_group:
 * @group: from sync_group_choose()
 * @result: (out caller-allocates): cleared with sync_push_result_clear()
 *
 * Returns: what became of it
 */
SyncPushed
sync_push_group (SyncContext *context, SyncGroup *group, SyncPushResult *result)
{
  g_auto (SyncDeparture) departure = { .name = group->name,
                                       .base_url = net_fhir_client_get_base_url (context->client) };
  g_autoptr (GError) error = NULL;
  g_autofree char *hold = NULL;

  *result = (SyncPushResult) { .group = g_strdup (group->name) };
  if (group->state == SYNC_GROUP_UNKNOWN)
    return reconcile (context, group, result);
  if (group->prescribes)
    {
      if (!sync_review (context, group, &hold, &error))
        return pause_for (result, error);
      if (hold != NULL)
        return hold_for_review (context, group, hold, result);
    }
  if (!sync_settle_depart (context->store, &departure, &error))
    return pause_for (result, error);
  if (departure.bundle != NULL)
    return send_group (context, group, &departure, result);
  if (departure.left)
    return SYNC_PUSHED_DONE;
  if (departure.reason != NULL && g_str_has_prefix (departure.reason, SYNC_REASON_REVIEW))
    return set_aside (result, "held", departure.reason + strlen (SYNC_REASON_REVIEW));
  return SYNC_PUSHED_AGAIN;
}
