/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-relay.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base-id.h"
#include "hub-link.h"
#include "hub-reply.h"
#include "hub-upstream.h"
#include "net-http.h"

/* The copy that a socket came to knows whose it is, and tells the owner under a seal that is good
 * for a minute. When the owner goes, the client's socket is closed as a server's that goes away,
 * and the client comes back by itself. */

#define PURPOSE   "relay"
#define GOOD_US   (60 * G_USEC_PER_SEC)
#define MAX_EARLY 16

typedef struct
{
  HubServer *server;
  char *owner;
  SoupSession *http;
  SoupWebsocketConnection *near; /* the client's */
  SoupWebsocketConnection *far;  /* the owner's; NULL until it is open */
  GQueue early;                  /* of char* */
} Relay;

/* ---- the seal ------------------------------------------------------------------------------- */

static char *
make_pass (HubServer *server, const char *encounter, CareVisitRole role, HubUser *user)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autofree char *body = NULL;
  g_autofree char *seal = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "at");
  json_builder_add_int_value (builder, base_clock_now (hub_server_get_clock (server)));
  hub_reply_add_text (builder, "visit", encounter);
  hub_reply_add_text (builder, "as", care_visit_role_name (role));
  if (user != NULL)
    {
      hub_reply_add_text (builder, "name", user->name);
      hub_reply_add_text (builder, "display", user->display);
      hub_reply_add_text (builder, "role", hub_role_get_name (user->role));
      hub_reply_add_text (builder, "reference", user->reference);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  body = base_base64url ((const guint8 *) text, strlen (text));
  seal =
      hub_link_mark (hub_upstream_get_link_key (hub_server_get_upstream (server)), PURPOSE, body);
  return g_strconcat (body, ".", seal, NULL);
}

static const char *
text_of (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static JsonNode *
open_pass (HubServer *server, const char *pass)
{
  const char *dot = pass != NULL ? strchr (pass, '.') : NULL;
  GBytes *key = hub_upstream_get_link_key (hub_server_get_upstream (server));
  g_autofree char *body = dot != NULL ? g_strndup (pass, (gsize) (dot - pass)) : NULL;
  g_autofree char *seal = body != NULL ? hub_link_mark (key, PURPOSE, body) : NULL;
  g_autofree char *text = NULL;

  if (seal == NULL || !base_equal_constant_time (seal, dot + 1))
    return NULL;
  text = hub_link_decode (body);
  return json_from_string (text, NULL);
}

/**
 * hub_relay_read:
 * @user: (out) (nullable): who a clinician is
 *
 * Returns: as whom another copy sends this socket; NONE where none does
 */
CareVisitRole
hub_relay_read (HubServer *server,
                SoupServerMessage *message,
                const char *encounter,
                HubUser **user)
{
  const char *pass =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    HUB_RELAY_HEADER);
  g_autoptr (JsonNode) root =
      hub_server_get_upstream (server) != NULL ? open_pass (server, pass) : NULL;
  JsonObject *object = root != NULL ? json_node_get_object (root) : NULL;
  gint64 age;

  *user = NULL;
  if (object == NULL)
    return CARE_VISIT_ROLE_NONE;
  age = base_clock_now (hub_server_get_clock (server)) - json_object_get_int_member (object, "at");
  if (ABS (age) > GOOD_US || g_strcmp0 (text_of (object, "visit"), encounter) != 0)
    return CARE_VISIT_ROLE_NONE;
  if (g_strcmp0 (text_of (object, "as"), care_visit_role_name (CARE_VISIT_ROLE_PATIENT)) == 0)
    return CARE_VISIT_ROLE_PATIENT;
  if (g_strcmp0 (text_of (object, "as"), care_visit_role_name (CARE_VISIT_ROLE_CLINICIAN)) != 0)
    return CARE_VISIT_ROLE_NONE;
  *user =
      hub_user_new (text_of (object, "name"), text_of (object, "display"),
                    hub_role_from_name (text_of (object, "role")), text_of (object, "reference"));
  return CARE_VISIT_ROLE_CLINICIAN;
}

/* ---- carrying ------------------------------------------------------------------------------- */

static void
relay_free (Relay *self)
{
  g_signal_handlers_disconnect_by_data (self->near, self);
  if (self->far != NULL)
    g_signal_handlers_disconnect_by_data (self->far, self);
  g_clear_object (&self->near);
  g_clear_object (&self->far);
  g_clear_object (&self->http);
  g_clear_object (&self->server);
  g_queue_clear_full (&self->early, g_free);
  g_free (self->owner);
  g_free (self);
}

