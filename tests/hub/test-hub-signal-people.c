/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include "hub-signal-room-private.h"

#include <string.h>

/* Guests and interpreters in a visit: their links, what they may, and who meets whom. */

#define INTERPRETER "{\"name\":\"Łucja Nowak\",\"number\":\"4711\",\"language\":\"Polish\"}"
#define GUEST       "{\"name\":\"Bert Quill\",\"relation\":\"CHILD\"}"

typedef struct
{
  VisitClinic *clinic;
  char *encounter;
  VisitSocket *patient, *clinician;
} Visit;

/* ---- talking to the hub ---- */

static void
greet (VisitSocket *socket, const char *role, guint epoch)
{
  g_autofree char *hello =
      g_strdup_printf ("{\"type\":\"hello\",\"role\":\"%s\",\"epoch\":%u}", role, epoch);

  visit_socket_send (socket, hello);
  g_free (visit_socket_expect (socket, "hello"));
}

/* The next message of @type that has each of the parts in it; others before it are passed over. */
static char *
expect (VisitSocket *socket, const char *type, const char *part, const char *other)
{
  char *text = visit_socket_expect (socket, type);

  while ((part != NULL && strstr (text, part) == NULL) ||
         (other != NULL && strstr (text, other) == NULL))
    {
      g_free (text);
      text = visit_socket_expect (socket, type);
    }
  return text;
}

static void
see (VisitSocket *socket, const char *type, const char *part, const char *other)
{
  g_free (expect (socket, type, part, other));
}

/* Nothing of @type came, after all that was sent before has been dealt with. */
static void
see_none (VisitSocket *socket, const char *type)
{
  visit_socket_settle (socket);
  g_assert_false (visit_socket_has (socket, type));
}

static void
forget (VisitSocket *socket)
{
  visit_socket_settle (socket);
  g_queue_clear_full (&socket->received, g_free);
}

static VisitSocket *
open_as (Visit *visit, const char *encounter, const char *query, const char *cookie)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal%s", encounter, query);

  return visit_socket_open (visit->clinic, path, cookie, NULL);
}

static void
refused (Visit *visit, const char *encounter, const char *query, const char *cookie)
{
  g_autoptr (VisitSocket) socket = open_as (visit, encounter, query, cookie);

  g_assert_null (socket->connection);
}

/* ---- invitations ---- */

static char *
try_invite (Visit *visit, const char *token, const char *encounter, const char *rest, guint *status)
{
  g_autofree char *url =
      g_strdup_printf ("%s/fhir/Encounter/%s/$%s", hub_server_get_base_url (visit->clinic->server),
                       encounter, rest);

  return visit_clinic_ask (visit->clinic, "POST", url, token, NULL, status);
}

static char *
url_of (const char *answer)
{
  const char *start = strstr (answer, "http");

  g_assert_nonnull (start);
  return g_strndup (start, strcspn (start, "\""));
}

static char *
invite (Visit *visit, const char *role)
{
  g_autofree char *rest = g_strconcat ("invite?role=", role, NULL);
  guint status;
  g_autofree char *answer =
      try_invite (visit, visit->clinic->doctor, visit->encounter, rest, &status);

  g_assert_cmpuint (status, ==, 200);
  return url_of (answer);
}

/* A browser of their own: its cookies are not the patient's. */
static char *
ask (Visit *visit,
     const char *method,
     const char *url,
     const char *action,
     const char *body,
     char **cookie,
     guint *status)
{
  g_autofree char *full = g_strconcat (url, "/", action, NULL);
  char *patients = visit->clinic->cookie;
  char *answer;

  visit->clinic->cookie = g_strdup (*cookie);
  answer = visit_clinic_ask (visit->clinic, method, full, NULL, body, status);
  g_free (*cookie);
  *cookie = visit->clinic->cookie;
  visit->clinic->cookie = patients;
  return answer;
}

/* Returns: (transfer full): the session's cookie */
static char *
enter (Visit *visit, const char *url, const char *body)
{
  char *cookie = NULL;
  guint status;
  g_autofree char *answer = ask (visit, "POST", url, "enter", body, &cookie, &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (answer, visit->encounter));
  g_assert_nonnull (cookie);
  return cookie;
}

static guint
state_of (Visit *visit, const char *url)
{
  g_autofree char *cookie = NULL;
  guint status;

  g_free (ask (visit, "GET", url, "state", NULL, &cookie, &status));
  return status;
}

/* Somebody who came by a new link and is in the room. */
static VisitSocket *
come (Visit *visit, const char *role, const char *body, char **url, char **cookie)
{
  g_autofree char *link = invite (visit, role);
  g_autofree char *session = enter (visit, link, body);
  VisitSocket *socket = open_as (visit, visit->encounter, "?as=guest", session);

  g_assert_no_error (socket->error);
  greet (socket, role, 0);
  see (visit->clinician, "person", role, "\"state\":\"waiting\"");
  if (url != NULL)
    *url = g_steal_pointer (&link);
  if (cookie != NULL)
    *cookie = g_steal_pointer (&session);
  return socket;
}

static void
admit (Visit *visit, VisitSocket *socket, const char *role)
{
  g_autofree char *text = g_strdup_printf ("{\"type\":\"admit\",\"to\":\"%s\"}", role);

  visit_socket_send (visit->clinician, text);
  see (socket, "person", role, "\"state\":\"in\"");
}

