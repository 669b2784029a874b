/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-channel.h"
#include "media-quality.h"
#include "media-sources.h"

G_BEGIN_DECLS

typedef struct
{
  MediaSources *sources;
  GstElement *remote_sink; /* (transfer floating) */
  GstElement *speaker;     /* (transfer floating) */
  GstElement *self_view;   /* (transfer floating) (nullable) */
  const char *stun;
  const char *const *turn;
  gboolean relay_only, loopback, camera, microphone;
  MediaRung highest;
  MediaVerdict said;     /* of the peer connection before this one */
  MediaChannel *channel; /* (nullable): for messages and files; NULL: they are not taken */
} MediaPeerOptions;

/**
 * MediaPeer:
 *
 * One peer connection of one epoch; thrown away and made anew rather than repaired, because
 * webrtcbin cannot restart ICE. Main thread only.
 *
 * Signals: "offer" (sdp), "candidate" (guint mline, candidate), "checking" (), "trusted" (),
 * "refused" (reason), "failed" (reason), "first-frame" (), "clock" (gint64), "slate" (),
 * "no-relay" ()
 */
#define MEDIA_TYPE_PEER (media_peer_get_type ())
G_DECLARE_FINAL_TYPE (MediaPeer, media_peer, MEDIA, PEER, GObject)

MediaPeer *media_peer_new (const MediaPeerOptions *options);
void media_peer_start (MediaPeer *self);
gboolean media_peer_set_answer (MediaPeer *self, const char *sdp, GError **error);
void media_peer_add_candidate (MediaPeer *self, guint mline, const char *candidate);
void media_peer_close (MediaPeer *self);
void media_peer_set_camera (MediaPeer *self, gboolean on);
void media_peer_set_microphone (MediaPeer *self, gboolean on);
void media_peer_set_highest (MediaPeer *self, MediaRung highest);
void media_peer_tick (MediaPeer *self, MediaQuality *quality);
gboolean media_peer_is_trusted (MediaPeer *self);
gint64 media_peer_get_silent_us (MediaPeer *self);
guint64 media_peer_get_frames (MediaPeer *self);
const char *media_peer_get_slate (MediaPeer *self);
double media_peer_take_voice_level (MediaPeer *self);
const char *media_peer_get_silence (MediaPeer *self);

G_END_DECLS
