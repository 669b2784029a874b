/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-subscription.h"

#include <string.h>

#include "base-id.h"
#include "hub-policy.h"
#include "hub-quirk.h"
#include "hub-reply.h"
#include "hub-subscription-private.h"
#include "store-resource.h"

/* Record changes as they happen, in the shape of the R4 Subscriptions Backport. A client creates a
 * Subscription, asks $get-ws-binding-token for a token, opens the WebSocket /fhir/ws and sends
 * "bind-with-token TOKEN". The hub answers with a handshake, then a notice for each change and a
 * heartbeat between. The count of events lives as long as the hub runs: a client that sees a gap,
 * or a handshake with a lower count than it knows, reads again. */

#define STATE         "hub-subscriptions"
#define TOKEN_US      (60 * G_USEC_PER_SEC)
#define TOKENS_KEPT   1000
#define BIND_SECONDS  10
#define PAYLOAD_LIMIT 4096
#define NOTICE_EVENTS 200
#define NOTICE_BYTES  (256 * 1024)

typedef struct
{
  char *subscription;
  HubUser *user;
  gint64 expires;
} Binding;

typedef struct
{
  HubServer *server; /* borrowed: the sockets end with it */
  StoreDatabase *store;
  HubAccess *access;
  GHashTable *bindings; /* hash of token -> Binding */
  GHashTable *counts;   /* subscription id -> gint64* */
  GPtrArray *sockets;   /* Listener* */
  gulong changed, user_changed;
} State;

/* One WebSocket, bound or not yet. */
typedef struct
{
  State *state;
  SoupWebsocketConnection *connection;
  HubUser *user;
  HubSubscription *subscription;
  guint timer;
} Listener;

static void
binding_free (gpointer data)
{
  Binding *binding = data;

  g_free (binding->subscription);
  hub_user_unref (binding->user);
  g_free (binding);
}

static void
listener_free (gpointer data)
{
  Listener *self = data;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_object_unref (self->connection);
  g_clear_pointer (&self->user, hub_user_unref);
  g_clear_pointer (&self->subscription, hub_subscription_free);
  g_free (self);
}

static void
state_free (gpointer data)
{
  State *state = data;

  g_clear_signal_handler (&state->changed, state->store);
  g_clear_signal_handler (&state->user_changed, state->access);
  g_object_unref (state->access);
  g_object_unref (state->store);
  g_ptr_array_unref (state->sockets);
  g_hash_table_unref (state->bindings);
  g_hash_table_unref (state->counts);
  g_free (state);
}

static State *
state_of (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), STATE);
}

static gint64 *
count_of (State *state, const char *subscription)
{
  gint64 *count = g_hash_table_lookup (state->counts, subscription);

  if (count == NULL)
    {
      count = g_new0 (gint64, 1);
      g_hash_table_replace (state->counts, g_strdup (subscription), count);
    }
  return count;
}

/* ---- the socket ----------------------------------------------------------------------------- */

static void
send_notice (Listener *self, const char *type, GPtrArray *changes, GHashTable *resources)
{
  g_autofree char *text = NULL;
  g_autofree char *changed = NULL;
  gint64 *count = count_of (self->state, self->subscription->id);

  if (soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  text = hub_subscription_notice (self->state->server, self->subscription->id, type, *count,
                                  changes, resources);
  changed = hub_quirk_change_text (text);
  soup_websocket_connection_send_text (self->connection, changed != NULL ? changed : text);
}

static gboolean
may_stay (Listener *self)
{
  if (hub_access_may_stay (hub_server_get_access (self->state->server), self->user))
    return TRUE;
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                                     "This account may not do this any more: sign in again");
  return FALSE;
}

