/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-session.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "net-error.h"
#include "net-http.h"

/* A sign-in that holds: the access token, who it stands for, and how it is renewed. Used from the
 * main thread and from workers at once; one renewal at a time, the others wait for it. */

#define RENEW_EARLY_US (60 * G_USEC_PER_SEC)
#define ANSWER_MAX     ((gsize) 1024 * 1024)

struct _NetSession
{
  GObject parent_instance;
  char *base_url;
  char *token_url; /* NULL: cannot be renewed */
  char *client_id;
  char *fhir_user;
  char *name;
  char *role;
  SoupSession *http;
  NetSessionSave save;
  gpointer save_data;
  GDestroyNotify save_destroy;

  GMutex mutex; /* over what follows */
  char *access_token;
  char *refresh_token;
  gint64 expiry; /* monotonic µs, 0: never */
  gboolean ended;
};

enum
{
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (NetSession, net_session, G_TYPE_OBJECT)

static gboolean
emit_ended (gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_ENDED], 0);
  return G_SOURCE_REMOVE;
}

/* The claims of an id token that came straight from the token endpoint, so that its signature adds
 * nothing (OpenID Connect Core 3.1.3.7). */
static JsonNode *
read_claims (const char *id_token)
{
  g_auto (GStrv) parts = g_strsplit (id_token, ".", 4);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GString) text = NULL;
  g_autofree guchar *bytes = NULL;
  gsize length = 0;

  if (g_strv_length (parts) != 3)
    return NULL;
  text = g_string_new (parts[1]);
  g_string_replace (text, "-", "+", 0);
  g_string_replace (text, "_", "/", 0);
  while (text->len % 4 != 0)
    g_string_append_c (text, '=');
  bytes = g_base64_decode (text->str, &length);
  if (!json_parser_load_from_data (parser, (const char *) bytes, (gssize) length, NULL))
    return NULL;
  return json_parser_steal_root (parser);
}

static const char *
get_text (JsonNode *node, const char *name)
{
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  value = json_object_get_member (json_node_get_object (node), name);
  return value != NULL && json_node_get_value_type (value) == G_TYPE_STRING
             ? json_node_get_string (value)
             : NULL;
}

static void
take_first (char **field, JsonNode *answer, JsonNode *claims, const char *name)
{
  const char *text = get_text (answer, name);

  if (text == NULL)
    text = get_text (claims, name);
  if (text != NULL)
    g_set_str (field, text);
}

/* Called with the mutex held, or before anyone else knows the session. */
static gboolean
accept_answer (NetSession *self, GBytes *bytes, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonNode) claims = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  gboolean parsed =
      text != NULL && json_parser_load_from_data (parser, text, (gssize) length, NULL);
  JsonNode *root = parsed ? json_parser_get_root (parser) : NULL;
  const char *token = get_text (root, "access_token");
  const char *refresh = get_text (root, "refresh_token");
  const char *id_token = get_text (root, "id_token");
  const char *type = get_text (root, "token_type");
  gint64 seconds;

  if (token == NULL || *token == '\0' || (type != NULL && g_ascii_strcasecmp (type, "bearer") != 0))
    {
      net_error_set_protocol (error, FALSE,
                              _ ("The server signed nobody in: its answer holds no token."));
      return FALSE;
    }
  /* The server has forgotten the old refresh token by now: keep the new one before anything else.
   */
  if (refresh != NULL && self->save != NULL && !self->save (refresh, self->save_data, error))
    {
      g_prefix_error_literal (error, _ ("The sign-in could not be kept on this computer: "));
      return FALSE;
    }
  if (refresh != NULL)
    g_set_str (&self->refresh_token, refresh);
  g_set_str (&self->access_token, token);
  seconds = json_object_get_int_member_with_default (json_node_get_object (root), "expires_in", 0);
  self->expiry =
      seconds > 0 ? g_get_monotonic_time () + MIN (seconds, G_MAXINT32) * G_USEC_PER_SEC : 0;
  if (self->fhir_user == NULL)
    {
      claims = id_token != NULL ? read_claims (id_token) : NULL;
      take_first (&self->fhir_user, root, claims, "fhirUser");
      take_first (&self->name, root, claims, "name");
      take_first (&self->role, root, claims, "role");
    }
  return TRUE;
}

static gboolean
renew (NetSession *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) body = NULL;
  guint status;

  if (self->token_url == NULL || self->refresh_token == NULL || self->ended)
    {
      g_propagate_error (error, net_error_new_from_response (401, NULL, NULL));
      return FALSE;
    }
  message =
      soup_message_new_from_encoded_form ("POST", self->token_url,
                                          soup_form_encode ("grant_type", "refresh_token",
                                                            "refresh_token", self->refresh_token,
                                                            "client_id", self->client_id, NULL));
  body = net_http_send (self->http, message, ANSWER_MAX, cancellable, error);
  if (body == NULL)
    return FALSE;
  status = soup_message_get_status (message);
  if (status == 400 || status == 401)
    {
      self->ended = TRUE;
      g_idle_add_full (G_PRIORITY_DEFAULT, emit_ended, g_object_ref (self), g_object_unref);
      status = 401;
    }
  if (status < 200 || status > 299)
    {
      g_propagate_error (error, net_error_new_from_response (status,
                                                             soup_message_headers_get_one (
                                                                 soup_message_get_response_headers (
                                                                     message),
                                                                 "Retry-After"),
                                                             NULL));
      return FALSE;
    }
  return accept_answer (self, body, error);
}

