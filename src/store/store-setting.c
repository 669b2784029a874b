/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-setting.h"

#include "store-connection-private.h"

/**
 * store_setting_get:
 *
 * Returns: (transfer full) (nullable): what was set, or NULL
 */
char *
store_setting_get (StoreConnection *connection, const char *name)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "setting.get", NULL, "s", name);
  gboolean row = FALSE;

  if (statement == NULL || !store_statement_step (connection, statement, &row, NULL) || !row)
    return NULL;
  return g_strdup (store_statement_text (statement, 0));
}

gboolean
store_setting_set (StoreConnection *connection, const char *name, const char *value, GError **error)
{
  return store_connection_run (connection, "setting.set", error, "ss", name, value);
}

/**
 * store_setting_foreach:
 * @prefix: how the names begin
 * @visit: called for each, in the order of their names; it changes no setting
 */
gboolean
store_setting_foreach (StoreConnection *connection,
                       const char *prefix,
                       StoreSettingVisit visit,
                       gpointer data,
                       GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "setting.list", error, "s", prefix);
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return TRUE;
      visit (store_statement_text (statement, 0), store_statement_text (statement, 1), data);
    }
  return FALSE;
}

gboolean
store_setting_delete (StoreConnection *connection, const char *name, GError **error)
{
  return store_connection_run (connection, "setting.delete", error, "s", name);
}
