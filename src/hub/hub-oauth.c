/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-oauth.h"

#include <string.h>

#include "hub-oauth-page.h"
#include "hub-reply.h"

/* SMART App Launch 2.2 for native, public clients: authorization code with PKCE S256 and a loopback
 * redirect (RFC 8252), refresh tokens that rotate. The demo clinic approves by itself. */

#define BODY_LIMIT (16 * 1024)
#define NO_STORE   "no-store"

/* What /auth/authorize was asked. */
typedef struct
{
  const char *client, *redirect, *scope, *state, *challenge, *hint;
} Question;

static const char *
field (GHashTable *fields, const char *name)
{
  const char *text = fields != NULL ? g_hash_table_lookup (fields, name) : NULL;

  return text != NULL ? text : "";
}

/* ---- what is offered ------------------------------------------------------------------------ */

static void
add_list (JsonBuilder *builder, const char *name, const char *const *words)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; *words != NULL; words++)
    json_builder_add_string_value (builder, *words);
  json_builder_end_array (builder);
}

static void
add_url (JsonBuilder *builder, const char *name, HubServer *server, const char *path)
{
  g_autofree char *url = g_strconcat (hub_server_get_base_url (server), path, NULL);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, url);
}

static void
answer_configuration (SoupServer *soup,
                      SoupServerMessage *message,
                      const char *path,
                      GHashTable *query,
                      gpointer data)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_url (builder, "issuer", data, "");
  add_url (builder, "authorization_endpoint", data, "/auth/authorize");
  add_url (builder, "token_endpoint", data, "/auth/token");
  add_url (builder, "introspection_endpoint", data, "/auth/introspect");
  add_list (builder, "response_types_supported", (const char *const[]) { "code", NULL });
  add_list (builder, "grant_types_supported",
            (const char *const[]) { "authorization_code", "refresh_token", NULL });
  add_list (builder, "code_challenge_methods_supported", (const char *const[]) { "S256", NULL });
  add_list (builder, "token_endpoint_auth_methods_supported",
            (const char *const[]) { "none", NULL });
  add_list (builder, "scopes_supported",
            (const char *const[]) { "openid", "fhirUser", "offline_access", "online_access",
                                    "user/*.cruds", NULL });
  add_list (builder, "capabilities",
            (const char *const[]) { "launch-standalone", "client-public", "permission-user",
                                    "permission-offline", "permission-v2", NULL });
  json_builder_end_object (builder);
  hub_reply_json (message, 200, builder);
}

/* ---- /auth/authorize ------------------------------------------------------------------------ */

/* http://127.0.0.1:PORT/… or http://[::1]:PORT/…, nothing else: a code must not leave the machine.
 */
static gboolean
redirect_is_loopback (const char *redirect)
{
  g_autoptr (GUri) uri = g_uri_parse (redirect, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_strcmp0 (g_uri_get_scheme (uri), "http") != 0 || g_uri_get_port (uri) <= 0 ||
      g_uri_get_fragment (uri) != NULL || g_uri_get_userinfo (uri) != NULL)
    return FALSE;
  return g_strcmp0 (g_uri_get_host (uri), "127.0.0.1") == 0 ||
         g_strcmp0 (g_uri_get_host (uri), "::1") == 0;
}

static gboolean
client_is_named (const char *client)
{
  gsize length =
      strspn (client, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

  return length >= 1 && length <= 64 && client[length] == '\0';
}

static void
send_back (SoupServerMessage *message,
           const Question *question,
           const char *name,
           const char *value)
{
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);
  g_autofree char *state = g_uri_escape_string (question->state, NULL, FALSE);
  g_autofree char *location =
      g_strdup_printf ("%s%c%s=%s&state=%s", question->redirect,
                       strchr (question->redirect, '?') != NULL ? '&' : '?', name, escaped, state);

  hub_reply_redirect (message, location);
}

static void
approve (HubServer *server, SoupServerMessage *message, const Question *question, HubUser *user)
{
  g_autofree char *code =
      hub_access_new_code (hub_server_get_access (server), user, question->client,
                           question->redirect, question->challenge, question->scope);

  if (code == NULL)
    {
      send_back (message, question, "error", "temporarily_unavailable");
      return;
    }
  hub_server_audit (server, "sign-in", user->name, NULL, user->reference, question->client);
  send_back (message, question, "code", code);
}

