/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-audit.h"

#include <string.h>

#include "base-id.h"
#include "store-connection-struct.h"
#include "store-setting.h"

/* The audit: append-only rows, each with a hash over itself and the hash before it. A patient
 * stands in it as a random pseudonym; erasing the pseudonym's mapping row leaves the chain whole
 * and the rows without a name. */

#define AUDIT_START "0000000000000000000000000000000000000000000000000000000000000000"
#define AUDIT_HEAD  "audit.head"

static void
append_number (GString *text, guint64 number)
{
  char digits[24], *at = digits + sizeof digits;

  do
    *--at = (char) ('0' + number % 10);
  while ((number /= 10) > 0);
  g_string_append_c (text, '\n');
  g_string_append_len (text, at, digits + sizeof digits - at);
}

/* Each field with its length before it, so that no two rows read the same. */
static char *
hash_row (const char *before, gint64 row, const char *const *fields, gsize n)
{
  g_autoptr (GString) text = g_string_sized_new (512);

  g_string_append (text, before);
  append_number (text, (guint64) row);
  for (gsize i = 0; i < n; i++)
    if (fields[i] == NULL)
      g_string_append (text, "\n-");
    else
      {
        append_number (text, strlen (fields[i]));
        g_string_append_c (text, ':');
        g_string_append (text, fields[i]);
      }
  return base_sha256_hex (text->str, (gssize) text->len);
}

static char *
dup_head (const char *hash, gint64 row)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", row, hash);
}

/* The last row, read once in a transaction. */
static gboolean
read_last (StoreConnection *connection, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "audit.last", error, "");
  gboolean found;

  if (statement == NULL || !store_statement_step (connection, statement, &found, error))
    return FALSE;
  connection->audit_row = found ? sqlite3_column_int64 (statement, 0) : 0;
  connection->audit_hash = g_strdup (found ? store_statement_text (statement, 1) : AUDIT_START);
  return TRUE;
}

/* Notes where the chain ends, which is how a row cut off its end is found; called once before each
 * commit. */
gboolean
store_audit_save (StoreConnection *self, GError **error)
{
  g_autofree char *head = NULL;

  if (self->audit_changed)
    {
      if (self->audit_hash == NULL && !read_last (self, error))
        return FALSE;
      head = dup_head (self->audit_hash, self->audit_row);
      /* Nothing, where all of it was undone. */
      if (self->audit_row > 0 && !store_setting_set (self, AUDIT_HEAD, head, error))
        return FALSE;
    }
  /* Another transaction finds out for itself. */
  self->audit_changed = FALSE;
  g_clear_pointer (&self->audit_hash, g_free);
  return TRUE;
}

/* Something was undone, perhaps not all of it. */
void
store_audit_undo (StoreConnection *self)
{
  g_clear_pointer (&self->audit_hash, g_free);
  self->audit_changed = self->audit_changed && store_connection_in_transaction (self);
}

static gboolean
find_pseudonym (StoreConnection *connection, const char *patient, char **pseudonym, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "pseudonym.find", error, "s", patient);
  gboolean row;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  *pseudonym = row ? g_strdup (store_statement_text (statement, 0)) : NULL;
  return TRUE;
}

static gboolean
make_pseudonym (StoreConnection *connection, const char *patient, char **pseudonym, GError **error)
{
  g_autoptr (GBytes) random = NULL;

  *pseudonym = NULL;
  if (patient == NULL)
    return TRUE;
  if (!find_pseudonym (connection, patient, pseudonym, error))
    return FALSE;
  if (*pseudonym != NULL)
    return TRUE;
  random = base_random_bytes (16);
  *pseudonym = base_hex (g_bytes_get_data (random, NULL), 16);
  return store_connection_run (connection, "pseudonym.put", error, "ss", *pseudonym, patient);
}

