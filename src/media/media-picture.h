/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GstElement *media_picture_new (GObject **paintable);

G_END_DECLS
