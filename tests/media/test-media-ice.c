/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-ice.h"

#include <string.h>

static void
test_uris (void)
{
  g_autofree char *turn =
      media_ice_turn_uri ("turn:turn.clinic.test:3478?transport=udp", "1795000000:visit", "a/b+c=");
  g_autofree char *turns = media_ice_turn_uri ("turns:turn.clinic.test:443", "u", "p");
  g_autofree char *stun = media_ice_stun_uri ("stun:stun.clinic.test:3478");

  g_assert_cmpstr (turn, ==,
                   "turn://1795000000%3Avisit:a%2Fb%2Bc%3D@turn.clinic.test:3478?transport=udp");
  g_assert_cmpstr (turns, ==, "turns://u:p@turn.clinic.test:443");
  g_assert_cmpstr (stun, ==, "stun://stun.clinic.test:3478");
  g_assert_null (media_ice_turn_uri ("http://turn.clinic.test", "u", "p"));
  g_assert_null (media_ice_turn_uri ("turn:evil@turn.clinic.test", "u", "p"));
  g_assert_null (media_ice_turn_uri ("turn:", "u", "p"));
  g_assert_null (media_ice_stun_uri ("turn:x"));
}

static void
test_candidates (void)
{
  g_autofree char *padding = g_strnfill (1100, ' ');
  g_autofree char *lengthy = g_strconcat ("candidate:1 1 UDP 1 10.0.0.1 9 typ host", padding, NULL);
  static const char *const good[] = {
    "candidate:1 1 UDP 2015363327 127.0.0.1 49301 typ host",
    "candidate:842163049 1 udp 1677729535 203.0.113.7 50000 typ srflx raddr 10.0.0.1 rport 50000 "
    "generation 0",
    "candidate:3 1 TCP 1015021823 10.0.0.1 9 typ host tcptype active",
    "candidate:4 1 udp 1 2001:db8::1 5000 typ relay raddr :: rport 0",
    "candidate:5 1 udp 1 0b8c5b7e-6c1f-4d0e-9e0a-7c9d3c1f2a3b.local 5000 typ host",
  };
  const char *bad[] = {
    NULL,
    "",
    "candidate:",
    "candidate:1 1 UDP",
    "a=candidate:1 1 UDP 1 10.0.0.1 9 typ host",
    "candidate:1 1 UDP 1 10.0.0.1 9 typ host\r\na=setup:active",
    "candidate:1 1 UDP 1 10.0.0.1 70000 typ host",
    "candidate:1 1 SCTP 1 10.0.0.1 9 typ host",
    "candidate:1 one UDP 1 10.0.0.1 9 typ host",
    "candidate:1 1 UDP 1 10.0.0.1 9 as host",
    "candidate:1 1 UDP 1 \xff 9 typ host",
    lengthy,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (media_ice_candidate_is_sane (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (media_ice_candidate_is_sane (bad[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/ice/uris", test_uris);
  g_test_add_func ("/media/ice/candidates", test_candidates);
  return g_test_run ();
}
