/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-pacing.h"

#include <gst/video/video.h>

/* Most pictures leave at once; a large one at three times the rate, and never for long. */
static void
test_wait (void)
{
  g_assert_cmpint (media_pacing_wait_us (0, 300000), ==, 0);
  g_assert_cmpint (media_pacing_wait_us (8000, 300000), ==, 0);
  g_assert_cmpint (media_pacing_wait_us (8900, 300000), ==, 8000);
  g_assert_cmpint (media_pacing_wait_us (1000000, 60000), ==, 200000);
  g_assert_cmpint (media_pacing_wait_us (1000000, 0), ==, 0);
}

/* Key frames take a quarter of the rate at most, and are never put off for long. */
static void
test_key_wait (void)
{
  g_assert_cmpint (media_pacing_key_wait_us (0, 300000), ==, 0);
  g_assert_cmpint (media_pacing_key_wait_us (1000, 1000000), ==, 300000);
  g_assert_cmpint (media_pacing_key_wait_us (15000, 300000), ==, 1600000);
  g_assert_cmpint (media_pacing_key_wait_us (60000, 300000), ==, 3000000);
}

typedef struct
{
  int keys, pictures; /* atomic */
} Count;

static GstPadProbeReturn
count_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Count *count = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  g_atomic_int_inc (&count->pictures);
  if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
    g_atomic_int_inc (&count->keys);
  return GST_PAD_PROBE_OK;
}

/* A real encoder that is asked for a key frame with every picture, as somebody would whose path
 * loses each: it makes few, but not none. */
static void
test_many_requests (void)
{
  MediaPacing *pacing = media_pacing_new ();
  Count count = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (
      "videotestsrc is-live=true pattern=snow ! video/x-raw,width=320,height=180,framerate=30/1 ! "
      "vp8enc name=encoder deadline=1 cpu-used=8 keyframe-max-dist=3000 target-bitrate=100000 ! "
      "rtpvp8pay ! identity name=exit ! fakesink",
      &error);
  g_autoptr (GstElement) encoder = NULL, exit = NULL;
  g_autoptr (GstPad) output = NULL;
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  int asked = 0;

  g_assert_no_error (error);
  encoder = gst_bin_get_by_name (GST_BIN (pipeline), "encoder");
  exit = gst_bin_get_by_name (GST_BIN (pipeline), "exit");
  output = gst_element_get_static_pad (encoder, "src");
  media_pacing_attach (pacing, encoder, exit);
  media_pacing_set_rate (pacing, 100000);
  gst_pad_add_probe (output, GST_PAD_PROBE_TYPE_BUFFER, count_probe, &count, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (g_atomic_int_get (&count.keys) < 3)
    {
      int pictures = g_atomic_int_get (&count.pictures);

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      gst_pad_send_event (output, gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE,
                                                                               TRUE, 0));
      asked++;
      while (g_atomic_int_get (&count.pictures) == pictures && g_get_monotonic_time () < end)
        g_usleep (2000);
    }
  g_test_message ("%d asked for, %d made in %d pictures", asked, count.keys, count.pictures);
  g_assert_cmpint (asked, >, 3 * g_atomic_int_get (&count.keys));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_cmpuint (media_pacing_get_bytes (pacing), >, 0);
  media_pacing_unref (pacing);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/pacing/wait", test_wait);
  g_test_add_func ("/media/pacing/key-wait", test_key_wait);
  g_test_add_func ("/media/pacing/many-requests", test_many_requests);
  return g_test_run ();
}
