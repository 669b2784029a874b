/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-outgoing.h"

#include <glib/gi18n.h>
#include <gst/video/video.h>

#include "media-feed.h"
#include "media-pacing.h"
#include "media-playout.h"
#include "media-slate.h"
#include "media-voice.h"

#define TWCC                                                                                       \
  "extmap-3=(string)\"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\""
#define PLAYOUT "extmap-" G_STRINGIFY (MEDIA_PLAYOUT_ID) "=(string)\"" MEDIA_PLAYOUT_URI "\""
/* With what stands around each packet, 20 kbit/s of sound pass through a path of 60. */
/* The encoder guesses the size of a key frame badly: on a poor path it may not be fine. */
#define FINE_QUANTIZER   4
#define COARSE_QUANTIZER 36
#define VOICE_BPS        32000
#define LOW_VOICE_BPS    20000
#define AUDIO_FORMAT     "audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved"

/* Shared with the streaming threads. */
typedef struct
{
  gint interval_ms; /* shortest time between two pictures; -1: none is sent */
  gint64 next;      /* streaming thread only */
} Throttle;

struct _MediaOutgoing
{
  GObject parent_instance;
  MediaSources *sources;
  MediaFeed *video, *audio;
  GstElement *slate, *size, *encoder, *playout, *volume, *voice_encoder;
  Throttle *throttle;
  MediaPacing *pacing;
  MediaVoice *voice; /* of the microphone, muted or not */
  char *echo_probe;
  char *problem;  /* why there is no camera, NULL when there is one */
  char *sentence; /* for the clinician */
  char *written;  /* for the patient, on the slate */
  char *deaf;     /* why there is no microphone, NULL when there is one */
  char *silence;  /* for the clinician */
  gboolean trusted, camera, microphone, opened;
  MediaRung rung;
};

static guint slate_signal;

G_DEFINE_FINAL_TYPE (MediaOutgoing, media_outgoing, G_TYPE_OBJECT)

/* ---- what is sent instead of the camera ---- */

/* What the patient reads must be so: nobody is heard by a microphone that is muted or missing. */
static const char *
get_words_without_camera (MediaOutgoing *self)
{
  if (self->deaf != NULL)
    return _ ("No camera and no microphone at the clinic. Please write a message.");
  if (!self->microphone)
    return _ ("No camera at the clinic, and the microphone is muted.");
  return _ ("No camera at the clinic. We can hear each other.");
}

static void
update_slate (MediaOutgoing *self)
{
  const char *patient = _ ("Please wait, we are connecting you."), *clinician = NULL;

  if (media_feed_is_sending_device (self->video))
    clinician = NULL;
  else if (!self->camera)
    {
      patient = _ ("The clinician’s camera is off.");
      clinician = _ ("Your camera is off. The patient sees a picture that says so.");
    }
  else if (self->problem != NULL)
    {
      patient = get_words_without_camera (self);
      clinician = self->problem;
    }
  else
    clinician = _ ("Your camera is being started.");
  if (!self->trusted)
    patient = _ ("Please wait, we are connecting you.");
  if (g_set_str (&self->written, patient))
    media_slate_set_text (self->slate, patient);
  if (g_set_str (&self->sentence, clinician))
    g_signal_emit (self, slate_signal, 0);
}

static void
set_problem (MediaOutgoing *self, const char *why)
{
  g_autofree char *problem =
      why != NULL ? g_strdup_printf (_ ("%s The patient sees a picture that says so."), why) : NULL;

  g_set_str (&self->problem, problem);
}

static void
open_camera (MediaOutgoing *self)
{
  g_autoptr (GError) error = NULL;
  GstElement *device = NULL;

  set_problem (self, NULL);
  if (self->camera && self->opened)
    device = media_sources_make_camera (self->sources, &error);
  media_feed_set_device (self->video, device);
  if (error != NULL)
    set_problem (self, error->message);
  update_slate (self);
}

static void
update_silence (MediaOutgoing *self)
{
  const char *clinician = NULL;

  if (self->deaf != NULL)
    clinician = self->deaf;
  else if (!self->microphone)
    clinician = _ ("Your microphone is muted. The patient cannot hear you.");
  update_slate (self);
  if (g_set_str (&self->silence, clinician))
    g_signal_emit (self, slate_signal, 0);
}

