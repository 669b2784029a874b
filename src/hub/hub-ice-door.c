/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-gate.h"
#include "hub-ice.h"
#include "hub-reply.h"

/* What a workstation's self-test asks before anybody waits: GET /check/ice, which relays there are,
 * with a name and password as in a call; and the WebSocket /check/echo, which gives back what it is
 * sent, to see that sockets come through and how long they take. For clinicians. */

#define MAX_ECHO   256
#define MAX_ECHOES 32

static gboolean
may_ask (HubServer *server, SoupServerMessage *message)
{
  g_autoptr (HubUser) user = hub_access_authenticate (hub_server_get_access (server), message);

  if (user == NULL)
    hub_reply_outcome (message, 401, "Sign in to test the way to the hub");
  else if (user->role != HUB_ROLE_PRESCRIBER && user->role != HUB_ROLE_NURSE)
    hub_reply_outcome (message, 403, "Only who has calls with patients may ask for their relays");
  else
    return TRUE;
  return FALSE;
}

static void
ice_handler (SoupServer *soup,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer data)
{
  HubIce *ice = hub_server_get_ice (data);
  g_autoptr (CareVisitMessage) answer = NULL;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                "no-store");
  if (soup_server_message_get_status (message) != 0)
    return; /* nobody could be asked */
  if (!g_str_equal (path, "/check/ice"))
    hub_reply_outcome (message, 404, "There is nothing here");
  else if (!g_str_equal (soup_server_message_get_method (message), "GET"))
    hub_reply_outcome (message, 405, "This can only be read");
  else if (may_ask (data, message))
    {
      answer = ice != NULL ? hub_ice_mint (ice) : care_visit_message_new (CARE_SIGNAL_ICE);
      hub_reply_text (message, 200, "application/json; charset=utf-8",
                      care_visit_message_serialise (answer));
    }
}

/* Runs before the handshake: a status that it sets refuses the socket. */
static void
echo_handler (SoupServer *soup,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer data)
{
  const char *upgrade =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Upgrade");

  if (soup_server_message_get_status (message) != 0)
    return;
  if (may_ask (data, message) &&
      (upgrade == NULL || g_ascii_strcasecmp (upgrade, "websocket") != 0))
    hub_reply_outcome (message, 426, "This is a WebSocket");
}

static void
echo_cb (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data)
{
  guint count = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (socket), "echoes")) + 1;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autofree char *copy = g_strndup (text != NULL ? text : "", length);

  g_object_set_data (G_OBJECT (socket), "echoes", GUINT_TO_POINTER (count));
  if (count > MAX_ECHOES || type != SOUP_WEBSOCKET_DATA_TEXT)
    soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
  else
    soup_websocket_connection_send_text (socket, copy);
}

static void
socket_handler (SoupServer *soup,
                SoupServerMessage *message,
                const char *path,
                SoupWebsocketConnection *socket,
                gpointer data)
{
  soup_websocket_connection_set_max_incoming_payload_size (socket, MAX_ECHO);
  soup_websocket_connection_set_keepalive_interval (socket, 15);
  soup_websocket_connection_set_keepalive_pong_timeout (socket, 15);
  g_signal_connect (socket, "message", G_CALLBACK (echo_cb), NULL);
  g_signal_connect (g_object_ref (socket), "closed", G_CALLBACK (g_object_unref), NULL);
}

void
hub_ice_attach (HubServer *server)
{
  SoupServer *soup = hub_server_get_soup (server);

  hub_gate_guard (server, "/check");
  soup_server_add_handler (soup, "/check", ice_handler, server, NULL);
  soup_server_add_handler (soup, "/check/echo", echo_handler, server, NULL);
  soup_server_add_websocket_handler (soup, "/check/echo", NULL, NULL, socket_handler, server, NULL);
}
