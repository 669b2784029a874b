/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "last-reference.h"
#include "media-call.h"
#include "media-patient.h"
#include "media-plug.h"
#include "media-speaker.h"
#include "media-voice.h"

#include <string.h>

/* Devices that come and go, with GStreamer's own monitor between them and the call. */

#define SECONDS 30

typedef struct
{
  MediaSources *sources;
  guint changes;
  char *notice;
} Fixture;

static void
count (guint *counter)
{
  (*counter)++;
}

static void
take_notice (char **notice, const char *sentence)
{
  g_set_str (notice, sentence);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->sources = media_sources_new ();
  g_signal_connect_swapped (self->sources, "camera-changed", G_CALLBACK (count), &self->changes);
  g_signal_connect_swapped (self->sources, "notice", G_CALLBACK (take_notice), &self->notice);
  media_sources_watch (self->sources);
}

static gboolean
is_let_go (gpointer sources)
{
  return G_OBJECT (sources)->ref_count == 1;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (media_test_wait (is_let_go, self->sources, SECONDS));
  last_reference_drop (self->sources);
  g_free (self->notice);
}

static MediaDeviceChoice *
cameras (Fixture *self)
{
  return media_sources_get_choice (self->sources, MEDIA_DEVICE_CAMERA);
}

typedef struct
{
  MediaDeviceChoice *choice;
  const char *name; /* NULL: none */
} Used;

static gboolean
is_used (gpointer data)
{
  Used *used = data;
  g_autoptr (MediaDevice) device = media_device_choice_pick (used->choice);

  return g_strcmp0 (device != NULL ? media_device_get_name (device) : NULL, used->name) == 0;
}

static void
assert_used (MediaDeviceChoice *choice, const char *name)
{
  g_autoptr (MediaDevice) device = NULL;

  if (media_test_wait (is_used, &(Used) { choice, name }, SECONDS))
    return;
  device = media_device_choice_pick (choice);
  g_error ("“%s” is used, not “%s”", device != NULL ? media_device_get_name (device) : "none",
           name != NULL ? name : "none");
}

/* One that goes away is replaced by the next, with a sentence, and comes back when it is plugged in
 * again; to another port too, because it is remembered by its name. */
static void
test_hot_plug (Fixture *self, gconstpointer data)
{
  g_autoptr (GstDevice) desk = media_plug_in ("Video/Source", "usb-1", "Desk camera");
  g_autoptr (GstDevice) lid = NULL, again = NULL;

  assert_used (cameras (self), "Desk camera");
  lid = media_plug_in ("Video/Source", "usb-2", "Lid camera");
  while (g_list_model_get_n_items (media_sources_get_cameras (self->sources)) < 2)
    g_main_context_iteration (NULL, TRUE);
  media_sources_choose_camera (self->sources, "usb-2");
  assert_used (cameras (self), "Lid camera");
  g_assert_cmpstr (media_device_choice_get_chosen_name (cameras (self)), ==, "Lid camera");
  g_clear_pointer (&self->notice, g_free);
  media_plug_out (lid);
  assert_used (cameras (self), "Desk camera");
  g_assert_cmpstr (self->notice, ==,
                   "The camera “Lid camera” is gone. “Desk camera” is used instead.");
  self->changes = 0;
  again = media_plug_in ("Video/Source", "usb-7", "Lid camera");
  assert_used (cameras (self), "Lid camera");
  g_assert_cmpstr (self->notice, ==, "The camera “Lid camera” is back and is used again.");
  g_assert_cmpuint (self->changes, ==, 1);
  media_plug_out (desk);
  media_plug_out (again);
  assert_used (cameras (self), NULL);
  g_assert_cmpstr (self->notice, ==, "The camera “Lid camera” is gone, and there is no other.");
}

