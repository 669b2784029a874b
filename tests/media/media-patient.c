/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-patient.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#include "media-clock.h"

/* ---- waiting ---- */

static gboolean
expire (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until the condition holds, at most so many seconds. */
gboolean
media_test_wait (MediaTestCondition condition, gpointer data, guint seconds)
{
  gboolean expired = FALSE;
  guint timer = g_timeout_add_seconds (seconds, expire, &expired),
        ticker = g_timeout_add (20, wake, NULL);
  gboolean held;

  while (!(held = condition (data)) && !expired)
    g_main_context_iteration (NULL, TRUE);
  if (!expired)
    g_source_remove (timer);
  g_source_remove (ticker);
  return held;
}

/* ---- the clinic's devices ---- */

struct _MediaTestSources
{
  MediaSources parent_instance;
  gboolean has_devices, breaking, noisy;
};

G_DEFINE_FINAL_TYPE (MediaTestSources, media_test_sources, MEDIA_TYPE_SOURCES)

static GstElement *
media_test_sources_make_camera (MediaSources *sources, GError **error)
{
  MediaTestSources *self = MEDIA_TEST_SOURCES (sources);

  if (self->breaking)
    return gst_parse_bin_from_description (
        "videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=30/1 ! "
        "identity error-after=10",
        TRUE, NULL);
  if (self->noisy) /* takes as much as the encoder may give */
    return gst_parse_bin_from_description (
        "videotestsrc is-live=true pattern=zone-plate kx2=8 ky2=8 kt=2 ! "
        "video/x-raw,width=640,height=360,framerate=30/1",
        TRUE, NULL);
  if (self->has_devices)
    return media_clock_source_new (640, 360, 30);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No camera here.");
  return NULL;
}

static GstElement *
media_test_sources_make_microphone (MediaSources *sources, GError **error)
{
  if (MEDIA_TEST_SOURCES (sources)->has_devices)
    return gst_parse_bin_from_description (
        "audiotestsrc is-live=true samplesperbuffer=960 freq=440 volume=0.5", TRUE, NULL);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No microphone here.");
  return NULL;
}

/* This machine may have no sound: what would be played is thrown away in its own time. */
static GstElement *
media_test_sources_make_speaker (MediaSources *sources, GError **error)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  g_object_set (sink, "sync", TRUE, NULL);
  return sink;
}

static void
media_test_sources_class_init (MediaTestSourcesClass *class)
{
  MEDIA_SOURCES_CLASS (class)->make_camera = media_test_sources_make_camera;
  MEDIA_SOURCES_CLASS (class)->make_microphone = media_test_sources_make_microphone;
  MEDIA_SOURCES_CLASS (class)->make_speaker = media_test_sources_make_speaker;
}

static void
media_test_sources_init (MediaTestSources *self)
{
}

MediaTestSources *
media_test_sources_new (gboolean has_devices)
{
  MediaTestSources *self = g_object_new (MEDIA_TYPE_TEST_SOURCES, NULL);

  self->has_devices = has_devices;
  return self;
}

void
media_test_sources_set_breaking (MediaTestSources *self)
{
  self->breaking = TRUE;
}

void
media_test_sources_set_noisy (MediaTestSources *self)
{
  self->noisy = TRUE;
}

/* ---- what the patient receives ---- */

static void
note_contrast (MediaPatient *self, GstVideoFrame *frame)
{
  const guint8 *line = GST_VIDEO_FRAME_COMP_DATA (frame, 0);
  int low = 255, high = 0;

  for (int y = 0; y < GST_VIDEO_FRAME_HEIGHT (frame);
       y++, line += GST_VIDEO_FRAME_COMP_STRIDE (frame, 0))
    for (int x = 0; x < GST_VIDEO_FRAME_WIDTH (frame); x++)
      {
        low = MIN (low, line[x]);
        high = MAX (high, line[x]);
      }
  g_atomic_int_set (&self->contrast, high - low);
}

