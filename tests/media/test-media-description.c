/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-description.h"

#include <gst/gst.h>
#include <string.h>

#define HEAD "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define STREAM(kind, mid, setup, formats)                                                          \
  "m=" kind " 9 UDP/TLS/RTP/SAVPF " formats "\r\nc=IN IP4 0.0.0.0\r\na=mid:" mid                   \
  "\r\na=setup:" setup "\r\n"
#define OFFER                                                                                      \
  HEAD STREAM ("video", "video0", "actpass", "96 98") STREAM ("audio", "audio1", "actpass", "97")

static void
test_answers (void)
{
  static const struct
  {
    const char *answer;
    gboolean fits;
  } cases[] = {
    { HEAD STREAM ("video", "video0", "active", "96") STREAM ("audio", "audio1", "active", "97"),
      TRUE },
    { HEAD STREAM ("video", "video0", "passive", "96 98")
          STREAM ("audio", "audio1", "passive", "97"),
      TRUE },
    { HEAD STREAM ("audio", "audio1", "active", "97") STREAM ("video", "video0", "active", "96"),
      FALSE },
    { HEAD STREAM ("video", "video0", "active", "96"), FALSE },
    { HEAD STREAM ("video", "audio1", "active", "96") STREAM ("audio", "video0", "active", "97"),
      FALSE },
    { HEAD STREAM ("video", "video0", "actpass", "96") STREAM ("audio", "audio1", "active", "97"),
      FALSE },
    { HEAD STREAM ("video", "video0", "active", "100") STREAM ("audio", "audio1", "active", "97"),
      FALSE },
    { HEAD STREAM ("video", "video0", "active", "96") STREAM ("audio", "audio1", "active", "97")
          STREAM ("audio", "audio1", "active", "97"),
      FALSE },
    { "", FALSE },
    { "v=0", FALSE },
    { "m=", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (media_description_check_answer (OFFER, cases[i].answer, NULL), ==,
                       cases[i].fits);
    }
}

static void
test_ssrcs (void)
{
  g_autoptr (GArray) audio = media_description_get_ssrcs (
      HEAD STREAM ("video", "v", "active", "96") "a=ssrc:11 cname:x\r\n" STREAM (
          "audio", "a", "active", "97") "a=ssrc:4294967295 cname:x\r\na=ssrc:x\r\n",
      "audio");
  g_autoptr (GArray) none = media_description_get_ssrcs ("nonsense", "audio");

  g_assert_cmpuint (audio->len, ==, 2);
  g_assert_cmpuint (g_array_index (audio, guint32, 0), ==, G_MAXUINT32);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_damaged_answers (void)
{
  g_autofree char *good = g_strdup (HEAD STREAM ("video", "video0", "active", "96")
                                        STREAM ("audio", "audio1", "active", "97"));
  gsize length = strlen (good);

  for (int i = 0; i < 5000; i++)
    {
      g_autofree char *bad = g_strdup (good);

      for (int k = g_test_rand_int_range (1, 4); k > 0; k--)
        bad[g_test_rand_int_range (0, (gint32) length)] = (char) g_test_rand_int_range (0, 256);
      media_description_check_answer (OFFER, bad, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/media/description/answers", test_answers);
  g_test_add_func ("/media/description/ssrcs", test_ssrcs);
  g_test_add_func ("/media/description/damaged-answers", test_damaged_answers);
  return g_test_run ();
}
