/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-channel.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "media-channel-message.h"
#include "media-link.h"
#include "media-transfers.h"

/* What may wait for the main thread: the other side is asked for no more, so who sends more means
 * harm, and the channel is closed. */
#define MOST_LINES 400
#define MOST_BYTES ((gint) (8 * 1024 * 1024))
#define LOW        ((guint64) 64 * 1024)

/* One epoch's channel, shared with its thread. */
typedef struct
{
  MediaLink *link;
  gint lines, bytes; /* atomic: that the main thread has not taken yet */
  gint flooded;      /* atomic */
} Way;

struct _MediaChannel
{
  GObject parent_instance;
  GObject *channel; /* GstWebRTCDataChannel */
  Way *way;
  gboolean trusted, open;
};

typedef struct
{
  Way *way;
  char *line;
  GBytes *bytes;
} Letter;

enum
{
  OPEN,
  LINE,
  BYTES,
  DRAINED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaChannel, media_channel, G_TYPE_OBJECT)

static void
way_clear (gpointer data)
{
  media_link_unref (((Way *) data)->link);
}

static void
way_unref (gpointer way)
{
  g_atomic_rc_box_release_full (way, way_clear);
}

static void
way_unref_closure (gpointer way, GClosure *closure)
{
  way_unref (way);
}

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  if (letter->line != NULL)
    g_atomic_int_add (&letter->way->lines, -1);
  if (letter->bytes != NULL)
    g_atomic_int_add (&letter->way->bytes, -(gint) g_bytes_get_size (letter->bytes));
  g_free (letter->line);
  g_clear_pointer (&letter->bytes, g_bytes_unref);
  way_unref (letter->way);
  g_free (letter);
}

/* ---- on the main thread ---- */

static gboolean
is_ready (MediaChannel *self)
{
  GstWebRTCDataChannelState state = GST_WEBRTC_DATA_CHANNEL_STATE_CLOSED;

  if (self->channel != NULL)
    g_object_get (self->channel, "ready-state", &state, NULL);
  return state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN;
}

static void
update (gpointer object, gpointer data)
{
  MediaChannel *self = object;
  gboolean open = self->trusted && is_ready (self);

  if (self->open == open)
    return;
  self->open = open;
  g_signal_emit (self, signals[OPEN], 0, open);
}

static void
drained (gpointer object, gpointer data)
{
  MediaChannel *self = object;

  if (self->open)
    g_signal_emit (self, signals[DRAINED], 0);
}

static void
flooded (gpointer object, gpointer data)
{
  g_debug ("The other side sends more than it was asked for: its channel is closed");
  media_channel_detach (object);
}

/* A letter that waited longer than its channel is nobody's. */
static void
deliver (gpointer object, gpointer data)
{
  MediaChannel *self = object;
  Letter *letter = data;

  if (!self->open || self->way != letter->way)
    return;
  if (letter->line != NULL)
    g_signal_emit (self, signals[LINE], 0, letter->line);
  else
    g_signal_emit (self, signals[BYTES], 0, letter->bytes);
}

/* ---- on the channel's thread ---- */

static void
post (Way *way, const char *line, GBytes *bytes)
{
  gboolean full =
      g_atomic_int_get (&way->lines) >= MOST_LINES || g_atomic_int_get (&way->bytes) >= MOST_BYTES;
  Letter *letter;

  if (g_atomic_int_get (&way->flooded))
    return;
  if (full)
    {
      g_atomic_int_set (&way->flooded, TRUE);
      media_link_post (way->link, flooded, NULL, NULL);
      return;
    }
  letter = g_new0 (Letter, 1);
  letter->way = g_atomic_rc_box_acquire (way);
  letter->line = g_strdup (line);
  letter->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  if (line != NULL)
    g_atomic_int_inc (&way->lines);
  else
    g_atomic_int_add (&way->bytes, (gint) g_bytes_get_size (bytes));
  media_link_post (way->link, deliver, letter, letter_free);
}

