/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-settle.h"

#include <glib/gi18n.h>
#include <string.h>

#include "store-resource.h"
#include "sync-merge.h"
#include "sync-setting.h"

/* Somebody else was first: merged where that is safe, else set aside with both sides kept. */

typedef struct
{
  const char *name;
  GPtrArray *items, *theirs;
  const char *sentence;
  char *state, *reason;
} Settlement;

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
  if (base != NULL && sync_merge_is_same (base, theirs->resource))
    return VERDICT_MERGED; /* another version, and nothing in it changed */
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
         sync_setting_set_base (connection, item->type, item->id, theirs->version, theirs->resource,
                                error);
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
      gint64 head = sync_bundle_head_sequence (connection, item);

      if (head != 0 && head != item->sequence)
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
  SyncGroup *group = groups != NULL ? sync_group_find (groups, settlement->name) : NULL;
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
        ok = sync_setting_set_base (connection, item->type, item->id, theirs->version,
                                    theirs->resource, error);
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
