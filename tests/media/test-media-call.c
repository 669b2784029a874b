/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-call.h"

#include <string.h>

#include "last-reference.h"
#include "media-clock.h"
#include "media-patient.h"

/* Whole calls in one process over the loopback: the clinic's MediaCall against a patient's
 * webrtcbin. */

#define LOUD   3000
#define SILENT 8 /* an opus decoder's idea of zero */

typedef struct
{
  MediaSources *sources;
  MediaCall *call;
  MediaPatient *patient;
  int clocked, frames, peak, sound_buffers; /* what the clinic is shown; atomic */
  guint trusted, refused, renewals, first_frames, qualities;
  guint wanted;
  int screens, screens_gone, peers, peers_gone; /* the last ones may be counted on any thread */
  int mirrored;                                 /* atomic */
  GstElement *screen;                           /* the newest; not owned */
} Fixture;

/* ---- the clinic's sinks ---- */

static GstPadProbeReturn
shown_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoInfo video;
  GstVideoFrame frame;
  guint32 ms;

  g_atomic_int_inc (&fixture->frames);
  if (gst_video_info_from_caps (&video, caps) &&
      gst_video_frame_map (&frame, &video, GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ))
    {
      if (media_clock_read (&frame, &ms))
        g_atomic_int_inc (&fixture->clocked);
      gst_video_frame_unmap (&frame);
    }
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
heard_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_atomic_int_inc (&((Fixture *) data)->sound_buffers);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_sink (Fixture *fixture, GstPadProbeCallback probe)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "async", FALSE, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, probe, fixture, NULL);
  return sink;
}

static void
gone (gpointer counter, GObject *object)
{
  g_atomic_int_inc ((int *) counter);
}

static GstElement *
make_screen (gpointer data)
{
  Fixture *fixture = data;

  fixture->screen = make_sink (fixture, shown_probe);
  fixture->screens++;
  g_object_weak_ref (G_OBJECT (fixture->screen), gone, &fixture->screens_gone);
  return fixture->screen;
}

/* Follows the peer connection of each epoch to its end. */
static void
first_frame_cb (MediaCall *call, guint epoch, Fixture *fixture)
{
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (fixture->screen));
  g_autoptr (GstElement) webrtcbin = gst_bin_get_by_name (GST_BIN (pipeline), "peer");

  fixture->first_frames++;
  fixture->peers++;
  g_object_weak_ref (G_OBJECT (webrtcbin), gone, &fixture->peers_gone);
}

static GstPadProbeReturn
mirrored_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_atomic_int_inc (&((Fixture *) data)->mirrored);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_mirror (gpointer data)
{
  return make_sink (data, mirrored_probe);
}

static GstElement *
make_speaker (gpointer data)
{
  return make_sink (data, heard_probe);
}

static void
count (guint *counter)
{
  (*counter)++;
}

static void
set_up_with (Fixture *fixture, gboolean has_devices)
{
  fixture->sources = MEDIA_SOURCES (media_test_sources_new (has_devices));
  fixture->call = media_call_new (fixture->sources, make_screen, fixture, NULL);
  fixture->patient = media_patient_new (fixture->call);
  media_call_set_speaker (fixture->call, make_speaker, fixture, NULL);
  media_call_set_loopback (fixture->call, TRUE);
  g_signal_connect_swapped (fixture->call, "trusted", G_CALLBACK (count), &fixture->trusted);
  g_signal_connect_swapped (fixture->call, "refused", G_CALLBACK (count), &fixture->refused);
  g_signal_connect_swapped (fixture->call, "needs-renew", G_CALLBACK (count), &fixture->renewals);
  g_signal_connect (fixture->call, "first-frame", G_CALLBACK (first_frame_cb), fixture);
  g_signal_connect_swapped (fixture->call, "quality", G_CALLBACK (count), &fixture->qualities);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_with (fixture, TRUE);
}

static void
set_up_without_devices (Fixture *fixture, gconstpointer data)
{
  set_up_with (fixture, FALSE);
}

static gboolean
all_are_gone (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->screens_gone) == fixture->screens &&
         g_atomic_int_get (&fixture->peers_gone) == fixture->peers;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  media_call_stop (fixture->call);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_ENDED);
  media_patient_free (fixture->patient);
  last_reference_drop (fixture->call);
  g_assert_true (media_test_wait (all_are_gone, fixture, 5));
  last_reference_drop (fixture->sources);
}

