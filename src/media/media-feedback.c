/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-feedback.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#define FADE          0.8 /* each half second */
#define LEAST_PACKETS 40

/* Packets of the last seconds, fading. */
typedef struct
{
  double sent, lost;
} Loss;

/* A jitter buffer of what arrives, and what it had counted when it was last read. */
typedef struct
{
  GstElement *element;
  guint64 pushed, lost, repaired;
} Buffer;

struct _MediaFeedback
{
  GMutex lock;
  guint reports, growths, rates;
  double growth_ms, received;
  Loss loss, shown_loss; /* to steer by, forgotten once acted upon; to show */
  int round_trip_ms;
  GArray *audio_ssrcs; /* guint32 */
  GArray *buffers;     /* Buffer */
  Loss arriving;       /* main thread only */
  MediaRtxBudget *budget;
};

static void
buffer_clear (gpointer data)
{
  gst_object_unref (((Buffer *) data)->element);
}

static void
clear (gpointer data)
{
  MediaFeedback *self = data;

  g_clear_pointer (&self->audio_ssrcs, g_array_unref);
  g_array_unref (self->buffers);
  media_rtx_budget_unref (self->budget);
  g_mutex_clear (&self->lock);
}

MediaFeedback *
media_feedback_new (void)
{
  MediaFeedback *self = g_atomic_rc_box_new0 (MediaFeedback);

  g_mutex_init (&self->lock);
  self->round_trip_ms = -1;
  self->buffers = g_array_new (FALSE, FALSE, sizeof (Buffer));
  g_array_set_clear_func (self->buffers, buffer_clear);
  self->budget = media_rtx_budget_new ();
  return self;
}

MediaFeedback *
media_feedback_ref (MediaFeedback *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
media_feedback_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, clear);
}

static void
unref_closure (gpointer data, GClosure *closure)
{
  media_feedback_unref (data);
}

static void
connect_shared (MediaFeedback *self, gpointer object, const char *signal, GCallback func)
{
  g_signal_connect_data (object, signal, func, media_feedback_ref (self), unref_closure, 0);
}

static void
add_loss (Loss *loss, guint sent, guint received)
{
  loss->sent += sent;
  loss->lost += sent - MIN (sent, received);
}

/* A handful of packets says nothing of a percentage, so loss is looked at over some seconds. */
static double
take_loss (Loss *loss)
{
  double percent = loss->sent >= LEAST_PACKETS ? 100 * loss->lost / loss->sent : -1;

  loss->sent *= FADE;
  loss->lost *= FADE;
  return percent;
}

/* Each notification covers the packets of one feedback message, so all of them count. Delay and
 * rate are not known at first. */
static void
twcc_cb (GObject *session, GParamSpec *pspec, MediaFeedback *self)
{
  g_autoptr (GstStructure) stats = NULL;
  gint64 growth = GST_CLOCK_STIME_NONE;
  guint rate = 0, sent = 0, received = 0;

  g_object_get (session, "twcc-stats", &stats, NULL);
  if (stats == NULL)
    return;
  gst_structure_get (stats, "avg-delta-of-delta", G_TYPE_INT64, &growth, NULL);
  gst_structure_get (stats, "bitrate-recv", G_TYPE_UINT, &rate, NULL);
  gst_structure_get (stats, "packets-sent", G_TYPE_UINT, &sent, NULL);
  gst_structure_get (stats, "packets-recv", G_TYPE_UINT, &received, NULL);
  g_mutex_lock (&self->lock);
  self->reports++;
  add_loss (&self->loss, sent, received);
  add_loss (&self->shown_loss, sent, received);
  if (GST_CLOCK_STIME_IS_VALID (growth))
    {
      self->growths++;
      self->growth_ms += growth / 1e6;
    }
  if (rate > 0)
    {
      self->rates++;
      self->received += rate;
    }
  g_mutex_unlock (&self->lock);
}

