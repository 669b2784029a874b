/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

#define MEDIA_SLATE_WIDTH  640
#define MEDIA_SLATE_HEIGHT 360

GstElement *media_slate_new (const char *text);
void media_slate_set_text (GstElement *slate, const char *text);

G_END_DECLS