/* ---- conditions ---- */

static gboolean
clinic_sees (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->clocked) >= (int) fixture->wanted;
}

static gboolean
both_see (gpointer data)
{
  Fixture *fixture = data;

  return clinic_sees (data) &&
         g_atomic_int_get (&fixture->patient->clocked) >= (int) fixture->wanted;
}

static gboolean
mirror_shows (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->mirrored) >= (int) fixture->wanted;
}

static gboolean
patient_sees_plain (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->patient->plain) >= (int) fixture->wanted;
}

static gboolean
patient_hears (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->patient->sound_buffers) >= (int) fixture->wanted;
}

static gboolean
patient_hears_tone (gpointer data)
{
  return g_atomic_int_get (&((Fixture *) data)->patient->peak) > LOUD;
}

static gboolean
is_refused (gpointer data)
{
  return ((Fixture *) data)->refused > 0;
}

static gboolean
is_live (gpointer data)
{
  return media_call_get_state (((Fixture *) data)->call) == MEDIA_CALL_LIVE;
}

static gboolean
is_answered (gpointer data)
{
  return ((Fixture *) data)->patient->answer != NULL;
}

static gboolean
wants_renewal (gpointer data)
{
  return ((Fixture *) data)->renewals > 0;
}

static gboolean
sends_camera (gpointer data)
{
  return media_call_get_slate (((Fixture *) data)->call) == NULL;
}

static gboolean
sends_slate (gpointer data)
{
  return media_call_get_slate (((Fixture *) data)->call) != NULL;
}

static gboolean
is_measured (gpointer data)
{
  return ((Fixture *) data)->qualities >= 1;
}

static void
wait_for (Fixture *fixture, MediaTestCondition condition, guint wanted)
{
  fixture->wanted = wanted;
  g_assert_true (media_test_wait (condition, fixture, 100));
}

/* ---- tests ---- */

static void
test_both_ways (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_IDLE);
  media_call_start (fixture->call, 1);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_CONNECTING);
  wait_for (fixture, both_see, 60);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_LIVE);
  g_assert_cmpuint (fixture->trusted, ==, 1);
  g_assert_cmpuint (fixture->first_frames, ==, 1);
  wait_for (fixture, patient_hears_tone, 0);
  wait_for (fixture, is_measured, 0);
  g_assert_cmpint (g_atomic_int_get (&fixture->sound_buffers), >, 20);
  g_assert_cmpuint (media_call_get_frames (fixture->call), >=, 60);
  g_assert_null (media_call_get_slate (fixture->call));
  g_test_message ("clinic saw %d of %d frames with a clock, patient %d and %d without",
                  fixture->clocked, fixture->frames, fixture->patient->clocked,
                  fixture->patient->plain);
}

static char *
alter_one_digit (char *sdp)
{
  for (char *p = strstr (sdp, "a=fingerprint:sha-256 "); p != NULL;
       p = strstr (p + 1, "a=fingerprint:sha-256 "))
    {
      char *digit = p + strlen ("a=fingerprint:sha-256 ");

      *digit = *digit == 'A' ? 'B' : 'A';
    }
  return sdp;
}

static void
test_wrong_fingerprint (Fixture *fixture, gconstpointer data)
{
  fixture->patient->alter = alter_one_digit;
  media_call_start (fixture->call, 1);
  wait_for (fixture, is_refused, 0);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_REFUSED);
  g_assert_cmpint (g_atomic_int_get (&fixture->frames), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&fixture->sound_buffers), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&fixture->patient->clocked), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&fixture->patient->peak), <=, SILENT);
  g_assert_cmpuint (fixture->trusted, ==, 0);
}

static char *
remove_fingerprints (char *sdp)
{
  g_autoptr (GRegex) regex = g_regex_new ("a=fingerprint:[^\r\n]*\r?\n", 0, 0, NULL);
  char *out = g_regex_replace_literal (regex, sdp, -1, 0, "", 0, NULL);

  g_free (sdp);
  return out;
}

static void
test_no_fingerprint (Fixture *fixture, gconstpointer data)
{
  fixture->patient->alter = remove_fingerprints;
  media_call_start (fixture->call, 1);
  wait_for (fixture, is_refused, 0);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_REFUSED);
  g_assert_cmpint (g_atomic_int_get (&fixture->frames), ==, 0);
}

