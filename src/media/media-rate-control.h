/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-ladder.h"

G_BEGIN_DECLS

/* What half a second of transport-wide feedback said. */
typedef struct
{
  guint reports;          /* feedback packets; 0: the path is silent */
  double delay_growth_ms; /* mean delta-of-delta: the queue on the way grows when above 0 */
  double loss_percent;
  guint received_bps; /* what arrived there; 0 unknown */
  guint sent_bps;     /* what the encoder gave; 0 unknown */
  gint64 now_us;      /* monotonic */
  guint queue_ms;     /* how much longer a round trip takes than at best; 0 unknown */
} MediaRateSample;

typedef struct
{
  guint bps;       /* what the encoder is told */
  guint floor_bps; /* limits */
  guint ceiling_bps;
  gint64 hold_until_us;
  gint64 lowered_us;  /* the last time that it was lowered for overuse, 0 never */
  gboolean heard;     /* feedback came at least once: from then on its absence means something */
  guint silent;       /* samples in a row without feedback */
  guint before_bps;   /* what was sent when the path fell silent, 0 it did not */
  MediaRung before;   /* and on which rung */
  guint growing;      /* samples in a row in which the queue grew */
  guint carried_bps;  /* what arrived, sound and all, when the queue last grew; 0 unknown */
  guint full;         /* samples in a row in which round trips were long */
  guint calm;         /* good samples since the last overuse */
  gboolean starting;  /* nothing was ever too much: climb fast */
  guint knee_bps;     /* what the path carried at the last overuse, 0 none */
  MediaLadder ladder; /* what to send at this rate */
} MediaRate;

void media_rate_init (MediaRate *rate, MediaRung highest);
void media_rate_set_highest (MediaRate *rate, MediaRung highest);
void media_rate_starve (MediaRate *rate, gint64 now_us);
gboolean media_rate_step (MediaRate *rate, const MediaRateSample *sample);

guint media_rate_queue_ms (int *best_ms, int round_trip_ms);
guint media_rate_jitter_ms (double loss_percent, int round_trip_ms);

G_END_DECLS
