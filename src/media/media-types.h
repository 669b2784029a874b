/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Where a call stands. The visit (Encounter) is another machine: it outlives the call. */
typedef enum
{
  MEDIA_CALL_IDLE,         /* nothing started yet */
  MEDIA_CALL_CONNECTING,   /* offer made, no path to the patient yet */
  MEDIA_CALL_CHECKING,     /* a path is there; the certificate is not proven yet: nothing shown */
  MEDIA_CALL_LIVE,         /* certificate proven; pictures and sound flow */
  MEDIA_CALL_RECONNECTING, /* was live; nothing has arrived for 3 s, or a renewal is under way */
  MEDIA_CALL_REFUSED,      /* the other side is not who signalling said: torn down */
  MEDIA_CALL_ENDED,        /* stopped here */
} MediaCallState;

/* The ladder of picture quality. Sound is never given up for pictures. */
typedef enum
{
  MEDIA_RUNG_PHONE,     /* nothing passes for 10 s: the telephone */
  MEDIA_RUNG_AUDIO,     /* sound only */
  MEDIA_RUNG_THUMBNAIL, /* 320x180, 15 frames/s */
  MEDIA_RUNG_SD,        /* 640x360, 30 frames/s */
  MEDIA_RUNG_HD,        /* 1280x720, 30 frames/s */
} MediaRung;

#define MEDIA_TYPE_CALL_STATE (media_call_state_get_type ())
#define MEDIA_TYPE_RUNG       (media_rung_get_type ())
GType media_call_state_get_type (void);
GType media_rung_get_type (void);

/**
 * MediaSinkFactory:
 *
 * Makes the element that shows or plays what arrives. Called on the main thread once per epoch,
 * before that epoch's peer connection starts, so that gtk4paintablesink may be made in it.
 *
 * Returns: (transfer floating): an element with a static pad "sink"
 */
typedef GstElement *(*MediaSinkFactory) (gpointer data);

G_END_DECLS
