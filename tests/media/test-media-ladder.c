/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-ladder.h"

/* Which rung is sent, over made and recorded rates: a pure function, without a call. */

typedef struct
{
  MediaLadder ladder;
  gint64 now_us;
  guint ups, downs;
} Walk;

static Walk
walk_from (MediaRung rung, MediaRung highest)
{
  Walk walk = { .now_us = 1000 };

  media_ladder_init (&walk.ladder, rung, highest);
  return walk;
}

static void
walk_on (Walk *walk, guint bps, gboolean light, double seconds)
{
  for (int i = 0; i < seconds * 2; i++)
    {
      MediaRung before = walk->ladder.rung;

      media_ladder_step (&walk->ladder, bps, light, walk->now_us);
      walk->now_us += G_USEC_PER_SEC / 2;
      walk->ups += walk->ladder.rung > before;
      walk->downs += walk->ladder.rung < before;
    }
}

static void
test_down_at_once (void)
{
  Walk walk = walk_from (MEDIA_RUNG_HD, MEDIA_RUNG_HD);

  walk_on (&walk, 1099000, FALSE, 0.5);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_SD);
  walk_on (&walk, 60000, FALSE, 0.5);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_AUDIO);
  walk_on (&walk, 0, FALSE, 60); /* sound is never given up for a low rate */
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_AUDIO);
}

static void
test_up_one_by_one (void)
{
  Walk walk = walk_from (MEDIA_RUNG_AUDIO, MEDIA_RUNG_HD);

  walk_on (&walk, 2500000, FALSE, 10);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_AUDIO); /* ten seconds of sound prove little */
  walk_on (&walk, 2500000, FALSE, 1);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_THUMBNAIL);
  walk_on (&walk, 2500000, FALSE, 2);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_THUMBNAIL);
  walk_on (&walk, 2500000, FALSE, 1);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_SD);
  walk_on (&walk, 2500000, FALSE, 4);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_HD);
  g_assert_cmpuint (walk.ups, ==, 3);
}

/* Between leaving and entering nothing moves, from either side. */
static void
test_hysteresis (void)
{
  Walk above = walk_from (MEDIA_RUNG_SD, MEDIA_RUNG_HD);
  Walk below = walk_from (MEDIA_RUNG_THUMBNAIL, MEDIA_RUNG_HD);

  walk_on (&above, 155000, FALSE, 60);
  walk_on (&below, 182000, FALSE, 60);
  g_assert_cmpint (above.ladder.rung, ==, MEDIA_RUNG_SD);
  g_assert_cmpint (below.ladder.rung, ==, MEDIA_RUNG_THUMBNAIL);
}

static void
test_rate_must_last (void)
{
  Walk walk = walk_from (MEDIA_RUNG_THUMBNAIL, MEDIA_RUNG_HD);

  for (int i = 0; i < 20; i++)
    {
      walk_on (&walk, 900000, FALSE, 2);
      walk_on (&walk, 150000, FALSE, 0.5);
    }
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_THUMBNAIL);
}

/* A path that carries the next rung's rate only until it is used: each try comes later. */
static void
test_failed_climbs_wait (void)
{
  Walk walk = walk_from (MEDIA_RUNG_AUDIO, MEDIA_RUNG_HD);

  for (int second = 0; second < 300; second++)
    walk_on (&walk, walk.ladder.rung > MEDIA_RUNG_AUDIO ? 60000 : 130000, FALSE, 1);
  g_test_message ("%u climbs in five minutes", walk.ups);
  g_assert_cmpuint (walk.ups, >=, 4); /* it never gives up */
  g_assert_cmpuint (walk.ups, <=, 9);
  walk_on (&walk, 130000, FALSE, 61);
  walk_on (&walk, 130000, FALSE, 21);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_THUMBNAIL);
  g_assert_cmpint (walk.ladder.wait_us, ==, 3 * G_USEC_PER_SEC); /* this one lasted */
}

static void
test_light (void)
{
  Walk walk = walk_from (MEDIA_RUNG_SD, MEDIA_RUNG_SD);

  walk_on (&walk, 90000, TRUE, 60);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_SD);
  walk_on (&walk, 90000, FALSE, 0.5);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_AUDIO);
}

static void
test_by_hand (void)
{
  Walk walk = walk_from (MEDIA_RUNG_SD, MEDIA_RUNG_HD);

  media_ladder_set_highest (&walk.ladder, MEDIA_RUNG_AUDIO);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_AUDIO);
  walk_on (&walk, 5000000, FALSE, 120);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_AUDIO);
  media_ladder_set_highest (&walk.ladder, MEDIA_RUNG_SD);
  walk_on (&walk, 5000000, FALSE, 30);
  g_assert_cmpint (walk.ladder.rung, ==, MEDIA_RUNG_SD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/ladder/down-at-once", test_down_at_once);
  g_test_add_func ("/media/ladder/up-one-by-one", test_up_one_by_one);
  g_test_add_func ("/media/ladder/hysteresis", test_hysteresis);
  g_test_add_func ("/media/ladder/rate-must-last", test_rate_must_last);
  g_test_add_func ("/media/ladder/failed-climbs-wait", test_failed_climbs_wait);
  g_test_add_func ("/media/ladder/light", test_light);
  g_test_add_func ("/media/ladder/by-hand", test_by_hand);
  return g_test_run ();
}