static GstPadProbeReturn
picture_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  MediaPatient *self = data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoInfo video;
  GstVideoFrame frame;
  guint32 ms;

  if (caps == NULL || !gst_video_info_from_caps (&video, caps) ||
      !gst_video_frame_map (&frame, &video, GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  if (media_clock_read (&frame, &ms))
    g_atomic_int_inc (&self->clocked);
  else
    {
      note_contrast (self, &frame);
      g_atomic_int_inc (&self->plain);
    }
  gst_video_frame_unmap (&frame);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
sound_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  MediaPatient *self = data;
  GstMapInfo map;

  if (!gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  for (gsize i = 0; i + 1 < map.size; i += 2)
    {
      int sample = ABS (*(const gint16 *) (map.data + i));

      if (sample > g_atomic_int_get (&self->peak))
        g_atomic_int_set (&self->peak, sample);
    }
  gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  g_atomic_int_inc (&self->sound_buffers);
  return GST_PAD_PROBE_OK;
}

static void
pad_added_cb (GstElement *webrtcbin, GstPad *pad, MediaPatient *self)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (webrtcbin));
  gboolean is_video =
      g_strcmp0 (gst_structure_get_string (gst_caps_get_structure (caps, 0), "media"), "video") ==
      0;
  GstElement *chain = gst_parse_bin_from_description (
      is_video ? "rtpvp8depay request-keyframe=true wait-for-keyframe=false ! vp8dec ! fakesink "
                 "name=end async=false"
               : "rtpopusdepay ! opusdec ! audioconvert ! audio/x-raw,format=S16LE ! "
                 "fakesink name=end async=false",
      TRUE, NULL);
  g_autoptr (GstElement) end = gst_bin_get_by_name (GST_BIN (chain), "end");
  g_autoptr (GstPad) shown = gst_element_get_static_pad (end, "sink");
  g_autoptr (GstPad) input = NULL;

  gst_pad_add_probe (shown, GST_PAD_PROBE_TYPE_BUFFER, is_video ? picture_probe : sound_probe, self,
                     NULL);
  gst_bin_add (GST_BIN (pipeline), chain);
  gst_element_sync_state_with_parent (chain);
  input = gst_element_get_static_pad (chain, "sink");
  gst_pad_link (pad, input);
}

/* ---- signalling, in this process ---- */

typedef struct
{
  MediaPatient *self;
  guint epoch, mline;
  gboolean is_answer;
  char *text;
} Letter;

static gboolean
hand_over (gpointer data)
{
  Letter *letter = data;
  MediaPatient *self = letter->self;

  if (letter->epoch == self->epoch && self->pipeline != NULL)
    {
      if (letter->is_answer)
        {
          if (self->alter != NULL)
            letter->text = self->alter (letter->text);
          g_free (self->answer);
          self->answer = g_strdup (letter->text);
          if (!self->mute_signalling)
            media_call_set_answer (self->call, letter->epoch, letter->text, NULL);
        }
      else
        media_call_add_candidate (self->call, letter->epoch, letter->mline, letter->text);
    }
  return G_SOURCE_REMOVE;
}

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  g_free (letter->text);
  g_free (letter);
}

static void
post (MediaPatient *self, gboolean is_answer, guint mline, char *text)
{
  Letter *letter = g_new (Letter, 1);

  *letter = (Letter) { self, self->epoch, mline, is_answer, text };
  g_idle_add_full (G_PRIORITY_DEFAULT, hand_over, letter, letter_free);
}

static void
candidate_cb (GstElement *webrtcbin, guint mline, const char *line, MediaPatient *self)
{
  char *told = self->route != NULL ? self->route (self->route_data, FALSE, line) : g_strdup (line);

  if (told != NULL)
    post (self, FALSE, mline, told);
}

static void
answer_created_cb (GstPromise *promise, gpointer data)
{
  MediaPatient *self = data;
  g_autoptr (GstWebRTCSessionDescription) answer = NULL;
  const GstStructure *reply = gst_promise_get_reply (promise);

  if (reply == NULL ||
      !gst_structure_get (reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &answer, NULL))
    return;
  g_signal_emit_by_name (self->webrtcbin, "set-local-description", answer, NULL);
  post (self, TRUE, 0, gst_sdp_message_as_text (answer->sdp));
}

/* The page answers each beat with its number and what it measures. */
static void
beat_cb (GObject *channel, const char *text, MediaPatient *self)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 3);
  g_autofree char *answer = NULL;

  if (g_strv_length (words) < 2)
    return;
  g_atomic_int_inc (&self->beats);
  answer =
      g_strdup_printf ("beat %s silent=0%s", words[1], self->figures != NULL ? self->figures : "");
  gst_webrtc_data_channel_send_string_full (GST_WEBRTC_DATA_CHANNEL (channel), answer, NULL);
  for (int i = g_atomic_int_get (&self->flood); i > 0; i--)
    {
      g_autofree char *giant = g_strnfill (10000, 'x');

      gst_webrtc_data_channel_send_string_full (GST_WEBRTC_DATA_CHANNEL (channel), answer, NULL);
      gst_webrtc_data_channel_send_string_full (GST_WEBRTC_DATA_CHANNEL (channel), giant, NULL);
    }
}

static void
data_channel_cb (GstElement *webrtcbin, GObject *channel, MediaPatient *self)
{
  g_autofree char *label = NULL;

  g_object_get (channel, "label", &label, NULL);
  if (g_strcmp0 (label, "heartbeat") != 0)
    return;
  g_signal_connect (channel, "on-message-string", G_CALLBACK (beat_cb), self);
}

static void
add_sender (MediaPatient *self, const char *description)
{
  GstElement *chain = gst_parse_bin_from_description (description, TRUE, NULL);

  gst_bin_add (GST_BIN (self->pipeline), chain);
  gst_element_link (chain, self->webrtcbin);
}

