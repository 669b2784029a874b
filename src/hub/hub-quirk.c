/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-quirk.h"

#include <stdio.h>
#include <string.h>

#include "fhir-builder.h"
#include "hub-gzip.h"
#include "hub-quirk-private.h"
#include "hub-reply.h"
#include "hub-request.h"

/* What other servers do differently is done at the edge, to messages: requests are refused or
 * changed before the hub reads them, answers changed before they leave. Only who chooses the id has
 * to be asked further in (hub-entry.c). The measured behaviour of real servers is what each
 * imitates. */

#define SMALL_BODY  (1024 * 1024)
#define NEXT_S      30
#define NEXT_KEPT   10000
#define CREATES     500
#define MINUTE_US   (60 * G_USEC_PER_SEC)
#define PAGE        "_page="
#define VERSION_KEY "bedside-hub-quirk-path"

static const struct
{
  const char *name;
  int value; /* of "name=value" where none is given; 0: it takes none */
} quirks[] = {
  [HUB_QUIRK_INTEGER_VERSIONS] = { "integer-versions", 0 },
  [HUB_QUIRK_UUID_VERSIONS] = { "uuid-versions", 0 },
  [HUB_QUIRK_SERVER_IDS] = { "server-ids", 0 },
  [HUB_QUIRK_NO_HISTORY] = { "no-history", 0 },
  [HUB_QUIRK_NO_TRANSACTION] = { "no-transaction", 0 },
  [HUB_QUIRK_NO_BATCH] = { "no-batch", 0 },
  [HUB_QUIRK_EXPIRING_NEXT] = { "expiring-next", NEXT_S },
  [HUB_QUIRK_SMALL_BODIES] = { "small-bodies", 0 },
  [HUB_QUIRK_RATE_LIMIT] = { "rate-limit", CREATES },
  [HUB_QUIRK_PATCH_IGNORES_IF_MATCH] = { "patch-ignores-if-match", 0 },
  [HUB_QUIRK_NO_BODY] = { "no-body", 0 },
  [HUB_QUIRK_IGNORES_UNKNOWN_PARAMETERS] = { "ignores-unknown-parameters", 0 },
  [HUB_QUIRK_NO_SUBSCRIPTIONS] = { "no-subscriptions", 0 },
};

/* Of the process: set once before anything is served, so any thread may look. What counts is of the
 * main loop. */
static struct
{
  gboolean any, on[HUB_N_QUIRKS];
  int value[HUB_N_QUIRKS];
  BaseClock *clock;
  GHashTable *next; /* query of a next link -> until when it is good, µs */
  GArray *creates;  /* gint64: when the last ones came */
} state;

/* ---- which ---------------------------------------------------------------------------------- */

static gboolean
use_one (const char *word, GError **error)
{
  g_auto (GStrv) halves = g_strsplit (word, "=", 2);
  g_autoptr (GString) all = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (quirks); i++)
    {
      gint64 value = quirks[i].value;

      g_string_append_printf (all, "%s%s", i > 0 ? ", " : "", quirks[i].name);
      if (g_strcmp0 (quirks[i].name, halves[0]) != 0)
        continue;
      if (halves[1] != NULL &&
          (quirks[i].value == 0 ||
           !g_ascii_string_to_signed (halves[1], 10, 1, 1000000, &value, error)))
        {
          g_clear_error (error);
          break;
        }
      state.any = state.on[i] = TRUE;
      state.value[i] = (int) value;
      return TRUE;
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "“%s” is no quirk. There are %s; rate-limit and expiring-next take =N", word,
               all->str);
  return FALSE;
}

/**
 * hub_quirk_use:
 * @names: (nullable): "uuid-versions,rate-limit=100"; NULL for none
 *
 * To be called before anything is served.
 */
gboolean
hub_quirk_use (const char *names, BaseClock *clock, GError **error)
{
  g_auto (GStrv) words = g_strsplit (names != NULL ? names : "", ",", -1);

  g_clear_object (&state.clock);
  g_clear_pointer (&state.next, g_hash_table_unref);
  g_clear_pointer (&state.creates, g_array_unref);
  memset (&state, 0, sizeof state);
  if (names == NULL)
    return TRUE;
  state.clock = g_object_ref (clock);
  state.next = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state.creates = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (char **word = words; *word != NULL; word++)
    if (!use_one (g_strstrip (*word), error))
      {
        state.any = FALSE;
        return FALSE;
      }
  if (!state.on[HUB_QUIRK_UUID_VERSIONS] || !state.on[HUB_QUIRK_INTEGER_VERSIONS])
    return TRUE;
  state.any = FALSE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "Versions are either integers or UUIDs: name one of the two");
  return FALSE;
}

