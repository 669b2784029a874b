/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * MediaChannel:
 *
 * The visit's data channel for messages and files. It outlives peer connections: each epoch's
 * brings a channel of its own, which is open when it is there and the other side is who signalling
 * said. Before that nothing is taken and nothing sent. Main thread only, and all signals come
 * there.
 *
 * Signals: "open" (gboolean), "line" (const char *), "bytes" (GBytes *), "drained" (): there is
 * room for more. What comes is from anybody.
 */
#define MEDIA_TYPE_CHANNEL (media_channel_get_type ())
G_DECLARE_FINAL_TYPE (MediaChannel, media_channel, MEDIA, CHANNEL, GObject)

#define MEDIA_CHANNEL_LABEL "visit"

MediaChannel *media_channel_new (void);
void media_channel_attach (MediaChannel *self, GstElement *webrtcbin);
void media_channel_trust (MediaChannel *self);
void media_channel_detach (MediaChannel *self);
gboolean media_channel_is_open (MediaChannel *self);
void media_channel_send_line (MediaChannel *self, const char *line);
void media_channel_send_bytes (MediaChannel *self, GBytes *bytes);
gsize media_channel_get_waiting (MediaChannel *self);

G_END_DECLS
