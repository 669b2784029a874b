/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-fhir-client-private.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/socket.h>

#include "net-error.h"
#include "net-http.h"

/* A request becomes a message, and a message's answer is read. */

/* A paced upload has little on its way, so that what is urgent does not stand behind it. */
#define SEND_BUFFER (64 * 1024)

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
SoupMessage *
net_fhir_client_create_message (NetFhirClient *self, const NetRequest *request, GUri *uri)
{
  SoupMessage *message = soup_message_new_from_uri (request->method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *store = net_fhir_client_dup_store (self);

  soup_message_headers_replace (headers, "Accept", "application/fhir+json");
  if (store != NULL)
    soup_message_headers_replace (headers, NET_STORE_HEADER, store);
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
void
net_fhir_client_sign_message (SoupMessage *message, const char *token)
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
NetAnswer *
net_fhir_client_interpret (NetFhirClient *self, SoupMessage *message, GBytes *body, GError **error)
{
  g_autoptr (NetAnswer) answer = g_new0 (NetAnswer, 1);
  g_autoptr (GError) unreadable = NULL;
  g_autoptr (GError) refused = NULL;
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  gsize length;
  const char *text = g_bytes_get_data (body, &length);

  answer->status = soup_message_get_status (message);
  if (answer->status == 412 && soup_message_headers_get_one (headers, NET_STORE_HEADER) != NULL)
    {
      net_fhir_client_note_other_store (self);
      net_error_set_other_store (error);
      return NULL;
    }
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
  net_fhir_client_note_time (self, soup_message_headers_get_one (headers, "Date"));
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
