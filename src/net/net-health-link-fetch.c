/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "net-error.h"
#include "net-health-link.h"
#include "net-http.h"
#include "net-jwe.h"

/* Following a health link: its manifest, then its files, opened with its key. Nothing goes to the
 * server but who asks and the passcode. No redirect is followed, and no file is fetched from this
 * computer or the clinic's own network on the word of a server elsewhere. */

#define MANIFEST_MAX ((gsize) 8 * 1024 * 1024)
#define FILE_MAX     ((gsize) 40 * 1024 * 1024) /* of one in the clear: what a chart takes */
#define EMBEDDED_MAX 1000000
#define FILES_MAX    10

typedef struct
{
  NetHealthLink *link;
  char *recipient, *passcode;
  SoupSession *http;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *self = data;

  net_health_link_free (self->link);
  g_free (self->recipient);
  g_free (self->passcode);
  g_object_unref (self->http);
  g_free (self);
}

static void
set_broken (GError **error)
{
  g_set_error_literal (error, NET_ERROR, NET_ERROR_PROTOCOL,
                       _ ("The server does not answer as one for health links does. Ask for a new "
                          "link."));
}

/* ---- what a server refuses ---- */

static JsonObject *
parse_object (JsonParser *parser, GBytes *body)
{
  JsonNode *root = NULL;

  if (json_parser_load_from_data (parser, g_bytes_get_data (body, NULL),
                                  (gssize) g_bytes_get_size (body), NULL))
    root = json_parser_get_root (parser);
  return root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

static void
set_wrong_passcode (GBytes *body, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *answer = parse_object (parser, body);
  gint64 left =
      answer ? json_object_get_int_member_with_default (answer, "remainingAttempts", -1) : -1;
  guint n = (guint) CLAMP (left, 0, 1000);

  if (left < 0)
    g_set_error_literal (error, NET_ERROR, NET_ERROR_UNAUTHORIZED, _ ("The passcode is wrong."));
  else if (left == 0)
    g_set_error_literal (
        error, NET_ERROR, NET_ERROR_GONE,
        _ ("The passcode is wrong, and the link is closed now. Ask for a new one."));
  else
    g_set_error (error, NET_ERROR, NET_ERROR_UNAUTHORIZED,
                 ngettext ("The passcode is wrong. %u more try is left.",
                           "The passcode is wrong. %u more tries are left.", n),
                 n);
}

static gboolean
check_status (Fetch *self, guint status, GBytes *body, GError **error)
{
  GError *refused;

  if (status == 200)
    return TRUE;
  if (status == 401 && self->link->has_passcode)
    set_wrong_passcode (body, error);
  else if (status == 404 || status == 410)
    g_set_error_literal (error, NET_ERROR, NET_ERROR_GONE,
                         _ ("The link leads nowhere any more. Ask for a new one."));
  else if (status == 429)
    g_set_error_literal (error, NET_ERROR, NET_ERROR_THROTTLED,
                         _ ("The server was asked too often. Wait some minutes and try again."));
  else if ((refused = net_error_new_from_response (status, NULL, NULL)) && status >= 500)
    g_propagate_error (error, refused);
  else
    {
      g_clear_error (&refused);
      set_broken (error);
    }
  return FALSE;
}

/* ---- asking ---- */

static GBytes *
ask (Fetch *self, SoupMessage *message, gsize limit, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) body = net_http_send (self->http, message, limit, cancellable, error);

  if (!body || !check_status (self, soup_message_get_status (message), body, error))
    return NULL;
  return g_steal_pointer (&body);
}

static SoupMessage *
message_new (const char *method, const char *url, GError **error)
{
  g_autoptr (GUri) uri = net_http_parse_url (url, NULL);

  if (uri && g_str_equal (g_uri_get_scheme (uri), "https"))
    return soup_message_new_from_uri (method, uri);
  set_broken (error);
  return NULL;
}

/* ---- files ---- */

/* Whether a name stands for this computer or for one of the network it is in. */
static gboolean
is_near (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (!address)
    return g_ascii_strcasecmp (host, "localhost") == 0 || !strchr (host, '.');
  return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_site_local (address) ||
         g_inet_address_get_is_link_local (address) || g_inet_address_get_is_any (address);
}

static gboolean
may_fetch (Fetch *self, const char *location)
{
  g_autoptr (GUri) uri = net_http_parse_url (location, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;

  return host && (!is_near (host) || g_ascii_strcasecmp (host, self->link->host) == 0);
}

static GBytes *
open_file (Fetch *self, GBytes *sealed, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (sealed, &size);
  g_autofree char *text = g_strstrip (g_strndup (data ? data : "", size));

  return net_jwe_decrypt (text, self->link->key, FILE_MAX, NULL, error);
}

static GBytes *
fetch_file (Fetch *self, const char *url, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupMessage) message = message_new ("GET", url, error);
  g_autoptr (GBytes) body =
      message ? ask (self, message, NET_HTTP_MAX_BODY, cancellable, error) : NULL;

  return body ? open_file (self, body, error) : NULL;
}

