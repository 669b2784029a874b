/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-date.h"

/* Run under several TZ: nothing here may depend on the zone of the machine. */

static void
test_parse_says_precision (void)
{
  const struct
  {
    const char *text;
    FhirPrecision precision;
  } cases[] = {
    { "2026", FHIR_PRECISION_YEAR },
    { "2026-11", FHIR_PRECISION_MONTH },
    { "2024-02-29", FHIR_PRECISION_DAY },
    { "2026-11-09T14:05", FHIR_PRECISION_MINUTE },
    { "2026-11-09T14:05Z", FHIR_PRECISION_MINUTE },
    { "2026-11-09T14:05:59", FHIR_PRECISION_SECOND },
    { "2026-11-09T14:05:00.123456789-03:30", FHIR_PRECISION_SECOND },
    { "2016-12-31T23:59:60Z", FHIR_PRECISION_SECOND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FhirDate date;

      g_test_message ("%s", cases[i].text);
      g_assert_true (fhir_date_parse (cases[i].text, &date));
      g_assert_cmpint (date.precision, ==, cases[i].precision);
    }
}

static void
test_what_is_no_date_is_refused (void)
{
  const char *const cases[] = {
    "",
    "26",
    "2026-",
    "2026-13",
    "2026-00",
    "2026-02-29",
    "2026-1-1",
    "0000",
    "2026-11-09T",
    "2026-11-09T24:00:00Z",
    "2026-11-09T14:05:00+0100",
    "2026-11-09T14:05:00+15:00",
    "2026-11-09T14:05:00.Z",
    "2026-11-09 14:05:00",
    " 2026",
    "2026x",
    "yesterday",
    "20261109",
    "２０２６",
    "2026-11-09T14:05:61Z",
    "2026-11-09T14:05:00Zjunk",
  };
  FhirDate date;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("“%s”", cases[i]);
      g_assert_false (fhir_date_parse (cases[i], &date));
      g_assert_cmpint (date.precision, ==, FHIR_PRECISION_NONE);
    }
  g_assert_false (fhir_date_parse (NULL, &date));
}

static void
assert_bounds (const char *text, const char *low, const char *high)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) from = g_date_time_new_from_iso8601 (low, utc);
  g_autoptr (GDateTime) to = g_date_time_new_from_iso8601 (high, utc);
  FhirDate date;
  gint64 begin, end;

  g_test_message ("%s", text);
  g_assert_true (fhir_date_parse (text, &date));
  fhir_date_bounds (&date, &begin, &end);
  g_assert_cmpint (begin, ==, g_date_time_to_unix_usec (from));
  g_assert_cmpint (end, ==, g_date_time_to_unix_usec (to));
}

