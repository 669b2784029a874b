/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-incoming.h"

#include <gst/video/video.h>
#include <string.h>

#include "media-clock.h"
#include "media-link.h"

/* Touched by streaming threads; each field is atomic. */
typedef struct
{
  gint open;
  gsize frames, bytes, video_bytes, dropped;
  gint64 last_us; /* under lock */
  GMutex lock;
  MediaLink *link;
} Gate;

struct _MediaIncoming
{
  GObject parent_instance;
  GstElement *video_sink, *audio_sink; /* until their stream arrives; under gate->lock */
  GstPad *video_pad;                   /* under gate->lock */
  Gate *gate;
};

enum
{
  FIRST_FRAME,
  CLOCK,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaIncoming, media_incoming, G_TYPE_OBJECT)

static void
gate_clear (gpointer data)
{
  Gate *gate = data;

  media_link_unref (gate->link);
  g_mutex_clear (&gate->lock);
}

static void
gate_unref (gpointer gate)
{
  g_atomic_rc_box_release_full (gate, gate_clear);
}

static void
touch (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->last_us = g_get_monotonic_time ();
  g_mutex_unlock (&gate->lock);
}

/* ---- probes: streaming threads ---- */

static gsize
bytes_of (GstPadProbeInfo *info)
{
  return GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST
             ? gst_buffer_list_calculate_size (GST_PAD_PROBE_INFO_BUFFER_LIST (info))
             : gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info));
}

static GstPadProbeReturn
gate_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Gate *gate = data;

  if (!g_atomic_int_get (&gate->open))
    {
      g_atomic_pointer_add (&gate->dropped, 1);
      return GST_PAD_PROBE_DROP;
    }
  g_atomic_pointer_add (&gate->bytes, bytes_of (info));
  touch (gate);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
video_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_atomic_pointer_add (&((Gate *) data)->video_bytes, bytes_of (info));
  return GST_PAD_PROBE_OK;
}

static void
emit_first_frame (gpointer object, gpointer data)
{
  g_signal_emit (object, signals[FIRST_FRAME], 0);
}

static void
emit_clock (gpointer object, gpointer data)
{
  g_signal_emit (object, signals[CLOCK], 0, *(gint64 *) data);
}

static GstPadProbeReturn
frame_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Gate *gate = data;

  if (g_atomic_pointer_add (&gate->frames, 1) == 0)
    media_link_post (gate->link, emit_first_frame, NULL, NULL);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
clock_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Gate *gate = data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoInfo video;
  GstVideoFrame frame;
  guint32 ms;

  if (caps == NULL || !gst_video_info_from_caps (&video, caps) ||
      !gst_video_frame_map (&frame, &video, GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  if (media_clock_read (&frame, &ms))
    {
      gint64 wide = ms;

      media_link_post (gate->link, emit_clock, g_memdup2 (&wide, sizeof wide), g_free);
    }
  gst_video_frame_unmap (&frame);
  return GST_PAD_PROBE_OK;
}

/* ---- building what decodes: streaming thread ---- */

static void
add_probe (GstPad *pad, GstPadProbeType type, GstPadProbeCallback func, Gate *gate)
{
  gst_pad_add_probe (pad, type, func, g_atomic_rc_box_acquire (gate), gate_unref);
}

static void
link_chain (GstBin *pipeline, GstPad *pad, GstElement *chain, GstElement *sink)
{
  g_autoptr (GstPad) input = gst_element_get_static_pad (chain, "sink");

  gst_bin_add_many (pipeline, chain, sink, NULL);
  gst_element_link (chain, sink);
  gst_element_sync_state_with_parent (sink);
  gst_element_sync_state_with_parent (chain);
  gst_pad_link (pad, input);
}

static void
build_video (MediaIncoming *self, GstBin *pipeline, GstPad *pad, GstElement *sink)
{
  GstElement *chain = gst_parse_bin_from_description (
      "rtpvp8depay request-keyframe=true wait-for-keyframe=false ! vp8dec ! "
      "identity name=decoded silent=true ! queue max-size-buffers=3 max-size-bytes=0 "
      "max-size-time=0 ! videoconvert n-threads=1",
      TRUE, NULL);
  g_autoptr (GstElement) decoded = gst_bin_get_by_name (GST_BIN (chain), "decoded");
  g_autoptr (GstPad) raw = gst_element_get_static_pad (decoded, "sink");
  g_autoptr (GstPad) shown = gst_element_get_static_pad (sink, "sink");

  if (g_strcmp0 (g_getenv ("BEDSIDE_TEST_CLOCK"), "1") == 0)
    add_probe (raw, GST_PAD_PROBE_TYPE_BUFFER, clock_probe, self->gate);
  add_probe (shown, GST_PAD_PROBE_TYPE_BUFFER, frame_probe, self->gate);
  add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, video_probe,
             self->gate); /* behind the gate's own */
  link_chain (pipeline, pad, chain, sink);
}

