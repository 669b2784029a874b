/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-private.h"

#include "care-lobby.h"
#include "hub-gate.h"
#include "hub-reply.h"

/* GET /lobby: what every clinic window is told of the waiting rooms, so that a patient who waits or
 * writes is seen within a second though no chart is open. Looked at twice a second, and only as
 * long as somebody listens: what changed nothing is not sent. */

#define LOOK_MS           500
#define MAX_LISTENERS     300
#define MAX_FRAME         1024
#define KEEPALIVE_SECONDS 15
#define PONG_SECONDS      25

typedef struct
{
  HubSignal *signal;
  HubUser *user;
  SoupWebsocketConnection *socket;
  char *told; /* last */
} Listener;

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  g_signal_handlers_disconnect_by_data (listener->socket, listener);
  g_object_unref (listener->socket);
  hub_user_unref (listener->user);
  g_free (listener->told);
  g_free (listener);
}

static CareLobby *
look (HubSignal *self)
{
  CareLobby *lobby = care_lobby_new ();
  GHashTableIter iter;
  gpointer encounter, room;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, &encounter, &room))
    if (hub_signal_room_is_open (room))
      care_lobby_add_visit (lobby, encounter, hub_signal_room_is_patient_here (room),
                            hub_signal_room_count_unread (room));
  for (guint i = 0; i < self->listeners->len; i++)
    {
      Listener *listener = self->listeners->pdata[i];

      if (listener->user->reference != NULL)
        care_lobby_add_person (lobby, listener->user->reference);
    }
  return lobby;
}

static void
tell (Listener *listener, const char *text)
{
  if (soup_websocket_connection_get_state (listener->socket) == SOUP_WEBSOCKET_STATE_OPEN &&
      g_set_str (&listener->told, text))
    soup_websocket_connection_send_text (listener->socket, text);
}

static gboolean
look_cb (gpointer data)
{
  HubSignal *self = data;
  g_autoptr (CareLobby) lobby = NULL;
  g_autofree char *text = NULL;

  if (self->listeners->len == 0)
    {
      self->lobby_source = 0;
      return G_SOURCE_REMOVE;
    }
  lobby = look (self);
  text = care_lobby_serialise (lobby);
  for (guint i = 0; i < self->listeners->len; i++)
    tell (self->listeners->pdata[i], text);
  return G_SOURCE_CONTINUE;
}

static void
closed_cb (SoupWebsocketConnection *socket, gpointer data)
{
  Listener *listener = data;

  g_ptr_array_remove_fast (listener->signal->listeners, listener);
}

static void
let_go (SoupWebsocketConnection *socket, gushort code, const char *sentence)
{
  g_signal_connect (g_object_ref (socket), "closed", G_CALLBACK (g_object_unref), NULL);
  if (soup_websocket_connection_get_state (socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (socket, code, sentence);
}

/* Nobody has anything to say here. */
static void
message_cb (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data)
{
  let_go (socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "Nothing is asked here");
}

/* Without this the closing of a socket that broke is logged as a warning by libsoup. */
static void
error_cb (SoupWebsocketConnection *socket, GError *error, gpointer data)
{
  g_debug ("A clinic window's socket broke: %s", error->message);
}

/*
 * hub_signal_recheck_lobby:
 *
 * Who may not be here any more is told nothing more.
 */
void
hub_signal_recheck_lobby (HubSignal *self)
{
  for (guint i = self->listeners->len; i > 0; i--)
    {
      Listener *listener = self->listeners->pdata[i - 1];

      if (hub_access_may_stay (self->access, listener->user))
        continue;
      let_go (listener->socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
              "This account may not do this any more: sign in again");
      g_ptr_array_remove_index (self->listeners, i - 1);
    }
}

static HubUser *
clinician_of (HubSignal *self, SoupServerMessage *message)
{
  g_autoptr (HubUser) user = hub_access_authenticate (self->access, message);

  return user != NULL && (user->role == HUB_ROLE_PRESCRIBER || user->role == HUB_ROLE_NURSE)
             ? g_steal_pointer (&user)
             : NULL;
}

/* Runs before the handshake: a status that it sets refuses the socket. */
static void
check_handler (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  HubSignal *self = data;
  g_autoptr (HubUser) user = clinician_of (self, message);
  const char *upgrade =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Upgrade");

  if (soup_server_message_get_status (message) != 0)
    return;
  if (!g_str_equal (path, "/lobby"))
    hub_reply_outcome (message, 404, "There is nothing here");
  else if (user == NULL)
    hub_reply_outcome (message, 401, "Sign in as a clinician");
  else if (upgrade == NULL || g_ascii_strcasecmp (upgrade, "websocket") != 0)
    hub_reply_outcome (message, 426, "This is a WebSocket");
  else if (self->listeners->len >= MAX_LISTENERS)
    hub_reply_outcome (message, 503, "Too many windows are open");
}

static void
socket_handler (SoupServer *soup,
                SoupServerMessage *message,
                const char *path,
                SoupWebsocketConnection *socket,
                gpointer data)
{
  HubSignal *self = data;
  g_autoptr (HubUser) user = clinician_of (self, message);
  Listener *listener;

  if (user == NULL)
    {
      let_go (socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
      return;
    }
  listener = g_new0 (Listener, 1);
  listener->signal = self;
  listener->user = g_steal_pointer (&user);
  listener->socket = g_object_ref (socket);
  g_ptr_array_add (self->listeners, listener);
  soup_websocket_connection_set_max_incoming_payload_size (socket, MAX_FRAME);
  soup_websocket_connection_set_keepalive_interval (socket, KEEPALIVE_SECONDS);
  soup_websocket_connection_set_keepalive_pong_timeout (socket, PONG_SECONDS);
  g_signal_connect (socket, "message", G_CALLBACK (message_cb), listener);
  g_signal_connect (socket, "closed", G_CALLBACK (closed_cb), listener);
  g_signal_connect (socket, "error", G_CALLBACK (error_cb), listener);
  if (self->lobby_source == 0)
    self->lobby_source = g_timeout_add (LOOK_MS, look_cb, self);
}

void
hub_signal_attach_lobby (HubSignal *self)
{
  SoupServer *soup = hub_server_get_soup (self->server);

  self->listeners = g_ptr_array_new_with_free_func (listener_free);
  hub_gate_guard (self->server, "/lobby");
  soup_server_add_handler (soup, "/lobby", check_handler, self, NULL);
  soup_server_add_websocket_handler (soup, "/lobby", NULL, NULL, socket_handler, self, NULL);
}

void
hub_signal_close_lobby (HubSignal *self)
{
  g_clear_handle_id (&self->lobby_source, g_source_remove);
  g_clear_pointer (&self->listeners, g_ptr_array_unref);
}
