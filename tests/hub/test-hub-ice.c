/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "hub-ice.h"
#include "net-stun.h"
#include "relay-server.h"

#define GOOD                                                                                       \
  "[ice]\nstun=stun:127.0.0.1:3478\n"                                                              \
  "turn=turn:127.0.0.1:3478?transport=udp;turns:relay.example.org:443?transport=tcp\n"             \
  "secret=" RELAY_SECRET "\nlifetime=600\nrelay-only=true\n"

static HubIce *
load (const char *text, int mode, BaseClock *clock, GError **error)
{
  g_autofree char *path = NULL;
  int handle = g_file_open_tmp ("bedside-ice-XXXXXX", &path, NULL);
  HubIce *ice;

  g_close (handle, NULL);
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, mode, NULL));
  g_assert_cmpint (g_chmod (path, (mode_t) mode), ==, 0);
  ice = hub_ice_load (path, clock, error);
  g_unlink (path);
  return ice;
}

static HubIce *
load_good (BaseClock *clock)
{
  g_autoptr (GError) error = NULL;
  HubIce *ice = load (GOOD, 0600, clock, &error);

  g_assert_no_error (error);
  return ice;
}

static void
test_files_that_are_wrong (void)
{
  static const struct
  {
    const char *text, *part;
    int mode;
  } files[] = {
    { GOOD, "chmod 600", 0640 },
    { "", "There is no group", 0600 },
    { "[turn]\nurl=turn:x\n", "There is no group", 0600 },
    { "[ice]\nrelay_only=true\n", "relay_only", 0600 },
    { "[ice]\nturn=relay.example.org\nsecret=0123456789abcdef\n", "is not an address", 0600 },
    { "[ice]\nturn=turn:a b\nsecret=0123456789abcdef\n", "is not an address", 0600 },
    { "[ice]\nturn=turn:u:p@host\nsecret=0123456789abcdef\n", "is not an address", 0600 },
    { "[ice]\nturn=turn:host?transport=sctp\nsecret=0123456789abcdef\n", "is not an", 0600 },
    { "[ice]\nstun=turn:host\n", "is not an address", 0600 },
    { "[ice]\nturn=turn:host\n", "secret is missing", 0600 },
    { "[ice]\nturn=turn:host\nsecret=short\n", "secret is missing or shorter", 0600 },
    { "[ice]\nturn=turn:host\nsecret=0123456789abcdef\nlifetime=5\n", "lifetime", 0600 },
    { "[ice]\nturn=turn:host\nsecret=0123456789abcdef\nlifetime=soon\n", "lifetime", 0600 },
    { "[ice]\nturn=turn:host\nsecret=0123456789abcdef\nrelay-only=perhaps\n", "true or", 0600 },
    { "[ice]\nstun=stun:host\nrelay-only=true\n", "no call could ever connect", 0600 },
    { "[ice]\nstun=stun:a;stun:b;stun:c;stun:d;stun:e;stun:f;stun:g;stun:h;stun:i\n", "more than",
      0600 },
  };
  g_autoptr (BaseClock) clock = base_clock_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (HubIce) ice = load (files[i].text, files[i].mode, clock, &error);

      g_test_message ("%s", files[i].text);
      g_assert_null (ice);
      g_assert_nonnull (strstr (error->message, files[i].part));
      g_assert_null (strstr (error->message, RELAY_SECRET));
    }
}

