/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-quality.h"

#include <glib/gi18n.h>

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

/**
 * media_quality_judge:
 *
 * A rule of thumb for the eye, not a standard: what a clinician would call it.
 *
 * Returns: how the call is, of what was measured; unknown while nothing is
 */
MediaQualityGrade
media_quality_judge (const MediaQuality *quality)
{
  if (quality->silent_ms >= 3000 || quality->loss_percent > 10 || quality->round_trip_ms > 800 ||
      quality->rung == MEDIA_RUNG_AUDIO)
    return MEDIA_QUALITY_POOR;
  if (quality->received_kbps == 0)
    return MEDIA_QUALITY_UNKNOWN;
  if (quality->loss_percent > 3 || quality->round_trip_ms > 400 ||
      quality->rung == MEDIA_RUNG_THUMBNAIL ||
      (quality->frames_per_second > 0 && quality->frames_per_second < 12))
    return MEDIA_QUALITY_FAIR;
  return MEDIA_QUALITY_GOOD;
}

const char *
media_quality_word (MediaQualityGrade grade)
{
  switch (grade)
    {
    case MEDIA_QUALITY_GOOD:
      return _ ("good");
    case MEDIA_QUALITY_FAIR:
      return _ ("fair");
    case MEDIA_QUALITY_POOR:
      return _ ("poor");
    case MEDIA_QUALITY_UNKNOWN:
    default:
      return _ ("not measured yet");
    }
}

/**
 * media_quality_dup_sentence:
 *
 * Returns: (transfer full): one sentence that says what is wrong and what helps
 */
char *
media_quality_dup_sentence (const MediaQuality *quality)
{
  if (quality->silent_ms >= 3000)
    return g_strdup_printf (_ ("Nothing has come from the patient for %d seconds."),
                            (int) (quality->silent_ms / 1000));
  if (quality->rung == MEDIA_RUNG_AUDIO)
    return g_strdup (_ ("The connection carries sound only; your picture is paused."));
  if (quality->loss_percent > 3)
    return g_strdup_printf (_ ("%.0f%% of what you send is lost on the way."),
                            quality->loss_percent);
  if (quality->round_trip_ms > 400)
    return g_strdup_printf (_ ("There is a delay of %d ms: leave a pause after speaking."),
                            quality->round_trip_ms);
  if (quality->rung == MEDIA_RUNG_THUMBNAIL)
    return g_strdup (_ ("The connection is slow; the patient sees a small picture of you."));
  if (quality->frames_per_second > 0 && quality->frames_per_second < 12)
    return g_strdup (_ ("The patient's picture is not moving smoothly."));
  if (quality->received_kbps == 0)
    return g_strdup (_ ("The quality of the connection is not measured yet."));
  return g_strdup (_ ("Picture and sound arrive well."));
}