/* What was chosen in an earlier life of the program is used when it is there, and not before. */
static void
test_remembered (Fixture *self, gconstpointer data)
{
  g_autoptr (GstDevice) other = media_plug_in ("Video/Source", "a", "Other camera");
  g_autoptr (GstDevice) mine = NULL;

  media_device_choice_remember (cameras (self), "My camera");
  assert_used (cameras (self), "Other camera");
  mine = media_plug_in ("Video/Source", "b", "My camera");
  assert_used (cameras (self), "My camera");
  media_sources_choose_camera (self->sources, NULL);
  g_assert_null (media_device_choice_get_chosen_name (cameras (self)));
  media_plug_out (mine);
  media_plug_out (other);
  assert_used (cameras (self), NULL);
}

/* ---- the speaker ---- */

static gboolean
is_played_on_desk (gpointer data)
{
  return media_plug_count ("desk") > 5;
}

static gboolean
is_played_on_ear (gpointer data)
{
  return media_plug_count ("ear") > 5;
}

/* What plays goes on, on the other speaker, and the pipeline sees no error. */
static void
test_speaker (Fixture *self, gconstpointer data)
{
  MediaDeviceChoice *speakers = media_sources_get_choice (self->sources, MEDIA_DEVICE_SPEAKER);
  g_autoptr (GstDevice) desk = media_plug_in ("Audio/Sink", "desk", "Desk speaker");
  g_autoptr (GstDevice) ear = media_plug_in ("Audio/Sink", "ear", "Headset");
  g_autoptr (GstElement) pipeline = g_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline));
  GstElement *source = gst_element_factory_make ("audiotestsrc", NULL), *speaker;

  media_device_choice_remember (speakers, "Desk speaker");
  assert_used (speakers, "Desk speaker");
  while (g_list_model_get_n_items (media_device_choice_get_list (speakers)) < 2)
    g_main_context_iteration (NULL, TRUE);
  speaker = media_speaker_new (self->sources);
  g_object_set (source, "is-live", TRUE, NULL);
  gst_bin_add_many (GST_BIN (pipeline), source, speaker, NULL);
  g_assert_true (gst_element_link (source, speaker));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_assert_true (media_test_wait (is_played_on_desk, NULL, SECONDS));
  g_assert_cmpuint (media_plug_count ("ear"), ==, 0);
  media_device_choice_choose (speakers, "ear");
  g_assert_true (media_test_wait (is_played_on_ear, NULL, SECONDS));
  media_plug_out (ear);
  {
    guint before = media_plug_count ("desk");

    assert_used (speakers, "Desk speaker");
    while (media_plug_count ("desk") < before + 5)
      g_main_context_iteration (NULL, FALSE);
  }
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  media_plug_out (desk);
  assert_used (speakers, NULL);
}

/* ---- the own voice ---- */

typedef struct
{
  MediaVoice *voice;
  double loudest;
} Heard;

static gboolean
is_heard (gpointer data)
{
  Heard *heard = data;
  double level = media_voice_take_level (heard->voice);

  heard->loudest = MAX (heard->loudest, level);
  return heard->loudest > 0.1;
}

/* A microphone with the filter, beside a speaker with its probe: sound comes through and is
 * measured, before the volume that mutes it. */
