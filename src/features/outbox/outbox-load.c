/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-load.h"

#include "fhir-name.h"
#include "store-resource.h"
#include "sync-engine.h"
#include "workspace-list-load.h"

#include "outbox-item.h"

#define SHOWN_AT_MOST 500

static char *
dup_name (StoreConnection *connection, const char *patient)
{
  g_autoptr (FhirResource) resource =
      patient ? store_resource_get (connection, "Patient", patient, NULL) : NULL;

  return resource ? fhir_human_name_format (fhir_resource_path (resource, "name")) : NULL;
}

static void
add_entry (StoreConnection *connection,
           GListStore *items,
           GHashTable *groups,
           const StoreJournalEntry *entry)
{
  OutboxItem *item = g_hash_table_lookup (groups, entry->group);

  if (item)
    {
      outbox_item_add (item, entry);
      return;
    }
  g_autofree char *name = dup_name (connection, entry->patient);
  g_autoptr (FhirResource) theirs = sync_conflict_theirs (connection, entry->type, entry->id);
  g_autoptr (OutboxItem) fresh = outbox_item_new (entry, name, theirs != NULL);
  g_list_store_append (items, fresh);
  g_hash_table_insert (groups, entry->group, fresh);
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const states[] = { "refused", "held", "unknown", "sending", "waiting" };
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, NULL);
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      GPtrArray *entries = store_journal_list (connection, states[i], SHOWN_AT_MOST, error);
      if (!entries)
        return FALSE;
      g_ptr_array_add (lists, entries);
      for (guint n = 0; n < entries->len; n++)
        add_entry (connection, data, groups, entries->pdata[n]);
    }
  return TRUE;
}

void
outbox_load_async (StoreDatabase *database,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  workspace_list_load_async (database, OUTBOX_TYPE_ITEM, load_work, cancellable, callback,
                             user_data);
}

/* (transfer full) (nullable) */
GListStore *
outbox_load_finish (GAsyncResult *result, GError **error)
{
  return workspace_list_load_finish (result, error);
}
