/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-socket.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "net-error.h"
#include "net-http.h"

/* A WebSocket that comes back by itself after 0.5, 1, 2, then every 4 seconds. GNetworkMonitor may
 * say "try now", through net_socket_wake(); it never decides that there is no network. Lives on the
 * main thread. */

#define MAX_PAYLOAD       ((gsize) 1024 * 1024)
#define KEEPALIVE_SECONDS 10
#define PONG_SECONDS      5
/* Where a visit waits for it: a dead line is noticed sooner, a try is given up sooner, and the next
 * follows within a second, not all at the same moment after a hub was restarted. */
#define EAGER_KEEPALIVE_SECONDS 2
#define EAGER_PONG_SECONDS      2
#define EAGER_TRY_MS            2000
#define EAGER_LONG_TRY_MS       6000 /* every fourth, for a slow path */
#define EAGER_FIRST_MS          100
#define EAGER_LAST_MS           900

typedef enum
{
  STATE_CLOSED,
  STATE_WAITING,
  STATE_TOKEN,
  STATE_CONNECTING,
  STATE_OPEN,
} State;

struct _NetSocket
{
  GObject parent_instance;
  char *url;
  char *token;
  NetSession *session;
  SoupSession *http;
  SoupMessage *handshake;
  SoupWebsocketConnection *connection;
  GCancellable *cancellable;
  State state;
  gboolean token_refused;
  gboolean eager;
  gsize max_payload;
  guint limit;  /* ends a try that takes too long */
  gint64 tried; /* monotonic: when the last try began */
  guint attempt;
  guint close_code;
  guint retry;
};

enum
{
  SIGNAL_OPEN,
  SIGNAL_MESSAGE,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (NetSocket, net_socket, G_TYPE_OBJECT)

static gboolean
on_retry (gpointer data)
{
  NetSocket *self = data;

  self->retry = 0;
  net_socket_wake (self);
  return G_SOURCE_REMOVE;
}

static void
drop_connection (NetSocket *self)
{
  g_clear_handle_id (&self->limit, g_source_remove);
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  if (self->connection != NULL &&
      soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_clear_object (&self->connection);
  g_clear_object (&self->handshake);
}

static guint
next_delay (NetSocket *self)
{
  static const guint delays[] = { 500, 1000, 2000, 4000 };

  if (self->eager)
    {
      /* from beginning to beginning: a try that hung has rested already */
      gint64 passed = self->state == STATE_OPEN
                          ? 0
                          : (g_get_monotonic_time () - self->tried) / G_TIME_SPAN_MILLISECOND;

      return (guint) MAX (EAGER_FIRST_MS,
                          g_random_int_range (EAGER_FIRST_MS, EAGER_LAST_MS) - passed);
    }
  return delays[MIN (self->attempt, G_N_ELEMENTS (delays) - 1)];
}

static void
fail (NetSocket *self, const GError *error)
{
  gboolean again = !g_error_matches (error, NET_ERROR, NET_ERROR_UNAUTHORIZED) &&
                   !g_error_matches (error, NET_ERROR, NET_ERROR_FORBIDDEN) &&
                   !g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) &&
                   !g_error_matches (error, NET_ERROR, NET_ERROR_GONE) &&
                   !g_error_matches (error, NET_ERROR, NET_ERROR_REFUSED);
  guint delay = next_delay (self);

  drop_connection (self);
  self->state = again ? STATE_WAITING : STATE_CLOSED;
  self->attempt++;
  if (again)
    self->retry =
        g_timeout_add (MAX (delay, net_error_get_retry_after (error) * 1000), on_retry, self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error->message, again);
}

static void
on_message (SoupWebsocketConnection *connection, int type, GBytes *bytes, NetSocket *self)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = NULL;

  self->attempt = 0;
  if (type != SOUP_WEBSOCKET_DATA_TEXT || data == NULL)
    return;
  text = g_strndup (data, length);
  g_object_ref (self);
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, text);
  g_object_unref (self);
}

