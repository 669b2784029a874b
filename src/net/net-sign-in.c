/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-sign-in.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base-id.h"
#include "net-discovery.h"
#include "net-error.h"
#include "net-http.h"

/* SMART App Launch, standalone, as a native program does it (RFC 8252): the system's browser, a
 * redirect to a port of this machine that lives only until the code has come, PKCE with S256. A
 * server that does not offer S256 is refused. */

#define CALLBACK "/callback"

struct _NetSignIn
{
  GObject parent_instance;
  char *base_url;
  char *client_id;
  char *scope;
  char *hint;
  gboolean ask_again;
  NetSessionSave save;
  gpointer save_data;
  GDestroyNotify save_destroy;
  SoupSession *http;

  gboolean follow;
  char *authorize_url;
  char *token_url;
  char *verifier;
  char *state;
  char *redirect_uri;
  char *refresh_token;
  SoupServer *listener;
  gulong cancelled;
  GTask *task; /* waits for the redirect */
};

enum
{
  SIGNAL_OPEN_BROWSER,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (NetSignIn, net_sign_in, G_TYPE_OBJECT)

static gboolean
discover (NetSignIn *self, GCancellable *cancellable, GError **error)
{
  return net_discovery_read (self->http, &self->base_url, &self->authorize_url, &self->token_url,
                             cancellable, error);
}

static NetSession *
exchange (NetSignIn *self, const char *code, GCancellable *cancellable, GError **error)
{
  g_autoptr (NetSession) session =
      net_session_new_renewable (self->base_url, self->token_url, self->client_id, NULL);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) body = NULL;

  message =
      soup_message_new_from_encoded_form ("POST", self->token_url,
                                          soup_form_encode ("grant_type", "authorization_code",
                                                            "code", code, "redirect_uri",
                                                            self->redirect_uri, "client_id",
                                                            self->client_id, "code_verifier",
                                                            self->verifier, NULL));
  body = net_http_fetch (self->http, message, NET_DISCOVERY_ANSWER_MAX, cancellable, error);
  if (body == NULL)
    {
      g_prefix_error_literal (error, _ ("The sign-in was not completed. "));
      return NULL;
    }
  if (self->save != NULL)
    net_session_set_save (session, self->save, self->save_data,
                          g_steal_pointer (&self->save_destroy));
  self->save = NULL;
  return net_session_accept (session, body, error) ? g_steal_pointer (&session) : NULL;
}

static void
exchange_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  NetSession *session =
      exchange (source, g_object_get_data (G_OBJECT (task), "code"), cancellable, &error);

  if (session != NULL)
    g_task_return_pointer (task, session, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
stop_listening (NetSignIn *self)
{
  if (self->listener != NULL)
    soup_server_disconnect (self->listener);
  g_clear_object (&self->listener);
}

static gboolean
stop_listening_later (gpointer data)
{
  stop_listening (data);
  return G_SOURCE_REMOVE;
}

/* The end of the wait: a code to exchange, or a reason why there is none. The listener stays for a
 * moment, so that the browser gets its page. */
static void
settle (NetSignIn *self, const char *code, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  GCancellable *cancellable;

  if (task == NULL)
    {
      g_clear_error (&error);
      return;
    }
  cancellable = g_task_get_cancellable (task);
  if (cancellable != NULL)
    g_signal_handler_disconnect (cancellable, self->cancelled);
  g_timeout_add_full (G_PRIORITY_LOW, 200, stop_listening_later, g_object_ref (self),
                      g_object_unref);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_object_set_data_full (G_OBJECT (task), "code", g_strdup (code), g_free);
  g_task_run_in_thread (task, exchange_in_thread);
}

static gboolean
on_cancelled_idle (gpointer data)
{
  settle (data, NULL,
          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The sign-in was cancelled.")));
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, NetSignIn *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, on_cancelled_idle, g_object_ref (self), g_object_unref);
}

/* Returns FALSE for a redirect that is not the answer to this sign-in: a stray request must neither
 * end it nor be believed. */
static gboolean
take_redirect (NetSignIn *self, const char *query)
{
  g_autoptr (GHashTable) form = query != NULL ? soup_form_decode (query) : NULL;
  const char *state = form != NULL ? g_hash_table_lookup (form, "state") : NULL;
  const char *code = form != NULL ? g_hash_table_lookup (form, "code") : NULL;
  const char *refusal = form != NULL ? g_hash_table_lookup (form, "error") : NULL;
  const char *why = form != NULL ? g_hash_table_lookup (form, "error_description") : NULL;

  if (state == NULL || !base_equal_constant_time (state, self->state) ||
      (code == NULL && refusal == NULL))
    return FALSE;
  if (refusal != NULL)
    settle (self, NULL,
            g_error_new (NET_ERROR, NET_ERROR_FORBIDDEN, _ ("The server did not let you in: %s"),
                         why != NULL ? why : refusal));
  else
    settle (self, code, NULL);
  return TRUE;
}

static void
on_redirect (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer data)
{
  NetSignIn *self = data;
  const char *text = _ ("You are signed in. You can close this page and go back to Bedside.");
  guint status = 200;
  g_autofree char *page = NULL;

  if (g_strcmp0 (path, CALLBACK) != 0 ||
      !take_redirect (self, g_uri_get_query (soup_server_message_get_uri (message))))
    {
      status = 400;
      text = _ ("This page does not belong to a sign-in that is under way.");
    }
  page = g_strdup_printf ("<!doctype html><meta charset=\"utf-8\"><title>Bedside</title><p>%s</p>",
                          text);
  soup_server_message_set_status (message, status, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                "no-store");
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, page,
                                    strlen (page));
}

