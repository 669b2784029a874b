/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-playout.h"

#include <gst/rtp/gstrtphdrext.h>

/* The most that a picture may wait, as it stands in the packet, in units of 10 ms. */
static guint
write_most (GstElement *playout)
{
  g_autoptr (GstBuffer) input = gst_buffer_new (), output = gst_buffer_new ();
  guint8 data[3] = { 0xff, 0xff, 0xff };
  GstRTPHeaderExtension *extension = GST_RTP_HEADER_EXTENSION (playout);

  g_assert_cmpint (gst_rtp_header_extension_write (extension, input,
                                                   GST_RTP_HEADER_EXTENSION_ONE_BYTE, output, data,
                                                   3),
                   ==, 3);
  g_assert_cmpuint ((guint) data[0] << 4 | data[1] >> 4, ==, 0); /* the least */
  return (guint) (data[1] & 0xf) << 8 | data[2];
}

static void
test_waits_where_packets_are_lost (void)
{
  g_autoptr (GstElement) playout = gst_object_ref_sink (media_playout_new ());

  g_assert_cmpuint (write_most (playout), ==, 0);
  media_playout_set_loss (playout, -1);
  g_assert_cmpuint (write_most (playout), ==, 0);
  media_playout_set_loss (playout, 5);
  g_assert_cmpuint (write_most (playout), ==, 1000);
  for (int i = 0; i < 19; i++)
    media_playout_set_loss (playout, 0);
  g_assert_false (media_playout_is_prompt (playout));
  media_playout_set_loss (playout, 2); /* begins the calm anew */
  for (int i = 0; i < 19; i++)
    media_playout_set_loss (playout, 0);
  g_assert_cmpuint (write_most (playout), ==, 1000);
  media_playout_set_loss (playout, 0);
  g_assert_cmpuint (write_most (playout), ==, 0);
}

static void
test_needs_its_room (void)
{
  g_autoptr (GstElement) playout = gst_object_ref_sink (media_playout_new ());
  g_autoptr (GstBuffer) input = gst_buffer_new (), output = gst_buffer_new ();
  guint8 data[3];

  g_assert_cmpint (gst_rtp_header_extension_write (GST_RTP_HEADER_EXTENSION (playout), input,
                                                   GST_RTP_HEADER_EXTENSION_ONE_BYTE, output, data,
                                                   2),
                   ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/media/playout/waits-where-packets-are-lost",
                   test_waits_where_packets_are_lost);
  g_test_add_func ("/media/playout/needs-its-room", test_needs_its_room);
  return g_test_run ();
}
