/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-outbox-count.h"

#include "store-journal.h"

#define COUNTED_AT_MOST 999

/* What rests for its Undo goes by itself: it needs nobody. */
static gboolean
needs_person (const StoreJournalEntry *entry)
{
  if (g_str_equal (entry->state, "held"))
    return !entry->reason || !g_str_has_prefix (entry->reason, "undo");
  return g_str_equal (entry->state, "refused");
}

/**
 * workspace_outbox_count_read:
 * @count: (out caller-allocates):
 *
 * A group of changes goes to the server in one transaction: a prescription with its Provenance and
 * its findings. To a clinician that is one order, and the entry that asks most stands for it.
 */
gboolean
workspace_outbox_count_read (StoreConnection *connection,
                             WorkspaceOutboxCount *count,
                             GError **error)
{
  static const char *const states[] = { "refused", "held", "unknown", "sending", "waiting" };
  g_autoptr (GHashTable) asking = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) going = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autoptr (GPtrArray) entries =
          store_journal_list (connection, states[i], COUNTED_AT_MOST, error);
      if (!entries)
        return FALSE;
      for (guint n = 0; n < entries->len; n++)
        {
          const StoreJournalEntry *entry = entries->pdata[n];
          g_hash_table_add (needs_person (entry) ? asking : going, g_strdup (entry->group));
        }
    }
  GHashTableIter iter;
  gpointer group = NULL;
  g_hash_table_iter_init (&iter, asking);
  while (g_hash_table_iter_next (&iter, &group, NULL))
    g_hash_table_remove (going, group);
  count->waiting = g_hash_table_size (going);
  count->needs_person = g_hash_table_size (asking);
  return TRUE;
}
