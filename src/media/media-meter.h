/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-feedback.h"
#include "media-incoming.h"
#include "media-outgoing.h"
#include "media-quality.h"

G_BEGIN_DECLS

/* Measures one peer connection, twice a second, and says what both ends are told. Main thread. */
typedef struct _MediaMeter MediaMeter;

MediaMeter *
media_meter_new (MediaFeedback *feedback, MediaIncoming *incoming, MediaOutgoing *outgoing);
void media_meter_free (MediaMeter *self);
void media_meter_set_said (MediaMeter *self, MediaVerdict said);
void media_meter_set_highest (MediaMeter *self, MediaRung highest);
char *media_meter_dup_beat (MediaMeter *self);
gboolean media_meter_take_beat (MediaMeter *self, const char *text, gint64 now_us);
void media_meter_measure (MediaMeter *self,
                          MediaRateSample *sample,
                          const MediaRate *rate,
                          MediaQuality *quality);
gboolean media_meter_is_starving (const MediaMeter *self, const MediaQuality *quality);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaMeter, media_meter_free)

G_END_DECLS
