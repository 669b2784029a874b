/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-draft.h"

#include "store-connection-private.h"

/* Drafts: one small row each, written as someone types. */

void
store_draft_free (StoreDraft *self)
{
  g_free (self->id);
  g_free (self->kind);
  g_free (self->patient);
  g_free (self->author);
  g_free (self->encounter);
  g_free (self->body);
  g_free (self);
}

static StoreDraft *
draft_of_row (StoreStatement *statement)
{
  StoreDraft *draft = g_new0 (StoreDraft, 1);

  draft->id = g_strdup (store_statement_text (statement, 0));
  draft->kind = g_strdup (store_statement_text (statement, 1));
  draft->patient = g_strdup (store_statement_text (statement, 2));
  draft->author = g_strdup (store_statement_text (statement, 3));
  draft->encounter = g_strdup (store_statement_text (statement, 4));
  draft->body = g_strdup (store_statement_text (statement, 5));
  draft->updated_us = sqlite3_column_int64 (statement, 6);
  return draft;
}

/**
 * store_draft_save:
 * @kind: what is being written: "note", "prescription"
 * @patient: (nullable): a patient's id
 * @encounter: (nullable): an encounter's id
 *
 * Makes the draft or replaces what it held.
 */
gboolean
store_draft_save (StoreConnection *connection,
                  const char *id,
                  const char *kind,
                  const char *patient,
                  const char *author,
                  const char *encounter,
                  const char *body,
                  GError **error)
{
  return store_connection_run (connection, "draft.save", error, "ssssssi", id, kind, patient,
                               author, encounter, body, store_connection_stamp (connection));
}

/**
 * store_draft_load:
 *
 * Returns: (transfer full) (nullable): the draft; NULL with %STORE_ERROR_NOT_FOUND
 */
StoreDraft *
store_draft_load (StoreConnection *connection, const char *id, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "draft.load", error, "s", id);
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no draft %s", id);
      return NULL;
    }
  return draft_of_row (statement);
}

/**
 * store_draft_list:
 * @author: whose drafts
 * @patient: (nullable): about whom; NULL: anyone
 *
 * Returns: (transfer full) (element-type StoreDraft) (nullable): the newest first
 */
GPtrArray *
store_draft_list (StoreConnection *connection,
                  const char *author,
                  const char *patient,
                  GError **error)
{
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) store_draft_free);
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "draft.list", error, "ss", author, patient);
  gboolean row;

  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      if (!row)
        return g_steal_pointer (&drafts);
      g_ptr_array_add (drafts, draft_of_row (statement));
    }
  return NULL;
}

/**
 * store_draft_remove:
 *
 * Removes a draft that was committed or discarded; nothing happens where there is none.
 */
gboolean
store_draft_remove (StoreConnection *connection, const char *id, GError **error)
{
  return store_connection_run (connection, "draft.remove", error, "s", id);
}
