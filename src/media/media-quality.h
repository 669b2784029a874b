/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

typedef enum
{
  MEDIA_QUALITY_UNKNOWN,
  MEDIA_QUALITY_GOOD,
  MEDIA_QUALITY_FAIR,
  MEDIA_QUALITY_POOR,
} MediaQualityGrade;

typedef struct
{
  MediaQualityGrade grade;
  int round_trip_ms;   /* -1 unknown: receiver reports take seconds to come */
  double loss_percent; /* of what we send, worst of the last 2 s; -1 unknown */
  guint sent_kbps, received_kbps;
  guint frames_per_second; /* pictures received and decoded */
  guint64 frames;          /* pictures shown in this epoch */
  gint64 silent_ms;        /* since anything came from the patient */
  MediaRung rung;          /* what we send now */
} MediaQuality;

#define MEDIA_TYPE_QUALITY (media_quality_get_type ())
GType media_quality_get_type (void);
MediaQuality *media_quality_copy (const MediaQuality *quality);
void media_quality_free (MediaQuality *quality);
MediaQualityGrade media_quality_judge (const MediaQuality *quality);
const char *media_quality_word (MediaQualityGrade grade);
char *media_quality_dup_sentence (const MediaQuality *quality);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaQuality, media_quality_free)

G_END_DECLS
