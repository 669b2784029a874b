/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-fhir-client.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/socket.h>

#include "net-error.h"
#include "net-http.h"

/* A FHIR server as a client sees it. Every request goes through four steps: create, sign, send,
 * interpret. Searches that name a patient are sent as a form, and nothing that is logged holds an
 * id or a query. */

#define REDIRECTS_MAX 3
/* A paced upload has little on its way, so that what is urgent does not stand behind it. */
#define SEND_BUFFER (64 * 1024)

struct _NetFhirClient
{
  GObject parent_instance;
  char *base_url; /* without a slash at the end */
  GUri *base;
  NetSession *session;
  SoupSession *http;
  gint no_form_search; /* atomic: the server does not take POST _search */
  NetPace pace;        /* of request bodies; NULL: as fast as they go */
  gpointer pace_data;
};

G_DEFINE_FINAL_TYPE (NetFhirClient, net_fhir_client, G_TYPE_OBJECT)

void
net_answer_free (NetAnswer *answer)
{
  g_free (answer->version);
  g_free (answer->location);
  g_free (answer->updated);
  g_clear_pointer (&answer->resource, fhir_resource_unref);
  g_free (answer);
}

static NetRequest *
request_copy (const NetRequest *from)
{
  NetRequest *copy = g_new0 (NetRequest, 1);

  copy->method = g_strdup (from->method);
  copy->path = g_strdup (from->path);
  copy->form = g_strdup (from->form);
  copy->body = from->body != NULL ? fhir_resource_ref (from->body) : NULL;
  copy->if_match = g_strdup (from->if_match);
  copy->if_none_exist = g_strdup (from->if_none_exist);
  return copy;
}

static void
request_free (NetRequest *request)
{
  g_free ((char *) request->method);
  g_free ((char *) request->path);
  g_free ((char *) request->form);
  g_clear_pointer (&request->body, fhir_resource_unref);
  g_free ((char *) request->if_match);
  g_free ((char *) request->if_none_exist);
  g_free (request);
}

/* A URL of this server, below its base; anything else would hand the token to a stranger. */
static GUri *
resolve (NetFhirClient *self, const char *path, GError **error)
{
  g_autofree char *url = NULL;
  g_autoptr (GUri) uri = NULL;
  const char *base_path = g_uri_get_path (self->base);
  gsize length = strlen (base_path);

  if (strstr (path, "://") == NULL && *path != '/')
    url = *path == '\0' || *path == '?' ? g_strconcat (self->base_url, path, NULL)
                                        : g_strconcat (self->base_url, "/", path, NULL);
  uri = g_uri_parse_relative (self->base, url != NULL ? url : path, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL || !net_http_same_origin (uri, self->base) || g_uri_get_userinfo (uri) != NULL ||
      strncmp (g_uri_get_path (uri), base_path, length) != 0 ||
      !(g_uri_get_path (uri)[length] == '\0' || g_uri_get_path (uri)[length] == '/'))
    {
      net_error_set_protocol (
          error, FALSE,
          _ ("The server pointed to an address that is not its own. It was not followed; "
             "tell whoever runs the server."));
      return NULL;
    }
  return g_steal_pointer (&uri);
}

static void
on_network_event (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  gpointer unused)
{
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (connection))
    g_socket_set_option (g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)),
                         SOL_SOCKET, SO_SNDBUF, SEND_BUFFER, NULL);
}

/* A request that goes out, and may go out again by itself. */
typedef struct
{
  NetFhirClient *client; /* outlives its messages */
  GBytes *bytes;
} Body;

static void
body_free (gpointer data)
{
  Body *body = data;

  g_bytes_unref (body->bytes);
  g_free (body);
}

