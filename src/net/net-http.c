/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-http.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"

#define TIMEOUT_SECONDS 30

/* Of the clinic's own; NULL: there is none. Set once, before the first session. */
static GTlsDatabase *authority;

/**
 * net_http_set_authority:
 * @path: (nullable): certificates of an authority in PEM, as a clinic's administrator gives them
 *
 * Servers whose certificate that authority signed are believed as well as those that this computer
 * trusts; dates and names have to hold all the same. Before the first session is made.
 */
gboolean
net_http_set_authority (const char *path, GError **error)
{
  GList *certificates = path != NULL ? g_tls_certificate_list_new_from_file (path, NULL) : NULL;
  g_autoptr (GTlsDatabase) database =
      certificates != NULL ? g_tls_file_database_new (path, NULL) : NULL;

  g_list_free_full (certificates, g_object_unref);
  if (path != NULL && database == NULL)
    {
      g_set_error (error, NET_ERROR, NET_ERROR_PROTOCOL,
                   _ ("%s holds no certificate of an authority. Ask the clinic’s administrator for "
                      "the file again: it begins with BEGIN CERTIFICATE."),
                   path);
      return FALSE;
    }
  g_set_object (&authority, database);
  return TRUE;
}

/* Asked about a certificate that this computer does not believe. */
static gboolean
accept_cb (SoupMessage *message,
           GTlsCertificate *certificate,
           GTlsCertificateFlags wrong,
           gpointer data)
{
  GUri *uri = soup_message_get_uri (message);
  g_autoptr (GSocketConnectable) host =
      g_network_address_new (g_uri_get_host (uri), (guint16) g_uri_get_port (uri));

  return (wrong & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0 &&
         g_tls_database_verify_chain (data, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                      host, NULL, G_TLS_DATABASE_VERIFY_NONE, NULL, NULL) == 0;
}

static void
queued_cb (SoupSession *session, SoupMessage *message, gpointer data)
{
  g_signal_connect_object (message, "accept-certificate", G_CALLBACK (accept_cb), data, 0);
}

/**
 * net_http_session_new:
 *
 * Returns: (transfer full): a session that follows no redirect by itself, keeps no cookies and
 * answers no password question; it takes gzip and may be used from any thread
 */
SoupSession *
net_http_session_new (void)
{
  SoupSession *session = soup_session_new_with_options ("timeout", TIMEOUT_SECONDS, "idle-timeout",
                                                        60, "max-conns-per-host", 6, "user-agent",
                                                        "Bedside/" BEDSIDE_VERSION, NULL);

  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  if (authority != NULL)
    g_signal_connect_object (session, "request-queued", G_CALLBACK (queued_cb), authority, 0);
  return session;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

/**
 * net_http_parse_url:
 *
 * Returns: (transfer full) (nullable): the URL; NULL with @error set where it is not https, or http
 * to this machine itself, or where it carries a name and password
 */
GUri *
net_http_parse_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  gboolean encrypted = g_strcmp0 (scheme, "https") == 0 || g_strcmp0 (scheme, "wss") == 0;
  gboolean plain = g_strcmp0 (scheme, "http") == 0 || g_strcmp0 (scheme, "ws") == 0;

  if (uri == NULL || !(encrypted || plain) || g_uri_get_host (uri) == NULL ||
      *g_uri_get_host (uri) == '\0' || g_uri_get_userinfo (uri) != NULL)
    {
      net_error_set_protocol (error, FALSE,
                              _ ("This is not the address of a server. It begins with https://"));
      return NULL;
    }
  if (plain && !is_loopback (g_uri_get_host (uri)))
    {
      net_error_set_protocol (
          error, FALSE,
          _ ("The address must begin with https://, so that nobody on the way can read "
             "patients' records."));
      return NULL;
    }
  return g_steal_pointer (&uri);
}

gboolean
net_http_same_origin (GUri *a, GUri *b)
{
  return g_strcmp0 (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0 &&
         g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0 &&
         g_uri_get_port (a) == g_uri_get_port (b);
}

static void
on_wrote_headers (SoupMessage *message, gboolean *sent)
{
  *sent = TRUE;
}

static GBytes *
read_all (GInputStream *stream, gsize limit, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (65536);

  for (;;)
    {
      gssize got = g_input_stream_read (stream, buffer, 65536, cancellable, error);

      if (got < 0)
        return NULL;
      if (got == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&body));
      if (body->len + (gsize) got > limit)
        {
          net_error_set_protocol (error, FALSE,
                                  _ ("The server's answer is larger than %u MB; it was not read."),
                                  (guint) (limit >> 20));
          return NULL;
        }
      g_byte_array_append (body, buffer, (guint) got);
    }
}

/**
 * net_http_send:
 * @limit: the largest body that is read
 *
 * Blocks until the whole answer is here: for worker threads only. Redirects are not followed.
 *
 * Returns: (transfer full) (nullable): the body, whatever the status; NULL with an error of domain
 *   NET_ERROR where no whole answer came
 */
GBytes *
net_http_send (SoupSession *session,
               SoupMessage *message,
               gsize limit,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) body = NULL;
  gboolean sent = FALSE;
  gulong handler;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  handler = g_signal_connect (message, "wrote-headers", G_CALLBACK (on_wrote_headers), &sent);
  stream = soup_session_send (session, message, cancellable, &problem);
  if (stream != NULL)
    body = read_all (stream, limit, cancellable, &problem);
  g_signal_handler_disconnect (message, handler);
  if (body == NULL)
    g_propagate_error (error, net_error_new_from_transport (problem, sent));
  return g_steal_pointer (&body);
}

/**
 * net_http_fetch:
 *
 * net_http_send(), where only a whole answer that is no refusal counts.
 */
GBytes *
net_http_fetch (SoupSession *session,
                SoupMessage *message,
                gsize limit,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GBytes) body = net_http_send (session, message, limit, cancellable, error);
  GError *refused;

  if (body == NULL)
    return NULL;
  refused = net_error_new_from_response (soup_message_get_status (message), NULL, NULL);
  if (refused == NULL)
    return g_steal_pointer (&body);
  g_propagate_error (error, refused);
  return NULL;
}