/* "Patient/<id>" would name the patient beside the pseudonym. */
static char *
dup_masked (const char *reference, const char *patient, const char *pseudonym)
{
  g_autofree char *own = patient != NULL ? g_strconcat ("Patient/", patient, NULL) : NULL;

  if (own == NULL || g_strcmp0 (reference, own) != 0)
    return g_strdup (reference);
  return g_strconcat ("Patient/", pseudonym, NULL);
}

/**
 * store_audit_append:
 * @action: "read", "write", "sign", "print", "override", "sign-in"…
 * @who: who did it
 * @patient: (nullable): whose record; kept as a pseudonym
 * @reference: (nullable): what, as Type/id
 * @detail: (nullable): why, in words that name no patient
 */
gboolean
store_audit_append (StoreConnection *connection,
                    const char *action,
                    const char *who,
                    const char *patient,
                    const char *reference,
                    const char *detail,
                    GError **error)
{
  g_autofree char *pseudonym = NULL, *masked = NULL, *hash = NULL;
  g_autofree char *at = base_clock_dup_instant (store_connection_get_clock (connection));
  gint64 row;

  if ((connection->audit_hash == NULL && !read_last (connection, error)) ||
      !make_pseudonym (connection, patient, &pseudonym, error))
    return FALSE;
  row = connection->audit_row + 1;
  masked = dup_masked (reference, patient, pseudonym);
  hash = hash_row (connection->audit_hash, row,
                   (const char *const[]) { at, action, who, pseudonym, masked, detail }, 6);
  if (!store_connection_run (connection, "audit.insert", error, "isssssss", row, at, action, who,
                             pseudonym, masked, detail, hash))
    return FALSE;
  g_free (connection->audit_hash);
  connection->audit_hash = g_steal_pointer (&hash);
  connection->audit_row = row;
  connection->audit_changed = TRUE;
  return TRUE;
}

static gboolean
set_broken (gint64 row, GError **error)
{
  g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT,
               "The audit was altered: its row %" G_GINT64_FORMAT
               " is not the one that was written",
               row);
  return FALSE;
}

static gboolean
verify_rows (
    StoreConnection *connection, StoreStatement *rows, gint64 *last, char **hash, GError **error)
{
  gboolean row;

  while (store_statement_step (connection, rows, &row, error))
    {
      const char *fields[6];
      g_autofree char *expected = NULL;

      if (!row)
        return TRUE;
      for (int i = 0; i < 6; i++)
        fields[i] = store_statement_text (rows, i + 1);
      expected = hash_row (*hash, *last + 1, fields, 6);
      if (sqlite3_column_int64 (rows, 0) != *last + 1 ||
          g_strcmp0 (expected, store_statement_text (rows, 7)) != 0)
        return set_broken (*last + 1, error);
      g_free (*hash);
      *hash = g_steal_pointer (&expected);
      ++*last;
    }
  return FALSE;
}

/**
 * store_audit_verify:
 * @rows: (out): how many rows were found good
 *
 * Walks the whole chain.
 *
 * Returns: FALSE with %STORE_ERROR_CORRUPT naming the first row that was altered, removed or added
 */
gboolean
store_audit_verify (StoreConnection *connection, gint64 *rows, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "audit.list", error, "");
  g_autofree char *hash = g_strdup (AUDIT_START);
  g_autofree char *head = NULL, *kept = NULL;

  *rows = 0;
  if (connection->audit_changed && !store_audit_save (connection, error))
    return FALSE;
  if (statement == NULL || !verify_rows (connection, statement, rows, &hash, error))
    return FALSE;
  head = dup_head (hash, *rows);
  kept = store_setting_get (connection, AUDIT_HEAD);
  if (*rows == 0 ? kept != NULL : g_strcmp0 (head, kept) != 0)
    return set_broken (*rows + 1, error);
  return TRUE;
}

/**
 * store_audit_forget:
 *
 * Removes what ties a patient to the audit's pseudonym; the chain stays whole.
 */
gboolean
store_audit_forget (StoreConnection *connection, const char *patient, GError **error)
{
  return store_connection_run (connection, "pseudonym.forget", error, "s", patient);
}
