/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-call.h"

#include <glib/gi18n.h>

#include "media-call-private.h"
#include "media-ladder.h"
#include "media-speaker.h"
#include "media-trust.h"

#define TICK_MS   500
#define SILENT_US (3 * G_USEC_PER_SEC)

enum
{
  OFFER,
  CANDIDATE,
  STATE,
  TRUSTED,
  REFUSED,
  FIRST_FRAME,
  NEEDS_RENEW,
  QUALITY,
  SLATE,
  SILENCE,
  NO_RELAY,
  REMOTE_CLOCK,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (MediaCall, media_call, G_TYPE_OBJECT)

static void
set_state (MediaCall *self, MediaCallState state)
{
  if (state == self->state)
    return;
  self->state = state;
  g_signal_emit (self, signals[STATE], 0, state);
}

static void
set_replacements (MediaCall *self, const char *slate, const char *silence)
{
  if (g_set_str (&self->slate, slate))
    g_signal_emit (self, signals[SLATE], 0, self->slate);
  if (g_set_str (&self->silence, silence))
    g_signal_emit (self, signals[SILENCE], 0, self->silence);
}

static void
drop_peer (MediaCall *self)
{
  g_autoptr (MediaPeer) peer = g_steal_pointer (&self->peer);

  g_clear_handle_id (&self->tick, g_source_remove);
  if (peer == NULL)
    return;
  g_signal_handlers_disconnect_by_data (peer, self);
  media_peer_close (peer);
}

static void
ask_renew (MediaCall *self, const char *reason)
{
  if (self->asked_renew)
    return;
  self->asked_renew = TRUE;
  g_signal_emit (self, signals[NEEDS_RENEW], 0, reason);
}

/* ---- what the peer connection says ---- */

static void
offer_cb (MediaPeer *peer, const char *sdp, MediaCall *self)
{
  g_signal_emit (self, signals[OFFER], 0, self->epoch, sdp);
}

static void
candidate_cb (MediaPeer *peer, guint mline, const char *candidate, MediaCall *self)
{
  g_signal_emit (self, signals[CANDIDATE], 0, self->epoch, mline, candidate);
}

static void
checking_cb (MediaPeer *peer, MediaCall *self)
{
  if (!self->was_live)
    set_state (self, MEDIA_CALL_CHECKING);
}

static void
trusted_cb (MediaPeer *peer, MediaCall *self)
{
  self->was_live = TRUE;
  g_signal_emit (self, signals[TRUSTED], 0);
  set_state (self, MEDIA_CALL_LIVE);
}

static void
refuse (MediaCall *self, const char *reason)
{
  drop_peer (self);
  set_replacements (self, NULL, NULL);
  g_signal_emit (self, signals[REFUSED], 0, reason);
  set_state (self, MEDIA_CALL_REFUSED);
}

static void
refused_cb (MediaPeer *peer, const char *reason, MediaCall *self)
{
  refuse (self, reason);
}

static void
failed_cb (MediaPeer *peer, const char *reason, MediaCall *self)
{
  if (self->was_live)
    set_state (self, MEDIA_CALL_RECONNECTING);
  ask_renew (self, reason);
}

static void
first_frame_cb (MediaPeer *peer, MediaCall *self)
{
  g_signal_emit (self, signals[FIRST_FRAME], 0, self->epoch);
}

static void
clock_cb (MediaPeer *peer, gint64 ms, MediaCall *self)
{
  g_signal_emit (self, signals[REMOTE_CLOCK], 0, ms);
}

static void
slate_cb (MediaPeer *peer, MediaCall *self)
{
  set_replacements (self, media_peer_get_slate (peer), media_peer_get_silence (peer));
}

static void
no_relay_cb (MediaPeer *peer, MediaCall *self)
{
  g_signal_emit (self, signals[NO_RELAY], 0);
}

static void
watch_silence (MediaCall *self)
{
  gint64 silent = media_peer_get_silent_us (self->peer);
  gboolean trusted = media_peer_is_trusted (self->peer);
  const char *reason =
      self->was_live
          ? media_renewal_check (&self->renewal, g_get_monotonic_time (), trusted, silent)
          : NULL;

  if (self->state == MEDIA_CALL_LIVE && silent >= SILENT_US)
    set_state (self, MEDIA_CALL_RECONNECTING);
  else if (self->state == MEDIA_CALL_RECONNECTING && trusted && silent < SILENT_US)
    {
      self->asked_renew = FALSE;
      set_state (self, MEDIA_CALL_LIVE);
    }
  if (reason != NULL)
    ask_renew (self, reason);
}

static gboolean
tick_cb (gpointer data)
{
  g_autoptr (MediaCall) self = g_object_ref (data);
  MediaQuality quality;

  media_peer_tick (self->peer, &quality);
  if (self->state == MEDIA_CALL_LIVE)
    media_renewal_well (&self->renewal, quality.round_trip_ms);
  watch_silence (self);
  if (self->peer != NULL && self->was_live &&
      (self->ticks++ % 2 == 1 || quality.verdict != self->said))
    {
      self->said = quality.verdict;
      g_signal_emit (self, signals[QUALITY], 0, &quality);
    }
  return self->tick != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* ---- epochs ---- */

static GstElement *
make_speaker (MediaCall *self)
{
  if (self->speaker.make != NULL)
    return self->speaker.make (self->speaker.data);
  return media_speaker_new (self->sources);
}

static void
connect_peer (MediaCall *self)
{
  const struct
  {
    const char *signal;
    GCallback func;
  } handlers[] = {
    { "offer", G_CALLBACK (offer_cb) },       { "candidate", G_CALLBACK (candidate_cb) },
    { "checking", G_CALLBACK (checking_cb) }, { "trusted", G_CALLBACK (trusted_cb) },
    { "refused", G_CALLBACK (refused_cb) },   { "failed", G_CALLBACK (failed_cb) },
    { "clock", G_CALLBACK (clock_cb) },       { "first-frame", G_CALLBACK (first_frame_cb) },
    { "slate", G_CALLBACK (slate_cb) },       { "no-relay", G_CALLBACK (no_relay_cb) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect (self->peer, handlers[i].signal, handlers[i].func, self);
}

static void
begin (MediaCall *self, guint epoch)
{
  MediaPeerOptions options = {
    .sources = self->sources,
    .remote_sink = self->remote.make (self->remote.data),
    .speaker = make_speaker (self),
    .self_view = self->self_view.make != NULL ? self->self_view.make (self->self_view.data) : NULL,
    .stun = self->stun,
    .turn = (const char *const *) self->turn,
    .relay_only = self->relay_only,
    .loopback = self->loopback,
    .camera = self->camera,
    .microphone = self->microphone,
    .highest = self->highest,
    .said = self->said,
    .channel = self->channel,
  };

  self->epoch = epoch;
  self->asked_renew = FALSE;
  media_renewal_begin (&self->renewal, g_get_monotonic_time ());
  self->peer = media_peer_new (&options);
  connect_peer (self);
  self->tick = g_timeout_add (TICK_MS, tick_cb, self);
  media_peer_start (self->peer);
}

/* ---- the object ---- */

static void
media_call_dispose (GObject *object)
{
  MediaCall *self = MEDIA_CALL (object);

  drop_peer (self);
  g_clear_object (&self->sources);
  g_clear_object (&self->channel);
  media_call_factory_clear (&self->remote);
  media_call_factory_clear (&self->self_view);
  media_call_factory_clear (&self->speaker);
  G_OBJECT_CLASS (media_call_parent_class)->dispose (object);
}

static void
media_call_finalize (GObject *object)
{
  MediaCall *self = MEDIA_CALL (object);

  g_free (self->stun);
  g_strfreev (self->turn);
  g_free (self->slate);
  g_free (self->silence);
  G_OBJECT_CLASS (media_call_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, guint count, GType a, GType b, GType c)
{
  return g_signal_new (name, MEDIA_TYPE_CALL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       count, a, b, c);
}

static void
media_call_class_init (MediaCallClass *class)
{
  G_OBJECT_CLASS (class)->dispose = media_call_dispose;
  G_OBJECT_CLASS (class)->finalize = media_call_finalize;
  signals[OFFER] = new_signal ("offer", 2, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_NONE);
  signals[CANDIDATE] = new_signal ("candidate", 3, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_STRING);
  signals[STATE] = new_signal ("state", 1, MEDIA_TYPE_CALL_STATE, G_TYPE_NONE, G_TYPE_NONE);
  signals[TRUSTED] = new_signal ("trusted", 0, G_TYPE_NONE, G_TYPE_NONE, G_TYPE_NONE);
  signals[REFUSED] = new_signal ("refused", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  signals[FIRST_FRAME] = new_signal ("first-frame", 1, G_TYPE_UINT, G_TYPE_NONE, G_TYPE_NONE);
  signals[NEEDS_RENEW] = new_signal ("needs-renew", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  signals[QUALITY] = new_signal ("quality", 1, MEDIA_TYPE_QUALITY, G_TYPE_NONE, G_TYPE_NONE);
  signals[SLATE] = new_signal ("slate", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  signals[SILENCE] = new_signal ("silence", 1, G_TYPE_STRING, G_TYPE_NONE, G_TYPE_NONE);
  signals[NO_RELAY] = new_signal ("no-relay", 0, G_TYPE_NONE, G_TYPE_NONE, G_TYPE_NONE);
  signals[REMOTE_CLOCK] = new_signal ("remote-clock", 1, G_TYPE_INT64, G_TYPE_NONE, G_TYPE_NONE);
}

static void
media_call_init (MediaCall *self)
{
  self->camera = self->microphone = TRUE;
  self->highest = media_rung_automatic ();
  self->loopback = g_strcmp0 (g_getenv ("BEDSIDE_ICE_LOOPBACK"), "1") == 0;
}

/**
 * media_call_is_possible:
 *
 * Needs gst_init (). To be asked before a call is offered to anybody.
 *
 * Returns: whether all parts that a call is made of are installed; the error names the missing ones
 */
gboolean
media_call_is_possible (GError **error)
{
  static const char *const parts[] = {
    "webrtcbin",    "nicesrc",      "dtlsdec",        "srtpdec",           "sctpdec",
    "rtpbin",       "vp8enc",       "vp8dec",         "rtpvp8pay",         "rtpvp8depay",
    "opusenc",      "opusdec",      "rtpopuspay",     "rtpopusdepay",      "videotestsrc",
    "audiotestsrc", "videoconvert", "videoscale",     "audioconvert",      "audioresample",
    "volume",       "tee",          "input-selector", "gtk4paintablesink",
  };
  g_autoptr (GString) missing = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GstElementFactory) factory = gst_element_factory_find (parts[i]);

      if (factory == NULL)
        g_string_append_printf (missing, "%s%s", missing->len > 0 ? ", " : "", parts[i]);
    }
  if (missing->len == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               _ ("Video calls are not possible: parts of GStreamer are not installed (%s)."),
               missing->str);
  return FALSE;
}

/**
 * media_call_new:
 * @sources: the clinic's devices
 * @make_remote_sink: shows the patient
 *
 * Needs gst_init ().
 */
MediaCall *
media_call_new (MediaSources *sources,
                MediaSinkFactory make_remote_sink,
                gpointer data,
                GDestroyNotify destroy)
{
  MediaCall *self = g_object_new (MEDIA_TYPE_CALL, NULL);

  self->sources = g_object_ref (sources);
  media_call_factory_set (&self->remote, make_remote_sink, data, destroy);
  return self;
}

/**
 * media_call_start:
 * @epoch: the visit's; messages of other epochs are passed over
 *
 * "offer" follows within a second.
 */
void
media_call_start (MediaCall *self, guint epoch)
{
  drop_peer (self);
  self->was_live = FALSE;
  self->said = MEDIA_VERDICT_UNKNOWN;
  set_state (self, MEDIA_CALL_CONNECTING);
  begin (self, epoch);
}

/**
 * media_call_renew:
 * @epoch: a new one, told to the patient before the offer
 *
 * Throws the peer connection away and makes a fresh one; the sink's last picture stays up to the
 * view. The trust check runs again.
 */
void
media_call_renew (MediaCall *self, guint epoch)
{
  drop_peer (self);
  set_state (self, self->was_live ? MEDIA_CALL_RECONNECTING : MEDIA_CALL_CONNECTING);
  begin (self, epoch);
}

/**
 * media_call_hurry:
 *
 * The path may be another one now: for ten seconds one second of silence is enough to ask for a
 * fresh connection. A connection that goes on is left alone.
 */
void
media_call_hurry (MediaCall *self)
{
  media_renewal_hurry (&self->renewal, g_get_monotonic_time ());
}

/**
 * media_call_set_answer:
 * @epoch: of the message; another one than the call's is passed over
 * @sdp: from signalling, from anybody
 *
 * An answer without a usable fingerprint refuses the call, because the other side cannot be proven.
 *
 * Returns: whether it was taken or passed over
 */
gboolean
media_call_set_answer (MediaCall *self, guint epoch, const char *sdp, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (self->peer == NULL || epoch != self->epoch)
    return TRUE;
  media_renewal_answered (&self->renewal, g_get_monotonic_time ());
  if (media_peer_set_answer (self->peer, sdp, &local))
    return TRUE;
  if (g_error_matches (local, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_NO_FINGERPRINT) ||
      g_error_matches (local, MEDIA_TRUST_ERROR, MEDIA_TRUST_ERROR_BAD_FINGERPRINT))
    refuse (self, local->message);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

void
media_call_add_candidate (MediaCall *self, guint epoch, guint mline, const char *candidate)
{
  if (self->peer != NULL && epoch == self->epoch)
    media_peer_add_candidate (self->peer, mline, candidate);
}

/**
 * media_call_stop:
 *
 * Hangs up. The visit goes on; media_call_start () calls again.
 */
void
media_call_stop (MediaCall *self)
{
  drop_peer (self);
  set_replacements (self, NULL, NULL);
  set_state (self, MEDIA_CALL_ENDED);
}

MediaCallState
media_call_get_state (MediaCall *self)
{
  return self->state;
}

guint
media_call_get_epoch (MediaCall *self)
{
  return self->epoch;
}

/**
 * media_call_get_frames:
 *
 * Returns: pictures that reached the remote sink in this epoch
 */
guint64
media_call_get_frames (MediaCall *self)
{
  return self->peer != NULL ? media_peer_get_frames (self->peer) : 0;
}

/**
 * media_call_get_slate:
 *
 * Returns: (nullable): what the patient sees instead of the camera and why, in words for the
 *   clinician; NULL when the camera is sent
 */
const char *
media_call_get_slate (MediaCall *self)
{
  return self->slate;
}

/**
 * media_call_take_voice_level:
 *
 * Returns: how loud the own microphone was at most since the last question, from 0 to 1, whether or
 *   not it is muted
 */
double
media_call_take_voice_level (MediaCall *self)
{
  return self->peer != NULL ? media_peer_take_voice_level (self->peer) : 0;
}

/**
 * media_call_get_silence:
 *
 * Returns: (nullable): why the patient hears nothing, in words for the clinician; NULL when the
 *   microphone is sent
 */
const char *
media_call_get_silence (MediaCall *self)
{
  return self->silence;
}
