/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "media-link.h"

G_BEGIN_DECLS

/* The heartbeat's data channel. What comes on it is from anybody: long messages are dropped, and so
 * is what comes faster than the main thread takes it. */
typedef struct _MediaPulse MediaPulse;

typedef struct
{
  char *text;
  gint64 time_us; /* when it came */
} MediaPulseBeat;

MediaPulse *media_pulse_new (GstElement *webrtcbin, MediaLink *link, MediaLinkFunc take);
void media_pulse_free (MediaPulse *self);
void media_pulse_send (MediaPulse *self, const char *text);

G_END_DECLS
