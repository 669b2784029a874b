/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-quality.h"

#include <glib/gi18n.h>

#include "media-ladder.h"

/* The thresholds stand in this room's README too, for people. */
#define LOST_MS       3000
#define LOSS_PERCENT  5
#define ROUND_TRIP_MS 400
#define JITTER_MS     60
#define FEW_FRAMES    12
#define FROZEN_MS     3000

#define WORSE_SECONDS  2
#define BETTER_SECONDS 5

G_DEFINE_BOXED_TYPE (MediaQuality, media_quality, media_quality_copy, media_quality_free)

MediaQuality *
media_quality_copy (const MediaQuality *quality)
{
  return g_memdup2 (quality, sizeof *quality);
}

void
media_quality_free (MediaQuality *quality)
{
  g_free (quality);
}

static gboolean
is_shaky (const MediaWay *way)
{
  return way->loss_percent > LOSS_PERCENT || way->jitter_ms > JITTER_MS;
}

static gboolean
is_slow (const MediaWay *way, MediaRung rung)
{
  return rung == MEDIA_RUNG_THUMBNAIL || (way->frames > 0 && way->frames < FEW_FRAMES) ||
         way->frozen_ms >= FROZEN_MS;
}

/**
 * media_freeze_step:
 * @self: all zero at first
 * @bytes: of pictures that came, ever
 * @frames: that were shown, ever
 * @elapsed_us: since the step before
 *
 * A picture that stands still while the sound runs on looks like a patient who does not move. Where
 * nothing of pictures comes, none is sent, and that is said elsewhere.
 *
 * Returns: for how many ms the picture has been frozen; 0 while it moves or none is sent
 */
int
media_freeze_step (MediaFreeze *self, guint64 bytes, guint64 frames, gint64 elapsed_us)
{
  gboolean frozen = bytes > self->bytes && frames == self->frames;

  self->frozen_us = frozen ? self->frozen_us + elapsed_us : 0;
  self->bytes = bytes;
  self->frames = frames;
  return (int) MIN (self->frozen_us / 1000, G_MAXINT);
}

/**
 * media_quality_judge:
 *
 * A rule of thumb for eye and ear, not a standard: what people in the call would say of it. Either
 * direction counts, because both ends are told the same.
 *
 * Returns: the verdict on this second alone
 */
MediaVerdict
media_quality_judge (const MediaQuality *quality)
{
  if (quality->silent_ms >= LOST_MS)
    return MEDIA_VERDICT_LOST;
  if (quality->in.kbps <= 0 && quality->round_trip_ms < 0)
    return MEDIA_VERDICT_UNKNOWN;
  if (quality->rung <= MEDIA_RUNG_AUDIO || quality->their_rung <= MEDIA_RUNG_AUDIO)
    return MEDIA_VERDICT_SOUND;
  if (is_shaky (&quality->out) || is_shaky (&quality->in) || quality->round_trip_ms > ROUND_TRIP_MS)
    return MEDIA_VERDICT_SHAKY;
  if (is_slow (&quality->out, quality->rung) || is_slow (&quality->in, quality->their_rung))
    return MEDIA_VERDICT_SLOW;
  return MEDIA_VERDICT_GOOD;
}

static void
start_again (MediaJudge *judge, MediaVerdict said)
{
  *judge = (MediaJudge) { .said = said, .mildest = MEDIA_VERDICT_LOST };
}

/**
 * media_judge_step:
 * @judge: all zero at first
 * @quality: the second behind us
 *
 * Worse after two seconds in a row, and then as the milder of them; better after five, and then as
 * the worst of them; into and out of silence at once.
 *
 * Returns: what is said now
 */
MediaVerdict
media_judge_step (MediaJudge *judge, const MediaQuality *quality)
{
  MediaVerdict now = media_quality_judge (quality);

  if (now == MEDIA_VERDICT_UNKNOWN)
    return judge->said;
  if (judge->said == MEDIA_VERDICT_LOST && now != MEDIA_VERDICT_LOST)
    start_again (judge, MEDIA_VERDICT_UNKNOWN);
  if (now == MEDIA_VERDICT_LOST || now == judge->said ||
      (judge->said == MEDIA_VERDICT_UNKNOWN &&
       (now == MEDIA_VERDICT_GOOD || now == MEDIA_VERDICT_SOUND)))
    {
      start_again (judge, now);
      return now;
    }
  if (now > judge->said)
    {
      judge->mildest = judge->worse++ == 0 ? now : MIN (judge->mildest, now);
      judge->better = 0;
    }
  else
    {
      judge->worst = judge->better++ == 0 ? now : MAX (judge->worst, now);
      judge->worse = 0;
    }
  if (judge->worse >= WORSE_SECONDS)
    start_again (judge, judge->mildest);
  else if (judge->better >= BETTER_SECONDS)
    start_again (judge, judge->worst);
  return judge->said;
}

/**
 * media_quality_dup_text:
 *
 * Figures for support and logs, in one line that is the same in every language: verdict, rungs
 * (ours/theirs), round trip and silence in ms, then loss in %, jitter in ms, kbit/s carried,
 * kbit/s available and frames/s, to the patient and from the patient. -1: not known.
 *
 * Returns: (transfer full): nothing in it names a person
 */
char *
media_quality_dup_text (const MediaQuality *quality)
{
  const MediaWay *out = &quality->out, *in = &quality->in;
  char out_loss[G_ASCII_DTOSTR_BUF_SIZE], in_loss[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (out_loss, sizeof out_loss, "%.1f", out->loss_percent);
  g_ascii_formatd (in_loss, sizeof in_loss, "%.1f", in->loss_percent);
  return g_strdup_printf ("%s %s/%s rtt %d silent %d out %s %d %d %d %d in %s %d %d %d %d",
                          media_verdict_to_id (quality->verdict), media_rung_to_id (quality->rung),
                          media_rung_to_id (quality->their_rung), quality->round_trip_ms,
                          (int) quality->silent_ms, out_loss, out->jitter_ms, out->kbps,
                          out->available_kbps, out->frames, in_loss, in->jitter_ms, in->kbps,
                          in->available_kbps, in->frames);
}

/**
 * media_verdict_to_id:
 *
 * Returns: the verdict's name on the heartbeat, where the patient's page finds its own words for it
 */
const char *
media_verdict_to_id (MediaVerdict verdict)
{
  static const char *const ids[] = { "unknown", "good", "slow", "shaky", "sound", "lost" };

  return ids[CLAMP (verdict, MEDIA_VERDICT_UNKNOWN, MEDIA_VERDICT_LOST)];
}

/**
 * media_verdict_get_sentence:
 *
 * Returns: (nullable): for the clinician; the patient's page says the same in its own words
 */
const char *
media_verdict_get_sentence (MediaVerdict verdict)
{
  switch (verdict)
    {
    case MEDIA_VERDICT_GOOD:
      return _ ("Picture and sound arrive well.");
    case MEDIA_VERDICT_SLOW:
      return _ ("The connection is slow: the picture is small or jerky, the sound comes first.");
    case MEDIA_VERDICT_SHAKY:
      return _ ("The connection is shaky: words may be lost, so leave a pause after speaking.");
    case MEDIA_VERDICT_SOUND:
      return _ ("Pictures are paused so that the sound gets through.");
    case MEDIA_VERDICT_LOST:
      return _ ("Nothing gets through just now: call by phone if it stays so.");
    case MEDIA_VERDICT_UNKNOWN:
    default:
      return NULL;
    }
}
