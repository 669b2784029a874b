/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where no administrator says otherwise: how long the records on this computer open, and signatures
 * are taken, without the server having taken the sign-in again. Policy: long enough for a weekend
 * without a network, short enough that somebody who has left the clinic, or a computer that was
 * lost, does not go on reading. */
#define CARE_LEASE_US (72 * G_TIME_SPAN_HOUR)

typedef enum
{
  CARE_LEASE_NONE, /* nobody ever signed in here */
  CARE_LEASE_GOOD,
  CARE_LEASE_OVER,
  CARE_LEASE_CLOCK, /* the computer's clock reads earlier than the sign-in: nothing can be said */
} CareLease;

CareLease care_lease_get (gint64 signed_in, gint64 now);
CareLease care_lease_get_of (gint64 signed_in, gint64 now, gint64 length);
gint64 care_lease_get_until (gint64 signed_in, gint64 length);

G_END_DECLS
