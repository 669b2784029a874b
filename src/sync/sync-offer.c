/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-offer.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"
#include "store-resource.h"
#include "store-search.h"
#include "sync-bundle.h"
#include "sync-instant.h"
#include "sync-merge.h"
#include "sync-reference.h"
#include "sync-server.h"
#include "sync-setting.h"

/* After a server was set back: what is here and newer than what it has now becomes a change like
 * any other, based on what it has now, and goes the way of all changes, with their checks. What
 * somebody wrote there since, on the older state, is not written over: then both sides wait for a
 * person. And what waited to be sent is based on versions of a past that the server has forgotten:
 * the same number may be another text now, so each is compared before it may go. */

#define BATCH     50u
#define OFFER_MAX 5000u /* the outbox holds no more than twice that */

typedef enum
{
  OFFER_CREATE, /* the server has never heard of it */
  OFFER_UPDATE, /* it has an older version */
  OFFER_PARK,   /* it was changed there since, on top of something older */
  OPEN_CREATE,  /* the same for what waits to be sent: it has never heard of it */
  OPEN_REBASE,  /* what was changed here is what it has, under whatever number */
  OPEN_PARK,    /* it has something else */
} OfferKind;

typedef struct
{
  OfferKind kind;
  char *type, *id;
  char *group; /* that is open */
  FhirResource *theirs, *before;
} Offer;

typedef struct
{
  SyncContext *context;
  GHashTable *types; /* (nullable): those that are offered; NULL: none is */
  GPtrArray *offers;
  gint64 sequence;
  GPtrArray *batch; /* FhirResource: settled ones */
  gboolean more;
  guint written;
} Job;

static void
offer_free (gpointer data)
{
  Offer *offer = data;

  g_free (offer->type);
  g_free (offer->id);
  g_free (offer->group);
  g_clear_pointer (&offer->theirs, fhir_resource_unref);
  g_clear_pointer (&offer->before, fhir_resource_unref);
  g_free (offer);
}

static Offer *
offer_new (OfferKind kind, const char *type, const char *id, FhirResource *theirs)
{
  Offer *offer = g_new0 (Offer, 1);

  offer->kind = kind;
  offer->type = g_strdup (type);
  offer->id = g_strdup (id);
  offer->theirs = theirs != NULL ? fhir_resource_ref (theirs) : NULL;
  return offer;
}

/* ---- what waits to be sent */

static gboolean
list_open (StoreConnection *connection, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);

  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];
      g_autoptr (GPtrArray) items = group->state <= SYNC_GROUP_UNKNOWN
                                        ? sync_bundle_items (connection, groups, group, error)
                                        : g_ptr_array_new ();

      if (items == NULL)
        return FALSE;
      for (guint j = 0; j < items->len; j++)
        {
          SyncItem *item = items->pdata[j];
          Offer *offer;

          if (item->verb == STORE_JOURNAL_CREATE)
            continue;
          offer = offer_new (OPEN_REBASE, item->type, item->id, NULL);
          offer->group = g_strdup (group->name);
          offer->before = item->before != NULL ? fhir_resource_ref (item->before) : NULL;
          g_ptr_array_add (job->offers, offer);
        }
    }
  return groups != NULL;
}

/* TRUE: there is something to note of it. */
static gboolean
weigh_open (Job *job, Offer *offer, gboolean unheard)
{
  if (offer->theirs == NULL)
    {
      offer->kind = OPEN_CREATE;
      return unheard && job->types != NULL;
    }
  if (offer->before == NULL || !sync_merge_is_same (offer->before, offer->theirs))
    offer->kind = OPEN_PARK;
  return TRUE;
}

static gboolean
ask_open (Job *job, GError **error)
{
  for (guint i = 0; i < job->offers->len;)
    {
      Offer *offer = job->offers->pdata[i];
      gboolean unheard = FALSE;

      if (!sync_server_is_unheard_of (job->context, offer->type, offer->id, &offer->theirs,
                                      &unheard, error))
        return FALSE;
      if (weigh_open (job, offer, unheard))
        i++;
      else
        g_ptr_array_remove_index (job->offers, i);
    }
  return TRUE;
}

/* ---- what came from the server, or was taken by it */

