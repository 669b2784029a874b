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
