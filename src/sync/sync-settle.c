/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-settle.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-builder.h"
#include "store-draft.h"
#include "store-resource.h"
#include "sync-reference.h"
#include "sync-send.h"
#include "sync-setting.h"

#define TOO_LARGE                                                                                  \
  N_ ("This is too large for the server to take in one step, and it may not arrive in parts. "     \
      "Make it "                                                                                   \
      "smaller, or enter it where the server is run.")

/* The transactions in which a group leaves or arrives. Each reads the journal
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

/* Notes with each entry which local version leaves with it. */
static gboolean
mark_sending (StoreConnection *connection,
              SyncGroup *group,
              GPtrArray *items,
              gboolean singly,
              GError **error)
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
      reason = g_strdup_printf (SYNC_REASON_SENT "%" G_GINT64_FORMAT "%s", sequence,
                                singly ? SYNC_REASON_SINGLY : "");
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

/* Without what a bundle adds to it: enough to see that one need not be made of a large file. */
static gsize
count_bytes (GPtrArray *items)
{
  gsize bytes = 0, length = 0;

  for (guint i = 0; i < items->len; i++)
    {
      SyncItem *item = items->pdata[i];

      if (item->resource != NULL)
        fhir_resource_get_text (item->resource, &length);
      bytes += item->resource != NULL ? length : 0;
    }
  return bytes;
}

/* As one transaction where the server takes one of this size; else one after the other, where the
 * server knows no other way or nothing can go wrong by it. */
static void
choose_way (StoreConnection *connection, SyncGroup *group, SyncDeparture *departure)
{
  gboolean whole =
      sync_capability_get (departure->capability, SYNC_FEATURE_TRANSACTION, NULL) != SYNC_ANSWER_NO;
  gsize length = count_bytes (departure->items);

  if (whole && length <= sync_capability_get_largest (departure->capability))
    {
      departure->bundle = sync_bundle_new (connection, departure->items, departure->capability,
                                           departure->base_url);
      fhir_resource_get_text (departure->bundle, &length);
    }
  if (whole && length <= sync_capability_get_largest (departure->capability))
    return;
  g_clear_pointer (&departure->bundle, fhir_resource_unref);
  departure->too_large = whole && departure->items->len > 1 &&
                         !sync_send_is_safe_apart (departure->items, group->prescribes);
  departure->singly = !departure->too_large;
  sync_send_sort (departure->items);
}

static gboolean
depart (StoreConnection *connection, gpointer data, GError **error)
{
  SyncDeparture *departure = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  SyncGroup *group;

  if (groups == NULL)
    return FALSE;
  group = sync_group_find (groups, departure->name);
  if (group == NULL || group->state > SYNC_GROUP_RESTING)
    {
      departure->reason = g_strdup (group != NULL ? sync_group_get_reason (group) : NULL);
      return TRUE;
    }
  if (group->state == SYNC_GROUP_RESTING && !end_rest (connection, group, error))
    return FALSE;
  departure->items = sync_bundle_items (connection, groups, group, error);
  if (departure->items == NULL)
    return FALSE;
  departure->left = TRUE;
  if (departure->items->len == 0)
    return sync_group_set_state (connection, group, "done", NULL, error);
  choose_way (connection, group, departure);
  if (departure->too_large)
    {
      departure->reason = g_strdup (_ (TOO_LARGE));
      return sync_group_set_state (connection, group, "refused", departure->reason, error);
    }
  return mark_sending (connection, group, departure->items, departure->singly, error);
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
  group = sync_group_find (groups, departure->name);
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
  departure->singly = group->singly;
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
  SyncGroup *group = groups != NULL ? sync_group_find (groups, write->name) : NULL;

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
  gboolean only; /* the group's other entries stay open */
  gboolean left; /* out: and there are some */
} Settlement;

/* The head of a resource's history; NULL where there is none. */
static StoreVersion *
steal_head (StoreConnection *connection, const SyncItem *item)
{
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, item->type, item->entry_id, 1, NULL);

  return history != NULL && history->len > 0 ? g_ptr_array_steal_index (history, 0) : NULL;
}

