/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-rtx-budget.h"
#include "media-sources.h"

G_BEGIN_DECLS

/**
 * MediaOutgoing:
 *
 * The sending half of a peer connection: camera or slate, microphone or silence, encoders. Until
 * media_outgoing_trust () the patient's side gets the slate and true silence whatever is switched
 * on.
 *
 * Signals: "slate" (): media_outgoing_get_slate () or media_outgoing_get_silence () changed
 */
#define MEDIA_TYPE_OUTGOING (media_outgoing_get_type ())
G_DECLARE_FINAL_TYPE (MediaOutgoing, media_outgoing, MEDIA, OUTGOING, GObject)

MediaOutgoing *media_outgoing_new (GstBin *pipeline,
                                   GstElement *webrtcbin,
                                   MediaSources *sources,
                                   GstElement *self_view);
void media_outgoing_set_echo_probe (MediaOutgoing *self, const char *name);
double media_outgoing_take_voice_level (MediaOutgoing *self);
void media_outgoing_open_devices (MediaOutgoing *self);
void media_outgoing_trust (MediaOutgoing *self);
void media_outgoing_set_camera (MediaOutgoing *self, gboolean on);
void media_outgoing_set_microphone (MediaOutgoing *self, gboolean on);
void media_outgoing_set_rate (MediaOutgoing *self, guint bps, MediaRung rung);
void media_outgoing_set_loss (MediaOutgoing *self, double percent);
void media_outgoing_force_key_frame (MediaOutgoing *self);
gboolean media_outgoing_take_error (MediaOutgoing *self, GstMessage *message);
const char *media_outgoing_get_slate (MediaOutgoing *self);
const char *media_outgoing_get_silence (MediaOutgoing *self);
guint64 media_outgoing_get_bytes (MediaOutgoing *self);

G_END_DECLS
