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

#define PAGE        "_page="
#define PAGE_LIMIT  16384
#define PAGE_LENGTH 50 /* where nobody said */
#define LENIENT     "\nlenient"

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

/* The desk sees some of the alerts, and patients those of their documents that do not stay in the
 * clinic. How many there are else, and whose they are, must not be learnt by the way either. */
static gboolean
sees_some_of (HubUser *user, const char *type)
{
  return (user->role == HUB_ROLE_RECEPTION && strcmp (type, "Flag") == 0) ||
         (user->role == HUB_ROLE_PATIENT && strcmp (type, "DocumentReference") == 0);
}

static gboolean
may_ask_over (HubUser *user, const FhirQueryParameter *parameter)
{
  if (parameter->chain_type == NULL)
    return TRUE;
  if (user->role == HUB_ROLE_PATIENT || user->role == HUB_ROLE_PHARMACY)
    return parameter->has_reference == NULL;
  return !sees_some_of (user, parameter->chain_type);
}

/**
 * hub_search_allows:
 *
 * Returns: whether the user may ask this: hub_policy_allows_query(), and whoever sees a part of the
 *   records only does not ask what others say of what they see, nor what comes with what is hidden
 */
gboolean
hub_search_allows (HubUser *user, FhirQuery *query, GError **error)
{
  if (!hub_policy_allows_query (user, query, error))
    return FALSE;
  for (guint i = 0; i < query->parameters->len; i++)
    if (!may_ask_over (user, query->parameters->pdata[i]))
      {
        g_set_error (
            error, HUB_ERROR, 403,
            "“_has” would tell of other people's records: search for what is meant itself");
        return FALSE;
      }
  if (user->role == HUB_ROLE_PATIENT || !sees_some_of (user, query->type) ||
      query->includes->len + query->revincludes->len == 0)
    return TRUE;
  g_set_error (error, HUB_ERROR, 403,
               "What comes with alerts would tell of those that are for clinicians: search for it "
               "itself");
  return FALSE;
}

/* How many matches, from the first on, hold a page of those that are shown; all of them where no
 * more follows. */
static guint
measure_page (HubUser *user, StoreSearch *all, guint wanted)
{
  guint length = 0, shown = 0;

  for (guint i = 0; i < all->matches->len; i++)
    if (hub_policy_shows (user, all->matches->pdata[i]))
      {
        if (shown++ == wanted)
          return length;
        length = i + 1;
      }
  return all->matches->len;
}

/* A page that is shorter than was asked, with another one behind it, would tell of what is hidden:
 * so it is filled with what is shown, and is the last one where nothing else is. */
static StoreSearch *
search_page (StoreConnection *connection, HubUser *user, FhirQuery *query, GError **error)
{
  guint wanted = query->count < 0 ? PAGE_LENGTH : (guint) query->count;
  g_autoptr (StoreSearch) all = NULL;
  guint length;

  query->count = FHIR_QUERY_MAX_COUNT;
  all = store_search (connection, query, error);
  length = all != NULL ? measure_page (user, all, wanted) : 0;
  if (all == NULL || length == all->matches->len)
    return g_steal_pointer (&all);
  query->count = (int) length;
  return store_search (connection, query, error);
}

static gint64
count_shown (HubUser *user, StoreSearch *page)
{
  gint64 shown = 0;

  for (guint i = 0; i < page->matches->len; i++)
    shown += hub_policy_shows (user, page->matches->pdata[i]);
  return shown;
}

/* Returns: how many of all that @text finds are shown; -1 with an error */
static gint64
count_all_shown (
    StoreConnection *connection, HubUser *user, const char *type, const char *text, GError **error)
{
  g_autoptr (FhirQuery) query = fhir_query_parse (type, text, TRUE, error);
  gint64 shown = 0;

  while (query != NULL)
    {
      g_autoptr (StoreSearch) page = NULL;

      query->count = FHIR_QUERY_MAX_COUNT;
      query->total = FALSE;
      g_clear_pointer (&query->summary, g_free);
      page = store_search (connection, query, error);
      if (page == NULL)
        return -1;
      shown += count_shown (user, page);
      g_free (query->cursor);
      query->cursor = g_steal_pointer (&page->next_cursor);
      if (query->cursor == NULL)
        return shown;
    }
  return -1;
}

static StoreSearch *
search (
    StoreConnection *connection, HubUser *user, FhirQuery *query, const char *text, GError **error)
{
  gboolean some = sees_some_of (user, query->type);
  gboolean counts = g_strcmp0 (query->summary, "count") == 0 || query->count == 0;
  g_autoptr (StoreSearch) found = some && !counts ? search_page (connection, user, query, error)
                                                  : store_search (connection, query, error);

  if (found == NULL || !some || found->total < 0)
    return g_steal_pointer (&found);
  found->total = count_all_shown (connection, user, query->type, text, error);
  return found->total >= 0 ? g_steal_pointer (&found) : NULL;
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
  if (!hub_search_allows (user, parsed, error))
    return NULL;
  if (cursor != NULL)
    {
      g_free (parsed->cursor);
      parsed->cursor = g_steal_pointer (&cursor);
    }
  found = search (connection, user, parsed, narrowed, error);
  if (found == NULL)
    return NULL;
  if (user->role == HUB_ROLE_PHARMACY && strcmp (type, "Task") != 0)
    found->total = -1; /* it would count what the pharmacy may not see */
  if (shown != NULL)
    *shown = found->matches->len;
  return dup_bundle (connection, user, base_url, query, parsed, found);
}
