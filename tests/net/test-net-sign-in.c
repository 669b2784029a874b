/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-sign-in.h"

#include <string.h>

#include "net-error.h"
#include "net-fhir-client.h"
#include "net-fixture.h"

/* A sign-in server: one code, refresh tokens that rotate, and what it is told is checked here. */
typedef struct
{
  SoupServer *server;
  char *root, *base, *records; /* where the records are, if not at @base */
  gboolean no_s256, wants_person;
  gint seconds; /* a token lives */
  guint serial;
  char *code, *challenge, *redirect, *refresh, *access;
  char *kept; /* by the save function */
  guint refreshes, replays;
} Fixture;

static void
answer_tokens (Fixture *self, SoupServerMessage *message)
{
  g_autofree char *body = NULL;

  self->serial++;
  g_free (self->refresh);
  g_free (self->access);
  self->refresh = g_strdup_printf ("refresh-%u", self->serial);
  self->access = g_strdup_printf ("access-%u", self->serial);
  body = g_strdup_printf (
      "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d,"
      "\"refresh_token\":\"%s\",\"fhirUser\":\"Practitioner/d\",\"name\":\"Dr. Doe\","
      "\"role\":\"prescriber\"}",
      self->access, self->seconds, self->refresh);
  net_fixture_answer (message, 200, body);
}

static void
on_token (Fixture *self, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GHashTable) form = soup_form_decode (body->data);
  const char *grant = g_hash_table_lookup (form, "grant_type");

  if (strcmp (grant, "authorization_code") == 0)
    {
      g_autofree char *challenge =
          net_sign_in_make_challenge (g_hash_table_lookup (form, "code_verifier"));

      g_assert_cmpstr (challenge, ==, self->challenge);
      g_assert_cmpstr (g_hash_table_lookup (form, "redirect_uri"), ==, self->redirect);
      g_assert_cmpstr (g_hash_table_lookup (form, "code"), ==, self->code);
      answer_tokens (self, message);
    }
  else if (g_strcmp0 (g_hash_table_lookup (form, "refresh_token"), self->refresh) == 0)
    {
      self->refreshes++;
      answer_tokens (self, message);
    }
  else
    {
      self->replays++;
      net_fixture_answer (message, 400, "{\"error\":\"invalid_grant\"}");
    }
}

static void
on_authorize (Fixture *self, SoupServerMessage *message, GHashTable *query)
{
  const char *state = g_hash_table_lookup (query, "state");
  g_autofree char *target = NULL;

  g_assert_cmpstr (g_hash_table_lookup (query, "code_challenge_method"), ==, "S256");
  g_assert_cmpstr (g_hash_table_lookup (query, "aud"), ==,
                   self->records != NULL ? self->records : self->base);
  /* the page is to be in the language of the program */
  g_assert_cmpstr (g_hash_table_lookup (query, "ui_locales"), ==, "de-CH de fr");
  g_assert_cmpuint (strlen (state), >=, 22); /* 128 bits in base64url */
  g_assert_true (
      g_str_has_prefix (g_hash_table_lookup (query, "redirect_uri"), "http://127.0.0.1:"));
  g_set_str (&self->challenge, g_hash_table_lookup (query, "code_challenge"));
  g_set_str (&self->redirect, g_hash_table_lookup (query, "redirect_uri"));
  g_set_str (&self->code, "code-1");
  target = g_strdup_printf ("%s?code=code-1&state=%s", self->redirect, state);
  if (self->wants_person)
    net_fixture_answer (message, 200, "who are you");
  else
    soup_server_message_set_redirect (message, 302, target);
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  Fixture *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autofree char *bearer = g_strdup_printf ("Bearer %s", self->access);

  if (strcmp (path, "/fhir/.well-known/smart-configuration") == 0)
    {
      g_autofree char *records =
          self->records != NULL ? g_strdup_printf (",\"bedside_fhir_base\":\"%s\"", self->records)
                                : g_strdup ("");
      g_autofree char *body =
          g_strdup_printf ("{\"authorization_endpoint\":\"%s/auth/authorize\","
                           "\"token_endpoint\":\"%s/auth/token\","
                           "\"code_challenge_methods_supported\":[\"%s\"]%s}",
                           self->root, self->root, self->no_s256 ? "plain" : "S256", records);

      net_fixture_answer (message, 200, body);
    }
  else if (strcmp (path, "/auth/authorize") == 0)
    on_authorize (self, message, query);
  else if (strcmp (path, "/auth/token") == 0)
    on_token (self, message);
  else if (g_strcmp0 (soup_message_headers_get_one (headers, "Authorization"), bearer) == 0)
    net_fixture_answer (message, 200, "{\"resourceType\":\"Patient\",\"id\":\"1\"}");
  else
    net_fixture_answer (message, 401, NULL);
}

