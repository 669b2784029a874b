/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-load.h"

#include "fhir-name.h"
#include "store-resource.h"
#include "sync-engine.h"

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

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_pointer (task, g_object_ref (g_task_get_task_data (task)), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
outbox_load_async (StoreDatabase *database,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  GTask *task = g_task_new (database, cancellable, callback, user_data);
  GListStore *items = g_list_store_new (OUTBOX_TYPE_ITEM);

  g_task_set_source_tag (task, outbox_load_async);
  g_task_set_task_data (task, items, g_object_unref);
  store_database_read_async (database, load_work, items, NULL, cancellable, read_cb, task);
}

/* (transfer full) (nullable) */
GListStore *
outbox_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