static void
build_audio (GstBin *pipeline, GstPad *pad, GstElement *sink)
{
  GstElement *chain = gst_parse_bin_from_description (
      "rtpopusdepay ! opusdec plc=true use-inband-fec=true ! audioconvert ! audioresample ! "
      "queue max-size-time=400000000 leaky=downstream",
      TRUE, NULL);

  link_chain (pipeline, pad, chain, sink);
}

static GstElement *
take_sink (MediaIncoming *self, GstPad *pad, const char *encoding)
{
  GstElement *sink = NULL;

  g_mutex_lock (&self->gate->lock);
  if (g_strcmp0 (encoding, "VP8") == 0 && self->video_sink != NULL)
    {
      sink = g_steal_pointer (&self->video_sink);
      self->video_pad = g_object_ref (pad);
    }
  else if (g_strcmp0 (encoding, "OPUS") == 0)
    sink = g_steal_pointer (&self->audio_sink);
  g_mutex_unlock (&self->gate->lock);
  return sink;
}

static void
pad_added_cb (GstElement *webrtcbin, GstPad *pad, MediaIncoming *self)
{
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (webrtcbin));
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstElement) sink = NULL;
  const char *encoding;

  if (pipeline == NULL || GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;
  add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, gate_probe,
             self->gate);
  caps = gst_pad_get_current_caps (pad);
  if (caps == NULL)
    caps = gst_pad_query_caps (pad, NULL);
  encoding = gst_caps_get_size (caps) > 0
                 ? gst_structure_get_string (gst_caps_get_structure (caps, 0), "encoding-name")
                 : NULL;
  sink = take_sink (self, pad, encoding);
  if (sink != NULL && g_strcmp0 (encoding, "VP8") == 0)
    build_video (self, GST_BIN (pipeline), pad, sink);
  else if (sink != NULL)
    build_audio (GST_BIN (pipeline), pad, sink);
  else
    {
      GstElement *nowhere = gst_element_factory_make ("fakesink", NULL);
      GstElement *entry = gst_element_factory_make ("identity", NULL);

      g_object_set (nowhere, "async", FALSE, NULL);
      link_chain (GST_BIN (pipeline), pad, entry, nowhere);
    }
}

/* ---- the object ---- */

static void
media_incoming_dispose (GObject *object)
{
  MediaIncoming *self = MEDIA_INCOMING (object);

  media_link_cut (self->gate->link);
  gst_clear_object (&self->video_sink);
  gst_clear_object (&self->audio_sink);
  gst_clear_object (&self->video_pad);
  G_OBJECT_CLASS (media_incoming_parent_class)->dispose (object);
}

static void
media_incoming_finalize (GObject *object)
{
  gate_unref (MEDIA_INCOMING (object)->gate);
  G_OBJECT_CLASS (media_incoming_parent_class)->finalize (object);
}

