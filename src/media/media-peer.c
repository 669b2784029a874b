/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-peer.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "media-description.h"
#include "media-feedback.h"
#include "media-ice.h"
#include "media-incoming.h"
#include "media-link.h"
#include "media-meter.h"
#include "media-offer.h"
#include "media-outgoing.h"
#include "media-pulse.h"
#include "media-speaker.h"
#include "media-trust.h"

#define MAX_CANDIDATES 200

struct _MediaPeer
{
  GObject parent_instance;
  GstElement *pipeline, *webrtcbin;
  GstElement *screens[2]; /* what shows the patient and oneself: belong to the main thread */
  MediaOutgoing *outgoing;
  MediaIncoming *incoming;
  MediaFeedback *feedback;
  MediaLink *link;
  MediaMeter *meter;
  MediaRate rate;
  MediaPulse *pulse;
  MediaChannel *channel;
  char *offer, *fingerprint;
  guint bus_watch, ticks, candidates, jitter_ms;
  gboolean trusted, closed, loopback;
  gboolean wants_relay, has_relay;
};

enum
{
  OFFER,
  CANDIDATE,
  CHECKING,
  TRUSTED,
  REFUSED,
  FAILED,
  FIRST_FRAME,
  CLOCK,
  SLATE,
  NO_RELAY,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaPeer, media_peer, G_TYPE_OBJECT)

/* ---- trust ---- */

static char *
get_remote_certificate (MediaPeer *self)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;
  g_autoptr (GstWebRTCRTPReceiver) receiver = NULL;
  g_autoptr (GstWebRTCDTLSTransport) transport = NULL;
  char *pem = NULL;

  g_signal_emit_by_name (self->webrtcbin, "get-transceiver", 0, &transceiver);
  if (transceiver != NULL)
    g_object_get (transceiver, "receiver", &receiver, NULL);
  if (receiver != NULL)
    g_object_get (receiver, "transport", &transport, NULL);
  if (transport != NULL)
    g_object_get (transport, "remote-certificate", &pem, NULL);
  return pem;
}

static void
check_trust (MediaPeer *self)
{
  g_autofree char *pem = get_remote_certificate (self);
  g_autoptr (GError) error = NULL;

  g_signal_emit (self, signals[CHECKING], 0);
  if (!media_trust_check (self->fingerprint, pem, &error))
    {
      media_peer_close (self);
      g_signal_emit (self, signals[REFUSED], 0, error->message);
      return;
    }
  self->trusted = TRUE;
  media_incoming_open (self->incoming);
  media_outgoing_trust (self->outgoing);
  g_signal_emit (self, signals[TRUSTED], 0);
  if (self->channel != NULL)
    media_channel_trust (self->channel);
}

/* ---- from webrtcbin, whose signals come on its own threads: post and return ---- */

static void
connection_state (gpointer object, gpointer data)
{
  MediaPeer *self = object;
  GstWebRTCPeerConnectionState state;

  if (self->closed)
    return;
  g_object_get (self->webrtcbin, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED && !self->trusted)
    check_trust (self);
  else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED)
    g_signal_emit (self, signals[FAILED], 0, "the path to the patient failed");
}

static void
connection_state_cb (GstElement *webrtcbin, GParamSpec *pspec, MediaLink *link)
{
  media_link_post (link, connection_state, NULL, NULL);
}

static void
candidate (gpointer object, gpointer data)
{
  MediaPeer *self = object;
  guint mline;
  const char *line;

  g_variant_get (data, "(u&s)", &mline, &line);
  self->has_relay = self->has_relay || strstr (line, " typ relay") != NULL;
  if (!self->closed)
    g_signal_emit (self, signals[CANDIDATE], 0, mline, line);
}

static void
candidate_cb (GstElement *webrtcbin, guint mline, const char *line, MediaLink *link)
{
  media_link_post (link, candidate, g_variant_ref_sink (g_variant_new ("(us)", mline, line)),
                   (GDestroyNotify) g_variant_unref);
}

