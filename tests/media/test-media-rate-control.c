/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-rate-control.h"

/* On the rung that so much carries. */
static MediaRate
rate_at (guint bps, MediaRung highest)
{
  MediaRate rate;

  media_rate_init (&rate, highest);
  rate.bps = MIN (bps, rate.ceiling_bps);
  rate.heard = TRUE;
  rate.starting = FALSE;
  media_ladder_step (&rate.ladder, rate.bps, FALSE, 0);
  return rate;
}

static void
test_one_step (void)
{
  static const struct
  {
    const char *what;
    guint bps;
    MediaRateSample sample;
    guint expected;
    guint growing, silent; /* samples before this one */
  } cases[] = {
    { "calm climbs", 500000, { 5, 0.1, 0, 500000 }, 533000 },
    { "some loss keeps", 500000, { 5, 0, 5, 500000 }, 500000 },
    { "the queue grows once", 900000, { 5, 2, 0, 700000 }, 765000 },
    { "the queue grows: to what arrived", 900000, { 5, 2, 0, 700000 }, 510000, 1 },
    { "much loss: at most halved", 900000, { 5, 0, 20, 100000 }, 450000 },
    { "some loss, no queue: gently", 800000, { 5, 0, 12, 100000 }, 752000 },
    { "overuse with nothing known of arrivals", 900000, { 5, 2, 0, 0 }, 765000, 1 },
    { "overuse never raises", 100000, { 5, 2, 0, 2000000 }, 85000, 1 },
    { "a still picture proves nothing", 500000, { 5, 0, 0, 90000, 90000 }, 500000 },
    { "one report is missing", 500000, { 0 }, 500000 },
    { "silence", 500000, { 0 }, 350000, 0, 1 },
    { "silence while sound alone is sent", 61000, { 0 }, 72050 },
    { "floor", 61000, { 5, 2, 0, 61000 }, 60000 },
    { "ceiling of SD", 990000, { 5, 0, 0, 990000 }, 1000000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MediaRate rate = rate_at (cases[i].bps, MEDIA_RUNG_SD);

      g_test_message ("%s", cases[i].what);
      rate.growing = cases[i].growing;
      rate.silent = cases[i].silent;
      media_rate_step (&rate, &cases[i].sample);
      g_assert_cmpuint (rate.bps, ==, cases[i].expected);
    }
}

static void
test_holds_after_overuse (void)
{
  MediaRate rate = rate_at (900000, MEDIA_RUNG_SD);
  MediaRateSample overuse = { 5, 2, 0, 700000, 0, 1000000 };
  MediaRateSample calm = { 5, 0, 0, 500000, 0, 2900000 };
  guint held;

  media_rate_step (&rate, &overuse);
  held = rate.bps;
  media_rate_step (&rate, &calm);
  g_assert_cmpuint (rate.bps, ==, held);
  calm.now_us = 3000000;
  media_rate_step (&rate, &calm);
  g_assert_cmpuint (rate.bps, >, held);
}

/* Before the first feedback its absence says nothing: the other side may not offer it at all. */
static void
test_silence_before_feedback (void)
{
  MediaRate rate;
  MediaRateSample silence = { 0 };

  media_rate_init (&rate, MEDIA_RUNG_SD);
  for (int i = 0; i < 20; i++)
    media_rate_step (&rate, &silence);
  g_assert_cmpuint (rate.bps, ==, 220000);
}

/* A link that drops to 500 kbit/s is found within a few steps, and the rate stays under it. */
static void
test_finds_a_small_link (void)
{
  MediaRate rate = rate_at (1000000, MEDIA_RUNG_SD);
  const guint link = 500000;
  guint above = 0;

  for (int i = 0; i < 60; i++)
    {
      guint sent = rate.bps + 50000;
      MediaRateSample sample = {
        5, sent > link ? 3 : 0, sent > link ? 100.0 * (sent - link) / sent : 0, MIN (sent, link),
        0, i * 500000
      };

      above += sent > link;
      media_rate_step (&rate, &sample);
    }
  g_assert_cmpuint (above, <, 15);
  g_assert_cmpuint (rate.bps, >, 150000);
  g_assert_cmpuint (rate.bps, <, 600000);
}

/* What a call begins with passes a poor path, and a good one is used within seconds; with losses
 * that no queue goes with, too. */
static void
test_start (void)
{
  for (int loss = 0; loss <= 5; loss += 5)
    {
      MediaRate rate;
      MediaRateSample calm = { 5, 0, loss, 0, 0, 0 };

      media_rate_init (&rate, MEDIA_RUNG_SD);
      g_assert_cmpuint (rate.bps, <=, 300000);
      g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_SD);
      for (int i = 0; i < 8; i++, calm.now_us += G_USEC_PER_SEC / 2)
        media_rate_step (&rate, &calm);
      g_assert_cmpuint (rate.bps, ==, 1000000);
    }
}

