/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-clock.h"
#include "base-id.h"

static void
test_replaced_clock_runs_on (void)
{
  g_autoptr (GDateTime) start = g_date_time_new_from_iso8601 ("2026-03-29T00:59:30+01:00", NULL);
  g_autoptr (BaseClock) clock = base_clock_new_at (start);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autofree char *instant = base_clock_dup_instant (clock);
  gint64 before = base_clock_now (clock);

  g_assert_cmpstr (today, ==, "2026-03-29");
  g_assert_true (g_str_has_prefix (instant, "2026-03-28T23:59:"));
  base_clock_advance (clock, -G_TIME_SPAN_DAY);
  g_assert_cmpint (base_clock_now (clock), <, before);
}

static void
test_ids_are_ordered_in_time (void)
{
  g_autofree char *a = base_id_new (1000000), *b = base_id_new (2000000);

  g_assert_true (g_uuid_string_is_valid (a));
  g_assert_cmpint (a[14], ==, '7');
  g_assert_cmpstr (a, <, b);
}

static void
test_tokens_cannot_be_guessed (void)
{
  g_autofree char *a = base_id_new_token (), *b = base_id_new_token ();

  g_assert_cmpuint (strlen (a), ==, 43);
  g_assert_false (base_equal_constant_time (a, b));
  g_assert_true (base_equal_constant_time (a, a));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/clock/replaced-clock-runs-on", test_replaced_clock_runs_on);
  g_test_add_func ("/base/id/ordered-in-time", test_ids_are_ordered_in_time);
  g_test_add_func ("/base/id/tokens-cannot-be-guessed", test_tokens_cannot_be_guessed);
  return g_test_run ();
}
