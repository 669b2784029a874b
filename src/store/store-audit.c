/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-audit.h"

#include <string.h>

#include "base-id.h"
#include "store-connection-private.h"
#include "store-setting.h"

/* The audit: append-only rows, each with a hash over itself and the hash before it. A patient
 * stands in it as a random pseudonym; erasing the pseudonym's mapping row leaves the chain whole
 * and the rows without a name. */

#define AUDIT_START "0000000000000000000000000000000000000000000000000000000000000000"
#define AUDIT_HEAD  "audit.head"

/* Each field with its length before it, so that no two rows read the same. */
static char *
hash_row (const char *before, gint64 row, const char *const *fields, gsize n)
{
  g_autoptr (GString) text = g_string_new (before);

  g_string_append_printf (text, "\n%" G_GINT64_FORMAT, row);
  for (gsize i = 0; i < n; i++)
    if (fields[i] == NULL)
      g_string_append (text, "\n-");
    else
      g_string_append_printf (text, "\n%" G_GSIZE_FORMAT ":%s", strlen (fields[i]), fields[i]);
  return base_sha256_hex (text->str, (gssize) text->len);
}

static char *
dup_head (const char *hash, gint64 row)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", row, hash);
}

static gboolean
read_last (StoreConnection *connection, gint64 *row, char **hash, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "audit.last", error, "");
  gboolean found;

  if (statement == NULL || !store_statement_step (connection, statement, &found, error))
    return FALSE;
  *row = found ? sqlite3_column_int64 (statement, 0) : 0;
  *hash = g_strdup (found ? store_statement_text (statement, 1) : AUDIT_START);
  return TRUE;
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
  g_autofree char *before = NULL, *pseudonym = NULL, *masked = NULL, *hash = NULL, *head = NULL;
  g_autofree char *at = base_clock_dup_instant (store_connection_get_clock (connection));
  gint64 row;

  if (!read_last (connection, &row, &before, error) ||
      !make_pseudonym (connection, patient, &pseudonym, error))
    return FALSE;
  row++;
  masked = dup_masked (reference, patient, pseudonym);
  hash = hash_row (before, row,
                   (const char *const[]) { at, action, who, pseudonym, masked, detail }, 6);
  head = dup_head (hash, row);
  return store_connection_run (connection, "audit.insert", error, "isssssss", row, at, action, who,
                               pseudonym, masked, detail, hash) &&
         store_setting_set (connection, AUDIT_HEAD, head, error);
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
