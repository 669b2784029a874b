/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry.h"

#include "care-command.h"

/* The verbs of care-entry for the main thread. */

static gboolean
load_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_object_unref;
  c->result = care_entry_load (connection, c->texts[0], c->clock, error);
  return c->result != NULL;
}

void
care_entry_load_async (CareContext *context,
                       const char *reference,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  care_command_read (care_command_new (context, load_work, reference, NULL),
                     care_context_get_store (context), care_entry_load_async, cancellable, callback,
                     user_data);
}

CareEntry *
care_entry_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
save_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  char *saved = NULL;

  if (!care_entry_save (connection, c->context, c->number, c->texts[0], c->texts[1], c->texts[2],
                        c->table, c->texts[3], &saved, error))
    return FALSE;
  c->result = saved;
  c->free_result = g_free;
  return TRUE;
}

/**
 * care_entry_save_async:
 * @entry: (nullable): as it was read; NULL for a new one
 * @values: not to be changed until it is saved
 */
void
care_entry_save_async (CareContext *context,
                       CareEntryKind kind,
                       const char *patient_id,
                       CareEntry *entry,
                       GHashTable *values,
                       const char *note,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CareCommand *command = care_command_new (context, save_work, patient_id, NULL);

  command->number = (int) kind;
  command->texts[1] = entry ? g_strdup (care_entry_get_reference (entry)) : NULL;
  command->texts[2] = entry ? g_strdup (care_entry_get_version (entry)) : NULL;
  command->texts[3] = g_strdup (note);
  command->table = g_hash_table_ref (values);
  care_command_write (command, care_entry_save_async, cancellable, callback, user_data);
}

char *
care_entry_save_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
act_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_entry_act (connection, c->context, c->texts[0], c->texts[1], c->texts[2], c->texts[3],
                         error);
}

void
care_entry_act_async (CareContext *context,
                      CareEntry *entry,
                      const char *act,
                      const char *reason,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  CareCommand *command =
      care_command_new (context, act_work, care_entry_get_reference (entry), NULL);

  command->texts[1] = g_strdup (care_entry_get_version (entry));
  command->texts[2] = g_strdup (act);
  command->texts[3] = g_strdup (reason);
  care_command_write (command, care_entry_act_async, cancellable, callback, user_data);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_entry_undo (connection, c->context, c->texts[0], error);
}

void
care_entry_undo_async (CareContext *context,
                       const char *reference,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, reference, NULL), care_entry_undo_async,
                      cancellable, callback, user_data);
}

/**
 * care_entry_command_finish:
 *
 * Ends act and undo.
 */
gboolean
care_entry_command_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}

/* Which kinds a list asks for goes over as one bit each. */
static gboolean
list_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  CareEntryKind kinds[CARE_N_ENTRY_KINDS];
  gsize n = 0;

  for (guint i = 0; i < CARE_N_ENTRY_KINDS; i++)
    if (c->number & (1 << i))
      kinds[n++] = i;
  c->free_result = g_object_unref;
  c->result = care_entry_list (connection, c->texts[0], c->clock, kinds, n, error);
  return c->result != NULL;
}

void
care_entry_list_async (CareContext *context,
                       const char *patient_id,
                       const CareEntryKind *kinds,
                       gsize n_kinds,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CareCommand *command = care_command_new (context, list_work, patient_id, NULL);

  for (gsize i = 0; i < n_kinds; i++)
    command->number |= 1 << kinds[i];
  care_command_read (command, care_context_get_store (context), care_entry_list_async, cancellable,
                     callback, user_data);
}

GListModel *
care_entry_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
