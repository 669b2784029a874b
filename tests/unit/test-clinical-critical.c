/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-critical.h"

#include <string.h>

#define POTASSIUM "6298-4"

static ClinicalCritical
check (const char *loinc, const char *literal, const char *comparator, const char *ucum, int age)
{
  return clinical_critical_check (loinc, literal, comparator, ucum, age, NULL);
}

/* The limit itself is not past the limit. */
static void
test_limits (void)
{
  ClinicalCriticalLimit limit;

  g_assert_cmpint (check (POTASSIUM, "6.2", NULL, "mmol/L", 60), ==, CLINICAL_CRITICAL_WITHIN);
  g_assert_cmpint (check (POTASSIUM, "6.21", NULL, "mmol/L", 60), ==, CLINICAL_CRITICAL_HIGH);
  g_assert_cmpint (check (POTASSIUM, "2.7", NULL, "mmol/L", 60), ==, CLINICAL_CRITICAL_LOW);
  g_assert_cmpint (check (POTASSIUM, "6.3", NULL, "meq/L", 60), ==, CLINICAL_CRITICAL_HIGH);
  g_assert_cmpint (check ("49765-1", "5.9", NULL, "mg/dL", 3), ==, CLINICAL_CRITICAL_LOW);
  clinical_critical_check (POTASSIUM, "4", NULL, "mmol/L", 60, &limit);
  g_assert_cmpstr (limit.high, ==, "6.2");
  g_assert_true (g_str_has_prefix (limit.source, "https://"));
  /* what no page says goes with the limit */
  g_assert_nonnull (strstr (limit.unverified, "source: unverified"));
  clinical_critical_check ("2823-3", "4", NULL, "mmol/L", 60, &limit);
  g_assert_cmpstr (limit.high, ==, "6.2");
  g_assert_null (limit.unverified);
}

/* A child's limits are another's; of an unknown age nothing is said. */
static void
test_age (void)
{
  g_assert_cmpint (check (POTASSIUM, "6.4", NULL, "mmol/L", 7), ==, CLINICAL_CRITICAL_WITHIN);
  g_assert_cmpint (check (POTASSIUM, "2.9", NULL, "mmol/L", 7), ==, CLINICAL_CRITICAL_LOW);
  g_assert_cmpint (check (POTASSIUM, "9", NULL, "mmol/L", -1), ==, CLINICAL_CRITICAL_NOT_CHECKED);
  g_assert_cmpint (check ("2339-0", "45", NULL, "mg/dL", 0), ==, CLINICAL_CRITICAL_NOT_CHECKED);
  g_assert_cmpint (check ("2339-0", "45", NULL, "mg/dL", 1), ==, CLINICAL_CRITICAL_LOW);
}

/* What cannot be compared was not checked: it never looks like a value within. */
static void
test_not_checked (void)
{
  ClinicalCriticalLimit limit;

  g_assert_cmpint (check ("0000-0", "9", NULL, "mmol/L", 60), ==, CLINICAL_CRITICAL_NOT_CHECKED);
  g_assert_cmpint (check (NULL, "9", NULL, "mmol/L", 60), ==, CLINICAL_CRITICAL_NOT_CHECKED);
  g_assert_cmpint (check (POTASSIUM, NULL, NULL, "mmol/L", 60), ==, CLINICAL_CRITICAL_NOT_CHECKED);
  g_assert_cmpint (check (POTASSIUM, "9", NULL, NULL, 60), ==, CLINICAL_CRITICAL_NOT_CHECKED);
  g_assert_cmpint (check (POTASSIUM, "9", NULL, "furlong", 60), ==, CLINICAL_CRITICAL_NOT_CHECKED);
  g_assert_cmpint (check (POTASSIUM, "6,9", NULL, "mmol/L", 60), ==, CLINICAL_CRITICAL_NOT_CHECKED);
  g_assert_cmpint (check (POTASSIUM, "1e400", NULL, "mmol/L", 60), ==,
                   CLINICAL_CRITICAL_NOT_CHECKED);
  clinical_critical_check (POTASSIUM, "9", NULL, "furlong", 60, &limit);
  g_assert_null (limit.high);
}

/* Of a bound only what follows from it is said. */
static void
test_comparator (void)
{
  g_assert_cmpint (check (POTASSIUM, "6.2", ">", "mmol/L", 60), ==, CLINICAL_CRITICAL_HIGH);
  g_assert_cmpint (check (POTASSIUM, "6.0", ">=", "mmol/L", 60), ==, CLINICAL_CRITICAL_NOT_CHECKED);
  g_assert_cmpint (check (POTASSIUM, "2.8", "<", "mmol/L", 60), ==, CLINICAL_CRITICAL_LOW);
  g_assert_cmpint (check (POTASSIUM, "9", "<", "mmol/L", 60), ==, CLINICAL_CRITICAL_NOT_CHECKED);
}

static void
test_converted (void)
{
  g_assert_cmpint (check ("2339-0", "2.5", NULL, "mmol/L", 60), ==, CLINICAL_CRITICAL_LOW);
  g_assert_cmpint (check ("2339-0", "5.5", NULL, "mmol/L", 60), ==, CLINICAL_CRITICAL_WITHIN);
}

static void
test_flags (void)
{
  g_assert_true (clinical_critical_is_flag ("HH"));
  g_assert_true (clinical_critical_is_flag ("AA"));
  g_assert_false (clinical_critical_is_flag ("H"));
  g_assert_false (clinical_critical_is_flag (NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical/critical/limits", test_limits);
  g_test_add_func ("/clinical/critical/age", test_age);
  g_test_add_func ("/clinical/critical/not-checked", test_not_checked);
  g_test_add_func ("/clinical/critical/comparator", test_comparator);
  g_test_add_func ("/clinical/critical/converted", test_converted);
  g_test_add_func ("/clinical/critical/flags", test_flags);
  return g_test_run ();
}
