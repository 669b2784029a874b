/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-progress.h"

static void
test_text (void)
{
  static const struct
  {
    guint done, total, seconds_left;
    const char *text;
  } cases[] = {
    { 0, 0, 0, "Reading the clinic’s records for the first time. You can work meanwhile." },
    { 0, 140, 0,
      "Reading the clinic’s records for the first time: 0 of 140. You can work meanwhile." },
    { 150, 140, 0,
      "Reading the clinic’s records for the first time: 140 of 140. You can work meanwhile." },
    { 40, 140, 61,
      "Reading the clinic’s records for the first time: 40 of 140, about 2 min left. You can work "
      "meanwhile." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          app_progress_dup_text (cases[i].done, cases[i].total, cases[i].seconds_left);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_fraction (void)
{
  g_assert_cmpfloat (app_progress_get_fraction (3, 0), <, 0);
  g_assert_cmpfloat (app_progress_get_fraction (7, 14), ==, 0.5);
  g_assert_cmpfloat (app_progress_get_fraction (15, 14), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/progress/text", test_text);
  g_test_add_func ("/app/progress/fraction", test_fraction);
  return g_test_run ();
}