/* 300 kbit/s, sound beside: pictures keep their size from the first second on. */
static void
test_start_on_a_poor_path (void)
{
  const guint link = 300000, voice = 50000;
  double queued = 0;
  MediaRate rate;

  media_rate_init (&rate, MEDIA_RUNG_SD);
  for (int i = 0; i < 60; i++)
    {
      double before = queued, sent = (rate.bps + voice) / 2.0;
      MediaRateSample sample = { 5, 0, 0, 0, rate.bps, i * 500000 };

      queued = MAX (queued + sent - link / 2.0, 0);
      sample.received_bps = (guint) MIN (link, 2 * (sent + before));
      sample.delay_growth_ms = queued > before ? 3 : 0;
      media_rate_step (&rate, &sample);
      g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_SD);
      g_assert_cmpfloat (queued, <, 0.5 * link); /* half a second of it */
    }
}

/* Round trips that stay long are a queue that stands, though no packet shows it grow. */
static void
test_standing_queue (void)
{
  MediaRate rate = rate_at (500000, MEDIA_RUNG_SD);
  MediaRateSample full = { 5, 0, 0, 280000, 500000, 0, 200 }, half = { 5, 0, 0, 280000, 0, 0, 80 };

  media_rate_step (&rate, &full); /* once may be one large picture */
  g_assert_cmpuint (rate.bps, ==, 500000);
  full.now_us = G_USEC_PER_SEC / 2;
  media_rate_step (&rate, &full);
  g_assert_cmpuint (rate.bps, <, 300000);
  half.now_us = 20 * G_USEC_PER_SEC;
  for (int i = 0; i < 10; i++, half.now_us += G_USEC_PER_SEC / 2)
    {
      guint before = rate.bps;

      media_rate_step (&rate, &half);
      g_assert_cmpuint (rate.bps, ==, before); /* no climb into a queue */
    }
}

/* What overflowed before is not run into again: it is felt for, in small steps. */
static void
test_remembers_the_path (void)
{
  MediaRate rate = rate_at (500000, MEDIA_RUNG_SD);
  MediaRateSample overuse = { 5, 3, 0, 280000 }, calm = { 5, 0, 0, 250000, 0, 20000000 };
  guint steps = 0;

  for (int i = 0; i < 3; i++, overuse.now_us += G_USEC_PER_SEC)
    media_rate_step (&rate, &overuse);
  g_assert_cmpuint (rate.bps, <, 250000);
  while (rate.bps < 280000 && steps < 1000)
    {
      media_rate_step (&rate, &calm);
      calm.now_us += G_USEC_PER_SEC / 2;
      steps++;
    }
  g_test_message ("%u half seconds", steps);
  g_assert_cmpuint (steps, >, 30);
  g_assert_cmpuint (steps, <, 100);
}