/* All that could be asked has answered, or did not. */
static void
gathered (gpointer object, gpointer data)
{
  MediaPeer *self = object;

  if (!self->closed && self->wants_relay && !self->has_relay)
    g_signal_emit (self, signals[NO_RELAY], 0);
}

static void
gathering_state_cb (GstElement *webrtcbin, GParamSpec *pspec, MediaLink *link)
{
  GstWebRTCICEGatheringState state;

  g_object_get (webrtcbin, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    media_link_post (link, gathered, NULL, NULL);
}

static void
offer_made (gpointer object, gpointer data)
{
  MediaPeer *self = object;

  if (self->closed || self->offer != NULL)
    return;
  self->offer = g_strdup (data);
  g_signal_emit (self, signals[OFFER], 0, self->offer);
}

/* ---- heartbeat ---- */

static void
take_beat (gpointer object, gpointer data)
{
  MediaPeer *self = object;
  const MediaPulseBeat *beat = data;

  if (self->trusted && !self->closed &&
      media_meter_take_beat (self->meter, beat->text, beat->time_us))
    media_incoming_note_activity (self->incoming);
}

static void
send_beat (MediaPeer *self)
{
  g_autofree char *text = media_meter_dup_beat (self->meter);

  if (self->pulse != NULL)
    media_pulse_send (self->pulse, text);
}

/* ---- the bus ---- */

static gboolean
is_from (GstMessage *message, const char *factory_name)
{
  GstElementFactory *factory =
      GST_IS_ELEMENT (GST_MESSAGE_SRC (message))
          ? gst_element_get_factory (GST_ELEMENT (GST_MESSAGE_SRC (message)))
          : NULL;

  return factory != NULL && g_str_equal (GST_OBJECT_NAME (factory), factory_name);
}

static gboolean
bus_cb (GstBus *bus, GstMessage *message, gpointer data)
{
  MediaPeer *self = data;
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (self->pipeline));
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR || self->closed)
    return G_SOURCE_CONTINUE;
  /* A device that was taken out may still have something to say. The data channel complains when
   * the other page closes: the watch on silence covers that. */
  if (!gst_object_has_as_ancestor (GST_MESSAGE_SRC (message), GST_OBJECT (self->pipeline)) ||
      is_from (message, "sctpenc") || is_from (message, "sctpdec") ||
      media_outgoing_take_error (self->outgoing, message))
    return G_SOURCE_CONTINUE;
  gst_message_parse_error (message, &error, NULL);
  g_signal_emit (self, signals[FAILED], 0, error->message);
  return G_SOURCE_CONTINUE;
}

/* ---- building ---- */

static void
connect_linked (MediaPeer *self, gpointer object, const char *signal, GCallback func)
{
  g_signal_connect_data (object, signal, func, media_link_ref (self->link),
                         media_link_unref_closure, 0);
}

static void
forward_first_frame (MediaPeer *self)
{
  g_signal_emit (self, signals[FIRST_FRAME], 0);
}

static void
forward_clock (MediaPeer *self, gint64 ms)
{
  g_signal_emit (self, signals[CLOCK], 0, ms);
}

static void
forward_slate (MediaPeer *self)
{
  g_signal_emit (self, signals[SLATE], 0);
}