static void
test_names_and_passwords (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 22, 9, 55, 0);
  g_autoptr (BaseClock) clock = base_clock_new_at (now);
  g_autoptr (HubIce) ice = load_good (clock);
  g_autoptr (CareVisitMessage) first = hub_ice_mint (ice), second = hub_ice_mint (ice);
  g_autofree char *known = hub_ice_dup_password ("north-star-of-the-test", "1700000000:abc");
  g_autofree char *password = hub_ice_dup_password (RELAY_SECRET, first->user);
  gint64 life = g_ascii_strtoll (first->user, NULL, 10) - g_date_time_to_unix (now);

  /* python3: hmac.new (b'north-star-of-the-test', b'1700000000:abc', sha1) */
  g_assert_cmpstr (known, ==, "TKb17rIgnoIzeLWg9PqVId3cgVg=");
  g_assert_cmpint (life, >=, 600);
  g_assert_cmpint (life, <, 660);
  g_assert_cmpstr (first->password, ==, password);
  g_assert_cmpstr (first->user, !=, second->user);
  g_assert_cmpstr (first->stun, ==, "stun:127.0.0.1:3478");
  g_assert_cmpstr (first->turn, ==,
                   "turn:127.0.0.1:3478?transport=udp turns:relay.example.org:443?transport=tcp");
  g_assert_true (first->relay);
}

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
probe (RelayServer *relay, const CareVisitMessage *ice, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *url = relay_server_dup_url (relay, "turn", "tcp");

  net_stun_probe_async (url, ice->user, ice->password, NULL, 20, NULL, keep_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return net_stun_probe_finish (result, NULL, error);
}

/* What the hub makes is what coturn takes, and a hub whose clock is behind is refused. */
static void
test_a_relay_believes_them (void)
{
  g_autoptr (RelayServer) relay = relay_server_new ();
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (HubIce) ice = load_good (clock);
  g_autoptr (CareVisitMessage) good = hub_ice_mint (ice), late = NULL;
  g_autoptr (GError) error = NULL;

  probe (relay, good, &error);
  g_assert_no_error (error);
  base_clock_advance (clock, -3600 * (gint64) G_USEC_PER_SEC);
  late = hub_ice_mint (ice);
  g_assert_false (probe (relay, late, &error));
  g_assert_error (error, NET_STUN_ERROR, NET_STUN_ERROR_CREDENTIALS);
}

/* ---- who is told ---- */

typedef struct
{
  VisitClinic *clinic;
  HubIce *ice;
  char *encounter;
  VisitSocket *patient, *clinician;
} Visit;

static VisitSocket *
enter (Visit *visit, const char *role, const char *cookie, const char *token)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", visit->encounter);
  g_autofree char *hello = g_strdup_printf ("{\"type\":\"hello\",\"role\":\"%s\"}", role);
  VisitSocket *socket = visit_socket_open (visit->clinic, path, cookie, token);

  g_assert_no_error (socket->error);
  visit_socket_send (socket, hello);
  return socket;
}

static CareVisitMessage *
expect_ice (VisitSocket *socket)
{
  g_autofree char *text = visit_socket_expect (socket, "ice");
  g_autoptr (GError) error = NULL;
  CareVisitMessage *message = care_visit_message_parse (text, -1, &error);

  g_assert_no_error (error);
  g_assert_null (strstr (text, RELAY_SECRET));
  return message;
}

static void
visit_set_up (Visit *visit, gconstpointer data)
{
  visit->clinic = visit_clinic_new ();
  visit->ice = load_good (visit->clinic->clock);
  hub_server_set_ice (visit->clinic->server, visit->ice);
  visit->encounter = visit_clinic_wait (visit->clinic);
}

static void
visit_tear_down (Visit *visit, gconstpointer data)
{
  g_clear_pointer (&visit->patient, visit_socket_free);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit_clinic_free (visit->clinic);
  hub_ice_unref (visit->ice);
  g_free (visit->encounter);
}

static void
test_both_ends_are_told (Visit *visit, gconstpointer data)
{
  g_autoptr (CareVisitMessage) patient = NULL, clinician = NULL;
  g_autofree char *right = NULL;

  visit->patient = enter (visit, "patient", visit->clinic->cookie, NULL);
  visit->clinician = enter (visit, "clinician", NULL, visit->clinic->doctor);
  patient = expect_ice (visit->patient);
  clinician = expect_ice (visit->clinician);
  right = hub_ice_dup_password (RELAY_SECRET, patient->user);
  g_assert_cmpstr (patient->password, ==, right);
  g_assert_cmpstr (patient->user, !=, clinician->user);
  g_assert_true (patient->relay && clinician->relay);
  g_assert_null (strstr (patient->user, visit->encounter));
  /* nobody but the hub says so */
  visit_socket_send (visit->patient, "{\"type\":\"ice\",\"relay\":false,\"turn\":\"turn:evil\"}");
  g_free (visit_socket_expect (visit->patient, "error"));
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "ice"));
}

static void
test_names_are_renewed (Visit *visit, gconstpointer data)
{
  g_autoptr (CareVisitMessage) first = NULL, second = NULL;

  visit->clinician = enter (visit, "clinician", NULL, visit->clinic->doctor);
  first = expect_ice (visit->clinician);
  base_clock_advance (visit->clinic->clock, 200 * G_USEC_PER_SEC);
  hub_signal_tick (visit->clinic->server);
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "ice"));
  base_clock_advance (visit->clinic->clock, 120 * G_USEC_PER_SEC);
  hub_signal_tick (visit->clinic->server);
  second = expect_ice (visit->clinician);
  g_assert_cmpint (g_ascii_strtoll (second->user, NULL, 10), >=,
                   g_ascii_strtoll (first->user, NULL, 10) + 300);
  hub_signal_tick (visit->clinic->server);
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "ice"));
}

