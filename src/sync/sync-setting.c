/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-setting.h"

#include "store-setting.h"

/* Small facts that must survive the program. An empty value stands for "none". */

static char *
get (StoreConnection *connection, const char *name)
{
  g_autofree char *value = store_setting_get (connection, name);

  return value != NULL && *value != '\0' ? g_steal_pointer (&value) : NULL;
}

static gboolean
set (StoreConnection *connection, const char *name, const char *value, GError **error)
{
  g_autofree char *stands = store_setting_get (connection, name);

  if (g_strcmp0 (stands != NULL ? stands : "", value != NULL ? value : "") == 0)
    return TRUE;
  return store_setting_set (connection, name, value != NULL ? value : "", error);
}

/**
 * sync_setting_get_base:
 *
 * Returns: (transfer full) (nullable): the server's version that open changes are based on, where
 * it is another than their journal entries say
 */
char *
sync_setting_get_base (StoreConnection *connection, const char *type, const char *id)
{
  g_autofree char *name = g_strdup_printf ("sync.base/%s/%s", type, id);

  return get (connection, name);
}

/**
 * sync_setting_set_base:
 * @version: (nullable): NULL: there are no open changes, or their entries say it
 * @resource: (nullable): that version, for a later comparison of three
 */
gboolean
sync_setting_set_base (StoreConnection *connection,
                       const char *type,
                       const char *id,
                       const char *version,
                       FhirResource *resource,
                       GError **error)
{
  g_autofree char *name = g_strdup_printf ("sync.base/%s/%s", type, id);
  g_autofree char *text = g_strdup_printf ("sync.base-text/%s/%s", type, id);

  return set (connection, name, version, error) &&
         set (connection, text,
              version != NULL && resource != NULL ? fhir_resource_get_text (resource, NULL) : NULL,
              error);
}

/**
 * sync_setting_get_base_resource:
 *
 * Returns: (transfer full) (nullable): the version that sync_setting_get_base() names
 */
FhirResource *
sync_setting_get_base_resource (StoreConnection *connection, const char *type, const char *id)
{
  g_autofree char *name = g_strdup_printf ("sync.base-text/%s/%s", type, id);
  g_autofree char *text = get (connection, name);

  return text != NULL ? fhir_resource_parse (text, -1, NULL) : NULL;
}

/**
 * sync_setting_get_theirs:
 *
 * Returns: (transfer full) (nullable): the server's side of a conflict
 */
FhirResource *
sync_setting_get_theirs (StoreConnection *connection, const char *type, const char *id)
{
  g_autofree char *name = g_strdup_printf ("sync.theirs/%s/%s", type, id);
  g_autofree char *text = get (connection, name);

  return text != NULL ? fhir_resource_parse (text, -1, NULL) : NULL;
}

gboolean
sync_setting_set_theirs (StoreConnection *connection,
                         const char *type,
                         const char *id,
                         FhirResource *theirs,
                         GError **error)
{
  g_autofree char *name = g_strdup_printf ("sync.theirs/%s/%s", type, id);

  return set (connection, name, theirs != NULL ? fhir_resource_get_text (theirs, NULL) : NULL,
              error);
}

/**
 * sync_setting_get_aliases:
 *
 * Returns: (transfer full): the reference we made → the one that the server chose instead
 */
GHashTable *
sync_setting_get_aliases (StoreConnection *connection)
{
  GHashTable *aliases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *text = get (connection, "sync.aliases");
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", " ", -1);

  for (guint i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2)
    g_hash_table_replace (aliases, g_strdup (words[i]), g_strdup (words[i + 1]));
  return aliases;
}

gboolean
sync_setting_add_alias (StoreConnection *connection,
                        const char *ours,
                        const char *theirs,
                        GError **error)
{
  g_autofree char *text = get (connection, "sync.aliases");
  g_autofree char *longer = g_strdup_printf ("%s%s%s %s", text != NULL ? text : "",
                                             text != NULL ? " " : "", ours, theirs);

  return set (connection, "sync.aliases", longer, error);
}

/**
 * sync_setting_get_found:
 *
 * Returns: (transfer full) (nullable): what the checks found when this group was last held for it
 */
char *
sync_setting_get_found (StoreConnection *connection, const char *group)
{
  g_autofree char *name = g_strconcat ("sync.found/", group, NULL);

  return get (connection, name);
}

gboolean
sync_setting_set_found (StoreConnection *connection,
                        const char *group,
                        const char *found,
                        GError **error)
{
  g_autofree char *name = g_strconcat ("sync.found/", group, NULL);

  return set (connection, name, found, error);
}

char *
sync_setting_get_cursor (StoreConnection *connection, const char *type)
{
  g_autofree char *name = g_strconcat ("sync.cursor/", type, NULL);

  return get (connection, name);
}

gboolean
sync_setting_set_cursor (StoreConnection *connection,
                         const char *type,
                         const char *cursor,
                         GError **error)
{
  g_autofree char *name = g_strconcat ("sync.cursor/", type, NULL);

  return set (connection, name, cursor, error);
}

/**
 * sync_setting_get_history:
 *
 * Returns: (transfer full) (nullable): the server's instant up to which deletions of this type are
 *   known
 */
char *
sync_setting_get_history (StoreConnection *connection, const char *type)
{
  g_autofree char *name = g_strconcat ("sync.history/", type, NULL);

  return get (connection, name);
}

gboolean
sync_setting_set_history (StoreConnection *connection,
                          const char *type,
                          const char *since,
                          GError **error)
{
  g_autofree char *name = g_strconcat ("sync.history/", type, NULL);

  return set (connection, name, since, error);
}

/**
 * sync_setting_get_reconciled:
 *
 * Returns: µs at which the last pass over deletions ended, 0: never
 */
gint64
sync_setting_get_reconciled (StoreConnection *connection)
{
  g_autofree char *text = get (connection, "sync.reconciled");

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

gboolean
sync_setting_set_reconciled (StoreConnection *connection, gint64 when, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, when);

  return set (connection, "sync.reconciled", text, error);
}

/**
 * sync_setting_get_as_of:
 * @patient: (nullable): an id; NULL for everything that the account may read
 *
 * Returns: µs at which the last complete pull began; 0: never
 */
gint64
sync_setting_get_as_of (StoreConnection *connection, const char *patient)
{
  g_autofree char *name = g_strconcat ("sync.as-of", patient != NULL ? "/" : NULL, patient, NULL);
  g_autofree char *text = get (connection, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

gboolean
sync_setting_set_as_of (StoreConnection *connection,
                        const char *patient,
                        gint64 as_of,
                        GError **error)
{
  g_autofree char *name = g_strconcat ("sync.as-of", patient != NULL ? "/" : NULL, patient, NULL);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, as_of);

  return set (connection, name, text, error);
}
