/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-search-phone.h"

#include <string.h>

#include "store-connection-private.h"

/* People by their telephone number, however it was written down and is typed. The rows of telecom
 * keep a number as it was written; those of one type are walked whole, which for 10,000 patients
 * takes less than a keystroke, so that no second form of each number has to be kept right. */

#define MIN_TYPED      4 /* the last four are what people say; fewer tell nobody apart */
#define MIN_BEGINNING  3 /* of them without the trunk zero */
#define MAX_COUNTRY    3 /* digits of a country's code (ITU-T E.164), source: unverified */
#define WHOLE_NATIONAL 6 /* so many digits are a number without its country */

/* The digits of any script, without "(0)"; NULL for an address that is no number. */
static char *
dup_digits (const char *text)
{
  g_autoptr (GString) plain = g_string_new (text);
  g_autoptr (GString) digits = g_string_new (NULL);

  if (strchr (text, '@') != NULL || strstr (text, "//") != NULL)
    return NULL;
  g_string_replace (plain, "(0)", "", 1);
  for (const char *p = plain->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      int digit = g_unichar_digit_value (g_utf8_get_char (p));

      if (digit >= 0)
        g_string_append_c (digits, (char) ('0' + digit));
    }
  return g_string_free_and_steal (g_steal_pointer (&digits));
}

/* Without an international prefix or a trunk zero. */
static const char *
core_of (const char *digits)
{
  return digits + strspn (digits, "0");
}

/* Typed with its country's code, and kept without: what is typed after the code begins the number,
 * of which all may be typed or only the beginning. */
static gboolean
begins_after_country (const char *stored, const char *typed)
{
  for (gsize code = 1; code <= MAX_COUNTRY && strlen (typed) >= code + WHOLE_NATIONAL; code++)
    {
      const char *national = core_of (typed + code);

      if (strlen (national) >= MIN_TYPED && g_str_has_prefix (stored, national))
        return TRUE;
    }
  return FALSE;
}

/* Kept with its country's code, or without, and typed from the beginning without. */
static gboolean
begins (const char *stored, const char *typed)
{
  if (strlen (typed) < MIN_BEGINNING)
    return FALSE;
  for (gsize code = 0; code <= MAX_COUNTRY && strlen (stored) > code; code++)
    if (g_str_has_prefix (stored + code, typed))
      return TRUE;
  return FALSE;
}

/* The zero that begins a whole number may be its trunk's, that of its last digits is one of them.
 */
static gboolean
ends (const char *stored, const char *typed)
{
  const char *core = core_of (typed);

  return g_str_has_suffix (stored, strlen (core) >= WHOLE_NATIONAL ? core : typed);
}

static gboolean
matches (const char *stored, const char *typed)
{
  const char *number = core_of (stored), *core = core_of (typed);

  return begins (number, core) || ends (number, typed) || begins_after_country (number, core);
}

/* A number that stands in both is found once: its rows follow each other by value, not by number.
 */
static gboolean
is_known (GPtrArray *found, FhirResource *resource)
{
  for (guint i = 0; i < found->len; i++)
    if (g_strcmp0 (fhir_resource_get_id (found->pdata[i]), fhir_resource_get_id (resource)) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
add_number (StoreConnection *connection, gint64 number, GPtrArray *found, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_connection_query (connection, "resource.json", error, "i", number);
  g_autoptr (FhirResource) resource = NULL;
  gboolean row = FALSE;

  if (statement == NULL || !store_statement_step (connection, statement, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  resource = fhir_resource_parse (store_statement_text (statement, 0), -1, error);
  if (resource == NULL)
    return FALSE;
  if (!is_known (found, resource))
    g_ptr_array_add (found, g_steal_pointer (&resource));
  return TRUE;
}

/**
 * store_search_phones:
 * @type: "Patient" or another that has telecom
 * @typed: so far: "07700 9001"; or the last digits of the number. With fewer than four digits
 * nobody is found
 *
 * Returns: (transfer full) (element-type FhirResource) (nullable): at most @limit
 */
GPtrArray *
store_search_phones (
    StoreConnection *connection, const char *type, const char *typed, guint limit, GError **error)
{
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autofree char *digits = dup_digits (typed), *name = g_strconcat (type, ".telecom", NULL);
  g_autoptr (StoreStatement) statement = NULL;
  gboolean row = FALSE;
  gint64 parameter;

  if (!store_name_lookup (connection, name, &parameter, error))
    return NULL;
  if (digits == NULL || strlen (digits) < MIN_TYPED || parameter == 0)
    return g_steal_pointer (&found);
  statement = store_connection_query (connection, "token.values", error, "i", parameter);
  while (statement != NULL && store_statement_step (connection, statement, &row, error))
    {
      g_autofree char *stored = row ? dup_digits (store_statement_text (statement, 0)) : NULL;

      if (!row || found->len >= limit)
        return g_steal_pointer (&found);
      if (stored != NULL && matches (stored, digits) &&
          !add_number (connection, sqlite3_column_int64 (statement, 1), found, error))
        return NULL;
    }
  return NULL;
}
