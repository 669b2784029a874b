/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-reply.h"

#include "store-error.h"

/* Answers. Whatever goes wrong, under /fhir the client gets an OperationOutcome whose sentence says
 * what to do. */

G_DEFINE_QUARK (hub - error - quark, hub_error)

#define TOO_LARGE "bedside-hub-too-large"

static guint
status_of_store (int code)
{
  switch (code)
    {
    case STORE_ERROR_CONFLICT:
      return 412;
    case STORE_ERROR_NOT_FOUND:
      return 404;
    case STORE_ERROR_GONE:
      return 410;
    case STORE_ERROR_FULL:
      return 507;
    default:
      return 500;
    }
}

static guint
status_of_fhir (int code)
{
  switch (code)
    {
    case FHIR_ERROR_LIMIT:
      return 413;
    case FHIR_ERROR_VALUE:
      return 422;
    default:
      return 400;
    }
}

/**
 * hub_reply_status_of:
 *
 * Returns: the HTTP status that says @error
 */
guint
hub_reply_status_of (const GError *error)
{
  if (error->domain == HUB_ERROR)
    return (guint) error->code;
  if (error->domain == STORE_ERROR)
    return status_of_store (error->code);
  if (error->domain == FHIR_ERROR)
    return status_of_fhir (error->code);
  return 500;
}

/* http://hl7.org/fhir/R4/valueset-issue-type.html */
static const char *
issue_code (guint status)
{
  switch (status)
    {
    case 401:
      return "login";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 405:
    case 406:
    case 415:
      return "not-supported";
    case 409:
    case 412:
      return "conflict";
    case 410:
      return "deleted";
    case 413:
      return "too-long";
    case 422:
      return "processing";
    case 429:
      return "throttled";
    case 503:
      return "transient";
    case 507:
      return "no-store";
    default:
      return status >= 500 ? "exception" : "invalid";
    }
}

static char *
quote (const char *text)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  json_node_set_string (node, valid);
  return json_to_string (node, FALSE);
}

/**
 * hub_reply_outcome_text:
 *
 * Returns: (transfer full): an OperationOutcome as JSON
 */
char *
hub_reply_outcome_text (guint status, const char *diagnostics)
{
  g_autofree char *quoted = quote (diagnostics);

  return g_strdup_printf ("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"%s\","
                          "\"code\":\"%s\",\"diagnostics\":%s}]}",
                          status >= 400 ? "error" : "information",
                          status >= 400 ? issue_code (status) : "informational", quoted);
}

/**
 * hub_reply_outcome:
 * @diagnostics: one sentence that says what happened and what to do
 */
void
hub_reply_outcome (SoupServerMessage *message, guint status, const char *diagnostics)
{
  if (status == 401)
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  "WWW-Authenticate", "Bearer realm=\"bedside\"");
  hub_reply_text (message, status, HUB_FHIR_JSON, hub_reply_outcome_text (status, diagnostics));
}

/**
 * hub_reply_log_level:
 *
 * Returns: how loudly @error is logged: what another server lacks for now is no fault of the hub
 */
GLogLevelFlags
hub_reply_log_level (const GError *error)
{
  return error->domain == HUB_ERROR && error->code == 503 ? G_LOG_LEVEL_MESSAGE
                                                          : G_LOG_LEVEL_WARNING;
}

void
hub_reply_error (SoupServerMessage *message, const GError *error)
{
  guint status = hub_reply_status_of (error);

  if (status >= 500)
    g_log (G_LOG_DOMAIN, hub_reply_log_level (error), "Answered %u: %s", status, error->message);
  hub_reply_outcome (message, status, error->message);
}

/**
 * hub_reply_resource:
 *
 * Answers with the resource's own text, which is not copied, its version and its time.
 */
void
hub_reply_resource (SoupServerMessage *message, guint status, FhirResource *resource)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  gsize length;
  const char *text = fhir_resource_get_text (resource, &length);
  g_autoptr (GBytes) bytes =
      g_bytes_new_with_free_func (text, length, (GDestroyNotify) fhir_resource_unref,
                                  fhir_resource_ref (resource));

  soup_message_headers_replace (headers, "Content-Type", HUB_FHIR_JSON);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
  soup_server_message_set_status (message, status, NULL);
}

static void
end_without_body (SoupServerMessage *message, gpointer unused)
{
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_NONE);
}

/**
 * hub_reply_status:
 *
 * Answers without a body. Where libsoup has written 204 it takes its answer for one that ends with
 * the connection and closes that without a word: the client's next request would meet a dead
 * socket.
 */
void
hub_reply_status (SoupServerMessage *message, guint status)
{
  soup_server_message_set_status (message, status, NULL);
  if (status == 204)
    g_signal_connect (message, "wrote-headers", G_CALLBACK (end_without_body), NULL);
}

/**
 * hub_reply_text:
 * @text: (transfer full): the body
 */
void
hub_reply_text (SoupServerMessage *message, guint status, const char *content_type, char *text)
{
  soup_server_message_set_response (message, content_type, SOUP_MEMORY_TAKE, text, strlen (text));
  soup_server_message_set_status (message, status, NULL);
}

/* A member of the object that is being built; nothing where @text is NULL. */
void
hub_reply_add_text (JsonBuilder *builder, const char *name, const char *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

/**
 * hub_reply_json:
 * @builder: (transfer full): a finished object
 */
void
hub_reply_json (SoupServerMessage *message, guint status, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  hub_reply_text (message, status, "application/json", json_to_string (root, FALSE));
  g_object_unref (builder);
}

void
hub_reply_redirect (SoupServerMessage *message, const char *location)
{
  soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, location);
}

static void
limit_got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if ((gsize) body->length <= GPOINTER_TO_SIZE (data))
    return;
  g_object_set_data (G_OBJECT (message), TOO_LARGE, GINT_TO_POINTER (TRUE));
  soup_message_body_set_accumulate (body, FALSE);
}

static void
limit_body_cb (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  gsize limit = GPOINTER_TO_SIZE (data);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupEncoding encoding = soup_message_headers_get_encoding (headers);

  if (encoding == SOUP_ENCODING_NONE)
    return;
  if (encoding == SOUP_ENCODING_CONTENT_LENGTH)
    {
      if (soup_message_headers_get_content_length (headers) <= (goffset) limit)
        return; /* and no more than that is read */
      g_object_set_data (G_OBJECT (message), TOO_LARGE, GINT_TO_POINTER (TRUE));
      soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
      return;
    }
  g_signal_connect (message, "got-chunk", G_CALLBACK (limit_got_chunk_cb),
                    GSIZE_TO_POINTER (limit));
}

/**
 * hub_reply_limit_bodies:
 * @path: what below it is asked
 * @limit: bytes of a request's body that are kept
 *
 * A longer body is not held in memory, and hub_reply_too_large() says so later.
 */
void
hub_reply_limit_bodies (SoupServer *soup, const char *path, gsize limit)
{
  soup_server_add_early_handler (soup, path, limit_body_cb, GSIZE_TO_POINTER (limit), NULL);
}

gboolean
hub_reply_too_large (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), TOO_LARGE) != NULL;
}
