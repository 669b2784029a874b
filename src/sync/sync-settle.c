/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-settle.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "fhir-builder.h"
#include "store-draft.h"
#include "store-resource.h"
#include "sync-merge.h"
#include "sync-setting.h"

/* The transactions in which a group leaves, arrives, or is set aside. Each reads the journal
 * afresh: a person may have undone or changed something while the network was slow. */

void
sync_theirs_free (SyncTheirs *theirs)
{
  g_free (theirs->id);
  g_free (theirs->version);
  g_free (theirs->updated);
  g_clear_pointer (&theirs->resource, fhir_resource_unref);
  g_free (theirs);
}

void
sync_departure_clear (SyncDeparture *departure)
{
  g_clear_pointer (&departure->items, g_ptr_array_unref);
  g_clear_pointer (&departure->bundle, fhir_resource_unref);
  g_clear_pointer (&departure->reason, g_free);
}

static SyncGroup *
find_group (GPtrArray *groups, const char *name)
{
  for (guint i = 0; i < groups->len; i++)
    if (strcmp (((SyncGroup *) groups->pdata[i])->name, name) == 0)
      return groups->pdata[i];
  return NULL;
}

/* Notes with each entry which local version leaves with it. */
static gboolean
mark_sending (StoreConnection *connection, SyncGroup *group, GPtrArray *items, GError **error)
{
  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      g_autofree char *reason = NULL;
      gint64 sequence = 0;

      for (guint j = 0; j < items->len; j++)
        {
          SyncItem *item = items->pdata[j];

          if (strcmp (item->type, entry->type) == 0 && strcmp (item->entry_id, entry->id) == 0)
            sequence = item->sequence;
        }
      reason = g_strdup_printf (SYNC_REASON_SENT "%" G_GINT64_FORMAT, sequence);
      if (!store_journal_set_state (connection, entry->sequence, "sending", reason, error))
        return FALSE;
    }
  return TRUE;
}

