/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-pulse.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <string.h>

#define LONGEST      300
#define MOST_WAITING 8

/* Shared with the thread of the data channel. */
typedef struct
{
  MediaLink *link;
  MediaLinkFunc take;
  gint waiting; /* atomic: beats that the main thread has not taken yet */
} Way;

struct _MediaPulse
{
  GObject *channel; /* GstWebRTCDataChannel */
};

typedef struct
{
  MediaPulseBeat beat;
  Way *way;
} Letter;

static void
way_clear (gpointer data)
{
  media_link_unref (((Way *) data)->link);
}

static void
way_unref_closure (gpointer way, GClosure *closure)
{
  g_atomic_rc_box_release_full (way, way_clear);
}

/* Also when it could not be delivered because its object is gone. */
static void
letter_free (gpointer data)
{
  Letter *letter = data;

  g_atomic_int_add (&letter->way->waiting, -1);
  g_atomic_rc_box_release_full (letter->way, way_clear);
  g_free (letter->beat.text);
  g_free (letter);
}

static void
deliver (gpointer object, gpointer data)
{
  Letter *letter = data;

  letter->way->take (object, &letter->beat);
}

static void
message_cb (GObject *channel, const char *text, Way *way)
{
  Letter *letter;

  if (text == NULL || strnlen (text, LONGEST + 1) > LONGEST ||
      g_atomic_int_get (&way->waiting) >= MOST_WAITING)
    return;
  g_atomic_int_inc (&way->waiting);
  letter = g_new (Letter, 1);
  *letter =
      (Letter) { { g_strdup (text), g_get_monotonic_time () }, g_atomic_rc_box_acquire (way) };
  media_link_post (way->link, deliver, letter, letter_free);
}

/**
 * media_pulse_new:
 * @webrtcbin: READY, before the offer, so that the offer holds the channel
 * @link: to whom beats go
 * @take: called on the main thread with a MediaPulseBeat
 *
 * Returns: (nullable): NULL when there is no data channel
 */
MediaPulse *
media_pulse_new (GstElement *webrtcbin, MediaLink *link, MediaLinkFunc take)
{
  /* A beat that is late is worth nothing: it must not hold up the next ones. */
  g_autoptr (GstStructure) unordered =
      gst_structure_new ("options", "ordered", G_TYPE_BOOLEAN, FALSE, "max-retransmits", G_TYPE_INT,
                         0, NULL);
  GObject *channel = NULL;
  MediaPulse *self;
  Way *way;

  g_signal_emit_by_name (webrtcbin, "create-data-channel", "heartbeat", unordered, &channel);
  if (channel == NULL)
    return NULL;
  way = g_atomic_rc_box_new0 (Way);
  way->link = media_link_ref (link);
  way->take = take;
  g_signal_connect_data (channel, "on-message-string", G_CALLBACK (message_cb), way,
                         way_unref_closure, 0);
  self = g_new0 (MediaPulse, 1);
  self->channel = channel;
  return self;
}

void
media_pulse_free (MediaPulse *self)
{
  g_object_unref (self->channel);
  g_free (self);
}

/**
 * media_pulse_send:
 *
 * Passed over while the channel is not open.
 */
void
media_pulse_send (MediaPulse *self, const char *text)
{
  GstWebRTCDataChannelState state;

  g_object_get (self->channel, "ready-state", &state, NULL);
  if (state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN)
    gst_webrtc_data_channel_send_string_full (GST_WEBRTC_DATA_CHANNEL (self->channel), text, NULL);
}