static void
line_cb (GObject *channel, const char *line, Way *way)
{
  if (line != NULL && strnlen (line, MEDIA_CHANNEL_MAX_LINE + 1) <= MEDIA_CHANNEL_MAX_LINE)
    post (way, line, NULL);
}

static void
bytes_cb (GObject *channel, GBytes *bytes, Way *way)
{
  if (bytes != NULL && g_bytes_get_size (bytes) <= 4 * MEDIA_TRANSFERS_CHUNK)
    post (way, NULL, bytes);
}

static void
state_cb (GObject *channel, Way *way)
{
  media_link_post (way->link, update, NULL, NULL);
}

static void
low_cb (GObject *channel, Way *way)
{
  media_link_post (way->link, drained, NULL, NULL);
}

/* ---- the object ---- */

static void
connect (MediaChannel *self, const char *signal, GCallback func)
{
  g_signal_connect_data (self->channel, signal, func, g_atomic_rc_box_acquire (self->way),
                         way_unref_closure, 0);
}

/**
 * media_channel_attach:
 * @webrtcbin: of a new epoch; READY, before the offer, so that the offer holds the channel
 */
void
media_channel_attach (MediaChannel *self, GstElement *webrtcbin)
{
  media_channel_detach (self);
  g_signal_emit_by_name (webrtcbin, "create-data-channel", MEDIA_CHANNEL_LABEL, NULL,
                         &self->channel);
  if (self->channel == NULL)
    return;
  self->way = g_atomic_rc_box_new0 (Way);
  self->way->link = media_link_new (self);
  g_object_set (self->channel, "buffered-amount-low-threshold", LOW, NULL);
  connect (self, "on-open", G_CALLBACK (state_cb));
  connect (self, "on-close", G_CALLBACK (state_cb));
  connect (self, "on-buffered-amount-low", G_CALLBACK (low_cb));
  connect (self, "on-message-string", G_CALLBACK (line_cb));
  connect (self, "on-message-data", G_CALLBACK (bytes_cb));
}

/**
 * media_channel_trust:
 *
 * The certificate of the other side is the one that signalling named.
 */
void
media_channel_trust (MediaChannel *self)
{
  self->trusted = TRUE;
  update (self, NULL);
}

/* The peer connection ends: nothing comes of it any more. */
void
media_channel_detach (MediaChannel *self)
{
  if (self->way != NULL)
    media_link_cut (self->way->link);
  g_clear_pointer (&self->way, way_unref);
  g_clear_object (&self->channel);
  self->trusted = FALSE;
  update (self, NULL);
}

static void
media_channel_dispose (GObject *object)
{
  media_channel_detach (MEDIA_CHANNEL (object));
  G_OBJECT_CLASS (media_channel_parent_class)->dispose (object);
}

static void
media_channel_class_init (MediaChannelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = media_channel_dispose;
  signals[OPEN] = g_signal_new ("open", MEDIA_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[LINE] = g_signal_new ("line", MEDIA_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[BYTES] = g_signal_new ("bytes", MEDIA_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[DRAINED] = g_signal_new ("drained", MEDIA_TYPE_CHANNEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
media_channel_init (MediaChannel *self)
{
}

MediaChannel *
media_channel_new (void)
{
  return g_object_new (MEDIA_TYPE_CHANNEL, NULL);
}

gboolean
media_channel_is_open (MediaChannel *self)
{
  return self->open;
}

/* Passed over while the channel is not open. */
void
media_channel_send_line (MediaChannel *self, const char *line)
{
  if (self->open)
    gst_webrtc_data_channel_send_string_full (GST_WEBRTC_DATA_CHANNEL (self->channel), line, NULL);
}

void
media_channel_send_bytes (MediaChannel *self, GBytes *bytes)
{
  if (self->open)
    gst_webrtc_data_channel_send_data_full (GST_WEBRTC_DATA_CHANNEL (self->channel), bytes, NULL);
}

/* Returns: bytes that were given to the channel and have not left yet */
gsize
media_channel_get_waiting (MediaChannel *self)
{
  guint64 waiting = 0;

  if (self->channel != NULL)
    g_object_get (self->channel, "buffered-amount", &waiting, NULL);
  return (gsize) waiting;
}
