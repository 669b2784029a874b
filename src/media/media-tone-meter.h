/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-sources.h"

G_BEGIN_DECLS

#define MEDIA_TONE_METER_HZ 1000 /* Hz */

/* Listens to the microphone and keeps numbers, never sound. */
typedef struct _MediaToneMeter MediaToneMeter;

MediaToneMeter *media_tone_meter_new (MediaSources *sources, GError **error);
void media_tone_meter_free (MediaToneMeter *self);
guint media_tone_meter_get_heard_ms (MediaToneMeter *self);
guint media_tone_meter_get_peak (MediaToneMeter *self);
double media_tone_meter_steal_tone (MediaToneMeter *self);
GError *media_tone_meter_dup_error (MediaToneMeter *self);

G_END_DECLS