static void
admit_patient (Visit *visit)
{
  visit_socket_send (visit->clinician, "{\"type\":\"admit\"}");
  see (visit->patient, "admit", NULL, NULL);
}

static void
visit_set_up (Visit *visit, gconstpointer data)
{
  g_autofree char *path = NULL;

  visit->clinic = visit_clinic_new ();
  visit->encounter = visit_clinic_wait (visit->clinic);
  path = g_strdup_printf ("/visit/%s/signal", visit->encounter);
  visit->patient = visit_socket_open (visit->clinic, path, visit->clinic->cookie, NULL);
  greet (visit->patient, "patient", 0);
  visit_socket_send (visit->patient, "{\"type\":\"waiting\"}");
  visit->clinician = visit_socket_open (visit->clinic, path, NULL, visit->clinic->doctor);
  greet (visit->clinician, "clinician", 0);
}

static void
visit_tear_down (Visit *visit, gconstpointer data)
{
  g_clear_pointer (&visit->patient, visit_socket_free);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit_clinic_free (visit->clinic);
  g_free (visit->encounter);
}

/* ---- who meets whom ---- */

/* The clinician talks with the interpreter while the patient still waits. */
static void
test_an_interpreter_comes_first (Visit *visit, gconstpointer data)
{
  g_autoptr (VisitSocket) interpreter = come (visit, "interpreter", INTERPRETER, NULL, NULL);
  g_autofree char *told = NULL;

  visit_socket_send (visit->clinician,
                     "{\"type\":\"offer\",\"to\":\"interpreter\",\"epoch\":1,\"sdp\":\"v=0\"}");
  visit_socket_settle (visit->clinician);
  see_none (interpreter, "offer"); /* not let in yet */
  admit (visit, interpreter, "interpreter");
  told = expect (visit->clinician, "person", "\"state\":\"in\"", NULL);
  g_assert_nonnull (strstr (told, "\"number\":\"4711\""));
  g_assert_nonnull (strstr (told, "\"language\":\"Polish\""));
  g_assert_nonnull (strstr (told, "Łucja Nowak"));
  visit_socket_send (visit->clinician,
                     "{\"type\":\"offer\",\"to\":\"interpreter\",\"epoch\":2,\"sdp\":\"v=0\"}");
  see (interpreter, "offer", "\"from\":\"clinician\"", "\"epoch\":2");
  visit_socket_send (interpreter, "{\"type\":\"answer\",\"epoch\":2,\"sdp\":\"v=1\"}");
  see (visit->clinician, "answer", "\"from\":\"interpreter\"", "v=1");
  visit_socket_send (interpreter,
                     "{\"type\":\"candidate\",\"epoch\":2,\"mline\":0,\"candidate\":\"c\"}");
  see (visit->clinician, "candidate", "\"from\":\"interpreter\"", NULL);
  see_none (visit->patient, "connect");
  g_assert_false (visit_socket_has (visit->patient, "admit"));
  g_assert_false (visit_socket_has (visit->patient, "offer"));
}

static guint
epoch_of (const char *text)
{
  const char *at = strstr (text, "\"epoch\":");

  g_assert_nonnull (at);
  return (guint) g_ascii_strtoull (at + strlen ("\"epoch\":"), NULL, 10);
}

static void
test_three_meet (Visit *visit, gconstpointer data)
{
  g_autoptr (VisitSocket) interpreter = come (visit, "interpreter", INTERPRETER, NULL, NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  admit (visit, interpreter, "interpreter");
  admit_patient (visit);
  first = expect (visit->patient, "connect", "\"role\":\"interpreter\"", NULL);
  see_none (interpreter, "connect"); /* one of two offers */
  visit_socket_send (visit->patient,
                     "{\"type\":\"offer\",\"to\":\"interpreter\",\"epoch\":5,\"sdp\":\"v=0\","
                     "\"from\":\"clinician\"}");
  see (interpreter, "offer", "\"from\":\"patient\"", "\"sdp\":\"v=0\""); /* whatever it claims */
  visit_socket_send (interpreter,
                     "{\"type\":\"answer\",\"to\":\"patient\",\"epoch\":5,\"sdp\":\"v=1\"}");
  see (visit->patient, "answer", "\"from\":\"interpreter\"", NULL);
  visit_socket_send (interpreter, "{\"type\":\"media\",\"audio\":true,\"video\":false}");
  see (visit->patient, "media", "\"from\":\"interpreter\"", NULL);
  see (visit->clinician, "media", "\"from\":\"interpreter\"", NULL);
  visit_socket_send (visit->patient, "{\"type\":\"media\",\"audio\":true,\"video\":true}");
  see (interpreter, "media", "\"from\":\"patient\"", NULL);
  visit_socket_send (interpreter, "{\"type\":\"renew\",\"to\":\"patient\",\"epoch\":6}");
  second = expect (visit->patient, "connect", "\"role\":\"interpreter\"", NULL);
  g_assert_cmpuint (epoch_of (second), >, epoch_of (first));
  see_none (visit->clinician, "renew");
}

static void
test_four_meet (Visit *visit, gconstpointer data)
{
  g_autoptr (VisitSocket) interpreter = come (visit, "interpreter", INTERPRETER, NULL, NULL);
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, NULL, NULL);

  see_none (guest, "person\",\"role\":\"interpreter"); /* who waits learns of nobody */
  admit_patient (visit);
  admit (visit, interpreter, "interpreter");
  see (visit->patient, "connect", "\"role\":\"interpreter\"", NULL);
  see_none (visit->patient, "connect"); /* the guest is not in */
  admit (visit, guest, "guest");
  see (visit->patient, "connect", "\"role\":\"guest\"", NULL);
  see (guest, "connect", "\"role\":\"interpreter\"", NULL);
  see_none (interpreter, "connect");
  /* the guest's relation is the patient's to know, the interpreter's number is not */
  visit_socket_send (visit->clinician, "{\"type\":\"quiet\",\"to\":\"guest\"}");
  see (guest, "quiet", NULL, NULL);
  visit_socket_settle (visit->patient);
  for (GList *item = visit->patient->received.head; item != NULL; item = item->next)
    g_assert_null (strstr (item->data, "4711"));
}

