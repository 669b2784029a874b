/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-channel.h"
#include "media-quality.h"
#include "media-sources.h"

G_BEGIN_DECLS

/**
 * MediaCall:
 *
 * One call with a patient, through a disposable peer connection per epoch. All functions belong to
 * the main thread and all signals come on it.
 *
 * Signals:
 * - "offer" (guint epoch, const char *sdp): send it to the patient
 * - "candidate" (guint epoch, guint mline, const char *candidate): send it to the patient
 * - "state" (MediaCallState): the state changed
 * - "trusted" (): the certificate matches the signalled fingerprint
 * - "refused" (const char *reason): it does not; nothing was shown. Write it to the audit
 * - "first-frame" (guint epoch): a picture of this epoch reached the sink
 * - "needs-renew" (const char *reason): nothing for 6 s, or the path failed. Decide, then
 *   media_call_renew () with a new epoch, told to the patient
 * - "quality" (MediaQuality *): once a second after it was live, and when the verdict changes
 * - "slate" (const char *sentence): what the patient sees instead of the camera and why, in words
 *   for the clinician; NULL when the camera is sent
 * - "silence" (const char *sentence): why the patient hears nothing (muted, no microphone); NULL
 * when the microphone is sent
 * - "no-relay" (): no TURN server of those that were set gave a relayed address in this epoch
 * - "remote-clock" (gint64 ms): with BEDSIDE_TEST_CLOCK=1, the time painted in a received picture
 */
#define MEDIA_TYPE_CALL (media_call_get_type ())
G_DECLARE_FINAL_TYPE (MediaCall, media_call, MEDIA, CALL, GObject)

gboolean media_call_is_possible (GError **error);

MediaCall *media_call_new (MediaSources *sources,
                           MediaSinkFactory make_remote_sink,
                           gpointer data,
                           GDestroyNotify destroy);
void media_call_set_self_view (MediaCall *self,
                               MediaSinkFactory make_sink,
                               gpointer data,
                               GDestroyNotify destroy);
void media_call_set_speaker (MediaCall *self,
                             MediaSinkFactory make_sink,
                             gpointer data,
                             GDestroyNotify destroy);
void media_call_set_ice (MediaCall *self,
                         const char *stun,
                         const char *const *turn,
                         gboolean relay_only);
void media_call_set_channel (MediaCall *self, MediaChannel *channel);
void media_call_set_loopback (MediaCall *self, gboolean loopback);

void media_call_start (MediaCall *self, guint epoch);
gboolean media_call_set_answer (MediaCall *self, guint epoch, const char *sdp, GError **error);
void media_call_add_candidate (MediaCall *self, guint epoch, guint mline, const char *candidate);
void media_call_hurry (MediaCall *self);
void media_call_renew (MediaCall *self, guint epoch);
void media_call_stop (MediaCall *self);

void media_call_set_microphone (MediaCall *self, gboolean on);
void media_call_set_camera (MediaCall *self, gboolean on);
void media_call_set_rung (MediaCall *self, MediaRung highest);

MediaCallState media_call_get_state (MediaCall *self);
guint media_call_get_epoch (MediaCall *self);
guint64 media_call_get_frames (MediaCall *self);
const char *media_call_get_slate (MediaCall *self);
double media_call_take_voice_level (MediaCall *self);
const char *media_call_get_silence (MediaCall *self);

G_END_DECLS
