/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-rtx-budget.h"

/* rtprtxsend answers every request to send again, without limit. On a full link that is what
 * breaks a call: 26 Mbit/s were sent into a link of 500 kbit/s. */

#define SHARE        4    /* a quarter of the rate */
#define PACKET_BYTES 1200 /* the request names a packet, not its size */
#define BURST_US     (G_USEC_PER_SEC / 2)

struct _MediaRtxBudget
{
  GMutex lock; /* streaming threads take, the main thread sets */
  guint bytes_per_second;
  gint64 tokens; /* bytes times microseconds a second: requests come faster than whole bytes do */
  gint64 filled_us;
  guint refusals;
};

static void
clear (gpointer data)
{
  MediaRtxBudget *self = data;

  g_mutex_clear (&self->lock);
}

MediaRtxBudget *
media_rtx_budget_new (void)
{
  MediaRtxBudget *self = g_atomic_rc_box_new0 (MediaRtxBudget);

  g_mutex_init (&self->lock);
  media_rtx_budget_set_rate (self, 500000);
  return self;
}

MediaRtxBudget *
media_rtx_budget_ref (MediaRtxBudget *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
media_rtx_budget_unref (MediaRtxBudget *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

void
media_rtx_budget_set_rate (MediaRtxBudget *self, guint bps)
{
  g_mutex_lock (&self->lock);
  self->bytes_per_second = bps / 8 / SHARE;
  g_mutex_unlock (&self->lock);
}

/**
 * media_rtx_budget_take:
 *
 * May be called from any thread.
 *
 * Returns: whether @bytes may be sent again now
 */
gboolean
media_rtx_budget_take (MediaRtxBudget *self, guint bytes, gint64 now_us)
{
  gint64 price = (gint64) bytes * G_USEC_PER_SEC, most, elapsed;
  gboolean granted;

  g_mutex_lock (&self->lock);
  most = MAX ((gint64) self->bytes_per_second * BURST_US, PACKET_BYTES * (gint64) G_USEC_PER_SEC);
  elapsed = self->filled_us == 0 ? BURST_US : CLAMP (now_us - self->filled_us, 0, BURST_US);
  self->tokens = MIN (most, self->tokens + self->bytes_per_second * elapsed);
  self->filled_us = now_us;
  granted = self->tokens >= price;
  if (granted)
    self->tokens -= price;
  else
    self->refusals++;
  g_mutex_unlock (&self->lock);
  return granted;
}

/**
 * media_rtx_budget_steal_refusals:
 *
 * Returns: how many requests were refused since last asked; after a few the receiver needs a key
 *   frame, because what it asked for will not come
 */
guint
media_rtx_budget_steal_refusals (MediaRtxBudget *self)
{
  guint refusals;

  g_mutex_lock (&self->lock);
  refusals = self->refusals;
  self->refusals = 0;
  g_mutex_unlock (&self->lock);
  return refusals;
}

static GstPadProbeReturn
request_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  if (!gst_event_has_name (event, "GstRTPRetransmissionRequest") ||
      media_rtx_budget_take (data, PACKET_BYTES, g_get_monotonic_time ()))
    return GST_PAD_PROBE_OK;
  return GST_PAD_PROBE_DROP;
}

static void
release (gpointer data)
{
  media_rtx_budget_unref (data);
}

/**
 * media_rtx_budget_attach:
 * @rtprtxsend: the element that sends again; it holds a reference to @self from now on
 */
void
media_rtx_budget_attach (MediaRtxBudget *self, GstElement *rtprtxsend)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (rtprtxsend, "src");

  g_object_set (rtprtxsend, "max-size-time", 1000, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, request_probe,
                     media_rtx_budget_ref (self), release);
}
