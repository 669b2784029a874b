/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-push.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"
#include "sync-answer.h"
#include "sync-ask.h"
#include "sync-author.h"
#include "sync-merge.h"
#include "sync-review.h"
#include "sync-send.h"
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

/* TRUE where the server has all of the group; one that goes record by record may have more to send.
 */
static gboolean
settle_each (SyncContext *context,
             SyncGroup *group,
             GPtrArray *items,
             GPtrArray *theirs,
             gboolean *left,
             GError **error)
{
  *left = FALSE;
  if (!group->singly)
    return sync_settle_done (context->store, group->name, items, theirs, error);
  for (guint i = 0; i < items->len; i++)
    if (!sync_settle_one (context->store, group->name, items->pdata[i], theirs->pdata[i], left,
                          error))
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
  gboolean left;

  if (settle_each (context, group, items, theirs, &left, &error))
    return left ? SYNC_PUSHED_AGAIN : SYNC_PUSHED_DONE;
  g_set_str (&result->sentence, error->message);
  return SYNC_PUSHED_PAUSE;
}

/* Whoever chooses wants to know whom to ask. */
static SyncPushed
park (SyncContext *context, GPtrArray *theirs, const char *reason, SyncPushResult *result)
{
  for (guint i = 0; i < theirs->len; i++)
    {
      SyncTheirs *side = theirs->pdata[i];

      if (side->resource != NULL)
        sync_author_fetch (context, side->resource);
    }
  return set_aside (result, "conflict", reason + strlen (SYNC_REASON_CONFLICT));
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
    return park (context, theirs, reason, result);
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

static SyncPushed
send_again (SyncContext *context, SyncGroup *group, SyncPushResult *result)
{
  g_autoptr (GError) error = NULL;

  if (!sync_settle_state (context->store, group->name, "waiting", NULL, &error))
    return pause_for (result, error);
  return SYNC_PUSHED_AGAIN;
}

static SyncPushed
settle_doubt (SyncContext *context,
              SyncGroup *group,
              GPtrArray *items,
              GPtrArray *theirs,
              SyncPushResult *result)
{
  return settle_conflict (
      context, group, items, theirs,
      _ ("It is not known whether the server took this change, and somebody else changed the "
         "record since. Compare it with the chart."),
      result);
}

/* Each record went by itself, so each tells only of itself. */
static SyncPushed
reconcile_singly (SyncContext *context,
                  SyncGroup *group,
                  GPtrArray *items,
                  GPtrArray *theirs,
                  SyncPushResult *result)
{
  gboolean left = TRUE;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      Evidence evidence = weigh (items->pdata[i], theirs->pdata[i]);
      g_autoptr (GPtrArray) item = g_ptr_array_new ();
      g_autoptr (GPtrArray) side = g_ptr_array_new ();

      g_ptr_array_add (item, items->pdata[i]);
      g_ptr_array_add (side, theirs->pdata[i]);
      if (evidence == EVIDENCE_NONE)
        return settle_doubt (context, group, item, side, result);
      if (evidence == EVIDENCE_DONE &&
          !sync_settle_one (context->store, group->name, items->pdata[i], theirs->pdata[i], &left,
                            &error))
        return pause_for (result, error);
    }
  return left ? send_again (context, group, result) : SYNC_PUSHED_DONE;
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
  theirs = sync_ask (context, departure.items, &error);
  if (theirs == NULL)
    return pause_for (result, error);
  group->singly = departure.singly;
  if (group->singly)
    return reconcile_singly (context, group, departure.items, theirs, result);
  switch (weigh_all (departure.items, theirs))
    {
    case EVIDENCE_DONE:
      return settle (context, group, departure.items, theirs, result);
    case EVIDENCE_NOT_DONE:
      return send_again (context, group, result);
    case EVIDENCE_NONE:
      break;
    }
  return settle_doubt (context, group, departure.items, theirs, result);
}