static void
fill_message (SoupMessage *message, Body *body)
{
  g_autoptr (GInputStream) stream = NULL;

  if (body->client->pace == NULL || g_bytes_get_size (body->bytes) <= NET_UPLOAD_PART)
    {
      soup_message_set_request_body_from_bytes (message, "application/fhir+json", body->bytes);
      return;
    }
  stream = net_upload_stream_new (body->bytes, body->client->pace, body->client->pace_data);
  soup_message_set_request_body (message, "application/fhir+json", stream,
                                 (gssize) g_bytes_get_size (body->bytes));
}

/* libsoup sends a PUT once more where a kept connection turned out to be closed, and by then it has
 * read the body to its end: without this the second one would be empty. */
static void
on_restarted (SoupMessage *message, Body *body)
{
  fill_message (message, body);
}

static void
set_body (NetFhirClient *self, SoupMessage *message, GBytes *bytes)
{
  Body *body = g_new0 (Body, 1);

  body->client = self;
  body->bytes = g_bytes_ref (bytes);
  g_object_set_data_full (G_OBJECT (message), "bedside-body", body, body_free);
  fill_message (message, body);
  g_signal_connect (message, "restarted", G_CALLBACK (on_restarted), body);
  if (self->pace != NULL)
    g_signal_connect (message, "network-event", G_CALLBACK (on_network_event), NULL);
}

/* Step 1: create */
static SoupMessage *
create_message (NetFhirClient *self, const NetRequest *request, GUri *uri)
{
  SoupMessage *message = soup_message_new_from_uri (request->method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_headers_replace (headers, "Accept", "application/fhir+json");
  if (request->form != NULL)
    {
      g_autoptr (GBytes) form = g_bytes_new (request->form, strlen (request->form));

      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", form);
    }
  if (request->body != NULL)
    {
      gsize length;
      const char *text = fhir_resource_get_text (request->body, &length);
      g_autoptr (GBytes) bytes =
          g_bytes_new_with_free_func (text, length, (GDestroyNotify) fhir_resource_unref,
                                      fhir_resource_ref (request->body));

      set_body (self, message, bytes);
      /* A large file need not come back as well. */
      soup_message_headers_replace (headers, "Prefer",
                                    self->pace != NULL ? "return=minimal"
                                                       : "return=representation");
    }
  if (request->if_match != NULL)
    {
      g_autofree char *tag = g_strdup_printf ("W/\"%s\"", request->if_match);

      soup_message_headers_replace (headers, "If-Match", tag);
    }
  if (request->if_none_exist != NULL)
    soup_message_headers_replace (headers, "If-None-Exist", request->if_none_exist);
  return message;
}

/* Step 2: sign */
static void
sign_message (SoupMessage *message, const char *token)
{
  g_autofree char *value = NULL;

  if (token == NULL)
    return;
  value = g_strconcat ("Bearer ", token, NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
}

static char *
parse_version (const char *etag)
{
  gsize length;

  if (etag == NULL)
    return NULL;
  if (g_str_has_prefix (etag, "W/"))
    etag += 2;
  length = strlen (etag);
  if (length >= 2 && etag[0] == '"' && etag[length - 1] == '"')
    return g_strndup (etag + 1, length - 2);
  return g_strdup (etag);
}

/* "Patient/1" out of a Location that may be absolute, relative, or name a version. */
static char *
parse_location (const char *location)
{
  g_auto (GStrv) parts = NULL;
  guint end;

  if (location == NULL)
    return NULL;
  parts = g_strsplit (location, "/", -1);
  end = g_strv_length (parts);
  if (end >= 4 && strcmp (parts[end - 2], "_history") == 0)
    end -= 2;
  return end >= 2 ? g_strdup_printf ("%s/%s", parts[end - 2], parts[end - 1]) : NULL;
}

/* Step 4: interpret */
static NetAnswer *
interpret (SoupMessage *message, GBytes *body, GError **error)
{
  g_autoptr (NetAnswer) answer = g_new0 (NetAnswer, 1);
  g_autoptr (GError) unreadable = NULL;
  g_autoptr (GError) refused = NULL;
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  gsize length;
  const char *text = g_bytes_get_data (body, &length);

  answer->status = soup_message_get_status (message);
  if (length > 0)
    answer->resource = fhir_resource_parse (text, (gssize) length, &unreadable);
  refused = net_error_new_from_response (answer->status,
                                         soup_message_headers_get_one (headers, "Retry-After"),
                                         answer->resource);
  if (refused != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&refused));
      return NULL;
    }
  if (length > 0 && answer->resource == NULL)
    {
      net_error_set_protocol (
          error, g_strcmp0 (soup_message_get_method (message), "GET") != 0,
          _ ("Something else answered in the server's place, perhaps a sign-in page of the "
             "network, or the answer was damaged on the way (%s)."),
          unreadable->message);
      return NULL;
    }
  answer->version = parse_version (soup_message_headers_get_one (headers, "ETag"));
  answer->location = parse_location (soup_message_headers_get_one (headers, "Location"));
  if (answer->resource != NULL)
    {
      answer->updated = g_strdup (fhir_resource_get_updated (answer->resource));
      if (answer->version == NULL)
        answer->version = g_strdup (fhir_resource_get_version (answer->resource));
    }
  return g_steal_pointer (&answer);
}

