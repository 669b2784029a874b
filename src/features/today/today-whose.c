/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-whose.h"

#include "store-setting.h"

typedef struct
{
  char *name, *value;
} Setting;

static Setting *
setting_new (WorkspaceSession *session, const char *value)
{
  CareContext *context = workspace_session_get_context (session);
  Setting *setting = g_new0 (Setting, 1);

  setting->name = g_strconcat ("today.whose/", care_context_get_user_reference (context), NULL);
  setting->value = g_strdup (value);
  return setting;
}

static void
setting_free (gpointer data)
{
  Setting *setting = data;

  g_free (setting->name);
  g_free (setting->value);
  g_free (setting);
}

static gboolean
read_setting (StoreConnection *connection, gpointer data, GError **error)
{
  Setting *setting = data;

  setting->value = store_setting_get (connection, setting->name);
  return TRUE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Setting *setting = g_task_get_task_data (task);
  GError *error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&setting->value), g_free);
  else
    g_task_return_error (task, error);
}

void
today_whose_load_async (WorkspaceSession *session,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  StoreDatabase *database = workspace_session_get_database (session);
  GTask *task = g_task_new (database, cancellable, callback, user_data);
  Setting *setting = setting_new (session, NULL);

  g_task_set_source_tag (task, today_whose_load_async);
  g_task_set_task_data (task, setting, setting_free);
  store_database_read_async (database, read_setting, setting, NULL, cancellable, read_cb, task);
}

/* (transfer full) (nullable): what was saved last */
char *
today_whose_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
write_setting (StoreConnection *connection, gpointer data, GError **error)
{
  Setting *setting = data;

  return store_setting_set (connection, setting->name, setting->value, error);
}

void
today_whose_save (WorkspaceSession *session, const char *whose)
{
  store_database_write_async (workspace_session_get_database (session), BASE_LANE_PERSON,
                              write_setting, setting_new (session, whose), setting_free, NULL, NULL,
                              NULL);
}

/* Reception has no visits of its own. */
gboolean
today_whose_sees_patients (WorkspaceSession *session)
{
  const char *role = care_context_get_role (workspace_session_get_context (session));

  return g_strcmp0 (role, "prescriber") == 0 || g_strcmp0 (role, "nurse") == 0;
}