/* A page whose socket is away keeps its connections: who is put aside then is parted all the same.
 */
static void
test_aside_while_away (Visit *visit, gconstpointer data)
{
  g_autofree char *cookie = NULL;
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, NULL, &cookie);
  g_autoptr (VisitSocket) again = NULL;

  admit (visit, guest, "guest");
  admit_patient (visit);
  see (visit->patient, "connect", "\"role\":\"guest\"", NULL);
  g_clear_pointer (&guest, visit_socket_free);
  see (visit->clinician, "person", "\"present\":false", "\"state\":\"in\"");
  visit_socket_send (visit->clinician, "{\"type\":\"hold\",\"to\":\"guest\"}");
  see (visit->patient, "part", "\"role\":\"guest\"", NULL);
  see (visit->clinician, "person", "\"present\":false", "\"state\":\"aside\"");
  forget (visit->patient);
  again = open_as (visit, visit->encounter, "?as=guest", cookie);
  greet (again, "guest", 5);
  see (again, "person", "\"role\":\"guest\"", "\"state\":\"aside\"");
  see_none (visit->patient, "connect");
}

static void
test_a_hold_and_a_hang_up_part (Visit *visit, gconstpointer data)
{
  g_autoptr (VisitSocket) interpreter = come (visit, "interpreter", INTERPRETER, NULL, NULL);

  admit (visit, interpreter, "interpreter");
  admit_patient (visit);
  see (visit->patient, "connect", NULL, NULL);
  visit_socket_send (visit->clinician, "{\"type\":\"hold\"}");
  see (visit->patient, "part", "interpreter", NULL);
  see (interpreter, "part", "patient", NULL);
  admit_patient (visit);
  see (visit->patient, "connect", NULL, NULL);
  visit_socket_send (visit->clinician, "{\"type\":\"hangup\"}");
  see (interpreter, "hangup", "\"from\":\"clinician\"", NULL);
  see (interpreter, "part", "patient", NULL);
  admit_patient (visit);
  see (visit->patient, "connect", NULL, NULL);
  visit_socket_send (visit->patient, "{\"type\":\"hangup\"}");
  see (interpreter, "part", "patient", NULL);
  /* a hold of one alone */
  visit_socket_send (visit->clinician, "{\"type\":\"hold\",\"to\":\"interpreter\"}");
  see (interpreter, "person", "\"state\":\"aside\"", NULL);
  forget (interpreter);
  visit_socket_send (visit->clinician,
                     "{\"type\":\"offer\",\"to\":\"interpreter\",\"epoch\":9,\"sdp\":\"v=0\"}");
  visit_socket_settle (visit->clinician);
  see_none (interpreter, "offer");
}

static void
test_speaking_alone (Visit *visit, gconstpointer data)
{
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, NULL, NULL);
  const char *on = "{\"type\":\"alone\",\"on\":true}";
  const char *off = "{\"type\":\"alone\",\"on\":false}";

  admit_patient (visit);
  admit (visit, guest, "guest");
  see (visit->patient, "connect", "guest", NULL);
  visit_socket_send (visit->patient, on);
  see (guest, "person", "\"state\":\"aside\"", NULL);
  see (guest, "part", "patient", NULL);
  see (visit->patient, "part", "guest", NULL);
  see (visit->clinician, "alone", "\"on\":true", "\"from\":\"patient\"");
  see (visit->clinician, "person", "\"state\":\"aside\"", NULL);
  visit_socket_send (visit->clinician,
                     "{\"type\":\"offer\",\"to\":\"guest\",\"epoch\":9,\"sdp\":\"v=0\"}");
  visit_socket_settle (visit->clinician);
  see_none (guest, "offer");
  g_assert_false (visit_socket_has (guest, "alone")); /* who asked is not the guest's to know */
  visit_socket_send (guest, "{\"type\":\"alone\",\"on\":false}");
  see (guest, "error", NULL, NULL);
  visit_socket_send (visit->clinician, off);
  see (guest, "person", "\"state\":\"in\"", NULL);
  see (visit->patient, "connect", "guest", NULL);
  visit_socket_send (visit->clinician, on);
  see (guest, "part", "patient", NULL);
}