static void
net_session_finalize (GObject *object)
{
  NetSession *self = NET_SESSION (object);

  if (self->save_destroy != NULL)
    self->save_destroy (self->save_data);
  g_clear_object (&self->http);
  g_clear_pointer (&self->base_url, g_free);
  g_clear_pointer (&self->token_url, g_free);
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->fhir_user, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->role, g_free);
  g_clear_pointer (&self->access_token, g_free);
  g_clear_pointer (&self->refresh_token, g_free);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (net_session_parent_class)->finalize (object);
}

static void
net_session_class_init (NetSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = net_session_finalize;

  signals[SIGNAL_ENDED] = g_signal_new ("ended", NET_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
}

static void
net_session_init (NetSession *self)
{
  g_mutex_init (&self->mutex);
}

/**
 * net_session_new:
 * @access_token: a bearer token that is used as it is until the server refuses it
 *
 * Returns: (transfer full): a session that cannot be renewed
 */
NetSession *
net_session_new (const char *base_url, const char *access_token)
{
  NetSession *self = g_object_new (NET_TYPE_SESSION, NULL);

  self->base_url = g_strdup (base_url);
  self->access_token = g_strdup (access_token);
  return self;
}

/**
 * net_session_new_renewable:
 * @refresh_token: (nullable): from an earlier run; with NULL the session lives on what
 *   net_session_accept() is given
 *
 * Returns: (transfer full): a session without an access token yet: the first use fetches one
 */
NetSession *
net_session_new_renewable (const char *base_url,
                           const char *token_url,
                           const char *client_id,
                           const char *refresh_token)
{
  NetSession *self = net_session_new (base_url, NULL);

  self->token_url = g_strdup (token_url);
  self->client_id = g_strdup (client_id);
  self->refresh_token = g_strdup (refresh_token);
  self->http = net_http_session_new ();
  return self;
}

/**
 * net_session_set_save:
 *
 * Before the session is shared.
 */
void
net_session_set_save (NetSession *self, NetSessionSave save, gpointer data, GDestroyNotify destroy)
{
  g_return_if_fail (self->save == NULL);
  self->save = save;
  self->save_data = data;
  self->save_destroy = destroy;
}

/**
 * net_session_accept:
 * @token_response: what the token endpoint answered, JSON
 *
 * Takes over the tokens and who they stand for. Blocks while the refresh token is kept.
 */
gboolean
net_session_accept (NetSession *self, GBytes *token_response, GError **error)
{
  gboolean accepted;

  g_mutex_lock (&self->mutex);
  accepted = accept_answer (self, token_response, error);
  g_mutex_unlock (&self->mutex);
  return accepted;
}

/**
 * net_session_dup_token:
 * @stale: (nullable): a token that the server has just refused
 *
 * Blocks while a new token is fetched, where the one at hand is @stale or about to end.
 *
 * Returns: (transfer full) (nullable): an access token
 */
char *
net_session_dup_token (NetSession *self,
                       const char *stale,
                       GCancellable *cancellable,
                       GError **error)
{
  char *token = NULL;
  gboolean usable;

  g_mutex_lock (&self->mutex);
  usable = self->access_token != NULL && g_strcmp0 (self->access_token, stale) != 0;
  if (usable && self->refresh_token != NULL && self->expiry != 0)
    usable = g_get_monotonic_time () < self->expiry - RENEW_EARLY_US;
  if (usable || renew (self, cancellable, error))
    token = g_strdup (self->access_token);
  g_mutex_unlock (&self->mutex);
  return token;
}

const char *
net_session_get_base_url (NetSession *self)
{
  return self->base_url;
}

/**
 * net_session_get_fhir_user:
 *
 * Returns: (transfer none) (nullable): as in "Practitioner/1", or an absolute URL of one
 */
const char *
net_session_get_fhir_user (NetSession *self)
{
  return self->fhir_user;
}

const char *
net_session_get_name (NetSession *self)
{
  return self->name;
}

/**
 * net_session_get_role:
 *
 * Returns: (transfer none) (nullable): what the server calls the account: prescriber, nurse, …
 */
const char *
net_session_get_role (NetSession *self)
{
  return self->role;
}

char *
net_session_dup_refresh_token (NetSession *self)
{
  char *token;

  g_mutex_lock (&self->mutex);
  token = g_strdup (self->refresh_token);
  g_mutex_unlock (&self->mutex);
  return token;
}

/**
 * net_session_get_expiry:
 *
 * Returns: monotonic µs at which the access token ends by itself; 0 where the server did not say
 */
gint64
net_session_get_expiry (NetSession *self)
{
  gint64 expiry;

  g_mutex_lock (&self->mutex);
  expiry = self->expiry;
  g_mutex_unlock (&self->mutex);
  return expiry;
}
