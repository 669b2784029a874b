/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-fhir-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"
#include "net-http.h"

/* A FHIR server as a client sees it. Every request goes through four steps: create, sign, send,
 * interpret (net-fhir-client-message.c has the steps but sending); what is asked for in the words
 * of FHIR stands in net-fhir-client-verbs.c. Nothing that is logged holds an id or a query. */

#define REDIRECTS_MAX 3

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
GUri *
net_fhir_client_resolve (NetFhirClient *self, const char *path, GError **error)
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
  g_autoptr (GUri) uri = net_fhir_client_resolve (self, request->path, error);

  for (guint hops = 0; uri != NULL; hops++)
    {
      g_autoptr (SoupMessage) message = net_fhir_client_create_message (self, request, uri);
      g_autoptr (GBytes) body = NULL;
      const char *target;

      net_fhir_client_sign_message (message, token);
      body = net_http_send (self->http, message, NET_HTTP_MAX_BODY, cancellable, error);
      if (body == NULL)
        return NULL;
      *status = soup_message_get_status (message);
      g_debug ("%s answered %u, %" G_GSIZE_FORMAT " bytes", request->method, *status,
               g_bytes_get_size (body));
      target = hops < REDIRECTS_MAX ? redirect_target (message, request) : NULL;
      if (target == NULL)
        return net_fhir_client_interpret (self, message, body, error);
      g_clear_pointer (&uri, g_uri_unref);
      uri = net_fhir_client_resolve (self, target, error);
    }
  return NULL;
}

static void
net_fhir_client_finalize (GObject *object)
{
  NetFhirClient *self = NET_FHIR_CLIENT (object);

  g_clear_object (&self->http);
  g_clear_object (&self->origin);
  g_mutex_clear (&self->mutex);
  g_free (self->store);
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
  g_mutex_init (&self->mutex);
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

  self->origin = g_object_ref (other);
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

/* One name for all clients that were made from one. */
static NetFhirClient *
lock_origin (NetFhirClient *self)
{
  NetFhirClient *origin = self->origin != NULL ? self->origin : self;

  g_mutex_lock (&origin->mutex);
  return origin;
}

/**
 * net_fhir_client_set_store:
 * @store: (nullable): the name of the records that every request is meant for, as the server gave
 *   it; a server that knows such names and has others by now does nothing then
 */
void
net_fhir_client_set_store (NetFhirClient *self, const char *store)
{
  NetFhirClient *origin = lock_origin (self);

  if (g_set_str (&origin->store, store))
    origin->other_store = FALSE;
  g_mutex_unlock (&origin->mutex);
}

/**
 * net_fhir_client_has_other_store:
 *
 * Returns: whether the server has refused a request since the name was set, because it has others
 */
gboolean
net_fhir_client_has_other_store (NetFhirClient *self)
{
  NetFhirClient *origin = lock_origin (self);
  gboolean other = origin->other_store;

  g_mutex_unlock (&origin->mutex);
  return other;
}

/* @date: (nullable): as the answer's header has it */
void
net_fhir_client_note_time (NetFhirClient *self, const char *date)
{
  g_autoptr (GDateTime) when = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;
  NetFhirClient *origin = lock_origin (self);

  origin->server_time = when != NULL ? g_date_time_to_unix_usec (when) : 0;
  g_mutex_unlock (&origin->mutex);
}

/**
 * net_fhir_client_get_server_time:
 *
 * Returns: µs, in whole seconds: what the server's clock said with its newest answer; 0: nothing
 */
gint64
net_fhir_client_get_server_time (NetFhirClient *self)
{
  NetFhirClient *origin = lock_origin (self);
  gint64 time = origin->server_time;

  g_mutex_unlock (&origin->mutex);
  return time;
}

char *
net_fhir_client_dup_store (NetFhirClient *self)
{
  NetFhirClient *origin = lock_origin (self);
  char *store = g_strdup (origin->store);

  g_mutex_unlock (&origin->mutex);
  return store;
}

void
net_fhir_client_note_other_store (NetFhirClient *self)
{
  lock_origin (self)->other_store = TRUE;
  g_mutex_unlock (&(self->origin != NULL ? self->origin : self)->mutex);
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
