/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-quality.h"

G_BEGIN_DECLS

#define MEDIA_HISTORY_SECONDS 300

typedef struct
{
  gint64 time_us; /* monotonic */
  MediaQuality quality;
} MediaMoment;

/* The last five minutes of a call's figures, oldest first. Signal "changed" (). */
#define MEDIA_TYPE_HISTORY (media_history_get_type ())
G_DECLARE_FINAL_TYPE (MediaHistory, media_history, MEDIA, HISTORY, GObject)

MediaHistory *media_history_new (void);
void media_history_add (MediaHistory *self, const MediaQuality *quality, gint64 now_us);
guint media_history_get_length (MediaHistory *self);
const MediaMoment *media_history_get (MediaHistory *self, guint index);
char *media_history_dup_text (MediaHistory *self);

G_END_DECLS