/* Down as far as it must and up one rung at a time, each way once. */
static void
test_ladder (void)
{
  MediaRate rate = rate_at (1000000, MEDIA_RUNG_HD);
  MediaRateSample silence = { 0 }, calm = { 5 };
  guint changes = 0;
  gint64 now = 0;
  MediaRung before;

  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_SD);
  for (int i = 0; i < 60; i++, calm.now_us = now += G_USEC_PER_SEC / 2)
    media_rate_step (&rate, &calm);
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_HD);
  for (int i = 0; i < 20 && rate.ladder.rung > MEDIA_RUNG_AUDIO; i++)
    {
      before = rate.ladder.rung;
      silence.now_us = now += G_USEC_PER_SEC / 2;
      media_rate_step (&rate, &silence);
      g_assert_cmpint (rate.ladder.rung, <=, before);
    }
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_AUDIO);
  for (int i = 0; i < 400; i++)
    {
      before = rate.ladder.rung; /* sound alone may bring no reports, and must not be for ever */
      silence.now_us = calm.now_us = now += G_USEC_PER_SEC / 2;
      media_rate_step (&rate, rate.ladder.rung == MEDIA_RUNG_AUDIO ? &silence : &calm);
      changes += rate.ladder.rung != before;
    }
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_HD);
  g_assert_cmpuint (changes, ==, 3); /* one step at a time, none back */
}

/* After an outage pictures come back at once, and what was lost in it is not held against the path;
 * but each outage halves what is tried, so that a path that falls silent under load is found. */
static void
test_outage (void)
{
  MediaRate rate = rate_at (900000, MEDIA_RUNG_SD);
  MediaRateSample silence = { 0 }, after = { 5, 3, 96, 20000 };

  for (int outage = 0; outage < 4; outage++)
    {
      for (int i = 0; i < 8; i++)
        media_rate_step (&rate, &silence);
      g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_AUDIO);
      g_assert_true (media_rate_step (&rate, &after));
      g_test_message ("%u bit/s", rate.bps);
      if (outage == 0)
        g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_SD);
      after.now_us += 1;
    }
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_AUDIO);
}

/* Not even a beat gets through: within 2 s pictures are paused, from any rate. */
static void
test_starving (void)
{
  MediaRate rate = rate_at (1000000, MEDIA_RUNG_SD);

  for (int i = 0; i < 4; i++)
    media_rate_starve (&rate, i * G_USEC_PER_SEC / 2);
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_AUDIO);
  g_assert_cmpuint (rate.bps, >=, 60000);
}

/* What is heard right after the rate was lowered is of the rate before. */
static void
test_settles (void)
{
  MediaRate rate = rate_at (900000, MEDIA_RUNG_SD);
  MediaRateSample overuse = { 5, 3, 30, 400000, 0, 10000000 };
  guint once;

  media_rate_step (&rate, &overuse);
  once = rate.bps;
  g_assert_cmpuint (once, <, 900000);
  overuse.now_us += G_USEC_PER_SEC / 2;
  media_rate_step (&rate, &overuse);
  g_assert_cmpuint (rate.bps, ==, once);
  overuse.now_us += G_USEC_PER_SEC / 2;
  media_rate_step (&rate, &overuse);
  g_assert_cmpuint (rate.bps, <, once);
}

/* A picture that needs little keeps its size at a low rate. */
static void
test_still_picture (void)
{
  MediaRate rate = rate_at (200000, MEDIA_RUNG_SD);
  MediaRateSample light = { 5, 2, 0, 90000, 90000 }, full = { 5, 2, 0, 200000, 200000, 2000000 };

  rate.ladder.rung = MEDIA_RUNG_SD;
  media_rate_step (&rate, &light);
  g_assert_cmpuint (rate.bps, <, 180000);
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_SD);
  media_rate_step (&rate, &full);
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_THUMBNAIL);
}

static void
test_chosen_by_hand (void)
{
  MediaRate rate = rate_at (2000000, MEDIA_RUNG_HD);
  MediaRateSample calm = { 5 };

  media_rate_set_highest (&rate, MEDIA_RUNG_AUDIO);
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_AUDIO);
  for (int i = 0; i < 100; i++)
    media_rate_step (&rate, &calm);
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_AUDIO);
  g_assert_cmpuint (rate.bps, ==, 100000);
  media_rate_set_highest (&rate, MEDIA_RUNG_SD); /* at once */
  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_SD);
}