/* A line that broke is no reason to part; a page that is new has nothing left. */
static void
test_a_page_comes_back (Visit *visit, gconstpointer data)
{
  g_autofree char *cookie = NULL;
  VisitSocket *interpreter = come (visit, "interpreter", INTERPRETER, NULL, &cookie);

  admit (visit, interpreter, "interpreter");
  admit_patient (visit);
  see (visit->patient, "connect", NULL, NULL);
  forget (visit->patient);
  visit_socket_free (interpreter);
  see (visit->clinician, "person", "\"present\":false", NULL);
  interpreter = open_as (visit, visit->encounter, "?as=guest", cookie);
  greet (interpreter, "interpreter", 7);
  see (interpreter, "person", "\"state\":\"in\"", NULL); /* no need to be let in again */
  see_none (visit->patient, "connect");
  g_assert_false (visit_socket_has (visit->patient, "part"));
  visit_socket_free (interpreter);
  interpreter = open_as (visit, visit->encounter, "?as=guest", cookie);
  greet (interpreter, "interpreter", 0);
  see (visit->patient, "connect", NULL, NULL);
  visit_socket_free (interpreter);
}

/* ---- rights ---- */

static void
test_no_chat (Visit *visit, gconstpointer data)
{
  g_autoptr (VisitSocket) guest = NULL;

  visit_socket_send (visit->patient, "{\"type\":\"chat\",\"text\":\"a secret\",\"id\":\"1\"}");
  see (visit->clinician, "chat", "a secret", NULL);
  guest = come (visit, "guest", GUEST, NULL, NULL);
  admit_patient (visit);
  admit (visit, guest, "guest");
  visit_socket_send (visit->clinician, "{\"type\":\"chat\",\"text\":\"an answer\",\"id\":\"2\"}");
  see (visit->patient, "chat", "an answer", NULL);
  see_none (guest, "chat");
  g_assert_false (visit_socket_has (guest, "medicines"));
  g_assert_false (visit_socket_has (guest, "estimate"));
  visit_socket_send (guest, "{\"type\":\"chat\",\"text\":\"as the patient\",\"id\":\"3\"}");
  see (guest, "error", NULL, NULL);
  see_none (visit->clinician, "chat");
}

static void
test_no_other_role (Visit *visit, gconstpointer data)
{
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, NULL, NULL);

  visit_socket_send (guest, "{\"type\":\"hello\",\"role\":\"patient\"}");
  see (guest, "error", NULL, NULL);
  visit_socket_send (guest, "{\"type\":\"dismiss\",\"to\":\"guest\"}");
  see (guest, "error", NULL, NULL);
  visit_socket_send (guest, "{\"type\":\"admit\",\"to\":\"guest\"}");
  visit_socket_expect_closed (guest, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  see_none (visit->patient, "admit");
}

/* A guest's or interpreter's link opens nothing of the patient's, and the other way round. */
static void
test_no_patients_rights (Visit *visit, gconstpointer data)
{
  const char *const actions[] = { "state", "medicines", "probe" };
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autofree char *as_patient = NULL;
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, &url, &cookie);
  const char *token = strrchr (url, '/') + 1;
  g_autofree char *join =
      g_strdup_printf ("%s/join/%s", hub_server_get_base_url (visit->clinic->server), token);
  guint status;

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_free (ask (visit, "GET", join, actions[i], NULL, &cookie, &status));
      g_assert_cmpuint (status, ==, 404);
      g_free (ask (visit, "GET", visit->clinic->url, actions[i], NULL, &cookie, &status));
      g_assert_true (status == 401 || g_str_equal (actions[i], "state"));
    }
  g_free (ask (visit, "POST", join, "verify", "{\"year\":1961,\"month\":3,\"day\":12}", &cookie,
               &status));
  g_assert_cmpuint (status, ==, 404);
  as_patient = g_strconcat (HUB_SIGNAL_COOKIE "-00000000=", strchr (cookie, '=') + 1, NULL);
  refused (visit, visit->encounter, "", cookie);
  refused (visit, visit->encounter, "", as_patient);
  refused (visit, visit->encounter, "?as=guest", visit->clinic->cookie);
  refused (visit, "another-visit", "?as=guest", cookie);
  g_free (visit_clinic_ask (visit->clinic, "GET", visit->clinic->url, NULL, NULL, &status));
  g_assert_cmpuint (status, ==, 200);
}

/* Nothing that a guest's page is told names the patient. */
static void
test_no_word_of_the_patient (Visit *visit, gconstpointer data)
{
  const char *const secrets[] = { VISIT_SECRETS, "Osei" };
  g_autofree char *url = invite (visit, "guest");
  g_autofree char *cookie = NULL;
  g_autofree char *before = NULL;
  g_autofree char *entered = NULL;
  g_autofree char *page = NULL;
  guint status;

  before = ask (visit, "GET", url, "state", NULL, &cookie, &status);
  g_assert_null (strstr (before, visit->encounter));
  entered = ask (visit, "POST", url, "enter", GUEST, &cookie, &status);
  page = ask (visit, "GET", url, "", NULL, &cookie, &status);
  for (gsize i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      g_assert_null (strstr (before, secrets[i]));
      g_assert_null (strstr (page, secrets[i]));
      if (!g_str_equal (secrets[i], "Quillfeather"))
        g_assert_null (strstr (entered, secrets[i]));
    }
}

/* ---- links ---- */

