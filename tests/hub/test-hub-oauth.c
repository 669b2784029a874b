/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base-password.h"
#include "hub-reply.h"

#define REDIRECT "http://127.0.0.1:45123/back"
/* RFC 7636 appendix B */
#define VERIFIER  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define FORM      "Content-Type: application/x-www-form-urlencoded"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, set_up, function, hub_fixture_tear_down)

static void
set_up (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubUser) user =
      hub_user_new ("doctor", "Dr Test", HUB_ROLE_PRESCRIBER, HUB_FIXTURE_PRACTITIONER);
  g_autoptr (HubUser) other =
      hub_user_new ("doctor2", "Dr Other", HUB_ROLE_PRESCRIBER, "Practitioner/d2");
  g_autofree char *hash = base_password_hash ("secret words", 1000);

  hub_fixture_set_up (fixture, data);
  hub_server_set_demo (fixture->server, TRUE);
  hub_access_put_user (fixture->data->access, user, hash);
  hub_access_put_user (fixture->data->access, other, NULL);
}

/* With the hub's own audience, unless @more names another or asks for none: "&aud=" or "&no-aud".
 */
static char *
question (HubFixture *fixture,
          const char *redirect,
          const char *challenge,
          const char *method,
          const char *more)
{
  g_autofree char *escaped = g_uri_escape_string (redirect, NULL, FALSE);
  g_autofree char *base = g_strconcat (hub_server_get_base_url (fixture->server), "/fhir", NULL);
  g_autofree char *aud = g_uri_escape_string (base, NULL, FALSE);
  gboolean own = strstr (more, "aud") == NULL;

  return g_strdup_printf (
      "response_type=code&client_id=test&redirect_uri=%s&scope=openid%%20fhirUser%%20offline_access"
      "&state=abc%%20%%26&code_challenge=%s&code_challenge_method=%s%s%s%s",
      escaped, challenge, method, own ? "&aud=" : "", own ? aud : "", more);
}

static HubAnswer *
authorize (HubFixture *fixture,
           const char *redirect,
           const char *challenge,
           const char *method,
           const char *more)
{
  g_autofree char *asked = question (fixture, redirect, challenge, method, more);
  g_autofree char *request = g_strconcat ("GET /auth/authorize?", asked, NULL);

  return hub_fixture_send (fixture, NULL, request, NULL, NULL);
}

static char *
part_of_location (HubAnswer *answer, const char *name)
{
  const char *location = hub_answer_header (answer, "Location");
  g_autoptr (GUri) uri =
      location != NULL ? g_uri_parse (location, G_URI_FLAGS_ENCODED, NULL) : NULL;
  g_autoptr (GHashTable) fields = uri != NULL ? soup_form_decode (g_uri_get_query (uri)) : NULL;

  return fields != NULL ? g_strdup (g_hash_table_lookup (fields, name)) : NULL;
}

static char *
new_code (HubFixture *fixture)
{
  g_autoptr (HubAnswer) answer = authorize (fixture, REDIRECT, CHALLENGE, "S256", "");
  g_autofree char *state = part_of_location (answer, "state");
  char *code = part_of_location (answer, "code");

  g_assert_cmpuint (answer->status, ==, 302);
  g_assert_true (g_str_has_prefix (hub_answer_header (answer, "Location"), REDIRECT "?"));
  g_assert_cmpstr (state, ==, "abc &");
  g_assert_nonnull (code);
  return code;
}

static HubAnswer *
redeem (HubFixture *fixture,
        const char *code,
        const char *redirect,
        const char *verifier,
        const char *client)
{
  g_autofree char *body = g_strdup_printf (
      "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=%s&client_id=%s", code,
      redirect, verifier, client);

  return hub_fixture_send (fixture, NULL, "POST /auth/token", FORM, body);
}

static HubAnswer *
refresh (HubFixture *fixture, const char *token)
{
  g_autofree char *body =
      g_strdup_printf ("grant_type=refresh_token&refresh_token=%s&client_id=test", token);

  return hub_fixture_send (fixture, NULL, "POST /auth/token", FORM, body);
}

static char *
member (HubAnswer *answer, const char *name)
{
  g_autoptr (JsonNode) root = json_from_string (answer->text, NULL);

  g_assert_nonnull (root);
  return g_strdup (
      json_object_get_string_member_with_default (json_node_get_object (root), name, NULL));
}

