/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-heartbeat.h"

#define MS 1000

static void
beat_at (MediaHeartbeat *heartbeat, gint64 ms)
{
  g_free (media_heartbeat_dup_beat (heartbeat, MEDIA_VERDICT_GOOD, MEDIA_RUNG_SD, ms * MS));
}

static void
test_says (void)
{
  MediaHeartbeat heartbeat;
  g_autofree char *text = NULL;

  media_heartbeat_init (&heartbeat);
  text = media_heartbeat_dup_beat (&heartbeat, MEDIA_VERDICT_SHAKY, MEDIA_RUNG_THUMBNAIL, 1);
  g_assert_cmpstr (text, ==, "beat n=1 says=shaky send=thumbnail");
}

static void
test_round_trip (void)
{
  MediaHeartbeat heartbeat;

  media_heartbeat_init (&heartbeat);
  g_assert_cmpint (media_heartbeat_get_round_trip_ms (&heartbeat), ==, -1);
  beat_at (&heartbeat, 1000);
  beat_at (&heartbeat, 1500);
  g_assert_true (media_heartbeat_take (&heartbeat, "beat n=1", 1180 * MS));
  g_assert_cmpint (media_heartbeat_get_round_trip_ms (&heartbeat), ==, 180);
  g_assert_true (media_heartbeat_take (&heartbeat, "beat n=2", 1600 * MS));
  g_assert_cmpint (media_heartbeat_get_round_trip_ms (&heartbeat), ==, 100);
  for (int i = 3; i < 7; i++) /* the path got longer: soon all of the last ones say so */
    {
      g_autofree char *answer = g_strdup_printf ("beat n=%d", i);

      beat_at (&heartbeat, i * 1000);
      media_heartbeat_take (&heartbeat, answer, (i * 1000 + 400) * MS);
    }
  g_assert_cmpint (media_heartbeat_get_round_trip_ms (&heartbeat), ==, 400);
}

/* An answer that comes twice, to a number that was never said, or much too late, times nothing. */
static void
test_untimely (void)
{
  MediaHeartbeat heartbeat;

  media_heartbeat_init (&heartbeat);
  media_heartbeat_take (&heartbeat, "beat n=1", 1000 * MS);
  media_heartbeat_take (&heartbeat, "beat n=0", 1000 * MS);
  media_heartbeat_take (&heartbeat, "beat n=99999999999999999999", 1000 * MS);
  media_heartbeat_take (&heartbeat, "beat n=-1", 1000 * MS);
  g_assert_cmpint (media_heartbeat_get_round_trip_ms (&heartbeat), ==, -1);
  beat_at (&heartbeat, 1000);
  media_heartbeat_take (&heartbeat, "beat n=1", 1200 * MS);
  media_heartbeat_take (&heartbeat, "beat n=1", 1201 * MS);
  g_assert_cmpuint (heartbeat.answers, ==, 1);
  for (int i = 0; i < 20; i++)
    beat_at (&heartbeat, 2000 + i);
  media_heartbeat_take (&heartbeat, "beat n=2", 3000 * MS);
  g_assert_cmpuint (heartbeat.answers, ==, 1);
}

static void
test_figures (void)
{
  MediaHeartbeat heartbeat;

  media_heartbeat_init (&heartbeat);
  g_assert_true (media_heartbeat_take (
      &heartbeat,
      "beat n=1 silent=40 loss=2.5 jitter=12 kbps=811.4 frames=29.9 available=1200 new=7", 5));
  g_assert_cmpfloat (heartbeat.to_them.loss_percent, ==, 2.5);
  g_assert_cmpint (heartbeat.to_them.jitter_ms, ==, 12);
  g_assert_cmpint (heartbeat.to_them.kbps, ==, 811);
  g_assert_cmpint (heartbeat.to_them.frames, ==, 29);
  g_assert_cmpint (heartbeat.from_them.available_kbps, ==, 1200);
  g_assert_cmpint (heartbeat.silent_ms, ==, 40);
  g_assert_true (
      media_heartbeat_take (&heartbeat, "beat n=2", 6)); /* what is not said is unknown */
  g_assert_cmpfloat (heartbeat.to_them.loss_percent, ==, -1);
  g_assert_cmpint (heartbeat.from_them.available_kbps, ==, -1);
}