/* clocksync holds packets back by the latency that a source declares; a live source has spent it.
 */
static void
element_added_cb (GstBin *bin, GstBin *sub_bin, GstElement *element, MediaFeedback *self)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : "";

  if (g_str_equal (name, "clocksync"))
    g_object_set (element, "sync", FALSE, NULL);
  else if (g_str_equal (name, "rtprtxsend"))
    media_rtx_budget_attach (self->budget, element);
  else if (g_str_equal (name, "rtpsession"))
    connect_shared (self, element, "notify::twcc-stats", G_CALLBACK (twcc_cb));
}

/* In a bundle, webrtcbin applies the last stream's choice to every jitter buffer, so that lost
 * video would never be asked for again. Runs after its own handler. */
static void
jitter_buffer_cb (
    GstElement *rtpbin, GstElement *buffer, guint session, guint ssrc, MediaFeedback *self)
{
  Buffer kept = { gst_object_ref (buffer) };
  gboolean is_audio = FALSE;

  g_mutex_lock (&self->lock);
  g_array_append_val (self->buffers, kept);
  for (guint i = 0; self->audio_ssrcs != NULL && i < self->audio_ssrcs->len; i++)
    is_audio |= g_array_index (self->audio_ssrcs, guint32, i) == ssrc;
  g_mutex_unlock (&self->lock);
  g_object_set (buffer, "do-retransmission", !is_audio, NULL);
}

/**
 * media_feedback_attach:
 * @webrtcbin: new, before it has streams
 */
void
media_feedback_attach (MediaFeedback *self, GstElement *webrtcbin)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (webrtcbin), "rtpbin");

  connect_shared (self, webrtcbin, "deep-element-added", G_CALLBACK (element_added_cb));
  connect_shared (self, rtpbin, "new-jitterbuffer", G_CALLBACK (jitter_buffer_cb));
}

/**
 * media_feedback_set_audio_ssrcs:
 * @ssrcs: (transfer full): array of guint32
 */
void
media_feedback_set_audio_ssrcs (MediaFeedback *self, GArray *ssrcs)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->audio_ssrcs, g_array_unref);
  self->audio_ssrcs = ssrcs;
  g_mutex_unlock (&self->lock);
}

static gboolean
read_entry (const GstIdStr *field, const GValue *value, gpointer data)
{
  MediaFeedback *self = data;
  const GstStructure *entry;
  GstWebRTCStatsType type;
  double seconds;

  if (!GST_VALUE_HOLDS_STRUCTURE (value))
    return TRUE;
  entry = gst_value_get_structure (value);
  if (gst_structure_get (entry, "type", GST_TYPE_WEBRTC_STATS_TYPE, &type, NULL) &&
      type == GST_WEBRTC_STATS_REMOTE_INBOUND_RTP &&
      gst_structure_get_double (entry, "round-trip-time", &seconds) && seconds > 0)
    {
      g_mutex_lock (&self->lock);
      self->round_trip_ms = (int) (seconds * 1000);
      g_mutex_unlock (&self->lock);
    }
  return TRUE;
}

static void
stats_cb (GstPromise *promise, gpointer data)
{
  const GstStructure *reply = gst_promise_get_reply (promise);

  if (reply != NULL)
    gst_structure_foreach_id_str (reply, read_entry, data);
}

/**
 * media_feedback_ask:
 *
 * Asks for the receiver reports that came in; the answer is noted when it is there.
 */
void
media_feedback_ask (MediaFeedback *self, GstElement *webrtcbin)
{
  g_autoptr (GstPromise) promise =
      gst_promise_new_with_change_func (stats_cb, media_feedback_ref (self), media_feedback_unref);

  g_signal_emit_by_name (webrtcbin, "get-stats", NULL, promise);
}

/**
 * media_feedback_take_sample:
 * @sample: (out): what came since the last time
 */
