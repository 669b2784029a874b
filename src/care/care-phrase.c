/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-phrase.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-command.h"
#include "store-setting.h"

#define NAME_MAX_CHARS 32

/* (transfer full): the settings of one's own phrases begin with it */
static char *
prefix_of (CareContext *context)
{
  return g_strdup_printf ("note-phrase/%s/", care_context_get_user_reference (context));
}

/**
 * care_phrase_name_is_valid:
 *
 * Returns: whether it can be typed as one word: letters, digits, "-" and "_", at most 32
 */
gboolean
care_phrase_name_is_valid (const char *name)
{
  gsize n = 0;

  if (!g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *at = name; *at; at = g_utf8_next_char (at), n++)
    if (!g_unichar_isalnum (g_utf8_get_char (at)) && *at != '-' && *at != '_')
      return FALSE;
  return n > 0 && n <= NAME_MAX_CHARS;
}

typedef struct
{
  gsize prefix;
  GHashTable *phrases;
} Listing;

static void
take_phrase (const char *name, const char *value, gpointer data)
{
  Listing *listing = data;

  g_hash_table_insert (listing->phrases, g_strdup (name + listing->prefix), g_strdup (value));
}

/**
 * care_phrase_list:
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): texts by name
 */
GHashTable *
care_phrase_list (StoreConnection *connection, CareContext *context, GError **error)
{
  g_autofree char *prefix = prefix_of (context);
  g_autoptr (GHashTable) phrases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Listing listing = { strlen (prefix), phrases };

  if (!store_setting_foreach (connection, prefix, take_phrase, &listing, error))
    return NULL;
  return g_steal_pointer (&phrases);
}

/**
 * care_phrase_save:
 * @text: empty: the phrase goes
 */
gboolean
care_phrase_save (StoreConnection *connection,
                  CareContext *context,
                  const char *name,
                  const char *text,
                  GError **error)
{
  g_autofree char *prefix = prefix_of (context);
  g_autofree char *setting = g_strconcat (prefix, name, NULL);

  if (!care_phrase_name_is_valid (name))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("A phrase has a name of letters and digits, without spaces."));
      return FALSE;
    }
  return *text ? store_setting_set (connection, setting, text, error)
               : store_setting_delete (connection, setting, error);
}

/* ---- off the main thread ---- */

static gboolean
list_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) g_hash_table_unref;
  command->result = care_phrase_list (connection, command->context, error);
  return command->result != NULL;
}

void
care_phrase_list_async (CareContext *context, GAsyncReadyCallback callback, gpointer user_data)
{
  care_command_read (care_command_new (context, list_work, NULL), care_context_get_store (context),
                     care_phrase_list_async, NULL, callback, user_data);
}

GHashTable *
care_phrase_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
save_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_phrase_save (connection, command->context, command->texts[0], command->texts[1],
                           error);
}

void
care_phrase_save_async (CareContext *context,
                        const char *name,
                        const char *text,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_command_write (care_command_new (context, save_work, name, text, NULL),
                      care_phrase_save_async, NULL, callback, user_data);
}

gboolean
care_phrase_save_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