static gboolean
list_settled (StoreConnection *connection, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  g_autoptr (GHashTable) open = groups != NULL ? sync_group_open_resources (groups) : NULL;
  g_autoptr (GPtrArray) changes =
      open != NULL ? store_changes_since (connection, job->sequence, BATCH, error) : NULL;

  if (changes == NULL)
    return FALSE;
  job->more = changes->len == BATCH;
  for (guint i = 0; i < changes->len; i++)
    {
      StoreChange *change = changes->pdata[i];
      g_autofree char *reference = g_strdup_printf ("%s/%s", change->type, change->id);
      FhirResource *resource = NULL;

      job->sequence = change->sequence;
      if (!change->deleted && g_hash_table_contains (job->types, change->type) &&
          !g_hash_table_contains (open, reference))
        resource = store_resource_get (connection, change->type, change->id, NULL);
      if (resource != NULL)
        g_ptr_array_add (job->batch, resource);
    }
  return TRUE;
}

static gboolean
compare (Job *job, FhirResource *here, FhirResource *came, GError **error)
{
  const char *type = fhir_resource_get_type (here), *id = fhir_resource_get_id (here);
  g_autoptr (FhirResource) there = came != NULL ? fhir_resource_ref (came) : NULL;
  gboolean unheard = FALSE, knows = TRUE;
  OfferKind kind = OFFER_CREATE;

  if (there == NULL && !sync_server_is_unheard_of (job->context, type, id, &there, &unheard, error))
    return FALSE;
  if (there == NULL ? !unheard : sync_merge_is_same (here, there))
    return TRUE;
  if (there != NULL)
    kind = sync_instant_of (here) > sync_instant_of (there) ? OFFER_UPDATE : OFFER_PARK;
  /* Written there later, and on top of what is here: nothing was lost. */
  if (kind == OFFER_PARK && !sync_server_knows_version (job->context, here, &knows, error))
    return FALSE;
  if (kind != OFFER_PARK || !knows)
    g_ptr_array_add (job->offers, offer_new (kind, type, id, there));
  return TRUE;
}

static gboolean
compare_batch (Job *job, GError **error)
{
  g_autoptr (GHashTable) found =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) fhir_resource_unref);

  if (!sync_server_ask_all (job->context, job->batch, found, error))
    return FALSE;
  for (guint i = 0; i < job->batch->len; i++)
    {
      g_autofree char *reference = fhir_resource_dup_reference (job->batch->pdata[i]);

      if (!compare (job, job->batch->pdata[i], g_hash_table_lookup (found, reference), error))
        return FALSE;
    }
  g_ptr_array_set_size (job->batch, 0);
  if (job->offers->len <= OFFER_MAX)
    return TRUE;
  net_error_set_protocol (
      error, FALSE,
      _ ("More than %u records here are newer than on the server: too many to send again from one "
         "workstation. Nothing was sent. Ask whoever runs the server for a newer back-up."),
      OFFER_MAX);
  return FALSE;
}

static gboolean
compare_all (Job *job, GError **error)
{
  do
    if (!store_database_read (job->context->store, list_settled, job, error) ||
        !compare_batch (job, error))
      return FALSE;
  while (job->more);
  return TRUE;
}

/* ---- noted in the outbox */

static gboolean
append (StoreConnection *connection,
        Offer *offer,
        StoreJournalVerb verb,
        const char *base,
        gint64 *sequence,
        GError **error)
{
  g_autoptr (FhirResource) here = store_resource_get (connection, offer->type, offer->id, NULL);
  g_autofree char *patient = here != NULL ? sync_reference_dup_patient (here) : NULL;
  g_autofree char *name = g_uuid_string_random ();

  *sequence = 0;
  return here == NULL ||
         store_journal_append (connection, offer->group != NULL ? offer->group : name, verb,
                               offer->type, offer->id, patient, base, 0, sequence, error);
}

static char *
dup_conflict (void)
{
  return g_strconcat (SYNC_REASON_CONFLICT,
                      _ ("The server was set back, and has another version of this now. Both are "
                         "kept: compare them and choose."),
                      NULL);
}

static gboolean
write_settled (StoreConnection *connection, Offer *offer, GError **error)
{
  const char *version = offer->theirs != NULL ? fhir_resource_get_version (offer->theirs) : NULL;
  g_autofree char *reason = dup_conflict ();
  gint64 sequence;

  if (offer->kind == OFFER_CREATE)
    return append (connection, offer, STORE_JOURNAL_CREATE, NULL, &sequence, error);
  if (!append (connection, offer, STORE_JOURNAL_UPDATE, version, &sequence, error))
    return FALSE;
  if (offer->kind == OFFER_UPDATE)
    return sync_setting_set_base (connection, offer->type, offer->id, version, offer->theirs,
                                  error);
  return sequence == 0 ||
         (store_journal_set_state (connection, sequence, "held", reason, error) &&
          sync_setting_set_theirs (connection, offer->type, offer->id, offer->theirs, error));
}