gboolean
hub_quirk_is_on (HubQuirk quirk)
{
  return state.any && state.on[quirk];
}

/**
 * hub_quirk_dup_names:
 *
 * Returns: (transfer full) (nullable): those that are on; NULL where none is
 */
char *
hub_quirk_dup_names (void)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; state.any && i < G_N_ELEMENTS (quirks); i++)
    if (state.on[i])
      g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", quirks[i].name);
  return out->len > 0 ? g_string_free_and_steal (out) : (g_string_free (out, TRUE), NULL);
}

/* ---- messages ------------------------------------------------------------------------------- */

static char *
dup_body (SoupMessageBody *body)
{
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  return g_strndup (text != NULL ? text : "", length);
}

/* Takes over @text. */
static void
set_body (SoupMessageBody *body, char *text)
{
  soup_message_body_truncate (body);
  soup_message_body_append_take (body, (guchar *) text, strlen (text));
  soup_message_body_complete (body);
}

static void
change_header (SoupMessageHeaders *headers, const char *name, char *(*change) (const char *text))
{
  const char *value = soup_message_headers_get_one (headers, name);
  g_autofree char *changed = value != NULL ? change (value) : NULL;

  if (changed != NULL)
    soup_message_headers_replace (headers, name, changed);
}

/* A version tag of the record at @url. */
static void
change_tag (SoupMessageHeaders *headers,
            const char *name,
            const char *url,
            char *(*change) (const char *tag, const char *url))
{
  const char *value = soup_message_headers_get_one (headers, name);
  g_autofree char *changed = value != NULL ? change (value, url) : NULL;

  if (changed != NULL)
    soup_message_headers_replace (headers, name, changed);
}

static gboolean
refuse (SoupServerMessage *message, guint status, const char *sentence)
{
  hub_reply_outcome (message, status, sentence);
  return TRUE;
}

/* ---- requests ------------------------------------------------------------------------------- */

static gboolean
is_json (SoupServerMessage *message)
{
  const char *type =
      soup_message_headers_get_content_type (soup_server_message_get_request_headers (message),
                                             NULL);

  return type == NULL || strstr (type, "json") != NULL;
}

/* What follows looks into the body. One that cannot be unpacked is refused by the hub itself. */
static void
unpack (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) plain = NULL;

  if (soup_message_headers_get_one (headers, "Content-Encoding") == NULL ||
      !hub_gzip_read_body (message, HUB_REQUEST_BODY_LIMIT, &plain, NULL))
    return;
  soup_message_headers_remove (headers, "Content-Encoding");
  soup_message_body_truncate (body);
  soup_message_body_append_bytes (body, plain);
  soup_message_body_complete (body);
}

static FhirResource *
parse_request (SoupServerMessage *message)
{
  g_autofree char *text = dup_body (soup_server_message_get_request_body (message));

  return is_json (message) ? fhir_resource_parse (text, -1, NULL) : NULL;
}

static guint
count_creates (SoupServerMessage *message, const char *path)
{
  const char *method = soup_server_message_get_method (message);
  g_autoptr (FhirResource) body = NULL;
  guint count = 0;

  if (g_str_has_suffix (path, "/_search") || strchr (path, '$') != NULL)
    return 0;
  if (g_str_equal (method, "PUT"))
    return 1;
  body = g_str_equal (method, "POST") ? parse_request (message) : NULL;
  if (body == NULL || !g_str_equal (fhir_resource_get_type (body), "Bundle"))
    return body != NULL ? 1 : 0;
  fhir_element_foreach (entry, fhir_resource_path (body, "entry"))
    {
      const char *verb = fhir_element_path_text (entry, "request.method");

      count += g_strcmp0 (verb, "POST") == 0 || g_strcmp0 (verb, "PUT") == 0 ? 1 : 0;
    }
  return count;
}

