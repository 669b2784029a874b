/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* How encoded pictures leave: a large one not all at once, and key frames not more often than the
 * path carries them. Shared with the streaming thread, reference-counted. */
typedef struct _MediaPacing MediaPacing;

MediaPacing *media_pacing_new (void);
void media_pacing_unref (gpointer self);
void media_pacing_attach (MediaPacing *self, GstElement *encoder, GstElement *exit);
void media_pacing_set_rate (MediaPacing *self, guint bps);
guint64 media_pacing_get_bytes (MediaPacing *self);

gint64 media_pacing_wait_us (gsize before, guint bps);
gint64 media_pacing_key_wait_us (gsize key_bytes, guint bps);

G_END_DECLS
