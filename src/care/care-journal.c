/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-journal.h"

#include <glib/gi18n.h>

#include "care-types.h"
#include "store-resource.h"

/* What was written here and no server has acknowledged, and taking it back. */

static const char *const open_states[] = { "waiting", "sending", "unknown", "held", "refused" };

/**
 * care_journal_open:
 *
 * Returns: (transfer full) (element-type StoreJournalEntry) (nullable): what no server has
 *   acknowledged
 */
GPtrArray *
care_journal_open (StoreConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_journal_entry_free);

  for (gsize i = 0; i < G_N_ELEMENTS (open_states); i++)
    {
      GPtrArray *some = store_journal_list (connection, open_states[i], G_MAXINT, error);

      if (!some)
        return NULL;
      g_ptr_array_extend_and_steal (all, some);
    }
  return g_steal_pointer (&all);
}

/* Held for Undo only. */
gboolean
care_journal_is_resting (const StoreJournalEntry *entry)
{
  return g_str_equal (entry->state, "held") && g_strcmp0 (entry->reason, CARE_HOLD_UNDO) == 0;
}

/* Whether it may be with a server: what was tried once may have arrived, though its answer was
 * lost. */
gboolean
care_journal_has_left (const StoreJournalEntry *entry)
{
  return !care_journal_is_resting (entry) &&
         !(g_str_equal (entry->state, "waiting") && entry->attempts == 0);
}

static gboolean
changes_the_same (const StoreJournalEntry *entry, const StoreJournalEntry *other)
{
  return g_str_equal (other->type, entry->type) && g_str_equal (other->id, entry->id);
}

/* Puts one resource back to what it was before its change. */
static gboolean
withdraw (StoreConnection *connection,
          GPtrArray *entries,
          const StoreJournalEntry *entry,
          GError **error)
{
  g_auto (StorePut) put = { 0 };
  g_autoptr (FhirResource) before = NULL;
  gboolean unsent_before = FALSE;

  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *other = entries->pdata[i];

      unsent_before |= other->sequence < entry->sequence && changes_the_same (entry, other);
    }
  if (entry->verb == STORE_JOURNAL_CREATE)
    {
      if (!store_resource_delete (connection, entry->type, entry->id, NULL, &put, error))
        return FALSE;
    }
  else
    {
      before = store_resource_get_version (connection, entry->type, entry->id, entry->base_version,
                                           error);
      /* As it came from the server, so that the next change names the server's version; unless an
       * earlier change of it waits as well. */
      if (!before || !store_resource_put (connection, before,
                                          unsent_before ? STORE_PUT_DEFAULT : STORE_PUT_KEEP_META,
                                          NULL, &put, error))
        return FALSE;
    }
  return store_journal_set_state (connection, entry->sequence, "done", "undone before it was sent",
                                  error);
}

/**
 * care_journal_withdraw:
 * @entries: of care_journal_open ()
 *
 * Takes back all that was written in one group: what was made goes, what was changed is as it was.
 * In a transaction, which the caller undoes where this fails: CARE_ERROR_TOO_LATE where a part of
 * it may have left, or nothing of it is here any more.
 */
gboolean
care_journal_withdraw (StoreConnection *connection,
                       GPtrArray *entries,
                       const char *group,
                       GError **error)
{
  gboolean found = FALSE, left = FALSE;

  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (!g_str_equal (entry->group, group))
        continue;
      found = TRUE;
      left |= care_journal_has_left (entry);
    }
  if (!found || left)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_TOO_LATE,
                           found ? _ ("It is on its way and cannot be undone.")
                                 : _ ("It has been sent and cannot be undone."));
      return FALSE;
    }
  /* the newest first: of two changes of one resource the older says what was there */
  for (guint i = entries->len; i > 0; i--)
    {
      const StoreJournalEntry *entry = entries->pdata[i - 1];

      if (g_str_equal (entry->group, group) && !withdraw (connection, entries, entry, error))
        return FALSE;
    }
  return TRUE;
}