static gboolean
heartbeat_cb (gpointer data)
{
  if (may_stay (data))
    send_notice (data, "heartbeat", NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static gboolean
never_bound_cb (gpointer data)
{
  Listener *self = data;

  self->timer = 0;
  soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                                   "Send bind-with-token and a token first");
  return G_SOURCE_REMOVE;
}

typedef struct
{
  State *state;
  SoupWebsocketConnection *connection;
  HubUser *user;
  char *id;
  FhirResource *resource;
} Bind;

static void
bind_free (Bind *bind)
{
  g_object_unref (bind->connection);
  hub_user_unref (bind->user);
  g_free (bind->id);
  g_clear_pointer (&bind->resource, fhir_resource_unref);
  g_object_unref (bind->state->server);
  g_free (bind);
}

static gboolean
bind_work (StoreConnection *connection, gpointer data, GError **error)
{
  Bind *bind = data;

  bind->resource = store_resource_get (connection, "Subscription", bind->id, error);
  return bind->resource != NULL;
}

static Listener *
find_listener (State *state, SoupWebsocketConnection *connection)
{
  for (guint i = 0; i < state->sockets->len; i++)
    if (((Listener *) state->sockets->pdata[i])->connection == connection)
      return state->sockets->pdata[i];
  return NULL;
}

/* One socket a subscription: the events are counted once. */
static void
close_older (State *state, const char *subscription)
{
  for (guint i = 0; i < state->sockets->len; i++)
    {
      Listener *older = state->sockets->pdata[i];

      if (older->subscription != NULL && strcmp (older->subscription->id, subscription) == 0)
        soup_websocket_connection_close (older->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                         "The subscription is bound to a newer connection");
    }
}

static void
bind_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Bind *bind = data;
  Listener *self = find_listener (bind->state, bind->connection);
  HubSubscription *subscription = NULL;
  g_autoptr (GError) error = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error) ||
      !hub_subscription_read (bind->resource, &subscription, &error))
    soup_websocket_connection_close (bind->connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                                     "The subscription is gone: create it again");
  else if (self != NULL && self->subscription == NULL)
    {
      close_older (bind->state, bind->id);
      self->user = hub_user_ref (bind->user);
      self->subscription = g_steal_pointer (&subscription);
      g_clear_handle_id (&self->timer, g_source_remove);
      self->timer = g_timeout_add_seconds (self->subscription->heartbeat, heartbeat_cb, self);
      send_notice (self, "handshake", NULL, NULL);
    }
  g_clear_pointer (&subscription, hub_subscription_free);
  bind_free (bind);
}

static void
bind_to (Listener *self, const char *token)
{
  g_autofree char *hash = base_sha256_hex (token, -1);
  Binding *binding = g_hash_table_lookup (self->state->bindings, hash);
  Bind *bind;

  if (binding == NULL ||
      binding->expires < base_clock_now (hub_server_get_clock (self->state->server)))
    {
      soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                                       "The token is unknown or too old: ask for a new one");
      return;
    }
  bind = g_new0 (Bind, 1);
  bind->state = self->state;
  g_object_ref (self->state->server);
  bind->connection = g_object_ref (self->connection);
  bind->user = hub_user_ref (binding->user);
  bind->id = g_strdup (binding->subscription);
  g_hash_table_remove (self->state->bindings, hash); /* good once */
  store_database_read_async (hub_server_get_store (bind->state->server), bind_work, bind, NULL,
                             NULL, bind_done_cb, bind);
}

static void
socket_message_cb (SoupWebsocketConnection *connection, int type, GBytes *message, gpointer data)
{
  static const char word[] = "bind-with-token";
  Listener *self = data;
  gsize length;
  const char *bytes = g_bytes_get_data (message, &length);
  g_autofree char *text = g_strndup (bytes, length);

  if (type != SOUP_WEBSOCKET_DATA_TEXT || self->subscription != NULL ||
      !g_str_has_prefix (text, word))
    return;
  bind_to (self, g_strstrip (text + strlen (word) + strspn (text + strlen (word), ": ")));
}

static void
socket_closed_cb (SoupWebsocketConnection *connection, gpointer data)
{
  Listener *self = data;

  g_ptr_array_remove_fast (self->state->sockets, self);
}

static void
socket_opened (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               SoupWebsocketConnection *connection,
               gpointer data)
{
  Listener *self = g_new0 (Listener, 1);

  self->state = state_of (data);
  self->connection = g_object_ref (connection);
  self->timer = g_timeout_add_seconds (BIND_SECONDS, never_bound_cb, self);
  soup_websocket_connection_set_max_incoming_payload_size (connection, PAYLOAD_LIMIT);
  g_signal_connect (connection, "message", G_CALLBACK (socket_message_cb), self);
  g_signal_connect (connection, "closed", G_CALLBACK (socket_closed_cb), self);
  g_ptr_array_add (self->state->sockets, self);
}

/* ---- changes -------------------------------------------------------------------------------- */

static gboolean
is_for (Listener *self, const StoreChange *change)
{
  const HubSubscription *wanted = self->subscription;

  return wanted != NULL && (wanted->type == NULL || strcmp (wanted->type, change->type) == 0) &&
         (wanted->patient == NULL || g_strcmp0 (wanted->patient, change->patient) == 0) &&
         (self->user->role != HUB_ROLE_PHARMACY || strcmp (change->type, "Task") == 0) &&
         hub_policy_allows (self->user, HUB_READ, change->type, NULL);
}