static void
test_bad_input (void)
{
  static const char *const not_beats[] = { "", "bea", "hello", "beatn=1", "BEAT n=1", " beat" };
  static const char *const odd[] = {
    "beat loss=nan",    "beat loss=-5",      "beat loss=", "beat loss", "beat =5",
    "beat loss=1e999x", "beat jitter=12abc", "beat   ",    "beat n=",   "beat loss=\xff",
  };
  g_autofree char *giant = g_strnfill (100000, 'x');
  g_autofree char *long_beat = g_strconcat ("beat ", giant, NULL);
  MediaHeartbeat heartbeat;

  media_heartbeat_init (&heartbeat);
  for (gsize i = 0; i < G_N_ELEMENTS (not_beats); i++)
    g_assert_false (media_heartbeat_take (&heartbeat, not_beats[i], 1));
  g_assert_false (media_heartbeat_take (&heartbeat, long_beat, 1));
  g_assert_cmpint (heartbeat.answered_us, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_test_message ("%s", odd[i]);
      g_assert_true (media_heartbeat_take (&heartbeat, odd[i], 1));
      g_assert_cmpfloat (heartbeat.to_them.loss_percent, ==, -1);
      g_assert_cmpint (heartbeat.to_them.jitter_ms, ==, -1);
    }
  media_heartbeat_take (&heartbeat, "beat loss=1e300 kbps=inf silent=1e18 available=9e9", 1);
  g_assert_cmpfloat (heartbeat.to_them.loss_percent, ==, 100);
  g_assert_cmpint (heartbeat.to_them.kbps, ==, 100000);
  g_assert_cmpint (heartbeat.from_them.available_kbps, ==, 100000);
  g_assert_cmpint (heartbeat.silent_ms, ==, 3600000);
}

/* Two seconds without an answer while something comes; after an outage not before ten. */
static void
test_starving (void)
{
  MediaHeartbeat heartbeat;
  const gint64 s = G_USEC_PER_SEC;

  media_heartbeat_init (&heartbeat);
  g_assert_false (media_heartbeat_is_starving (&heartbeat, 1 * s, 60 * s)); /* a page of before */
  media_heartbeat_take (&heartbeat, "beat", 10 * s);
  g_assert_false (media_heartbeat_is_starving (&heartbeat, 1 * s, 11 * s));
  g_assert_true (media_heartbeat_is_starving (&heartbeat, 1 * s, 12 * s));
  g_assert_false (media_heartbeat_is_starving (&heartbeat, 0, 14 * s)); /* an outage */
  g_assert_false (media_heartbeat_is_starving (&heartbeat, 15 * s, 16 * s));
  g_assert_false (media_heartbeat_is_starving (&heartbeat, 15 * s, 24 * s));
  g_assert_true (media_heartbeat_is_starving (&heartbeat, 15 * s, 25 * s));
  media_heartbeat_take (&heartbeat, "beat", 17 * s);
  g_assert_false (media_heartbeat_is_starving (&heartbeat, 15 * s, 18 * s));
  g_assert_true (media_heartbeat_is_starving (&heartbeat, 15 * s, 19 * s));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/heartbeat/says", test_says);
  g_test_add_func ("/media/heartbeat/round-trip", test_round_trip);
  g_test_add_func ("/media/heartbeat/untimely", test_untimely);
  g_test_add_func ("/media/heartbeat/figures", test_figures);
  g_test_add_func ("/media/heartbeat/starving", test_starving);
  g_test_add_func ("/media/heartbeat/bad-input", test_bad_input);
  return g_test_run ();
}
