/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-pacing.h"

#include <gst/video/video.h>

/* A key frame of 15 kB, sent at once, fills the queue of a path of 300 kbit/s by itself; what is
 * lost of it asks for the next one, and then nothing else passes any more. */

#define BURST_BYTES  8000 /* of one picture, at once: most are smaller */
#define PACE         3    /* times the rate, beyond that */
#define KEY_PART     4    /* key frames take at most this part of the rate */
#define LEAST_KEY_US (300 * 1000)
#define MOST_KEY_US  (3 * G_USEC_PER_SEC)
#define MOST_WAIT_US (200 * 1000) /* of one picture in all */

struct _MediaPacing
{
  gint bps; /* atomic, as the next two */
  gsize bytes;
  gint wanted;       /* a key frame was asked for too early */
  GstClockTime time; /* streaming thread: of the picture that leaves */
  gsize picture_bytes;
  gint64 picture_us;
  gboolean is_key;
  GMutex lock; /* of the next two */
  gint64 key_us;
  gsize key_bytes;
};

static void
clear (gpointer data)
{
  g_mutex_clear (&((MediaPacing *) data)->lock);
}

MediaPacing *
media_pacing_new (void)
{
  MediaPacing *self = g_atomic_rc_box_new0 (MediaPacing);

  g_mutex_init (&self->lock);
  self->time = GST_CLOCK_TIME_NONE;
  return self;
}

void
media_pacing_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/**
 * media_pacing_wait_us:
 * @before: bytes of the same picture that left already
 * @bps: the rate; 0 unknown
 *
 * Returns: how long after the picture's first packet the next may leave
 */
gint64
media_pacing_wait_us (gsize before, guint bps)
{
  if (before <= BURST_BYTES || bps == 0)
    return 0;
  return MIN ((gint64) (before - BURST_BYTES) * 8 * G_USEC_PER_SEC / (PACE * (gint64) bps),
              MOST_WAIT_US);
}

/**
 * media_pacing_key_wait_us:
 * @key_bytes: of the last key frame; 0 there was none
 *
 * Returns: how long after it the next may be made
 */
gint64
media_pacing_key_wait_us (gsize key_bytes, guint bps)
{
  if (key_bytes == 0 || bps == 0)
    return 0;
  return CLAMP ((gint64) key_bytes * 8 * KEY_PART * G_USEC_PER_SEC / bps, LEAST_KEY_US,
                MOST_KEY_US);
}

static void
note_key (MediaPacing *self, gsize bytes, gboolean first, gint64 now_us)
{
  g_mutex_lock (&self->lock);
  self->key_bytes = first ? bytes : self->key_bytes + bytes;
  self->key_us = now_us;
  g_mutex_unlock (&self->lock);
}

/* Each packet, in the encoder's thread: while one waits no other picture is encoded, and the
 * queue before the encoder drops what it cannot keep. */
static GstPadProbeReturn
packet_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  MediaPacing *self = data;
  gboolean is_list = (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0;
  GstBuffer *buffer = is_list ? gst_buffer_list_get (GST_PAD_PROBE_INFO_BUFFER_LIST (info), 0)
                              : GST_PAD_PROBE_INFO_BUFFER (info);
  gsize bytes = is_list ? gst_buffer_list_calculate_size (GST_PAD_PROBE_INFO_BUFFER_LIST (info))
                        : gst_buffer_get_size (buffer);
  gboolean first = GST_BUFFER_PTS (buffer) != self->time;
  gint64 now_us = g_get_monotonic_time (), due_us;

  if (first)
    {
      self->time = GST_BUFFER_PTS (buffer);
      self->picture_bytes = 0;
      self->picture_us = now_us;
      self->is_key = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    }
  due_us = self->picture_us +
           media_pacing_wait_us (self->picture_bytes, (guint) g_atomic_int_get (&self->bps));
  if (due_us > now_us)
    g_usleep ((gulong) (due_us - now_us));
  self->picture_bytes += bytes;
  if (self->is_key) /* only its first packet says so */
    note_key (self, bytes, first, now_us);
  g_atomic_pointer_add (&self->bytes, bytes);
  return GST_PAD_PROBE_OK;
}

static gboolean
is_too_early (MediaPacing *self)
{
  gboolean early;

  g_mutex_lock (&self->lock);
  early = self->key_bytes > 0 &&
          g_get_monotonic_time () - self->key_us <
              media_pacing_key_wait_us (self->key_bytes, (guint) g_atomic_int_get (&self->bps));
  g_mutex_unlock (&self->lock);
  return early;
}

static GstPadProbeReturn
key_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  MediaPacing *self = data;

  if (!gst_video_event_is_force_key_unit (GST_PAD_PROBE_INFO_EVENT (info)))
    return GST_PAD_PROBE_OK;
  g_atomic_int_set (&self->wanted, is_too_early (self));
  return g_atomic_int_get (&self->wanted) ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

/* What was asked for too early is made as soon as it may be. */
static GstPadProbeReturn
picture_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  MediaPacing *self = data;
  g_autoptr (GstElement) encoder = NULL;
  g_autoptr (GstPad) exit = NULL;

  if (!g_atomic_int_get (&self->wanted) || is_too_early (self))
    return GST_PAD_PROBE_OK;
  encoder = gst_pad_get_parent_element (pad);
  exit = encoder != NULL ? gst_element_get_static_pad (encoder, "src") : NULL;
  if (exit != NULL)
    gst_pad_send_event (exit,
                        gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
  return GST_PAD_PROBE_OK;
}

static void
probe (MediaPacing *self,
       GstElement *element,
       const char *name,
       GstPadProbeType type,
       GstPadProbeCallback func)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, name);

  gst_pad_add_probe (pad, type, func, g_atomic_rc_box_acquire (self), media_pacing_unref);
}

/**
 * media_pacing_attach:
 * @encoder: of pictures
 * @exit: the last element before the connection, from which packets leave
 */
void
media_pacing_attach (MediaPacing *self, GstElement *encoder, GstElement *exit)
{
  probe (self, encoder, "sink", GST_PAD_PROBE_TYPE_BUFFER, picture_probe);
  probe (self, encoder, "src", GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, key_probe);
  probe (self, exit, "src", GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
         packet_probe);
}

void
media_pacing_set_rate (MediaPacing *self, guint bps)
{
  g_atomic_int_set (&self->bps, (int) MIN (bps, G_MAXINT));
}

/**
 * media_pacing_get_bytes:
 *
 * Returns: what left so far
 */
guint64
media_pacing_get_bytes (MediaPacing *self)
{
  return (gsize) g_atomic_pointer_get (&self->bytes);
}