static gboolean
listen (NetSignIn *self, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  GSList *uris;

  self->listener = soup_server_new ("server-header", "Bedside", NULL);
  soup_server_add_handler (self->listener, NULL, on_redirect, self, NULL);
  if (!soup_server_listen (self->listener, address, 0, error))
    return FALSE;
  uris = soup_server_get_uris (self->listener);
  self->redirect_uri =
      g_strdup_printf ("http://127.0.0.1:%d" CALLBACK, g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return TRUE;
}

/* (transfer full): the languages that this program speaks to the person, as BCP 47 tags, the best
 * first: the server's page is to go on in them. */
static char *
dup_locales (void)
{
  g_autoptr (GString) tags = g_string_new (NULL);

  for (const char *const *name = g_get_language_names (); *name != NULL; name++)
    if (strpbrk (*name, ".@") == NULL && !g_str_equal (*name, "C"))
      g_string_append_printf (tags, "%s%s", tags->len > 0 ? " " : "", *name);
  g_string_replace (tags, "_", "-", 0);
  return g_string_free_and_steal (g_steal_pointer (&tags));
}

static char *
make_authorize_url (NetSignIn *self)
{
  g_autofree char *locales = dup_locales ();
  g_autofree char *asked_locales = soup_form_encode ("ui_locales", locales, NULL);
  g_autofree char *challenge = net_sign_in_make_challenge (self->verifier);
  g_autofree char *form =
      soup_form_encode ("response_type", "code", "client_id", self->client_id, "redirect_uri",
                        self->redirect_uri, "scope", self->scope, "state", self->state, "aud",
                        self->base_url, "code_challenge", challenge, "code_challenge_method",
                        "S256", self->hint != NULL ? "login_hint" : NULL, self->hint, NULL);

  return g_strconcat (self->authorize_url, strchr (self->authorize_url, '?') != NULL ? "&" : "?",
                      form, *locales != '\0' ? "&" : "", *locales != '\0' ? asked_locales : "",
                      self->ask_again ? "&prompt=login" : NULL, NULL);
}

/* Asks the authorize page itself: a server that needs no person answers with the redirect at once.
 */
static void
follow_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  NetSignIn *self = source;
  g_autoptr (SoupMessage) message = soup_message_new ("GET", data);
  g_autoptr (GBytes) body = NULL;
  const char *target;
  gsize length = strlen (self->redirect_uri);

  body = net_http_send (self->http, message, NET_DISCOVERY_ANSWER_MAX, cancellable, NULL);
  target = soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");
  if (body != NULL && target != NULL && strncmp (target, self->redirect_uri, length) == 0 &&
      target[length] == '?')
    g_task_return_pointer (task, g_strdup (target + length + 1), g_free);
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
run_followed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  NetSignIn *self = NET_SIGN_IN (source);
  g_autofree char *url = data;
  g_autofree char *query = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->task != NULL && (query == NULL || !take_redirect (self, query)))
    g_signal_emit (self, signals[SIGNAL_OPEN_BROWSER], 0, url);
}

static void
run_discovered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  NetSignIn *self = NET_SIGN_IN (source);
  g_autoptr (GTask) task = data;
  g_autofree char *url = NULL;
  GError *error = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (!g_task_propagate_boolean (G_TASK (result), &error) || !listen (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  url = make_authorize_url (self);
  self->task = g_steal_pointer (&task);
  if (cancellable != NULL)
    self->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), self);
  if (self->follow)
    {
      g_autoptr (GTask) following = g_task_new (self, cancellable, run_followed_cb, g_strdup (url));

      g_task_set_task_data (following, g_steal_pointer (&url), g_free);
      g_task_run_in_thread (following, follow_in_thread);
    }
  else
    g_signal_emit (self, signals[SIGNAL_OPEN_BROWSER], 0, url);
}