static void
set_deaf (MediaOutgoing *self, const char *why)
{
  g_autofree char *deaf =
      why != NULL ? g_strdup_printf (_ ("%s The patient cannot hear you."), why) : NULL;

  g_set_str (&self->deaf, deaf);
  update_silence (self);
}

static void
open_microphone (MediaOutgoing *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->opened)
    return;
  media_sources_set_echo_probe (self->sources, self->echo_probe);
  media_feed_set_device (self->audio, media_sources_make_microphone (self->sources, &error));
  set_deaf (self, error != NULL ? error->message : NULL);
}

static void
video_changed_cb (MediaFeed *feed, MediaOutgoing *self)
{
  update_slate (self);
  media_outgoing_force_key_frame (self);
}

static void
camera_lost (MediaOutgoing *self)
{
  media_feed_set_device (self->video, NULL);
  set_problem (self, _ ("The camera stopped working: another program may be using it."));
  update_slate (self);
}

static void
microphone_lost (MediaOutgoing *self)
{
  media_feed_set_device (self->audio, NULL);
  set_deaf (self, _ ("The microphone stopped working: another program may be using it."));
}

/* ---- the chain ---- */

static GstPadProbeReturn
throttle_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Throttle *throttle = data;
  int interval = g_atomic_int_get (&throttle->interval_ms);
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  gint64 now =
      GST_BUFFER_PTS_IS_VALID (buffer) ? (gint64) (GST_BUFFER_PTS (buffer) / GST_MSECOND) : 0;

  if (interval < 0)
    return GST_PAD_PROBE_DROP;
  /* A device's clock may step back when the slate gives way to it. */
  if (now < throttle->next && throttle->next - now <= interval)
    return GST_PAD_PROBE_DROP;
  throttle->next = now + interval - interval / 8;
  return GST_PAD_PROBE_OK;
}

static void
throttle_release (gpointer throttle)
{
  g_atomic_rc_box_release (throttle);
}

static void
probe (GstElement *element,
       const char *name,
       GstPadProbeType type,
       GstPadProbeCallback func,
       Throttle *throttle)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, name);

  gst_pad_add_probe (pad, type, func, g_atomic_rc_box_acquire (throttle), throttle_release);
}

/* Request the pad through its template, never by number: a number locks the m-line, and 1.26 aborts
 * when the other side's order differs. Ask for lost packets again on video only: for audio Chromium
 * refuses the whole offer. */
static void
link_to_webrtcbin (GstElement *chain, GstElement *webrtcbin, gboolean is_video)
{
  GstPadTemplate *template =
      gst_element_class_get_pad_template (GST_ELEMENT_GET_CLASS (webrtcbin), "sink_%u");
  g_autoptr (GstPad) pad = gst_element_request_pad (webrtcbin, template, NULL, NULL);
  g_autoptr (GstPad) output = gst_element_get_static_pad (chain, "src");
  g_autoptr (GObject) transceiver = NULL;

  gst_pad_link (output, pad);
  g_object_get (pad, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "do-nack", is_video, NULL);
}

static GstElement *
make_video_chain (void)
{
  return gst_parse_bin_from_description (
      "queue name=entry max-size-buffers=2 max-size-bytes=0 max-size-time=0 leaky=downstream ! "
      "videoscale add-borders=true ! videoconvert n-threads=1 ! capsfilter name=size ! "
      "vp8enc name=encoder deadline=1 cpu-used=8 threads=1 end-usage=cbr target-bitrate=220000 "
      "lag-in-frames=0 keyframe-max-dist=3000 error-resilient=partitions min-quantizer=36 "
      "max-quantizer=63 dropframe-threshold=30 undershoot=95 overshoot=15 buffer-size=600 "
      "buffer-initial-size=400 buffer-optimal-size=500 ! "
      "rtpvp8pay name=pay picture-id-mode=15-bit mtu=1200 pt=96 ! capsfilter name=exit "
      "caps=\"application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000,payload=96," TWCC
      "," PLAYOUT "\"",
      TRUE, NULL);
}

