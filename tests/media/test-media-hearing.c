/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-hearing.h"
#include "media-speaker.h"

/* Plays a tone of @volume into a hearing, and returns how loud it was. */
static double
play (double volume, gboolean muted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *description =
      g_strdup_printf ("audiotestsrc num-buffers=40 volume=%g ! identity name=end", volume);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstElement) end = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  GstElement *hearing;
  double level;

  g_assert_no_error (error);
  hearing = media_hearing_new (gst_element_factory_make ("fakesink", NULL));
  media_hearing_set_muted (hearing, muted);
  end = gst_bin_get_by_name (GST_BIN (pipeline), "end");
  gst_bin_add (GST_BIN (pipeline), hearing);
  g_assert_true (gst_element_link (end, hearing));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  level = media_hearing_take_level (hearing);
  g_assert_cmpfloat (media_hearing_take_level (hearing), ==, 0); /* it was taken */
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return level;
}

static void
test_how_loud (void)
{
  double loud = play (1.0, FALSE), soft = play (0.01, FALSE);

  g_assert_cmpfloat (loud, >, 0.85);
  g_assert_cmpfloat (loud, <=, 1.0);
  g_assert_cmpfloat (soft, >, 0.1);
  g_assert_cmpfloat (soft, <, loud - 0.4);
  g_assert_cmpfloat (play (0.0, FALSE), ==, 0);
}

/* Who is muted here is still seen to speak. */
static void
test_a_muted_voice_has_a_level (void)
{
  g_assert_cmpfloat (play (1.0, TRUE), >, 0.85);
}

/* A guest's voice goes through a hearing: the microphone leaves it out all the same. */
static void
test_the_echo_is_found (void)
{
  g_autoptr (MediaSources) sources = media_sources_new ();
  GstElement *speaker = media_speaker_new (sources);
  const char *probe = media_speaker_get_probe (speaker);
  g_autoptr (GstElement) hearing = gst_object_ref_sink (media_hearing_new (speaker));

  if (probe == NULL)
    {
      g_test_skip ("there is no echo probe here");
      return;
    }
  g_assert_cmpstr (media_speaker_get_probe (hearing), ==, probe);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/media/hearing/how-loud", test_how_loud);
  g_test_add_func ("/media/hearing/muted", test_a_muted_voice_has_a_level);
  g_test_add_func ("/media/hearing/the-echo-is-found", test_the_echo_is_found);
  return g_test_run ();
}