/* A server may answer without versions: then they are read. */
static gboolean
complete (SyncContext *context, GPtrArray *items, GPtrArray *theirs, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    if (!sync_send_complete (context, items->pdata[i], (SyncTheirs **) &theirs->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
write_capability (StoreConnection *connection, gpointer data, GError **error)
{
  return sync_capability_save (data, connection, error);
}

/* What was learned holds for the next start as well. */
static void
remember (SyncContext *context)
{
  store_database_write (context->store, BASE_LANE_BATCH, write_capability, context->capability,
                        NULL);
}

static gboolean
creates_by_put (SyncContext *context, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      SyncItem *item = items->pdata[i];

      if (item->verb == STORE_JOURNAL_CREATE && !sync_bundle_is_posted (item, context->capability))
        return TRUE;
    }
  return FALSE;
}

/* TRUE where the refusal of a bundle tells how to send it another way. */
static gboolean
learn (SyncContext *context, SyncDeparture *departure, const GError *refusal)
{
  SyncAnswer transactions =
      sync_capability_get (context->capability, SYNC_FEATURE_TRANSACTION, NULL);
  guint status = net_error_get_status (refusal);
  gsize length;

  if (departure->bundle == NULL)
    return FALSE;
  fhir_resource_get_text (departure->bundle, &length);
  if (net_error_is_too_large (refusal))
    return sync_capability_learn_largest (context->capability, length);
  if (status != 404 && status != 405 && status != 501)
    return FALSE;
  if (transactions == SYNC_ANSWER_YES && status != 501 &&
      creates_by_put (context, departure->items))
    return sync_capability_learn (context->capability, SYNC_FEATURE_UPDATE_CREATE, SYNC_ANSWER_NO);
  return (transactions != SYNC_ANSWER_YES || status == 501) &&
         sync_capability_learn (context->capability, SYNC_FEATURE_TRANSACTION, SYNC_ANSWER_NO);
}

static SyncPushed
on_conflict (SyncContext *context,
             SyncGroup *group,
             GPtrArray *items,
             const char *sentence,
             SyncPushResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) theirs = sync_ask (context, items, &error);

  if (theirs != NULL)
    return settle_conflict (context, group, items, theirs, sentence, result);
  sync_settle_state (context->store, group->name, "waiting", NULL, NULL);
  return pause_for (result, error);
}

static gboolean
changes_existing (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    if (((SyncItem *) items->pdata[i])->verb != STORE_JOURNAL_CREATE)
      return TRUE;
  return FALSE;
}

static SyncPushed
on_refusal (SyncContext *context,
            SyncGroup *group,
            GPtrArray *items,
            const GError *refusal,
            SyncPushResult *result)
{
  g_autoptr (GError) error = NULL;

  /* Cancelled while it was under way: nobody knows. */
  if (refusal->domain == G_IO_ERROR)
    {
      sync_settle_state (context->store, group->name, "unknown", NULL, NULL);
      return pause_for (result, refusal);
    }
  if (g_error_matches (refusal, NET_ERROR, NET_ERROR_CONFLICT) ||
      (sync_ask_is_absent (refusal) && changes_existing (items)))
    return on_conflict (context, group, items, refusal->message, result);
  if (g_error_matches (refusal, NET_ERROR, NET_ERROR_REFUSED) ||
      g_error_matches (refusal, NET_ERROR, NET_ERROR_FORBIDDEN) || sync_ask_is_absent (refusal))
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

/* The server did some of a transaction and refused the rest, so it does not know what a transaction
 * is: what it did is kept, the rest goes by itself and is answered by itself. */
static SyncPushed
settle_mixed (SyncContext *context,
              SyncGroup *group,
              SyncDeparture *departure,
              GPtrArray *theirs,
              SyncPushResult *result)
{
  g_autoptr (GError) error = NULL;
  gboolean left;

  sync_capability_learn (context->capability, SYNC_FEATURE_TRANSACTION, SYNC_ANSWER_NO);
  remember (context);
  for (guint i = 0; i < theirs->len; i++)
    if (theirs->pdata[i] != NULL &&
        (!sync_send_complete (context, departure->items->pdata[i],
                              (SyncTheirs **) &theirs->pdata[i], &error) ||
         !sync_settle_one (context->store, group->name, departure->items->pdata[i],
                           theirs->pdata[i], &left, &error)))
      return pause_for (result, error);
  return send_again (context, group, result);
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
  guint refused = 0;

  answer = net_fhir_client_transaction (context->client, departure->bundle, context->cancellable,
                                        &error);
  if (answer == NULL && learn (context, departure, error))
    {
      remember (context);
      return send_again (context, group, result);
    }
  if (answer == NULL)
    return on_refusal (context, group, departure->items, error, result);
  theirs = sync_answer_read (answer, departure->items, &refused);
  if (theirs != NULL && refused > 0)
    return settle_mixed (context, group, departure, theirs, result);
  if (theirs != NULL && complete (context, departure->items, theirs, &error))
    return settle (context, group, departure->items, theirs, result);
  sync_settle_state (context->store, group->name, "unknown", NULL, NULL);
  g_set_str (&result->sentence,
             error != NULL ? error->message
                           : _ ("The server's answer does not say whether it took the change. "
                                "Bedside asks it."));
  return SYNC_PUSHED_WAIT;
}

/* One record; SYNC_PUSHED_DONE: the next may go. */
static SyncPushed
send_one (
    SyncContext *context, SyncGroup *group, SyncItem *item, gboolean *left, SyncPushResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) aliases = sync_settle_dup_aliases (context->store, &error);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  gboolean begun = *left;
  gboolean ok;
  SyncTheirs *theirs;

  if (aliases == NULL)
    return pause_for (result, error);
  g_ptr_array_add (items, item);
  theirs = sync_send_one (context, item, aliases, &error);
  if (theirs == NULL)
    {
      if (begun)
        g_prefix_error_literal (&error, _ ("A part of this is on the server already. "));
      return on_refusal (context, group, items, error, result);
    }
  ok = sync_send_complete (context, item, &theirs, &error) &&
       sync_settle_one (context->store, group->name, item, theirs, left, &error);
  sync_theirs_free (theirs);
  if (ok)
    return SYNC_PUSHED_DONE;
  sync_settle_state (context->store, group->name, "unknown", NULL, NULL);
  g_set_str (&result->sentence, error->message);
  return SYNC_PUSHED_WAIT;
}

static SyncPushed
send_singly (SyncContext *context,
             SyncGroup *group,
             SyncDeparture *departure,
             SyncPushResult *result)
{
  gboolean left = FALSE;

  for (guint i = 0; i < departure->items->len; i++)
    {
      SyncPushed pushed = send_one (context, group, departure->items->pdata[i], &left, result);

      if (pushed != SYNC_PUSHED_DONE)
        return pushed;
    }
  remember (context);
  return left ? send_again (context, group, result) : SYNC_PUSHED_DONE;
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

static SyncPushed
leave (SyncContext *context, SyncGroup *group, SyncPushResult *result)
{
  g_auto (SyncDeparture) departure = { .name = group->name,
                                       .base_url = net_fhir_client_get_base_url (context->client),
                                       .capability = context->capability };
  g_autoptr (GError) error = NULL;
  gboolean moved = FALSE;

  if (!sync_settle_depart (context->store, &departure, &error))
    return pause_for (result, error);
  group->singly = departure.singly;
  if (departure.too_large)
    return set_aside (result, "refused", departure.reason);
  if (departure.left && departure.items->len == 0)
    return SYNC_PUSHED_DONE;
  if (departure.left && !sync_send_check_unguarded (context, departure.items, &moved, &error))
    {
      sync_settle_state (context->store, group->name, "waiting", sync_group_get_reason (group),
                         NULL);
      return pause_for (result, error);
    }
  if (moved)
    return on_conflict (context, group, departure.items,
                        _ ("Somebody else changed this record first. Look at it again."), result);
  if (departure.left)
    return departure.singly ? send_singly (context, group, &departure, result)
                            : send_group (context, group, &departure, result);
  if (departure.reason != NULL && g_str_has_prefix (departure.reason, SYNC_REASON_REVIEW))
    return set_aside (result, "held", departure.reason + strlen (SYNC_REASON_REVIEW));
  return SYNC_PUSHED_AGAIN;
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
  return leave (context, group, result);
}
