/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"
#include "net-fhir-client-private.h"
#include "net-http.h"

/* Fetching an attachment. It may be large and the line slow, so it comes in parts, says how far it
 * is, and can be stopped. Only from the server one is signed in to: a link into a document is no
 * reason to tell anyone else that it is read. */

typedef struct
{
  char *url;
  NetProgress progress;
  gpointer data;
  double part; /* on its way to the main thread */
  gint told;   /* atomic: one is on its way */
} Download;

static void
download_free (gpointer data)
{
  Download *self = data;

  g_free (self->url);
  g_free (self);
}

static gboolean
tell_cb (gpointer user_data)
{
  GTask *task = user_data;
  Download *self = g_task_get_task_data (task);

  g_atomic_int_set (&self->told, 0);
  if (!g_task_get_completed (task) && !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    self->progress (self->part, self->data);
  return G_SOURCE_REMOVE;
}

static void
tell (GTask *task, double part)
{
  Download *self = g_task_get_task_data (task);

  if (!self->progress || !g_atomic_int_compare_and_exchange (&self->told, 0, 1))
    return;
  self->part = part;
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_cb, g_object_ref (task), g_object_unref);
}

static GBytes *
read_parts (GTask *task, GInputStream *stream, goffset expected, GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (65536);

  for (;;)
    {
      gssize got =
          g_input_stream_read (stream, buffer, 65536, g_task_get_cancellable (task), error);

      if (got < 0)
        return NULL;
      if (got == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&body));
      if (body->len + (gsize) got > NET_HTTP_MAX_BODY)
        {
          net_error_set_protocol (error, FALSE,
                                  _ ("The server's answer is larger than %u MB; it was not read."),
                                  (guint) (NET_HTTP_MAX_BODY >> 20));
          return NULL;
        }
      g_byte_array_append (body, buffer, (guint) got);
      tell (task, expected > 0 ? MIN (1.0, (double) body->len / (double) expected) : -1.0);
    }
}

/* A server may answer with the Binary resource although its bytes were asked for. */
static GBytes *
unwrap (SoupMessage *message, GBytes *body)
{
  const char *type =
      soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL);
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr (FhirResource) binary = NULL;
  const char *data;
  guint8 *bytes;

  if (g_strcmp0 (type, "application/fhir+json") == 0)
    binary = fhir_resource_parse (text, (gssize) length, NULL);
  if (!binary || !g_str_equal (fhir_resource_get_type (binary), "Binary") ||
      !(data = fhir_resource_path_text (binary, "data")))
    return g_bytes_ref (body);
  bytes = g_base64_decode (data, &length);
  return g_bytes_new_take (bytes, length);
}

static GBytes *
fetch (NetFhirClient *self, GTask *task, const char *token, guint *status, GError **error)
{
  Download *download = g_task_get_task_data (task);
  g_autoptr (GUri) uri = net_fhir_client_resolve (self, download->url, error);
  NetRequest request = { .method = "GET" };
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (NetAnswer) refusal = NULL;

  if (!uri)
    return NULL;
  message = net_fhir_client_create_message (self, &request, uri);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept", "*/*");
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  net_fhir_client_sign_message (message, token);
  stream = soup_session_send (self->http, message, g_task_get_cancellable (task), error);
  if (!stream)
    return NULL;
  *status = soup_message_get_status (message);
  body = read_parts (task, stream,
                     soup_message_headers_get_content_length (
                         soup_message_get_response_headers (message)),
                     error);
  if (!body)
    return NULL;
  if (*status == 200)
    return unwrap (message, body);
  refusal = net_fhir_client_interpret (self, message, body, error);
  if (refusal)
    net_error_set_protocol (error, FALSE, _ ("The server sent no document."));
  return NULL;
}

static void
download_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  NetFhirClient *self = source;
  g_autofree char *token = NULL, *renewed = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *body = NULL;
  guint status = 0;

  if (self->session)
    token = net_session_dup_token (self->session, NULL, cancellable, &error);
  if (!error)
    body = fetch (self, task, token, &status, &error);
  if (!body && status == 401 && token)
    {
      g_clear_error (&error);
      renewed = net_session_dup_token (self->session, token, cancellable, &error);
      body = renewed ? fetch (self, task, renewed, &status, &error) : NULL;
    }
  if (body)
    g_task_return_pointer (task, body, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * net_fhir_client_download_async:
 * @url: "Binary/1", or a URL of the same server
 * @progress: (nullable): must stay callable with @data until the end or until it was cancelled
 */
void
net_fhir_client_download_async (NetFhirClient *self,
                                const char *url,
                                NetProgress progress,
                                gpointer data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Download *download = g_new0 (Download, 1);

  download->url = g_strdup (url);
  download->progress = progress;
  download->data = data;
  g_task_set_source_tag (task, net_fhir_client_download_async);
  g_task_set_task_data (task, download, download_free);
  g_task_run_in_thread (task, download_in_thread);
}

GBytes *
net_fhir_client_download_finish (NetFhirClient *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