static GstElement *
make_audio_chain (void)
{
  return gst_parse_bin_from_description (
      "volume name=volume mute=true ! queue max-size-time=200000000 leaky=downstream ! "
      "opusenc name=voice audio-type=voice frame-size=20 bitrate=32000 inband-fec=true "
      "packet-loss-percentage=10 ! rtpopuspay pt=97 ! capsfilter name=exit "
      "caps=\"application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,payload=97," TWCC
      "\"",
      TRUE, NULL);
}

/* A picture that the camera does not have is not blown up to be sent. */
static gboolean
camera_gives_hd (MediaOutgoing *self)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (media_feed_get_output (self->video), "src");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  int height = 0;

  return caps != NULL &&
         gst_structure_get_int (gst_caps_get_structure (caps, 0), "height", &height) &&
         height >= 720;
}

static void
set_size (MediaOutgoing *self, MediaRung wanted)
{
  static const int sizes[][2] = {
    { 320, 180 }, { 320, 180 }, { 320, 180 }, { 640, 360 }, { 1280, 720 },
  };
  MediaRung rung = wanted == MEDIA_RUNG_HD && !camera_gives_hd (self) ? MEDIA_RUNG_SD : wanted;
  g_autoptr (GstCaps) caps =
      gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT,
                           sizes[rung][0], "height", G_TYPE_INT, sizes[rung][1],
                           "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);

  g_object_set (self->size, "caps", caps, NULL);
}

static void
add_self_view (MediaOutgoing *self, GstBin *pipeline, GstElement *tee, GstElement *sink)
{
  GstElement *entry = gst_parse_bin_from_description (
      "queue max-size-buffers=2 leaky=downstream ! videoconvert n-threads=1", TRUE, NULL);

  gst_bin_add_many (pipeline, entry, sink, NULL);
  gst_element_link_many (tee, entry, sink, NULL);
}

static void
build_video (MediaOutgoing *self, GstBin *pipeline, GstElement *webrtcbin, GstElement *self_view)
{
  GstElement *chain = make_video_chain (), *tee = gst_element_factory_make ("tee", NULL);
  g_autoptr (GstElement) exit = NULL, entry = NULL, pay = NULL;

  self->slate = media_slate_new (_ ("Please wait, we are connecting you."));
  self->video = media_feed_new (pipeline, self->slate,
                                "capsfilter caps=\"video/x-raw,width=[1,1280],height=[1,720],"
                                "framerate=[15/1,60/1];video/x-raw\" ! videoconvert n-threads=1 ! "
                                "video/x-raw,format=I420");
  self->size = gst_bin_get_by_name (GST_BIN (chain), "size");
  self->encoder = gst_bin_get_by_name (GST_BIN (chain), "encoder");
  entry = gst_bin_get_by_name (GST_BIN (chain), "entry");
  exit = gst_bin_get_by_name (GST_BIN (chain), "exit");
  pay = gst_bin_get_by_name (GST_BIN (chain), "pay");
  self->playout = gst_object_ref_sink (media_playout_new ());
  g_signal_emit_by_name (pay, "add-extension", self->playout);
  set_size (self, MEDIA_RUNG_SD);
  probe (entry, "src", GST_PAD_PROBE_TYPE_BUFFER, throttle_probe, self->throttle);
  media_pacing_attach (self->pacing, self->encoder, exit);
  gst_bin_add_many (pipeline, tee, chain, NULL);
  gst_element_link_many (media_feed_get_output (self->video), tee, chain, NULL);
  if (self_view != NULL)
    add_self_view (self, pipeline, tee, self_view);
  link_to_webrtcbin (chain, webrtcbin, TRUE);
}

static void
watch_voice (MediaOutgoing *self, GstElement *chain)
{
  g_autoptr (GstPad) entry = gst_element_get_static_pad (chain, "sink");

  self->voice = media_voice_new (entry);
}