/* The FHIR base, with or without a slash at its end, and nothing that only begins like it. */
static gboolean
is_our_audience (HubServer *server, const char *aud)
{
  g_autofree char *audience = g_strconcat (hub_server_get_base_url (server), "/fhir", NULL);
  g_autofree char *slashed = g_strconcat (audience, "/", NULL);

  return g_str_equal (aud, audience) || g_str_equal (aud, slashed);
}

static const char *
fault_of (HubServer *server, GHashTable *fields, const Question *question)
{
  if (!g_str_equal (field (fields, "response_type"), "code"))
    return "unsupported_response_type";
  if (*question->state == '\0' || strlen (question->state) > 512)
    return "invalid_request";
  /* `plain` would let whoever sees the request redeem the code. */
  if (!g_str_equal (field (fields, "code_challenge_method"), "S256") ||
      strlen (question->challenge) != 43)
    return "invalid_request";
  /* SMART App Launch 2.2 requires it, lest a program that was led here by a counterfeit server hand
   * that server a token of ours. */
  if (!is_our_audience (server, field (fields, "aud")))
    return "invalid_request";
  return NULL;
}

static gboolean
read_question (HubServer *server,
               SoupServerMessage *message,
               GHashTable *fields,
               Question *question)
{
  const char *fault;

  *question = (Question) { field (fields, "client_id"),      field (fields, "redirect_uri"),
                           field (fields, "scope"),          field (fields, "state"),
                           field (fields, "code_challenge"), field (fields, "login_hint") };
  if (!client_is_named (question->client) || !redirect_is_loopback (question->redirect))
    {
      hub_oauth_page_fault (message, 400, fields, HUB_OAUTH_FAULT_PROGRAM);
      return FALSE;
    }
  fault = fault_of (server, fields, question);
  if (fault != NULL)
    send_back (message, question, "error", fault);
  return fault == NULL;
}

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  GHashTable *fields;
} SignIn;

static void
sign_in_checked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  SignIn *sign_in = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HubUser) user = hub_access_check_password_finish (HUB_ACCESS (source), result, &error);
  Question question;

  if (read_question (sign_in->server, sign_in->message, sign_in->fields, &question))
    {
      if (user != NULL)
        approve (sign_in->server, sign_in->message, &question, user);
      else
        hub_oauth_page_sign_in (sign_in->message, hub_reply_status_of (error), sign_in->fields,
                                error->message);
    }
  soup_server_message_unpause (sign_in->message);
  g_object_unref (sign_in->message);
  g_hash_table_unref (sign_in->fields);
  g_object_unref (sign_in->server);
  g_free (sign_in);
}

static void
check_password (HubServer *server, SoupServerMessage *message, GHashTable *fields)
{
  SignIn *sign_in = g_new (SignIn, 1);

  sign_in->server = g_object_ref (server);
  sign_in->message = g_object_ref (message);
  sign_in->fields = g_hash_table_ref (fields);
  soup_server_message_pause (message);
  hub_access_check_password_async (hub_server_get_access (server), field (fields, "user"),
                                   field (fields, "password"), sign_in_checked_cb, sign_in);
}

static GHashTable *
read_form (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *type =
      soup_message_headers_get_content_type (soup_server_message_get_request_headers (message),
                                             NULL);
  g_autofree char *text = NULL;

  if (g_strcmp0 (type, "application/x-www-form-urlencoded") != 0 || hub_reply_too_large (message))
    return NULL;
  text = g_strndup (body->data != NULL ? body->data : "", (gsize) body->length);
  return soup_form_decode (text);
}

static void
answer_authorize (SoupServer *soup,
                  SoupServerMessage *message,
                  const char *path,
                  GHashTable *query,
                  gpointer data)
{
  HubServer *server = data;
  const char *method = soup_server_message_get_method (message);
  g_autoptr (GHashTable) form = NULL;
  g_autoptr (HubUser) user = NULL;
  Question question;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                NO_STORE);
  if (g_str_equal (method, "POST"))
    {
      form = read_form (message);
      if (read_question (server, message, form, &question))
        check_password (server, message, form);
      return;
    }
  if (!g_str_equal (method, "GET"))
    {
      hub_oauth_page_fault (message, 405, query, HUB_OAUTH_FAULT_METHOD);
      return;
    }
  if (!read_question (server, message, query, &question))
    return;
  if (hub_server_get_demo (server))
    user = hub_access_dup_user (hub_server_get_access (server),
                                *question.hint != '\0' ? question.hint : "doctor");
  if (user != NULL)
    approve (server, message, &question, user);
  else
    hub_oauth_page_sign_in (message, 200, query, NULL);
}

/* ---- /auth/token ---------------------------------------------------------------------------- */

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  HubTokens *tokens;
  GError *error;
} Exchange;

