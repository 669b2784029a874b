/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-rate-control.h"

/* How fast to send, from what transport-wide feedback says every half second. It found a link of
 * 500 kbit/s within 2 s of a drop from 3 Mbit/s; without it retransmissions flooded the link. */

#define HOLD_US   (2 * G_USEC_PER_SEC)
#define SETTLE_US (900 * 1000) /* until then what is heard is still of the rate before */
#define DRAIN_US  (3 * G_USEC_PER_SEC)
#define FLOOR_BPS 60000
#define PROBE_BPS 2000
#define FULL_MS   150 /* a queue that stands, not one frame's */
#define SHORT_MS  50
#define START_BPS 220000
#define AUDIO_BPS 50000

/* A still picture needs little: while the encoder does not use its rate, a low rate costs nothing.
 */
static gboolean
is_light (const MediaRate *rate, guint sent_bps)
{
  return sent_bps > 0 && sent_bps < rate->bps * 0.6;
}

void
media_rate_init (MediaRate *rate, MediaRung highest)
{
  *rate = (MediaRate) { .bps = START_BPS, .floor_bps = FLOOR_BPS, .starting = TRUE };
  media_ladder_init (&rate->ladder, MEDIA_RUNG_SD, highest);
  media_rate_set_highest (rate, highest);
}

/**
 * media_rate_set_highest:
 * @highest: chosen by hand; the rate never climbs above it by itself
 *
 * Who chooses wants to see it tried now: up to SD it is, and it falls again if the path refuses.
 */
void
media_rate_set_highest (MediaRate *rate, MediaRung highest)
{
  MediaRung tried = MIN (highest, MEDIA_RUNG_SD);

  if (highest != rate->ladder.highest && rate->ladder.rung <= tried)
    {
      rate->bps = MAX (rate->bps, media_rung_enter_bps (tried));
      rate->ladder.rung = tried;
    }
  media_ladder_set_highest (&rate->ladder, highest);
  rate->ceiling_bps = media_rung_ceiling_bps (highest);
  rate->bps = MIN (rate->bps, rate->ceiling_bps);
}

/* A full queue on the way: go to what arrived. Packets lost with no queue growing may be a bad
 * radio rather than too much sent, so that is met more gently. */
static double
lower (const MediaRate *rate, const MediaRateSample *sample)
{
  double next = rate->bps * 0.85;

  if (rate->lowered_us != 0 && sample->now_us - rate->lowered_us < SETTLE_US)
    return rate->bps;
  /* The queue is emptying: what got lost in it is still of the rate before. */
  if (rate->lowered_us != 0 && sample->now_us - rate->lowered_us < DRAIN_US &&
      sample->delay_growth_ms < -0.5)
    return rate->bps;
  if (sample->delay_growth_ms <= 1 && rate->full <= 1 && sample->loss_percent < 20)
    return rate->bps * (1 - sample->loss_percent / 200);
  /* Once may be a path that got longer; twice is a queue. */
  if (sample->received_bps > 0 &&
      (rate->growing > 1 || rate->full > 1 || sample->loss_percent >= 20))
    next = MIN (next, MAX (0.8 * sample->received_bps - AUDIO_BPS, rate->bps * 0.5));
  return next;
}

/* Reports come again after an outage: what they say is of the outage, and what the path carries is
 * as good a guess as it was before, only to be tried with half. */
static gboolean
resume (MediaRate *rate, const MediaRateSample *sample)
{
  guint before_bps = rate->before_bps;

  if (sample->reports == 0)
    {
      if (rate->silent == 0 && rate->ladder.rung > MEDIA_RUNG_AUDIO)
        {
          rate->before_bps = rate->bps;
          rate->before = rate->ladder.rung;
        }
      return FALSE;
    }
  rate->before_bps = 0;
  if (before_bps == 0 || rate->silent < 2)
    return FALSE;
  rate->bps = CLAMP (MAX (rate->bps, before_bps / 2), rate->floor_bps, rate->ceiling_bps);
  rate->hold_until_us = sample->now_us + HOLD_US;
  rate->silent = rate->growing = rate->calm = 0;
  media_ladder_resume (&rate->ladder, rate->before, rate->bps, sample->now_us);
  return TRUE;
}

/* A call begins with what a poor path carries, and finds out in seconds what more there is: begun
 * with more, the first pictures of a path of 300 kbit/s stood in its queue. Losses without a queue
 * are a bad radio, which a lower rate does not mend. */
static gboolean
is_starting (const MediaRate *rate, const MediaRateSample *sample)
{
  return rate->starting && sample->loss_percent <= 10;
}

/* Growth is a mean of packets and noisy; round trips that stay long are a queue that stands. */
static gboolean
is_too_much (const MediaRate *rate, const MediaRateSample *sample)
{
  return sample->delay_growth_ms > 1 || sample->loss_percent > 10 || rate->full > 1;
}

static gboolean
may_climb (const MediaRate *rate, const MediaRateSample *sample)
{
  if (sample->loss_percent > 3 && !is_starting (rate, sample))
    return FALSE;
  if (sample->now_us < rate->hold_until_us || sample->queue_ms > SHORT_MS)
    return FALSE;
  /* After a large picture the queue has yet to show. */
  if (rate->starting &&
      (sample->delay_growth_ms > 0.3 || sample->sent_bps > rate->bps + rate->bps / 3))
    return FALSE;
  return rate->ladder.rung == MEDIA_RUNG_AUDIO || sample->sent_bps == 0 ||
         sample->sent_bps >= rate->bps / 3;
}

