/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-renewal.h"

#define MS(n) ((gint64) (n) * G_TIME_SPAN_MILLISECOND)

static gboolean
is_due (const MediaRenewal *renewal, gint64 now, gboolean connected, gint64 silent)
{
  return media_renewal_check (renewal, MS (now), connected, MS (silent)) != NULL;
}

/* A connection that stands is given up after 6 s of nothing, and after 1 s where the path may have
 * changed. */
static void
test_connected (void)
{
  MediaRenewal renewal = { 0 };

  media_renewal_begin (&renewal, MS (0));
  media_renewal_answered (&renewal, MS (100));
  g_assert_false (is_due (&renewal, 60000, TRUE, 5900));
  g_assert_true (is_due (&renewal, 60000, TRUE, 6000));
  media_renewal_hurry (&renewal, MS (60000));
  g_assert_false (is_due (&renewal, 60000, TRUE, 900));
  g_assert_true (is_due (&renewal, 69000, TRUE, 1000));
  g_assert_false (is_due (&renewal, 71000, TRUE, 1000));
}

/* In the dark: about once a second. */
static void
test_dark (void)
{
  MediaRenewal renewal = { 0 };
  gint64 now = 0;

  for (guint i = 1; i <= 16; i++)
    {
      media_renewal_begin (&renewal, MS (now));
      g_assert_false (is_due (&renewal, now + 2900, FALSE, 0));
      media_renewal_answered (&renewal, MS (now + 100));
      g_assert_false (is_due (&renewal, now + 600, FALSE, 0));
      g_assert_cmpint (is_due (&renewal, now + 1000, FALSE, 0), ==, i % 8 != 0);
      g_assert_true (is_due (&renewal, now + 5200, FALSE, 0));
      now += 1000;
    }
  media_renewal_well (&renewal, -1);
  media_renewal_begin (&renewal, MS (now));
  media_renewal_answered (&renewal, MS (now));
  g_assert_true (is_due (&renewal, now + 700, FALSE, 0));
}

/* Nobody answers; a slow path has the round trips that it needs. */
static void
test_slow (void)
{
  MediaRenewal renewal = { 0 };

  media_renewal_begin (&renewal, MS (0));
  g_assert_false (is_due (&renewal, 2900, FALSE, 0));
  g_assert_true (is_due (&renewal, 3000, FALSE, 0));
  media_renewal_well (&renewal, 700);
  media_renewal_begin (&renewal, MS (0));
  g_assert_false (is_due (&renewal, 4300, FALSE, 0));
  g_assert_true (is_due (&renewal, 4400, FALSE, 0));
  media_renewal_answered (&renewal, MS (4400));
  g_assert_false (is_due (&renewal, 7000, FALSE, 0));
  g_assert_true (is_due (&renewal, 7100, FALSE, 0));
  media_renewal_well (&renewal, 1e12); /* nonsense does not stop it for ever */
  media_renewal_begin (&renewal, MS (0));
  media_renewal_answered (&renewal, MS (0));
  g_assert_true (is_due (&renewal, 31000, FALSE, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/renewal/connected", test_connected);
  g_test_add_func ("/media/renewal/dark", test_dark);
  g_test_add_func ("/media/renewal/slow", test_slow);
  return g_test_run ();
}
