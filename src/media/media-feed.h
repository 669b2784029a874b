/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

/**
 * MediaFeed:
 *
 * What goes out on one stream: a device, or its replacement (slate, silence) while the device is
 * absent, broken, off, or not allowed yet. Changing over needs no negotiation. The device is sent
 * only while it is admitted, and only from its first buffer on.
 *
 * Signals: "changed" (): what is sent changed; "lost" (): the device ended by itself
 */
#define MEDIA_TYPE_FEED (media_feed_get_type ())
G_DECLARE_FINAL_TYPE (MediaFeed, media_feed, MEDIA, FEED, GObject)

MediaFeed *media_feed_new (GstBin *bin, GstElement *replacement, const char *conversion);
GstElement *media_feed_get_output (MediaFeed *self);
void media_feed_set_device (MediaFeed *self, GstElement *device);
void media_feed_set_admitted (MediaFeed *self, gboolean admitted);
gboolean media_feed_is_sending_device (MediaFeed *self);
gboolean media_feed_owns (MediaFeed *self, GstObject *object);

G_END_DECLS
