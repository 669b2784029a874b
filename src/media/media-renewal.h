/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When a call asks for a fresh peer connection. Without clock or GStreamer of its own: times are
 * monotonic µs, and given. */
typedef struct
{
  gint64 began;       /* this peer connection */
  gint64 answered;    /* 0: not yet */
  gint64 hurry_until; /* the path may be another one */
  gint64 round_trip;  /* µs, the last one measured while all was well; 0: never */
  guint attempts;     /* in a row that came to nothing */
} MediaRenewal;

void media_renewal_begin (MediaRenewal *self, gint64 now);
void media_renewal_answered (MediaRenewal *self, gint64 now);
void media_renewal_hurry (MediaRenewal *self, gint64 now);
void media_renewal_well (MediaRenewal *self, double round_trip_ms);
const char *
media_renewal_check (const MediaRenewal *self, gint64 now, gboolean connected, gint64 silent);

G_END_DECLS
