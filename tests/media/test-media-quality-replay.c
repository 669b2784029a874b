/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "media-ladder.h"
#include "media-quality.h"

/* Recorded calls over bad networks, replayed: the workstation's verdict of the recorded figures,
 * and what the patient's page shows of it with the beats that reached it, when they did. Both have
 * to say the same in 95 % of the time, over all of them. (tests/fixtures/quality/README.md) */

#define MOST       4000
#define NEAREST_MS 150

typedef struct
{
  int ms;
  MediaVerdict verdict;
  int round_trip_ms;
} Second;

typedef struct
{
  int ms, beat_ago, heard_ago;
} Moment;

typedef struct
{
  GArray *seconds; /* Second */
  GArray *moments; /* Moment: four a second */
} Profile;

static int
index_of (const char *id, const char *(*name) (int), int last)
{
  for (int i = 0; i <= last; i++)
    if (g_strcmp0 (id, name (i)) == 0)
      return i;
  g_error ("unknown word in a profile: %s", id);
}

static const char *
rung_name (int rung)
{
  return media_rung_to_id (rung);
}

static MediaRung
read_rung (const char *id)
{
  return index_of (id, rung_name, MEDIA_RUNG_HD);
}

static void
read_second (Profile *profile, MediaJudge *judge, int ms, const char *text)
{
  MediaQuality q = { 0 };
  char verdict[16], rung[16], their_rung[16];
  int silent_ms;
  int found =
      sscanf (text,
              "%15s %15[a-z]/%15[a-z] rtt %d silent %d out %lf %d %d %d %d in %lf %d %d %d %d",
              verdict, rung, their_rung, &q.round_trip_ms, &silent_ms, &q.out.loss_percent,
              &q.out.jitter_ms, &q.out.kbps, &q.out.available_kbps, &q.out.frames,
              &q.in.loss_percent, &q.in.jitter_ms, &q.in.kbps, &q.in.available_kbps, &q.in.frames);
  Second second = { ms };

  g_assert_cmpint (found, ==, 15);
  q.silent_ms = silent_ms;
  q.rung = read_rung (rung);
  q.their_rung = read_rung (their_rung);
  second.verdict = media_judge_step (judge, &q);
  second.round_trip_ms = MAX (q.round_trip_ms, 0);
  g_array_append_val (profile->seconds, second);
}

static Profile
read_profile (const char *file)
{
  Profile profile = { g_array_new (FALSE, FALSE, sizeof (Second)),
                      g_array_new (FALSE, FALSE, sizeof (Moment)) };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  MediaJudge judge = { 0 };

  g_file_get_contents (file, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", MOST);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      Moment moment;
      int ms, rest = 0;

      if (sscanf (lines[i], "%d page %d %d", &moment.ms, &moment.beat_ago, &moment.heard_ago) == 3)
        g_array_append_val (profile.moments, moment);
      else if (sscanf (lines[i], "%d quality %n", &ms, &rest) == 1 && rest > 0)
        read_second (&profile, &judge, ms, lines[i] + rest);
    }
  return profile;
}

static void
profile_clear (Profile *profile)
{
  g_array_unref (profile->seconds);
  g_array_unref (profile->moments);
}

/* What the clinic said at that time. */
static const Second *
said_at (const Profile *profile, int ms)
{
  const Second *last = NULL;

  for (guint i = 0; i < profile->seconds->len; i++)
    {
      const Second *second = &g_array_index (profile->seconds, Second, i);

      if (second->ms <= ms)
        last = second;
    }
  return last;
}

/* The lines that the page's quality.js answers with, through a script of this folder. */
static GStrv
ask_page (const char *name, const char *input)
{
  g_autofree char *script =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "tests/media", name, NULL);
  g_autofree char *page =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "data/patient/quality.js", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) node =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        g_getenv ("NODE"), script, page, NULL);
  g_autofree char *output = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (node, input, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (node));
  return g_strsplit (g_strstrip (output), "\n", MOST);
}

static GStrv
replay_page (const Profile *profile)
{
  g_autoptr (GString) input = g_string_new (NULL);

  for (guint i = 0; i < profile->moments->len; i++)
    {
      const Moment *moment = &g_array_index (profile->moments, Moment, i);
      const Second *now = said_at (profile, moment->ms);
      int way_ms = now != NULL ? now->round_trip_ms / 2 : 0;
      /* beats are said every half second, right after the verdict: the nearest is meant */
      const Second *then =
          said_at (profile, moment->ms - MAX (moment->beat_ago, 0) - way_ms + NEAREST_MS);

      g_string_append_printf (input, "%d %d %d %s\n", moment->ms, moment->beat_ago,
                              moment->heard_ago,
                              media_verdict_to_id (then != NULL ? then->verdict : 0));
    }
  return ask_page ("replay-quality.mjs", input->str);
}

static void
count (const Profile *profile, guint *same, guint *all, gboolean seen[])
{
  g_auto (GStrv) shown = replay_page (profile);

  g_assert_cmpuint (g_strv_length (shown), ==, profile->moments->len);
  for (guint i = 0; i < profile->moments->len; i++)
    {
      const Second *now = said_at (profile, g_array_index (profile->moments, Moment, i).ms);
      MediaVerdict here = now != NULL ? now->verdict : MEDIA_VERDICT_UNKNOWN;

      (*all)++;
      *same += g_str_equal (shown[i], media_verdict_to_id (here));
      seen[here] = TRUE;
    }
}

static void
test_recorded (void)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "tests/fixtures/quality", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gboolean seen[MEDIA_VERDICT_LOST + 1] = { FALSE };
  guint files = 0, same = 0, all = 0;
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);
      guint before_same = same, before_all = all;
      Profile profile;

      if (!g_str_has_suffix (name, ".txt"))
        continue;
      files++;
      profile = read_profile (file);
      count (&profile, &same, &all, seen);
      g_test_message ("%s: the same in %u of %u quarters of a second", name, same - before_same,
                      all - before_all);
      profile_clear (&profile);
    }
  g_test_message ("together %.1f %%", 100.0 * same / MAX (all, 1));
  g_assert_cmpuint (files, >=, 5);
  for (int i = MEDIA_VERDICT_GOOD; i <= MEDIA_VERDICT_LOST; i++)
    g_assert_true (seen[i]); /* each of the five sentences was said in them */
  g_assert_cmpuint (same * 100, >=, all * 95);
}

/* Pictures that come and cannot be decoded, beside sound that runs on: the page counts for how
 * long, and not where the camera is off. */
static void
test_frozen (void)
{
  g_auto (GStrv) answers = ask_page ("replay-meter.mjs", "1000 1000 9000 10\n"
                                                         "2000 2000 18000 10\n"
                                                         "4000 4000 36000 10\n"
                                                         "5000 5000 45000 11\n"
                                                         "6000 6000 45000 11\n");
  static const int frozen[] = { 1000, 3000, 0, 0 };

  g_assert_cmpuint (g_strv_length (answers), ==, 5);
  for (gsize i = 0; i < G_N_ELEMENTS (frozen); i++)
    {
      g_autofree char *expected = g_strdup_printf (" frozen=%d", frozen[i]);

      g_test_message ("%s", answers[i + 1]);
      g_assert_nonnull (strstr (answers[i + 1], expected));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/quality-replay/recorded", test_recorded);
  g_test_add_func ("/media/quality-replay/frozen", test_frozen);
  return g_test_run ();
}