static void
test_who_may_invite (Visit *visit, gconstpointer data)
{
  VisitClinic *clinic = visit->clinic;
  g_autofree char *patients = g_steal_pointer (&clinic->cookie);
  const struct
  {
    const char *token, *encounter, *rest;
    guint status;
  } cases[] = {
    { clinic->nurse, visit->encounter, "invite?role=interpreter", 200 },
    { clinic->reception, visit->encounter, "invite?role=guest", 403 },
    { clinic->pharmacy, visit->encounter, "invite?role=guest", 403 },
    { "nonsense", visit->encounter, "invite?role=guest", 401 },
    { clinic->doctor, visit->encounter, "invite?role=patient", 400 },
    { clinic->doctor, visit->encounter, "invite?role=clinician", 400 },
    { clinic->doctor, visit->encounter, "invite", 400 },
    { clinic->doctor, "nowhere", "invite?role=guest", 404 },
    { clinic->pharmacy, visit->encounter, "uninvite?role=guest", 403 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint status;

      g_free (try_invite (visit, cases[i].token, cases[i].encounter, cases[i].rest, &status));
      g_assert_cmpuint (status, ==, cases[i].status);
    }
}

static void
test_what_has_to_be_said (Visit *visit, gconstpointer data)
{
  const struct
  {
    const char *role, *body, *error;
    guint status;
  } cases[] = {
    { "guest", "{\"relation\":\"CHILD\"}", "name", 422 },
    { "guest", "{\"name\":\"  \",\"relation\":\"CHILD\"}", "name", 422 },
    { "guest", "{\"name\":\"Bert\"}", "relation", 422 },
    { "guest", "{\"name\":\"Be\\u0007rt\",\"relation\":\"CHILD\"}", "name", 422 },
    { "guest", "[1]", "body", 400 },
    { "guest", "nonsense", "body", 400 },
    { "interpreter", "{\"name\":\"Łucja\",\"language\":\"Polish\"}", "number", 422 },
    { "interpreter", "{\"number\":4711,\"language\":\"Polish\"}", "number", 422 },
    { "interpreter", "{\"number\":\"4711\"}", "language", 422 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *url = invite (visit, cases[i].role);
      g_autofree char *cookie = NULL;
      g_autofree char *mark = g_strdup_printf ("\"error\":\"%s\"", cases[i].error);
      guint status;
      g_autofree char *answer = ask (visit, "POST", url, "enter", cases[i].body, &cookie, &status);

      g_assert_cmpuint (status, ==, cases[i].status);
      g_assert_nonnull (strstr (answer, mark));
      g_assert_null (cookie);
    }
}

/* The second opening of a link is somebody else until the clinician says otherwise. */
static void
test_a_second_opening_takes_over (Visit *visit, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autofree char *second = NULL;
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, &url, &cookie);
  g_autoptr (VisitSocket) other = NULL;

  admit_patient (visit);
  admit (visit, guest, "guest");
  see (visit->patient, "connect", "guest", NULL);
  second = enter (visit, url, "{\"name\":\"Somebody Else\",\"relation\":\"FRND\"}");
  refused (visit, visit->encounter, "?as=guest", cookie);
  other = open_as (visit, visit->encounter, "?as=guest", second);
  visit_socket_expect_closed (guest, 4001);
  greet (other, "guest", 0);
  see (visit->clinician, "person", "Somebody Else", "\"state\":\"waiting\"");
  see (visit->patient, "part", "guest", NULL);
  see_none (other, "connect");
}

static void
test_a_new_link_voids_the_old (Visit *visit, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autofree char *newer = NULL;
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, &url, &cookie);

  newer = invite (visit, "guest");
  visit_socket_expect_closed (guest, 4003);
  g_assert_cmpuint (state_of (visit, url), ==, 404);
  g_assert_cmpuint (state_of (visit, newer), ==, 200);
  refused (visit, visit->encounter, "?as=guest", cookie);
}

static void
test_a_revoked_link_is_void (Visit *visit, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autoptr (VisitSocket) interpreter = come (visit, "interpreter", INTERPRETER, &url, &cookie);
  guint status;

  g_free (try_invite (visit, visit->clinic->doctor, visit->encounter, "uninvite?role=interpreter",
                      &status));
  g_assert_cmpuint (status, ==, 200);
  visit_socket_expect_closed (interpreter, 4003);
  g_assert_cmpuint (state_of (visit, url), ==, 404);
  refused (visit, visit->encounter, "?as=guest", cookie);
}

static void
test_the_patient_sends_the_guest_away (Visit *visit, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, &url, &cookie);
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  admit_patient (visit);
  admit (visit, guest, "guest");
  see (visit->patient, "connect", "guest", NULL);
  visit_socket_send (visit->patient, "{\"type\":\"dismiss\",\"to\":\"interpreter\"}");
  see (visit->patient, "error", NULL, NULL);
  visit_socket_send (visit->patient, "{\"type\":\"dismiss\",\"to\":\"guest\"}");
  visit_socket_expect_closed (guest, 4003);
  see (visit->patient, "part", "guest", NULL);
  see (visit->clinician, "person", "\"present\":false", NULL);
  refused (visit, visit->encounter, "?as=guest", cookie);
  while (state_of (visit, url) != 404 && g_get_monotonic_time () < end)
    g_usleep (G_USEC_PER_SEC / 2); /* a page may ask so many times a minute */
  g_assert_cmpuint (state_of (visit, url), ==, 404);
}

