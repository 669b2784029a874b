/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-page.h"

#include <stdarg.h>
#include <string.h>

#include "base-id.h"
#include "fhir-date.h"
#include "hub-reply.h"

/* What the pages of histories and of a patient's record share: queries of few parameters, and next
 * links whose one word only the hub reads. */

#define WORD_LIMIT 16384

/**
 * hub_page_read_query:
 * @query: what stands behind the question mark
 * @known: the parameters that are read
 * @what: what is asked, for the sentence that refuses another parameter
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): each parameter's value
 */
GHashTable *
hub_page_read_query (const char *query, const char *const *known, const char *what, GError **error)
{
  g_autoptr (GHashTable) read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) parts = g_strsplit (query, "&", -1);

  for (char **part = parts; *part != NULL; part++)
    {
      g_auto (GStrv) halves = g_strsplit (*part, "=", 2);
      g_autofree char *name = halves[0] != NULL ? g_uri_unescape_string (halves[0], NULL) : NULL;
      g_autofree char *value = NULL;

      if (halves[0] == NULL || *halves[0] == '\0' || g_strcmp0 (name, "_format") == 0 ||
          g_strcmp0 (name, "_pretty") == 0)
        continue;
      if (name == NULL || !g_strv_contains (known, name))
        {
          g_set_error (error, HUB_ERROR, 400, "“%s” is not supported for %s",
                       name != NULL ? name : *part, what);
          return NULL;
        }
      if (halves[1] != NULL)
        {
          g_strdelimit (halves[1], "+", ' ');
          value = g_uri_unescape_string (halves[1], NULL);
        }
      if (value == NULL || *value == '\0' || !g_utf8_validate (value, -1, NULL) ||
          g_hash_table_contains (read, name))
        {
          g_set_error (error, HUB_ERROR, 400, "“%s” must have one value", name);
          return NULL;
        }
      g_hash_table_insert (read, g_steal_pointer (&name), g_steal_pointer (&value));
    }
  return g_steal_pointer (&read);
}

/**
 * hub_page_read_count:
 * @count: (out): what _count asks for, %HUB_PAGE_COUNT where it does not, at most %HUB_PAGE_LIMIT
 */
gboolean
hub_page_read_count (GHashTable *query, guint *count, GError **error)
{
  const char *text = g_hash_table_lookup (query, "_count");
  guint64 number = HUB_PAGE_COUNT;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &number, NULL))
    {
      g_set_error (error, HUB_ERROR, 400, "“_count=%s”: a page has 1 to %u entries", text,
                   HUB_PAGE_LIMIT);
      return FALSE;
    }
  *count = (guint) MIN (number, HUB_PAGE_LIMIT);
  return TRUE;
}

/**
 * hub_page_read_since:
 * @since_us: (out): the first microsecond of what _since says, UTC; G_MININT64 where it is not
 *   there
 */
gboolean
hub_page_read_since (GHashTable *query, gint64 *since_us, GError **error)
{
  const char *text = g_hash_table_lookup (query, "_since");
  FhirDate date;
  gint64 high;

  *since_us = G_MININT64;
  if (text == NULL)
    return TRUE;
  if (!fhir_date_parse (text, &date))
    {
      g_set_error (error, HUB_ERROR, 400,
                   "“_since=%s” is no time: write it as 2026-11-09T14:05:00Z, “+” in a URL as %%2B",
                   text);
      return FALSE;
    }
  fhir_date_bounds (&date, since_us, &high);
  return TRUE;
}

/**
 * hub_page_seal:
 * @first: a text without line ends, and more of them
 *
 * Returns: (transfer full): one word for a URL, which hides names and places from logs
 */
char *
hub_page_seal (const char *first, ...)
{
  g_autoptr (GString) text = g_string_new (first);
  const char *next;
  va_list more;

  va_start (more, first);
  while ((next = va_arg (more, const char *)) != NULL)
    g_string_append_printf (text, "\n%s", next);
  va_end (more);
  return base_base64url ((const guint8 *) text->str, text->len);
}

/**
 * hub_page_open:
 * @n: how many texts are in it
 *
 * Returns: (transfer full) (nullable): what hub_page_seal() was given
 */
GStrv
hub_page_open (const char *word, guint n, GError **error)
{
  g_autoptr (GString) padded = g_string_new (word);
  g_autofree guchar *bytes = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;
  gsize length = 0;

  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  if (padded->len < WORD_LIMIT)
    bytes = g_base64_decode (padded->str, &length);
  text = g_strndup ((const char *) bytes, bytes != NULL ? length : 0);
  if (text != NULL && g_utf8_validate (text, -1, NULL))
    parts = g_strsplit (text, "\n", -1);
  if (parts != NULL && g_strv_length (parts) == n)
    return g_steal_pointer (&parts);
  g_set_error (error, HUB_ERROR, 400,
               "This is no page: follow the “next” link as it was given, or ask again");
  return NULL;
}

/**
 * hub_page_append_quoted:
 *
 * Appends @text as a JSON string.
 */
void
hub_page_append_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\')
        g_string_append_c (out, '\\');
      if ((guchar) *text < 0x20)
        g_string_append_printf (out, "\\u%04x", *text);
      else
        g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

/**
 * hub_page_append_link:
 * @query: (nullable): what comes behind the question mark
 *
 * Appends an item of Bundle.link, with a comma where one stands before it.
 */
void
hub_page_append_link (GString *out, const char *relation, const char *url, const char *query)
{
  gboolean asks = query != NULL && *query != '\0';
  g_autofree char *whole = g_strconcat (url, asks ? "?" : "", asks ? query : "", NULL);

  if (out->str[out->len - 1] != '[')
    g_string_append_c (out, ',');
  g_string_append_printf (out, "{\"relation\":\"%s\",\"url\":", relation);
  hub_page_append_quoted (out, whole);
  g_string_append_c (out, '}');
}
