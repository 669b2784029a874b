/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-fixture.h"
#include "net-stun-message.h"
#include "net-stun.h"
#include "relay-server.h"

#include <string.h>

/* Against a real coturn, and against what is none. */

typedef struct
{
  RelayServer *relay;
  GTlsDatabase *trusted; /* NULL: whom the computer trusts */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->relay = relay_server_new ();
  fixture->trusted = fixture->relay->trusted;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  relay_server_free (fixture->relay);
}

static gboolean
probe (Fixture *fixture,
       const char *url,
       const char *user,
       const char *password,
       guint seconds,
       GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  net_stun_probe_async (url, user, password, fixture->trusted, seconds, NULL, net_fixture_keep,
                        &result);
  net_fixture_wait (result != NULL);
  return net_stun_probe_finish (result, NULL, error);
}

static gboolean
probe_relay (Fixture *fixture, const char *scheme, const char *transport, int life, GError **error)
{
  g_autofree char *url = relay_server_dup_url (fixture->relay, scheme, transport);
  g_autofree char *user = relay_server_dup_user (life);
  g_autofree char *password = relay_server_dup_password (user, RELAY_SECRET);

  return probe (fixture, url, user, password, 15, error);
}

static void
test_good_servers_answer (Fixture *fixture, gconstpointer data)
{
  static const char *const servers[][2] = {
    { "stun", NULL }, { "turn", "udp" }, { "turn", "tcp" }, { "turns", "tcp" }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s %s", servers[i][0], servers[i][1]);
      g_assert_true (probe_relay (fixture, servers[i][0], servers[i][1], 600, &error));
      g_assert_no_error (error);
    }
}

/* What was only tried must not fill the relay. */
static void
test_a_tried_relay_is_given_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = NULL;

  g_assert_true (probe_relay (fixture, "turn", "tcp", 600, NULL));
  log = relay_server_dup_log (fixture->relay);
  for (guint tries = 0; tries < 400 && (log == NULL || strstr (log, "lifetime=0") == NULL); tries++)
    {
      g_usleep (50000);
      g_free (log);
      log = relay_server_dup_log (fixture->relay);
    }
  g_assert_nonnull (strstr (log, "ALLOCATE processed, success"));
  g_assert_nonnull (strstr (log, "lifetime=0"));
}

static void
test_run_out_names_are_refused (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          probe_relay (fixture, i == 2 ? "turns" : "turn", i == 0 ? "udp" : "tcp", -60, &error));
      g_assert_error (error, NET_STUN_ERROR, NET_STUN_ERROR_CREDENTIALS);
      g_assert_nonnull (strstr (error->message, "have run out"));
    }
}

static void
test_a_wrong_secret_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url = relay_server_dup_url (fixture->relay, "turn", "udp");
  g_autofree char *user = relay_server_dup_user (600);
  g_autofree char *password = relay_server_dup_password (user, "another-secret-altogether");
  g_autoptr (GError) error = NULL;

  g_assert_false (probe (fixture, url, user, password, 15, &error));
  g_assert_error (error, NET_STUN_ERROR, NET_STUN_ERROR_CREDENTIALS);
  g_clear_error (&error);
  g_assert_false (probe (fixture, url, NULL, NULL, 15, &error));
  g_assert_error (error, NET_STUN_ERROR, NET_STUN_ERROR_CREDENTIALS);
}

static void
test_certificates_are_checked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RelayServer) old = relay_server_new_expired ();
  Fixture expired = { old, old->trusted };
  Fixture stranger = { fixture->relay, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (probe_relay (&expired, "turns", "tcp", 600, &error));
  g_assert_error (error, NET_STUN_ERROR, NET_STUN_ERROR_CERTIFICATE);
  g_clear_error (&error);
  g_assert_false (probe_relay (&stranger, "turns", "tcp", 600, &error));
  g_assert_error (error, NET_STUN_ERROR, NET_STUN_ERROR_CERTIFICATE);
}

static void
mute_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  net_fixture_answer (message, 200, "{}");
}