/* A hub without such servers says nothing of them. */
static void
test_nothing_to_tell (Visit *visit, gconstpointer data)
{
  hub_server_set_ice (visit->clinic->server, NULL);
  visit->clinician = enter (visit, "clinician", NULL, visit->clinic->doctor);
  g_free (visit_socket_expect (visit->clinician, "peer"));
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "ice"));
}

/* ---- the self-test's questions ---- */

static guint
ask (Visit *visit, const char *method, const char *token, char **answer)
{
  g_autofree char *url =
      g_strconcat (hub_server_get_base_url (visit->clinic->server), "/check/ice", NULL);
  guint status;
  g_autofree char *text = visit_clinic_ask (visit->clinic, method, url, token, NULL, &status);

  if (answer != NULL)
    *answer = g_steal_pointer (&text);
  return status;
}

static void
test_who_may_ask (Visit *visit, gconstpointer data)
{
  VisitClinic *clinic = visit->clinic;
  g_autofree char *answer = NULL;
  g_autoptr (CareVisitMessage) message = NULL;

  g_assert_cmpuint (ask (visit, "GET", NULL, NULL), ==, 401);
  g_assert_cmpuint (ask (visit, "GET", "nonsense", NULL), ==, 401);
  g_assert_cmpuint (ask (visit, "GET", clinic->reception, NULL), ==, 403);
  g_assert_cmpuint (ask (visit, "GET", clinic->pharmacy, NULL), ==, 403);
  g_assert_cmpuint (ask (visit, "POST", clinic->doctor, NULL), ==, 405);
  g_assert_null (strstr (clinic->said->str, "turn:127"));
  g_assert_cmpuint (ask (visit, "GET", clinic->nurse, NULL), ==, 200);
  g_assert_cmpuint (ask (visit, "GET", clinic->doctor, &answer), ==, 200);
  message = care_visit_message_parse (answer, -1, NULL);
  g_assert_nonnull (message->password);
  g_assert_true (message->relay);
}

static void
test_sockets_echo (Visit *visit, gconstpointer data)
{
  VisitClinic *clinic = visit->clinic;
  g_autoptr (VisitSocket) good = visit_socket_open (clinic, "/check/echo", NULL, clinic->nurse);
  g_autoptr (VisitSocket) stranger = visit_socket_open (clinic, "/check/echo", NULL, NULL);
  g_autoptr (VisitSocket) desk = visit_socket_open (clinic, "/check/echo", NULL, clinic->reception);
  g_autoptr (VisitSocket) patient = visit_socket_open (clinic, "/check/echo", clinic->cookie, NULL);

  g_assert_nonnull (stranger->error);
  g_assert_nonnull (desk->error);
  g_assert_nonnull (patient->error);
  g_assert_no_error (good->error);
  visit_socket_send (good, "{\"type\":\"7\"}");
  g_free (visit_socket_expect (good, "7"));
  for (guint i = 0; i < 32; i++)
    visit_socket_send (good, "x");
  visit_socket_expect_closed (good, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

/* Who is known gets names for the relays until the visit is over, and no longer. */
static void
test_none_after_the_visit (Visit *visit, gconstpointer data)
{
  g_autoptr (FhirResource) encounter =
      visit_clinic_get (visit->clinic, "Encounter", visit->encounter);
  g_autoptr (GString) text = g_string_new (fhir_resource_get_text (encounter, NULL));
  g_autofree char *before = NULL, *after = NULL;
  guint status;

  before = visit_clinic_page (visit->clinic, "GET", "ice", NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (before, "turn:"));
  g_string_replace (text, "\"status\":\"arrived\",", "\"status\":\"finished\",", 0);
  visit_clinic_put (visit->clinic, text->str);
  after = visit_clinic_page (visit->clinic, "GET", "ice", NULL, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_null (strstr (after, "turn:"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-ice/files-that-are-wrong", test_files_that_are_wrong);
  g_test_add_func ("/hub-ice/names-and-passwords", test_names_and_passwords);
  g_test_add_func ("/hub-ice/a-relay-believes-them", test_a_relay_believes_them);
#define ADD(name, test)                                                                            \
  g_test_add ("/hub-ice/" name, Visit, NULL, visit_set_up, test, visit_tear_down)
  ADD ("both-ends-are-told", test_both_ends_are_told);
  ADD ("names-are-renewed", test_names_are_renewed);
  ADD ("nothing-to-tell", test_nothing_to_tell);
  ADD ("who-may-ask", test_who_may_ask);
  ADD ("sockets-echo", test_sockets_echo);
  ADD ("none-after-the-visit", test_none_after_the_visit);
#undef ADD
  return g_test_run ();
}
