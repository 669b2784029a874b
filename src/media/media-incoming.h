/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

/**
 * MediaIncoming:
 *
 * The receiving half of a peer connection. Everything that arrives is dropped at a gate, before it
 * is decoded, until media_incoming_open ().
 *
 * Signals (main thread): "first-frame" (), "clock" (gint64 ms) when reading painted clocks
 */
#define MEDIA_TYPE_INCOMING (media_incoming_get_type ())
G_DECLARE_FINAL_TYPE (MediaIncoming, media_incoming, MEDIA, INCOMING, GObject)

MediaIncoming *media_incoming_new (GstElement *video_sink, GstElement *audio_sink);
void media_incoming_connect (MediaIncoming *self, GstElement *webrtcbin);
void media_incoming_open (MediaIncoming *self);
void media_incoming_drop_sinks (MediaIncoming *self);
gboolean media_incoming_is_open (MediaIncoming *self);
void media_incoming_note_activity (MediaIncoming *self);
gint64 media_incoming_get_silent_us (MediaIncoming *self);
guint64 media_incoming_get_frames (MediaIncoming *self);
guint64 media_incoming_get_bytes (MediaIncoming *self);
guint64 media_incoming_get_video_bytes (MediaIncoming *self);
guint64 media_incoming_get_dropped (MediaIncoming *self);

G_END_DECLS