static void
test_links_end (Visit *visit, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, &url, &cookie);

  g_assert_cmpuint (state_of (visit, url), ==, 200);
  base_clock_advance (visit->clinic->clock, 4 * G_TIME_SPAN_HOUR);
  g_assert_cmpuint (state_of (visit, url), ==, 404);
  refused (visit, visit->encounter, "?as=guest", cookie);
}

static void
test_the_end_of_the_visit (Visit *visit, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autofree char *json = NULL;
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, &url, &cookie);
  guint status;

  visit_socket_send (visit->clinician, "{\"type\":\"ended\"}");
  see (guest, "ended", NULL, NULL);
  visit_socket_expect_closed (guest, SOUP_WEBSOCKET_CLOSE_NORMAL);
  json = g_strdup_printf ("{\"resourceType\":\"Encounter\",\"id\":\"%s\",\"status\":\"finished\","
                          "\"class\":{\"code\":\"VR\"},\"subject\":{\"reference\":\"Patient/p1\"}}",
                          visit->encounter);
  visit_clinic_put (visit->clinic, json);
  g_assert_cmpuint (state_of (visit, url), ==, 410);
  g_free (
      try_invite (visit, visit->clinic->doctor, visit->encounter, "invite?role=guest", &status));
  g_assert_cmpuint (status, ==, 409);
}

/* The hub was started anew: the page says who it is, and comes in again. */
static void
test_a_restart (Visit *visit, gconstpointer data)
{
  g_autofree char *url = invite (visit, "interpreter");
  g_autofree char *token = g_strdup (strrchr (url, '/') + 1);
  g_autofree char *cookie = enter (visit, url, INTERPRETER);
  g_autofree char *again = NULL;
  g_autoptr (VisitSocket) interpreter = NULL;
  guint status;

  g_clear_pointer (&visit->patient, visit_socket_free);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit_clinic_restart (visit->clinic);
  refused (visit, visit->encounter, "?as=guest", cookie);
  again = g_strdup_printf ("%s/guest/%s", hub_server_get_base_url (visit->clinic->server), token);
  g_free (ask (visit, "GET", again, "state", NULL, &cookie, &status));
  g_assert_cmpuint (status, ==, 200);
  interpreter = open_as (visit, visit->encounter, "?as=guest", cookie);
  g_assert_no_error (interpreter->error);
  greet (interpreter, "interpreter", 0);
}

/* What the store was given to write is written. */
static void
flush (Visit *visit)
{
  visit_socket_settle (visit->clinician);
  visit_clinic_put (visit->clinic,
                    "{\"resourceType\":\"Basic\",\"id\":\"flush\",\"code\":{\"text\":\"x\"}}");
}

/* The hub is started anew; the page asks how it stands. @url: (inout) */
static guint
restart (Visit *visit, char **url, const char *cookie)
{
  g_autofree char *token = g_strdup (strrchr (*url, '/') + 1);
  g_autofree char *session = g_strdup (cookie);
  guint status;

  g_clear_pointer (&visit->patient, visit_socket_free);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit_clinic_restart (visit->clinic);
  g_free (*url);
  *url = g_strdup_printf ("%s/guest/%s", hub_server_get_base_url (visit->clinic->server), token);
  g_free (ask (visit, "GET", *url, "state", NULL, &session, &status));
  return status;
}

/* Who was let in is in after a restart, and the clinician is not asked again; whoever was put
 * aside, or without whom they spoke, waits. Then another session does. */
static void
test_a_restart_keeps_who_is_in (Visit *visit, gconstpointer data)
{
  static const char *const words[] = { NULL, "{\"type\":\"hold\",\"to\":\"guest\"}",
                                       "{\"type\":\"alone\",\"on\":true}" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *path = g_strdup_printf ("/visit/%s/signal", visit->encounter);
      g_autofree char *url = NULL;
      g_autofree char *cookie = NULL;
      g_autofree char *other = NULL;
      VisitSocket *guest = come (visit, "guest", GUEST, &url, &cookie);

      admit (visit, guest, "guest");
      if (words[i] != NULL)
        {
          visit_socket_send (visit->clinician, words[i]);
          see (guest, "person", "\"state\":\"aside\"", NULL);
        }
      flush (visit);
      g_clear_pointer (&guest, visit_socket_free);
      g_assert_cmpuint (restart (visit, &url, cookie), ==, 200);
      guest = open_as (visit, visit->encounter, "?as=guest", cookie);
      g_assert_no_error (guest->error);
      greet (guest, "guest", 3);
      see (guest, "person", "\"role\":\"guest\"",
           words[i] == NULL ? "\"state\":\"in\"" : "\"state\":\"waiting\"");
      visit->clinician = visit_socket_open (visit->clinic, path, NULL, visit->clinic->doctor);
      greet (visit->clinician, "clinician", 0);
      see (visit->clinician, "person", "Bert",
           words[i] == NULL ? "\"state\":\"in\"" : "\"state\":\"waiting\"");
      other = enter (visit, url, "{\"name\":\"Somebody Else\",\"relation\":\"FRND\"}");
      g_clear_pointer (&guest, visit_socket_free);
      guest = open_as (visit, visit->encounter, "?as=guest", other);
      greet (guest, "guest", 0);
      see (visit->clinician, "person", "Somebody Else", "\"state\":\"waiting\"");
      g_clear_pointer (&guest, visit_socket_free);
      see (visit->clinician, "person", "\"present\":false", NULL);
      visit_socket_settle (visit->clinician);
    }
}

