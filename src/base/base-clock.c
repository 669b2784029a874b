/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-clock.h"

/* The clock that everything asks for the time. It is handed in by construction, so that a test or
 * the demo clinic (--today) can replace the day without touching the machine's own clock. Order is
 * never decided by it: growing integers do that. */

struct _BaseClock
{
  GObject parent_instance;
  gint64 offset; /* µs added to the machine's real time */
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

/**
 * base_clock_dup_instant:
 *
 * Returns: (transfer full): now as a FHIR instant in UTC with milliseconds
 */
char *
base_clock_dup_instant (BaseClock *self)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (base_clock_now (self));
  g_autofree char *seconds = g_date_time_format (utc, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds, g_date_time_get_microsecond (utc) / 1000);
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
  return g_get_monotonic_time ();
}

/**
 * base_clock_advance:
 * @microseconds: how far to move the clock, backwards too; for tests
 */
void
base_clock_advance (BaseClock *self, gint64 microseconds)
{
  self->offset += microseconds;
}
