/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-response.h"

/* Several questions of one dialog, each of which has to be answered before a response can be
 * chosen. */

/**
 * workspace_response_set:
 * @who: the question, by a name of its own: not copied
 * @ready: whether it is answered
 *
 * @response can be chosen while all that were named for it are ready.
 */
void
workspace_response_set (AdwAlertDialog *dialog,
                        const char *response,
                        const char *who,
                        gboolean ready)
{
  g_autofree char *key = g_strconcat ("workspace-response-", response, NULL);
  GHashTable *waits = g_object_get_data (G_OBJECT (dialog), key);

  if (!waits)
    {
      waits = g_hash_table_new (g_str_hash, g_str_equal);
      g_object_set_data_full (G_OBJECT (dialog), key, waits, (GDestroyNotify) g_hash_table_unref);
    }
  if (ready)
    g_hash_table_remove (waits, who);
  else
    g_hash_table_add (waits, (gpointer) who);
  adw_alert_dialog_set_response_enabled (dialog, response, g_hash_table_size (waits) == 0);
}
