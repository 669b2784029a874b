/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check-computer.h"
#include "check-relay.h"
#include "check-run.h"
#include "last-reference.h"
#include "net-fixture.h"
#include "relay-server.h"

/* The steps that ask a server, against servers with real faults: a wrong clock, a certificate that
 * ran out, sockets that do not come through, a relay that refuses, or is not there. */

#define NOW_US (G_GINT64_CONSTANT (1795943400) * G_USEC_PER_SEC) /* 2026-11-29 16:30 */

typedef struct
{
  SoupServer *soup;
  char *url;
  int behind;       /* the server's clock, seconds */
  guint status;     /* of /check/ice */
  char *ice;        /* its answer */
  gboolean sockets; /* whether they come through */
  BaseClock *clock;
  CheckServer *server;
  CheckRun *run;
} Fixture;

static void
date_cb (SoupServerMessage *message, Fixture *fixture)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) said = g_date_time_add_seconds (now, -fixture->behind);
  g_autofree char *date = soup_date_time_to_string (said, SOUP_DATE_HTTP);

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Date", date);
}

static void
handler (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  Fixture *fixture = data;
  gboolean echo = g_str_has_prefix (path, "/check/echo");

  if (echo && fixture->sockets)
    return; /* libsoup goes on with the handshake */
  date_cb (message, fixture);
  net_fixture_answer (message, echo ? 403 : fixture->status, fixture->ice);
}

static void
echo_cb (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data)
{
  soup_websocket_connection_send_text (socket, "echo");
}

static void
socket_handler (SoupServer *soup,
                SoupServerMessage *message,
                const char *path,
                SoupWebsocketConnection *socket,
                gpointer data)
{
  g_signal_connect (socket, "message", G_CALLBACK (echo_cb), NULL);
  g_signal_connect (g_object_ref (socket), "closed", G_CALLBACK (g_object_unref), NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NetSession) net = NULL;

  fixture->soup = net_fixture_listen (handler, fixture, &fixture->url);
  soup_server_add_handler (fixture->soup, "/check/echo", handler, fixture, NULL);
  soup_server_add_websocket_handler (fixture->soup, "/check/echo", NULL, NULL, socket_handler, NULL,
                                     NULL);
  fixture->status = 200;
  fixture->sockets = TRUE;
  fixture->ice = g_strdup ("{\"type\":\"ice\",\"relay\":false}");
  fixture->clock = base_clock_new ();
  fixture->server = check_server_new (fixture->clock);
  net = net_session_new (fixture->url, "token");
  check_server_set (fixture->server, fixture->url, net);
  fixture->run = check_run_new (fixture->clock);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  last_reference_drop (fixture->run);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  last_reference_drop (fixture->server);
  g_object_unref (fixture->clock);
  g_object_unref (fixture->soup);
  g_free (fixture->url);
  g_free (fixture->ice);
}

static void
answered_cb (GObject *source, GAsyncResult *answer, gpointer data)
{
  g_autoptr (GError) error = NULL;
  CheckResult *result = check_step_run_finish (CHECK_STEP (source), answer, &error);

  check_step_take_result (CHECK_STEP (source),
                          result != NULL
                              ? result
                              : check_result_new (WORKSPACE_CHECK_RED, error->message, NULL));
}

/* @step: (transfer full): runs it to its end, without a time limit: a loaded machine has none */
static const CheckResult *
run (Fixture *fixture, CheckStep *step)
{
  check_run_add (fixture->run, step);
  check_step_run_async (step, TRUE, NULL, answered_cb, NULL);
  net_fixture_wait (check_step_get_state (step) == CHECK_STEP_DONE);
  return check_step_get_result (step);
}

static void
expect (const CheckResult *result, WorkspaceCheckLevel level, const char *part)
{
  g_test_message ("%s", result->sentence);
  g_assert_cmpint (result->level, ==, level);
  g_assert_nonnull (strstr (result->sentence, part));
  g_assert_true ((level == WORKSPACE_CHECK_RED || level == WORKSPACE_CHECK_AMBER) ==
                 (result->advice != NULL));
}

static void
test_clock (Fixture *fixture, gconstpointer data)
{
  expect (run (fixture, check_clock_new (fixture->server)), WORKSPACE_CHECK_GREEN, "agree");
  fixture->behind = 90;
  expect (run (fixture, check_clock_new (fixture->server)), WORKSPACE_CHECK_AMBER,
          "seconds ahead of the server");
  fixture->behind = -3600;
  expect (run (fixture, check_clock_new (fixture->server)), WORKSPACE_CHECK_RED,
          "60 minutes behind the server");
}