/* The rest is over: the draft that an undo would have brought back goes. */
static gboolean
end_rest (StoreConnection *connection, SyncGroup *group, GError **error)
{
  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      g_autoptr (StoreDraft) draft = store_draft_load (connection, entry->id, NULL);

      if (draft != NULL && !store_draft_remove (connection, entry->id, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
depart (StoreConnection *connection, gpointer data, GError **error)
{
  SyncDeparture *departure = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  SyncGroup *group;

  if (groups == NULL)
    return FALSE;
  group = find_group (groups, departure->name);
  if (group == NULL || group->state > SYNC_GROUP_RESTING)
    {
      departure->reason = g_strdup (group != NULL ? sync_group_get_reason (group) : NULL);
      return TRUE;
    }
  if (group->state == SYNC_GROUP_RESTING && !end_rest (connection, group, error))
    return FALSE;
  departure->items = sync_bundle_items (connection, groups, group, error);
  if (departure->items == NULL || !mark_sending (connection, group, departure->items, error))
    return FALSE;
  departure->left = TRUE;
  if (departure->items->len > 0)
    departure->bundle = sync_bundle_new (connection, departure->items, departure->base_url);
  else
    return sync_group_set_state (connection, group, "done", NULL, error);
  return TRUE;
}

/**
 * sync_settle_depart:
 *
 * Marks the group as sending and gives the transaction to send, both of the same moment.
 */
gboolean
sync_settle_depart (StoreDatabase *store, SyncDeparture *departure, GError **error)
{
  return store_database_write (store, BASE_LANE_PERSON, depart, departure, error);
}

static gboolean
load (StoreConnection *connection, gpointer data, GError **error)
{
  SyncDeparture *departure = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  SyncGroup *group;

  if (groups == NULL)
    return FALSE;
  group = find_group (groups, departure->name);
  if (group == NULL)
    return TRUE;
  departure->items = sync_bundle_items (connection, groups, group, error);
  for (guint i = 0; departure->items != NULL && i < departure->items->len; i++)
    {
      SyncItem *item = departure->items->pdata[i];
      gint64 sent = sync_bundle_sent_sequence (group, item);
      FhirResource *then = sent != 0 ? sync_bundle_sent (connection, item, sent) : NULL;

      if (then == NULL)
        continue;
      item->sequence = sent;
      g_clear_pointer (&item->resource, fhir_resource_unref);
      item->resource = then;
    }
  return departure->items != NULL;
}

/**
 * sync_settle_load:
 *
 * The items of a group whose answer was lost, as they were when they left.
 */
gboolean
sync_settle_load (StoreDatabase *store, SyncDeparture *departure, GError **error)
{
  return store_database_read (store, load, departure, error);
}

typedef struct
{
  const char *name, *state, *reason;
} StateWrite;

static gboolean
write_state (StoreConnection *connection, gpointer data, GError **error)
{
  StateWrite *write = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  SyncGroup *group = groups != NULL ? find_group (groups, write->name) : NULL;

  for (guint i = 0; group != NULL && i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      gboolean keep = strcmp (write->state, "unknown") == 0;

      if (!store_journal_set_state (connection, entry->sequence, write->state,
                                    keep ? entry->reason : write->reason, error))
        return FALSE;
    }
  return groups != NULL;
}

/**
 * sync_settle_state:
 * @reason: (nullable): "unknown" keeps what was noted when the group left
 */
gboolean
sync_settle_state (
    StoreDatabase *store, const char *group, const char *state, const char *reason, GError **error)
{
  StateWrite write = { group, state, reason };

  return store_database_write (store, BASE_LANE_PERSON, write_state, &write, error);
}

typedef struct
{
  const char *name;
  GPtrArray *items, *theirs;
  const char *sentence;
  char *state, *reason;
} Settlement;

/* The head of a resource's history; NULL where there is none. */
static StoreVersion *
steal_head (StoreConnection *connection, const SyncItem *item)
{
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, item->type, item->entry_id, 1, NULL);

  return history != NULL && history->len > 0 ? g_ptr_array_steal_index (history, 0) : NULL;
}

static FhirResource *
stamp (FhirResource *resource, const SyncTheirs *theirs)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (resource);

  if (theirs->id != NULL)
    fhir_builder_set (builder, "id", theirs->id);
  fhir_builder_set (builder, "meta.versionId", theirs->version);
  fhir_builder_set (builder, "meta.lastUpdated", theirs->updated);
  return fhir_builder_end (builder);
}

/* The server chose another id: the record moves there, and what refers to it is told on its way
 * out. */
static gboolean
move (StoreConnection *connection, const SyncItem *item, const SyncTheirs *theirs, GError **error)
{
  g_autofree char *ours = g_strdup_printf ("%s/%s", item->type, item->entry_id);
  g_autofree char *other = g_strdup_printf ("%s/%s", item->type, theirs->id);

  return sync_setting_add_alias (connection, ours, other, error) &&
         store_resource_delete (connection, item->type, item->entry_id, NULL, NULL, error);
}

/* The server has this item. What was typed here since it left stays, based on the server's version.
 */
static gboolean
settle_item (StoreConnection *connection,
             const SyncItem *item,
             const SyncTheirs *theirs,
             GError **error)
{
  const char *id = theirs->id != NULL ? theirs->id : item->id;
  g_autoptr (StoreVersion) head = steal_head (connection, item);
  gboolean same = head != NULL && head->resource != NULL && head->sequence == item->sequence;
  gboolean moved = strcmp (id, item->id) != 0;
  g_autoptr (FhirResource) kept = NULL;

  if (!sync_setting_set_theirs (connection, item->type, id, NULL, error) ||
      !sync_setting_set_base (connection, item->type, id,
                              item->later || !same ? theirs->version : NULL, error))
    return FALSE;
  if (item->verb == STORE_JOURNAL_DELETE || head == NULL || head->resource == NULL ||
      (!same && !moved))
    return TRUE;
  if (same && theirs->resource != NULL)
    kept = fhir_resource_ref (theirs->resource);
  else
    kept = stamp (head->resource, theirs);
  return store_resource_put (connection, kept, STORE_PUT_KEEP_META, NULL, NULL, error) &&
         (!moved || move (connection, item, theirs, error));
}

static gboolean
settle_done (StoreConnection *connection, gpointer data, GError **error)
{
  Settlement *settlement = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  SyncGroup *group = groups != NULL ? find_group (groups, settlement->name) : NULL;

  if (group == NULL)
    return groups != NULL;
  for (guint i = 0; i < settlement->items->len; i++)
    if (!settle_item (connection, settlement->items->pdata[i], settlement->theirs->pdata[i], error))
      return FALSE;
  return sync_group_set_state (connection, group, "done", NULL, error);
}

/**
 * sync_settle_done:
 * @theirs: SyncTheirs for each item
 *
 * Writes the server's version into the records and the journal rows as done, in one transaction.
 */
gboolean
sync_settle_done (
    StoreDatabase *store, const char *group, GPtrArray *items, GPtrArray *theirs, GError **error)
{
  Settlement settlement = { .name = group, .items = items, .theirs = theirs };

  return store_database_write (store, BASE_LANE_PERSON, settle_done, &settlement, error);
}

typedef enum
{
  VERDICT_SAME,   /* the server's has not moved */
  VERDICT_MERGED, /* can be sent again, based on the server's */
  VERDICT_PARK,
  VERDICT_DELETED, /* the server's is gone */
} Verdict;

static Verdict
judge (StoreConnection *connection,
       const SyncItem *item,
       const SyncTheirs *theirs,
       FhirResource **merged)
{
  g_autoptr (FhirResource) base = NULL;

  if (item->verb == STORE_JOURNAL_DELETE)
    return theirs->resource == NULL || g_strcmp0 (theirs->version, item->base) == 0 ? VERDICT_SAME
                                                                                    : VERDICT_PARK;
  if (theirs->resource == NULL)
    return item->verb == STORE_JOURNAL_CREATE ? VERDICT_SAME : VERDICT_DELETED;
  if (g_strcmp0 (theirs->version, item->base) == 0)
    return VERDICT_SAME;
  if (sync_merge_is_same (item->resource, theirs->resource))
    return VERDICT_MERGED;
  base = sync_bundle_base (connection, item);
  *merged = base != NULL ? sync_merge (base, item->resource, theirs->resource) : NULL;
  return *merged != NULL ? VERDICT_MERGED : VERDICT_PARK;
}

static gboolean
write_merged (StoreConnection *connection,
              const SyncItem *item,
              const SyncTheirs *theirs,
              FhirResource *merged,
              GError **error)
{
  return store_resource_put (connection, theirs->resource, STORE_PUT_KEEP_META, NULL, NULL,
                             error) &&
         store_resource_put (connection, merged, STORE_PUT_DEFAULT, NULL, NULL, error) &&
         sync_setting_set_base (connection, item->type, item->id, theirs->version, error);
}

static void
set_aside (Settlement *settlement, Verdict worst, guint merged)
{
  if (worst == VERDICT_DELETED)
    {
      settlement->state = g_strdup ("refused");
      settlement->reason =
          g_strdup (_ ("Somebody deleted this record on the server while it was changed here. What "
                       "you wrote is kept; copy what is still needed into a new record."));
    }
  else if (worst == VERDICT_PARK)
    {
      settlement->state = g_strdup ("held");
      settlement->reason =
          g_strconcat (SYNC_REASON_CONFLICT,
                       _ ("Somebody else changed this record at the same time. Both versions are "
                          "kept: compare them and choose."),
                       NULL);
    }
  else if (merged == 0)
    {
      settlement->state = g_strdup ("refused");
      settlement->reason = g_strdup (settlement->sentence);
    }
  else
    settlement->state = g_strdup ("waiting");
}

static gboolean
has_moved (StoreConnection *connection, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      SyncItem *item = items->pdata[i];
      g_autoptr (StoreVersion) head = steal_head (connection, item);

      if (head != NULL && head->sequence != item->sequence)
        return TRUE;
    }
  return FALSE;
}

