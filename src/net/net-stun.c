/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-stun.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-stun-message.h"

/* Asks a STUN server for our own address, or a TURN server for a relay which is given back at once:
 * whether a call could use it, and if not, why, which the ICE agent does not tell. */

#define TRIES_UDP     6
#define FIRST_WAIT_MS 300

G_DEFINE_QUARK (net - stun - error - quark, net_stun_error)

typedef struct
{
  char *url, *user, *password;
  GTlsDatabase *trusted;
  guint seconds;
  guint round_trip_ms;
} Probe;

static void
probe_free (gpointer data)
{
  Probe *probe = data;

  g_free (probe->url);
  g_free (probe->user);
  g_free (probe->password);
  g_clear_object (&probe->trusted);
  g_free (probe);
}

void
net_stun_server_clear (NetStunServer *server)
{
  g_clear_pointer (&server->host, g_free);
}

/* ---- addresses ---- */

static gboolean
read_scheme (const char *url, NetStunServer *server)
{
  gboolean secure = g_str_has_prefix (url, "turns:") || g_str_has_prefix (url, "stuns:");

  server->is_turn = g_str_has_prefix (url, "turn");
  server->transport = secure                                    ? NET_STUN_TLS
                      : g_str_has_suffix (url, "transport=tcp") ? NET_STUN_TCP
                                                                : NET_STUN_UDP;
  return secure || g_str_has_prefix (url, "turn:") || g_str_has_prefix (url, "stun:");
}

/**
 * net_stun_server_parse:
 * @url: as browsers write it
 *
 * TLS over UDP (DTLS) is not spoken by webrtcbin, and so not by this: "turns:" is TLS over TCP.
 */
gboolean
net_stun_server_parse (const char *url, NetStunServer *server, GError **error)
{
  g_autofree char *place = NULL;
  g_autoptr (GSocketConnectable) address = NULL;

  if (read_scheme (url, server))
    {
      const char *rest = strchr (url, ':') + 1;

      place = g_strndup (rest, strcspn (rest, "?"));
      address =
          g_network_address_parse (place, server->transport == NET_STUN_TLS ? 5349 : 3478, NULL);
    }
  if (address == NULL || *place == '\0' || strpbrk (place, "/ @") != NULL)
    {
      g_set_error (error, NET_STUN_ERROR, NET_STUN_ERROR_ADDRESS,
                   _ ("“%s” is not the address of a STUN or TURN server."), url);
      return FALSE;
    }
  server->host = g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (address)));
  server->port = g_network_address_get_port (G_NETWORK_ADDRESS (address));
  return TRUE;
}

/* ---- errors in words ---- */

static void
set_silent (GError **error)
{
  g_set_error_literal (error, NET_STUN_ERROR, NET_STUN_ERROR_SILENT,
                       _ ("The server did not answer in time. A firewall may be in the way."));
}

static void
set_transport_error (const GError *problem, GError **error)
{
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (problem));
  else if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    set_silent (error);
  else if (problem->domain == G_TLS_ERROR)
    g_set_error (error, NET_STUN_ERROR, NET_STUN_ERROR_CERTIFICATE,
                 _ ("The server could not prove who it is. %s"), problem->message);
  else if (problem->domain == G_RESOLVER_ERROR)
    g_set_error (error, NET_STUN_ERROR, NET_STUN_ERROR_ADDRESS,
                 _ ("The server's name is not known. %s"), problem->message);
  else
    g_set_error (error, NET_STUN_ERROR, NET_STUN_ERROR_UNREACHABLE,
                 _ ("The server cannot be reached. %s"), problem->message);
}

static void
set_refused (guint code, GError **error)
{
  if (code == 401 || code == 403 || code == 441)
    g_set_error_literal (
        error, NET_STUN_ERROR, NET_STUN_ERROR_CREDENTIALS,
        _ ("The relay refused the name and password of this session: they are wrong or have run "
           "out. The clocks and the secrets of hub and relay must be the same."));
  else
    g_set_error (error, NET_STUN_ERROR, NET_STUN_ERROR_REFUSED,
                 _ ("The server refused, with its code %u."), code);
}

/* ---- one question and its answer ---- */

static gboolean
time_left (gint64 deadline, GError **error)
{
  if (g_get_monotonic_time () < deadline)
    return TRUE;
  set_silent (error);
  return FALSE;
}