static gboolean
limit_rate (SoupServerMessage *message, const char *path)
{
  guint count = count_creates (message, path), most = (guint) state.value[HUB_QUIRK_RATE_LIMIT];
  gint64 now = base_clock_now (state.clock), oldest;
  g_autofree char *wait = NULL;

  while (state.creates->len > 0 && g_array_index (state.creates, gint64, 0) + MINUTE_US <= now)
    g_array_remove_index (state.creates, 0);
  if (count == 0 || state.creates->len == 0 || state.creates->len + count <= most)
    {
      /* A bundle that is larger than the limit goes through once the minute is clear. */
      for (guint i = 0; i < count; i++)
        g_array_append_val (state.creates, now);
      return FALSE;
    }
  oldest = g_array_index (state.creates, gint64, 0);
  wait = g_strdup_printf ("%d", (int) ((oldest + MINUTE_US - now) / G_USEC_PER_SEC) + 1);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                wait);
  return refuse (message, 429, "Too many requests");
}

static gboolean
refuse_bundle (SoupServerMessage *message, const char *path)
{
  g_autoptr (FhirResource) body = NULL;
  const char *type;

  if (!g_str_equal (soup_server_message_get_method (message), "POST") ||
      strspn (path + strlen ("/fhir"), "/") != strlen (path + strlen ("/fhir")))
    return FALSE;
  body = parse_request (message);
  type = body != NULL ? fhir_resource_path_text (body, "type") : NULL;
  if (state.on[HUB_QUIRK_NO_TRANSACTION] && g_strcmp0 (type, "transaction") == 0)
    return refuse (message, 404, "This server has no transactions");
  if (state.on[HUB_QUIRK_NO_BATCH] && g_strcmp0 (type, "batch") == 0)
    return refuse (message, 404, "This server has no batches");
  return FALSE;
}

/* A link that was never given out is as old as one that has ended. */
static gboolean
refuse_page (SoupServerMessage *message)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  const gint64 *until;
  gboolean good;

  if (query == NULL || strstr (query, PAGE) == NULL)
    return FALSE;
  until = g_hash_table_lookup (state.next, query);
  good = until != NULL && *until >= base_clock_now (state.clock);
  g_hash_table_remove (state.next, query);
  return !good && refuse (message, 410, "This page has expired: search again");
}

static gboolean
refuse_what_is_not_there (SoupServerMessage *message, const char *path)
{
  if (state.on[HUB_QUIRK_NO_HISTORY] && strstr (path, "/_history") != NULL)
    return refuse (message, 404, "Not found");
  if (state.on[HUB_QUIRK_NO_SUBSCRIPTIONS] && g_str_has_prefix (path, "/fhir/Subscription"))
    return refuse (message, 404, "There is no resource type Subscription on this server");
  if (state.on[HUB_QUIRK_SMALL_BODIES] &&
      soup_server_message_get_request_body (message)->length > SMALL_BODY)
    return refuse (message, 400, "File too large");
  return FALSE;
}

static void
change_request (SoupServerMessage *message, const char **path)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *method = soup_server_message_get_method (message);

  if (state.on[HUB_QUIRK_PATCH_IGNORES_IF_MATCH] &&
      (g_str_equal (method, "PATCH") || g_str_equal (method, "DELETE")))
    soup_message_headers_remove (headers, "If-Match");
  if (state.on[HUB_QUIRK_IGNORES_UNKNOWN_PARAMETERS])
    soup_message_headers_append (headers, "Prefer", "handling=lenient");
  if (!state.on[HUB_QUIRK_UUID_VERSIONS])
    return;
  change_tag (headers, "If-Match", *path, hub_quirk_decode_tag);
  change_tag (headers, "If-None-Match", *path, hub_quirk_decode_tag);
  *path = hub_quirk_decode_urls (*path);
  g_object_set_data_full (G_OBJECT (message), VERSION_KEY, (char *) *path, g_free);
  if (body->length > 0 && is_json (message))
    {
      g_autofree char *text = dup_body (body);

      set_body (body, hub_quirk_decode_body (text));
    }
}

/**
 * hub_quirk_ask:
 * @path: (inout): of the request; lives as long as @message
 *
 * Returns: whether the request is answered already
 */