static guint
try_token (HubFixture *fixture, const char *token)
{
  g_autofree char *headers = g_strconcat ("Authorization: Bearer ", token, NULL);
  g_autoptr (HubAnswer) answer =
      hub_fixture_send (fixture, NULL, "GET /fhir/Practitioner?_count=1", headers, NULL);

  return answer->status;
}

static void
test_whole_flow (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *code = new_code (fixture);
  g_autoptr (HubAnswer) tokens = redeem (fixture, code, REDIRECT, VERIFIER, "test");
  g_autofree char *access = member (tokens, "access_token");
  g_autofree char *user = member (tokens, "fhirUser");
  g_autofree char *name = member (tokens, "name");
  g_autofree char *role = member (tokens, "role");
  g_autofree char *type = member (tokens, "token_type");

  g_assert_cmpuint (tokens->status, ==, 200);
  g_assert_cmpstr (hub_answer_header (tokens, "Cache-Control"), ==, "no-store");
  g_assert_cmpstr (user, ==, HUB_FIXTURE_PRACTITIONER);
  g_assert_cmpstr (name, ==, "Dr Test");
  g_assert_cmpstr (role, ==, "prescriber");
  g_assert_cmpstr (type, ==, "Bearer");
  g_assert_cmpuint (try_token (fixture, access), ==, 200);
  base_clock_advance (fixture->clock, 3601 * (gint64) G_USEC_PER_SEC);
  g_assert_cmpuint (try_token (fixture, access), ==, 401);
}

static void
test_hint_names_the_user (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (HubAnswer) answer =
      authorize (fixture, REDIRECT, CHALLENGE, "S256", "&login_hint=doctor2");
  g_autofree char *code = part_of_location (answer, "code");
  g_autoptr (HubAnswer) tokens = redeem (fixture, code, REDIRECT, VERIFIER, "test");
  g_autofree char *user = member (tokens, "fhirUser");

  g_assert_cmpstr (user, ==, "Practitioner/d2");
}

static void
test_wrong_questions (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *redirect, *challenge, *method;
    guint status;
    const char *error;
  } cases[] = {
    { REDIRECT, VERIFIER, "plain", 302, "invalid_request" },
    { REDIRECT, "", "S256", 302, "invalid_request" },
    { REDIRECT, CHALLENGE, "", 302, "invalid_request" },
    { "https://evil.example/back", CHALLENGE, "S256", 400, NULL },
    { "http://127.0.0.1.evil.example:80/", CHALLENGE, "S256", 400, NULL },
    { "http://localhost:80/", CHALLENGE, "S256", 400, NULL },
    { "http://127.0.0.1@evil.example:80/", CHALLENGE, "S256", 400, NULL },
    { "http://127.0.0.1:80/#x", CHALLENGE, "S256", 400, NULL },
    { "custom:/back", CHALLENGE, "S256", 400, NULL },
    { "", CHALLENGE, "S256", 400, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          authorize (fixture, cases[i].redirect, cases[i].challenge, cases[i].method, "");
      g_autofree char *error = part_of_location (answer, "error");

      g_test_message ("%s %s", cases[i].redirect, cases[i].method);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
      g_assert_cmpstr (error, ==, cases[i].error);
      if (cases[i].status == 400)
        g_assert_null (hub_answer_header (answer, "Location"));
    }
}

static void
test_wrong_redemptions (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *redirect, *verifier, *client;
  } cases[] = {
    { REDIRECT, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX", "test" },
    { REDIRECT, CHALLENGE, "test" },
    { REDIRECT, "", "test" },
    { REDIRECT "/", VERIFIER, "test" },
    { REDIRECT, VERIFIER, "other" },
  };
  g_autofree char *late = NULL;
  g_autoptr (HubAnswer) too_late = NULL,
                        unknown = redeem (fixture, "x", REDIRECT, VERIFIER, "test");

  g_assert_cmpuint (unknown->status, ==, 400);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *code = new_code (fixture);
      g_autoptr (HubAnswer) answer =
          redeem (fixture, code, cases[i].redirect, cases[i].verifier, cases[i].client);
      g_autofree char *error = member (answer, "error");

      g_assert_cmpuint (answer->status, ==, 400);
      g_assert_cmpstr (error, ==, "invalid_grant");
    }
  late = new_code (fixture);
  base_clock_advance (fixture->clock, 61 * G_USEC_PER_SEC);
  too_late = redeem (fixture, late, REDIRECT, VERIFIER, "test");
  g_assert_cmpuint (too_late->status, ==, 400);
}