static void
test_voice (Fixture *self, gconstpointer data)
{
  g_autoptr (GstElement) pipeline = g_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline));
  GstElement *speaker = media_speaker_new (self->sources);
  GstElement *played = gst_element_factory_make ("audiotestsrc", NULL);
  GstElement *microphone = gst_parse_bin_from_description (
      "audiotestsrc is-live=true wave=ticks volume=0.9 samplesperbuffer=480", TRUE, NULL);
  GstElement *filter =
      media_voice_filter_new (microphone, media_speaker_get_probe (speaker), MEDIA_VOICE_ALL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  g_autoptr (MediaVoice) voice = media_voice_new (pad);
  Heard heard = { voice, 0 };

  g_assert_nonnull (media_speaker_get_probe (speaker));
  g_assert_true (filter != microphone);
  g_object_set (played, "is-live", TRUE, "volume", 0.0, NULL);
  gst_bin_add_many (GST_BIN (pipeline), played, speaker, filter, sink, NULL);
  g_assert_true (gst_element_link (played, speaker) && gst_element_link (filter, sink));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  if (!media_test_wait (is_heard, &heard, SECONDS))
    g_error ("the loudest was %g", heard.loudest);
  g_assert_null (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR));
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* (transfer full) (nullable): the filter in what was made of a microphone. */
static GstElement *
make_cleaned (MediaVoiceCleaning cleaning)
{
  g_autoptr (GstElement) made = g_object_ref_sink (
      media_voice_filter_new (gst_element_factory_make ("audiotestsrc", NULL), "probe", cleaning));
  g_autoptr (GstIterator) parts =
      GST_IS_BIN (made) ? gst_bin_iterate_all_by_element_factory_name (GST_BIN (made), "webrtcdsp")
                        : NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  return parts != NULL && gst_iterator_next (parts, &value) == GST_ITERATOR_OK
             ? g_value_dup_object (&value)
             : NULL;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Each of the three is done alone; none of them leaves the sound as it is. Another wish opens the
 * microphone anew, the same one does not. */
static void
test_cleaning (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "echo-cancel", "noise-suppression", "gain-control" };
  guint changes = 0;

  for (guint cleaning = 1; cleaning <= MEDIA_VOICE_ALL; cleaning++)
    {
      g_autoptr (GstElement) filter = make_cleaned (cleaning);

      g_assert_nonnull (filter);
      for (guint bit = 0; bit < G_N_ELEMENTS (names); bit++)
        {
          gboolean on;

          g_object_get (filter, names[bit], &on, NULL);
          g_assert_cmpint (on, ==, (cleaning & 1u << bit) != 0);
        }
    }
  g_assert_null (make_cleaned (0));
  g_assert_cmpuint (media_sources_get_cleaning (self->sources), ==, MEDIA_VOICE_ALL);
  g_signal_connect_swapped (self->sources, "microphone-changed", G_CALLBACK (count_cb), &changes);
  media_sources_set_cleaning (self->sources, MEDIA_VOICE_NOISE);
  media_sources_set_cleaning (self->sources, MEDIA_VOICE_NOISE);
  g_assert_cmpuint (changes, ==, 1);
}

static void
test_muted (Fixture *self, gconstpointer data)
{
  MediaVoiceWatch watch = { 0 };
  guint said = 0;

  for (guint i = 0; i < 50; i++)
    g_assert_false (media_voice_watch_take (&watch, 0.5, FALSE));
  for (guint i = 0; i < 50; i++) /* a knock now and then is no speech */
    g_assert_false (media_voice_watch_take (&watch, i % 4 == 0 ? 0.9 : 0.01, TRUE));
  for (guint i = 0; i < 6; i++)
    said += media_voice_watch_take (&watch, 0.3, TRUE);
  g_assert_cmpuint (said, ==, 1);
  for (guint i = 0; i < 15 * MEDIA_VOICE_LOOKS_A_SECOND; i++)
    said += media_voice_watch_take (&watch, 0.3, TRUE);
  g_assert_cmpuint (said, ==, 1); /* not in every second */
  for (guint i = 0; i < 15 * MEDIA_VOICE_LOOKS_A_SECOND; i++)
    said += media_voice_watch_take (&watch, 0.3, TRUE);
  g_assert_cmpuint (said, ==, 2);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("BEDSIDE_TEST_CLOCK");
  gst_init (&argc, &argv);
  media_plug_register ();
  ADD ("/media/device-choice/hot-plug", test_hot_plug);
  ADD ("/media/device-choice/remembered", test_remembered);
  ADD ("/media/device-choice/speaker", test_speaker);
  ADD ("/media/device-choice/voice", test_voice);
  ADD ("/media/device-choice/cleaning", test_cleaning);
  ADD ("/media/device-choice/muted", test_muted);
  return g_test_run ();
}
