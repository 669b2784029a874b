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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/today/words/status", test_status);
  g_test_add_func ("/today/words/colour-is-never-alone", test_colour_is_never_alone);
  return g_test_run ();
}