/* Quiet sound is a third of no rate that pictures need: it must not keep them away for ever. */
static void
test_leaves_sound_alone (void)
{
  MediaRate rate = rate_at (99000, MEDIA_RUNG_SD);
  MediaRateSample quiet = { 5, 0, 0, 22000, 22000, 0 };

  g_assert_cmpint (rate.ladder.rung, ==, MEDIA_RUNG_AUDIO);
  for (int i = 0; i < 30; i++, quiet.now_us += G_USEC_PER_SEC / 2)
    media_rate_step (&rate, &quiet);
  g_assert_cmpint (rate.ladder.rung, >, MEDIA_RUNG_AUDIO);
}

static void
test_jitter (void)
{
  g_assert_cmpuint (media_rate_jitter_ms (0, 100), ==, 40);
  g_assert_cmpuint (media_rate_jitter_ms (2, -1), ==, 200);
  g_assert_cmpuint (media_rate_jitter_ms (2, 150), ==, 350);
  g_assert_cmpuint (media_rate_jitter_ms (2, 5000), ==, 600);
}

/* Against the best one, be it of no time at all; and that is given up slowly. */
static void
test_queue (void)
{
  int best = 0;

  g_assert_cmpuint (media_rate_queue_ms (&best, -1), ==, 0);
  g_assert_cmpint (best, ==, 0);
  g_assert_cmpuint (media_rate_queue_ms (&best, 80), ==, 0);
  g_assert_cmpuint (media_rate_queue_ms (&best, 380), ==, 299);
  g_assert_cmpuint (media_rate_queue_ms (&best, -1), ==, 0);
  g_assert_cmpint (best, ==, 81);
  g_assert_cmpuint (media_rate_queue_ms (&best, 60), ==, 0);
  for (int i = 1; i <= 40; i++)
    g_assert_cmpuint (media_rate_queue_ms (&best, 100), ==, 40 - i);
  g_assert_cmpuint (media_rate_queue_ms (&best, 100), ==, 0);
  best = 0;
  g_assert_cmpuint (media_rate_queue_ms (&best, 0), ==, 0);
  g_assert_cmpuint (media_rate_queue_ms (&best, 0), ==, 0);
  g_assert_cmpuint (media_rate_queue_ms (&best, 300), ==, 298);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/rate-control/one-step", test_one_step);
  g_test_add_func ("/media/rate-control/holds-after-overuse", test_holds_after_overuse);
  g_test_add_func ("/media/rate-control/silence-before-feedback", test_silence_before_feedback);
  g_test_add_func ("/media/rate-control/finds-a-small-link", test_finds_a_small_link);
  g_test_add_func ("/media/rate-control/start", test_start);
  g_test_add_func ("/media/rate-control/start-on-a-poor-path", test_start_on_a_poor_path);
  g_test_add_func ("/media/rate-control/standing-queue", test_standing_queue);
  g_test_add_func ("/media/rate-control/remembers-the-path", test_remembers_the_path);
  g_test_add_func ("/media/rate-control/ladder", test_ladder);
  g_test_add_func ("/media/rate-control/outage", test_outage);
  g_test_add_func ("/media/rate-control/starving", test_starving);
  g_test_add_func ("/media/rate-control/settles", test_settles);
  g_test_add_func ("/media/rate-control/still-picture", test_still_picture);
  g_test_add_func ("/media/rate-control/chosen-by-hand", test_chosen_by_hand);
  g_test_add_func ("/media/rate-control/leaves-sound-alone", test_leaves_sound_alone);
  g_test_add_func ("/media/rate-control/jitter", test_jitter);
  g_test_add_func ("/media/rate-control/queue", test_queue);
  return g_test_run ();
}
