/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-sources.h"

#include "check-step.h"

G_BEGIN_DECLS

/* The workplace's camera, microphone and loudspeaker, for the three steps that try them. */
#define CHECK_TYPE_DEVICES (check_devices_get_type ())
G_DECLARE_FINAL_TYPE (CheckDevices, check_devices, CHECK, DEVICES, GObject)

CheckDevices *check_devices_new (void);
void check_devices_set_sources (CheckDevices *self, MediaSources *sources);
MediaSources *check_devices_get_sources (CheckDevices *self);
void check_devices_set_in_call (CheckDevices *self, gboolean in_call);

CheckStep *check_camera_new (CheckDevices *devices);
CheckStep *check_microphone_new (CheckDevices *devices);
CheckStep *check_speaker_new (CheckDevices *devices);

G_END_DECLS
