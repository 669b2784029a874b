/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "last-reference.h"
#include "media-call.h"
#include "media-clock.h"
#include "media-patient.h"
#include "udp-relay.h"

/* Calls over a bad network: the relay of tests/support stands between the two ends. */

typedef struct
{
  MediaSources *sources;
  MediaCall *call;
  MediaPatient *patient;
  UdpRelay *relay;
  int clocked; /* pictures shown to the clinic; atomic */
  int sent;    /* pictures that the clinic gave to its encoder; atomic */
  guint qualities, renewals, reconnecting, target;
  GstElement *screen; /* of the last epoch */
  MediaQuality quality;
} Fixture;

static GstPadProbeReturn
count_probe (GstPad *pad, GstPadProbeInfo *info, gpointer counter)
{
  g_atomic_int_inc ((int *) counter);
  return GST_PAD_PROBE_OK;
}

/* Counts only whole pictures: one that follows a lost one shows a broken clock. */
static GstPadProbeReturn
clocked_probe (GstPad *pad, GstPadProbeInfo *info, gpointer counter)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoInfo video;
  GstVideoFrame frame;
  guint32 ms;

  if (caps == NULL || !gst_video_info_from_caps (&video, caps) ||
      !gst_video_frame_map (&frame, &video, GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  if (media_clock_read (&frame, &ms))
    g_atomic_int_inc ((int *) counter);
  gst_video_frame_unmap (&frame);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_sink (int *counter, GstPadProbeCallback probe)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "async", FALSE, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, probe, counter, NULL);
  return sink;
}

static GstElement *
make_screen (gpointer data)
{
  Fixture *fixture = data;

  g_set_object (&fixture->screen, make_sink (&fixture->clocked, clocked_probe));
  return fixture->screen;
}

static GstElement *
make_mirror (gpointer data)
{
  return make_sink (&((Fixture *) data)->sent, count_probe);
}

static GstElement *
make_speaker (gpointer data)
{
  static int heard;

  return make_sink (&heard, count_probe);
}

static char *
route (gpointer relay, gboolean to_patient, const char *candidate)
{
  return udp_relay_route (relay, to_patient ? UDP_RELAY_NEAR : UDP_RELAY_FAR, candidate);
}

static void
quality_cb (MediaCall *call, MediaQuality *quality, Fixture *fixture)
{
  g_autofree char *text = media_quality_dup_text (quality);

  fixture->quality = *quality;
  fixture->qualities++;
  g_test_message ("%s", text);
}

static void
state_cb (MediaCall *call, MediaCallState state, Fixture *fixture)
{
  fixture->reconnecting += state == MEDIA_CALL_RECONNECTING;
}

static void
renew_cb (MediaCall *call, const char *reason, Fixture *fixture)
{
  fixture->renewals++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->relay = udp_relay_new ();
  fixture->sources = MEDIA_SOURCES (media_test_sources_new (TRUE));
  fixture->call = media_call_new (fixture->sources, make_screen, fixture, NULL);
  fixture->patient = media_patient_new (fixture->call);
  fixture->patient->route = route;
  fixture->patient->route_data = fixture->relay;
  media_call_set_self_view (fixture->call, make_mirror, fixture, NULL);
  media_call_set_speaker (fixture->call, make_speaker, fixture, NULL);
  media_call_set_loopback (fixture->call, TRUE);
  g_signal_connect (fixture->call, "quality", G_CALLBACK (quality_cb), fixture);
  g_signal_connect (fixture->call, "state", G_CALLBACK (state_cb), fixture);
  g_signal_connect (fixture->call, "needs-renew", G_CALLBACK (renew_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  media_call_stop (fixture->call);
  gst_clear_object (&fixture->screen);
  media_patient_free (fixture->patient);
  last_reference_drop (fixture->call);
  last_reference_drop (fixture->sources);
  udp_relay_free (fixture->relay);
}

static gboolean
both_see (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->clocked) >= 30 &&
         g_atomic_int_get (&fixture->patient->clocked) +
                 g_atomic_int_get (&fixture->patient->plain) >=
             30;
}

static gboolean
clinic_sees_150 (gpointer data)
{
  return g_atomic_int_get (&((Fixture *) data)->clocked) >= 150;
}

static gboolean
is_measured (gpointer data)
{
  Fixture *fixture = data;

  return fixture->qualities >= fixture->target;
}

static gboolean
is_reconnecting (gpointer data)
{
  return media_call_get_state (((Fixture *) data)->call) == MEDIA_CALL_RECONNECTING;
}

static gboolean
is_live (gpointer data)
{
  return media_call_get_state (((Fixture *) data)->call) == MEDIA_CALL_LIVE;
}

static void
begin (Fixture *fixture)
{
  media_call_start (fixture->call, 1);
  g_assert_true (media_test_wait (both_see, fixture, 20));
}

/* One packet in twenty lost, 100 ms there and back: the pictures go on, because what is lost is
 * asked for again. (How a browser fares with ours is asked of a real one.) */
static void
test_loss (Fixture *fixture, gconstpointer data)
{
  const UdpRelayPath bad = { 5, 50, 0, FALSE };
  int sent;

  begin (fixture);
  udp_relay_set_path (fixture->relay, &bad);
  sent = g_atomic_int_get (&fixture->sent);
  g_atomic_int_set (&fixture->clocked, 0);
  g_assert_true (media_test_wait (clinic_sees_150, fixture, 60));
  g_test_message ("while %d were sent the clinic was shown %d",
                  g_atomic_int_get (&fixture->sent) - sent, g_atomic_int_get (&fixture->clocked));
  g_assert_cmpuint (fixture->renewals, ==, 0);
}

/* The link shrinks to 500 kbit/s: we send less instead of flooding it. Without the budget for
 * packets sent again it dropped 45,000 packets in this time. */
static void
test_small_link (Fixture *fixture, gconstpointer data)
{
  const UdpRelayPath wide = { 0, 30, 3000000, FALSE }, narrow = { 0, 30, 500000, FALSE };

  media_test_sources_set_noisy (MEDIA_TEST_SOURCES (fixture->sources));
  udp_relay_set_path (fixture->relay, &wide);
  begin (fixture);
  udp_relay_set_path (fixture->relay, &narrow);
  fixture->target = fixture->qualities + 12;
  g_assert_true (media_test_wait (is_measured, fixture, 40));
  g_test_message ("the link dropped %u packets", udp_relay_get_queue_drops (fixture->relay));
  g_assert_cmpuint (udp_relay_get_queue_drops (fixture->relay), <, 3000);
  g_assert_cmpint (fixture->quality.out.kbps, <, 600);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_LIVE);
}

