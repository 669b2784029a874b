/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-journal.h"

#include <string.h>

#include "store-connection-private.h"

/* The outbox: one row for each local change, written in the transaction of the change itself. */

/* The words on disk; their order is that of StoreJournalVerb. Append only. */
static const char *const verbs[] = { "create", "update", "delete" };

void
store_journal_entry_free (StoreJournalEntry *self)
{
  g_free (self->group);
  g_free (self->type);
  g_free (self->id);
  g_free (self->patient);
  g_free (self->base_version);
  g_free (self->state);
  g_free (self->reason);
  g_free (self->lane);
  g_free (self);
}

static StoreJournalVerb
verb_of_text (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (text, verbs[i]) == 0)
      return (StoreJournalVerb) i;
  g_assert_not_reached (); /* the table has a CHECK */
}

static StoreJournalEntry *
entry_of_row (StoreStatement *statement)
{
  StoreJournalEntry *entry = g_new0 (StoreJournalEntry, 1);

  entry->sequence = sqlite3_column_int64 (statement, 0);
  entry->group = g_strdup (store_statement_text (statement, 1));
  entry->verb = verb_of_text (store_statement_text (statement, 2));
  entry->type = g_strdup (store_statement_text (statement, 3));
  entry->id = g_strdup (store_statement_text (statement, 4));
  entry->patient = g_strdup (store_statement_text (statement, 5));
  entry->base_version = g_strdup (store_statement_text (statement, 6));
  entry->state = g_strdup (store_statement_text (statement, 7));
  entry->reason = g_strdup (store_statement_text (statement, 8));
  entry->created_us = sqlite3_column_int64 (statement, 9);
  entry->attempts = sqlite3_column_int (statement, 10);
  entry->priority = sqlite3_column_int (statement, 11);
  entry->lane = g_strdup (store_statement_text (statement, 12));
  return entry;
}

/**
 * store_journal_append:
 * @group: entries of one group are sent in one transaction
 * @patient: (nullable): id of the patient it is about; its order among the patient's is kept
 * @base_version: (nullable): the server's version that was changed; NULL for a create
 * @priority: higher goes first across patients
 * @sequence: (out) (optional): the entry's number
 */
gboolean
store_journal_append (StoreConnection *connection,
                      const char *group,
                      StoreJournalVerb verb,
                      const char *type,
                      const char *id,
                      const char *patient,
                      const char *base_version,
                      int priority,
                      gint64 *sequence,
                      GError **error)
{
  g_autofree char *lane = patient != NULL ? g_strdup (patient) : g_strconcat (type, "/", id, NULL);
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row;

  if (!store_connection_run (connection, "journal.insert", error, "ssssssiis", group, verbs[verb],
                             type, id, patient, base_version, store_connection_stamp (connection),
                             (gint64) priority, lane))
    return FALSE;
  if (sequence == NULL)
    return TRUE;
  statement = store_connection_query (connection, "journal.last", error, "");
  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  *sequence = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/**
 * store_journal_list:
 * @state: (nullable): only entries in this state
 *
 * Returns: (transfer full) (element-type StoreJournalEntry) (nullable): the oldest @limit, in the
 *   order in which they were made
 */
GPtrArray *
store_journal_list (StoreConnection *connection, const char *state, guint limit, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_journal_entry_free);
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "journal.list", error, "si", state, (gint64) limit);
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return g_steal_pointer (&entries);
      g_ptr_array_add (entries, entry_of_row (statement));
    }
  return NULL;
}

/**
 * store_journal_set_state:
 * @state: one of those of StoreJournalEntry; going to "sending" counts as an attempt
 * @reason: (nullable): what a person is told about it
 */
gboolean
store_journal_set_state (StoreConnection *connection,
                         gint64 sequence,
                         const char *state,
                         const char *reason,
                         GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "journal.exists", error, "i", sequence);
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  if (!row)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                   "There is no entry %" G_GINT64_FORMAT " in the journal", sequence);
      return FALSE;
    }
  return store_connection_run (connection, "journal.set-state", error, "iss", sequence, state,
                               reason);
}
