/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-lease.h"

/* Working without a network: the last time the server took the sign-in is good for a while. */

/* Clocks of two starts differ a little, and a zone may have been set wrong; more is no accident. */
#define CLOCK_SLACK_US (26 * G_TIME_SPAN_HOUR)

/* @signed_in: when the server last took the sign-in, in µs since 1970; 0 for never. @length: for
 * how long that is good, in µs. */
CareLease
care_lease_get_of (gint64 signed_in, gint64 now, gint64 length)
{
  if (signed_in <= 0)
    return CARE_LEASE_NONE;
  if (now < signed_in - CLOCK_SLACK_US)
    return CARE_LEASE_CLOCK;
  return now > care_lease_get_until (signed_in, length) ? CARE_LEASE_OVER : CARE_LEASE_GOOD;
}

/* By the length that holds where no administrator says otherwise. */
CareLease
care_lease_get (gint64 signed_in, gint64 now)
{
  return care_lease_get_of (signed_in, now, CARE_LEASE_US);
}

/* Until when it is good, in µs since 1970; 0 without a sign-in. */
gint64
care_lease_get_until (gint64 signed_in, gint64 length)
{
  return signed_in > 0 ? signed_in + length : 0;
}