/* It is the line that says it, and one step: the others were not tested. */
static void
test_no_server (Fixture *fixture, gconstpointer data)
{
  soup_server_disconnect (fixture->soup);
  expect (run (fixture, check_hub_new (fixture->server)), WORKSPACE_CHECK_RED, "");
  expect (run (fixture, check_clock_new (fixture->server)), WORKSPACE_CHECK_NONE, "Not tested");
  expect (run (fixture, check_certificate_new (fixture->server)), WORKSPACE_CHECK_NONE,
          "Not tested");
  expect (run (fixture, check_relay_new (fixture->server, TRUE, NET_STUN_UDP)),
          WORKSPACE_CHECK_NONE, "Not tested");
  check_server_set (fixture->server, NULL, NULL);
  expect (run (fixture, check_hub_new (fixture->server)), WORKSPACE_CHECK_RED, "no connection");
}

static void
test_hub (Fixture *fixture, gconstpointer data)
{
  expect (run (fixture, check_hub_new (fixture->server)), WORKSPACE_CHECK_GREEN, "answers within");
  fixture->sockets = FALSE;
  expect (run (fixture, check_hub_new (fixture->server)), WORKSPACE_CHECK_RED,
          "does not come through");
  fixture->status = 500;
  expect (run (fixture, check_hub_new (fixture->server)), WORKSPACE_CHECK_RED, "not as it should");
  fixture->status = 403;
  expect (run (fixture, check_hub_new (fixture->server)), WORKSPACE_CHECK_NONE, "no visits");
}

/* ---- certificates ---- */

static void
test_certificates (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RelayServer) relay = relay_server_new (), old = relay_server_new_expired ();
  g_autofree char *good = g_strdup_printf ("https://127.0.0.1:%u", relay->tls_port);
  g_autofree char *bad = g_strdup_printf ("https://127.0.0.1:%u", old->tls_port);
  g_autoptr (NetSession) net = net_session_new (good, "token");
  CheckResult *result;
  NetCheck check = { .status = 200, .is_encrypted = TRUE };

  expect (run (fixture, check_certificate_new (fixture->server)), WORKSPACE_CHECK_GREEN,
          "on this computer");
  check_server_set (fixture->server, bad, net);
  check_server_set_trusted (fixture->server, old->trusted);
  expect (run (fixture, check_certificate_new (fixture->server)), WORKSPACE_CHECK_RED,
          "ran out on 01-Jan-2021");
  check_server_set (fixture->server, good, net);
  expect (run (fixture, check_certificate_new (fixture->server)), WORKSPACE_CHECK_RED,
          "nobody whom this computer trusts");
  check.good_until = g_date_time_new_utc (2026, 12, 5, 0, 0, 0);
  result = check_certificate_judge (&check, NOW_US);
  expect (result, WORKSPACE_CHECK_AMBER, "good until 05-Dec-2026");
  check_result_free (result);
  g_date_time_unref (check.good_until);
  check.good_until = g_date_time_new_utc (2027, 3, 5, 0, 0, 0);
  result = check_certificate_judge (&check, NOW_US);
  expect (result, WORKSPACE_CHECK_GREEN, "good until 05-Mar-2027");
  check_result_free (result);
  g_date_time_unref (check.good_until);
}

/* ---- relays ---- */

static void
name_relay (Fixture *fixture, RelayServer *relay, int life, const char *policy)
{
  g_autofree char *udp = relay_server_dup_url (relay, "turn", "udp");
  g_autofree char *tcp = relay_server_dup_url (relay, "turn", "tcp");
  g_autofree char *tls = relay_server_dup_url (relay, "turns", "tcp");
  g_autofree char *stun = relay_server_dup_url (relay, "stun", NULL);
  g_autofree char *user = relay_server_dup_user (life);
  g_autofree char *password = relay_server_dup_password (user, RELAY_SECRET);

  check_server_set_trusted (fixture->server, relay->trusted);
  g_free (fixture->ice);
  fixture->ice = g_strdup_printf ("{\"type\":\"ice\",\"relay\":%s,\"stun\":\"%s\",\"turn\":\"%s %s "
                                  "%s\",\"user\":\"%s\",\"password\":\"%s\"}",
                                  policy, stun, udp, tcp, tls, user, password);
}

