/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Devices that a test plugs in and pulls out: GStreamer's own monitor finds them, as it would find
 * those of PipeWire or V4L2. @class: "Video/Source", "Audio/Source" or "Audio/Sink". What they make
 * are test sources, or a sink that counts what it was given. */
void media_plug_register (void);
GstDevice *media_plug_in (const char *class_, const char *id, const char *name);
void media_plug_out (GstDevice *device);
guint media_plug_count (const char *id);

G_END_DECLS
