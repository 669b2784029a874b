/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-date.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* A date without a time of day is a square of a calendar, not a moment: nothing here ever moves one
 * between time zones, and nothing here reads the zone of the machine. */

#define SECOND_US G_GINT64_CONSTANT (1000000)
#define DAY_US    (24 * 60 * 60 * SECOND_US)

static gboolean
read_digits (const char **at, int count, int *out)
{
  *out = 0;
  for (int i = 0; i < count; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *out = *out * 10 + (**at - '0');
    }
  return TRUE;
}

static gboolean
skip (const char **at, char c)
{
  if (**at != c)
    return FALSE;
  (*at)++;
  return TRUE;
}

static gboolean
read_fraction (const char **at, FhirDate *out)
{
  double unit = 0.1;
  int digits = 0;

  for (; g_ascii_isdigit (**at); (*at)++, digits++, unit /= 10)
    if (digits < 6)
      {
        out->second += (**at - '0') * unit;
        out->second_decimals++;
      }
  return digits > 0 && digits <= 20;
}

static gboolean
read_zone (const char **at, FhirDate *out)
{
  int hours, minutes;
  gboolean west = **at == '-';

  if (skip (at, 'Z'))
    {
      out->has_zone = TRUE;
      return TRUE;
    }
  if (**at == '\0')
    return TRUE;
  if (!(skip (at, '+') || skip (at, '-')) || !read_digits (at, 2, &hours) || !skip (at, ':') ||
      !read_digits (at, 2, &minutes) || hours > 14 || minutes > 59)
    return FALSE;
  out->has_zone = TRUE;
  out->zone_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
  return TRUE;
}

static gboolean
read_time (const char **at, FhirDate *out)
{
  int second;

  if (!read_digits (at, 2, &out->hour) || !skip (at, ':') || !read_digits (at, 2, &out->minute) ||
      out->hour > 23 || out->minute > 59)
    return FALSE;
  out->precision = FHIR_PRECISION_MINUTE;
  if (skip (at, ':'))
    {
      if (!read_digits (at, 2, &second) || second > 60)
        return FALSE;
      out->second = second;
      out->precision = FHIR_PRECISION_SECOND;
      if (skip (at, '.') && !read_fraction (at, out))
        return FALSE;
    }
  return read_zone (at, out);
}

/**
 * fhir_date_parse:
 * @text: (nullable): "2026", "2026-11", "2026-11-09", or with a time and mostly a zone:
 *   "2026-11-09T14:05:00.123+01:00". A time may stop at the minute, as searches do
 * @out: (out): what it says; zeroed where the answer is FALSE
 *
 * Returns: whether @text is one of these and names a day that there is
 */
gboolean
fhir_date_parse (const char *text, FhirDate *out)
{
  FhirDate date = { 0 };
  const char *at = text;

  memset (out, 0, sizeof *out);
  if (text == NULL || !read_digits (&at, 4, &date.year) || date.year == 0)
    return FALSE;
  date.precision = FHIR_PRECISION_YEAR;
  if (skip (&at, '-'))
    {
      if (!read_digits (&at, 2, &date.month) || date.month < 1 || date.month > 12)
        return FALSE;
      date.precision = FHIR_PRECISION_MONTH;
      if (skip (&at, '-'))
        {
          if (!read_digits (&at, 2, &date.day) ||
              !g_date_valid_dmy ((GDateDay) date.day, date.month, (GDateYear) date.year))
            return FALSE;
          date.precision = FHIR_PRECISION_DAY;
          if (skip (&at, 'T') && !read_time (&at, &date))
            return FALSE;
        }
    }
  if (*at != '\0')
    return FALSE;
  *out = date;
  return TRUE;
}

