/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

/* Which rung a sender stands on. Pure: time comes in as a figure. */
typedef struct
{
  MediaRung rung;
  MediaRung highest;      /* never climbed above by itself */
  gint64 enough_since_us; /* the next rung's rate is there since then; 0: it is not */
  gint64 changed_us;      /* the last step, up or down */
  gint64 wait_us;         /* how long the rate has to be there */
  gboolean climbed;       /* the last step was up */
} MediaLadder;

void media_ladder_init (MediaLadder *ladder, MediaRung rung, MediaRung highest);
void media_ladder_set_highest (MediaLadder *ladder, MediaRung highest);
void media_ladder_go_down (MediaLadder *ladder, gint64 now_us);
void media_ladder_resume (MediaLadder *ladder, MediaRung before, guint bps, gint64 now_us);
void media_ladder_step (MediaLadder *ladder, guint bps, gboolean light, gint64 now_us);

MediaRung media_rung_automatic (void);
guint media_rung_ceiling_bps (MediaRung rung);
guint media_rung_enter_bps (MediaRung rung);
const char *media_rung_to_id (MediaRung rung);

G_END_DECLS