static void
build_audio (MediaOutgoing *self, GstBin *pipeline, GstElement *webrtcbin)
{
  GstElement *chain = make_audio_chain ();
  GstElement *silence = gst_parse_bin_from_description (
      "audiotestsrc is-live=true wave=silence samplesperbuffer=960 ! " AUDIO_FORMAT, TRUE, NULL);

  self->audio = media_feed_new (pipeline, silence, "audioconvert ! audioresample ! " AUDIO_FORMAT);
  media_feed_set_admitted (self->audio, TRUE); /* the volume element decides what is heard */
  self->volume = gst_bin_get_by_name (GST_BIN (chain), "volume");
  self->voice_encoder = gst_bin_get_by_name (GST_BIN (chain), "voice");
  gst_bin_add (pipeline, chain);
  watch_voice (self, chain);
  gst_element_link (media_feed_get_output (self->audio), chain);
  link_to_webrtcbin (chain, webrtcbin, FALSE);
}

/* ---- the object ---- */

static void
media_outgoing_dispose (GObject *object)
{
  MediaOutgoing *self = MEDIA_OUTGOING (object);

  if (self->sources != NULL)
    g_signal_handlers_disconnect_by_data (self->sources, self);
  if (self->video != NULL)
    g_signal_handlers_disconnect_by_data (self->video, self);
  if (self->audio != NULL)
    g_signal_handlers_disconnect_by_data (self->audio, self);
  g_clear_object (&self->sources);
  g_clear_object (&self->video);
  g_clear_object (&self->audio);
  gst_clear_object (&self->slate);
  gst_clear_object (&self->size);
  gst_clear_object (&self->encoder);
  gst_clear_object (&self->playout);
  gst_clear_object (&self->volume);
  gst_clear_object (&self->voice_encoder);
  g_clear_pointer (&self->throttle, g_atomic_rc_box_release);
  g_clear_pointer (&self->pacing, media_pacing_unref);
  g_clear_pointer (&self->voice, media_voice_unref);
  g_clear_pointer (&self->echo_probe, g_free);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->sentence, g_free);
  g_clear_pointer (&self->written, g_free);
  g_clear_pointer (&self->deaf, g_free);
  g_clear_pointer (&self->silence, g_free);
  G_OBJECT_CLASS (media_outgoing_parent_class)->dispose (object);
}