static void
test_bounds (void)
{
  assert_bounds ("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
  assert_bounds ("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
  assert_bounds ("2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z");
  assert_bounds ("1900-02-28", "1900-02-28T00:00:00Z", "1900-03-01T00:00:00Z");
  assert_bounds ("0001-01-01", "0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z");
  assert_bounds ("2026-11-09T14:05", "2026-11-09T14:05:00Z", "2026-11-09T14:06:00Z");
  assert_bounds ("2026-11-09T14:05:01+14:00", "2026-11-09T00:05:01Z", "2026-11-09T00:05:02Z");
  assert_bounds ("2026-11-09T23:05:01.120-03:30", "2026-11-10T02:35:01.120Z",
                 "2026-11-10T02:35:01.121Z");
}

static void
test_a_day_is_never_moved (void)
{
  const char *const zones[] = { "Pacific/Kiritimati", "America/St_Johns", "Pacific/Pago_Pago",
                                "UTC" };

  for (gsize i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zones[i]);
      g_autofree char *day = fhir_date_format ("1960-04-01", zone);
      g_autofree char *month = fhir_date_format ("2026-11", zone);
      g_autofree char *year = fhir_date_format ("2026", zone);
      g_autofree char *zoneless = fhir_date_format ("2026-11-09T23:59:00", zone);

      g_assert_nonnull (zone);
      g_assert_cmpstr (day, ==, "01-Apr-1960");
      g_assert_cmpstr (month, ==, "Nov-2026");
      g_assert_cmpstr (year, ==, "2026");
      g_assert_cmpstr (zoneless, ==, "09-Nov-2026 23:59");
    }
}

static void
test_a_moment_is_shown_in_the_clinic (void)
{
  g_autoptr (GTimeZone) st_johns = g_time_zone_new_identifier ("America/St_Johns");
  g_autoptr (GTimeZone) berlin = g_time_zone_new_identifier ("Europe/Berlin");
  g_autofree char *other = fhir_date_format ("2026-01-09T23:05:10Z", berlin);
  g_autofree char *same = fhir_date_format ("2026-01-09T23:05:10.5+01:00", berlin);
  g_autofree char *summer = fhir_date_format ("2026-07-09T12:00:00+01:00", berlin);
  g_autofree char *west = fhir_date_format ("2026-01-09T02:05:10Z", st_johns);
  g_autofree char *written = fhir_date_format ("2026-01-09T02:05:10+05:00", NULL);

  g_assert_cmpstr (other, ==, "10-Jan-2026 00:05 CET");
  g_assert_cmpstr (same, ==, "09-Jan-2026 23:05");
  g_assert_cmpstr (summer, ==, "09-Jul-2026 13:00 CEST");
  g_assert_cmpstr (west, ==, "08-Jan-2026 22:35 NST");
  g_assert_cmpstr (written, ==, "09-Jan-2026 02:05");
}

static void
test_unknown_text_is_shown_as_it_is (void)
{
  g_autofree char *words = fhir_date_format ("circa 1950", NULL),
                  *nothing = fhir_date_format (NULL, NULL);

  g_assert_cmpstr (words, ==, "circa 1950");
  g_assert_cmpstr (nothing, ==, "");
}

static void
test_age (void)
{
  const struct
  {
    const char *birth;
    const char *today;
    int years;
    const char *text;
  } cases[] = {
    { "1960-04-01", "2026-03-31", 65, "65 y" },
    { "1960-04-01", "2026-04-01", 66, "66 y" },
    { "2004-02-29", "2026-02-28", 21, "21 y" },
    { "2004-02-29", "2026-03-01", 22, "22 y" },
    { "2019-08-09", "2026-11-22", 7, "7 y 3 m" },
    { "2019-11-22", "2026-11-22", 7, "7 y" },
    { "2016-11-23", "2026-11-22", 9, "9 y 11 m" },
    { "2025-06-30", "2026-11-22", 1, "16 m" },
    { "2026-06-20", "2026-11-22", 0, "5 m" },
    { "2026-10-25", "2026-11-22", 0, "1 m" },
    { "2026-11-10", "2026-11-22", 0, "12 d" },
    { "2026-11-22", "2026-11-22", 0, "0 d" },
    { "1961", "2026-11-22", 65, "about 65 y" },
    { "1961-05", "2026-11-22", 65, "65 y" },
    { "1961-11", "2026-11-22", 65, "about 65 y" },
    { "2026-08", "2026-11-22", 0, "about 3 m" },
    { "2025", "2026-11-22", 1, "under 2 y" },
    { "1960-04-01T23:59:00-11:00", "2026-04-01", 66, "66 y" },
    { "2026-11-23", "2026-11-22", -1, NULL },
    { "unknown", "2026-11-22", -1, NULL },
    { NULL, "2026-11-22", -1, NULL },
    { "1960-04-01", NULL, -1, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = fhir_date_format_age (cases[i].birth, cases[i].today);

      g_test_message ("%s on %s", cases[i].birth, cases[i].today);
      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpint (fhir_date_age_years (cases[i].birth, cases[i].today), ==, cases[i].years);
    }
}

static void
test_begin (void)
{
  g_assert_cmpint (fhir_date_begin ("1970-01-02T00:00:01+01:00"), ==,
                   (gint64) 82801 * G_USEC_PER_SEC);
  g_assert_cmpint (fhir_date_begin ("1970-01-02"), ==, (gint64) 86400 * G_USEC_PER_SEC);
  g_assert_cmpint (fhir_date_begin ("soon"), ==, 0);
  g_assert_cmpint (fhir_date_begin (NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/date/precision", test_parse_says_precision);
  g_test_add_func ("/fhir/date/refused", test_what_is_no_date_is_refused);
  g_test_add_func ("/fhir/date/bounds", test_bounds);
  g_test_add_func ("/fhir/date/day-never-moved", test_a_day_is_never_moved);
  g_test_add_func ("/fhir/date/moment-in-clinic-zone", test_a_moment_is_shown_in_the_clinic);
  g_test_add_func ("/fhir/date/unknown-text", test_unknown_text_is_shown_as_it_is);
  g_test_add_func ("/fhir/date/age", test_age);
  g_test_add_func ("/fhir/date/begin", test_begin);
  return g_test_run ();
}
