/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-lease.h"

#define SIGNED_IN ((gint64) 1795651200 * G_USEC_PER_SEC) /* 26-Nov-2026 00:00 UTC */

static void
test_state (void)
{
  static const struct
  {
    gint64 signed_in, after;
    AppLease lease;
  } cases[] = {
    { 0, 0, APP_LEASE_NONE },
    { SIGNED_IN, 0, APP_LEASE_GOOD },
    { SIGNED_IN, APP_LEASE_US, APP_LEASE_GOOD },
    { SIGNED_IN, APP_LEASE_US + G_USEC_PER_SEC, APP_LEASE_OVER },
    { SIGNED_IN, 365 * G_TIME_SPAN_DAY, APP_LEASE_OVER },
    /* a zone set wrong is no reason to lock a doctor out; a clock set back by days is */
    { SIGNED_IN, -14 * G_TIME_SPAN_HOUR, APP_LEASE_GOOD },
    { SIGNED_IN, -3 * G_TIME_SPAN_DAY, APP_LEASE_CLOCK },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%u", (guint) i);
      g_assert_cmpint (app_lease_get (cases[i].signed_in, SIGNED_IN + cases[i].after), ==,
                       cases[i].lease);
    }
  g_assert_cmpint (app_lease_get_until (0), ==, 0);
}

/* Whoever is not let in reads why, since when, and what to do. */
static void
test_sentence (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *good = app_lease_dup_sentence (SIGNED_IN, SIGNED_IN + G_TIME_SPAN_HOUR, zone);
  g_autofree char *over =
      app_lease_dup_sentence (SIGNED_IN, SIGNED_IN + APP_LEASE_US + G_TIME_SPAN_HOUR, zone);
  g_autofree char *clock =
      app_lease_dup_sentence (SIGNED_IN, SIGNED_IN - 3 * G_TIME_SPAN_DAY, zone);
  g_autofree char *none = app_lease_dup_sentence (0, SIGNED_IN, zone);

  g_assert_null (good);
  g_assert_nonnull (strstr (over, "26-Nov-2026 00:00"));
  g_assert_nonnull (strstr (over, "72 hours"));
  g_assert_nonnull (strstr (over, "What you wrote is kept here."));
  g_assert_nonnull (strstr (clock, "says 23-Nov-2026 00:00"));
  g_assert_nonnull (strstr (none, "never signed in"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/lease/state", test_state);
  g_test_add_func ("/app/lease/sentence", test_sentence);
  return g_test_run ();
}