/* Where somebody has hung up, nobody is connected again by a restart: whoever was in waits, unless
 * they have come back before. */
typedef struct
{
  gboolean patient;    /* hangs up; else the clinician */
  const char *return_; /* what brings them back; NULL: nothing does */
} Leaving;

static const Leaving leavings[] = { { TRUE, NULL },
                                    { FALSE, NULL },
                                    { TRUE, "{\"type\":\"renew\",\"epoch\":4}" },
                                    { FALSE, "{\"type\":\"admit\"}" } };

static void
test_a_restart_after_a_hang_up (Visit *visit, gconstpointer data)
{
  const Leaving *leaving = data;
  VisitSocket *who = leaving->patient ? visit->patient : visit->clinician;
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", visit->encounter);
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  VisitSocket *guest = come (visit, "guest", GUEST, &url, &cookie);

  admit_patient (visit);
  admit (visit, guest, "guest");
  see (visit->patient, "connect", "guest", NULL);
  visit_socket_send (who, "{\"type\":\"hangup\"}");
  see (visit->patient, "part", "guest", NULL);
  if (leaving->return_ != NULL)
    {
      visit_socket_send (who, leaving->return_);
      see (visit->patient, "connect", "guest", NULL);
    }
  flush (visit);
  visit_socket_free (guest);
  g_assert_cmpuint (restart (visit, &url, cookie), ==, 200);
  guest = open_as (visit, visit->encounter, "?as=guest", cookie);
  g_assert_no_error (guest->error);
  greet (guest, "guest", 3);
  see (guest, "person", "\"role\":\"guest\"",
       leaving->return_ != NULL ? "\"state\":\"in\"" : "\"state\":\"waiting\"");
  visit_socket_free (guest);
}

static void
test_a_restart_brings_nobody_back (Visit *visit, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, &url, &cookie);

  admit (visit, guest, "guest");
  visit_socket_send (visit->clinician, "{\"type\":\"dismiss\",\"to\":\"guest\"}");
  visit_socket_expect_closed (guest, 4003);
  flush (visit);
  g_assert_cmpuint (restart (visit, &url, cookie), ==, 404);
  refused (visit, visit->encounter, "?as=guest", cookie);
}

/* Another copy of the hub revoked it: what the records say counts, once they are asked. */
static void
test_revoked_elsewhere (Visit *visit, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autofree char *json = NULL;
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, &url, &cookie);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (FhirResource) task = NULL;
  g_autoptr (GString) text = NULL;
  HubSignalRoom *room = visit_clinic_find_room (visit->clinic, visit->encounter);

  admit (visit, guest, "guest");
  flush (visit);
  hub_signal_people_recheck (room);
  flush (visit);
  see_none (guest, "ended");
  g_assert_false (guest->closed); /* it is still theirs */
  found = visit_clinic_find (visit->clinic, "Task", "code=https://bedside.health/fhir/task|invite");
  g_assert_cmpuint (found->len, ==, 1);
  task = visit_clinic_get (visit->clinic, "Task", found->pdata[0]);
  text = g_string_new (fhir_resource_get_text (task, NULL));
  g_assert_cmpuint (g_string_replace (text, "/invite-link", "/void", 0), >, 0);
  visit_clinic_put (visit->clinic, text->str);
  hub_signal_people_recheck (room);
  visit_socket_expect_closed (guest, 4003);
  see (visit->clinician, "person", "\"present\":false", NULL);
}

static void
test_the_patient_invites (Visit *visit, gconstpointer data)
{
  guint status;
  g_autofree char *answer = visit_clinic_page (visit->clinic, "POST", "invite", "{}", &status);
  g_autofree char *url = NULL;
  g_autofree char *cookie = NULL;
  g_autoptr (VisitSocket) guest = NULL;

  g_assert_cmpuint (status, ==, 200);
  url = url_of (answer);
  cookie = enter (visit, url, GUEST);
  guest = open_as (visit, visit->encounter, "?as=guest", cookie);
  greet (guest, "guest", 0);
  see (visit->clinician, "person", "\"by\":\"patient\"", "\"state\":\"waiting\"");
  g_clear_pointer (&visit->clinic->cookie, g_free);
  g_free (visit_clinic_page (visit->clinic, "POST", "invite", "{}", &status));
  g_assert_cmpuint (status, ==, 401);
}

