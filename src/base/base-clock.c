/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-clock.h"

#include <string.h>

/* The clock that everything asks for the time. It is handed in by construction, so that a test or
 * the demo clinic (--today) can replace the day without touching the machine's own clock. Order is
 * never decided by it: growing integers do that. */

struct _BaseClock
{
  GObject parent_instance;
  gint64 offset; /* µs added to the machine's real time */
  gint64 passed; /* µs that a test let pass */
  GTimeZone *zone;
};

G_DEFINE_FINAL_TYPE (BaseClock, base_clock, G_TYPE_OBJECT)

static void
base_clock_finalize (GObject *object)
{
  BaseClock *self = BASE_CLOCK (object);

  g_clear_pointer (&self->zone, g_time_zone_unref);

  G_OBJECT_CLASS (base_clock_parent_class)->finalize (object);
}

static void
base_clock_class_init (BaseClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = base_clock_finalize;
}

static void
base_clock_init (BaseClock *self)
{
  self->zone = g_time_zone_new_local ();
}

/**
 * base_clock_new:
 *
 * Returns: (transfer full): the machine's clock, in the machine's time zone
 */
BaseClock *
base_clock_new (void)
{
  return g_object_new (BASE_TYPE_CLOCK, NULL);
}

/**
 * base_clock_new_at:
 * @start: what the clock shows now; it runs on from there, in the zone of @start
 *
 * Returns: (transfer full): a clock shifted by a constant offset
 */
BaseClock *
base_clock_new_at (GDateTime *start)
{
  BaseClock *self = base_clock_new ();

  self->offset = g_date_time_to_unix_usec (start) - g_get_real_time ();
  g_time_zone_unref (self->zone);
  self->zone = g_time_zone_ref (g_date_time_get_timezone (start));
  return self;
}

/**
 * base_clock_now:
 *
 * Returns: microseconds since 1970-01-01T00:00:00Z
 */
gint64
base_clock_now (BaseClock *self)
{
  return g_get_real_time () + self->offset;
}

/**
 * base_clock_dup_now:
 *
 * Returns: (transfer full): now, in the clinic's time zone
 */
GDateTime *
base_clock_dup_now (BaseClock *self)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (base_clock_now (self));

  return g_date_time_to_timezone (utc, self->zone);
}

/* A moment of UTC taken apart. */
typedef struct
{
  int year, month, day, weekday; /* 0 is Sunday */
  int hour, minute, second, millisecond;
} Utc;

#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

/* Days are counted in eras of 400 years that begin on a first of March, so that the leap day is a
 * year's last and a month's beginning is a straight line. */
static Utc
take_apart (gint64 microseconds)
{
  gint64 days = microseconds / DAY_US - (microseconds % DAY_US < 0 ? 1 : 0);
  int ms = (int) ((microseconds - days * DAY_US) / 1000);
  gint64 from_march = days + 719468; /* since 0000-03-01 */
  gint64 era = (from_march >= 0 ? from_march : from_march - 146096) / 146097;
  int of_era = (int) (from_march - era * 146097);
  int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int of_year = of_era - (365 * year + year / 4 - year / 100);
  int month = (5 * of_year + 2) / 153; /* 0 is March */

  return (Utc) { .year = (int) (year + era * 400) + (month >= 10 ? 1 : 0),
                 .month = month < 10 ? month + 3 : month - 9,
                 .day = of_year - (153 * month + 2) / 5 + 1,
                 .weekday = (int) (((days % 7) + 11) % 7),
                 .hour = ms / 3600000,
                 .minute = ms / 60000 % 60,
                 .second = ms / 1000 % 60,
                 .millisecond = ms % 1000 };
}

static char *
write_digits (char *to, int value, int digits)
{
  for (int i = digits - 1; i >= 0; i--, value /= 10)
    to[i] = (char) ('0' + value % 10);
  return to + digits;
}

/**
 * base_clock_format_instant:
 * @microseconds: since 1970-01-01T00:00:00Z, in the years 0 to 9999
 *
 * Every record and every row of the audit carries one, so it is written digit by digit.
 *
 * Returns: (transfer full): a FHIR instant in UTC with milliseconds
 */
char *
base_clock_format_instant (gint64 microseconds)
{
  Utc utc = take_apart (microseconds);
  char *text = g_strdup ("0000-00-00T00:00:00.000Z");
  char *at = write_digits (text, utc.year, 4);

  at = write_digits (at + 1, utc.month, 2);
  at = write_digits (at + 1, utc.day, 2);
  at = write_digits (at + 1, utc.hour, 2);
  at = write_digits (at + 1, utc.minute, 2);
  at = write_digits (at + 1, utc.second, 2);
  write_digits (at + 1, utc.millisecond, 3);
  return text;
}

/**
 * base_clock_format_http_date:
 * @microseconds: since 1970-01-01T00:00:00Z, in the years 0 to 9999
 *
 * Returns: (transfer full): as in "Sun, 06 Nov 1994 08:49:37 GMT", RFC 9110 section 5.6.7
 */
char *
base_clock_format_http_date (gint64 microseconds)
{
  Utc utc = take_apart (microseconds);
  char *text = g_strdup ("Ddd, 00 Mmm 0000 00:00:00 GMT");

  memcpy (text, &"SunMonTueWedThuFriSat"[3 * utc.weekday], 3);
  write_digits (text + 5, utc.day, 2);
  memcpy (text + 8, &"JanFebMarAprMayJunJulAugSepOctNovDec"[3 * (utc.month - 1)], 3);
  write_digits (text + 12, utc.year, 4);
  write_digits (text + 17, utc.hour, 2);
  write_digits (text + 20, utc.minute, 2);
  write_digits (text + 23, utc.second, 2);
  return text;
}

/**
 * base_clock_dup_instant:
 *
 * Returns: (transfer full): now as a FHIR instant in UTC with milliseconds
 */
char *
base_clock_dup_instant (BaseClock *self)
{
  return base_clock_format_instant (base_clock_now (self));
}

/**
 * base_clock_dup_today:
 *
 * Returns: (transfer full): today's date in the clinic's time zone, YYYY-MM-DD
 */
char *
base_clock_dup_today (BaseClock *self)
{
  g_autoptr (GDateTime) now = base_clock_dup_now (self);

  return g_date_time_format (now, "%Y-%m-%d");
}

/**
 * base_clock_monotonic:
 *
 * Returns: microseconds of a clock that never goes backwards: for durations, never for dates
 */
gint64
base_clock_monotonic (BaseClock *self)
{
  return g_get_monotonic_time () + self->passed;
}

/**
 * base_clock_advance:
 * @microseconds: how far to move the clock; for tests. Forwards, so much time passes; backwards,
 *   somebody set the clock, and no time has passed
 */
void
base_clock_advance (BaseClock *self, gint64 microseconds)
{
  self->offset += microseconds;
  self->passed += MAX (microseconds, 0);
}