/* Ours as the server has it: with its id and version, and references as it knows them. */
static FhirResource *
stamp (StoreConnection *connection, FhirResource *resource, const SyncTheirs *theirs)
{
  g_autoptr (GHashTable) aliases = sync_setting_get_aliases (connection);
  g_autoptr (FhirResource) renamed = sync_reference_rewrite (resource, aliases);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (renamed);

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

/* Writing it all again, for a version number, would keep everybody else from writing for a second.
 */
static gboolean
is_heavy (const SyncItem *item)
{
  gsize length = 0;

  if (item->resource != NULL)
    fhir_resource_get_text (item->resource, &length);
  return length > SYNC_HEAVY_BYTES;
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
  g_autoptr (StoreVersion) head = NULL;
  gboolean same;
  gboolean moved = strcmp (id, item->id) != 0;
  g_autoptr (FhirResource) kept = NULL;

  if (theirs->resource == NULL && !moved && is_heavy (item))
    return sync_setting_set_theirs (connection, item->type, id, NULL, error) &&
           sync_setting_set_base (connection, item->type, id, theirs->version, NULL, error);
  head = steal_head (connection, item);
  same = head != NULL && head->resource != NULL && head->sequence == item->sequence;
  if (!sync_setting_set_theirs (connection, item->type, id, NULL, error) ||
      !sync_setting_set_base (connection, item->type, id,
                              item->later || !same ? theirs->version : NULL,
                              theirs->resource != NULL ? theirs->resource : item->resource, error))
    return FALSE;
  if (item->verb == STORE_JOURNAL_DELETE || head == NULL || head->resource == NULL ||
      (!same && !moved))
    return TRUE;
  if (same && theirs->resource != NULL)
    kept = fhir_resource_ref (theirs->resource);
  else
    kept = stamp (connection, head->resource, theirs);
  return store_resource_put (connection, kept, STORE_PUT_KEEP_META, NULL, NULL, error) &&
         (!moved || move (connection, item, theirs, error));
}

static gboolean
end_entries (StoreConnection *connection,
             SyncGroup *group,
             const SyncItem *item,
             gboolean *left,
             GError **error)
{
  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];

      if (strcmp (entry->type, item->type) != 0 || strcmp (entry->id, item->entry_id) != 0)
        *left = TRUE;
      else if (!store_journal_set_state (connection, entry->sequence, "done", NULL, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
settle_done (StoreConnection *connection, gpointer data, GError **error)
{
  Settlement *settlement = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  SyncGroup *group = groups != NULL ? sync_group_find (groups, settlement->name) : NULL;

  if (group == NULL)
    return groups != NULL;
  for (guint i = 0; i < settlement->items->len; i++)
    if (!settle_item (connection, settlement->items->pdata[i], settlement->theirs->pdata[i], error))
      return FALSE;
  return settlement->only ? end_entries (connection, group, settlement->items->pdata[0],
                                         &settlement->left, error)
                          : sync_group_set_state (connection, group, "done", NULL, error);
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

/**
 * sync_settle_one:
 * @left: (out): whether the group has more under way
 *
 * The server has this item.
 */
gboolean
sync_settle_one (StoreDatabase *store,
                 const char *group,
                 SyncItem *item,
                 SyncTheirs *theirs,
                 gboolean *left,
                 GError **error)
{
  gboolean ok;
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (GPtrArray) sides = g_ptr_array_new ();
  Settlement settlement = { .name = group, .items = items, .theirs = sides, .only = TRUE };

  g_ptr_array_add (items, item);
  g_ptr_array_add (sides, theirs);
  ok = store_database_write (store, BASE_LANE_PERSON, settle_done, &settlement, error);
  *left = settlement.left;
  return ok;
}

static gboolean
read_aliases (StoreConnection *connection, gpointer data, GError **error)
{
  *(GHashTable **) data = sync_setting_get_aliases (connection);
  return TRUE;
}

/**
 * sync_settle_dup_aliases:
 *
 * Returns: (transfer full) (nullable): see sync_setting_get_aliases()
 */
GHashTable *
sync_settle_dup_aliases (StoreDatabase *store, GError **error)
{
  GHashTable *aliases = NULL;

  return store_database_read (store, read_aliases, &aliases, error) ? aliases : NULL;
}
