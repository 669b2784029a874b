/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define MEDIA_PLAYOUT_URI "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
#define MEDIA_PLAYOUT_ID  4

/* Asks a browser to show each picture as soon as it is there, instead of keeping it back so as to
 * even out what comes unevenly. On a path that loses packets that would be seen as a jerk: there
 * the browser is left to its own judgement. */
GstElement *media_playout_new (void);
void media_playout_set_loss (GstElement *playout, double percent);
gboolean media_playout_is_prompt (GstElement *playout);

G_END_DECLS