static GPtrArray *
pick (Listener *self, GPtrArray *changes, GHashTable *resources)
{
  GPtrArray *picked = g_ptr_array_new ();

  for (guint i = 0; i < changes->len; i++)
    {
      StoreChange *change = changes->pdata[i];
      g_autofree char *reference = g_strdup_printf ("%s/%s", change->type, change->id);
      FhirResource *resource = g_hash_table_lookup (resources, reference);

      /* What cannot be looked at is told to members of the clinic only. */
      if (is_for (self, change) && (resource != NULL ? hub_policy_shows (self->user, resource)
                                                     : self->user->role != HUB_ROLE_PHARMACY))
        g_ptr_array_add (picked, change);
    }
  return picked;
}

static gsize
size_of (GHashTable *resources, const StoreChange *change)
{
  g_autofree char *reference = g_strdup_printf ("%s/%s", change->type, change->id);
  FhirResource *resource = g_hash_table_lookup (resources, reference);
  gsize length = 0;

  if (resource != NULL)
    fhir_resource_get_text (resource, &length);
  return length;
}

static void
tell_part (Listener *self, GPtrArray *part, GHashTable *resources)
{
  *count_of (self->state, self->subscription->id) += part->len;
  send_notice (self, "event-notification", part, resources);
  g_ptr_array_set_size (part, 0);
}

/* A frame stays small enough for any client; what is larger comes by its reference only. */
static void
tell (Listener *self, GPtrArray *changes, GHashTable *resources)
{
  g_autoptr (GPtrArray) picked = pick (self, changes, resources);
  g_autoptr (GPtrArray) part = g_ptr_array_new ();
  gboolean with_content = self->subscription->with_content;
  gsize bytes = 0;

  for (guint i = 0; i < picked->len; i++)
    {
      gsize size = with_content ? size_of (resources, picked->pdata[i]) : 0;

      if (part->len > 0 && (part->len >= NOTICE_EVENTS || bytes + size > NOTICE_BYTES))
        {
          tell_part (self, part, with_content && bytes <= NOTICE_BYTES ? resources : NULL);
          bytes = 0;
        }
      g_ptr_array_add (part, picked->pdata[i]);
      bytes += size;
    }
  if (part->len > 0)
    tell_part (self, part, with_content && bytes <= NOTICE_BYTES ? resources : NULL);
}

typedef struct
{
  State *state;
  GPtrArray *changes;
  GHashTable *resources;
} Fetch;

static gboolean
fetch_work (StoreConnection *connection, gpointer data, GError **error)
{
  Fetch *fetch = data;

  hub_subscription_load (connection, fetch->changes, fetch->resources);
  return TRUE;
}

static void
announce (Fetch *fetch)
{
  for (guint i = 0; i < fetch->state->sockets->len; i++)
    if (((Listener *) fetch->state->sockets->pdata[i])->subscription != NULL &&
        may_stay (fetch->state->sockets->pdata[i]))
      tell (fetch->state->sockets->pdata[i], fetch->changes, fetch->resources);
  g_ptr_array_unref (fetch->changes);
  g_hash_table_unref (fetch->resources);
  g_object_unref (fetch->state->server);
  g_free (fetch);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  store_database_read_finish (STORE_DATABASE (source), result, NULL);
  announce (data);
}

/* Content is wanted, or a role sees only some resources of a type: then they are read first. */
static gboolean
needs_resources (State *state)
{
  for (guint i = 0; i < state->sockets->len; i++)
    {
      const Listener *listener = state->sockets->pdata[i];

      if (listener->subscription != NULL &&
          (listener->subscription->with_content || listener->user->role == HUB_ROLE_PHARMACY))
        return TRUE;
    }
  return FALSE;
}

static void
store_changed_cb (StoreDatabase *store, GPtrArray *changes, gpointer data)
{
  State *state = data;
  Fetch *fetch;

  if (state->sockets->len == 0)
    return;
  fetch = g_new0 (Fetch, 1);
  fetch->state = state;
  g_object_ref (state->server);
  fetch->changes = hub_subscription_copy_changes (changes);
  fetch->resources =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) fhir_resource_unref);
  if (needs_resources (state))
    store_database_read_async (store, fetch_work, fetch, NULL, NULL, fetched_cb, fetch);
  else
    announce (fetch);
}

static gboolean
binding_is_of (gpointer hash, gpointer binding, gpointer access)
{
  return !hub_access_may_stay (access, ((Binding *) binding)->user);
}