void
media_feedback_take_sample (MediaFeedback *self, MediaRateSample *sample)
{
  g_mutex_lock (&self->lock);
  *sample = (MediaRateSample) { .reports = self->reports, .now_us = g_get_monotonic_time () };
  if (self->growths > 0)
    sample->delay_growth_ms = self->growth_ms / self->growths;
  if (self->rates > 0)
    sample->received_bps = (guint) (self->received / self->rates);
  sample->loss_percent = MAX (take_loss (&self->loss), 0);
  self->reports = self->growths = self->rates = 0;
  self->growth_ms = self->received = 0;
  g_mutex_unlock (&self->lock);
}

/**
 * media_feedback_forget_loss:
 *
 * What was lost so far has been answered with a lower rate: only new losses count against that.
 */
void
media_feedback_forget_loss (MediaFeedback *self)
{
  g_mutex_lock (&self->lock);
  self->loss = (Loss) { 0 };
  g_mutex_unlock (&self->lock);
}

/**
 * media_feedback_take_loss_percent:
 *
 * To be asked twice a second.
 *
 * Returns: loss over the last seconds, for showing; -1 unknown
 */
double
media_feedback_take_loss_percent (MediaFeedback *self)
{
  double percent;

  g_mutex_lock (&self->lock);
  percent = take_loss (&self->shown_loss);
  g_mutex_unlock (&self->lock);
  return percent;
}

/* What is sent again and comes in time was lost on the way all the same. */
static void
read_buffer (MediaFeedback *self, Buffer *buffer, int *jitter_ms)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 pushed = 0, lost = 0, repaired = 0, jitter = 0;
  gint64 gone;

  g_object_get (buffer->element, "stats", &stats, NULL);
  gst_structure_get (stats, "num-pushed", G_TYPE_UINT64, &pushed, "num-lost", G_TYPE_UINT64, &lost,
                     "rtx-success-count", G_TYPE_UINT64, &repaired, "avg-jitter", G_TYPE_UINT64,
                     &jitter, NULL);
  gone = (gint64) (lost - buffer->lost) + (gint64) (repaired - buffer->repaired);
  if (pushed >= buffer->pushed && gone >= 0)
    {
      self->arriving.sent += (double) (pushed - buffer->pushed + lost - buffer->lost);
      self->arriving.lost += (double) gone;
    }
  buffer->pushed = pushed;
  buffer->lost = lost;
  buffer->repaired = repaired;
  if (pushed > 0)
    *jitter_ms = MAX (*jitter_ms, (int) (jitter / GST_MSECOND));
}

/**
 * media_feedback_read_buffers:
 * @loss_percent: (out): of what arrives, over the last seconds; -1 unknown
 * @jitter_ms: (out): how unevenly it comes; -1 unknown
 *
 * Asks each jitter buffer itself: in a bundle webrtcbin gives all of them the same figures. To be
 * asked twice a second, on the main thread.
 */
void
media_feedback_read_buffers (MediaFeedback *self, double *loss_percent, int *jitter_ms)
{
  *jitter_ms = -1;
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->buffers->len; i++)
    read_buffer (self, &g_array_index (self->buffers, Buffer, i), jitter_ms);
  g_mutex_unlock (&self->lock);
  *loss_percent = take_loss (&self->arriving);
}

/**
 * media_feedback_get_round_trip_ms:
 *
 * Returns: -1 while no receiver report came, which takes seconds
 */
int
media_feedback_get_round_trip_ms (MediaFeedback *self)
{
  int round_trip_ms;

  g_mutex_lock (&self->lock);
  round_trip_ms = self->round_trip_ms;
  g_mutex_unlock (&self->lock);
  return round_trip_ms;
}

/**
 * media_feedback_get_budget:
 *
 * Returns: (transfer none):
 */
MediaRtxBudget *
media_feedback_get_budget (MediaFeedback *self)
{
  return self->budget;
}