/* Four seconds of nothing: said so, and over by itself. */
static void
test_blackout (Fixture *fixture, gconstpointer data)
{
  const UdpRelayPath dark = { 0, 0, 0, TRUE }, bright = { 0 };

  begin (fixture);
  udp_relay_set_path (fixture->relay, &dark);
  g_assert_true (media_test_wait (is_reconnecting, fixture, 20));
  udp_relay_set_path (fixture->relay, &bright);
  g_assert_true (media_test_wait (is_live, fixture, 20));
  g_atomic_int_set (&fixture->clocked, 0);
  g_assert_true (media_test_wait (both_see, fixture, 20));
  g_assert_cmpuint (fixture->reconnecting, ==, 1);
}

static gboolean
is_told_of_shaky (gpointer data)
{
  return ((Fixture *) data)->quality.verdict == MEDIA_VERDICT_SHAKY;
}

static gboolean
is_asked_for_less (gpointer data)
{
  return ((Fixture *) data)->quality.their_rung < MEDIA_RUNG_SD;
}

/* What the page measures counts; a page that says too much is heard as far as there is time. */
static void
test_page (Fixture *fixture, gconstpointer data)
{
  fixture->patient->figures = " loss=0 jitter=100 kbps=70 frames=25 available=60";
  begin (fixture);
  g_assert_true (media_test_wait (is_told_of_shaky, fixture, 30));
  g_assert_cmpint (fixture->quality.out.jitter_ms, ==, 100);
  g_assert_cmpint (fixture->quality.out.frames, ==, 25);
  g_assert_cmpint (fixture->quality.in.available_kbps, ==, 60);
  g_assert_cmpint (fixture->quality.round_trip_ms, >=, 0);
  g_assert_true (media_test_wait (is_asked_for_less, fixture, 30));
  g_atomic_int_set (&fixture->patient->flood, 200);
  fixture->target = fixture->qualities + 4;
  g_assert_true (media_test_wait (is_measured, fixture, 40));
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_LIVE);
}

static GstPadProbeReturn
drop_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  return GST_PAD_PROBE_DROP;
}

/* What comes of pictures reaches the decoder no more. */
static gulong
stop_decoding (Fixture *fixture, GstPad **input)
{
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (fixture->screen));
  g_autoptr (GstIterator) decoders =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (pipeline), "vp8dec");
  g_auto (GValue) decoder = G_VALUE_INIT;

  g_assert_cmpint (gst_iterator_next (decoders, &decoder), ==, GST_ITERATOR_OK);
  *input = gst_element_get_static_pad (g_value_get_object (&decoder), "sink");
  return gst_pad_add_probe (*input, GST_PAD_PROBE_TYPE_BUFFER, drop_probe, NULL, NULL);
}

static gboolean
is_told_of_slow (gpointer data)
{
  return ((Fixture *) data)->quality.verdict == MEDIA_VERDICT_SLOW;
}

/* A picture that stands still while the sound runs on is never called good. */
static void
test_frozen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GstPad) input = NULL;
  gulong probe;

  fixture->patient->figures = " loss=0 jitter=3 kbps=800 frames=25 available=2000";
  begin (fixture);
  probe = stop_decoding (fixture, &input);
  g_assert_true (media_test_wait (is_told_of_slow, fixture, 30));
  g_assert_cmpint (fixture->quality.in.frozen_ms, >=, 3000);
  g_assert_cmpint (fixture->quality.silent_ms, <, 1000);
  gst_pad_remove_probe (input, probe);
  fixture->quality.in.frozen_ms = -1;
  fixture->target = fixture->qualities + 4;
  g_assert_true (media_test_wait (is_measured, fixture, 20));
  g_assert_cmpint (fixture->quality.in.frozen_ms, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add ("/media/path/loss", Fixture, NULL, set_up, test_loss, tear_down);
  g_test_add ("/media/path/small-link", Fixture, NULL, set_up, test_small_link, tear_down);
  g_test_add ("/media/path/frozen", Fixture, NULL, set_up, test_frozen, tear_down);
  g_test_add ("/media/path/page", Fixture, NULL, set_up, test_page, tear_down);
  g_test_add ("/media/path/blackout", Fixture, NULL, set_up, test_blackout, tear_down);
  return g_test_run ();
}