static void
on_closed (SoupWebsocketConnection *connection, NetSocket *self)
{
  gushort code = soup_websocket_connection_get_close_code (connection);
  g_autoptr (GError) error = NULL;

  self->close_code = code;

  /* 1000 ends what was to be done, 1008 (policy) and what applications define mean "not you"; all
   * else, a server that goes away included, is a broken line. */
  if (code == SOUP_WEBSOCKET_CLOSE_NORMAL || code == SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION ||
      (code >= 4000 && code < 5000))
    {
      const char *said = soup_websocket_connection_get_close_data (connection);

      error = g_error_new (NET_ERROR, NET_ERROR_REFUSED, _ ("The server closed the connection. %s"),
                           said != NULL ? said : "");
    }
  else
    error = g_error_new_literal (NET_ERROR, NET_ERROR_OFFLINE,
                                 _ ("The connection was lost. It comes back by itself."));
  fail (self, error);
}

static void
set_keepalive (NetSocket *self)
{
  soup_websocket_connection_set_keepalive_interval (self->connection, self->eager
                                                                          ? EAGER_KEEPALIVE_SECONDS
                                                                          : KEEPALIVE_SECONDS);
  soup_websocket_connection_set_keepalive_pong_timeout (self->connection, self->eager
                                                                              ? EAGER_PONG_SECONDS
                                                                              : PONG_SECONDS);
}

/* What is still on its way is forgotten: its answer finds a cancelled try. */
static void
forget_try (NetSocket *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static gboolean
limit_cb (gpointer data)
{
  NetSocket *self = data;
  g_autoptr (GError) error =
      g_error_new_literal (NET_ERROR, NET_ERROR_OFFLINE,
                           _ ("The server did not answer. It is tried again by itself."));

  self->limit = 0;
  forget_try (self);
  fail (self, error);
  return G_SOURCE_REMOVE;
}

static void
open_connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (NetSocket) self = data;
  g_autoptr (GError) problem = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) connection =
      soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &problem);
  guint status;

  if (self->state != STATE_CONNECTING ||
      g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (connection != NULL)
    {
      g_clear_handle_id (&self->limit, g_source_remove);
      self->state = STATE_OPEN;
      self->close_code = 0;
      self->token_refused = FALSE;
      self->connection = g_steal_pointer (&connection);
      soup_websocket_connection_set_max_incoming_payload_size (self->connection, self->max_payload);
      set_keepalive (self);
      g_signal_connect (self->connection, "message", G_CALLBACK (on_message), self);
      g_signal_connect (self->connection, "closed", G_CALLBACK (on_closed), self);
      g_signal_emit (self, signals[SIGNAL_OPEN], 0);
      return;
    }
  status = soup_message_get_status (self->handshake);
  if (status == 401 && self->session != NULL && !self->token_refused)
    {
      self->token_refused = TRUE;
      self->state = STATE_WAITING;
      g_clear_object (&self->handshake);
      net_socket_wake (self);
      return;
    }
  error = status >= 400 ? net_error_new_from_response (status, NULL, NULL)
                        : net_error_new_from_transport (problem, FALSE);
  fail (self, error);
}

static void
open_with_token_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (NetSocket) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *token = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->state != STATE_TOKEN || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    {
      fail (self, error);
      return;
    }
  g_set_str (&self->token, token);
  self->handshake = soup_message_new ("GET", self->url);
  if (token != NULL)
    {
      g_autofree char *value = g_strconcat ("Bearer ", token, NULL);

      soup_message_headers_replace (soup_message_get_request_headers (self->handshake),
                                    "Authorization", value);
    }
  soup_message_add_flags (self->handshake, SOUP_MESSAGE_NO_REDIRECT);
  self->state = STATE_CONNECTING;
  soup_session_websocket_connect_async (self->http, self->handshake, NULL, NULL, G_PRIORITY_DEFAULT,
                                        self->cancellable, open_connected_cb, g_object_ref (self));
}

static void
fetch_token_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  char *token = net_session_dup_token (data, g_object_get_data (G_OBJECT (task), "stale"),
                                       cancellable, &error);

  if (token != NULL)
    g_task_return_pointer (task, token, g_free);
  else
    g_task_return_error (task, error);
}

static void
net_socket_dispose (GObject *object)
{
  NetSocket *self = NET_SOCKET (object);

  net_socket_close (self);
  g_clear_object (&self->http);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (net_socket_parent_class)->dispose (object);
}

static void
net_socket_finalize (GObject *object)
{
  NetSocket *self = NET_SOCKET (object);

  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->token, g_free);

  G_OBJECT_CLASS (net_socket_parent_class)->finalize (object);
}