static void
unref_if_any (gpointer resource)
{
  if (resource != NULL)
    fhir_resource_unref (resource);
}

/* Judges all items before anything is written: the group stands or falls together. */
static gboolean
settle_conflict (StoreConnection *connection, gpointer data, GError **error)
{
  Settlement *settlement = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  SyncGroup *group = groups != NULL ? find_group (groups, settlement->name) : NULL;
  g_autoptr (GPtrArray) merged = g_ptr_array_new_with_free_func (unref_if_any);
  g_autofree Verdict *verdicts = g_new0 (Verdict, settlement->items->len);
  Verdict worst = VERDICT_SAME;
  guint count = 0;
  gboolean ok = TRUE;

  if (group == NULL)
    return groups != NULL;
  if (has_moved (connection, settlement->items))
    {
      settlement->state = g_strdup ("waiting");
      return sync_group_set_state (connection, group, "waiting", NULL, error);
    }
  for (guint i = 0; i < settlement->items->len; i++)
    {
      FhirResource *one = NULL;

      verdicts[i] =
          judge (connection, settlement->items->pdata[i], settlement->theirs->pdata[i], &one);
      worst = MAX (worst, verdicts[i]);
      g_ptr_array_add (merged, one);
      count += verdicts[i] == VERDICT_MERGED;
    }
  set_aside (settlement, worst, count);
  for (guint i = 0; ok && i < settlement->items->len; i++)
    {
      SyncItem *item = settlement->items->pdata[i];
      SyncTheirs *theirs = settlement->theirs->pdata[i];

      if (worst == VERDICT_PARK && verdicts[i] == VERDICT_PARK && theirs->resource != NULL)
        ok = sync_setting_set_theirs (connection, item->type, item->id, theirs->resource, error);
      else if (worst <= VERDICT_MERGED && count > 0 && merged->pdata[i] != NULL)
        ok = write_merged (connection, item, theirs, merged->pdata[i], error);
      else if (worst <= VERDICT_MERGED && count > 0 && theirs->version != NULL)
        ok = sync_setting_set_base (connection, item->type, item->id, theirs->version, error);
    }
  return ok &&
         sync_group_set_state (connection, group, settlement->state, settlement->reason, error);
}

/**
 * sync_settle_conflict:
 * @theirs: SyncTheirs for each item, as the server has it now
 * @sentence: what the server said
 * @state: (out): "waiting" where the sides could be merged, else "held" or "refused"
 * @reason: (out) (nullable): what stands in the journal
 */
gboolean
sync_settle_conflict (StoreDatabase *store,
                      const char *group,
                      GPtrArray *items,
                      GPtrArray *theirs,
                      const char *sentence,
                      char **state,
                      char **reason,
                      GError **error)
{
  Settlement settlement = { .name = group, .items = items, .theirs = theirs, .sentence = sentence };
  gboolean ok = store_database_write (store, BASE_LANE_PERSON, settle_conflict, &settlement, error);

  *state = settlement.state;
  *reason = settlement.reason;
  return ok;
}
