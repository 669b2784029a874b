/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-clock.h"

#include <string.h>

static void
paint_and_read (GstVideoFormat format, int width, int height, guint32 painted)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  g_autoptr (GstBuffer) buffer = NULL;
  guint32 read = 0;

  gst_video_info_set_format (&info, format, width, height);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 90, info.size);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE));
  g_assert_false (media_clock_read (&frame, &read));
  media_clock_paint (&frame, painted);
  g_assert_true (media_clock_read (&frame, &read));
  g_assert_cmpuint (read, ==, painted);
  gst_video_frame_unmap (&frame);
}

static void
test_paint_and_read (void)
{
  static const guint32 times[] = { 1, 0xffffffff, 0x80000000, 0x12345678, 0xa5a5a5a5 };

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      paint_and_read (GST_VIDEO_FORMAT_I420, 640, 360, times[i]);
      paint_and_read (GST_VIDEO_FORMAT_I420, 1280, 720, times[i]);
      paint_and_read (GST_VIDEO_FORMAT_I420, 320, 180, times[i]);
      paint_and_read (GST_VIDEO_FORMAT_NV12, 640, 480, times[i]);
      paint_and_read (GST_VIDEO_FORMAT_YUY2, 640, 480, times[i]);
    }
}

static void
test_small_pictures_are_passed_over (void)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  g_autoptr (GstBuffer) buffer = NULL;
  guint32 read;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 16, 2);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  g_assert_false (media_clock_read (&frame, &read));
  gst_video_frame_unmap (&frame);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/media/clock/paint-and-read", test_paint_and_read);
  g_test_add_func ("/media/clock/small-pictures", test_small_pictures_are_passed_over);
  return g_test_run ();
}
