/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-decide.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"
#include "store-resource.h"
#include "sync-conflict.h"
#include "sync-group.h"
#include "sync-merge.h"
#include "sync-setting.h"

/* What a person decided about a group that was set aside. */

typedef struct
{
  const char *name;
  SyncDecision decision;
  gint64 now;
  GPtrArray *entries; /* "Type/id" of the group */
  GHashTable *theirs; /* "Type/id" → FhirResource, or NULL where the server has none */
} Decide;

static SyncGroup *
find (GPtrArray *groups, const char *name, GError **error)
{
  for (guint i = 0; groups != NULL && i < groups->len; i++)
    if (strcmp (((SyncGroup *) groups->pdata[i])->name, name) == 0)
      return groups->pdata[i];
  if (groups != NULL)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                         _ ("This does not wait any more."));
  return NULL;
}

static gboolean
keep_mine (StoreConnection *connection, SyncGroup *group, GError **error)
{
  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      g_autoptr (FhirResource) theirs =
          sync_setting_get_theirs (connection, entry->type, entry->id);

      if (theirs != NULL &&
          (!sync_setting_set_base (connection, entry->type, entry->id,
                                   fhir_resource_get_version (theirs), theirs, error) ||
           !sync_setting_set_theirs (connection, entry->type, entry->id, NULL, error)))
        return FALSE;
    }
  return sync_group_set_state (connection, group, "waiting", NULL, error);
}

static gboolean
take_theirs (StoreConnection *connection,
             StoreJournalEntry *entry,
             FhirResource *theirs,
             GError **error)
{
  g_autoptr (FhirResource) mine = store_resource_get (connection, entry->type, entry->id, NULL);

  if (theirs != NULL &&
      !store_resource_put (connection, theirs, STORE_PUT_KEEP_META, NULL, NULL, error))
    return FALSE;
  if (theirs == NULL && mine != NULL &&
      !store_resource_delete (connection, entry->type, entry->id, NULL, NULL, error))
    return FALSE;
  return sync_setting_set_base (connection, entry->type, entry->id, NULL, NULL, error) &&
         sync_setting_set_theirs (connection, entry->type, entry->id, NULL, error);
}

static gboolean
keep_theirs (StoreConnection *connection, SyncGroup *group, Decide *decide, GError **error)
{
  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      g_autofree char *key = g_strdup_printf ("%s/%s", entry->type, entry->id);

      if (!take_theirs (connection, entry, g_hash_table_lookup (decide->theirs, key), error))
        return FALSE;
    }
  return sync_group_set_state (connection, group, "done", NULL, error);
}

