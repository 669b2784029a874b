/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-search.h"

#include <string.h>

#include "base-id.h"
#include "fhir-summary.h"
#include "hub-policy.h"
#include "hub-reach.h"
#include "hub-reply.h"
#include "store-search.h"

/* A search becomes a searchset Bundle, joined from the texts of the resources as they are stored.
 * The next link hides query, place and leniency in one opaque word, so that names that were
 * searched for stand in no second URL. */

#define PAGE       "_page="
#define PAGE_LIMIT 16384
#define LENIENT    "\nlenient"

/* Takes the place out of a next link; the query that it continues comes back in @query. */
static gboolean
open_page (const char **query, char **opened, char **cursor, gboolean *lenient, GError **error)
{
  g_autoptr (GString) word = NULL;
  g_autofree guchar *bytes = NULL;
  gsize length = 0;
  char *split;

  if (!g_str_has_prefix (*query, PAGE))
    return TRUE;
  word = g_string_new (*query + strlen (PAGE));
  g_strdelimit (word->str, "-", '+');
  g_strdelimit (word->str, "_", '/');
  while (word->len % 4 != 0)
    g_string_append_c (word, '=');
  if (word->len < PAGE_LIMIT)
    bytes = g_base64_decode (word->str, &length);
  *opened = g_strndup ((const char *) bytes, bytes != NULL ? length : 0);
  split = *opened != NULL ? strchr (*opened, '\n') : NULL;
  if (split == NULL || !g_utf8_validate (*opened, -1, NULL))
    {
      g_set_error (error, HUB_ERROR, 400,
                   "This is no page of a search: follow the “next” link as it was "
                   "given, or search again");
      return FALSE;
    }
  *split = '\0';
  *cursor = g_strdup (split + 1);
  if (g_str_has_suffix (*cursor, LENIENT))
    {
      (*cursor)[strlen (*cursor) - strlen (LENIENT)] = '\0';
      *lenient = TRUE;
    }
  *query = *opened;
  return TRUE;
}

static void
append_quoted (GString *out, const char *text)
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

static void
append_link (
    GString *out, const char *relation, const char *base_url, const char *type, const char *query)
{
  g_autofree char *url =
      g_strdup_printf ("%s/fhir/%s%s%s", base_url, type, *query != '\0' ? "?" : "", query);

  g_string_append_printf (out, "{\"relation\":\"%s\",\"url\":", relation);
  append_quoted (out, url);
  g_string_append_c (out, '}');
}

static void
append_next (GString *out,
             const char *base_url,
             const char *type,
             const char *query,
             const char *cursor,
             gboolean lenient)
{
  g_autofree char *place = g_strconcat (query, "\n", cursor, lenient ? LENIENT : NULL, NULL);
  g_autofree char *word = base_base64url ((const guint8 *) place, strlen (place));
  g_autofree char *page = g_strconcat (PAGE, word, NULL);

  g_string_append_c (out, ',');
  append_link (out, "next", base_url, type, page);
}

static void
append_entries (GString *out,
                StoreConnection *connection,
                HubUser *user,
                const char *base_url,
                FhirQuery *query,
                GPtrArray *resources,
                const char *mode)
{
  for (guint i = 0; i < resources->len; i++)
    {
      FhirResource *resource = resources->pdata[i];
      g_autoptr (FhirResource) subset = NULL;
      gsize length;
      const char *text;

      if (!hub_policy_shows (user, resource) ||
          !hub_reach_allows (connection, user, resource, NULL))
        continue;
      if (fhir_summary_is_asked (query))
        subset = resource = fhir_summary_new (resource, query);
      text = fhir_resource_get_text (resource, &length);
      if (out->str[out->len - 1] != '[')
        g_string_append_c (out, ',');
      g_string_append_printf (out, "{\"fullUrl\":\"%s/fhir/%s/%s\",\"resource\":", base_url,
                              fhir_resource_get_type (resource), fhir_resource_get_id (resource));
      g_string_append_len (out, text, (gssize) length);
      g_string_append_printf (out, ",\"search\":{\"mode\":\"%s\"}}", mode);
    }
}

static void
append_outcome (GString *out, const char *sentence)
{
  g_autofree char *outcome = hub_reply_outcome_text (200, sentence);

  if (out->str[out->len - 1] != '[')
    g_string_append_c (out, ',');
  g_string_append_printf (out, "{\"resource\":%s,\"search\":{\"mode\":\"outcome\"}}", outcome);
}