static void
set_up (Fixture *self)
{
  self->seconds = 3600;
  self->server = net_fixture_listen (on_request, self, &self->root);
  self->base = g_strconcat (self->root, "/fhir", NULL);
}

static void
tear_down (Fixture *self)
{
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_free (self->root);
  g_free (self->base);
  g_free (self->records);
  g_free (self->code);
  g_free (self->challenge);
  g_free (self->redirect);
  g_free (self->refresh);
  g_free (self->access);
  g_free (self->kept);
}

static gboolean
keep (const char *refresh_token, gpointer data, GError **error)
{
  Fixture *self = data;

  g_set_str (&self->kept, refresh_token);
  return TRUE;
}

static NetSession *
sign_in (Fixture *self, GError **error)
{
  g_autoptr (NetSignIn) sign_in = net_sign_in_new (self->base, "bedside", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  NetSession *session;

  net_sign_in_set_save (sign_in, keep, self, NULL);
  net_sign_in_follow_async (sign_in, NULL, net_fixture_keep, &result);
  net_fixture_wait (result != NULL);
  session = net_sign_in_finish (sign_in, result, error);
  return session;
}

static void
test_follow (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) session = NULL;

  set_up (&self);
  session = sign_in (&self, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (net_session_get_fhir_user (session), ==, "Practitioner/d");
  g_assert_cmpstr (net_session_get_role (session), ==, "prescriber");
  g_assert_cmpstr (net_session_get_name (session), ==, "Dr. Doe");
  g_assert_cmpstr (self.kept, ==, "refresh-1");
  tear_down (&self);
}

/* A hub in front of another server says where the records are: the token is for there, and so is
 * what is asked with it. An address that is none, or not safe, ends the sign-in. */
static void
test_records_elsewhere (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) session = NULL;

  set_up (&self);
  self.records = g_strconcat (self.root, "/r4", NULL);
  session = sign_in (&self, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (net_session_get_base_url (session), ==, self.records);
  g_clear_object (&session);
  g_set_str (&self.records, "http://records.example.org/r4");
  session = sign_in (&self, &error);
  g_assert_null (session);
  g_assert_nonnull (error);
  tear_down (&self);
}

static void
on_open_browser (NetSignIn *sign_in, const char *url, gpointer data)
{
  g_set_str ((char **) data, url);
}

static void
visit (const char *url)
{
  g_autoptr (SoupSession) browser = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GAsyncResult) result = NULL;

  soup_session_send_and_read_async (browser, message, 0, NULL, net_fixture_keep, &result);
  net_fixture_wait (result != NULL);
}

/* A person's browser comes back to the loopback address. A stray visit with another state ends
 * nothing and is not believed. */