static const char *
redirect_target (SoupMessage *message, const NetRequest *request)
{
  guint status = soup_message_get_status (message);

  if (strcmp (request->method, "GET") != 0 ||
      !(status == 301 || status == 302 || status == 307 || status == 308))
    return NULL;
  return soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
}

static NetAnswer *
send_signed (NetFhirClient *self,
             const NetRequest *request,
             const char *token,
             guint *status,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GUri) uri = resolve (self, request->path, error);

  for (guint hops = 0; uri != NULL; hops++)
    {
      g_autoptr (SoupMessage) message = create_message (self, request, uri);
      g_autoptr (GBytes) body = NULL;
      const char *target;

      sign_message (message, token);
      body = net_http_send (self->http, message, NET_HTTP_MAX_BODY, cancellable, error);
      if (body == NULL)
        return NULL;
      *status = soup_message_get_status (message);
      g_debug ("%s answered %u, %" G_GSIZE_FORMAT " bytes", request->method, *status,
               g_bytes_get_size (body));
      target = hops < REDIRECTS_MAX ? redirect_target (message, request) : NULL;
      if (target == NULL)
        return interpret (message, body, error);
      g_clear_pointer (&uri, g_uri_unref);
      uri = resolve (self, target, error);
    }
  return NULL;
}

static void
net_fhir_client_finalize (GObject *object)
{
  NetFhirClient *self = NET_FHIR_CLIENT (object);

  g_clear_object (&self->http);
  g_clear_object (&self->session);
  g_clear_pointer (&self->base, g_uri_unref);
  g_clear_pointer (&self->base_url, g_free);

  G_OBJECT_CLASS (net_fhir_client_parent_class)->finalize (object);
}

static void
net_fhir_client_class_init (NetFhirClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = net_fhir_client_finalize;
}

static void
net_fhir_client_init (NetFhirClient *self)
{
  self->http = net_http_session_new ();
}

/**
 * net_fhir_client_new:
 * @base_url: of a FHIR R4 server: https, or http on this machine
 * @session: (nullable): whose sign-in to use
 *
 * Returns: (transfer full) (nullable): a client; may be used from any thread
 */
NetFhirClient *
net_fhir_client_new (const char *base_url, NetSession *session, GError **error)
{
  g_autoptr (NetFhirClient) self = g_object_new (NET_TYPE_FHIR_CLIENT, NULL);
  gsize length = strlen (base_url);

  while (length > 0 && base_url[length - 1] == '/')
    length--;
  self->base_url = g_strndup (base_url, length);
  self->base = net_http_parse_url (self->base_url, error);
  if (self->base == NULL)
    return NULL;
  self->session = session != NULL ? g_object_ref (session) : NULL;
  return g_steal_pointer (&self);
}