static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static GBytes *
take_entry (Fetch *self, JsonObject *entry, GCancellable *cancellable, GError **error)
{
  const char *embedded = text_of (entry, "embedded"), *location = text_of (entry, "location");

  if (embedded)
    return net_jwe_decrypt (embedded, self->link->key, FILE_MAX, NULL, error);
  if (location && may_fetch (self, location))
    return fetch_file (self, location, cancellable, error);
  set_broken (error);
  return NULL;
}

/* ---- the manifest ---- */

static SoupMessage *
manifest_message_new (Fetch *self, GError **error)
{
  SoupMessage *message = message_new ("POST", self->link->url, error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) body = NULL;

  if (!message)
    return NULL;
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "recipient");
  json_builder_add_string_value (builder, self->recipient);
  if (self->passcode)
    {
      json_builder_set_member_name (builder, "passcode");
      json_builder_add_string_value (builder, self->passcode);
    }
  json_builder_set_member_name (builder, "embeddedLengthMax");
  json_builder_add_int_value (builder, EMBEDDED_MAX);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  body = g_bytes_new (text, strlen (text));
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  return message;
}

static GPtrArray *
take_entries (Fetch *self, JsonArray *entries, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint n = entries ? json_array_get_length (entries) : 0;

  for (guint i = 0; i < MIN (n, FILES_MAX); i++)
    {
      JsonNode *node = json_array_get_element (entries, i);
      GBytes *file = JSON_NODE_HOLDS_OBJECT (node)
                         ? take_entry (self, json_node_get_object (node), cancellable, error)
                         : NULL;

      if (!file)
        {
          if (error && !*error)
            set_broken (error);
          return NULL;
        }
      g_ptr_array_add (files, file);
    }
  if (files->len > 0)
    return g_steal_pointer (&files);
  g_set_error_literal (error, NET_ERROR, NET_ERROR_NOT_FOUND, _ ("The link holds no files now."));
  return NULL;
}

static GPtrArray *
fetch_manifest (Fetch *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupMessage) message = manifest_message_new (self, error);
  g_autoptr (GBytes) body = message ? ask (self, message, MANIFEST_MAX, cancellable, error) : NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *manifest = body ? parse_object (parser, body) : NULL;
  JsonNode *files = manifest ? json_object_get_member (manifest, "files") : NULL;

  if (body && files && JSON_NODE_HOLDS_ARRAY (files))
    return take_entries (self, json_node_get_array (files), cancellable, error);
  if (body)
    set_broken (error);
  return NULL;
}

static GPtrArray *
fetch_direct (Fetch *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *recipient = g_uri_escape_string (self->recipient, NULL, FALSE);
  g_autofree char *url = g_strconcat (self->link->url, strchr (self->link->url, '?') ? "&" : "?",
                                      "recipient=", recipient, NULL);
  GBytes *file = fetch_file (self, url, cancellable, error);
  GPtrArray *files;

  if (!file)
    return NULL;
  files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (files, file);
  return files;
}

static void
fetch_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Fetch *self = data;
  GError *error = NULL;
  GPtrArray *files = self->link->is_direct ? fetch_direct (self, cancellable, &error)
                                           : fetch_manifest (self, cancellable, &error);

  if (files)
    g_task_return_pointer (task, files, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * net_health_link_fetch_async:
 * @recipient: who asks, for whoever shared it to read
 * @passcode: (nullable): where the link has one
 *
 * Errors: %NET_ERROR_UNAUTHORIZED for a passcode that is wrong and may be tried again,
 * %NET_ERROR_GONE for a link that leads nowhere any more.
 */
void
net_health_link_fetch_async (const NetHealthLink *self,
                             const char *recipient,
                             const char *passcode,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Fetch *fetch = g_new0 (Fetch, 1);

  fetch->link = net_health_link_copy (self);
  fetch->recipient = g_strdup (recipient);
  fetch->passcode = self->has_passcode ? g_strdup (passcode) : NULL;
  fetch->http = net_http_session_new ();
  g_task_set_source_tag (task, net_health_link_fetch_async);
  g_task_set_task_data (task, fetch, fetch_free);
  g_task_run_in_thread (task, fetch_in_thread);
}

GPtrArray *
net_health_link_fetch_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