static gboolean
decide (StoreConnection *connection, gpointer data, GError **error)
{
  Decide *job = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  SyncGroup *group = find (groups, job->name, error);
  g_autofree char *renewed = g_strdup_printf (SYNC_REASON_RENEWED "%" G_GINT64_FORMAT, job->now);

  if (group == NULL)
    return FALSE;
  if (group->state < SYNC_GROUP_REVIEW)
    return TRUE; /* it is under way again already */
  switch (job->decision)
    {
    case SYNC_DECISION_RETRY:
      return sync_group_set_state (connection, group, "waiting", NULL, error);
    case SYNC_DECISION_RENEW:
      return sync_group_set_state (connection, group, "waiting", renewed, error);
    case SYNC_DECISION_KEEP_MINE:
      return keep_mine (connection, group, error);
    case SYNC_DECISION_KEEP_THEIRS:
      return keep_theirs (connection, group, job, error);
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
list_entries (StoreConnection *connection, gpointer data, GError **error)
{
  Decide *job = data;
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  SyncGroup *group = find (groups, job->name, error);

  for (guint i = 0; group != NULL && i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      FhirResource *known = sync_setting_get_theirs (connection, entry->type, entry->id);

      g_ptr_array_add (job->entries, g_strdup_printf ("%s/%s", entry->type, entry->id));
      if (known != NULL)
        g_hash_table_replace (job->theirs, g_strdup_printf ("%s/%s", entry->type, entry->id),
                              known);
    }
  return group != NULL;
}

/* The server's side as it is now; as it was seen last where the server cannot be reached. */
static gboolean
fetch_theirs (SyncContext *context, Decide *job, GError **error)
{
  if (!store_database_read (context->store, list_entries, job, error))
    return FALSE;
  for (guint i = 0; i < job->entries->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (job->entries->pdata[i], "/", 2);
      g_autoptr (GError) problem = NULL;
      FhirResource *resource = net_fhir_client_read (context->client, parts[0], parts[1],
                                                     context->cancellable, &problem);

      if (resource != NULL)
        g_hash_table_replace (job->theirs, g_strdup (job->entries->pdata[i]), resource);
      else if (g_error_matches (problem, NET_ERROR, NET_ERROR_NOT_FOUND) ||
               g_error_matches (problem, NET_ERROR, NET_ERROR_GONE))
        g_hash_table_remove (job->theirs, job->entries->pdata[i]);
      else if (!g_hash_table_contains (job->theirs, job->entries->pdata[i]))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * sync_decide:
 *
 * Blocks. A group that has left meanwhile is let go.
 */
gboolean
sync_decide (SyncContext *context, const char *group, SyncDecision decision, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) theirs =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) fhir_resource_unref);
  Decide job = { .name = group,
                 .decision = decision,
                 .now = base_clock_now (context->clock),
                 .entries = entries,
                 .theirs = theirs };

  if (decision == SYNC_DECISION_KEEP_THEIRS && !fetch_theirs (context, &job, error))
    return FALSE;
  return store_database_write (context->store, BASE_LANE_PERSON, decide, &job, error);
}

static gboolean
is_complete (SyncConflict *conflict, GHashTable *choices, GError **error)
{
  gboolean whole = conflict->mine == NULL || conflict->theirs == NULL;

  for (guint i = 0; i < conflict->differences->len; i++)
    {
      SyncDifference *difference = conflict->differences->pdata[i];

      if (!g_hash_table_contains (choices, difference->key))
        {
          g_set_error_literal (
              error, STORE_ERROR, STORE_ERROR_CONFLICT,
              _ ("This record changed again since you looked, or an element has no "
                 "choice yet. Look again and choose."));
          return FALSE;
        }
    }
  if (whole)
    g_set_error_literal (
        error, STORE_ERROR, STORE_ERROR_CONFLICT,
        _ ("One side of this was deleted, so it cannot be combined. Keep one side as it is."));
  return !whole;
}

/* The signature of a change that nobody wants any more goes with it. */
static gboolean
drop_signature (StoreConnection *connection,
                StoreJournalEntry *entry,
                const char *reference,
                GError **error)
{
  g_autoptr (FhirResource) provenance =
      strcmp (entry->type, "Provenance") == 0
          ? store_resource_get (connection, entry->type, entry->id, NULL)
          : NULL;

  if (provenance == NULL ||
      g_strcmp0 (fhir_resource_path_text (provenance, "target.0.reference"), reference) != 0)
    return TRUE;
  return store_resource_delete (connection, entry->type, entry->id, NULL, NULL, error) &&
         store_journal_set_state (connection, entry->sequence, "done", NULL, error);
}

/* Theirs, as a whole: nothing of this record is left to send. */
static gboolean
settle_theirs (StoreConnection *connection,
               SyncGroup *group,
               SyncConflict *conflict,
               GError **error)
{
  g_autofree char *reference = g_strdup_printf ("%s/%s", conflict->type, conflict->id);

  for (guint i = 0; i < group->entries->len; i++)
    {
      StoreJournalEntry *entry = group->entries->pdata[i];
      gboolean ours =
          strcmp (entry->type, conflict->type) == 0 && strcmp (entry->id, conflict->id) == 0;

      if (ours ? !store_journal_set_state (connection, entry->sequence, "done", NULL, error)
               : !drop_signature (connection, entry, reference, error))
        return FALSE;
    }
  return store_resource_put (connection, conflict->theirs, STORE_PUT_KEEP_META, NULL, NULL,
                             error) &&
         sync_setting_set_base (connection, conflict->type, conflict->id, NULL, NULL, error);
}

static gboolean
settle_combined (StoreConnection *connection,
                 SyncConflict *conflict,
                 FhirResource *combined,
                 GError **error)
{
  return store_resource_put (connection, conflict->theirs, STORE_PUT_KEEP_META, NULL, NULL,
                             error) &&
         store_resource_put (connection, combined, STORE_PUT_DEFAULT, NULL, NULL, error) &&
         sync_setting_set_base (connection, conflict->type, conflict->id,
                                fhir_resource_get_version (conflict->theirs), conflict->theirs,
                                error);
}

/* Once nothing else of the group waits for a choice. An order that was put together of two versions
 * is one that nobody has signed. */
static gboolean
release (StoreConnection *connection, const char *name, gboolean unsigned_order, GError **error)
{
  g_autoptr (GPtrArray) groups = sync_group_list (connection, error);
  g_autofree char *review =
      g_strconcat (SYNC_REASON_REVIEW,
                   _ ("Two versions of this order were combined. Look again and sign anew."), NULL);

  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      SyncGroup *group = groups->pdata[i];

      if (strcmp (group->name, name) != 0)
        continue;
      for (guint j = 0; j < group->entries->len; j++)
        {
          StoreJournalEntry *entry = group->entries->pdata[j];
          g_autoptr (FhirResource) theirs =
              sync_setting_get_theirs (connection, entry->type, entry->id);

          if (theirs != NULL)
            return TRUE;
        }
      return unsigned_order && group->prescribes
                 ? sync_group_set_state (connection, group, "held", review, error)
                 : sync_group_set_state (connection, group, "waiting", NULL, error);
    }
  return groups != NULL;
}

static gboolean
decide_elements (StoreConnection *connection, gpointer data, GError **error)
{
  const SyncElementChoice *choice = data;
  g_autoptr (SyncConflict) conflict =
      sync_conflict_describe (connection, choice->group, choice->type, choice->id, error);
  g_autoptr (GPtrArray) groups = conflict != NULL ? sync_group_list (connection, error) : NULL;
  SyncGroup *group = groups != NULL ? find (groups, choice->group, error) : NULL;
  g_autoptr (FhirResource) combined = NULL;
  gboolean ok;

  if (group == NULL || !is_complete (conflict, choice->choices, error))
    return FALSE;
  combined = sync_difference_combine (conflict->mine, conflict->theirs, conflict->differences,
                                      choice->choices);
  if (!sync_setting_set_theirs (connection, conflict->type, conflict->id, NULL, error))
    return FALSE;
  if (sync_merge_is_same (combined, conflict->theirs))
    ok = settle_theirs (connection, group, conflict, error);
  else
    ok = settle_combined (connection, conflict, combined, error);
  return ok &&
         release (connection, choice->group, !sync_merge_is_same (combined, conflict->mine), error);
}

/**
 * sync_decide_elements:
 *
 * Writes what was chosen of both sides, based on the server's version, and lets the group go on
 * once nothing else in it waits for a choice.
 */
gboolean
sync_decide_elements (SyncContext *context, const SyncElementChoice *choice, GError **error)
{
  return store_database_write (context->store, BASE_LANE_PERSON, decide_elements, (gpointer) choice,
                               error);
}