/* As browsers do: ask for what was lost, and wait for it. */
static void
jitter_buffer_cb (GstElement *rtpbin, GstElement *buffer, guint session, guint ssrc, gpointer data)
{
  g_object_set (buffer, "do-retransmission", TRUE, NULL);
}

static void
set_up_repair (MediaPatient *self, GstElement *encode)
{
  g_autoptr (GstPad) output = gst_element_get_static_pad (encode, "src");
  g_autoptr (GstPad) input = gst_pad_get_peer (output);
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (self->webrtcbin), "rtpbin");
  g_autoptr (GObject) transceiver = NULL;

  g_object_get (input, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "do-nack", TRUE, NULL);
  g_signal_connect (rtpbin, "new-jitterbuffer", G_CALLBACK (jitter_buffer_cb), NULL);
}

static void
build (MediaPatient *self)
{
  GstElement *camera = media_clock_source_new (640, 360, 30);
  GstElement *encode = gst_parse_bin_from_description (
      "queue max-size-buffers=2 leaky=downstream ! vp8enc deadline=1 cpu-used=8 threads=1 "
      "target-bitrate=600000 keyframe-max-dist=3000 ! rtpvp8pay pt=96 picture-id-mode=15-bit ! "
      "application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000,payload=96",
      TRUE, NULL);

  self->pipeline = gst_object_ref_sink (gst_pipeline_new ("patient"));
  self->webrtcbin = gst_object_ref_sink (gst_element_factory_make ("webrtcbin", NULL));
  g_object_set (self->webrtcbin, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency",
                250, NULL);
  gst_bin_add_many (GST_BIN (self->pipeline), self->webrtcbin, camera, encode, NULL);
  gst_element_link_many (camera, encode, self->webrtcbin, NULL);
  set_up_repair (self, encode);
  add_sender (self, "audiotestsrc is-live=true samplesperbuffer=960 freq=880 volume=0.5 ! "
                    "audio/x-raw,rate=48000,channels=1 ! queue ! opusenc ! rtpopuspay pt=97 ! "
                    "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,payload=97");
  g_signal_connect (self->webrtcbin, "on-ice-candidate", G_CALLBACK (candidate_cb), self);
  g_signal_connect (self->webrtcbin, "on-data-channel", G_CALLBACK (data_channel_cb), self);
  g_signal_connect (self->webrtcbin, "pad-added", G_CALLBACK (pad_added_cb), self);
}

static void
offer_cb (MediaCall *call, guint epoch, const char *sdp, MediaPatient *self)
{
  g_autoptr (GstWebRTCSessionDescription) offer = NULL;
  g_autoptr (GstPromise) promise = NULL;
  g_autoptr (GObject) ice = NULL, agent = NULL;
  GstSDPMessage *message = NULL;
  gboolean added;

  media_patient_drop (self);
  self->epoch = epoch;
  self->offers++;
  build (self);
  gst_element_set_state (self->pipeline, GST_STATE_READY);
  g_object_get (self->webrtcbin, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, NULL);
  g_signal_emit_by_name (ice, "add-local-ip-address", "127.0.0.1", &added);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  g_assert_cmpint (gst_sdp_message_new_from_text (sdp, &message), ==, GST_SDP_OK);
  offer = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER, message);
  g_signal_emit_by_name (self->webrtcbin, "set-remote-description", offer, NULL);
  promise = gst_promise_new_with_change_func (answer_created_cb, self, NULL);
  g_signal_emit_by_name (self->webrtcbin, "create-answer", NULL, promise);
}

static void
clinic_candidate_cb (
    MediaCall *call, guint epoch, guint mline, const char *line, MediaPatient *self)
{
  g_autofree char *told =
      self->route != NULL ? self->route (self->route_data, TRUE, line) : g_strdup (line);

  if (self->webrtcbin != NULL && epoch == self->epoch && told != NULL)
    g_signal_emit_by_name (self->webrtcbin, "add-ice-candidate", mline, told);
}

MediaPatient *
media_patient_new (MediaCall *call)
{
  MediaPatient *self = g_new0 (MediaPatient, 1);

  self->call = call;
  g_signal_connect (call, "offer", G_CALLBACK (offer_cb), self);
  g_signal_connect (call, "candidate", G_CALLBACK (clinic_candidate_cb), self);
  return self;
}

/* The patient's page is gone, without a word. */
void
media_patient_drop (MediaPatient *self)
{
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->webrtcbin);
  gst_clear_object (&self->pipeline);
}

void
media_patient_listen (MediaPatient *self)
{
  g_atomic_int_set (&self->sound_buffers, 0);
  g_atomic_int_set (&self->peak, 0);
}

void
media_patient_free (MediaPatient *self)
{
  media_patient_drop (self);
  g_signal_handlers_disconnect_by_data (self->call, self);
  while (g_main_context_iteration (NULL, FALSE)) /* letters under way point here */
    ;
  g_free (self->answer);
  g_free (self);
}