static void
expect_relays (Fixture *fixture, WorkspaceCheckLevel level, const char *part)
{
  expect (run (fixture, check_relay_new (fixture->server, TRUE, NET_STUN_UDP)), level, part);
  expect (run (fixture, check_relay_new (fixture->server, TRUE, NET_STUN_TCP)), level, part);
  expect (run (fixture, check_relay_new (fixture->server, TRUE, NET_STUN_TLS)), level, part);
}

static void
test_relays (Fixture *fixture, gconstpointer data)
{
  RelayServer *relay;

  expect_relays (fixture, WORKSPACE_CHECK_NONE, "Not set up");
  relay = relay_server_new ();
  name_relay (fixture, relay, 600, "false");
  expect_relays (fixture, WORKSPACE_CHECK_GREEN, "answers within");
  expect (run (fixture, check_relay_new (fixture->server, FALSE, NET_STUN_UDP)),
          WORKSPACE_CHECK_GREEN, "answers within");
  name_relay (fixture, relay, -60, "false");
  expect_relays (fixture, WORKSPACE_CHECK_RED, "have run out");
  name_relay (fixture, relay, 600, "false");
  check_server_set_trusted (fixture->server, NULL);
  expect (run (fixture, check_relay_new (fixture->server, TRUE, NET_STUN_TLS)), WORKSPACE_CHECK_RED,
          "could not prove who it is");
  /* gone: another way may be found, unless none is allowed */
  name_relay (fixture, relay, 600, "false");
  relay_server_free (relay);
  check_server_set_trusted (fixture->server, NULL);
  expect (run (fixture, check_relay_new (fixture->server, TRUE, NET_STUN_TCP)),
          WORKSPACE_CHECK_AMBER, "cannot be reached");
  g_free (fixture->ice);
  fixture->ice = g_strdup ("{\"type\":\"ice\",\"relay\":true,\"turn\":\"turn:127.0.0.1:1?transport="
                           "tcp\",\"user\":\"u\",\"password\":\"p\"}");
  expect (run (fixture, check_relay_new (fixture->server, TRUE, NET_STUN_TCP)), WORKSPACE_CHECK_RED,
          "cannot be reached");
}

/* ---- this computer ---- */

static void
test_disk (Fixture *fixture, gconstpointer data)
{
  const guint64 full = G_GUINT64_CONSTANT (1) << 62; /* nobody has so much free */
  CheckStep *full_disk = check_disk_new (g_get_tmp_dir ());
  CheckStep *filling = check_disk_new (g_get_tmp_dir ());
  CheckStep *gone = check_disk_new ("/nowhere/at/all");
  CheckStep *roomy = check_disk_new (g_get_tmp_dir ());

  check_disk_set_limits (full_disk, full, full);
  check_disk_set_limits (filling, full, 1);
  check_disk_set_limits (roomy, 1, 1);
  expect (run (fixture, full_disk), WORKSPACE_CHECK_RED, "free");
  expect (run (fixture, filling), WORKSPACE_CHECK_AMBER, "free");
  expect (run (fixture, roomy), WORKSPACE_CHECK_GREEN, "free");
  g_assert_cmpint (run (fixture, gone)->level, ==, WORKSPACE_CHECK_RED);
}

static void
test_content (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *day, *part;
    WorkspaceCheckLevel level;
  } ages[] = { { "2026-10-06", "06-Oct-2026", WORKSPACE_CHECK_GREEN },
               { "2025-04-01", "01-Apr-2025", WORKSPACE_CHECK_AMBER },
               { "2022-01-01", "01-Jan-2022", WORKSPACE_CHECK_RED },
               { NULL, "could not be read", WORKSPACE_CHECK_RED },
               { "soon", "could not be read", WORKSPACE_CHECK_RED } };
  g_autofree char *path = store_content_dup_default_path ();
  g_autoptr (StoreContent) content = store_content_open (path, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (ages); i++)
    {
      g_autoptr (CheckResult) result = check_content_judge (ages[i].day, NOW_US);

      expect (result, ages[i].level, ages[i].part);
    }
  g_assert_nonnull (content);
  g_assert_nonnull (
      strstr (run (fixture, check_content_new (content, fixture->clock))->sentence, "06-Oct-2025"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/check-server/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("clock", test_clock);
  ADD ("no-server", test_no_server);
  ADD ("hub", test_hub);
  ADD ("certificates", test_certificates);
  ADD ("relays", test_relays);
  ADD ("disk", test_disk);
  ADD ("content", test_content);
#undef ADD
  return g_test_run ();
}
