/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-meter.h"

#include "media-heartbeat.h"

#define PHONE_MS  10000
#define MUCH_LOSS 25 /* % of what comes */
/* The page's estimate starts low and is noisy: only what stays low for so long counts. */
#define LOW_SECONDS 4

struct _MediaMeter
{
  MediaFeedback *feedback;
  MediaIncoming *incoming;
  MediaOutgoing *outgoing;
  MediaHeartbeat heartbeat;
  MediaJudge judge;
  MediaLadder theirs;
  MediaFreeze freeze;
  guint64 last_sent, last_received, last_frames;
  gint64 last_us;
  gint64 coming_since_us; /* without a second of nothing; 0: nothing comes */
  guint ticks, low;
  int best_round_trip_ms; /* of this connection; 0 unknown */
};

MediaMeter *
media_meter_new (MediaFeedback *feedback, MediaIncoming *incoming, MediaOutgoing *outgoing)
{
  MediaMeter *self = g_new0 (MediaMeter, 1);

  self->feedback = media_feedback_ref (feedback);
  self->incoming = g_object_ref (incoming);
  self->outgoing = g_object_ref (outgoing);
  self->last_us = g_get_monotonic_time ();
  media_heartbeat_init (&self->heartbeat);
  media_ladder_init (&self->theirs, MEDIA_RUNG_SD, MEDIA_RUNG_SD);
  return self;
}

void
media_meter_free (MediaMeter *self)
{
  media_feedback_unref (self->feedback);
  g_object_unref (self->incoming);
  g_object_unref (self->outgoing);
  g_free (self);
}

/**
 * media_meter_set_said:
 * @said: what was said when the connection before this one was given up: silence lasts until
 *   something comes
 */
void
media_meter_set_said (MediaMeter *self, MediaVerdict said)
{
  self->judge.said = said == MEDIA_VERDICT_LOST ? said : MEDIA_VERDICT_UNKNOWN;
}

/**
 * media_meter_set_highest:
 * @highest: allowed by hand, in both directions: a bad connection is seldom bad in one alone
 */
void
media_meter_set_highest (MediaMeter *self, MediaRung highest)
{
  MediaRung most = MIN (highest, MEDIA_RUNG_SD); /* what a patient's camera gives */
  gboolean chosen = most != self->theirs.highest;

  media_ladder_set_highest (&self->theirs, most);
  if (chosen)
    self->theirs.rung = most;
  self->low = 0;
}

/**
 * media_meter_dup_beat:
 *
 * Returns: (transfer full): what the patient's page is told now
 */
char *
media_meter_dup_beat (MediaMeter *self)
{
  return media_heartbeat_dup_beat (&self->heartbeat, self->judge.said, self->theirs.rung,
                                   g_get_monotonic_time ());
}

/**
 * media_meter_take_beat:
 * @text: what came on the heartbeat channel, from anybody
 * @now_us: when it came
 *
 * Returns: whether it is a sign of life
 */
gboolean
media_meter_take_beat (MediaMeter *self, const char *text, gint64 now_us)
{
  return media_heartbeat_take (&self->heartbeat, text, now_us);
}

/**
 * media_meter_is_starving:
 *
 * Four beats without an answer, while something does come: the path is so full that not even they
 * pass, so the sound does not either. (When nothing comes at all it is an outage.)
 */
gboolean
media_meter_is_starving (const MediaMeter *self, const MediaQuality *quality)
{
  return quality->silent_ms < 1000 &&
         media_heartbeat_is_starving (&self->heartbeat, self->coming_since_us, self->last_us);
}

/* What the page is to send, once a second. Pictures that need little, or are paused, prove nothing
 * of what would pass: after a while the next rung is tried. */
