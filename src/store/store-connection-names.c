/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-connection-struct.h"

/* Small numbers for what repeats: types, parameters and code systems (name), resources and what
 * refers to them (identity), and the counters that decide order. What a transaction made is cached
 * with it and forgotten when it is undone. */

#define MAX_NAMES 65536

static void
remember (GHashTable *cache, guint most, const char *key, gint64 value)
{
  gint64 *kept = g_new (gint64, 1);

  if (g_hash_table_size (cache) >= most)
    g_hash_table_remove_all (cache);
  *kept = value;
  g_hash_table_replace (cache, g_strdup (key), kept);
}

void
store_names_forget (StoreConnection *self)
{
  g_hash_table_remove_all (self->names);
  g_hash_table_remove_all (self->identities);
}

/*
 * store_name_lookup:
 * @id: (out): its number, or 0 where nobody used @text yet
 */
gboolean
store_name_lookup (StoreConnection *self, const char *text, gint64 *id, GError **error)
{
  const gint64 *known = g_hash_table_lookup (self->names, text);
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row;

  *id = known != NULL ? *known : 0;
  if (known != NULL)
    return TRUE;
  statement = store_connection_query (self, "name.select", error, "s", text);
  if (statement == NULL || !store_statement_step (self, statement, &row, error))
    return FALSE;
  if (row)
    {
      *id = sqlite3_column_int64 (statement, 0);
      remember (self->names, MAX_NAMES, text, *id);
    }
  return TRUE;
}

gboolean
store_name_intern (StoreConnection *self, const char *text, gint64 *id, GError **error)
{
  if (!store_name_lookup (self, text, id, error))
    return FALSE;
  if (*id != 0)
    return TRUE;
  if (!store_connection_run (self, "name.insert", error, "s", text))
    return FALSE;
  *id = sqlite3_last_insert_rowid (self->db);
  remember (self->names, MAX_NAMES, text, *id);
  return TRUE;
}

/* In the cache of names, after a character that no name begins with. */
static char *
phrase_key (const char *text)
{
  return g_strconcat ("\x01", text, NULL);
}

/* The number of a folded text that stands beside codes; made where there is none. */
gboolean
store_phrase_intern (StoreConnection *self, const char *text, gint64 *id, GError **error)
{
  g_autofree char *key = phrase_key (text);
  const gint64 *known = g_hash_table_lookup (self->names, key);
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row;

  *id = known != NULL ? *known : 0;
  if (known != NULL)
    return TRUE;
  statement = store_connection_query (self, "phrase.select", error, "s", text);
  if (statement == NULL || !store_statement_step (self, statement, &row, error))
    return FALSE;
  if (row)
    *id = sqlite3_column_int64 (statement, 0);
  else if (!store_connection_run (self, "phrase.insert", error, "s", text))
    return FALSE;
  else
    *id = sqlite3_last_insert_rowid (self->db);
  remember (self->names, MAX_NAMES, key, *id);
  return TRUE;
}

void
store_phrase_forget (StoreConnection *self, const char *text)
{
  g_autofree char *key = phrase_key (text);

  g_hash_table_remove (self->names, key);
}

/*
 * store_identity_lookup:
 * @type: the number of a type's name; 0 for a reference that is no Type/id
 * @number: (out): its number, or 0 where it is neither stored nor referred to
 */
gboolean
store_identity_lookup (
    StoreConnection *self, gint64 type, const char *id, gint64 *number, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT "/%s", type, id);
  const gint64 *known = g_hash_table_lookup (self->identities, key);
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row;

  *number = known != NULL ? *known : 0;
  if (known != NULL)
    return TRUE;
  statement = store_connection_query (self, "identity.select", error, "is", type, id);
  if (statement == NULL || !store_statement_step (self, statement, &row, error))
    return FALSE;
  if (row)
    {
      *number = sqlite3_column_int64 (statement, 0);
      remember (self->identities, self->most_identities, key, *number);
    }
  return TRUE;
}

gboolean
store_identity_intern (
    StoreConnection *self, gint64 type, const char *id, gint64 *number, GError **error)
{
  g_autofree char *key = NULL;

  if (!store_identity_lookup (self, type, id, number, error))
    return FALSE;
  if (*number != 0)
    return TRUE;
  *number = store_connection_next (self, "number");
  if (!store_connection_run (self, "identity.insert", error, "isi", type, id, *number))
    return FALSE;
  key = g_strdup_printf ("%" G_GINT64_FORMAT "/%s", type, id);
  remember (self->identities, self->most_identities, key, *number);
  return TRUE;
}

gboolean
store_counters_load (StoreConnection *self, GError **error)
{
  g_autoptr (StoreStatement) statement = store_connection_query (self, "counter.list", error, "");
  gboolean row;

  if (statement == NULL)
    return FALSE;
  for (;;)
    {
      if (!store_statement_step (self, statement, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      remember (self->counters, MAX_NAMES, store_statement_text (statement, 0),
                sqlite3_column_int64 (statement, 1));
    }
}

/* Writes the counters that grew; called once a transaction. A number that was undone is not reused.
 */
gboolean
store_counters_save (StoreConnection *self, GError **error)
{
  GHashTableIter iter;
  gpointer name, value;

  if (!self->counters_changed)
    return TRUE;
  g_hash_table_iter_init (&iter, self->counters);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!store_connection_run (self, "counter.set", error, "si", name, *(gint64 *) value))
      return FALSE;
  self->counters_changed = FALSE;
  return TRUE;
}

gint64
store_connection_next (StoreConnection *self, const char *counter)
{
  gint64 *value = g_hash_table_lookup (self->counters, counter);

  g_assert (value != NULL);
  self->counters_changed = TRUE;
  return ++*value;
}