/**
 * net_fhir_client_new_paced:
 * @pace: called before each part of a large request body, in the thread that sends it
 *
 * Returns: (transfer full): a client of the same server and sign-in with connections of its own,
 * for uploads that must not stand before anything else
 */
NetFhirClient *
net_fhir_client_new_paced (NetFhirClient *other, NetPace pace, gpointer data)
{
  NetFhirClient *self = g_object_new (NET_TYPE_FHIR_CLIENT, NULL);

  self->base_url = g_strdup (other->base_url);
  self->base = g_uri_ref (other->base);
  self->session = other->session != NULL ? g_object_ref (other->session) : NULL;
  self->no_form_search = g_atomic_int_get (&other->no_form_search);
  self->pace = pace;
  self->pace_data = data;
  return self;
}

const char *
net_fhir_client_get_base_url (NetFhirClient *self)
{
  return self->base_url;
}

NetSession *
net_fhir_client_get_session (NetFhirClient *self)
{
  return self->session;
}

/**
 * net_fhir_client_set_timeout:
 * @seconds: without a byte, after which a connection counts as dead
 */
void
net_fhir_client_set_timeout (NetFhirClient *self, guint seconds)
{
  soup_session_set_timeout (self->http, seconds);
}

/**
 * net_fhir_client_send:
 *
 * Blocks: for worker threads. A token that the server refuses is renewed once.
 *
 * Returns: (transfer full) (nullable): a 2xx answer; else NULL with an error of domain NET_ERROR
 */
NetAnswer *
net_fhir_client_send (NetFhirClient *self,
                      const NetRequest *request,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *token = NULL;
  g_autofree char *renewed = NULL;
  g_autoptr (GError) problem = NULL;
  NetAnswer *answer;
  guint status = 0;

  if (self->session != NULL)
    {
      token = net_session_dup_token (self->session, NULL, cancellable, error);
      if (token == NULL)
        return NULL;
    }
  answer = send_signed (self, request, token, &status, cancellable, &problem);
  if (answer == NULL && status == 401 && token != NULL)
    {
      renewed = net_session_dup_token (self->session, token, cancellable, error);
      if (renewed == NULL)
        return NULL;
      g_clear_error (&problem);
      answer = send_signed (self, request, renewed, &status, cancellable, &problem);
    }
  if (answer == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return answer;
}

static void
send_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  NetAnswer *answer = net_fhir_client_send (source, data, cancellable, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) net_answer_free);
  else
    g_task_return_error (task, error);
}

void
net_fhir_client_send_async (NetFhirClient *self,
                            const NetRequest *request,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, net_fhir_client_send_async);
  g_task_set_task_data (task, request_copy (request), (GDestroyNotify) request_free);
  g_task_run_in_thread (task, send_in_thread);
}