static void
step_theirs (MediaMeter *self, const MediaQuality *quality, gint64 now_us)
{
  int available = quality->in.available_kbps;
  gboolean paused = self->theirs.rung <= MEDIA_RUNG_AUDIO;
  gboolean light = paused || quality->in.kbps < available * 0.6;
  gboolean calm = quality->in.loss_percent <= 3 && quality->silent_ms < 1000;
  guint bps;

  if (media_meter_is_starving (self, quality))
    media_ladder_go_down (&self->theirs, now_us);
  if (available < 0 && !paused)
    return;
  bps =
      light ? (calm ? media_rung_enter_bps (self->theirs.rung + 1) : 0) : (guint) available * 1000;
  self->low = !light && bps < media_rung_enter_bps (self->theirs.rung) ? self->low + 1 : 0;
  media_ladder_step (&self->theirs, bps, light || self->low < LOW_SECONDS, now_us);
}

static void
measure_ways (MediaMeter *self, MediaQuality *quality, gint64 now_us)
{
  guint64 sent = media_outgoing_get_bytes (self->outgoing);
  guint64 received = media_incoming_get_bytes (self->incoming);
  double seconds = MAX (now_us - self->last_us, 1000) / (double) G_USEC_PER_SEC;

  quality->frames = media_incoming_get_frames (self->incoming);
  quality->out = (MediaWay) {
    .loss_percent = media_feedback_take_loss_percent (self->feedback),
    .jitter_ms = self->heartbeat.to_them.jitter_ms,
    .kbps = (int) ((sent - self->last_sent) * 8 / 1000 / seconds),
    .frames = self->heartbeat.to_them.frames,
    .frozen_ms = self->heartbeat.to_them.frozen_ms,
  };
  /* Without transport-wide feedback the page's own count is all there is. */
  if (quality->out.loss_percent < 0)
    quality->out.loss_percent = self->heartbeat.to_them.loss_percent;
  quality->in = (MediaWay) {
    .kbps = (int) ((received - self->last_received) * 8 / 1000 / seconds),
    .available_kbps = self->heartbeat.from_them.available_kbps,
    .frames = (int) ((quality->frames - self->last_frames) / seconds + 0.5),
    .frozen_ms = media_freeze_step (&self->freeze, media_incoming_get_video_bytes (self->incoming),
                                    quality->frames, now_us - self->last_us),
  };
  media_feedback_read_buffers (self->feedback, &quality->in.loss_percent, &quality->in.jitter_ms);
  self->last_sent = sent;
  self->last_received = received;
  self->last_frames = quality->frames;
  self->last_us = now_us;
}

/**
 * media_meter_measure:
 * @sample: (inout): what the controller steers by; what is sent and what stands in queues is filled
 *   in
 * @quality: (out): of the time since the last call
 *
 * To be called twice a second.
 */
void
media_meter_measure (MediaMeter *self,
                     MediaRateSample *sample,
                     const MediaRate *rate,
                     MediaQuality *quality)
{
  *quality = (MediaQuality) { 0 };
  measure_ways (self, quality, sample->now_us);
  sample->sent_bps = (guint) quality->out.kbps * 1000;
  quality->out.available_kbps = (int) (rate->bps / 1000);
  quality->round_trip_ms = media_heartbeat_get_round_trip_ms (&self->heartbeat);
  sample->queue_ms = media_rate_queue_ms (&self->best_round_trip_ms, quality->round_trip_ms);
  if (quality->round_trip_ms < 0)
    quality->round_trip_ms = media_feedback_get_round_trip_ms (self->feedback);
  quality->silent_ms = media_incoming_get_silent_us (self->incoming) / 1000;
  if (quality->silent_ms >= 1000)
    self->coming_since_us = 0;
  else if (self->coming_since_us == 0)
    self->coming_since_us = sample->now_us;
  /* What the page says of its own silence counts only while it can say it. */
  if (self->heartbeat.answered_us > sample->now_us - G_USEC_PER_SEC)
    quality->silent_ms = MAX (quality->silent_ms, self->heartbeat.silent_ms);
  quality->rung = quality->silent_ms >= PHONE_MS ? MEDIA_RUNG_PHONE : rate->ladder.rung;
  quality->their_rung = self->theirs.rung;
  if (self->ticks++ % 2 == 1)
    {
      step_theirs (self, quality, sample->now_us);
      media_judge_step (&self->judge, quality);
    }
  else if (media_quality_judge (quality) == MEDIA_VERDICT_LOST)
    media_judge_step (&self->judge, quality); /* silence is said at once */
  quality->verdict = self->judge.said;
}
