/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "media-link.h"

G_BEGIN_DECLS

void media_offer_watch (GstElement *webrtcbin, MediaLink *link, MediaLinkFunc made);

G_END_DECLS