static void
test_code_twice_ends_all (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *code = new_code (fixture);
  g_autoptr (HubAnswer) first = redeem (fixture, code, REDIRECT, VERIFIER, "test");
  g_autofree char *access = member (first, "access_token");
  g_autoptr (HubAnswer) second = redeem (fixture, code, REDIRECT, VERIFIER, "test");

  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpuint (second->status, ==, 400);
  g_assert_cmpuint (try_token (fixture, access), ==, 401);
}

static void
test_refresh_rotates (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *code = new_code (fixture);
  g_autoptr (HubAnswer) first = redeem (fixture, code, REDIRECT, VERIFIER, "test");
  g_autofree char *old = member (first, "refresh_token");
  g_autoptr (HubAnswer) second = refresh (fixture, old);
  g_autofree char *access = member (second, "access_token");
  g_autofree char *fresh = member (second, "refresh_token");
  g_autoptr (HubAnswer) third = refresh (fixture, fresh);
  g_autofree char *last = member (third, "access_token");
  g_autofree char *newest = member (third, "refresh_token");
  g_autoptr (HubAnswer) replay = NULL, after = NULL;

  g_assert_cmpuint (second->status, ==, 200);
  g_assert_cmpstr (fresh, !=, old);
  g_assert_cmpuint (try_token (fixture, access), ==, 200);
  g_assert_cmpuint (try_token (fixture, last), ==, 200);
  replay = refresh (fixture, old); /* somebody has a copy */
  g_assert_cmpuint (replay->status, ==, 400);
  after = refresh (fixture, newest);
  g_assert_cmpuint (after->status, ==, 400);
  g_assert_cmpuint (try_token (fixture, last), ==, 401);
}

/* What a token can do must survive a restart; the token itself must not be on the disk. */
static void
test_tokens_are_kept_as_hashes (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *code = new_code (fixture);
  g_autoptr (HubAnswer) answer = redeem (fixture, code, REDIRECT, VERIFIER, "test");
  g_autofree char *access = member (answer, "access_token");
  g_autoptr (GError) error = NULL;
  g_autoptr (HubAccess) again = hub_access_new (fixture->data->store, fixture->clock, &error);
  g_autoptr (HubUser) user = hub_access_check_token (again, access);
  g_autoptr (HubUser) stranger = hub_access_check_token (again, "x");

  g_assert_no_error (error);
  g_assert_nonnull (user);
  g_assert_cmpstr (user->name, ==, "doctor");
  g_assert_null (stranger);
}

/* In the language that the program asks for, else in the browser's, and it stays when the password
 * was wrong. */
static void
test_languages (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *asked, *browser, *language, *button;
  } cases[] = {
    { "", NULL, "en", "Sign in" },
    { "&ui_locales=de-CH%20fr", "Accept-Language: ja", "de", "Anmelden" },
    { "&ui_locales=tlh%20es", NULL, "es", "Iniciar sesión" },
    { "&ui_locales=", "Accept-Language: tlh, en;q=0.2, fr-CA;q=0.9", "fr", "Se connecter" },
    { "", "Accept-Language: ja", "ja", "サインイン" },
    { "&ui_locales=%22%3E%3Cb%3E", "Accept-Language: ;;;", "en", "Sign in" },
  };

  hub_server_set_demo (fixture->server, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *asked = question (fixture, REDIRECT, CHALLENGE, "S256", cases[i].asked);
      g_autofree char *get = g_strconcat ("GET /auth/authorize?", asked, NULL);
      g_autofree char *lang = g_strdup_printf ("<html lang=\"%s\">", cases[i].language);
      g_autofree char *button = g_strdup_printf ("<button>%s</button>", cases[i].button);
      g_autoptr (HubAnswer) page = hub_fixture_send (fixture, NULL, get, cases[i].browser, NULL);

      g_test_message ("%s %s", cases[i].asked, cases[i].browser);
      g_assert_nonnull (strstr (page->text, lang));
      g_assert_nonnull (strstr (page->text, button));
      g_assert_null (strstr (page->text, "<b>"));
    }
  g_autofree char *wrong =
      question (fixture, REDIRECT, CHALLENGE, "S256", "&ui_locales=de&user=doctor&password=wrong");
  g_autoptr (HubAnswer) refused =
      hub_fixture_send (fixture, NULL, "POST /auth/authorize", FORM, wrong);
  g_assert_cmpuint (refused->status, ==, 401);
  g_assert_nonnull (strstr (refused->text, "Name oder Passwort ist falsch."));
  g_assert_nonnull (strstr (refused->text, "name=\"ui_locales\" value=\"de\""));
}

