/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/* A time painted into a picture as 40 black and white cells across its top: 32 bits of wall-clock
 * milliseconds and an 8-bit check. It counts frames and measures delay between two programs. */
#define MEDIA_CLOCK_CELLS 40

void media_clock_paint (GstVideoFrame *frame, guint32 ms);
gboolean media_clock_read (GstVideoFrame *frame, guint32 *ms);
guint32 media_clock_now (void);
GstElement *media_clock_source_new (int width, int height, int frames_per_second);

G_END_DECLS
