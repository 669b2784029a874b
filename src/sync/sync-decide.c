/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-decide.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "net-error.h"
#include "store-resource.h"
#include "sync-group.h"
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
                                   fhir_resource_get_version (theirs), error) ||
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
  return sync_setting_set_base (connection, entry->type, entry->id, NULL, error) &&
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