static void
discover_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (discover (source, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
run (NetSignIn *self,
     gboolean follow,
     GCancellable *cancellable,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) discovery = g_task_new (self, cancellable, run_discovered_cb, task);

  g_return_if_fail (self->state == NULL);
  self->follow = follow;
  self->verifier = base_id_new_token ();
  self->state = base_id_new_token ();
  g_task_set_source_tag (task, run);
  g_task_run_in_thread (discovery, discover_in_thread);
}

static void
resume_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  NetSignIn *self = source;
  g_autoptr (NetSession) session = NULL;
  g_autofree char *token = NULL;
  GError *error = NULL;

  if (discover (self, cancellable, &error))
    {
      session = net_session_new_renewable (self->base_url, self->token_url, self->client_id,
                                           self->refresh_token);
      if (self->save != NULL)
        net_session_set_save (session, self->save, self->save_data,
                              g_steal_pointer (&self->save_destroy));
      self->save = NULL;
      token = net_session_dup_token (session, NULL, cancellable, &error);
    }
  if (token != NULL)
    g_task_return_pointer (task, g_steal_pointer (&session), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
net_sign_in_finalize (GObject *object)
{
  NetSignIn *self = NET_SIGN_IN (object);

  stop_listening (self);
  if (self->save_destroy != NULL)
    self->save_destroy (self->save_data);
  g_clear_object (&self->http);
  g_clear_pointer (&self->base_url, g_free);
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->scope, g_free);
  g_clear_pointer (&self->hint, g_free);
  g_clear_pointer (&self->authorize_url, g_free);
  g_clear_pointer (&self->token_url, g_free);
  g_clear_pointer (&self->verifier, g_free);
  g_clear_pointer (&self->state, g_free);
  g_clear_pointer (&self->redirect_uri, g_free);
  g_clear_pointer (&self->refresh_token, g_free);

  G_OBJECT_CLASS (net_sign_in_parent_class)->finalize (object);
}

static void
net_sign_in_class_init (NetSignInClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = net_sign_in_finalize;

  signals[SIGNAL_OPEN_BROWSER] = g_signal_new ("open-browser", NET_TYPE_SIGN_IN, G_SIGNAL_RUN_LAST,
                                               0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
net_sign_in_init (NetSignIn *self)
{
  self->http = net_http_session_new ();
}

/**
 * net_sign_in_new:
 * @base_url: of the FHIR server
 * @client_id: as registered there
 * @scope: (nullable): NET_SIGN_IN_SCOPE where NULL
 *
 * Returns: (transfer full): one sign-in; it runs once
 */
NetSignIn *
net_sign_in_new (const char *base_url, const char *client_id, const char *scope)
{
  NetSignIn *self = g_object_new (NET_TYPE_SIGN_IN, NULL);

  self->base_url = g_strdup (base_url);
  self->client_id = g_strdup (client_id);
  self->scope = g_strdup (scope != NULL ? scope : NET_SIGN_IN_SCOPE);
  return self;
}

/**
 * net_sign_in_set_login_hint:
 * @user: (nullable): whose name to put on the sign-in page
 */
void
net_sign_in_set_login_hint (NetSignIn *self, const char *user)
{
  g_set_str (&self->hint, user);
}

/**
 * net_sign_in_set_ask_again:
 *
 * The server is to ask for the password even where the browser is signed in: whoever sits there may
 * be another person (OpenID Connect Core 1.0, 3.1.2.1, prompt).
 */
void
net_sign_in_set_ask_again (NetSignIn *self, gboolean ask_again)
{
  self->ask_again = ask_again;
}

/**
 * net_sign_in_set_save:
 *
 * Handed on to the session; see NetSessionSave.
 */
void
net_sign_in_set_save (NetSignIn *self, NetSessionSave save, gpointer data, GDestroyNotify destroy)
{
  self->save = save;
  self->save_data = data;
  self->save_destroy = destroy;
}

/**
 * net_sign_in_run_async:
 *
 * Finds out how the server signs people in, then emits "open-browser" and waits for the redirect.
 */
void
net_sign_in_run_async (NetSignIn *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  run (self, FALSE, cancellable, callback, user_data);
}

/**
 * net_sign_in_follow_async:
 *
 * As net_sign_in_run_async(), but asks the authorize page itself first, and emits "open-browser"
 * only where the server wants to see a person.
 */
void
net_sign_in_follow_async (NetSignIn *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  run (self, TRUE, cancellable, callback, user_data);
}

/**
 * net_sign_in_resume_async:
 * @refresh_token: kept from an earlier run
 */
void
net_sign_in_resume_async (NetSignIn *self,
                          const char *refresh_token,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_set_str (&self->refresh_token, refresh_token);
  g_task_set_source_tag (task, net_sign_in_resume_async);
  g_task_run_in_thread (task, resume_in_thread);
}

/**
 * net_sign_in_finish:
 *
 * Returns: (transfer full) (nullable): the session; its refresh token has been kept by then
 */
NetSession *
net_sign_in_finish (NetSignIn *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * net_sign_in_make_challenge:
 * @verifier: 43 to 128 characters
 *
 * Returns: (transfer full): the S256 challenge of RFC 7636
 */
char *
net_sign_in_make_challenge (const char *verifier)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (sum, (const guchar *) verifier, -1);
  g_checksum_get_digest (sum, digest, &length);
  return base_base64url (digest, length);
}