gboolean
hub_quirk_ask (SoupServerMessage *message, const char **path)
{
  if (!state.any || g_str_has_suffix (*path, "/metadata"))
    return FALSE;
  unpack (message);
  if (refuse_what_is_not_there (message, *path) || refuse_bundle (message, *path) ||
      (state.on[HUB_QUIRK_EXPIRING_NEXT] && refuse_page (message)) ||
      (state.on[HUB_QUIRK_RATE_LIMIT] && limit_rate (message, *path)))
    return TRUE;
  change_request (message, path);
  return FALSE;
}

/* ---- answers -------------------------------------------------------------------------------- */

static void
remove_interactions (FhirBuilder *builder, FhirResource *statement, const char *path)
{
  static const struct
  {
    HubQuirk quirk;
    const char *code;
  } gone[] = {
    { HUB_QUIRK_NO_HISTORY, "vread" },           { HUB_QUIRK_NO_HISTORY, "history-instance" },
    { HUB_QUIRK_NO_HISTORY, "history-type" },    { HUB_QUIRK_NO_HISTORY, "history-system" },
    { HUB_QUIRK_NO_TRANSACTION, "transaction" }, { HUB_QUIRK_NO_BATCH, "batch" },
  };
  const FhirElement *list = fhir_resource_path (statement, path);

  /* from the end, so that positions stay what they are */
  for (gsize i = fhir_element_get_length (list); i-- > 0;)
    for (gsize j = 0; j < G_N_ELEMENTS (gone); j++)
      if (state.on[gone[j].quirk] &&
          g_strcmp0 (fhir_element_path_text (fhir_element_at (list, i), "code"), gone[j].code) == 0)
        {
          g_autofree char *item = g_strdup_printf ("%s.%" G_GSIZE_FORMAT, path, i);

          fhir_builder_remove (builder, item);
        }
}

static void
change_type (FhirBuilder *builder, FhirResource *statement, gsize position)
{
  g_autofree char *base = g_strdup_printf ("rest.0.resource.%" G_GSIZE_FORMAT, position);
  g_autofree char *type = g_strconcat (base, ".type", NULL);
  g_autofree char *interactions = g_strconcat (base, ".interaction", NULL);
  g_autofree char *update = g_strconcat (base, ".updateCreate", NULL);
  g_autofree char *history = g_strconcat (base, ".readHistory", NULL);

  remove_interactions (builder, statement, interactions);
  if (state.on[HUB_QUIRK_SERVER_IDS])
    fhir_builder_set_boolean (builder, update, FALSE);
  if (state.on[HUB_QUIRK_NO_HISTORY])
    fhir_builder_set_boolean (builder, history, FALSE);
  if (state.on[HUB_QUIRK_NO_SUBSCRIPTIONS] &&
      g_strcmp0 (fhir_resource_path_text (statement, type), "Subscription") == 0)
    fhir_builder_remove (builder, base);
}

static char *
change_statement (FhirResource *statement)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (statement);
  g_autofree char *names = hub_quirk_dup_names ();
  g_autofree char *software = g_strdup_printf ("bedside-hub (%s)", names);
  g_autofree char *sentence =
      g_strdup_printf ("FOR TESTS ONLY: a Bedside hub that behaves like another server: %s", names);
  g_autoptr (FhirResource) changed = NULL;

  fhir_builder_set (builder, "software.name", software);
  fhir_builder_set (builder, "implementation.description", sentence);
  remove_interactions (builder, statement, "rest.0.interaction");
  for (gsize i = fhir_element_get_length (fhir_resource_path (statement, "rest.0.resource"));
       i-- > 0;)
    change_type (builder, statement, i);
  changed = fhir_builder_end (builder);
  return g_strdup (fhir_resource_get_text (changed, NULL));
}

/* Nobody is told what was left out. */
static char *
remove_outcomes (FhirResource *bundle)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (bundle);
  const FhirElement *entries = fhir_resource_path (bundle, "entry");
  g_autoptr (FhirResource) changed = NULL;

  for (gsize i = fhir_element_get_length (entries); i-- > 0;)
    if (g_strcmp0 (fhir_element_path_text (fhir_element_at (entries, i), "search.mode"),
                   "outcome") == 0)
      {
        g_autofree char *item = g_strdup_printf ("entry.%" G_GSIZE_FORMAT, i);

        fhir_builder_remove (builder, item);
      }
  if (fhir_builder_get_length (builder, "entry") == 0)
    fhir_builder_remove (builder, "entry");
  changed = fhir_builder_end (builder);
  return g_strdup (fhir_resource_get_text (changed, NULL));
}