static gboolean
write_open (StoreConnection *connection, GPtrArray *groups, Offer *offer, GError **error)
{
  SyncGroup *group = sync_group_find (groups, offer->group);
  g_autofree char *reason = dup_conflict ();
  gint64 sequence;

  if (group == NULL)
    return TRUE;
  if (offer->kind == OPEN_CREATE)
    return append (connection, offer, STORE_JOURNAL_CREATE, NULL, &sequence, error);
  if (offer->kind == OPEN_REBASE)
    return sync_setting_set_base (connection, offer->type, offer->id,
                                  fhir_resource_get_version (offer->theirs), offer->theirs, error);
  return sync_setting_set_theirs (connection, offer->type, offer->id, offer->theirs, error) &&
         sync_group_set_state (connection, group, "held", reason, error);
}

/* What a person wrote meanwhile is newer still, and leaves with the same base. */
static gboolean
write_overtaken (StoreConnection *connection, Offer *offer, GError **error)
{
  return offer->kind != OFFER_UPDATE ||
         sync_setting_set_base (connection, offer->type, offer->id,
                                fhir_resource_get_version (offer->theirs), offer->theirs, error);
}

static gboolean
write_some (StoreConnection *connection, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  g_autoptr (GHashTable) open = groups != NULL ? sync_group_open_resources (groups) : NULL;
  guint end = MIN (job->offers->len, job->written + BATCH);
  gboolean ok = open != NULL;

  for (guint i = job->written; ok && i < end; i++)
    {
      Offer *offer = job->offers->pdata[i];
      g_autofree char *reference = g_strdup_printf ("%s/%s", offer->type, offer->id);

      if (offer->group != NULL)
        ok = write_open (connection, groups, offer, error);
      else if (g_hash_table_contains (open, reference))
        ok = write_overtaken (connection, offer, error);
      else
        ok = write_settled (connection, offer, error);
    }
  if (ok)
    job->written = end;
  return ok;
}

static GHashTable *
list_types (const char *const *types)
{
  GHashTable *set = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_add (set, (gpointer) "Binary"); /* never read as a whole, but written from here */
  for (guint i = 0; types[i] != NULL; i++)
    g_hash_table_add (set, (gpointer) types[i]);
  return set;
}

static gboolean
may_offer (SyncContext *context, GError **error)
{
  gboolean lost = FALSE;

  if (!sync_server_lost_patients (context, &lost, error))
    return FALSE;
  if (lost)
    net_error_set_protocol (
        error, FALSE,
        _ ("This is not the same server of an earlier day: it has most of the patients no longer. "
           "Nothing was sent to it."));
  return !lost;
}

static gboolean
read_accepted (StoreConnection *connection, gpointer data, GError **error)
{
  *(gint64 *) data = sync_server_get_accepted (connection);
  return TRUE;
}

/**
 * sync_offer:
 * @types: that the server has
 * @offer: whether what is newer here is sent again; what waits already is looked at in any case
 *
 * Blocks until everything here was compared with the server. Before sync_server_accept(), so that
 * nothing leaves or is written over meanwhile; may be done again after a kill.
 */
gboolean
sync_offer (SyncContext *context, const char *const *types, gboolean offer, GError **error)
{
  g_autoptr (GHashTable) wanted = offer ? list_types (types) : NULL;
  g_autoptr (GPtrArray) offers = g_ptr_array_new_with_free_func (offer_free);
  g_autoptr (GPtrArray) batch =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autofree char *generation = sync_capability_dup_generation (context->capability);
  Job job = { .context = context, .types = wanted, .offers = offers, .batch = batch };

  /* The person speaks of the records that are there now. */
  net_fhir_client_set_store (context->client, generation);
  if ((offer && !may_offer (context, error)) ||
      !store_database_read (context->store, list_open, &job, error) || !ask_open (&job, error) ||
      !store_database_read (context->store, read_accepted, &job.sequence, error) ||
      (offer && !compare_all (&job, error)))
    return FALSE;
  while (job.written < offers->len)
    if (!store_database_write (context->store, BASE_LANE_BATCH, write_some, &job, error))
      return FALSE;
  return TRUE;
}