static void
test_browser (void)
{
  Fixture self = { .wants_person = TRUE };
  g_autoptr (NetSignIn) sign_in = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (NetSession) session = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;
  g_autofree char *stray = NULL;
  g_autofree char *redirect = NULL;

  set_up (&self);
  sign_in = net_sign_in_new (self.base, "bedside", NULL);
  g_signal_connect (sign_in, "open-browser", G_CALLBACK (on_open_browser), &url);
  net_sign_in_follow_async (sign_in, NULL, net_fixture_keep, &result);
  net_fixture_wait (url != NULL);
  stray = g_strdup_printf ("%s?code=evil&state=guessed", self.redirect);
  visit (stray);
  g_assert_null (result);
  self.wants_person = FALSE;
  visit (url); /* which answers with the redirect now */
  net_fixture_wait (result != NULL);
  session = net_sign_in_finish (sign_in, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (session);
  tear_down (&self);
}

static void
test_without_s256_is_refused (void)
{
  Fixture self = { .no_s256 = TRUE };
  g_autoptr (GError) error = NULL;

  set_up (&self);
  g_assert_null (sign_in (&self, &error));
  g_assert_error (error, NET_ERROR, NET_ERROR_PROTOCOL);
  g_assert_null (self.challenge); /* nothing was asked for */
  tear_down (&self);
}

static void
test_cancel (void)
{
  Fixture self = { .wants_person = TRUE };
  g_autoptr (NetSignIn) sign_in = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  set_up (&self);
  sign_in = net_sign_in_new (self.base, "bedside", NULL);
  g_signal_connect (sign_in, "open-browser", G_CALLBACK (on_open_browser), &url);
  net_sign_in_run_async (sign_in, cancellable, net_fixture_keep, &result);
  net_fixture_wait (url != NULL);
  g_cancellable_cancel (cancellable);
  net_fixture_wait (result != NULL);
  g_assert_null (net_sign_in_finish (sign_in, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  tear_down (&self);
}

static NetAnswer *
read_patient (Fixture *self, NetFhirClient *client, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  net_fhir_client_send_async (client, &(NetRequest) { .method = "GET", .path = "Patient/1" }, NULL,
                              net_fixture_keep, &result);
  net_fixture_wait (result != NULL);
  return net_fhir_client_send_finish (client, result, error);
}

/* Near its end a token is renewed before use; the new refresh token is kept first, and the old one
 * is never used again. */
static void
test_rotation (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) session = NULL;
  g_autoptr (NetFhirClient) client = NULL;

  set_up (&self);
  self.seconds = 30;
  session = sign_in (&self, &error);
  client = net_fhir_client_new (self.base, session, NULL);
  for (guint i = 2; i < 5; i++)
    {
      g_autoptr (NetAnswer) answer = read_patient (&self, client, &error);
      g_autofree char *kept = g_strdup_printf ("refresh-%u", i);

      g_assert_no_error (error);
      g_assert_cmpstr (self.kept, ==, kept);
    }
  g_assert_cmpuint (self.refreshes, ==, 3);
  g_assert_cmpuint (self.replays, ==, 0);
  tear_down (&self);
}

/* The server forgets the access token: one renewal, and the request goes through. */
static void
test_renewed_on_refusal (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) session = NULL;
  g_autoptr (NetFhirClient) client = NULL;
  g_autoptr (NetAnswer) answer = NULL;

  set_up (&self);
  session = sign_in (&self, &error);
  client = net_fhir_client_new (self.base, session, NULL);
  g_set_str (&self.access, "another");
  answer = read_patient (&self, client, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (self.refreshes, ==, 1);
  tear_down (&self);
}

static void
on_ended (NetSession *session, gpointer data)
{
  *(gboolean *) data = TRUE;
}

static void
test_ended (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NetSession) session = NULL;
  g_autoptr (NetFhirClient) client = NULL;
  gboolean ended = FALSE;

  set_up (&self);
  session = sign_in (&self, &error);
  g_signal_connect (session, "ended", G_CALLBACK (on_ended), &ended);
  client = net_fhir_client_new (self.base, session, NULL);
  g_set_str (&self.access, "another");
  g_set_str (&self.refresh, "another");
  g_assert_null (read_patient (&self, client, &error));
  g_assert_error (error, NET_ERROR, NET_ERROR_UNAUTHORIZED);
  net_fixture_wait (ended);
  tear_down (&self);
}

static gboolean
refuse_to_keep (const char *refresh_token, gpointer data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "No room");
  return FALSE;
}

/* A token that could not be kept is not used: the next start could not renew it. */
static void
test_not_kept_is_not_used (void)
{
  Fixture self = { 0 };
  g_autoptr (NetSignIn) sign_in = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&self);
  sign_in = net_sign_in_new (self.base, "bedside", NULL);
  net_sign_in_set_save (sign_in, refuse_to_keep, NULL, NULL);
  net_sign_in_follow_async (sign_in, NULL, net_fixture_keep, &result);
  net_fixture_wait (result != NULL);
  g_assert_null (net_sign_in_finish (sign_in, result, &error));
  g_assert_nonnull (error);
  tear_down (&self);
}

static void
test_resume (void)
{
  Fixture self = { 0 };
  g_autoptr (NetSignIn) sign_in = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (NetSession) session = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&self);
  g_set_str (&self.refresh, "from-last-week");
  sign_in = net_sign_in_new (self.base, "bedside", NULL);
  net_sign_in_set_save (sign_in, keep, &self, NULL);
  net_sign_in_resume_async (sign_in, "from-last-week", NULL, net_fixture_keep, &result);
  net_fixture_wait (result != NULL);
  session = net_sign_in_finish (sign_in, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (net_session_get_role (session), ==, "prescriber");
  g_assert_cmpstr (self.kept, ==, "refresh-1");
  tear_down (&self);
}

/* The example of RFC 7636, appendix B. */
static void
test_challenge (void)
{
  g_autofree char *challenge =
      net_sign_in_make_challenge ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

int
main (int argc, char *argv[])
{
  g_setenv ("LANGUAGE", "de_CH:fr", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/sign-in/challenge", test_challenge);
  g_test_add_func ("/net/sign-in/follow", test_follow);
  g_test_add_func ("/net/sign-in/records-elsewhere", test_records_elsewhere);
  g_test_add_func ("/net/sign-in/browser", test_browser);
  g_test_add_func ("/net/sign-in/without-s256-is-refused", test_without_s256_is_refused);
  g_test_add_func ("/net/sign-in/cancel", test_cancel);
  g_test_add_func ("/net/sign-in/rotation", test_rotation);
  g_test_add_func ("/net/sign-in/renewed-on-refusal", test_renewed_on_refusal);
  g_test_add_func ("/net/sign-in/ended", test_ended);
  g_test_add_func ("/net/sign-in/not-kept-is-not-used", test_not_kept_is_not_used);
  g_test_add_func ("/net/sign-in/resume", test_resume);
  return g_test_run ();
}
