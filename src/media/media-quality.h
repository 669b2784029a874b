/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

/* What both ends are told of the connection: five sentences, from the best to the worst. */
typedef enum
{
  MEDIA_VERDICT_UNKNOWN, /* nothing measured yet: nothing is said */
  MEDIA_VERDICT_GOOD,
  MEDIA_VERDICT_SLOW,
  MEDIA_VERDICT_SHAKY,
  MEDIA_VERDICT_SOUND,
  MEDIA_VERDICT_LOST,
} MediaVerdict;

/* One direction, over the last second. */
typedef struct
{
  double loss_percent; /* of packets, before they are sent again; -1 unknown */
  int jitter_ms;       /* how unevenly packets come; -1 unknown */
  int kbps;            /* media carried; -1 unknown */
  int available_kbps;  /* what the path is believed to carry; -1 unknown */
  int frames;          /* pictures a second that are decoded; -1 unknown, 0 also: none is sent */
  int frozen_ms;       /* for so long has what is sent of pictures shown none; -1 unknown */
} MediaWay;

/* Whether pictures come that cannot be shown. */
typedef struct
{
  guint64 bytes, frames; /* till now */
  gint64 frozen_us;
} MediaFreeze;

/* One second of a call. */
typedef struct
{
  MediaVerdict verdict; /* what both ends are told, from these figures and those before */
  int round_trip_ms;    /* -1 unknown */
  gint64 silent_ms;     /* since anything came from the patient; theirs where that is longer */
  MediaWay out, in;     /* to the patient, from the patient */
  MediaRung rung;       /* what we send; PHONE when nothing passes for 10 s */
  MediaRung their_rung; /* what we ask the patient's page to send */
  guint64 frames;       /* pictures shown in this epoch */
} MediaQuality;

/* What was said before, so that the sentence does not flicker. */
typedef struct
{
  MediaVerdict said;
  guint worse, better;         /* seconds in a row that speak for a change */
  MediaVerdict mildest, worst; /* among these */
} MediaJudge;

#define MEDIA_TYPE_QUALITY (media_quality_get_type ())
GType media_quality_get_type (void);
MediaQuality *media_quality_copy (const MediaQuality *quality);
void media_quality_free (MediaQuality *quality);
int media_freeze_step (MediaFreeze *self, guint64 bytes, guint64 frames, gint64 elapsed_us);
MediaVerdict media_quality_judge (const MediaQuality *quality);
MediaVerdict media_judge_step (MediaJudge *judge, const MediaQuality *quality);
char *media_quality_dup_text (const MediaQuality *quality);
const char *media_verdict_to_id (MediaVerdict verdict);
const char *media_verdict_get_sentence (MediaVerdict verdict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaQuality, media_quality_free)

G_END_DECLS