NetAnswer *
net_fhir_client_send_finish (NetFhirClient *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The resource of an answer that must have one. */
static FhirResource *
steal_resource (NetAnswer *answer, const char *type, GError **error)
{
  g_autoptr (NetAnswer) owned = answer;

  if (owned == NULL)
    return NULL;
  if (owned->resource == NULL ||
      (type != NULL && g_strcmp0 (fhir_resource_get_type (owned->resource), type) != 0))
    {
      net_error_set_protocol (error, TRUE,
                              _ ("The server did not answer with a %s, as it should have."),
                              type != NULL ? type : "resource");
      return NULL;
    }
  return g_steal_pointer (&owned->resource);
}

FhirResource *
net_fhir_client_read (NetFhirClient *self,
                      const char *type,
                      const char *id,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", type, id);
  const NetRequest request = { .method = "GET", .path = path };

  return steal_resource (net_fhir_client_send (self, &request, cancellable, error), type, error);
}

/**
 * net_fhir_client_search:
 * @query: (nullable): as after the question mark, escaped
 * @identifying: the query names a patient: it goes as a form, where the server takes that
 *
 * Returns: (transfer full) (nullable): a Bundle, its first page
 */
FhirResource *
net_fhir_client_search (NetFhirClient *self,
                        const char *type,
                        const char *query,
                        gboolean identifying,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autofree char *plain = g_strdup_printf ("%s?%s", type, query != NULL ? query : "");
  const NetRequest request = { .method = "GET", .path = plain };

  if (identifying && !g_atomic_int_get (&self->no_form_search))
    {
      g_autofree char *path = g_strdup_printf ("%s/_search", type);
      g_autoptr (GError) problem = NULL;
      const NetRequest form = { .method = "POST", .path = path, .form = query };
      g_autoptr (NetAnswer) answer = net_fhir_client_send (self, &form, cancellable, &problem);

      if (answer != NULL)
        return steal_resource (g_steal_pointer (&answer), "Bundle", error);
      if (!g_error_matches (problem, NET_ERROR, NET_ERROR_NOT_FOUND) &&
          !g_error_matches (problem, NET_ERROR, NET_ERROR_REFUSED))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      g_atomic_int_set (&self->no_form_search, TRUE);
    }
  return steal_resource (net_fhir_client_send (self, &request, cancellable, error), "Bundle",
                         error);
}

/**
 * net_fhir_client_page:
 * @link: a Bundle's next link, taken as it is; one to another server is refused
 */
FhirResource *
net_fhir_client_page (NetFhirClient *self,
                      const char *link,
                      GCancellable *cancellable,
                      GError **error)
{
  const NetRequest request = { .method = "GET", .path = link };

  return steal_resource (net_fhir_client_send (self, &request, cancellable, error), "Bundle",
                         error);
}

NetAnswer *
net_fhir_client_create (NetFhirClient *self,
                        FhirResource *resource,
                        const char *if_none_exist,
                        GCancellable *cancellable,
                        GError **error)
{
  const NetRequest request = { .method = "POST",
                               .path = fhir_resource_get_type (resource),
                               .body = resource,
                               .if_none_exist = if_none_exist };

  return net_fhir_client_send (self, &request, cancellable, error);
}

NetAnswer *
net_fhir_client_update (NetFhirClient *self,
                        FhirResource *resource,
                        const char *if_match,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autofree char *path = fhir_resource_dup_reference (resource);
  const NetRequest request = {
    .method = "PUT", .path = path, .body = resource, .if_match = if_match
  };

  return net_fhir_client_send (self, &request, cancellable, error);
}

NetAnswer *
net_fhir_client_delete (NetFhirClient *self,
                        const char *type,
                        const char *id,
                        const char *if_match,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", type, id);
  const NetRequest request = { .method = "DELETE", .path = path, .if_match = if_match };

  return net_fhir_client_send (self, &request, cancellable, error);
}

/**
 * net_fhir_client_transaction:
 * @bundle: of type transaction or batch
 *
 * Returns: (transfer full) (nullable): the answering Bundle, an entry for each that was sent
 */
FhirResource *
net_fhir_client_transaction (NetFhirClient *self,
                             FhirResource *bundle,
                             GCancellable *cancellable,
                             GError **error)
{
  const NetRequest request = { .method = "POST", .path = "", .body = bundle };

  return steal_resource (net_fhir_client_send (self, &request, cancellable, error), "Bundle",
                         error);
}

FhirResource *
net_fhir_client_metadata (NetFhirClient *self, GCancellable *cancellable, GError **error)
{
  const NetRequest request = { .method = "GET", .path = "metadata" };

  return steal_resource (net_fhir_client_send (self, &request, cancellable, error),
                         "CapabilityStatement", error);
}

/**
 * net_fhir_bundle_get_next:
 *
 * Returns: (transfer none) (nullable): the opaque link to the page after this one
 */
const char *
net_fhir_bundle_get_next (FhirResource *bundle)
{
  fhir_element_foreach (link, fhir_resource_path (bundle, "link"))
    if (g_strcmp0 (fhir_element_path_text (link, "relation"), "next") == 0)
      return fhir_element_path_text (link, "url");
  return NULL;
}
