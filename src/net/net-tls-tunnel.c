/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-tls-tunnel.h"

/**
 * NetTlsTunnel:
 *
 * A port on 127.0.0.1 whose connections go on to a server by TLS, which has to prove who it is.
 *
 * libnice 0.1.22, and so webrtcbin, knows no TLS towards a TURN server: asked for "turns:" it
 * speaks plain TCP to that port, which coturn takes. Name and password then pass in the clear, and
 * a firewall that lets only TLS through stops the call. Through a tunnel it is asked for "turn:" by
 * TCP here, and what leaves this computer is TLS. It flows on a thread of its own, so that no
 * window that draws holds up a voice.
 */

#define MAX_CONNECTIONS 16
#define TIMEOUT_SECONDS 20

struct _NetTlsTunnel
{
  GObject parent_instance;
  GSocketService *service;
  GSocketClient *client;
  GTlsDatabase *trusted; /* NULL: whom this computer trusts */
  char *host;
  guint16 port, local_port;
  GMainContext *context; /* of the thread, which alone touches the connections */
  GThread *thread;
  GPtrArray *splices; /* of Splice */
  int ending;         /* atomic */
};

G_DEFINE_FINAL_TYPE (NetTlsTunnel, net_tls_tunnel, G_TYPE_OBJECT)

/* One connection's two halves. */
typedef struct
{
  NetTlsTunnel *tunnel;
  GSocketConnection *near, *far;
  GCancellable *cancellable;
  guint directions; /* that still flow */
} Splice;

static void
splice_free (Splice *splice)
{
  g_ptr_array_remove_fast (splice->tunnel->splices, splice);
  g_object_unref (splice->cancellable);
  g_io_stream_close_async (G_IO_STREAM (splice->near), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  if (splice->far != NULL)
    g_io_stream_close_async (G_IO_STREAM (splice->far), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&splice->near);
  g_clear_object (&splice->far);
  g_free (splice);
}

static void
spliced_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Splice *splice = data;
  g_autoptr (GError) error = NULL;

  g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, &error);
  g_cancellable_cancel (splice->cancellable);
  if (--splice->directions == 0)
    splice_free (splice);
}

/* Where one side ends the other is closed too: a relay has no half-open connections. */
static void
flow (Splice *splice, GSocketConnection *from, GSocketConnection *to)
{
  splice->directions++;
  g_output_stream_splice_async (g_io_stream_get_output_stream (G_IO_STREAM (to)),
                                g_io_stream_get_input_stream (G_IO_STREAM (from)),
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE |
                                    G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_HIGH, splice->cancellable, spliced_cb, splice);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Splice *splice = data;
  g_autoptr (GError) error = NULL;

  splice->far = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (splice->far == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_debug ("A tunnel to a relay could not be opened: %s", error->message);
      splice_free (splice);
      return;
    }
  /* the time limit was for the handshake: a call may be silent */
  g_socket_set_timeout (g_socket_connection_get_socket (splice->far), 0);
  flow (splice, splice->near, splice->far);
  flow (splice, splice->far, splice->near);
}

static gboolean
incoming_cb (NetTlsTunnel *self, GSocketConnection *connection, GObject *unused)
{
  Splice *splice;
  g_autoptr (GSocketConnectable) place = NULL;

  if (self->splices->len >= MAX_CONNECTIONS)
    return TRUE;
  splice = g_new0 (Splice, 1);
  g_ptr_array_add (self->splices, splice);
  splice->tunnel = self;
  splice->cancellable = g_cancellable_new ();
  splice->near = g_object_ref (connection);
  g_socket_set_option (g_socket_connection_get_socket (connection), 6 /* TCP */, 1 /* NODELAY */, 1,
                       NULL);
  place = g_network_address_new (self->host, self->port);
  g_socket_client_connect_async (self->client, place, splice->cancellable, connected_cb, splice);
  return TRUE;
}

/* Ends with the last connection after it was told to. */
static gpointer
run (gpointer data)
{
  NetTlsTunnel *self = data;

  g_main_context_push_thread_default (self->context);
  g_socket_service_start (self->service);
  while (!g_atomic_int_get (&self->ending))
    g_main_context_iteration (self->context, TRUE);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  for (guint i = 0; i < self->splices->len; i++)
    g_cancellable_cancel (((Splice *) self->splices->pdata[i])->cancellable);
  while (self->splices->len > 0)
    g_main_context_iteration (self->context, TRUE);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
event_cb (NetTlsTunnel *self,
          GSocketClientEvent event,
          GSocketConnectable *place,
          GIOStream *connection)
{
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && self->trusted != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (connection), self->trusted);
}

static void
net_tls_tunnel_dispose (GObject *object)
{
  NetTlsTunnel *self = NET_TLS_TUNNEL (object);

  g_atomic_int_set (&self->ending, 1);
  g_main_context_wakeup (self->context);
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_object (&self->service);
  g_clear_object (&self->client);
  g_clear_object (&self->trusted);
  G_OBJECT_CLASS (net_tls_tunnel_parent_class)->dispose (object);
}

static void
net_tls_tunnel_finalize (GObject *object)
{
  NetTlsTunnel *self = NET_TLS_TUNNEL (object);

  g_main_context_unref (self->context);
  g_ptr_array_unref (self->splices);
  g_free (self->host);
  G_OBJECT_CLASS (net_tls_tunnel_parent_class)->finalize (object);
}

static void
net_tls_tunnel_class_init (NetTlsTunnelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = net_tls_tunnel_dispose;
  G_OBJECT_CLASS (klass)->finalize = net_tls_tunnel_finalize;
}

static void
net_tls_tunnel_init (NetTlsTunnel *self)
{
  self->context = g_main_context_new ();
  self->splices = g_ptr_array_new ();
  self->service = g_socket_service_new ();
  g_socket_service_stop (self->service); /* the thread starts it */
  self->client = g_socket_client_new ();
}

static gboolean
listen_here (NetTlsTunnel *self, GError **error)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &bound, error))
    return FALSE;
  self->local_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  return TRUE;
}

/**
 * net_tls_tunnel_new:
 * @trusted: (nullable): who vouches for the server; NULL: whom this computer trusts
 *
 * Returns: (transfer full) (nullable): a port that is open until the last reference goes
 */
NetTlsTunnel *
net_tls_tunnel_new (const char *host, guint16 port, GTlsDatabase *trusted, GError **error)
{
  g_autoptr (NetTlsTunnel) self = g_object_new (NET_TYPE_TLS_TUNNEL, NULL);

  self->host = g_strdup (host);
  self->port = port;
  g_set_object (&self->trusted, trusted);
  if (!listen_here (self, error))
    return NULL;
  g_socket_client_set_enable_proxy (self->client, FALSE);
  g_socket_client_set_tls (self->client, TRUE);
  g_socket_client_set_timeout (self->client, TIMEOUT_SECONDS);
  g_signal_connect_swapped (self->client, "event", G_CALLBACK (event_cb), self);
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  self->thread = g_thread_new ("tls-tunnel", run, self);
  return g_steal_pointer (&self);
}

guint16
net_tls_tunnel_get_port (NetTlsTunnel *self)
{
  return self->local_port;
}
