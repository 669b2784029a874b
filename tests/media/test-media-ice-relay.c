/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "last-reference.h"
#include "media-call.h"
#include "media-ice.h"
#include "media-patient.h"
#include "net-tls-tunnel.h"
#include "relay-server.h"

/* Calls that go through a real TURN server, Debian's coturn, and through nothing else. */

#define SECONDS 60

typedef struct
{
  RelayServer *relay;
  MediaSources *sources;
  MediaCall *call;
  MediaPatient *patient;
  int shown; /* atomic */
  NetTlsTunnel *tunnel;
  guint relayed, direct, refusals;
} Fixture;

static GstPadProbeReturn
count_probe (GstPad *pad, GstPadProbeInfo *info, gpointer counter)
{
  g_atomic_int_inc ((int *) counter);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_screen (gpointer data)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "async", FALSE, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, count_probe, &((Fixture *) data)->shown, NULL);
  return sink;
}

static GstElement *
make_speaker (gpointer data)
{
  return gst_element_factory_make ("fakesink", NULL);
}

static void
candidate_cb (MediaCall *call, guint epoch, guint mline, const char *line, Fixture *fixture)
{
  if (*line == '\0')
    return;
  if (strstr (line, " typ relay") != NULL)
    fixture->relayed++;
  else
    fixture->direct++;
}

static void
no_relay_cb (MediaCall *call, Fixture *fixture)
{
  fixture->refusals++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->relay = relay_server_new ();
  fixture->sources = MEDIA_SOURCES (media_test_sources_new (TRUE));
  fixture->call = media_call_new (fixture->sources, make_screen, fixture, NULL);
  media_call_set_speaker (fixture->call, make_speaker, NULL, NULL);
  media_call_set_loopback (fixture->call, TRUE);
  fixture->patient = media_patient_new (fixture->call);
  g_signal_connect (fixture->call, "candidate", G_CALLBACK (candidate_cb), fixture);
  g_signal_connect (fixture->call, "no-relay", G_CALLBACK (no_relay_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  media_call_stop (fixture->call);
  media_patient_free (fixture->patient);
  g_clear_object (&fixture->tunnel);
  last_reference_drop (fixture->call);
  last_reference_drop (fixture->sources);
  relay_server_free (fixture->relay);
}

/* @life: how long the name is good, in seconds; negative: it ran out so long ago */
static void
call (Fixture *fixture, const char *scheme, const char *transport, int life)
{
  g_autofree char *url = fixture->tunnel != NULL
                             ? g_strdup_printf ("turn:127.0.0.1:%u?transport=tcp",
                                                net_tls_tunnel_get_port (fixture->tunnel))
                             : relay_server_dup_url (fixture->relay, scheme, transport);
  g_autofree char *user = relay_server_dup_user (life);
  g_autofree char *password = relay_server_dup_password (user, RELAY_SECRET);
  g_autofree char *uri = media_ice_turn_uri (url, user, password);
  const char *turn[] = { uri, NULL };

  media_call_set_ice (fixture->call, NULL, turn, TRUE);
  media_call_start (fixture->call, media_call_get_epoch (fixture->call) + 1);
}

static gboolean
has_pictures (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->shown) >= 30 &&
         g_atomic_int_get (&fixture->patient->clocked) >= 30;
}

static gboolean
is_refused (gpointer data)
{
  return ((Fixture *) data)->refusals > 0;
}

static void
expect_call (Fixture *fixture, const char *scheme, const char *transport)
{
  call (fixture, scheme, transport, 600);
  if (!media_test_wait (has_pictures, fixture, SECONDS))
    g_error ("no call through %s by %s: %d shown, %d at the patient, %u relayed addresses", scheme,
             transport, g_atomic_int_get (&fixture->shown),
             g_atomic_int_get (&fixture->patient->clocked), fixture->relayed);
  g_assert_cmpuint (fixture->relayed, >, 0);
  g_assert_cmpuint (fixture->direct, ==, 0);
  g_assert_cmpuint (fixture->refusals, ==, 0);
}

static void
test_by_udp (Fixture *fixture, gconstpointer data)
{
  expect_call (fixture, "turn", "udp");
}

static void
test_by_tcp (Fixture *fixture, gconstpointer data)
{
  expect_call (fixture, "turn", "tcp");
}

static void
test_by_tls (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = NULL;

  fixture->tunnel = net_tls_tunnel_new ("127.0.0.1", (guint16) fixture->relay->tls_port,
                                        fixture->relay->trusted, NULL);
  expect_call (fixture, "turns", "tcp");
  media_call_stop (fixture->call);
  log = relay_server_dup_log (fixture->relay);
  g_assert_nonnull (strstr (log, "method=TLS"));
}

static gboolean
has_turned_away (gpointer data)
{
  g_autofree char *log = relay_server_dup_log (((Fixture *) data)->relay);
  guint closed = 0;

  for (const char *at = log; at != NULL && (at = strstr (at, "closed (2nd stage)")) != NULL; at++)
    closed++;
  return closed >= 3;
}

/* Nothing is said to a server that can not prove who it is. */
static void
test_a_stranger_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = NULL;

  fixture->tunnel =
      net_tls_tunnel_new ("127.0.0.1", (guint16) fixture->relay->tls_port, NULL, NULL);
  call (fixture, "turns", "tcp", 600);
  /* the start looked at both ports; the third is the tunnel's */
  if (!media_test_wait (has_turned_away, fixture, SECONDS))
    g_error ("the tunnel did not try");
  log = relay_server_dup_log (fixture->relay);
  g_assert_null (strstr (log, "ALLOCATE"));
  g_assert_cmpuint (fixture->relayed + fixture->direct, ==, 0);
}

/* The next epoch of the same call takes the newer name. */
static void
test_a_run_out_name_is_refused (Fixture *fixture, gconstpointer data)
{
  call (fixture, "turn", "udp", -60);
  if (!media_test_wait (is_refused, fixture, SECONDS))
    g_error ("it was not said that no relay let the call through");
  g_assert_cmpuint (fixture->relayed + fixture->direct, ==, 0);
  g_assert_cmpint (g_atomic_int_get (&fixture->shown), ==, 0);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_CONNECTING);
  fixture->refusals = 0;
  expect_call (fixture, "turn", "udp");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
#define ADD(name, test)                                                                            \
  g_test_add ("/media-ice-relay/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("by-udp", test_by_udp);
  ADD ("by-tcp", test_by_tcp);
  ADD ("by-tls", test_by_tls);
  ADD ("a-stranger-is-refused", test_a_stranger_is_refused);
  ADD ("a-run-out-name-is-refused", test_a_run_out_name_is_refused);
#undef ADD
  return g_test_run ();
}
