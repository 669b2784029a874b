/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-conflict-load.h"

typedef struct
{
  char *group;
  char *patient;
  GTimeZone *zone;
  GPtrArray *found;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->group);
  g_free (load->patient);
  g_time_zone_unref (load->zone);
  g_ptr_array_unref (load->found);
  g_free (load);
}

static gboolean
is_asked_for (const Load *load, const SyncConflict *conflict)
{
  return (!load->group || g_str_equal (load->group, conflict->group)) &&
         (!load->patient || g_strcmp0 (load->patient, conflict->patient) == 0);
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Load *load = data;
  g_autoptr (GPtrArray) conflicts = sync_conflict_list (connection, error);

  for (guint i = 0; conflicts && i < conflicts->len; i++)
    if (is_asked_for (load, conflicts->pdata[i]))
      g_ptr_array_add (load->found,
                       outbox_conflict_new (connection, conflicts->pdata[i], load->zone));
  return conflicts != NULL;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *load = g_task_get_task_data (task);
  GError *error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_pointer (task, g_ptr_array_ref (load->found), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/* @group and @patient: (nullable): only those of this group, of this patient. */
void
outbox_conflict_load_async (StoreDatabase *database,
                            const char *group,
                            const char *patient,
                            GTimeZone *zone,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (database, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->group = g_strdup (group);
  load->patient = g_strdup (patient);
  load->zone = g_time_zone_ref (zone);
  load->found = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_source_tag (task, outbox_conflict_load_async);
  g_task_set_task_data (task, load, load_free);
  store_database_read_async (database, load_work, load, NULL, cancellable, read_cb, task);
}

/* (transfer full) (nullable) (element-type OutboxConflict): in the order in which they were changed
 * here; empty when nothing waits any more. */
GPtrArray *
outbox_conflict_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