/* A task that only looks like an invitation opens nothing. */
static void
test_no_forged_invitation (Visit *visit, gconstpointer data)
{
  static const struct
  {
    const char *code, *status, *patient, *end;
    guint answer;
  } cases[] = {
    { "invite", "draft", "p1", "2026-11-22T12:00:00Z", 200 },
    { "call-me", "draft", "p1", "2026-11-22T12:00:00Z", 404 },
    { "invite", "requested", "p1", "2026-11-22T12:00:00Z", 404 },
    { "invite", "draft", "p2", "2026-11-22T12:00:00Z", 404 },
    { "invite", "draft", "p1", "2026-11-22T15:00:00Z", 404 },
  };
  g_autofree char *hash = hub_join_hash ("forged");
  g_autofree char *url =
      g_strconcat (hub_server_get_base_url (visit->clinic->server), "/guest/forged", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *task = g_strdup_printf (
          "{\"resourceType\":\"Task\",\"id\":\"forged\",\"status\":\"%s\",\"intent\":\"order\","
          "\"code\":{\"coding\":[{\"system\":\"https://bedside.health/fhir/"
          "task\",\"code\":\"%s\"}]},"
          "\"identifier\":[{\"system\":\"https://bedside.health/fhir/identifier/hub/invite-link\","
          "\"value\":\"%s\"}],\"focus\":{\"reference\":\"Encounter/%s\"},\"for\":{\"reference\":"
          "\"Patient/%s\"},\"lastModified\":\"2026-11-22T09:50:00Z\",\"restriction\":{\"period\":{"
          "\"end\":\"%s\"}},\"input\":[{\"type\":{\"coding\":[{\"system\":\"https://bedside.health/"
          "fhir/task\",\"code\":\"role\"}]},\"valueString\":\"guest\"}]}",
          cases[i].status, cases[i].code, hash, visit->encounter, cases[i].patient, cases[i].end);

      visit_clinic_put (visit->clinic, task);
      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_cmpuint (state_of (visit, url), ==, cases[i].answer);
    }
}

/* The picture and the measurements are the patient's: whoever else is in the call is asked neither,
 * and answers neither. */
static void
test_nobody_else_is_asked (Visit *visit, gconstpointer data)
{
  g_autoptr (VisitSocket) guest = come (visit, "guest", GUEST, NULL, NULL);

  admit_patient (visit);
  admit (visit, guest, "guest");
  visit_socket_send (visit->clinician, "{\"type\":\"picture\",\"id\":\"p1\",\"on\":true}");
  visit_socket_send (visit->clinician, "{\"type\":\"measure\",\"id\":\"m1\",\"kinds\":\"pulse\"}");
  see (visit->patient, "picture", "p1", NULL);
  see (visit->patient, "measure", "m1", NULL);
  visit_socket_send (guest, "{\"type\":\"agree\",\"id\":\"p1\",\"on\":true,\"wording\":\"en/1\"}");
  see (guest, "error", "not yours", NULL);
  visit_socket_send (guest, "{\"type\":\"measured\",\"id\":\"m1\",\"values\":\"pulse=72 /min\"}");
  see (guest, "error", "not yours", NULL);
  see_none (guest, "picture");
  see_none (guest, "measure");
  see_none (visit->clinician, "agree");
  see_none (visit->clinician, "measured");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add (name, Visit, NULL, visit_set_up, func, visit_tear_down)
  TEST ("/hub-signal-people/aside-while-away", test_aside_while_away);
  TEST ("/hub-signal-people/an-interpreter-comes-first", test_an_interpreter_comes_first);
  TEST ("/hub-signal-people/three-meet", test_three_meet);
  TEST ("/hub-signal-people/four-meet", test_four_meet);
  TEST ("/hub-signal-people/a-hold-and-a-hang-up-part", test_a_hold_and_a_hang_up_part);
  TEST ("/hub-signal-people/speaking-alone", test_speaking_alone);
  TEST ("/hub-signal-people/a-page-comes-back", test_a_page_comes_back);
  TEST ("/hub-signal-people/no-chat", test_no_chat);
  TEST ("/hub-signal-people/no-other-role", test_no_other_role);
  TEST ("/hub-signal-people/no-patients-rights", test_no_patients_rights);
  TEST ("/hub-signal-people/no-word-of-the-patient", test_no_word_of_the_patient);
  TEST ("/hub-signal-people/who-may-invite", test_who_may_invite);
  TEST ("/hub-signal-people/what-has-to-be-said", test_what_has_to_be_said);
  TEST ("/hub-signal-people/a-second-opening-takes-over", test_a_second_opening_takes_over);
  TEST ("/hub-signal-people/a-new-link-voids-the-old", test_a_new_link_voids_the_old);
  TEST ("/hub-signal-people/a-revoked-link-is-void", test_a_revoked_link_is_void);
  TEST ("/hub-signal-people/the-patient-sends-the-guest-away",
        test_the_patient_sends_the_guest_away);
  TEST ("/hub-signal-people/links-end", test_links_end);
  TEST ("/hub-signal-people/the-end-of-the-visit", test_the_end_of_the_visit);
  TEST ("/hub-signal-people/a-restart", test_a_restart);
  TEST ("/hub-signal-people/a-restart-keeps-who-is-in", test_a_restart_keeps_who_is_in);
  for (gsize i = 0; i < G_N_ELEMENTS (leavings); i++)
    {
      g_autofree char *name = g_strdup_printf ("/hub-signal-people/a-restart-after-a-hang-up/%s%s",
                                               leavings[i].patient ? "patient" : "clinician",
                                               leavings[i].return_ != NULL ? "-and-back" : "");

      g_test_add (name, Visit, &leavings[i], visit_set_up, test_a_restart_after_a_hang_up,
                  visit_tear_down);
    }
  TEST ("/hub-signal-people/a-restart-brings-nobody-back", test_a_restart_brings_nobody_back);
  TEST ("/hub-signal-people/revoked-elsewhere", test_revoked_elsewhere);
  TEST ("/hub-signal-people/the-patient-invites", test_the_patient_invites);
  TEST ("/hub-signal-people/no-forged-invitation", test_no_forged_invitation);
  TEST ("/hub-signal-people/nobody-else-is-asked", test_nobody_else_is_asked);
#undef TEST
  return g_test_run ();
}