static void
media_outgoing_class_init (MediaOutgoingClass *class)
{
  G_OBJECT_CLASS (class)->dispose = media_outgoing_dispose;
  slate_signal = g_signal_new ("slate", MEDIA_TYPE_OUTGOING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
media_outgoing_init (MediaOutgoing *self)
{
  self->throttle = g_atomic_rc_box_new0 (Throttle);
  self->pacing = media_pacing_new ();
  self->camera = self->microphone = TRUE;
  self->rung = MEDIA_RUNG_SD;
}

/**
 * media_outgoing_new:
 * @self_view: (transfer floating) (nullable): shows what the patient is sent
 *
 * Builds the sending half into @pipeline and links it; no device is opened yet.
 */
MediaOutgoing *
media_outgoing_new (GstBin *pipeline,
                    GstElement *webrtcbin,
                    MediaSources *sources,
                    GstElement *self_view)
{
  MediaOutgoing *self = g_object_new (MEDIA_TYPE_OUTGOING, NULL);

  self->sources = g_object_ref (sources);
  build_video (self, pipeline, webrtcbin, self_view);
  build_audio (self, pipeline, webrtcbin);
  g_object_ref (self->slate);
  g_signal_connect (self->video, "changed", G_CALLBACK (video_changed_cb), self);
  g_signal_connect_swapped (self->video, "lost", G_CALLBACK (camera_lost), self);
  g_signal_connect_swapped (self->audio, "lost", G_CALLBACK (microphone_lost), self);
  g_signal_connect_swapped (sources, "camera-changed", G_CALLBACK (open_camera), self);
  g_signal_connect_swapped (sources, "microphone-changed", G_CALLBACK (open_microphone), self);
  return self;
}

/**
 * media_outgoing_set_echo_probe:
 * @name: (nullable): of the probe that hears the speaker of this call
 */
void
media_outgoing_set_echo_probe (MediaOutgoing *self, const char *name)
{
  g_set_str (&self->echo_probe, name);
}

/**
 * media_outgoing_take_voice_level:
 *
 * Returns: how loud the microphone was at most since the last question, 0 to 1, muted or not
 */
double
media_outgoing_take_voice_level (MediaOutgoing *self)
{
  return media_voice_take_level (self->voice);
}

/**
 * media_outgoing_open_devices:
 *
 * Opens camera and microphone so that they are warm; nothing of them is sent before the trust
 * check.
 */
void
media_outgoing_open_devices (MediaOutgoing *self)
{
  self->opened = TRUE;
  open_camera (self);
  open_microphone (self);
}

static void
update_admitted (MediaOutgoing *self)
{
  media_feed_set_admitted (self->video, self->trusted && self->camera);
  g_object_set (self->volume, "mute", !self->trusted || !self->microphone, NULL);
}

/**
 * media_outgoing_trust:
 *
 * The other side is proven: camera and microphone may be sent.
 */
void
media_outgoing_trust (MediaOutgoing *self)
{
  self->trusted = TRUE;
  update_admitted (self);
  update_slate (self);
}

/**
 * media_outgoing_set_camera:
 * @on: when FALSE the device is closed, so that its light goes out
 */
void
media_outgoing_set_camera (MediaOutgoing *self, gboolean on)
{
  if (self->camera == on)
    return;
  self->camera = on;
  if (on)
    media_sources_try_again (self->sources);
  update_admitted (self);
  open_camera (self);
}

/**
 * media_outgoing_set_microphone:
 * @on: when FALSE true silence is sent
 */
void
media_outgoing_set_microphone (MediaOutgoing *self, gboolean on)
{
  self->microphone = on;
  update_admitted (self);
  update_silence (self);
}

void
media_outgoing_set_rate (MediaOutgoing *self, guint bps, MediaRung rung)
{
  static const int intervals_ms[] = { -1, -1, 66, 0, 0 };

  g_object_set (self->encoder, "target-bitrate", bps, "min-quantizer",
                bps < 500000 ? COARSE_QUANTIZER : FINE_QUANTIZER, NULL);
  media_pacing_set_rate (self->pacing, bps);
  g_object_set (self->voice_encoder, "bitrate",
                rung <= MEDIA_RUNG_AUDIO ? LOW_VOICE_BPS : VOICE_BPS, NULL);
  g_atomic_int_set (&self->throttle->interval_ms, intervals_ms[rung]);
  if (rung == self->rung && rung != MEDIA_RUNG_HD)
    return;
  self->rung = rung;
  set_size (self, rung);
}

/**
 * media_outgoing_set_loss:
 * @percent: of what is sent; -1 unknown
 *
 * The voice is coded so that a lost packet can be made from the next one; the more is lost, the
 * more room that gets. Pictures are then shown evenly rather than at once.
 */
void
media_outgoing_set_loss (MediaOutgoing *self, double percent)
{
  g_object_set (self->voice_encoder, "packet-loss-percentage", (int) CLAMP (percent + 5, 10, 30),
                NULL);
  media_playout_set_loss (self->playout, percent);
}

void
media_outgoing_force_key_frame (MediaOutgoing *self)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->encoder, "src");

  gst_pad_send_event (pad,
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}

/**
 * media_outgoing_take_error:
 *
 * Returns: whether the error came from camera or microphone; the slate or silence has taken over
 */
gboolean
media_outgoing_take_error (MediaOutgoing *self, GstMessage *message)
{
  if (media_feed_owns (self->video, GST_MESSAGE_SRC (message)))
    {
      camera_lost (self);
      return TRUE;
    }
  if (media_feed_owns (self->audio, GST_MESSAGE_SRC (message)))
    {
      microphone_lost (self);
      return TRUE;
    }
  return FALSE;
}

/**
 * media_outgoing_get_slate:
 *
 * Returns: (nullable): what is sent instead of the camera and why, NULL when the camera is
 */
const char *
media_outgoing_get_slate (MediaOutgoing *self)
{
  return self->sentence;
}

/**
 * media_outgoing_get_silence:
 *
 * Returns: (nullable): why the patient hears nothing, NULL when the microphone is sent
 */
const char *
media_outgoing_get_silence (MediaOutgoing *self)
{
  return self->silence;
}

guint64
media_outgoing_get_bytes (MediaOutgoing *self)
{
  return media_pacing_get_bytes (self->pacing);
}
