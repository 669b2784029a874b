/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-typed.h"

#include <string.h>

#include "care-command.h"
#include "store-draft.h"

#define GROUP "values"

static char *
write_values (GHashTable *values, const char *note)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GHashTableIter iter;
  gpointer name, text;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &name, &text))
    g_key_file_set_string (file, GROUP, name, text);
  if (note && *note)
    g_key_file_set_string (file, "note", "text", note);
  return g_key_file_to_data (file, NULL, NULL);
}

static gboolean
save_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return store_draft_save (connection, c->texts[0], c->texts[1], c->texts[3],
                           care_context_get_user_reference (c->context), NULL, c->texts[2], error);
}

/**
 * care_typed_save_async:
 * @kind: of the draft
 * @patient_id: (nullable): whose chart it belongs to; NULL: none yet
 * @note: (nullable): what is typed beside the fields
 */
void
care_typed_save_async (CareContext *context,
                       const char *kind,
                       const char *id,
                       const char *patient_id,
                       GHashTable *values,
                       const char *note,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autofree char *body = write_values (values, note);
  CareCommand *command = care_command_new (context, save_work, id, kind, body, NULL);

  command->texts[3] = g_strdup (patient_id);
  care_command_write (command, care_typed_save_async, NULL, callback, user_data);
}

static gboolean
remove_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, c->texts[0], NULL);

  return !draft || store_draft_remove (connection, c->texts[0], error);
}

/* Forgets what was typed; nothing happens where nothing was. */
void
care_typed_remove_async (CareContext *context,
                         const char *id,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  care_command_write (care_command_new (context, remove_work, id, NULL), care_typed_remove_async,
                      NULL, callback, user_data);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, c->texts[0], NULL);

  c->free_result = g_free;
  c->result = draft ? g_strdup (draft->body) : NULL;
  return TRUE;
}

/* In line behind what is being saved: a form that is opened again at once finds what it had. */
void
care_typed_load_async (CareContext *context,
                       const char *id,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  care_command_write (care_command_new (context, load_work, id, NULL), care_typed_load_async,
                      cancellable, callback, user_data);
}

/**
 * care_typed_load_finish:
 * @note: (out) (nullable): the note that was being typed, or NULL
 *
 * Returns: (transfer full) (nullable): what was typed before; NULL where nothing was
 */
GHashTable *
care_typed_load_finish (GAsyncResult *result, char **note)
{
  g_autofree char *body = care_command_finish_result (result, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) names = NULL;
  GHashTable *values;

  if (note)
    *note = NULL;
  if (!body || !g_key_file_load_from_data (file, body, strlen (body), G_KEY_FILE_NONE, NULL))
    return NULL;
  values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  names = g_key_file_get_keys (file, GROUP, NULL, NULL);
  for (guint i = 0; names && names[i]; i++)
    g_hash_table_insert (values, g_strdup (names[i]),
                         g_key_file_get_string (file, GROUP, names[i], NULL));
  if (note)
    *note = g_key_file_get_string (file, "note", "text", NULL);
  return values;
}
