/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-quality.h"

#include <string.h>

static void
test_table (void)
{
  static const struct
  {
    MediaQuality quality;
    MediaQualityGrade grade;
    const char *says;
  } cases[] = {
    { { 0, -1, -1, 0, 0, 0, 0, 100, MEDIA_RUNG_SD }, MEDIA_QUALITY_UNKNOWN, "not measured" },
    { { 0, 40, 0, 800, 900, 30, 99, 20, MEDIA_RUNG_SD }, MEDIA_QUALITY_GOOD, "arrive well" },
    { { 0, 40, 0, 800, 900, 0, 0, 20, MEDIA_RUNG_SD }, MEDIA_QUALITY_GOOD, "arrive well" },
    { { 0, 40, 5, 800, 900, 30, 99, 20, MEDIA_RUNG_SD },
      MEDIA_QUALITY_FAIR,
      "5% of what you send" },
    { { 0, 500, 0, 800, 900, 30, 99, 20, MEDIA_RUNG_SD }, MEDIA_QUALITY_FAIR, "500 ms" },
    { { 0, 40, 0, 200, 900, 30, 99, 20, MEDIA_RUNG_THUMBNAIL },
      MEDIA_QUALITY_FAIR,
      "small picture" },
    { { 0, 40, 0, 800, 900, 6, 99, 20, MEDIA_RUNG_SD }, MEDIA_QUALITY_FAIR, "smoothly" },
    { { 0, 40, 20, 800, 900, 30, 99, 20, MEDIA_RUNG_SD }, MEDIA_QUALITY_POOR, "20%" },
    { { 0, 40, 0, 30, 900, 30, 99, 20, MEDIA_RUNG_AUDIO }, MEDIA_QUALITY_POOR, "sound only" },
    { { 0, 40, 0, 800, 0, 0, 99, 4000, MEDIA_RUNG_SD }, MEDIA_QUALITY_POOR, "4 seconds" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sentence = media_quality_dup_sentence (&cases[i].quality);

      g_test_message ("%s", sentence);
      g_assert_cmpint (media_quality_judge (&cases[i].quality), ==, cases[i].grade);
      g_assert_nonnull (strstr (sentence, cases[i].says));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/quality/table", test_table);
  return g_test_run ();
}
