/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-quality.h"

G_BEGIN_DECLS

#define MEDIA_HEARTBEAT_KEPT 16

/* The heartbeat's conversation: we say a number, the verdict and what the patient's page is to
 * send; the page says the number back, with what it measures. Pure. */
typedef struct
{
  guint number;
  gint64 said_us[MEDIA_HEARTBEAT_KEPT]; /* when each of the last numbers was said; 0: answered */
  int round_trips[4];                   /* ms, the last ones; -1 none */
  guint answers;
  gint64 answered_us; /* the last answer, 0 none */
  gint64 silent_ms;   /* since anything came to the page, as it says */
  MediaWay to_them;   /* what the page receives */
  MediaWay from_them; /* what it knows of its sending */
} MediaHeartbeat;

void media_heartbeat_init (MediaHeartbeat *self);
char *media_heartbeat_dup_beat (MediaHeartbeat *self,
                                MediaVerdict verdict,
                                MediaRung their_rung,
                                gint64 now_us);
gboolean media_heartbeat_take (MediaHeartbeat *self, const char *text, gint64 now_us);
gboolean
media_heartbeat_is_starving (const MediaHeartbeat *self, gint64 coming_since_us, gint64 now_us);
int media_heartbeat_get_round_trip_ms (const MediaHeartbeat *self);

G_END_DECLS