static void
test_password_page (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *asked =
      question (fixture, REDIRECT, CHALLENGE, "S256", "&user=doctor&password=wrong");
  g_autofree char *right =
      question (fixture, REDIRECT, CHALLENGE, "S256", "&user=doctor&password=secret%20words");
  g_autofree char *foreign = question (fixture, "https://evil.example/", CHALLENGE, "S256",
                                       "&user=doctor&password=secret%20words");
  g_autoptr (HubAnswer) page = NULL, wrong = NULL, good = NULL, evil = NULL, locked = NULL;
  g_autofree char *code = NULL;

  hub_server_set_demo (fixture->server, FALSE);
  page = authorize (fixture, REDIRECT, CHALLENGE, "S256", "&login_hint=%22%3E%3Cscript%3E");
  g_assert_cmpuint (page->status, ==, 200);
  g_assert_nonnull (strstr (page->text, "<form"));
  g_assert_null (strstr (page->text, "<script"));
  wrong = hub_fixture_send (fixture, NULL, "POST /auth/authorize", FORM, asked);
  g_assert_cmpuint (wrong->status, ==, 401);
  evil = hub_fixture_send (fixture, NULL, "POST /auth/authorize", FORM, foreign);
  g_assert_cmpuint (evil->status, ==, 400);
  good = hub_fixture_send (fixture, NULL, "POST /auth/authorize", FORM, right);
  code = part_of_location (good, "code");
  g_assert_cmpuint (good->status, ==, 302);
  g_assert_nonnull (code);
  for (int i = 0; i < 5; i++)
    hub_answer_free (hub_fixture_send (fixture, NULL, "POST /auth/authorize", FORM, asked));
  locked = hub_fixture_send (fixture, NULL, "POST /auth/authorize", FORM, right);
  g_assert_cmpuint (locked->status, ==, 429);
}

/* Whether somebody has a name must not be told by how tries with it end. */
static void
test_unknown_name_locks_too (HubFixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "doctor", "doctor2", "nobody" };

  hub_server_set_demo (fixture->server, FALSE);
  for (gsize name = 0; name < G_N_ELEMENTS (names); name++)
    for (int i = 0; i < 7; i++)
      {
        g_autofree char *more = g_strdup_printf ("&user=%s&password=wrong", names[name]);
        g_autofree char *asked = question (fixture, REDIRECT, CHALLENGE, "S256", more);
        g_autoptr (HubAnswer) answer =
            hub_fixture_send (fixture, NULL, "POST /auth/authorize", FORM, asked);

        g_test_message ("%s, try %d", names[name], i + 1);
        g_assert_cmpuint (answer->status, ==, i < 5 ? 401 : 429);
      }
}

static void
test_audience (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *end;
    gboolean ours;
  } ends[] = { { "/fhir", TRUE },       { "/fhir/", TRUE },  { "/fhirsomething", FALSE },
               { "/fhir/x", FALSE },    { "/fhi", FALSE },   { "/fhir@evil.example", FALSE },
               { "/fhir.evil", FALSE }, { "/fhir//", FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *aud =
          g_strconcat (hub_server_get_base_url (fixture->server), ends[i].end, NULL);
      g_autofree char *escaped = g_uri_escape_string (aud, NULL, FALSE);
      g_autofree char *more = g_strconcat ("&aud=", escaped, NULL);
      g_autoptr (HubAnswer) answer = authorize (fixture, REDIRECT, CHALLENGE, "S256", more);
      g_autofree char *code = part_of_location (answer, "code");

      g_test_message ("%s", aud);
      g_assert_cmpint (code != NULL, ==, ends[i].ours);
    }
}

