/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-still.h"

#include <gst/video/video.h>

/* A still is made of the newest picture that a sink has, in as many pixels as that came with, and
 * of its pixels alone. */

#define CONVERT_TIMEOUT (2 * GST_SECOND)

void
media_still_free (MediaStill *self)
{
  g_clear_pointer (&self->pixels, g_bytes_unref);
  g_free (self);
}

static MediaStill *
still_of (GstSample *sample)
{
  g_autoptr (GstVideoInfo) info = gst_video_info_new_from_caps (gst_sample_get_caps (sample));
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstVideoFrame frame;
  MediaStill *self;

  if (!info || !gst_video_frame_map (&frame, info, buffer, GST_MAP_READ))
    return NULL;
  self = g_new0 (MediaStill, 1);
  self->width = GST_VIDEO_FRAME_WIDTH (&frame);
  self->height = GST_VIDEO_FRAME_HEIGHT (&frame);
  self->stride = GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0);
  self->pixels = g_bytes_new (GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),
                              (gsize) self->stride * (gsize) self->height);
  gst_video_frame_unmap (&frame);
  return self;
}

/**
 * media_still_new:
 * @sink: one that keeps its last sample
 *
 * Returns: (transfer full) (nullable): NULL where there is no picture yet, or none any more
 */
MediaStill *
media_still_new (GstElement *sink)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string ("video/x-raw,format=RGB");
  g_autoptr (GstSample) sample = NULL, converted = NULL;

  g_object_get (sink, "last-sample", &sample, NULL);
  if (sample)
    converted = gst_video_convert_sample (sample, caps, CONVERT_TIMEOUT, NULL);
  return converted ? still_of (converted) : NULL;
}