static void
net_socket_class_init (NetSocketClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = net_socket_dispose;
  object_class->finalize = net_socket_finalize;

  signals[SIGNAL_OPEN] = g_signal_new ("open", NET_TYPE_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", NET_TYPE_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", NET_TYPE_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
net_socket_init (NetSocket *self)
{
  self->http = net_http_session_new ();
  self->max_payload = MAX_PAYLOAD;
}

/**
 * net_socket_new:
 * @url: ws or wss, http or https; plain only on this machine
 * @session: (nullable): whose token to send in the Authorization header
 *
 * Returns: (transfer full): a closed socket
 */
NetSocket *
net_socket_new (const char *url, NetSession *session)
{
  NetSocket *self = g_object_new (NET_TYPE_SOCKET, NULL);

  self->url = g_strdup (url);
  self->session = session != NULL ? g_object_ref (session) : NULL;
  return self;
}

void
net_socket_set_max_payload (NetSocket *self, gsize bytes)
{
  self->max_payload = bytes;
}

/**
 * net_socket_open:
 *
 * Begins to connect, and goes on until net_socket_close() or until the server says that this
 * account or address will never do.
 */
void
net_socket_open (NetSocket *self)
{
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GError) error = NULL;

  if (self->state != STATE_CLOSED)
    return;
  uri = net_http_parse_url (self->url, &error);
  if (uri == NULL)
    {
      g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error->message, FALSE);
      return;
    }
  self->cancellable = g_cancellable_new ();
  self->attempt = 0;
  self->token_refused = FALSE;
  self->state = STATE_WAITING;
  net_socket_wake (self);
}

/**
 * net_socket_wake:
 *
 * Ends a pause between two tries.
 */
void
net_socket_wake (NetSocket *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->state != STATE_WAITING)
    return;
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_handle_id (&self->limit, g_source_remove);
  if (self->eager)
    self->limit =
        g_timeout_add (self->attempt % 4 == 3 ? EAGER_LONG_TRY_MS : EAGER_TRY_MS, limit_cb, self);
  self->tried = g_get_monotonic_time ();
  self->state = STATE_TOKEN;
  task = g_task_new (self, self->cancellable, open_with_token_cb, g_object_ref (self));
  g_task_set_source_tag (task, net_socket_wake);
  if (self->session == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  g_task_set_task_data (task, g_object_ref (self->session), g_object_unref);
  if (self->token_refused)
    g_object_set_data_full (G_OBJECT (task), "stale", g_strdup (self->token), g_free);
  g_task_run_in_thread (task, fetch_token_in_thread);
}

/**
 * net_socket_set_eager:
 *
 * Whether somebody waits for this line right now: then a dead one is noticed within five seconds,
 * and the next try is never more than a second after the last. Before net_socket_open ().
 */
void
net_socket_set_eager (NetSocket *self, gboolean eager)
{
  self->eager = eager;
}

/**
 * net_socket_renew:
 *
 * The path may be another one: connects anew at once, whatever the old connection believes. One
 * that was closed for good stays so.
 */
void
net_socket_renew (NetSocket *self)
{
  g_autoptr (GError) error = NULL;

  if (self->state == STATE_CLOSED)
    return;
  if (self->state == STATE_OPEN)
    {
      error = g_error_new_literal (NET_ERROR, NET_ERROR_OFFLINE,
                                   _ ("The connection was lost. It comes back by itself."));
      self->close_code = 0;
      fail (self, error);
    }
  else if (self->state != STATE_WAITING)
    {
      forget_try (self);
      drop_connection (self);
      self->state = STATE_WAITING;
    }
  net_socket_wake (self);
}

/**
 * net_socket_send:
 *
 * Returns: FALSE where the socket is not open: the caller keeps the message, or lets it go
 */
gboolean
net_socket_send (NetSocket *self, const char *text)
{
  if (self->state != STATE_OPEN ||
      soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return FALSE;
  soup_websocket_connection_send_text (self->connection, text);
  return TRUE;
}

/**
 * net_socket_close:
 *
 * Closes for good, without a signal. net_socket_open() begins again.
 */
void
net_socket_close (NetSocket *self)
{
  self->state = STATE_CLOSED;
  g_clear_handle_id (&self->retry, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  drop_connection (self);
}

/**
 * net_socket_get_close_code:
 *
 * Returns: the code with which the server closed the connection last, 0 where it did not
 */
guint
net_socket_get_close_code (NetSocket *self)
{
  return self->close_code;
}

gboolean
net_socket_is_open (NetSocket *self)
{
  return self->state == STATE_OPEN;
}