/* Who does not say for whom a token is to be gets none, on either way to it. */
static void
test_audience_is_required (HubFixture *fixture, gconstpointer data)
{
  static const char *const missing[] = { "&no-aud=1", "&aud=" };

  for (gsize i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_autofree char *more =
          g_strconcat (missing[i], "&user=doctor&password=secret%20words", NULL);
      g_autofree char *asked = question (fixture, REDIRECT, CHALLENGE, "S256", more);
      g_autoptr (HubAnswer) page = authorize (fixture, REDIRECT, CHALLENGE, "S256", missing[i]);
      g_autoptr (HubAnswer) form =
          hub_fixture_send (fixture, NULL, "POST /auth/authorize", FORM, asked);
      g_autofree char *first = part_of_location (page, "error");
      g_autofree char *second = part_of_location (form, "error");
      g_autofree char *state = part_of_location (form, "state");

      g_test_message ("%s", missing[i]);
      g_assert_cmpstr (first, ==, "invalid_request");
      g_assert_cmpstr (second, ==, "invalid_request");
      g_assert_cmpstr (state, ==, "abc &");
    }
}

/* A sign-in that was begun before an account was disabled comes to nothing. */
static void
test_disabled_between (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *code = new_code (fixture);
  g_autofree char *spare = new_code (fixture);
  g_autoptr (HubAnswer) tokens = redeem (fixture, spare, REDIRECT, VERIFIER, "test");
  g_autofree char *access = member (tokens, "access_token");
  g_autofree char *again = member (tokens, "refresh_token");
  g_autoptr (HubAnswer) late = NULL, refreshed = NULL;

  g_assert_cmpuint (try_token (fixture, access), ==, 200);
  g_assert_true (hub_access_disable_user (fixture->data->access, "doctor"));
  g_assert_true (hub_access_enable_user (fixture->data->access, "doctor"));
  g_assert_cmpuint (try_token (fixture, access), ==, 401);
  refreshed = refresh (fixture, again);
  g_assert_cmpuint (refreshed->status, ==, 400);
  late = redeem (fixture, code, REDIRECT, VERIFIER, "test");
  g_assert_cmpuint (late->status, ==, 400);
}

typedef struct
{
  guint answers, refused;
} Tries;

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Tries *tries = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HubUser) user = hub_access_check_password_finish (HUB_ACCESS (source), result, &error);

  g_assert_null (user);
  tries->answers++;
  tries->refused += g_error_matches (error, HUB_ERROR, 429) ? 1 : 0;
}

/* Tries that are all under way before the first is answered are counted like others. */
static void
test_tries_at_once (HubFixture *fixture, gconstpointer data)
{
  Tries tries = { 0 };

  for (int i = 0; i < 50; i++)
    hub_access_check_password_async (fixture->data->access, "doctor", "wrong", tried_cb, &tries);
  while (tries.answers < 50)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (tries.refused, ==, 45);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/oauth/flow", test_whole_flow);
  fixture_test ("/hub/oauth/hint", test_hint_names_the_user);
  fixture_test ("/hub/oauth/wrong-questions", test_wrong_questions);
  fixture_test ("/hub/oauth/wrong-redemptions", test_wrong_redemptions);
  fixture_test ("/hub/oauth/code-twice", test_code_twice_ends_all);
  fixture_test ("/hub/oauth/refresh", test_refresh_rotates);
  fixture_test ("/hub/oauth/kept", test_tokens_are_kept_as_hashes);
  fixture_test ("/hub/oauth/unknown-name-locks-too", test_unknown_name_locks_too);
  fixture_test ("/hub/oauth/audience", test_audience);
  fixture_test ("/hub/oauth/audience-is-required", test_audience_is_required);
  fixture_test ("/hub/oauth/disabled-between", test_disabled_between);
  fixture_test ("/hub/oauth/languages", test_languages);
  fixture_test ("/hub/oauth/password", test_password_page);
  fixture_test ("/hub/oauth/tries-at-once", test_tries_at_once);
  return g_test_run ();
}
