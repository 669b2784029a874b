/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "media-device.h"

G_BEGIN_DECLS

typedef enum
{
  MEDIA_DEVICE_CAMERA,
  MEDIA_DEVICE_MICROPHONE,
  MEDIA_DEVICE_SPEAKER,
  MEDIA_N_DEVICE_KINDS
} MediaDeviceKind;

/**
 * MediaDeviceChoice:
 *
 * The devices of one kind that are plugged in, and which of them to use: the one that a person
 * chose, by its name wherever it is plugged in; else the system's own; else any.
 *
 * Signals:
 * - "changed" (): another one is used now, or none
 * - "notice" (const char *sentence): what a person should know of that
 */
#define MEDIA_TYPE_DEVICE_CHOICE (media_device_choice_get_type ())
G_DECLARE_FINAL_TYPE (MediaDeviceChoice, media_device_choice, MEDIA, DEVICE_CHOICE, GObject)

MediaDeviceChoice *media_device_choice_new (MediaDeviceKind kind);
GListModel *media_device_choice_get_list (MediaDeviceChoice *self);
void media_device_choice_update (MediaDeviceChoice *self, GPtrArray *found);
void media_device_choice_choose (MediaDeviceChoice *self, const char *id);
void media_device_choice_remember (MediaDeviceChoice *self, const char *name);
const char *media_device_choice_get_chosen_name (MediaDeviceChoice *self);
MediaDevice *media_device_choice_pick (MediaDeviceChoice *self);

G_END_DECLS