static gboolean
ask_udp (GSocket *socket,
         const GByteArray *request,
         NetStunAnswer *answer,
         gint64 deadline,
         GCancellable *cancellable,
         GError **error)
{
  guint8 buffer[NET_STUN_MAX_MESSAGE];
  gint64 wait = FIRST_WAIT_MS * 1000;

  for (guint tries = 0; tries < TRIES_UDP && g_get_monotonic_time () < deadline; tries++, wait *= 2)
    {
      gint64 until = MIN (g_get_monotonic_time () + wait, deadline);

      if (g_socket_send (socket, (const char *) request->data, request->len, cancellable, error) <
          0)
        return FALSE;
      while (g_get_monotonic_time () < until)
        {
          g_autoptr (GError) local = NULL;
          gssize got;

          if (!g_socket_condition_timed_wait (socket, G_IO_IN, until - g_get_monotonic_time (),
                                              cancellable, &local))
            {
              if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
                break;
              g_propagate_error (error, g_steal_pointer (&local));
              return FALSE;
            }
          got = g_socket_receive (socket, (char *) buffer, sizeof buffer, cancellable, error);
          if (got < 0)
            return FALSE;
          if (net_stun_answer_read (buffer, (gsize) got, request, answer))
            return TRUE;
        }
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer");
  return FALSE;
}

static gboolean
ask_stream (GIOStream *stream,
            const GByteArray *request,
            NetStunAnswer *answer,
            GCancellable *cancellable,
            GError **error)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  guint8 buffer[NET_STUN_MAX_MESSAGE];
  gsize got, length;

  if (!g_output_stream_write_all (g_io_stream_get_output_stream (stream), request->data,
                                  request->len, NULL, cancellable, error) ||
      !g_input_stream_read_all (input, buffer, 4, &got, cancellable, error))
    return FALSE;
  length = got == 4 ? net_stun_message_length (buffer) : 0;
  if (length >= 4 && length <= sizeof buffer &&
      !g_input_stream_read_all (input, buffer + 4, length - 4, &got, cancellable, error))
    return FALSE;
  if (length > sizeof buffer || got + 4 != length ||
      !net_stun_answer_read (buffer, length, request, answer))
    {
      g_set_error_literal (error, NET_STUN_ERROR, NET_STUN_ERROR_PROTOCOL,
                           _ ("What answers there is no STUN or TURN server."));
      return FALSE;
    }
  return TRUE;
}

/* ---- a way to the server ---- */

typedef struct
{
  const Probe *probe;
  const NetStunServer *server;
  GSocket *socket;   /* by UDP */
  GIOStream *stream; /* or by TCP or TLS */
  gint64 deadline;
  GCancellable *cancellable;
} Way;

static void
way_clear (Way *way)
{
  g_clear_object (&way->socket);
  g_clear_object (&way->stream);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Way, way_clear)

static gboolean
open_udp (Way *way, GError **error)
{
  g_autoptr (GSocketConnectable) place =
      g_network_address_new (way->server->host, way->server->port);
  g_autoptr (GSocketAddressEnumerator) all = g_socket_connectable_enumerate (place);
  g_autoptr (GSocketAddress) address =
      g_socket_address_enumerator_next (all, way->cancellable, error);

  if (address == NULL)
    return FALSE;
  way->socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_DATAGRAM,
                              G_SOCKET_PROTOCOL_UDP, error);
  return way->socket != NULL && g_socket_connect (way->socket, address, way->cancellable, error);
}

static void
event_cb (GSocketClient *client,
          GSocketClientEvent event,
          GSocketConnectable *place,
          GIOStream *connection,
          gpointer trusted)
{
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && trusted != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (connection), trusted);
}

static gboolean
open_stream (Way *way, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) place =
      g_network_address_new (way->server->host, way->server->port);

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, way->probe->seconds);
  g_socket_client_set_tls (client, way->server->transport == NET_STUN_TLS);
  g_signal_connect (client, "event", G_CALLBACK (event_cb), way->probe->trusted);
  way->stream = G_IO_STREAM (g_socket_client_connect (client, place, way->cancellable, error));
  return way->stream != NULL;
}

static gboolean
ask (Way *way, const GByteArray *request, NetStunAnswer *answer, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean done;

  if (!time_left (way->deadline, error))
    return FALSE;
  done = way->socket != NULL
             ? ask_udp (way->socket, request, answer, way->deadline, way->cancellable, &local)
             : ask_stream (way->stream, request, answer, way->cancellable, &local);
  if (!done && local->domain == NET_STUN_ERROR)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (!done)
    set_transport_error (local, error);
  return done;
}