static double
climb (const MediaRate *rate)
{
  if (rate->starting)
    return rate->bps * 1.25;
  /* What was too much a while ago is felt for, not run into: each overflow costs a key frame. */
  if (rate->carried_bps > 0 && rate->bps + AUDIO_BPS > 0.85 * rate->carried_bps &&
      rate->bps < rate->carried_bps)
    return rate->bps + PROBE_BPS;
  return rate->bps * (rate->calm > 10 && rate->bps < rate->knee_bps / 2 ? 1.15 : 1.05) + 8000;
}

/**
 * media_rate_starve:
 *
 * Instead of media_rate_step () while not even small messages get through: half each time, so that
 * after 2 s at the latest pictures are paused and sound is what passes.
 */
void
media_rate_starve (MediaRate *rate, gint64 now_us)
{
  rate->bps = MAX (rate->bps / 2, rate->floor_bps);
  rate->lowered_us = MAX (now_us, 1);
  rate->hold_until_us = now_us + HOLD_US;
  rate->calm = 0;
  rate->before_bps = 0;
  media_ladder_step (&rate->ladder, rate->bps, FALSE, now_us);
}

/**
 * media_rate_step:
 * @sample: the half second behind us
 *
 * Overuse (the queue on the way grows, or more than a tenth is lost) lowers the rate and holds it
 * for 2 s; silence lowers it; 3 to 10 % loss keeps it; else it climbs: fast until something was too
 * much for the first time, then slowly, and faster once 5 s were calm below what the path is known
 * to have carried. While sound alone is sent there
 * may be too little to report on, and it is less than a third of what pictures need: then it climbs
 * all the same, and the first pictures show whether they pass.
 *
 * Returns: whether the losses so far have been answered and are to be forgotten
 */
gboolean
media_rate_step (MediaRate *rate, const MediaRateSample *sample)
{
  guint before_bps = rate->bps;
  MediaRung before_rung = rate->ladder.rung;
  double next = rate->bps;

  if (sample->reports == 0 && !rate->heard)
    return FALSE;
  if (resume (rate, sample))
    return TRUE;
  rate->silent = sample->reports == 0 ? rate->silent + 1 : 0;
  rate->full = sample->queue_ms > FULL_MS ? rate->full + 1 : 0;
  rate->growing = sample->delay_growth_ms > 1 || rate->full > 1 ? rate->growing + 1 : 0;
  rate->heard = TRUE;
  if (sample->reports == 0 && rate->ladder.rung > MEDIA_RUNG_AUDIO)
    {
      next = rate->silent > 1 ? rate->bps * 0.7 : rate->bps; /* once may be a lost report */
      rate->calm = 0;
    }
  else if (is_too_much (rate, sample))
    {
      if (rate->calm > 0 || rate->knee_bps == 0)
        rate->knee_bps = rate->bps;
      rate->starting = FALSE;
      if (sample->delay_growth_ms > 1 && rate->growing > 1)
        rate->carried_bps = sample->received_bps;
      next = lower (rate, sample);
      if (next < rate->bps)
        rate->lowered_us = MAX (sample->now_us, 1);
      rate->hold_until_us = sample->now_us + HOLD_US;
      rate->calm = 0;
    }
  else if (may_climb (rate, sample))
    {
      rate->calm++;
      next = climb (rate);
    }
  /* What sound alone proves is that the first pictures may be tried, small. */
  if (rate->ladder.rung <= MEDIA_RUNG_AUDIO)
    next = MIN (next, media_rung_enter_bps (MEDIA_RUNG_THUMBNAIL));
  rate->bps = (guint) CLAMP (next, rate->floor_bps, rate->ceiling_bps);
  media_ladder_step (&rate->ladder, rate->bps, is_light (rate, sample->sent_bps), sample->now_us);
  if (rate->ladder.rung > before_rung)
    rate->before_bps = 0;
  return rate->bps < before_bps;
}

/**
 * media_rate_queue_ms:
 * @best_ms: (inout): the best round trip so far, 0 unknown. It is given up slowly: a path may get
 *   longer
 * @round_trip_ms: -1 unknown. One of less than a millisecond counts as one: it is known
 *
 * Returns: how much longer it took than at best
 */
guint
media_rate_queue_ms (int *best_ms, int round_trip_ms)
{
  int trip_ms = MAX (round_trip_ms, 1);

  if (round_trip_ms < 0)
    return 0;
  *best_ms = *best_ms == 0 ? trip_ms : MIN (*best_ms + 1, trip_ms);
  return (guint) (trip_ms - *best_ms);
}

/**
 * media_rate_jitter_ms:
 * @round_trip_ms: -1 unknown
 *
 * Returns: how long the receiving side waits for a packet that was lost: long enough to ask for it
 *   again when packets do get lost, else short
 */
guint
media_rate_jitter_ms (double loss_percent, int round_trip_ms)
{
  return loss_percent > 1 ? CLAMP (2 * MAX (round_trip_ms, 0) + 50, 200, 600) : 40;
}
