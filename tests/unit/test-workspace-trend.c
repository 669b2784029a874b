/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-trend.h"

#include <math.h>

#define DAY ((gint64) 24 * 3600 * G_USEC_PER_SEC)

static void
add (GArray *points, int day, double value, const char *unit, const char *flag, gboolean comparable)
{
  CareTrendPoint point = { .time_us = G_GINT64_CONSTANT (1795651200) * G_USEC_PER_SEC + day * DAY,
                           .value = value,
                           .low = 3.5,
                           .high = 5.1,
                           .has_range = TRUE,
                           .comparable = comparable };

  g_snprintf (point.literal, sizeof point.literal, "%g", value);
  g_strlcpy (point.unit, unit, sizeof point.unit);
  g_strlcpy (point.flag, flag, sizeof point.flag);
  g_array_append_val (points, point);
}

static void
test_step (void)
{
  g_assert_cmpfloat (workspace_trend_step (9, 3), ==, 5);
  g_assert_cmpfloat (workspace_trend_step (0.9, 3), ==, 0.5);
  g_assert_cmpfloat (workspace_trend_step (6, 3), ==, 2);
  g_assert_cmpfloat (workspace_trend_step (0, 3), ==, 1);
  g_assert_cmpfloat (workspace_trend_step (NAN, 3), ==, 1);
}

static void
test_nothing (void)
{
  WorkspaceTrendScale scale;
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (CareTrendPoint));

  g_assert_false (workspace_trend_scale (NULL, &scale));
  g_assert_false (workspace_trend_scale (points, &scale));
}

/* One reading still has a width and a height. */
static void
test_single (void)
{
  WorkspaceTrendScale scale;
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (CareTrendPoint));

  add (points, 0, 4.4, "mmol/L", "", TRUE);
  g_array_index (points, CareTrendPoint, 0).has_range = FALSE;
  g_assert_true (workspace_trend_scale (points, &scale));
  g_assert_cmpfloat (scale.high, >, scale.low);
  g_assert_cmpint (scale.end, >, scale.start);
}

/* A small change does not fill the height. */
static void
test_small_change (void)
{
  WorkspaceTrendScale scale;
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (CareTrendPoint));

  add (points, 0, 86, "mmHg", "", TRUE);
  add (points, 1, 80, "mmHg", "", TRUE);
  g_array_index (points, CareTrendPoint, 0).has_range = FALSE;
  g_array_index (points, CareTrendPoint, 1).has_range = FALSE;
  g_assert_true (workspace_trend_scale (points, &scale));
  g_assert_cmpfloat (scale.high - scale.low, >=, 20);
}

/* H15: another unit is neither drawn nor joined, and the words say that it was left out. */
static void
test_units (void)
{
  WorkspaceTrendScale scale;
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (CareTrendPoint));

  add (points, 0, 1600, "mg/L", "", FALSE);
  add (points, 1, 4.4, "mmol/L", "", TRUE);
  add (points, 2, 5.6, "mmol/L", "H", TRUE);
  g_assert_true (workspace_trend_scale (points, &scale));
  g_assert_cmpuint (scale.drawn, ==, 2);
  g_assert_cmpuint (scale.left_out, ==, 1);
  g_assert_cmpfloat (scale.high, <, 10);
  g_assert_false (workspace_trend_joins (&g_array_index (points, CareTrendPoint, 0),
                                         &g_array_index (points, CareTrendPoint, 1)));
  g_assert_true (workspace_trend_joins (&g_array_index (points, CareTrendPoint, 1),
                                        &g_array_index (points, CareTrendPoint, 2)));

  g_autofree char *words = workspace_trend_describe (points, zone);
  g_assert_nonnull (strstr (words, "2 readings."));
  g_assert_nonnull (strstr (words, "Last 5.6 mmol/L on 28-Nov-2026, high"));
  g_assert_nonnull (strstr (words, "1 reading in another unit is not drawn."));
}

/* H15: without a range there is no flag and no range in the words. */
static void
test_no_range (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (CareTrendPoint));

  add (points, 0, 9.9, "mmol/L", "", TRUE);
  g_array_index (points, CareTrendPoint, 0).has_range = FALSE;
  g_autofree char *words = workspace_trend_describe (points, zone);
  g_assert_null (strstr (words, "high"));
  g_assert_null (strstr (words, "reference"));
}

static void
test_flags (void)
{
  g_autofree char *critical = workspace_trend_flag_words ("HH");
  g_autofree char *low = workspace_trend_flag_words ("L");
  g_autofree char *unknown = workspace_trend_flag_words ("XX");

  g_assert_cmpstr (critical, ==, "critically high");
  g_assert_cmpstr (low, ==, "low");
  g_assert_cmpstr (unknown, ==, "XX");
  g_assert_null (workspace_trend_flag_words ("N"));
  g_assert_null (workspace_trend_flag_words (""));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workspace/trend/step", test_step);
  g_test_add_func ("/workspace/trend/nothing", test_nothing);
  g_test_add_func ("/workspace/trend/single", test_single);
  g_test_add_func ("/workspace/trend/small-change", test_small_change);
  g_test_add_func ("/workspace/trend/units", test_units);
  g_test_add_func ("/workspace/trend/no-range", test_no_range);
  g_test_add_func ("/workspace/trend/flags", test_flags);
  return g_test_run ();
}