static void
media_incoming_class_init (MediaIncomingClass *class)
{
  G_OBJECT_CLASS (class)->dispose = media_incoming_dispose;
  G_OBJECT_CLASS (class)->finalize = media_incoming_finalize;
  signals[FIRST_FRAME] = g_signal_new ("first-frame", MEDIA_TYPE_INCOMING, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CLOCK] = g_signal_new ("clock", MEDIA_TYPE_INCOMING, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
media_incoming_init (MediaIncoming *self)
{
  self->gate = g_atomic_rc_box_new0 (Gate);
  g_mutex_init (&self->gate->lock);
  self->gate->link = media_link_new (self);
  self->gate->last_us = g_get_monotonic_time ();
}

/**
 * media_incoming_new:
 * @video_sink: (transfer floating): made on the main thread
 * @audio_sink: (transfer floating): likewise
 */
MediaIncoming *
media_incoming_new (GstElement *video_sink, GstElement *audio_sink)
{
  MediaIncoming *self = g_object_new (MEDIA_TYPE_INCOMING, NULL);

  self->video_sink = g_object_ref_sink (video_sink);
  self->audio_sink = g_object_ref_sink (audio_sink);
  return self;
}

static void
unref_closure (gpointer data, GClosure *closure)
{
  g_object_unref (data);
}

/**
 * media_incoming_connect:
 * @webrtcbin: in its pipeline; its streams are taken as they come
 */
void
media_incoming_connect (MediaIncoming *self, GstElement *webrtcbin)
{
  g_signal_connect_data (webrtcbin, "pad-added", G_CALLBACK (pad_added_cb), g_object_ref (self),
                         unref_closure, 0);
}

/**
 * media_incoming_open:
 *
 * The other side is proven: show and play. Asks for a key frame, because what came before was
 * dropped.
 */
void
media_incoming_open (MediaIncoming *self)
{
  g_autoptr (GstPad) pad = NULL;

  g_atomic_int_set (&self->gate->open, 1);
  g_mutex_lock (&self->gate->lock);
  g_set_object (&pad, self->video_pad);
  g_mutex_unlock (&self->gate->lock);
  touch (self->gate);
  if (pad != NULL)
    gst_pad_send_event (pad,
                        gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}

/**
 * media_incoming_drop_sinks:
 *
 * On the main thread, when nothing arrives any more: those whose stream never came are let go here,
 * and not on whichever thread lets go of this object last.
 */
void
media_incoming_drop_sinks (MediaIncoming *self)
{
  g_autoptr (GstElement) video = NULL, audio = NULL;

  g_mutex_lock (&self->gate->lock);
  video = g_steal_pointer (&self->video_sink);
  audio = g_steal_pointer (&self->audio_sink);
  g_mutex_unlock (&self->gate->lock);
}

gboolean
media_incoming_is_open (MediaIncoming *self)
{
  return g_atomic_int_get (&self->gate->open);
}

/**
 * media_incoming_note_activity:
 *
 * A heartbeat came over the data channel: the patient is there even if nothing is filmed.
 */
void
media_incoming_note_activity (MediaIncoming *self)
{
  touch (self->gate);
}

gint64
media_incoming_get_silent_us (MediaIncoming *self)
{
  gint64 last;

  g_mutex_lock (&self->gate->lock);
  last = self->gate->last_us;
  g_mutex_unlock (&self->gate->lock);
  return g_get_monotonic_time () - last;
}

guint64
media_incoming_get_frames (MediaIncoming *self)
{
  return (gsize) g_atomic_pointer_get (&self->gate->frames);
}

guint64
media_incoming_get_bytes (MediaIncoming *self)
{
  return (gsize) g_atomic_pointer_get (&self->gate->bytes);
}

guint64
media_incoming_get_video_bytes (MediaIncoming *self)
{
  return (gsize) g_atomic_pointer_get (&self->gate->video_bytes);
}

/**
 * media_incoming_get_dropped:
 *
 * Returns: packets that the gate threw away
 */
guint64
media_incoming_get_dropped (MediaIncoming *self)
{
  return (gsize) g_atomic_pointer_get (&self->gate->dropped);
}
