/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-renewal.h"

/* A path that was gone tells nobody when it is back, and a peer connection that was made in the
 * dark knocks more and more seldom: measured, it needed 4 to 5 s. So while there is nothing a fresh
 * one is tried about once a second, given the round trips that it needs; every eighth has its time,
 * for a path that became slow or goes through a relay now. */

#define SILENT_US       (6 * G_USEC_PER_SEC) /* then the connection is not believed any more */
#define HURRY_US        (10 * G_USEC_PER_SEC)
#define HURRY_SILENT_US (1 * G_USEC_PER_SEC)
#define UNANSWERED_US   (3 * G_USEC_PER_SEC) /* for signalling there and back */
#define TRY_US          (600 * G_TIME_SPAN_MILLISECOND)
#define TRY_TRIPS       3
#define LONG_TRY_US     (2500 * G_TIME_SPAN_MILLISECOND)
#define LONG_EVERY      8

void
media_renewal_begin (MediaRenewal *self, gint64 now)
{
  self->began = now;
  self->answered = 0;
  self->attempts++;
}

void
media_renewal_answered (MediaRenewal *self, gint64 now)
{
  self->answered = now;
}

/**
 * media_renewal_hurry:
 *
 * The path may be another one now: for ten seconds a second of silence is enough.
 */
void
media_renewal_hurry (MediaRenewal *self, gint64 now)
{
  self->hurry_until = now + HURRY_US;
}

/**
 * media_renewal_well:
 *
 * Pictures or sound come.
 */
void
media_renewal_well (MediaRenewal *self, double round_trip_ms)
{
  self->attempts = 0;
  if (round_trip_ms > 0)
    self->round_trip = (gint64) (MIN (round_trip_ms, 10000.0) * G_TIME_SPAN_MILLISECOND);
}

static gint64
time_of_try (const MediaRenewal *self)
{
  if (self->attempts > 0 && self->attempts % LONG_EVERY == 0)
    return LONG_TRY_US;
  return TRY_US + TRY_TRIPS * self->round_trip;
}

/**
 * media_renewal_check:
 * @connected: whether the far side of this peer connection was proven
 * @silent: µs since something came
 *
 * Only of a call that was live before: the first connection has all the time it needs.
 *
 * Returns: (nullable): why a fresh peer connection is due, for the log
 */
const char *
media_renewal_check (const MediaRenewal *self, gint64 now, gboolean connected, gint64 silent)
{
  if (connected && silent >= SILENT_US)
    return "nothing came from the patient for 6 s";
  if (connected && silent >= HURRY_SILENT_US && now < self->hurry_until)
    return "nothing comes over a path that may have changed";
  if (connected)
    return NULL;
  if (self->answered == 0)
    return now - self->began >= UNANSWERED_US + 2 * self->round_trip
               ? "the fresh connection was not answered"
               : NULL;
  return now - self->answered >= time_of_try (self) ? "the fresh connection found no path" : NULL;
}
