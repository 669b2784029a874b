/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-sources.h"
#include "media-still.h"

G_BEGIN_DECLS

/* A camera outside of a call: a live picture, and stills of it.
 *
 * signals: "live" (): the first picture is there
 *          "waiting" (const char *sentence): the system asks whether the camera may be used; what
 *            comes of it is told as "live" or "failed"
 *          "failed" (const char *sentence): there is no picture any more; start () tries again */
#define MEDIA_TYPE_CAMERA (media_camera_get_type ())
G_DECLARE_FINAL_TYPE (MediaCamera, media_camera, MEDIA, CAMERA, GObject)

MediaCamera *media_camera_new (MediaSources *sources);
gboolean media_camera_start (MediaCamera *self, GstElement *sink, GError **error);
void media_camera_stop (MediaCamera *self);
gboolean media_camera_is_live (MediaCamera *self);
MediaStill *media_camera_take (MediaCamera *self, GError **error);

G_END_DECLS
