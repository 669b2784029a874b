/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-list-load.h"

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

/**
 * workspace_list_load_async:
 * @item_type: of the list's items
 * @work: fills the list, which is its data, on a reader's thread
 */
void
workspace_list_load_async (StoreDatabase *database,
                           GType item_type,
                           StoreWork work,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (database, cancellable, callback, user_data);
  GListStore *items = g_list_store_new (item_type);

  g_task_set_source_tag (task, workspace_list_load_async);
  g_task_set_task_data (task, items, g_object_unref);
  store_database_read_async (database, work, items, NULL, cancellable, read_cb, task);
}

/* (transfer full) (nullable) */
GListStore *
workspace_list_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
