/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry.h"

#include <string.h>

#include "care-command.h"
#include "store-draft.h"

/* What somebody is typing into the form of an entry, on disk with each pause of the typing. */

#define KIND  "entry"
#define GROUP "values"

/**
 * care_entry_dup_draft_id:
 * @reference: (nullable): the entry that is changed; NULL for a new one
 *
 * Returns: (transfer full): the one draft that this author has for it
 */
char *
care_entry_dup_draft_id (CareContext *context,
                         CareEntryKind kind,
                         const char *patient_id,
                         const char *reference)
{
  return g_strdup_printf ("entry:%s:%s:%s", patient_id,
                          reference ? reference : care_entry_kind_get_type_name (kind),
                          care_context_get_user_reference (context));
}

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
  return store_draft_save (connection, c->texts[0], KIND, c->texts[1],
                           care_context_get_user_reference (c->context), NULL, c->texts[2], error);
}

/**
 * care_entry_save_draft_async:
 * @id: of care_entry_dup_draft_id ()
 */
void
care_entry_save_draft_async (CareContext *context,
                             const char *id,
                             const char *patient_id,
                             GHashTable *values,
                             const char *note,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autofree char *body = write_values (values, note);

  care_command_write (care_command_new (context, save_work, id, patient_id, body, NULL),
                      care_entry_save_draft_async, NULL, callback, user_data);
}

static gboolean
remove_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, c->texts[0], NULL);

  return !draft || store_draft_remove (connection, c->texts[0], error);
}

/**
 * care_entry_remove_draft_async:
 *
 * Forgets what was typed; nothing happens where nothing was.
 */
void
care_entry_remove_draft_async (CareContext *context,
                               const char *id,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  care_command_write (care_command_new (context, remove_work, id, NULL),
                      care_entry_remove_draft_async, NULL, callback, user_data);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, c->texts[0], NULL);

  c->free_result = g_free;
  c->result = draft ? g_strdup (draft->body) : NULL;
  return TRUE;
}

/**
 * care_entry_load_draft_async:
 *
 * In line behind what is being saved: a form that is opened again at once finds what it had.
 */
void
care_entry_load_draft_async (CareContext *context,
                             const char *id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  care_command_write (care_command_new (context, load_work, id, NULL), care_entry_load_draft_async,
                      cancellable, callback, user_data);
}

/**
 * care_entry_load_draft_finish:
 * @note: (out): the note that was being typed, or NULL
 *
 * Returns: (transfer full) (nullable): what was typed before; NULL where nothing was
 */
GHashTable *
care_entry_load_draft_finish (GAsyncResult *result, char **note)
{
  g_autofree char *body = care_command_finish_result (result, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) names = NULL;
  GHashTable *values;

  *note = NULL;
  if (!body || !g_key_file_load_from_data (file, body, strlen (body), G_KEY_FILE_NONE, NULL))
    return NULL;
  values = care_entry_values_new (NULL);
  names = g_key_file_get_keys (file, GROUP, NULL, NULL);
  for (guint i = 0; names && names[i]; i++)
    g_hash_table_insert (values, g_strdup (names[i]),
                         g_key_file_get_string (file, GROUP, names[i], NULL));
  *note = g_key_file_get_string (file, "note", "text", NULL);
  return values;
}
