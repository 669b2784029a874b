/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-words.h"

static void
test_status (void)
{
  gint64 since = G_GINT64_CONSTANT (1795651200) * G_USEC_PER_SEC;
  g_auto (TodayStatus) fresh =
      today_words_status ("waiting", since, since + 4 * G_TIME_SPAN_MINUTE);
  g_auto (TodayStatus) late =
      today_words_status ("waiting", since, since + 12 * G_TIME_SPAN_MINUTE);
  g_auto (TodayStatus) lost = today_words_status ("interrupted", 0, since);
  g_auto (TodayStatus) odd = today_words_status ("gone fishing", 0, since);

  g_assert_cmpstr (fresh.text, ==, "waiting 4 min");
  g_assert_cmpstr (late.text, ==, "waiting 12 min");
  g_assert_cmpstr (fresh.style, !=, late.style);
  g_assert_cmpstr (lost.text, ==, "interrupted");
  g_assert_nonnull (lost.icon);
  g_assert_cmpstr (odd.text, ==, "status not known");
}

/* Whatever is coloured has a shape as well. */
static void
test_colour_is_never_alone (void)
{
  static const char *const statuses[] = { "waiting", "in-visit", "interrupted", "done", "missed",
                                          "booked",  "?" };
  static const char *const levels[] = { "ok", "amber", "failed", "unknown" };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_auto (TodayStatus) status = today_words_status (statuses[i], 1, 2);
      g_assert_true (status.style == NULL || status.icon != NULL);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      g_auto (TodayStatus) device = today_words_device (levels[i], "sound ok");
      g_assert_cmpstr (device.text, ==, "sound ok");
      g_assert_true (device.style == NULL || device.icon != NULL);
    }
}

static void
test_instant (void)
{
  static const struct
  {
    const char *typed, *is;
  } cases[] = {
    { "9:20", "2026-11-22T09:20:00Z" },
    { "09.20", "2026-11-22T09:20:00Z" },
    { " 0920 ", "2026-11-22T09:20:00Z" },
    { "23:59", "2026-11-22T23:59:00Z" },
    { "0:00", "2026-11-22T00:00:00Z" },
    { "24:00", NULL },
    { "9:2", NULL },
    { "9", NULL },
    { "9:60", NULL },
    { "920", NULL },
    { "-1:20", NULL },
    { "9:20pm", NULL },
    { "", NULL },
    { "9:20:30", NULL },
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 instant = today_words_instant ("2026-11-22", cases[i].typed, zone);
      g_autoptr (GDateTime) is =
          cases[i].is ? g_date_time_new_from_iso8601 (cases[i].is, NULL) : NULL;
      g_test_message ("“%s”", cases[i].typed);
      g_assert_cmpint (instant, ==, is ? g_date_time_to_unix_usec (is) : 0);
    }
}

/* The night when the clocks go forward has no half past one. */
static void
test_left_out (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/London");

  g_assert_nonnull (zone);
  g_assert_cmpint (today_words_instant ("2026-03-29", "1:30", zone), ==, 0);
  g_assert_cmpint (today_words_instant ("2026-03-29", "2:30", zone), >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/today/words/status", test_status);
  g_test_add_func ("/today/words/colour-is-never-alone", test_colour_is_never_alone);
  g_test_add_func ("/today/words/instant", test_instant);
  g_test_add_func ("/today/words/left-out", test_left_out);
  return g_test_run ();
}