static void
refuse_token (SoupServerMessage *message, const char *code, const char *sentence)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_add_string_value (builder, code);
  json_builder_set_member_name (builder, "error_description");
  json_builder_add_string_value (builder, sentence);
  json_builder_end_object (builder);
  hub_reply_json (message, 400, builder);
}

static void
give_tokens (SoupServerMessage *message, const HubTokens *tokens)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  hub_reply_add_text (builder, "access_token", tokens->access_token);
  hub_reply_add_text (builder, "token_type", "Bearer");
  json_builder_set_member_name (builder, "expires_in");
  json_builder_add_int_value (builder, tokens->expires_in);
  hub_reply_add_text (builder, "refresh_token", tokens->refresh_token);
  hub_reply_add_text (builder, "scope", tokens->scope);
  hub_reply_add_text (builder, "fhirUser", tokens->user->reference);
  hub_reply_add_text (builder, "name", tokens->user->display);
  hub_reply_add_text (builder, "role", hub_role_get_name (tokens->user->role));
  if (tokens->user->role == HUB_ROLE_PATIENT)
    hub_reply_add_text (builder, "patient", hub_user_get_patient (tokens->user));
  json_builder_end_object (builder);
  hub_reply_json (message, 200, builder);
}

static void
token_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Exchange *exchange = data;
  g_autoptr (GError) error = NULL;

  if (!hub_access_save_finish (hub_server_get_access (exchange->server), result, &error))
    {
      g_warning ("Tokens could not be kept: %s", error->message);
      hub_reply_outcome (exchange->message, 503,
                         "The hub could not write to its disk. Try again in a minute.");
    }
  else if (exchange->tokens != NULL)
    give_tokens (exchange->message, exchange->tokens);
  else
    refuse_token (exchange->message, "invalid_grant", exchange->error->message);
  soup_server_message_unpause (exchange->message);
  g_clear_pointer (&exchange->tokens, hub_tokens_free);
  g_clear_error (&exchange->error);
  g_object_unref (exchange->message);
  g_object_unref (exchange->server);
  g_free (exchange);
}

/* A client keeps the new refresh token before it uses anything; so does the hub before it answers.
 * A refusal is saved too, for it may have ended a sign-in. */
static void
save_then_answer (HubServer *server, SoupServerMessage *message, HubTokens *tokens, GError *error)
{
  Exchange *exchange = g_new (Exchange, 1);

  exchange->server = g_object_ref (server);
  exchange->message = g_object_ref (message);
  exchange->tokens = tokens;
  exchange->error = error;
  soup_server_message_pause (message);
  hub_access_save_async (hub_server_get_access (server), token_saved_cb, exchange);
}

static void
answer_token (SoupServer *soup,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer data)
{
  HubAccess *access = hub_server_get_access (data);
  g_autoptr (GHashTable) form = NULL;
  const char *grant, *client;
  HubTokens *tokens;
  GError *error = NULL;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                NO_STORE);
  if (g_str_equal (soup_server_message_get_method (message), "POST"))
    form = read_form (message);
  if (form == NULL)
    {
      refuse_token (message, "invalid_request",
                    "POST a short form, application/x-www-form-urlencoded");
      return;
    }
  grant = field (form, "grant_type");
  client = field (form, "client_id");
  if (g_str_equal (grant, "authorization_code"))
    tokens =
        hub_access_redeem_code (access, field (form, "code"), client, field (form, "redirect_uri"),
                                field (form, "code_verifier"), &error);
  else if (g_str_equal (grant, "refresh_token"))
    tokens = hub_access_refresh (access, field (form, "refresh_token"), client, &error);
  else
    {
      refuse_token (message, "unsupported_grant_type",
                    "The hub knows authorization_code and refresh_token");
      return;
    }
  save_then_answer (data, message, tokens, error);
}

/**
 * hub_oauth_attach:
 *
 * The module for sign-in.
 */
void
hub_oauth_attach (HubServer *server)
{
  SoupServer *soup = hub_server_get_soup (server);

  soup_server_add_handler (soup, "/.well-known/smart-configuration", answer_configuration, server,
                           NULL);
  soup_server_add_handler (soup, "/fhir/.well-known/smart-configuration", answer_configuration,
                           server, NULL);
  hub_reply_limit_bodies (soup, "/auth", BODY_LIMIT);
  soup_server_add_handler (soup, "/auth/authorize", answer_authorize, server, NULL);
  soup_server_add_handler (soup, "/auth/token", answer_token, server, NULL);
}