static void
test_mute (Fixture *fixture, gconstpointer data)
{
  media_call_start (fixture->call, 1);
  wait_for (fixture, patient_hears_tone, 0);
  g_assert_null (media_call_get_silence (fixture->call));
  media_call_set_microphone (fixture->call, FALSE);
  g_assert_nonnull (media_call_get_silence (fixture->call));
  media_patient_listen (fixture->patient);
  wait_for (fixture, patient_hears, 60); /* what was under way plays out */
  media_patient_listen (fixture->patient);
  wait_for (fixture, patient_hears, 50);
  g_assert_cmpint (g_atomic_int_get (&fixture->patient->peak), <=, SILENT);
  media_call_set_microphone (fixture->call, TRUE);
  wait_for (fixture, patient_hears_tone, 0);
}

static void
test_camera_off (Fixture *fixture, gconstpointer data)
{
  media_call_start (fixture->call, 1);
  wait_for (fixture, both_see, 10);
  media_call_set_camera (fixture->call, FALSE);
  g_assert_nonnull (media_call_get_slate (fixture->call));
  g_atomic_int_set (&fixture->patient->plain, 0);
  wait_for (fixture, patient_sees_plain, 10);
  g_atomic_int_set (&fixture->patient->clocked, 0);
  g_atomic_int_set (&fixture->patient->plain, 0);
  wait_for (fixture, patient_sees_plain, 10);
  g_assert_cmpint (g_atomic_int_get (&fixture->patient->clocked), ==, 0);
  media_call_set_camera (fixture->call, TRUE);
  wait_for (fixture, sends_camera, 0);
  wait_for (fixture, both_see, 10);
}

static void
test_self_view (Fixture *fixture, gconstpointer data)
{
  media_call_set_self_view (fixture->call, make_mirror, fixture, NULL);
  media_call_start (fixture->call, 1);
  wait_for (fixture, both_see, 10);
  wait_for (fixture, mirror_shows, 10);
  media_call_renew (fixture->call, 2);
  g_atomic_int_set (&fixture->mirrored, 0);
  wait_for (fixture, mirror_shows, 10);
}

/* Every rung of the ladder, in one call, without negotiation. */
static void
test_rungs (Fixture *fixture, gconstpointer data)
{
  static const MediaRung rungs[] = { MEDIA_RUNG_THUMBNAIL, MEDIA_RUNG_SD,    MEDIA_RUNG_HD,
                                     MEDIA_RUNG_THUMBNAIL, MEDIA_RUNG_AUDIO, MEDIA_RUNG_SD };

  media_call_start (fixture->call, 1);
  wait_for (fixture, both_see, 10);
  for (gsize i = 0; i < G_N_ELEMENTS (rungs); i++)
    {
      g_test_message ("rung %d", rungs[i]);
      media_call_set_rung (fixture->call, rungs[i]);
      media_patient_listen (fixture->patient);
      g_atomic_int_set (&fixture->patient->clocked, 0);
      wait_for (fixture, patient_hears, 50);
      if (rungs[i] != MEDIA_RUNG_AUDIO)
        wait_for (fixture, both_see, 10);
      else
        g_assert_cmpint (g_atomic_int_get (&fixture->patient->clocked), <, 10); /* under way */
    }
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_LIVE);
}

static void
test_no_devices (Fixture *fixture, gconstpointer data)
{
  media_call_start (fixture->call, 1);
  wait_for (fixture, patient_sees_plain, 20);
  wait_for (fixture, clinic_sees, 20);
  wait_for (fixture, patient_hears, 20);
  g_assert_true (strstr (media_call_get_slate (fixture->call), "No camera here.") != NULL);
  g_assert_true (strstr (media_call_get_silence (fixture->call), "No microphone here.") != NULL);
  g_assert_cmpint (g_atomic_int_get (&fixture->patient->contrast), >,
                   80); /* there is writing on it */
  g_assert_cmpint (g_atomic_int_get (&fixture->patient->clocked), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&fixture->patient->peak), <=, SILENT);
}

static void
test_camera_breaks (Fixture *fixture, gconstpointer data)
{
  media_test_sources_set_breaking (MEDIA_TEST_SOURCES (fixture->sources));
  media_call_start (fixture->call, 1);
  wait_for (fixture, clinic_sees, 60);
  wait_for (fixture, sends_slate, 0);
  g_assert_true (strstr (media_call_get_slate (fixture->call), "stopped working") != NULL);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_LIVE);
  g_assert_cmpuint (fixture->renewals, ==, 0);
}

