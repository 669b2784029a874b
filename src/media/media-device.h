/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

/* A camera or a microphone that is connected. */
#define MEDIA_TYPE_DEVICE (media_device_get_type ())
G_DECLARE_FINAL_TYPE (MediaDevice, media_device, MEDIA, DEVICE, GObject)

MediaDevice *media_device_new (GstDevice *device);
const char *media_device_get_id (MediaDevice *self);
const char *media_device_get_name (MediaDevice *self);
gboolean media_device_is_default (MediaDevice *self);
GstElement *media_device_make_element (MediaDevice *self);

G_END_DECLS
