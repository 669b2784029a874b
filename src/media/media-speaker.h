/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-sources.h"

G_BEGIN_DECLS

/**
 * MediaSpeaker:
 *
 * A sink that plays on the chosen speaker and changes over to another in mid-call. What it plays is
 * heard by a probe, so that the microphone can leave it out.
 */
#define MEDIA_TYPE_SPEAKER (media_speaker_get_type ())
G_DECLARE_FINAL_TYPE (MediaSpeaker, media_speaker, MEDIA, SPEAKER, GstBin)

GstElement *media_speaker_new (MediaSources *sources);
const char *media_speaker_get_probe (GstElement *speaker);

G_END_DECLS