static void
close_socket (SoupWebsocketConnection *socket, gushort code, const char *reason)
{
  if (socket == NULL || soup_websocket_connection_get_state (socket) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  /* It lives until its closing is done. */
  g_signal_connect (g_object_ref (socket), "closed", G_CALLBACK (g_object_unref), NULL);
  soup_websocket_connection_close (socket, code, reason);
}

/* The owner's own word goes on; a broken line means: come again. */
static void
far_closed_cb (SoupWebsocketConnection *socket, gpointer data)
{
  Relay *self = data;
  gushort code = soup_websocket_connection_get_close_code (socket);
  gboolean said = code == SOUP_WEBSOCKET_CLOSE_NORMAL ||
                  code == SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION || (code >= 4000 && code < 5000);
  HubCopies *copies = hub_server_get_copies (self->server);

  if (code == 0 || code == SOUP_WEBSOCKET_CLOSE_ABNORMAL)
    hub_copies_note_lost (copies, self->owner);
  close_socket (self->near, said ? code : SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                said ? soup_websocket_connection_get_close_data (socket) : NULL);
  relay_free (self);
}

static void
near_closed_cb (SoupWebsocketConnection *socket, gpointer data)
{
  Relay *self = data;

  if (self->far == NULL)
    {
      g_signal_handlers_disconnect_by_data (self->near, self);
      return; /* what opens sees it */
    }
  close_socket (self->far, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  relay_free (self);
}

static void
error_cb (SoupWebsocketConnection *socket, GError *error, gpointer data)
{
  g_debug ("A visit's socket broke: %s", error->message);
}

static char *
dup_text (GBytes *bytes)
{
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
far_message_cb (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data)
{
  Relay *self = data;
  g_autofree char *text = dup_text (bytes);

  if (soup_websocket_connection_get_state (self->near) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->near, text);
}

static void
near_message_cb (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data)
{
  Relay *self = data;
  g_autofree char *text = dup_text (bytes);

  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    close_socket (self->near, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "Messages are text");
  else if (self->far == NULL && self->early.length < MAX_EARLY)
    g_queue_push_tail (&self->early, g_steal_pointer (&text));
  else if (self->far != NULL &&
           soup_websocket_connection_get_state (self->far) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->far, text);
}

static void
watch (Relay *self, SoupWebsocketConnection *socket, GCallback message, GCallback closed)
{
  soup_websocket_connection_set_max_incoming_payload_size (socket, CARE_VISIT_MAX_FRAME);
  soup_websocket_connection_set_keepalive_interval (socket, 5);
  soup_websocket_connection_set_keepalive_pong_timeout (socket, 5);
  g_signal_connect (socket, "message", message, self);
  g_signal_connect (socket, "closed", closed, self);
  g_signal_connect (socket, "error", G_CALLBACK (error_cb), self);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Relay *self = data;
  g_autoptr (GError) error = NULL;
  char *text;

  self->far = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (self->far == NULL)
    {
      g_debug ("The copy at %s did not take a visit's socket: %s", self->owner, error->message);
      hub_copies_note_lost (hub_server_get_copies (self->server), self->owner);
      close_socket (self->near, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
      relay_free (self);
      return;
    }
  watch (self, self->far, G_CALLBACK (far_message_cb), G_CALLBACK (far_closed_cb));
  if (soup_websocket_connection_get_state (self->near) != SOUP_WEBSOCKET_STATE_OPEN)
    {
      near_closed_cb (self->near, self);
      return;
    }
  while ((text = g_queue_pop_head (&self->early)) != NULL)
    {
      soup_websocket_connection_send_text (self->far, text);
      g_free (text);
    }
}

/**
 * hub_relay_start:
 * @owner: the address of the copy that has the visit
 * @user: (nullable): who a clinician is
 */
void
hub_relay_start (HubServer *server,
                 const char *owner,
                 const char *encounter,
                 CareVisitRole role,
                 HubUser *user,
                 SoupWebsocketConnection *socket)
{
  Relay *self = g_new0 (Relay, 1);
  g_autofree char *url =
      g_strdup_printf ("ws%s/visit/%s/signal", owner + strlen ("http"), encounter);
  g_autofree char *pass = make_pass (server, encounter, role, user);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);

  self->server = g_object_ref (server);
  self->owner = g_strdup (owner);
  self->near = g_object_ref (socket);
  self->http = net_http_session_new ();
  g_queue_init (&self->early);
  soup_session_set_timeout (self->http, 5);
  watch (self, self->near, G_CALLBACK (near_message_cb), G_CALLBACK (near_closed_cb));
  soup_message_headers_replace (soup_message_get_request_headers (message), HUB_RELAY_HEADER, pass);
  soup_session_websocket_connect_async (self->http, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL,
                                        connected_cb, self);
}