static void
note_next (FhirResource *bundle)
{
  gint64 until =
      base_clock_now (state.clock) + state.value[HUB_QUIRK_EXPIRING_NEXT] * (gint64) G_USEC_PER_SEC;

  if (g_hash_table_size (state.next) >= NEXT_KEPT)
    g_hash_table_remove_all (state.next);
  fhir_element_foreach (link, fhir_resource_path (bundle, "link"))
    {
      const char *url = fhir_element_path_text (link, "url");
      const char *query = url != NULL ? strchr (url, '?') : NULL;

      if (g_strcmp0 (fhir_element_path_text (link, "relation"), "next") == 0 && query != NULL)
        g_hash_table_replace (state.next, g_strdup (query + 1), g_memdup2 (&until, sizeof until));
    }
}

/* As @asymmetrik/node-fhir-server-core answers a create. */
static void
strip_created (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *location = soup_message_headers_get_one (headers, "Location");
  const char *etag = soup_message_headers_get_one (headers, "ETag");
  const char *rest = location != NULL ? strstr (location, "/fhir/") : NULL;
  const char *history = location != NULL ? strstr (location, "/_history/") : NULL;

  if (soup_server_message_get_status (message) != 201)
    return;
  soup_message_body_truncate (soup_server_message_get_response_body (message));
  soup_message_headers_remove (headers, "Content-Type");
  if (rest != NULL && history != NULL)
    {
      g_autofree char *path =
          g_strndup (rest + strlen ("/fhir/"), (gsize) (history - rest) - strlen ("/fhir/"));
      g_autofree char *relative = g_strconcat ("4_0_0/", path, NULL);

      soup_message_headers_replace (headers, "Location", relative);
    }
  if (etag != NULL && g_str_has_prefix (etag, "W/\""))
    {
      g_autofree char *bare = g_strndup (etag + 3, strlen (etag) - 4);

      soup_message_headers_replace (headers, "ETag", bare);
    }
}

static void
change_answer (SoupMessageBody *body)
{
  g_autofree char *text = dup_body (body);
  g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, NULL);
  const char *type = resource != NULL ? fhir_resource_get_type (resource) : "";
  gboolean is_search = g_str_equal (type, "Bundle") &&
                       g_strcmp0 (fhir_resource_path_text (resource, "type"), "searchset") == 0;

  if (g_str_equal (type, "Bundle") && state.on[HUB_QUIRK_EXPIRING_NEXT])
    note_next (resource);
  if (g_str_equal (type, "CapabilityStatement") &&
      g_strcmp0 (fhir_resource_path_text (resource, "kind"), "instance") == 0)
    set_body (body, change_statement (resource));
  else if (is_search && state.on[HUB_QUIRK_IGNORES_UNKNOWN_PARAMETERS])
    set_body (body, remove_outcomes (resource));
  if (state.on[HUB_QUIRK_UUID_VERSIONS])
    {
      g_autofree char *now = dup_body (body);

      set_body (body, hub_quirk_encode_body (now));
    }
}

/**
 * hub_quirk_answer:
 *
 * Changes the answer that stands in @message, which is about to leave.
 */
void
hub_quirk_answer (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  if (!state.any)
    return;
  if (body->length > 0 && g_strcmp0 (type, "application/fhir+json") == 0)
    change_answer (body);
  if (state.on[HUB_QUIRK_UUID_VERSIONS])
    {
      const char *location = soup_message_headers_get_one (headers, "Location");

      change_tag (headers, "ETag",
                  location != NULL ? location
                                   : g_uri_get_path (soup_server_message_get_uri (message)),
                  hub_quirk_encode_tag);
      change_header (headers, "Location", hub_quirk_encode_urls);
      change_header (headers, "Content-Location", hub_quirk_encode_urls);
    }
  if (state.on[HUB_QUIRK_NO_BODY])
    strip_created (message);
}

char *
hub_quirk_change_text (const char *text)
{
  return hub_quirk_is_on (HUB_QUIRK_UUID_VERSIONS) ? hub_quirk_encode_body (text) : NULL;
}