static void
test_renew (Fixture *fixture, gconstpointer data)
{
  media_call_start (fixture->call, 1);
  for (guint epoch = 2; epoch <= 6; epoch++)
    {
      wait_for (fixture, both_see, 10);
      media_call_renew (fixture->call, epoch);
      g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_RECONNECTING);
      g_atomic_int_set (&fixture->clocked, 0);
      g_atomic_int_set (&fixture->patient->clocked, 0);
    }
  wait_for (fixture, both_see, 10);
  g_assert_cmpuint (fixture->trusted, ==, 6);
  g_assert_cmpuint (fixture->patient->offers, ==, 6);
  g_assert_cmpint (fixture->peers, ==, 6);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_LIVE);
}

static void
test_other_epochs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->patient->mute_signalling = TRUE;
  media_call_start (fixture->call, 7);
  wait_for (fixture, is_answered, 0);
  g_assert_true (media_call_set_answer (fixture->call, 6, fixture->patient->answer, &error));
  g_assert_true (media_call_set_answer (fixture->call, 6, "not SDP", &error));
  media_call_add_candidate (fixture->call, 8, 0, "candidate:1 1 UDP 1 127.0.0.1 9 typ host");
  g_assert_no_error (error);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_CONNECTING);
  g_assert_true (media_call_set_answer (fixture->call, 7, fixture->patient->answer, &error));
  wait_for (fixture, both_see, 10);
  g_assert_false (media_call_set_answer (fixture->call, 7, fixture->patient->answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
}

static void
test_hostile_answers (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "", "v=0", "v=0\r\nm=", "{\"type\":\"answer\"}" };
  g_autofree char *twice = NULL;

  fixture->patient->mute_signalling = TRUE;
  media_call_start (fixture->call, 1);
  wait_for (fixture, is_answered, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_false (media_call_set_answer (fixture->call, 1, texts[i], NULL));
  twice =
      g_strconcat (fixture->patient->answer, strstr (fixture->patient->answer, "m=video"), NULL);
  g_assert_false (media_call_set_answer (fixture->call, 1, twice, NULL));
  for (guint i = 0; i < 500; i++)
    media_call_add_candidate (fixture->call, 1, i, "candidate:\r\na=setup:active");
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_CONNECTING);
  g_assert_true (media_call_set_answer (fixture->call, 1, fixture->patient->answer, NULL));
  wait_for (fixture, clinic_sees, 10);
}

static void
test_silence_is_noticed (Fixture *fixture, gconstpointer data)
{
  media_call_start (fixture->call, 1);
  wait_for (fixture, both_see, 10);
  media_patient_drop (fixture->patient);
  wait_for (fixture, wants_renewal, 0);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_RECONNECTING);
  g_atomic_int_set (&fixture->clocked, 0);
  media_call_renew (fixture->call, 2);
  wait_for (fixture, clinic_sees, 10);
  wait_for (fixture, is_live, 0);
}

static void
test_call_again (Fixture *fixture, gconstpointer data)
{
  media_call_start (fixture->call, 1);
  wait_for (fixture, both_see, 5);
  media_call_stop (fixture->call);
  g_assert_cmpint (media_call_get_state (fixture->call), ==, MEDIA_CALL_ENDED);
  g_atomic_int_set (&fixture->clocked, 0);
  media_call_start (fixture->call, 2);
  wait_for (fixture, clinic_sees, 5);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "both-ways", test_both_ways },
    { "wrong-fingerprint", test_wrong_fingerprint },
    { "no-fingerprint", test_no_fingerprint },
    { "mute", test_mute },
    { "camera-off", test_camera_off },
    { "camera-breaks", test_camera_breaks },
    { "self-view", test_self_view },
    { "rungs", test_rungs },
    { "renew", test_renew },
    { "other-epochs", test_other_epochs },
    { "hostile-answers", test_hostile_answers },
    { "silence-is-noticed", test_silence_is_noticed },
    { "call-again", test_call_again },
  };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/media/call/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  g_test_add ("/media/call/no-devices", Fixture, NULL, set_up_without_devices, test_no_devices,
              tear_down);
  return g_test_run ();
}
