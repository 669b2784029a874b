/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-private.h"

#include "hub-reply.h"
#include "hub-signal.h"

/* GET /echo/<token>: a WebSocket that says what it hears, which the network test measures by. It
 * has a path of its own: libsoup decides about a handshake before an answer that waits for the
 * store. The rehearsal has one too, which asks for nothing: so few are open at a time, and each
 * ends by itself. */

#define DATA_KEY    "hub-patient-echo"
#define MAX_OPEN    64
#define MAX_ECHOES  64
#define MAX_SECONDS 60

typedef struct
{
  HubServer *server;   /* owns this */
  GHashTable *sockets; /* SoupWebsocketConnection -> the timer that ends it */
} Echo;

static gboolean
is_socket (SoupServerMessage *message)
{
  const char *upgrade =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Upgrade");

  return upgrade != NULL && g_ascii_strcasecmp (upgrade, "websocket") == 0;
}

static void
echo_handler (SoupServer *soup,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer data)
{
  Echo *self = data;
  g_autofree char *hash = hub_join_hash (g_str_has_prefix (path, "/echo/") ? path + 6 : "");
  g_autofree char *session = hub_signal_dup_session (message, hash);
  gboolean known = session != NULL && hub_patient_knows_session (self->server, session);

  hub_patient_set_headers (message);
  if (!known && !(g_str_equal (path, "/echo/try") && hub_patient_may_try (self->server, message)))
    hub_patient_reply_error (message, 401, "verify");
  else if (!is_socket (message))
    hub_patient_reply_error (message, 426, "socket");
  else if (g_hash_table_size (self->sockets) >= MAX_OPEN)
    hub_patient_reply_error (message, 503, "busy");
}

static void
message_cb (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data)
{
  guint count = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (socket), "echoes")) + 1;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  g_object_set_data (G_OBJECT (socket), "echoes", GUINT_TO_POINTER (count));
  if (count > MAX_ECHOES || type != SOUP_WEBSOCKET_DATA_TEXT)
    soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
  else
    {
      g_autofree char *copy = g_strndup (text, length);

      soup_websocket_connection_send_text (socket, copy);
    }
}

static void
forget_timer (Echo *self, SoupWebsocketConnection *socket)
{
  guint timer = GPOINTER_TO_UINT (g_hash_table_lookup (self->sockets, socket));

  if (timer != 0)
    g_source_remove (timer);
}

static void
closed_cb (SoupWebsocketConnection *socket, gpointer data)
{
  Echo *self = data;

  forget_timer (self, socket);
  g_signal_handlers_disconnect_by_data (socket, self);
  g_hash_table_remove (self->sockets, socket);
}

typedef struct
{
  Echo *echo;
  SoupWebsocketConnection *socket;
} End;

static gboolean
end_cb (gpointer data)
{
  End *end = data;

  g_hash_table_replace (end->echo->sockets, g_object_ref (end->socket), GUINT_TO_POINTER (0));
  if (soup_websocket_connection_get_state (end->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (end->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  return G_SOURCE_REMOVE;
}

static void
socket_handler (SoupServer *soup,
                SoupServerMessage *message,
                const char *path,
                SoupWebsocketConnection *socket,
                gpointer data)
{
  Echo *self = data;
  End *end = g_new (End, 1);
  guint timer;

  *end = (End) { self, socket };
  timer = g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, MAX_SECONDS, end_cb, end, g_free);
  g_hash_table_replace (self->sockets, g_object_ref (socket), GUINT_TO_POINTER (timer));
  soup_websocket_connection_set_max_incoming_payload_size (socket, 256);
  soup_websocket_connection_set_keepalive_interval (socket, HUB_SIGNAL_TICK);
  soup_websocket_connection_set_keepalive_pong_timeout (socket, HUB_SIGNAL_TICK);
  g_signal_connect (socket, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (socket, "closed", G_CALLBACK (closed_cb), self);
}

static void
echo_free (gpointer data)
{
  Echo *self = data;
  GHashTableIter iter;
  gpointer socket;

  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    {
      forget_timer (self, socket);
      g_signal_handlers_disconnect_by_data (socket, self);
    }
  g_hash_table_unref (self->sockets);
  g_free (self);
}

void
hub_patient_attach_echo (HubServer *server)
{
  Echo *self = g_new0 (Echo, 1);
  SoupServer *soup = hub_server_get_soup (server);

  self->server = server;
  self->sockets = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, echo_free);
  soup_server_add_handler (soup, "/echo", echo_handler, self, NULL);
  soup_server_add_websocket_handler (soup, "/echo", NULL, NULL, socket_handler, self, NULL);
}
