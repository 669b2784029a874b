/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-socket.h"

#include <string.h>

#include "last-reference.h"
#include "net-fixture.h"

typedef struct
{
  SoupServer *server;
  char *root, *url;
  guint accepted; /* connections */
  char *token;
  SoupWebsocketConnection *far;
  guint opened, closed;
  gboolean again;
  char *message;
} Fixture;

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  net_fixture_answer (message, 403, NULL);
}

static void
on_far_message (SoupWebsocketConnection *far, int type, GBytes *bytes, gpointer data)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *answer = g_strconcat ("echo ", text, NULL);

  soup_websocket_connection_send_text (far, answer);
}

static void
on_accepted (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             SoupWebsocketConnection *far,
             gpointer data)
{
  Fixture *self = data;

  self->accepted++;
  g_set_str (&self->token,
             soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                           "Authorization"));
  g_set_object (&self->far, far);
  g_signal_connect (far, "message", G_CALLBACK (on_far_message), self);
}

static void
on_open (NetSocket *socket, Fixture *self)
{
  self->opened++;
}

static void
on_message (NetSocket *socket, const char *text, Fixture *self)
{
  g_set_str (&self->message, text);
}

static void
on_closed (NetSocket *socket, const char *sentence, gboolean again, Fixture *self)
{
  g_assert_nonnull (strchr (sentence, ' '));
  self->closed++;
  self->again = again;
}

static NetSocket *
set_up (Fixture *self, const char *path)
{
  g_autoptr (NetSession) session = net_session_new ("http://127.0.0.1", "secret");
  NetSocket *socket;

  self->server = net_fixture_listen (on_request, self, &self->root);
  soup_server_add_websocket_handler (self->server, "/signal", NULL, NULL, on_accepted, self, NULL);
  self->url = g_strdup_printf ("ws%s%s", self->root + strlen ("http"), path);
  socket = net_socket_new (self->url, session);
  g_signal_connect (socket, "open", G_CALLBACK (on_open), self);
  g_signal_connect (socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (socket, "closed", G_CALLBACK (on_closed), self);
  net_socket_open (socket);
  return socket;
}

static void
tear_down (Fixture *self, NetSocket *socket)
{
  net_socket_close (socket);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  last_reference_drop (socket);
  g_clear_object (&self->far);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_free (self->root);
  g_free (self->url);
  g_free (self->token);
  g_free (self->message);
}

static void
test_messages (void)
{
  Fixture self = { 0 };
  NetSocket *socket = set_up (&self, "/signal");

  g_assert_false (net_socket_send (socket, "too early"));
  net_fixture_wait (self.opened == 1 && self.accepted == 1);
  g_assert_cmpstr (self.token, ==, "Bearer secret");
  g_assert_true (net_socket_send (socket, "Grüße"));
  net_fixture_wait (self.message != NULL);
  g_assert_cmpstr (self.message, ==, "echo Grüße");
  tear_down (&self, socket);
}

/* A cut line comes back by itself. */
static void
test_comes_back (void)
{
  Fixture self = { 0 };
  NetSocket *socket = set_up (&self, "/signal");

  net_fixture_wait (self.opened == 1 && self.accepted == 1);
  g_io_stream_close (soup_websocket_connection_get_io_stream (self.far), NULL, NULL);
  net_fixture_wait (self.opened == 2 && self.accepted == 2);
  g_assert_cmpuint (self.closed, ==, 1);
  g_assert_true (self.again);
  g_assert_true (net_socket_send (socket, "after"));
  net_fixture_wait (self.message != NULL);
  tear_down (&self, socket);
}

/* A door that stays shut is not knocked at for ever. */
static void
test_forbidden_is_final (void)
{
  Fixture self = { 0 };
  NetSocket *socket = set_up (&self, "/elsewhere");

  net_fixture_wait (self.closed == 1);
  g_assert_false (self.again);
  g_assert_false (net_socket_is_open (socket));
  tear_down (&self, socket);
}

/* The far end says that this visit was opened elsewhere: no fight over it. */
static void
test_sent_away_is_final (void)
{
  Fixture self = { 0 };
  NetSocket *socket = set_up (&self, "/signal");

  net_fixture_wait (self.opened == 1 && self.accepted == 1);
  soup_websocket_connection_close (self.far, 4001, "Opened in another window");
  net_fixture_wait (self.closed == 1);
  g_assert_false (self.again);
  tear_down (&self, socket);
}

static void
test_too_large (void)
{
  Fixture self = { 0 };
  g_autofree char *large = g_strnfill (5000, 'x');
  NetSocket *socket = set_up (&self, "/signal");

  net_socket_set_max_payload (socket, 1000);
  net_fixture_wait (self.opened == 1 && self.accepted == 1);
  soup_websocket_connection_send_text (self.far, large);
  net_fixture_wait (self.closed == 1);
  g_assert_null (self.message);
  tear_down (&self, socket);
}

static void
test_plain_to_elsewhere_is_refused (void)
{
  Fixture self = { 0 };
  g_autoptr (NetSocket) socket = net_socket_new ("ws://clinic.example/signal", NULL);

  g_signal_connect (socket, "closed", G_CALLBACK (on_closed), &self);
  net_socket_open (socket);
  g_assert_cmpuint (self.closed, ==, 1);
  g_assert_false (self.again);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/socket/messages", test_messages);
  g_test_add_func ("/net/socket/comes-back", test_comes_back);
  g_test_add_func ("/net/socket/forbidden-is-final", test_forbidden_is_final);
  g_test_add_func ("/net/socket/sent-away-is-final", test_sent_away_is_final);
  g_test_add_func ("/net/socket/too-large", test_too_large);
  g_test_add_func ("/net/socket/plain-to-elsewhere-is-refused", test_plain_to_elsewhere_is_refused);
  return g_test_run ();
}