/* What was not done as it was asked. */
static void
append_outcomes (GString *out, FhirQuery *query)
{
  g_autoptr (GString) ignored = g_string_new ("Left out because the hub does not support it:");
  g_autofree char *limited =
      g_strdup_printf ("_count: a page holds at most %d matches", FHIR_QUERY_MAX_COUNT);

  for (guint i = 0; i < query->ignored->len; i++)
    g_string_append_printf (ignored, " %s", (const char *) query->ignored->pdata[i]);
  if (query->ignored->len > 0)
    append_outcome (out, ignored->str);
  if (query->count_limited)
    append_outcome (out, limited);
}

static char *
dup_bundle (StoreConnection *connection,
            HubUser *user,
            const char *base_url,
            const char *query_string,
            FhirQuery *query,
            StoreSearch *found)
{
  GString *out = g_string_sized_new (4096);

  g_string_append (out, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"");
  if (found->total >= 0)
    g_string_append_printf (out, ",\"total\":%" G_GINT64_FORMAT, found->total);
  g_string_append (out, ",\"link\":[");
  append_link (out, "self", base_url, query->type, query_string);
  if (found->next_cursor != NULL)
    append_next (out, base_url, query->type, query_string, found->next_cursor,
                 query->ignored->len > 0);
  g_string_append (out, "],\"entry\":[");
  append_entries (out, connection, user, base_url, query, found->matches, "match");
  append_entries (out, connection, user, base_url, query, found->included, "include");
  append_outcomes (out, query);
  /* R4 allows no empty list. */
  if (g_str_has_suffix (out->str, ",\"entry\":["))
    g_string_truncate (out, out->len - strlen (",\"entry\":["));
  else
    g_string_append_c (out, ']');
  g_string_append_c (out, '}');
  return g_string_free_and_steal (out);
}

/* Whoever sees a part of the records only must not ask what others say of what they see. */
static gboolean
may_ask_backwards (HubUser *user, FhirQuery *query, GError **error)
{
  if (user->role != HUB_ROLE_PATIENT && user->role != HUB_ROLE_PHARMACY)
    return TRUE;
  for (guint i = 0; i < query->parameters->len; i++)
    if (((const FhirQueryParameter *) query->parameters->pdata[i])->has_reference != NULL)
      {
        g_set_error (
            error, HUB_ERROR, 403,
            "“_has” would tell of other people's records: search for what is meant itself");
        return FALSE;
      }
  return TRUE;
}

/**
 * hub_search_run:
 * @query: what stood behind the question mark, or in the form
 * @lenient: leave out what is not supported, and say so, instead of refusing
 * @shown: (out) (nullable): how many matches the page holds
 *
 * Runs in a store read.
 *
 * Returns: (transfer full): a searchset Bundle with only what @user may see
 */
char *
hub_search_run (StoreConnection *connection,
                HubUser *user,
                const char *base_url,
                const char *type,
                const char *query,
                gboolean lenient,
                guint *shown,
                GError **error)
{
  g_autofree char *opened = NULL;
  g_autofree char *cursor = NULL;
  g_autofree char *narrowed = NULL;
  g_autoptr (FhirQuery) parsed = NULL;
  g_autoptr (StoreSearch) found = NULL;
  g_autoptr (GError) problem = NULL;

  if (!open_page (&query, &opened, &cursor, &lenient, error))
    return NULL;
  narrowed = hub_policy_narrow (user, type, query);
  parsed = fhir_query_parse (type, narrowed, lenient, &problem);
  if (parsed == NULL)
    {
      g_set_error_literal (error, HUB_ERROR, 400, problem->message);
      return NULL;
    }
  if (!hub_policy_allows_query (user, parsed, error) || !may_ask_backwards (user, parsed, error))
    return NULL;
  if (cursor != NULL)
    {
      g_free (parsed->cursor);
      parsed->cursor = g_steal_pointer (&cursor);
    }
  found = store_search (connection, parsed, error);
  if (found == NULL)
    return NULL;
  if (user->role == HUB_ROLE_PHARMACY && strcmp (type, "Task") != 0)
    found->total = -1; /* it would count what the pharmacy may not see */
  if (shown != NULL)
    *shown = found->matches->len;
  return dup_bundle (connection, user, base_url, query, parsed, found);
}
