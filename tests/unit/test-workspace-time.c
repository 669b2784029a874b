/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-time.h"

#define AT(hour, minute)                                                                           \
  ((gint64) (1795651200 + (hour) * 3600 + (minute) * 60) * G_USEC_PER_SEC) /* 2026-11-26 */

static void
test_as_of (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *never = workspace_time_as_of (0, AT (9, 0), zone);
  g_autofree char *fresh = workspace_time_as_of (AT (9, 0), AT (9, 15), zone);
  g_autofree char *stale = workspace_time_as_of (AT (9, 0), AT (9, 16), zone);
  g_autofree char *old = workspace_time_as_of (AT (9, 0), AT (12, 5), zone);
  g_autofree char *yesterday = workspace_time_as_of (AT (9, 0), AT (33, 5), zone);

  g_assert_nonnull (never);
  g_assert_null (fresh);
  g_assert_cmpstr (stale, ==, "as of 09:00 (16 min ago)");
  g_assert_cmpstr (old, ==, "as of 09:00 (3 h ago)");
  /* a clock alone would look like this morning's */
  g_assert_cmpstr (yesterday, ==, "as of 26-Nov-2026 09:00 (24 h ago)");
}

static void
test_zone (void)
{
  g_autoptr (GTimeZone) kiritimati = g_time_zone_new_identifier ("Pacific/Kiritimati");
  g_autofree char *text = workspace_time_of_day (AT (9, 41), kiritimati);

  g_assert_cmpstr (text, ==, "23:41");
}

static void
test_span (void)
{
  static const struct
  {
    gint64 span;
    const char *text;
  } cases[] = {
    { -5 * G_TIME_SPAN_MINUTE, "0 min" },  { 59 * G_TIME_SPAN_SECOND, "0 min" },
    { 59 * G_TIME_SPAN_MINUTE, "59 min" }, { G_TIME_SPAN_HOUR, "1 h" },
    { 47 * G_TIME_SPAN_HOUR, "47 h" },     { 48 * G_TIME_SPAN_HOUR, "2 days" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = workspace_time_span (cases[i].span);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_status (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *sent = workspace_time_status (TRUE, AT (9, 41), AT (9, 42), 0, 0, zone);
  g_autofree char *offline = workspace_time_status (FALSE, AT (9, 12), AT (33, 0), 3, 0, zone);
  g_autofree char *refused = workspace_time_status (TRUE, AT (9, 12), AT (9, 12), 0, 1, zone);
  g_autofree char *never = workspace_time_status (FALSE, 0, AT (9, 0), 1, 0, zone);

  g_assert_cmpstr (sent, ==, "All sent · as of 09:41");
  g_assert_cmpstr (offline, ==, "Offline since 26-Nov-2026 09:12 · 3 changes wait");
  g_assert_cmpstr (refused, ==, "Connected · 1 needs you · as of 09:12");
  g_assert_cmpstr (never, ==, "Not connected · 1 change waits");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workspace/time/as-of", test_as_of);
  g_test_add_func ("/workspace/time/zone", test_zone);
  g_test_add_func ("/workspace/time/span", test_span);
  g_test_add_func ("/workspace/time/status", test_status);
  return g_test_run ();
}
