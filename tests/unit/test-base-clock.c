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
assert_instant (gint64 us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc_usec (us);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *expected =
      g_strdup_printf ("%s.%03dZ", seconds, g_date_time_get_microsecond (time) / 1000);
  g_autofree char *instant = base_clock_format_instant (us);
  g_autofree char *date = base_clock_format_http_date (us);
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

  g_assert_cmpstr (instant, ==, expected);
  g_assert_true (g_str_has_prefix (date, days[g_date_time_get_day_of_week (time) - 1]));
}

/* Against GLib's calendar: each day of five centuries with their leap years, and odd moments. */
static void
test_instants (void)
{
  const gint64 day = 24 * 3600 * (gint64) G_USEC_PER_SEC;
  static const struct
  {
    gint64 us;
    const char *instant;
  } edges[] = {
    { -62135596800000000, "0001-01-01T00:00:00.000Z" },
    { -62135596800000001, "0000-12-31T23:59:59.999Z" },
    { -30641760000000001, "0998-12-31T23:59:59.999Z" },
    { -1, "1969-12-31T23:59:59.999Z" },
    { 951782400000000 - 1, "2000-02-28T23:59:59.999Z" },
    { 951782400000000, "2000-02-29T00:00:00.000Z" },
    { 253402300799999999, "9999-12-31T23:59:59.999Z" },
  };
  g_autofree char *known = base_clock_format_http_date (784111777 * (gint64) G_USEC_PER_SEC);

  g_assert_cmpstr (known, ==, "Sun, 06 Nov 1994 08:49:37 GMT"); /* RFC 9110 section 5.6.7 */
  for (gsize i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      g_autofree char *instant = base_clock_format_instant (edges[i].us);

      g_assert_cmpstr (instant, ==, edges[i].instant);
    }
  for (gint64 n = -135140; n < 47482; n++) /* 1600-01-01 to 2100-01-01 */
    {
      assert_instant (n * day);
      assert_instant (n * day + day - 1);
    }
  for (guint i = 0; i < 10000; i++)
    assert_instant ((gint64) g_test_rand_double_range (-3e16, 25e16)); /* the years 1019 to 9892 */
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
  g_test_add_func ("/base/clock/instants", test_instants);
  g_test_add_func ("/base/id/ordered-in-time", test_ids_are_ordered_in_time);
  g_test_add_func ("/base/id/tokens-cannot-be-guessed", test_tokens_cannot_be_guessed);
  return g_test_run ();
}
