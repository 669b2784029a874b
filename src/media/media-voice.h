/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

/* The own voice: cleaned before it is sent, and how loud it is. */
typedef enum
{
  MEDIA_VOICE_ECHO = 1 << 0,  /* what the speaker plays is taken out of the microphone's sound */
  MEDIA_VOICE_NOISE = 1 << 1, /* fans, streets, keys */
  MEDIA_VOICE_GAIN = 1 << 2,  /* an even loudness */
  MEDIA_VOICE_ALL = MEDIA_VOICE_ECHO | MEDIA_VOICE_NOISE | MEDIA_VOICE_GAIN,
} MediaVoiceCleaning;

GstElement *
media_voice_filter_new (GstElement *device, const char *echo_probe, MediaVoiceCleaning cleaning);

typedef struct _MediaVoice MediaVoice;

MediaVoice *media_voice_new (GstPad *pad);
void media_voice_unref (MediaVoice *self);
double media_voice_take_level (MediaVoice *self);

/* Whether somebody speaks to a microphone that is muted: ten looks a second are its memory. */
#define MEDIA_VOICE_LOOKS_A_SECOND 10

typedef struct
{
  guint loud;  /* one bit a look, the newest lowest */
  guint quiet; /* looks that are still to pass before it is said again */
} MediaVoiceWatch;

gboolean media_voice_watch_take (MediaVoiceWatch *self, double level, gboolean muted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaVoice, media_voice_unref)

G_END_DECLS
