/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-clock.h"

#include <string.h>

#define CHECK_BITS 8

static guint64
pattern_of (guint32 ms)
{
  guint8 check = (guint8) (ms ^ (ms >> 8) ^ (ms >> 16) ^ (ms >> 24));

  return ((guint64) ms << CHECK_BITS) | check;
}

/* Cells reach down a twentieth of the picture, so that they survive scaling. */
static int
cell_height (GstVideoFrame *frame)
{
  return MAX (2, GST_VIDEO_FRAME_HEIGHT (frame) / 20);
}

static void
fill (GstVideoFrame *frame, guint component, int left, int right, int bottom, guint8 value)
{
  const GstVideoFormatInfo *format = frame->info.finfo;
  guint8 *line = GST_VIDEO_FRAME_COMP_DATA (frame, component);
  int step = GST_VIDEO_FRAME_COMP_PSTRIDE (frame, component);

  left = GST_VIDEO_FORMAT_INFO_SCALE_WIDTH (format, component, left);
  right = GST_VIDEO_FORMAT_INFO_SCALE_WIDTH (format, component, right);
  bottom = GST_VIDEO_FORMAT_INFO_SCALE_HEIGHT (format, component, bottom);
  for (int y = 0; y < bottom; y++, line += GST_VIDEO_FRAME_COMP_STRIDE (frame, component))
    for (int x = left; x < right; x++)
      line[x * step] = value;
}

/**
 * media_clock_paint:
 * @frame: a writable picture of a YUV format with 8 bits a sample
 * @ms: what media_clock_now () said
 */
void
media_clock_paint (GstVideoFrame *frame, guint32 ms)
{
  guint64 pattern = pattern_of (ms);
  int width = GST_VIDEO_FRAME_WIDTH (frame), height = cell_height (frame);

  for (int i = 0; i < MEDIA_CLOCK_CELLS; i++)
    {
      gboolean white = (pattern >> (MEDIA_CLOCK_CELLS - 1 - i)) & 1;

      fill (frame, 0, width * i / MEDIA_CLOCK_CELLS, width * (i + 1) / MEDIA_CLOCK_CELLS, height,
            white ? 235 : 16);
    }
  fill (frame, 1, 0, width, height, 128);
  fill (frame, 2, 0, width, height, 128);
}

/**
 * media_clock_read:
 * @frame: a picture as received, YUV or RGB with 8 bits a sample
 * @ms: (out): the time painted in it
 *
 * Returns: whether the picture carries a painted time that passes its check
 */
gboolean
media_clock_read (GstVideoFrame *frame, guint32 *ms)
{
  guint component = GST_VIDEO_INFO_IS_RGB (&frame->info) ? 1 : 0;
  const guint8 *data = GST_VIDEO_FRAME_COMP_DATA (frame, component);
  int step = GST_VIDEO_FRAME_COMP_PSTRIDE (frame, component);
  int stride = GST_VIDEO_FRAME_COMP_STRIDE (frame, component);
  guint64 pattern = 0;

  if (GST_VIDEO_FRAME_WIDTH (frame) < 2 * MEDIA_CLOCK_CELLS || GST_VIDEO_FRAME_HEIGHT (frame) < 8)
    return FALSE;
  for (int i = 0; i < MEDIA_CLOCK_CELLS; i++)
    {
      int x = GST_VIDEO_FRAME_WIDTH (frame) * (2 * i + 1) / (2 * MEDIA_CLOCK_CELLS);
      int y = cell_height (frame) / 2;

      pattern = pattern << 1 | (data[y * stride + x * step] >= 126);
    }
  *ms = (guint32) (pattern >> CHECK_BITS);
  return pattern_of (*ms) == pattern && *ms != 0;
}

guint32
media_clock_now (void)
{
  return (guint32) (g_get_real_time () / 1000);
}

static GstPadProbeReturn
paint_probe (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstVideoInfo video;
  GstVideoFrame frame;

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (caps != NULL && gst_video_info_from_caps (&video, caps) &&
      gst_video_frame_map (&frame, &video, buffer, GST_MAP_READWRITE))
    {
      media_clock_paint (&frame, media_clock_now ());
      gst_video_frame_unmap (&frame);
    }
  return GST_PAD_PROBE_OK;
}

/**
 * media_clock_source_new:
 *
 * Returns: (transfer floating): a live source whose pictures carry the time, for tests
 */
GstElement *
media_clock_source_new (int width, int height, int frames_per_second)
{
  g_autofree char *description = g_strdup_printf (
      "videotestsrc is-live=true pattern=ball ! "
      "video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1 ! identity name=paint",
      width, height, frames_per_second);
  GstElement *bin = gst_parse_bin_from_description (description, TRUE, NULL);
  g_autoptr (GstElement) paint = gst_bin_get_by_name (GST_BIN (bin), "paint");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (paint, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, paint_probe, NULL, NULL);
  return bin;
}
