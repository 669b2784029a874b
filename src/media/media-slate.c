/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-slate.h"

#include <gst/video/video.h>
#include <pango/pangocairo.h>

/* The calm picture with a sentence on it that the patient sees instead of a camera. It is drawn
 * once for each sentence; the frames that are sent share its memory. */

#define PICTURE_KEY "bedside-slate"

typedef struct
{
  GMutex lock; /* drawn on the main thread, sent from a streaming thread */
  GstBuffer *frame;
} Picture;

static void
picture_clear (gpointer data)
{
  Picture *picture = data;

  gst_clear_buffer (&picture->frame);
  g_mutex_clear (&picture->lock);
}

static void
picture_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, picture_clear);
}

static cairo_surface_t *
draw (const char *text)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, MEDIA_SLATE_WIDTH, MEDIA_SLATE_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string ("Cantarell, Sans 22");
  int height;

  cairo_set_source_rgb (cr, 0.16, 0.24, 0.31);
  cairo_paint (cr);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (MEDIA_SLATE_WIDTH - 80) * PANGO_SCALE);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, NULL, &height);
  cairo_set_source_rgb (cr, 0.95, 0.96, 0.97);
  cairo_move_to (cr, 40, (MEDIA_SLATE_HEIGHT - height) / 2.0);
  pango_cairo_show_layout (cr, layout);
  pango_font_description_free (font);
  g_object_unref (layout);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static GstBuffer *
convert (cairo_surface_t *surface)
{
  GstVideoInfo from, to;
  GstVideoFrame source, target;
  GstVideoConverter *converter;
  gsize offset[GST_VIDEO_MAX_PLANES] = { 0 };
  int stride[GST_VIDEO_MAX_PLANES] = { cairo_image_surface_get_stride (surface) };
  gsize size = (gsize) stride[0] * MEDIA_SLATE_HEIGHT;
  g_autoptr (GstBuffer) drawn =
      gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY, cairo_image_surface_get_data (surface),
                                   size, 0, size, NULL, NULL);
  GstBuffer *frame;

  gst_video_info_set_format (&from,
                             G_BYTE_ORDER == G_LITTLE_ENDIAN ? GST_VIDEO_FORMAT_BGRx
                                                             : GST_VIDEO_FORMAT_xRGB,
                             MEDIA_SLATE_WIDTH, MEDIA_SLATE_HEIGHT);
  gst_video_info_set_format (&to, GST_VIDEO_FORMAT_I420, MEDIA_SLATE_WIDTH, MEDIA_SLATE_HEIGHT);
  gst_buffer_add_video_meta_full (drawn, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_INFO_FORMAT (&from),
                                  MEDIA_SLATE_WIDTH, MEDIA_SLATE_HEIGHT, 1, offset, stride);
  frame = gst_buffer_new_allocate (NULL, to.size, NULL);
  converter = gst_video_converter_new (&from, &to, NULL);
  gst_video_frame_map (&source, &from, drawn, GST_MAP_READ);
  gst_video_frame_map (&target, &to, frame, GST_MAP_WRITE);
  gst_video_converter_frame (converter, &source, &target);
  gst_video_frame_unmap (&target);
  gst_video_frame_unmap (&source);
  gst_video_converter_free (converter);
  return frame;
}

static GstPadProbeReturn
replace_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Picture *picture = data;
  GstBuffer *blank = GST_PAD_PROBE_INFO_BUFFER (info), *frame;

  g_mutex_lock (&picture->lock);
  frame = gst_buffer_copy (picture->frame);
  g_mutex_unlock (&picture->lock);
  GST_BUFFER_PTS (frame) = GST_BUFFER_PTS (blank);
  GST_BUFFER_DURATION (frame) = GST_BUFFER_DURATION (blank);
  gst_buffer_unref (blank);
  GST_PAD_PROBE_INFO_DATA (info) = frame;
  return GST_PAD_PROBE_OK;
}

/**
 * media_slate_new:
 * @text: one sentence for the patient, in any script
 *
 * Returns: (transfer floating): a live source of that picture, fifteen frames a second: fewer
 *   than twelve are called a slow connection
 */
GstElement *
media_slate_new (const char *text)
{
  g_autofree char *description = g_strdup_printf (
      "videotestsrc is-live=true pattern=black ! "
      "video/x-raw,format=I420,width=%d,height=%d,framerate=15/1 ! identity name=picture",
      MEDIA_SLATE_WIDTH, MEDIA_SLATE_HEIGHT);
  GstElement *slate = gst_parse_bin_from_description (description, TRUE, NULL);
  g_autoptr (GstElement) identity = gst_bin_get_by_name (GST_BIN (slate), "picture");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (identity, "src");
  Picture *picture = g_atomic_rc_box_new0 (Picture);

  g_mutex_init (&picture->lock);
  g_object_set_data_full (G_OBJECT (slate), PICTURE_KEY, picture, picture_unref);
  media_slate_set_text (slate, text);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, replace_probe,
                     g_atomic_rc_box_acquire (picture), picture_unref);
  return slate;
}

/**
 * media_slate_set_text:
 * @slate: from media_slate_new ()
 */
void
media_slate_set_text (GstElement *slate, const char *text)
{
  Picture *picture = g_object_get_data (G_OBJECT (slate), PICTURE_KEY);
  cairo_surface_t *surface = draw (text);
  GstBuffer *frame = convert (surface);

  cairo_surface_destroy (surface);
  g_mutex_lock (&picture->lock);
  gst_clear_buffer (&picture->frame);
  picture->frame = frame;
  g_mutex_unlock (&picture->lock);
}