/* Days from 1970-01-01 to the first of a month, proleptic Gregorian; @month may be 13. */
static gint64
days_to (int year, int month, int day)
{
  gint64 y = month <= 2 ? year - 1 : year, era = y / 400, of_era = y - era * 400;
  gint64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/**
 * fhir_date_bounds:
 * @low: (out): microseconds since 1970 in UTC at which what @date says begins
 * @high: (out): and at which it is over, itself not included
 *
 * What has no zone counts as UTC, both where values are indexed and where they are searched, so
 * that the same text always finds itself.
 */
void
fhir_date_bounds (const FhirDate *date, gint64 *low, gint64 *high)
{
  gint64 width = SECOND_US;

  switch (date->precision)
    {
    case FHIR_PRECISION_NONE:
      *low = *high = 0;
      return;
    case FHIR_PRECISION_YEAR:
      *low = days_to (date->year, 1, 1) * DAY_US;
      *high = days_to (date->year + 1, 1, 1) * DAY_US;
      return;
    case FHIR_PRECISION_MONTH:
      *low = days_to (date->year, date->month, 1) * DAY_US;
      *high = days_to (date->month == 12 ? date->year + 1 : date->year, date->month % 12 + 1, 1) *
              DAY_US;
      return;
    case FHIR_PRECISION_DAY:
      *low = days_to (date->year, date->month, date->day) * DAY_US;
      *high = *low + DAY_US;
      return;
    case FHIR_PRECISION_MINUTE:
      width *= 60;
      break;
    case FHIR_PRECISION_SECOND:
      for (int i = 0; i < date->second_decimals; i++)
        width /= 10;
      break;
    }
  *low = days_to (date->year, date->month, date->day) * DAY_US +
         (date->hour * 60 + date->minute - date->zone_minutes) * 60 * SECOND_US +
         llround (date->second * 1e6);
  *high = *low + width;
}

/**
 * fhir_date_begin:
 * @text: (nullable): a date, dateTime or instant
 *
 * Returns: microseconds since 1970 in UTC at which what it says begins; 0 where it says nothing
 */
gint64
fhir_date_begin (const char *text)
{
  FhirDate date;
  gint64 low = 0, high;

  if (text != NULL && fhir_date_parse (text, &date))
    fhir_date_bounds (&date, &low, &high);
  return low;
}

/* How this language writes @month, from 1, in a date; the search for people reads the same word. */
const char *
fhir_date_month_name (int month)
{
  static const char *const names[] = {
    NC_ ("month in a date", "Jan"), NC_ ("month in a date", "Feb"), NC_ ("month in a date", "Mar"),
    NC_ ("month in a date", "Apr"), NC_ ("month in a date", "May"), NC_ ("month in a date", "Jun"),
    NC_ ("month in a date", "Jul"), NC_ ("month in a date", "Aug"), NC_ ("month in a date", "Sep"),
    NC_ ("month in a date", "Oct"), NC_ ("month in a date", "Nov"), NC_ ("month in a date", "Dec"),
  };

  return g_dpgettext2 (NULL, "month in a date", names[month - 1]);
}

static char *
format_day (int year, int month, int day)
{
  /* Translators: a day; the month's name is in letters so that it cannot be read as a day. */
  return g_strdup_printf (C_ ("day month year", "%1$02d-%2$s-%3$04d"), day,
                          fhir_date_month_name (month), year);
}

static char *
format_time (const FhirDate *date, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = NULL, shown = NULL;
  g_autofree char *day = NULL;
  gboolean other;
  gint64 low, high;

  if (!date->has_zone || zone == NULL)
    {
      day = format_day (date->year, date->month, date->day);
      return g_strdup_printf ("%s %02d:%02d", day, date->hour, date->minute);
    }
  fhir_date_bounds (date, &low, &high);
  utc = g_date_time_new_from_unix_utc_usec (low);
  shown = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  if (shown == NULL)
    return NULL;
  other = g_date_time_get_utc_offset (shown) / (60 * SECOND_US) != date->zone_minutes;
  day = format_day (g_date_time_get_year (shown), g_date_time_get_month (shown),
                    g_date_time_get_day_of_month (shown));
  return g_strdup_printf ("%s %02d:%02d%s%s", day, g_date_time_get_hour (shown),
                          g_date_time_get_minute (shown), other ? " " : "",
                          other ? g_date_time_get_timezone_abbreviation (shown) : "");
}

/**
 * fhir_date_format:
 * @text: (nullable): a date, dateTime or instant
 * @clinic_zone: (nullable): the zone in which moments are shown; NULL leaves them as written
 *
 * Common User Interface form: "09-Nov-2026", "Nov-2026", "2026", "09-Nov-2026 14:05". A moment
 * whose author wrote another offset than the clinic's carries the clinic zone's name after it.
 *
 * Returns: (transfer full): the date as a person reads it; a text that is no date unchanged
 */
char *
fhir_date_format (const char *text, GTimeZone *clinic_zone)
{
  FhirDate date;
  char *formatted = NULL;

  if (!fhir_date_parse (text, &date))
    return g_strdup (text != NULL ? text : "");
  switch (date.precision)
    {
    case FHIR_PRECISION_NONE:
    case FHIR_PRECISION_YEAR:
      break;
    case FHIR_PRECISION_MONTH:
      /* Translators: a month of a year, as in Nov-2026 */
      formatted = g_strdup_printf (C_ ("month year", "%1$s-%2$04d"),
                                   fhir_date_month_name (date.month), date.year);
      break;
    case FHIR_PRECISION_DAY:
      formatted = format_day (date.year, date.month, date.day);
      break;
    case FHIR_PRECISION_MINUTE:
    case FHIR_PRECISION_SECOND:
      formatted = format_time (&date, clinic_zone);
      break;
    }
  return formatted != NULL ? formatted : g_strdup (text);
}

/* Whole months between two dates as far as both say, days not counted where one has none; FALSE
 * where a date cannot be read or today is before birth. */
static gboolean
months_between (
    const char *birth_date, const char *today, FhirDate *birth, FhirDate *now, int *months)
{
  if (!fhir_date_parse (birth_date, birth) || !fhir_date_parse (today, now))
    return FALSE;
  *months = (now->year - birth->year) * 12;
  if (birth->month > 0 && now->month > 0)
    *months += now->month - birth->month;
  if (birth->day > 0 && now->day > 0 && now->day < birth->day)
    (*months)--;
  return *months >= 0;
}

/**
 * fhir_date_age_years:
 * @birth_date: (nullable): a date of any precision
 * @today: the day for which the age is asked: today in the clinic, or the day of death
 *
 * Returns: completed years; where only the year of birth is known, the age reached in the year of
 *   @today. -1 where it is unknown
 */
int
fhir_date_age_years (const char *birth_date, const char *today)
{
  FhirDate birth, now;
  int months;

  return months_between (birth_date, today, &birth, &now, &months) ? months / 12 : -1;
}

static char *
format_months (int months, gboolean about)
{
  if (about && months >= 24)
    /* Translators: an age in years of which only the year of birth is known */
    return g_strdup_printf (_ ("about %d y"), months / 12);
  if (about)
    return g_strdup_printf (_ ("about %d m"), months);
  if (months < 24)
    /* Translators: an age in months */
    return g_strdup_printf (_ ("%d m"), months);
  if (months < 120 && months % 12 != 0)
    /* Translators: an age in years and months */
    return g_strdup_printf (_ ("%d y %d m"), months / 12, months % 12);
  /* Translators: an age in years */
  return g_strdup_printf (_ ("%d y"), months / 12);
}

/**
 * fhir_date_format_age:
 *
 * Returns: (transfer full) (nullable): "12 d" before four weeks, "5 m" before two years, "7 y 3 m"
 *   before ten years, then "65 y"; "about 65 y" where the date of birth leaves it open; NULL where
 * it is unknown
 */
char *
fhir_date_format_age (const char *birth_date, const char *today)
{
  FhirDate birth, now;
  int months;
  gint64 days;

  if (!months_between (birth_date, today, &birth, &now, &months))
    return NULL;
  if (birth.month == 0 || now.month == 0)
    return months >= 24 ? format_months (months, TRUE) : g_strdup (_ ("under 2 y"));
  if (birth.day == 0 || now.day == 0)
    return format_months (months, months < 24 || months % 12 == 0);
  days = days_to (now.year, now.month, now.day) - days_to (birth.year, birth.month, birth.day);
  if (days < 28)
    /* Translators: an age in days */
    return g_strdup_printf (_ ("%d d"), (int) days);
  return format_months (MAX (months, 1), FALSE);
}