static gboolean
bind (Way *way, GError **error)
{
  g_autoptr (GByteArray) request = net_stun_request_new (NET_STUN_BINDING, NULL);
  g_auto (NetStunAnswer) answer = { 0 };

  if (!ask (way, request, &answer, error))
    return FALSE;
  if (answer.is_success && answer.has_address)
    return TRUE;
  set_refused (answer.code, error);
  return FALSE;
}

/* Nobody is charged for what was only tried; whether this arrives does not matter. */
static void
give_back (Way *way, const NetStunCredentials *credentials)
{
  g_autoptr (GByteArray) request = net_stun_request_new (NET_STUN_REFRESH, credentials);
  g_auto (NetStunAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  if (!ask (way, request, &answer, &error))
    g_debug ("A tried relay was not given back: %s", error->message);
}

/* The first question is answered with 401 and what the second one is to be made with. */
static gboolean
allocate (Way *way, GError **error)
{
  const Probe *probe = way->probe;
  NetStunCredentials credentials = { probe->user, probe->password, NULL, NULL };
  g_autoptr (GByteArray) first = net_stun_request_new (NET_STUN_ALLOCATE, NULL);
  g_autoptr (GByteArray) second = NULL;
  g_auto (NetStunAnswer) asked = { 0 }, answer = { 0 };

  if (!ask (way, first, &asked, error))
    return FALSE;
  if (asked.is_success && asked.has_address) /* a relay that is open to everybody */
    return TRUE;
  if (asked.code != 401 || asked.realm == NULL || asked.nonce == NULL || probe->user == NULL ||
      probe->password == NULL)
    {
      set_refused (asked.code, error);
      return FALSE;
    }
  credentials.realm = asked.realm;
  credentials.nonce = asked.nonce;
  second = net_stun_request_new (NET_STUN_ALLOCATE, &credentials);
  if (!ask (way, second, &answer, error))
    return FALSE;
  if (!answer.is_success || !answer.has_address)
    {
      set_refused (answer.code, error);
      return FALSE;
    }
  give_back (way, &credentials);
  return TRUE;
}

static gboolean
try (Probe *probe, GCancellable *cancellable, GError **error)
{
  g_auto (NetStunServer) server = { 0 };
  g_auto (Way) way = { .probe = probe,
                       .server = &server,
                       .deadline = g_get_monotonic_time () + probe->seconds * G_USEC_PER_SEC,
                       .cancellable = cancellable };
  g_autoptr (GError) local = NULL;
  gint64 begun;

  if (!net_stun_server_parse (probe->url, &server, error))
    return FALSE;
  if (!(server.transport == NET_STUN_UDP ? open_udp (&way, &local) : open_stream (&way, &local)))
    {
      set_transport_error (local, error);
      return FALSE;
    }
  begun = g_get_monotonic_time ();
  if (!(server.is_turn ? allocate (&way, error) : bind (&way, error)))
    return FALSE;
  probe->round_trip_ms = (guint) ((g_get_monotonic_time () - begun) / 1000);
  return TRUE;
}

static void
probe_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (try (data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * net_stun_probe_async:
 * @url: of a STUN or TURN server, as browsers write it
 * @user: (nullable): for a TURN server, with @password
 * @trusted: (nullable): who vouches for its certificate; NULL: whom this computer trusts
 * @seconds: how long to wait for each step
 */
void
net_stun_probe_async (const char *url,
                      const char *user,
                      const char *password,
                      GTlsDatabase *trusted,
                      guint seconds,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Probe *probe = g_new0 (Probe, 1);

  probe->url = g_strdup (url);
  probe->user = g_strdup (user);
  probe->password = g_strdup (password);
  g_set_object (&probe->trusted, trusted);
  probe->seconds = seconds;
  g_task_set_source_tag (task, net_stun_probe_async);
  g_task_set_task_data (task, probe, probe_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, probe_thread);
}

/**
 * net_stun_probe_finish:
 * @round_trip_ms: (out) (optional): how long the answers took
 * @error: NET_STUN_ERROR, with a sentence
 *
 * Returns: whether a call could use the server
 */
gboolean
net_stun_probe_finish (GAsyncResult *result, guint *round_trip_ms, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (round_trip_ms != NULL)
    *round_trip_ms = ((Probe *) g_task_get_task_data (G_TASK (result)))->round_trip_ms;
  return TRUE;
}