static void
build (MediaPeer *self, const MediaPeerOptions *options)
{
  g_autofree char *echo_probe = g_strdup (media_speaker_get_probe (options->speaker));
  g_autoptr (GstBus) bus = NULL;

  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  self->webrtcbin = gst_object_ref_sink (gst_element_factory_make ("webrtcbin", "peer"));
  g_object_set (self->webrtcbin, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency",
                self->jitter_ms, NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->webrtcbin);
  media_feedback_attach (self->feedback, self->webrtcbin);
  self->wants_relay = options->turn != NULL && options->turn[0] != NULL;
  media_ice_set_up (G_OBJECT (self->webrtcbin), options->stun, options->turn, options->relay_only);
  self->screens[0] = gst_object_ref_sink (options->remote_sink);
  if (options->self_view != NULL)
    self->screens[1] = gst_object_ref_sink (options->self_view);
  self->incoming = media_incoming_new (options->remote_sink, options->speaker);
  media_incoming_connect (self->incoming, self->webrtcbin);
  self->outgoing = media_outgoing_new (GST_BIN (self->pipeline), self->webrtcbin, options->sources,
                                       options->self_view);
  media_outgoing_set_echo_probe (self->outgoing, echo_probe);
  g_signal_connect_swapped (self->incoming, "first-frame", G_CALLBACK (forward_first_frame), self);
  g_signal_connect_swapped (self->incoming, "clock", G_CALLBACK (forward_clock), self);
  g_signal_connect_swapped (self->outgoing, "slate", G_CALLBACK (forward_slate), self);
  self->meter = media_meter_new (self->feedback, self->incoming, self->outgoing);
  media_meter_set_said (self->meter, options->said);
  media_meter_set_highest (self->meter, options->highest);
  media_outgoing_set_camera (self->outgoing, options->camera);
  media_outgoing_set_microphone (self->outgoing, options->microphone);
  connect_linked (self, self->webrtcbin, "notify::connection-state",
                  G_CALLBACK (connection_state_cb));
  connect_linked (self, self->webrtcbin, "on-ice-candidate", G_CALLBACK (candidate_cb));
  connect_linked (self, self->webrtcbin, "notify::ice-gathering-state",
                  G_CALLBACK (gathering_state_cb));
  media_offer_watch (self->webrtcbin, self->link, offer_made);
  bus = gst_pipeline_get_bus (GST_PIPELINE (self->pipeline));
  self->bus_watch = gst_bus_add_watch (bus, bus_cb, self);
}

static void
media_peer_dispose (GObject *object)
{
  MediaPeer *self = MEDIA_PEER (object);

  media_peer_close (self);
  g_clear_pointer (&self->link, media_link_unref);
  G_OBJECT_CLASS (media_peer_parent_class)->dispose (object);
}

static void
media_peer_finalize (GObject *object)
{
  MediaPeer *self = MEDIA_PEER (object);

  media_feedback_unref (self->feedback);
  g_free (self->offer);
  g_free (self->fingerprint);
  G_OBJECT_CLASS (media_peer_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, GType first, GType second)
{
  guint count = (first != G_TYPE_NONE) + (second != G_TYPE_NONE);

  return g_signal_new (name, MEDIA_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       count, first, second);
}

static void
media_peer_class_init (MediaPeerClass *class)
{
  G_OBJECT_CLASS (class)->dispose = media_peer_dispose;
  G_OBJECT_CLASS (class)->finalize = media_peer_finalize;
  signals[OFFER] = new_signal ("offer", G_TYPE_STRING, G_TYPE_NONE);
  signals[CANDIDATE] = new_signal ("candidate", G_TYPE_UINT, G_TYPE_STRING);
  signals[CHECKING] = new_signal ("checking", G_TYPE_NONE, G_TYPE_NONE);
  signals[TRUSTED] = new_signal ("trusted", G_TYPE_NONE, G_TYPE_NONE);
  signals[REFUSED] = new_signal ("refused", G_TYPE_STRING, G_TYPE_NONE);
  signals[FAILED] = new_signal ("failed", G_TYPE_STRING, G_TYPE_NONE);
  signals[FIRST_FRAME] = new_signal ("first-frame", G_TYPE_NONE, G_TYPE_NONE);
  signals[CLOCK] = new_signal ("clock", G_TYPE_INT64, G_TYPE_NONE);
  signals[SLATE] = new_signal ("slate", G_TYPE_NONE, G_TYPE_NONE);
  signals[NO_RELAY] = new_signal ("no-relay", G_TYPE_NONE, G_TYPE_NONE);
}

static void
media_peer_init (MediaPeer *self)
{
  self->link = media_link_new (self);
  self->feedback = media_feedback_new ();
  self->jitter_ms = media_rate_jitter_ms (0, -1);
}

MediaPeer *
media_peer_new (const MediaPeerOptions *options)
{
  MediaPeer *self = g_object_new (MEDIA_TYPE_PEER, NULL);

  media_rate_init (&self->rate, options->highest);
  self->loopback = options->loopback;
  g_set_object (&self->channel, options->channel);
  build (self, options);
  return self;
}

/**
 * media_peer_start:
 *
 * Starts to send; "offer" follows. The data channel is made first, so that the offer holds it.
 */
void
media_peer_start (MediaPeer *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_READY);
  media_ice_set_up_agent (G_OBJECT (self->webrtcbin), self->loopback);
  self->pulse = media_pulse_new (self->webrtcbin, self->link, take_beat);
  if (self->channel != NULL)
    media_channel_attach (self->channel, self->webrtcbin);
  gst_pipeline_set_latency (GST_PIPELINE (self->pipeline), (self->jitter_ms + 20) * GST_MSECOND);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  media_outgoing_open_devices (self->outgoing);
}