/* Who may not sign in any more is told nothing more, not even that all is well. */
static void
user_changed_cb (HubAccess *access, const char *name, gpointer data)
{
  State *state = data;

  g_hash_table_foreach_remove (state->bindings, binding_is_of, access);
  for (guint i = 0; i < state->sockets->len; i++)
    if (((Listener *) state->sockets->pdata[i])->subscription != NULL)
      may_stay (state->sockets->pdata[i]);
}

/* ---- operations ----------------------------------------------------------------------------- */

static gboolean
find_work (StoreConnection *connection, gpointer data, GError **error)
{
  HubRequest *request = data;

  request->answer = store_resource_get (connection, "Subscription", request->id, error);
  return request->answer != NULL;
}

static gboolean
binding_is_old (gpointer hash, gpointer binding, gpointer now)
{
  return ((Binding *) binding)->expires < *(gint64 *) now;
}

static char *
new_token (State *state, HubRequest *request)
{
  gint64 now = base_clock_now (hub_server_get_clock (state->server));
  Binding *binding = g_new0 (Binding, 1);
  char *token = base_id_new_token ();

  g_hash_table_foreach_remove (state->bindings, binding_is_old, &now);
  if (g_hash_table_size (state->bindings) >= TOKENS_KEPT)
    g_hash_table_remove_all (state->bindings);
  binding->subscription = g_strdup (request->id);
  binding->user = hub_user_ref (request->user);
  binding->expires = now + TOKEN_US;
  g_hash_table_replace (state->bindings, base_sha256_hex (token, -1), binding);
  return token;
}

static void
token_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *request = data;
  g_autoptr (GError) error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      State *state = state_of (request->server);
      g_autofree char *token = new_token (state, request);
      g_autoptr (GDateTime) end = g_date_time_new_from_unix_utc_usec (
          base_clock_now (hub_server_get_clock (request->server)) + TOKEN_US);
      g_autofree char *expires = g_date_time_format (end, "%Y-%m-%dT%H:%M:%SZ");

      hub_request_answer_text (
          request, 200,
          g_strdup_printf ("{\"resourceType\":\"Parameters\",\"parameter\":["
                           "{\"name\":\"token\",\"valueString\":\"%s\"},"
                           "{\"name\":\"expiration\",\"valueDateTime\":\"%s\"},"
                           "{\"name\":\"subscription\",\"valueString\":\"%s\"},"
                           "{\"name\":\"websocket-url\",\"valueUrl\":\"ws%s/fhir/ws\"}]}",
                           token, expires, request->id,
                           hub_server_get_base_url (request->server) + strlen ("http")));
    }
  hub_request_finish (request, error);
}

static void
status_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HubRequest *request = data;
  g_autoptr (GError) error = NULL;

  if (store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      gint64 count = *count_of (state_of (request->server), request->id);

      hub_request_answer_text (request, 200,
                               hub_subscription_status (request->server, request->id, count));
    }
  hub_request_finish (request, error);
}

/**
 * hub_subscription_operate:
 * @operation: "$get-ws-binding-token" or "$status"
 *
 * Returns: FALSE where there is no such operation, and nothing was answered
 */
gboolean
hub_subscription_operate (HubRequest *request, const char *operation)
{
  gboolean token = strcmp (operation, "$get-ws-binding-token") == 0;

  if (!token && strcmp (operation, "$status") != 0)
    return FALSE;
  soup_server_message_pause (request->message);
  store_database_read_async (hub_server_get_store (request->server), find_work, request, NULL, NULL,
                             token ? token_found_cb : status_found_cb, request);
  return TRUE;
}

/**
 * hub_subscription_attach:
 *
 * The module for record changes.
 */
void
hub_subscription_attach (HubServer *server)
{
  State *state = g_new0 (State, 1);

  state->server = server;
  state->store = g_object_ref (hub_server_get_store (server));
  state->access = g_object_ref (hub_server_get_access (server));
  state->user_changed =
      g_signal_connect (state->access, "user-changed", G_CALLBACK (user_changed_cb), state);
  state->bindings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, binding_free);
  state->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->sockets = g_ptr_array_new_with_free_func (listener_free);
  state->changed = g_signal_connect (hub_server_get_store (server), "changed",
                                     G_CALLBACK (store_changed_cb), state);
  g_object_set_data_full (G_OBJECT (server), STATE, state, state_free);
  soup_server_add_websocket_handler (hub_server_get_soup (server), "/fhir/ws", NULL, NULL,
                                     socket_opened, server, NULL);
}
