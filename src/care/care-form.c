/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-form.h"

#include <string.h>

#include "care-command.h"
#include "store-draft.h"

#define KIND  "form"
#define GROUP "values"

/**
 * care_form_dup_id:
 * @form: "registration", "booking"
 * @about: (nullable): what the form changes; NULL: something new
 *
 * Returns: (transfer full): the one draft that this author has of it
 */
char *
care_form_dup_id (CareContext *context, const char *form, const char *about)
{
  return g_strdup_printf ("form:%s:%s:%s", form, about ? about : "",
                          care_context_get_user_reference (context));
}

GHashTable *
care_form_values_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* What is empty is not kept. */
void
care_form_set (GHashTable *values, const char *name, const char *text)
{
  if (text && *text)
    g_hash_table_insert (values, g_strdup (name), g_strdup (text));
}

static char *
write_values (GHashTable *values)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GHashTableIter iter;
  gpointer name, text;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &name, &text))
    g_key_file_set_string (file, GROUP, name, text);
  return g_key_file_to_data (file, NULL, NULL);
}

static gboolean
save_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return store_draft_save (connection, c->texts[0], KIND, NULL,
                           care_context_get_user_reference (c->context), NULL, c->texts[1], error);
}

void
care_form_save_async (CareContext *context,
                      const char *id,
                      GHashTable *values,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autofree char *body = write_values (values);

  care_command_write (care_command_new (context, save_work, id, body, NULL), care_form_save_async,
                      NULL, callback, user_data);
}

static gboolean
remove_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, c->texts[0], NULL);

  return !draft || store_draft_remove (connection, c->texts[0], error);
}

/* Forgets what was typed; nothing happens where nothing was. */
void
care_form_remove_async (CareContext *context,
                        const char *id,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_command_write (care_command_new (context, remove_work, id, NULL), care_form_remove_async,
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
care_form_load_async (CareContext *context,
                      const char *id,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  care_command_write (care_command_new (context, load_work, id, NULL), care_form_load_async,
                      cancellable, callback, user_data);
}

/* (transfer full) (nullable): what was typed before; NULL where nothing was */
GHashTable *
care_form_load_finish (GAsyncResult *result)
{
  g_autofree char *body = care_command_finish_result (result, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) names = NULL;
  GHashTable *values;

  if (!body || !g_key_file_load_from_data (file, body, strlen (body), G_KEY_FILE_NONE, NULL))
    return NULL;
  names = g_key_file_get_keys (file, GROUP, NULL, NULL);
  if (!names || !names[0])
    return NULL;
  values = care_form_values_new ();
  for (guint i = 0; names[i]; i++)
    g_hash_table_insert (values, g_strdup (names[i]),
                         g_key_file_get_string (file, GROUP, names[i], NULL));
  return values;
}
