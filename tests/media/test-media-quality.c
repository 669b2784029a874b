/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-quality.h"

#include <string.h>

/* A good second, to be made worse in one thing. */
static MediaQuality
good (void)
{
  return (MediaQuality) {
    .round_trip_ms = 40,
    .silent_ms = 20,
    .out = { 0, 5, 800, 1000, 30 },
    .in = { 0, 5, 900, 1200, 30 },
    .rung = MEDIA_RUNG_SD,
    .their_rung = MEDIA_RUNG_SD,
  };
}

#define CASE(expected, change)                                                                     \
  {                                                                                                \
    MediaQuality q = good ();                                                                      \
    change;                                                                                        \
    g_test_message ("%s", #change);                                                                \
    g_assert_cmpint (media_quality_judge (&q), ==, expected);                                      \
  }

/* The README's thresholds, each from both sides, in both directions. */
static void
test_thresholds (void)
{
  CASE (MEDIA_VERDICT_GOOD, q.silent_ms = 2999);
  CASE (MEDIA_VERDICT_LOST, q.silent_ms = 3000);
  CASE (MEDIA_VERDICT_UNKNOWN, (q.in.kbps = 0, q.round_trip_ms = -1));
  CASE (MEDIA_VERDICT_GOOD, q.in.kbps = 0);
  CASE (MEDIA_VERDICT_SOUND, q.rung = MEDIA_RUNG_AUDIO);
  CASE (MEDIA_VERDICT_SOUND, q.their_rung = MEDIA_RUNG_AUDIO);
  CASE (MEDIA_VERDICT_GOOD, q.out.loss_percent = 5);
  CASE (MEDIA_VERDICT_SHAKY, q.out.loss_percent = 5.1);
  CASE (MEDIA_VERDICT_SHAKY, q.in.loss_percent = 5.1);
  CASE (MEDIA_VERDICT_GOOD, q.round_trip_ms = 400);
  CASE (MEDIA_VERDICT_SHAKY, q.round_trip_ms = 401);
  CASE (MEDIA_VERDICT_GOOD, q.in.jitter_ms = 60);
  CASE (MEDIA_VERDICT_SHAKY, q.in.jitter_ms = 61);
  CASE (MEDIA_VERDICT_SHAKY, q.out.jitter_ms = 61);
  CASE (MEDIA_VERDICT_SLOW, q.rung = MEDIA_RUNG_THUMBNAIL);
  CASE (MEDIA_VERDICT_SLOW, q.their_rung = MEDIA_RUNG_THUMBNAIL);
  CASE (MEDIA_VERDICT_SLOW, q.in.frames = 11);
  CASE (MEDIA_VERDICT_SLOW, q.out.frames = 11);
  CASE (MEDIA_VERDICT_GOOD, q.in.frames = 12);
  CASE (MEDIA_VERDICT_GOOD, q.in.frames = 0);
  CASE (MEDIA_VERDICT_GOOD, q.out.frames = -1);
  CASE (MEDIA_VERDICT_GOOD, q.in.frozen_ms = 2999);
  CASE (MEDIA_VERDICT_SLOW, q.in.frozen_ms = 3000);
  CASE (MEDIA_VERDICT_SLOW, q.out.frozen_ms = 3000);
  CASE (MEDIA_VERDICT_GOOD, q.out.frozen_ms = -1);
  /* the worst counts */
  CASE (MEDIA_VERDICT_SOUND, (q.rung = MEDIA_RUNG_AUDIO, q.out.loss_percent = 30));
  CASE (MEDIA_VERDICT_SHAKY, (q.rung = MEDIA_RUNG_THUMBNAIL, q.out.loss_percent = 30));
}

static void
test_freeze (void)
{
  MediaFreeze freeze = { 0 };

  g_assert_cmpint (media_freeze_step (&freeze, 1000, 10, 500000), ==, 0);
  g_assert_cmpint (media_freeze_step (&freeze, 2000, 10, 500000), ==,
                   500); /* packets, no picture */
  g_assert_cmpint (media_freeze_step (&freeze, 3000, 10, 600000), ==, 1100);
  g_assert_cmpint (media_freeze_step (&freeze, 4000, 11, 500000), ==, 0); /* it moves again */
  g_assert_cmpint (media_freeze_step (&freeze, 5000, 11, 500000), ==, 500);
  g_assert_cmpint (media_freeze_step (&freeze, 5000, 11, 500000), ==, 0); /* the camera is off */
}

static MediaVerdict
step (MediaJudge *judge, MediaVerdict second)
{
  MediaQuality quality = good ();

  if (second == MEDIA_VERDICT_LOST)
    quality.silent_ms = 4000;
  else if (second == MEDIA_VERDICT_SOUND)
    quality.rung = MEDIA_RUNG_AUDIO;
  else if (second == MEDIA_VERDICT_SHAKY)
    quality.out.loss_percent = 9;
  else if (second == MEDIA_VERDICT_SLOW)
    quality.in.frames = 5;
  else if (second == MEDIA_VERDICT_UNKNOWN)
    quality.in.kbps = quality.round_trip_ms = -1;
  return media_judge_step (judge, &quality);
}

/* Letters are seconds: what was measured, and what is said at its end. */
static void
test_without_flicker (void)
{
  static const struct
  {
    const char *measured, *said;
  } cases[] = {
    { "--gggg", "--gggg" },
    { "gkgkgk", "gggggg" },             /* every other second is noise */
    { "gkkk", "ggkk" },                 /* worse after two */
    { "gwkkk", "ggwwk" },               /* as the milder of the two */
    { "wwgg", "-www" },                 /* a first second alone says little */
    { "kkggggkggggg", "-kkkkkkkkkkg" }, /* better after five in a row */
    { "ssssgwgwgg", "ssssssssww" },     /* the worst of the five first */
    { "glg", "glg" },
    { "glkkk", "gl-kk" },
    { "glwggg", "gl-ggg" }, /* silence is said at once, and its end too */
    { "ggs-ss", "ggggss" }, /* a second without figures decides nothing */
  };
  static const char letters[] = "-gwksl";

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MediaJudge judge = { 0 };

      for (gsize n = 0; cases[i].measured[n] != '\0'; n++)
        {
          MediaVerdict second = (MediaVerdict) (strchr (letters, cases[i].measured[n]) - letters);

          g_test_message ("%s, second %zu", cases[i].measured, n);
          g_assert_cmpint (letters[step (&judge, second)], ==, cases[i].said[n]);
        }
    }
}

static void
test_sentences (void)
{
  g_assert_null (media_verdict_get_sentence (MEDIA_VERDICT_UNKNOWN));
  for (int i = MEDIA_VERDICT_GOOD; i <= MEDIA_VERDICT_LOST; i++)
    for (int j = MEDIA_VERDICT_GOOD; j < i; j++)
      g_assert_cmpstr (media_verdict_get_sentence (i), !=, media_verdict_get_sentence (j));
}

static void
test_text (void)
{
  MediaQuality quality = good ();
  g_autofree char *text = NULL;

  quality.verdict = MEDIA_VERDICT_GOOD;
  quality.out.loss_percent = 1.25;
  text = media_quality_dup_text (&quality);
  g_assert_cmpstr (text, ==,
                   "good sd/sd rtt 40 silent 20 out 1.2 5 800 1000 30 in 0.0 5 900 1200 30");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/quality/thresholds", test_thresholds);
  g_test_add_func ("/media/quality/freeze", test_freeze);
  g_test_add_func ("/media/quality/without-flicker", test_without_flicker);
  g_test_add_func ("/media/quality/sentences", test_sentences);
  g_test_add_func ("/media/quality/text", test_text);
  return g_test_run ();
}