/**
 * media_peer_set_answer:
 * @sdp: from signalling, from anybody
 *
 * Returns: whether it was taken; MEDIA_TRUST_ERROR when its fingerprint makes a check impossible
 */
gboolean
media_peer_set_answer (MediaPeer *self, const char *sdp, GError **error)
{
  g_autoptr (GstWebRTCSessionDescription) answer = NULL;
  g_autoptr (GstPromise) promise = NULL;
  g_autofree char *fingerprint = NULL;
  GstSDPMessage *message = NULL;

  if (self->closed || self->offer == NULL || self->fingerprint != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "No answer is expected now");
      return FALSE;
    }
  fingerprint = media_trust_fingerprint_of_sdp (sdp, error);
  if (fingerprint == NULL || !media_description_check_answer (self->offer, sdp, error))
    return FALSE;
  self->fingerprint = g_steal_pointer (&fingerprint);
  media_feedback_set_audio_ssrcs (self->feedback, media_description_get_ssrcs (sdp, "audio"));
  gst_sdp_message_new_from_text (sdp, &message);
  answer = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER, message);
  promise = gst_promise_new ();
  g_signal_emit_by_name (self->webrtcbin, "set-remote-description", answer, promise);
  gst_promise_interrupt (promise);
  return TRUE;
}

/**
 * media_peer_add_candidate:
 * @line: from signalling, from anybody; one that is not a candidate is passed over
 */
void
media_peer_add_candidate (MediaPeer *self, guint mline, const char *line)
{
  if (self->closed || mline > 2 || !media_ice_candidate_is_sane (line) ||
      self->candidates++ >= MAX_CANDIDATES)
    return;
  g_signal_emit_by_name (self->webrtcbin, "add-ice-candidate", mline, line);
}

static void
give_relays_back (MediaPeer *self)
{
  g_autoptr (GObject) ice = NULL;

  g_object_get (self->webrtcbin, "ice-agent", &ice, NULL);
  if (self->wants_relay && ice != NULL)
    media_ice_give_back (ice);
}

/* A sink of GTK aborts the program when another thread lets go of it last, and webrtcbin's own
 * thread may hold the pipeline for longer than this object does. */
static void
drop_screens (MediaPeer *self)
{
  media_incoming_drop_sinks (self->incoming);
  for (gsize i = 0; i < G_N_ELEMENTS (self->screens); i++)
    {
      g_autoptr (GstElement) screen = g_steal_pointer (&self->screens[i]);
      g_autoptr (GstObject) bin =
          screen != NULL ? gst_object_get_parent (GST_OBJECT (screen)) : NULL;

      if (bin != NULL)
        gst_bin_remove (GST_BIN (bin), screen);
    }
}

/**
 * media_peer_close:
 *
 * Stops all threads and lets devices and sinks go; takes up to 50 ms. No signal comes afterwards.
 */
