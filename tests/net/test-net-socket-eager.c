/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-socket.h"

#include "last-reference.h"
#include "net-fixture.h"

#include <string.h>

/* A line that somebody waits for, as in a visit. */

typedef struct
{
  SoupServer *server;
  char *root, *url;
  guint accepted, opened, closed;
  SoupWebsocketConnection *far;
  GPtrArray *held; /* of GSocketConnection */
} Fixture;

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  net_fixture_answer (message, 404, NULL);
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
  g_set_object (&self->far, far);
}

static void
on_open (NetSocket *socket, Fixture *self)
{
  self->opened++;
}

static void
on_closed (NetSocket *socket, const char *sentence, gboolean again, Fixture *self)
{
  g_assert_true (again);
  self->closed++;
}

static NetSocket *
open_eager (Fixture *self, const char *url)
{
  NetSocket *socket = net_socket_new (url, NULL);

  g_signal_connect (socket, "open", G_CALLBACK (on_open), self);
  g_signal_connect (socket, "closed", G_CALLBACK (on_closed), self);
  net_socket_set_eager (socket, TRUE);
  net_socket_open (socket);
  return socket;
}

static void
end (NetSocket *socket)
{
  net_socket_close (socket);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  last_reference_drop (socket);
}

/* The path may be another one: a connection that believes to be well is thrown away, once. */
static void
test_renew (void)
{
  Fixture self = { 0 };
  NetSocket *socket;

  self.server = net_fixture_listen (on_request, &self, &self.root);
  soup_server_add_websocket_handler (self.server, "/signal", NULL, NULL, on_accepted, &self, NULL);
  self.url = g_strdup_printf ("ws%s/signal", self.root + strlen ("http"));
  socket = open_eager (&self, self.url);
  net_fixture_wait (self.opened == 1 && self.accepted == 1);
  net_socket_renew (socket);
  g_assert_cmpuint (self.closed, ==, 1);
  net_socket_renew (socket); /* two reasons at once */
  net_fixture_wait (self.opened == 2);
  g_assert_true (net_socket_is_open (socket));
  g_assert_true (net_socket_send (socket, "still"));
  net_socket_close (socket);
  net_socket_renew (socket); /* closed for good is closed */
  g_assert_false (net_socket_is_open (socket));
  end (socket);
  g_clear_object (&self.far);
  soup_server_disconnect (self.server);
  g_clear_object (&self.server);
  g_free (self.root);
  g_free (self.url);
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, Fixture *self)
{
  self->accepted++;
  g_ptr_array_add (self->held, g_object_ref (connection));
  return TRUE;
}

/* Somebody takes the call and says nothing, as a path that swallows everything does: the next try
 * does not wait for this one. */
static void
test_silence (void)
{
  Fixture self = { 0 };
  g_autoptr (GSocketService) service = g_socket_service_new ();
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  gint64 began = g_get_monotonic_time ();
  NetSocket *socket;

  self.held = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), &self);
  self.url = g_strdup_printf ("ws://127.0.0.1:%u/signal", port);
  socket = open_eager (&self, self.url);
  net_fixture_wait (self.closed == 3);
  g_test_message ("three tries in %.1f s",
                  (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  g_assert_cmpuint (self.opened, ==, 0);
  g_assert_cmpuint (self.accepted, >=, 2);
  end (socket);
  g_socket_service_stop (service);
  g_ptr_array_unref (self.held);
  g_free (self.url);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net-socket-eager/renew", test_renew);
  g_test_add_func ("/net-socket-eager/silence", test_silence);
  return g_test_run ();
}
