/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* One picture: rows of red, green and blue, a byte each. */
typedef struct
{
  GBytes *pixels;
  int width, height, stride;
} MediaStill;

MediaStill *media_still_new (GstElement *sink);
void media_still_free (MediaStill *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaStill, media_still_free)

G_END_DECLS