void
media_peer_close (MediaPeer *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  media_link_cut (self->link);
  g_signal_handlers_disconnect_by_data (self->incoming, self);
  g_signal_handlers_disconnect_by_data (self->outgoing, self);
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  give_relays_back (self);
  if (self->channel != NULL)
    media_channel_detach (self->channel);
  g_clear_object (&self->channel);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  drop_screens (self);
  g_clear_pointer (&self->pulse, media_pulse_free);
  g_clear_pointer (&self->meter, media_meter_free);
  g_clear_object (&self->outgoing);
  gst_clear_object (&self->webrtcbin);
  gst_clear_object (&self->pipeline);
  g_clear_object (&self->incoming);
}

void
media_peer_set_camera (MediaPeer *self, gboolean on)
{
  if (!self->closed)
    media_outgoing_set_camera (self->outgoing, on);
}

void
media_peer_set_microphone (MediaPeer *self, gboolean on)
{
  if (!self->closed)
    media_outgoing_set_microphone (self->outgoing, on);
}

static void
apply_rate (MediaPeer *self)
{
  MediaRung rung = self->rate.ladder.rung;

  media_outgoing_set_rate (self->outgoing, MIN (self->rate.bps, media_rung_ceiling_bps (rung)),
                           rung);
  media_rtx_budget_set_rate (media_feedback_get_budget (self->feedback), self->rate.bps);
}

void
media_peer_set_highest (MediaPeer *self, MediaRung highest)
{
  media_rate_set_highest (&self->rate, highest);
  if (self->closed)
    return;
  media_meter_set_highest (self->meter, highest);
  apply_rate (self);
}

static void
adapt (MediaPeer *self, const MediaRateSample *sample, const MediaQuality *quality)
{
  guint jitter_ms = media_rate_jitter_ms (MAX (sample->loss_percent, quality->in.loss_percent),
                                          quality->round_trip_ms);

  if (media_meter_is_starving (self->meter, quality))
    media_rate_starve (&self->rate, sample->now_us);
  else if (media_rate_step (&self->rate, sample))
    media_feedback_forget_loss (self->feedback);
  apply_rate (self);
  media_outgoing_set_loss (self->outgoing, quality->out.loss_percent);
  if (media_rtx_budget_steal_refusals (media_feedback_get_budget (self->feedback)) > 5)
    media_outgoing_force_key_frame (self->outgoing);
  if (jitter_ms > self->jitter_ms) /* never back: shrinking it is heard */
    {
      self->jitter_ms = jitter_ms;
      g_object_set (self->webrtcbin, "latency", jitter_ms, NULL);
      gst_pipeline_set_latency (GST_PIPELINE (self->pipeline), (jitter_ms + 20) * GST_MSECOND);
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
    }
}

/**
 * media_peer_tick:
 * @quality: (out): of the time since the last tick
 *
 * To be called twice a second: adapts to the path and sends the heartbeat.
 */
void
media_peer_tick (MediaPeer *self, MediaQuality *quality)
{
  MediaRateSample sample;

  media_feedback_take_sample (self->feedback, &sample);
  media_meter_measure (self->meter, &sample, &self->rate, quality);
  if (self->trusted)
    adapt (self, &sample, quality);
  send_beat (self);
  /* Not while it negotiates: webrtcbin 1.26 then reads names of streams that are being replaced. */
  if (self->trusted && self->ticks++ % 2 == 0)
    media_feedback_ask (self->feedback, self->webrtcbin);
}

gboolean
media_peer_is_trusted (MediaPeer *self)
{
  return self->trusted && !self->closed;
}

gint64
media_peer_get_silent_us (MediaPeer *self)
{
  return self->closed ? 0 : media_incoming_get_silent_us (self->incoming);
}

guint64
media_peer_get_frames (MediaPeer *self)
{
  return self->closed ? 0 : media_incoming_get_frames (self->incoming);
}

const char *
media_peer_get_silence (MediaPeer *self)
{
  return self->closed ? NULL : media_outgoing_get_silence (self->outgoing);
}

double
media_peer_take_voice_level (MediaPeer *self)
{
  return self->closed ? 0 : media_outgoing_take_voice_level (self->outgoing);
}

const char *
media_peer_get_slate (MediaPeer *self)
{
  return self->closed ? NULL : media_outgoing_get_slate (self->outgoing);
}