static void
test_what_is_no_relay_is_said (void)
{
  Fixture fixture = { 0 };
  g_autofree char *url = NULL, *closed = NULL, *silent = NULL;
  g_autoptr (SoupServer) server = net_fixture_listen (mute_cb, NULL, &url);
  g_autoptr (GSocket) mute =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autofree char *http = g_strdup_printf ("turn:%s?transport=tcp", strstr (url, "//") + 2);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_socket_bind (mute, any, FALSE, NULL));
  bound = g_socket_get_local_address (mute, NULL);
  silent = g_strdup_printf ("turn:127.0.0.1:%u?transport=udp",
                            g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_assert_false (probe (&fixture, silent, "u", "p", 1, &error));
  g_assert_error (error, NET_STUN_ERROR, NET_STUN_ERROR_SILENT);
  g_clear_error (&error);
  g_assert_false (probe (&fixture, http, "u", "p", 2, &error));
  g_assert_true (g_error_matches (error, NET_STUN_ERROR, NET_STUN_ERROR_PROTOCOL) ||
                 g_error_matches (error, NET_STUN_ERROR, NET_STUN_ERROR_SILENT) ||
                 g_error_matches (error, NET_STUN_ERROR, NET_STUN_ERROR_UNREACHABLE));
  g_clear_error (&error);
  closed = g_strdup ("turn:127.0.0.1:1?transport=tcp");
  g_assert_false (probe (&fixture, closed, "u", "p", 5, &error));
  g_assert_error (error, NET_STUN_ERROR, NET_STUN_ERROR_UNREACHABLE);
}

static void
test_addresses (void)
{
  static const char *const bad[] = { "",          "turn:",           "http://relay",
                                     "turn://",   "stun:host:99999", "turnip:host",
                                     "relay:3478" };
  g_auto (NetStunServer) server = { 0 }, secure = { 0 };

  g_assert_true (net_stun_server_parse ("turn:relay.example:80?transport=tcp", &server, NULL));
  g_assert_cmpstr (server.host, ==, "relay.example");
  g_assert_cmpuint (server.port, ==, 80);
  g_assert_true (server.is_turn);
  g_assert_cmpint (server.transport, ==, NET_STUN_TCP);
  g_assert_true (net_stun_server_parse ("turns:[::1]", &secure, NULL));
  g_assert_cmpuint (secure.port, ==, 5349);
  g_assert_cmpint (secure.transport, ==, NET_STUN_TLS);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (NetStunServer) none = { 0 };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_false (net_stun_server_parse (bad[i], &none, &error));
      g_assert_error (error, NET_STUN_ERROR, NET_STUN_ERROR_ADDRESS);
    }
}

/* Answers of every length, and every byte of a good one altered, are read without harm. */
static void
test_hostile_answers (void)
{
  g_autoptr (GByteArray) request = net_stun_request_new (NET_STUN_ALLOCATE, NULL);
  guint8 good[] = { 1, 0x13, 0, 20, 0x21, 0x12, 0xA4, 0x42, 0, 0,    0, 0, 0, 0,
                    0, 0,    0, 0,  0,    0,    0,    9,    0, 4,    0, 0, 4, 1,
                    0, 0x14, 0, 1,  'r',  0,    0,    0,    0, 0x15, 0, 0 };
  g_auto (NetStunAnswer) whole = { 0 };

  memcpy (good + 8, request->data + 8, NET_STUN_ID);
  g_assert_true (net_stun_answer_read (good, sizeof good, request, &whole));
  g_assert_false (whole.is_success);
  g_assert_cmpuint (whole.code, ==, 401);
  g_assert_cmpstr (whole.realm, ==, "r");
  for (gsize at = 0; at < sizeof good; at++)
    for (guint value = 0; value < 256; value++)
      {
        g_autofree guint8 *copy = g_memdup2 (good, sizeof good);
        g_auto (NetStunAnswer) answer = { 0 };

        copy[at] = (guint8) value;
        net_stun_answer_read (copy, sizeof good, request, &answer);
      }
  for (gsize length = 0; length < sizeof good; length++)
    {
      g_autofree guint8 *cut = g_memdup2 (good, MAX (length, 1));
      g_auto (NetStunAnswer) answer = { 0 };

      g_assert_false (net_stun_answer_read (cut, length, request, &answer));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net-stun/addresses", test_addresses);
  g_test_add_func ("/net-stun/hostile-answers", test_hostile_answers);
  g_test_add_func ("/net-stun/what-is-no-relay-is-said", test_what_is_no_relay_is_said);
#define ADD(name, test) g_test_add ("/net-stun/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("good-servers-answer", test_good_servers_answer);
  ADD ("a-tried-relay-is-given-back", test_a_tried_relay_is_given_back);
  ADD ("run-out-names-are-refused", test_run_out_names_are_refused);
  ADD ("a-wrong-secret-is-refused", test_a_wrong_secret_is_refused);
  ADD ("certificates-are-checked", test_certificates_are_checked);
#undef ADD
  return g_test_run ();
}
