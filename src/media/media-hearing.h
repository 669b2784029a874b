/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-types.h"

G_BEGIN_DECLS

/* A sink for one person's voice among several: how loud it is, and whether it is heard here. */
GstElement *media_hearing_new (GstElement *sink);
void media_hearing_set_muted (GstElement *self, gboolean muted);
double media_hearing_take_level (GstElement *self);

G_END_DECLS
