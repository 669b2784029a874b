/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-picture.h"
#include "visit-devices.h"
#include "visit-line-private.h"
#include "visit-quality.h"

/* The line's call: pictures, epochs and what the media say. Each peer connection has an epoch of
 * its own, and is disposable. */

/* After so long without a way back to the patient the phone number takes over. */
#define GIVE_UP_SECONDS 60

static GstElement *
make_remote_sink (gpointer data)
{
  VisitLine *self = data;
  GstElement *sink = media_picture_new ((GObject **) &self->next_picture);

  g_weak_ref_set (&self->next_sink, sink);
  return sink;
}

static GstElement *
make_self_sink (gpointer data)
{
  return media_picture_new ((GObject **) &VISIT_LINE (data)->self_picture);
}

static void
offer_cb (VisitLine *self, guint epoch, const char *sdp)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_OFFER);

  message->epoch = epoch;
  message->sdp = g_strdup (sdp);
  visit_line_send_message (self, message);
}

static void
candidate_cb (VisitLine *self, guint epoch, guint mline, const char *candidate)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_CANDIDATE);

  message->epoch = epoch;
  message->mline = mline;
  message->candidate = g_strdup (candidate);
  visit_line_send_message (self, message);
}

void
visit_line_stop_giving_up (VisitLine *self)
{
  g_clear_handle_id (&self->give_up_source, g_source_remove);
}

/* Nobody is called any more; the patient's page is not told. */
void
visit_line_drop_call (VisitLine *self)
{
  self->call_wanted = FALSE;
  visit_line_stop_giving_up (self);
  visit_line_stop_waiting (self);
  if (self->call != NULL)
    media_call_stop (self->call);
}

static gboolean
give_up_cb (gpointer data)
{
  VisitLine *self = data;

  self->give_up_source = 0;
  visit_line_drop_call (self);
  visit_line_say_call_over (self, CARE_SIGNAL_HANGUP);
  g_signal_emit_by_name (self, "lost");
  visit_line_changed (self);
  return G_SOURCE_REMOVE;
}

static void
measure_silence (VisitLine *self, MediaCallState state)
{
  gint64 now = g_get_monotonic_time (), since = self->silent_since;

  if (state == MEDIA_CALL_RECONNECTING)
    self->silent_since = since != 0 ? since : now - self->silent_ms * 1000;
  else if (state != MEDIA_CALL_CONNECTING)
    self->silent_since = 0;
  if (state == MEDIA_CALL_LIVE && since != 0)
    g_signal_emit_by_name (self, "came-back", (guint) ((now - since) / G_USEC_PER_SEC));
}

static void
state_cb (VisitLine *self, MediaCallState state)
{
  measure_silence (self, state);
  if (state == MEDIA_CALL_LIVE || state == MEDIA_CALL_ENDED || state == MEDIA_CALL_IDLE ||
      state == MEDIA_CALL_REFUSED)
    visit_line_stop_giving_up (self);
  else if (state == MEDIA_CALL_RECONNECTING && self->give_up_source == 0)
    self->give_up_source = g_timeout_add_seconds (GIVE_UP_SECONDS, give_up_cb, self);
  visit_line_changed (self);
}

static void
first_frame_cb (VisitLine *self, guint epoch)
{
  g_autoptr (GstElement) sink = g_weak_ref_get (&self->next_sink);

  g_set_object (&self->remote_picture, self->next_picture);
  g_weak_ref_set (&self->remote_sink, sink);
  visit_line_changed (self);
}

/* The hub writes it into its audit chain; the page is not left with a call that does not come. */
static void
refused_cb (VisitLine *self, const char *reason)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_DISTRUST);

  message->epoch = self->epoch;
  message->text = g_strdup (reason);
  visit_line_send_message (self, message);
  visit_line_say_call_over (self, CARE_SIGNAL_HANGUP);
  visit_line_stop_waiting (self);
  self->call_wanted = FALSE;
  g_signal_emit_by_name (self, "refused", reason);
  visit_line_changed (self);
}

static void
quality_cb (VisitLine *self, const MediaQuality *quality)
{
  self->silent_ms = quality->silent_ms;
  visit_exchange_set_quality (self->exchange, quality);
  media_history_add (visit_line_get_history (self), quality, g_get_monotonic_time ());
  if (g_set_str (&self->quality, media_verdict_get_sentence (quality->verdict)))
    visit_line_changed (self);
}

/* The patient is not left to guess whether nobody speaks or nobody can be heard. */
static void
send_media (VisitLine *self)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_MEDIA);

  message->audio = self->microphone && !self->deaf;
  message->video = self->camera;
  message->no_audio = self->microphone && self->deaf ? g_strdup ("none") : NULL;
  visit_line_send_message (self, message);
}

/* No microphone, or it stopped: not of one's own will, as muting is. */
static void
silence_cb (VisitLine *self)
{
  gboolean deaf = self->microphone && media_call_get_silence (self->call) != NULL;

  if (self->deaf != deaf)
    {
      self->deaf = deaf;
      send_media (self);
    }
  visit_line_changed (self);
}

static void
slate_cb (VisitLine *self, const char *sentence)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_SLATE);

  message->on = sentence != NULL;
  visit_line_send_message (self, message);
  visit_line_changed (self);
}

/* A test's patient paints the time into its picture: what was read of it stands in the log, and at
 * once when pictures come again. */
static void
remote_clock_cb (VisitLine *self, gint64 ms)
{
  gint32 delay = (gint32) ((guint32) (g_get_real_time () / 1000) - (guint32) ms);
  gint64 now = g_get_monotonic_time ();
  gboolean again = now - self->clock_read > G_USEC_PER_SEC;

  self->clock_read = now;
  if (++self->clocks % 30 == 0 || again)
    g_message ("remote clock: %u read, %d ms old", self->clocks, delay);
}

/* A fresh peer connection with an epoch that no older message belongs to. */
void
visit_line_begin_epoch (VisitLine *self)
{
  MediaCallState state = media_call_get_state (self->call);

  self->epoch++;
  self->begun = g_get_monotonic_time ();
  visit_line_watch_path (self);
  visit_line_wait_for_answer (self);
  if (state == MEDIA_CALL_IDLE || state == MEDIA_CALL_ENDED || state == MEDIA_CALL_REFUSED)
    media_call_start (self->call, self->epoch);
  else
    {
      visit_line_send_plain (self, CARE_SIGNAL_RENEW);
      media_call_renew (self->call, self->epoch);
    }
}

static void
needs_renew_cb (VisitLine *self, const char *reason)
{
  g_debug ("Renewing the call: %s", reason);
  if (self->call_wanted && self->patient_here)
    visit_line_begin_epoch (self);
}

/* GStreamer is heavy: nothing of it is made before somebody is called. */
void
visit_line_ensure_call (VisitLine *self)
{
  if (self->call != NULL)
    return;
  if (!gst_is_initialized ())
    gst_init (NULL, NULL);
  self->call = media_call_new (visit_devices_get (self->session), make_remote_sink, self, NULL);
  media_call_set_self_view (self->call, make_self_sink, self, NULL);
  media_call_set_loopback (self->call, self->loopback);
  media_call_set_channel (self->call, visit_exchange_get_channel (self->exchange));
  visit_line_apply_ice (self);
  media_call_set_microphone (self->call, self->microphone);
  media_call_set_camera (self->call, self->camera);
  if (self->rung_is_chosen)
    media_call_set_rung (self->call, self->rung);
  g_signal_connect_swapped (self->call, "offer", G_CALLBACK (offer_cb), self);
  g_signal_connect_swapped (self->call, "candidate", G_CALLBACK (candidate_cb), self);
  g_signal_connect_swapped (self->call, "state", G_CALLBACK (state_cb), self);
  g_signal_connect_swapped (self->call, "first-frame", G_CALLBACK (first_frame_cb), self);
  g_signal_connect_swapped (self->call, "refused", G_CALLBACK (refused_cb), self);
  g_signal_connect_swapped (self->call, "needs-renew", G_CALLBACK (needs_renew_cb), self);
  g_signal_connect_swapped (self->call, "quality", G_CALLBACK (quality_cb), self);
  g_signal_connect_swapped (self->call, "slate", G_CALLBACK (slate_cb), self);
  g_signal_connect_swapped (self->call, "no-relay", G_CALLBACK (visit_line_ask_relay), self);
  g_signal_connect_swapped (self->call, "silence", G_CALLBACK (silence_cb), self);
  g_signal_connect_swapped (self->call, "remote-clock", G_CALLBACK (remote_clock_cb), self);
}

MediaCallState
visit_line_get_call_state (VisitLine *self)
{
  return self->call != NULL ? media_call_get_state (self->call) : MEDIA_CALL_IDLE;
}

/**
 * visit_line_is_call_wanted:
 *
 * Returns: whether a call was started and neither side hung up, whatever the path does
 */
gboolean
visit_line_is_call_wanted (VisitLine *self)
{
  return self->call_wanted;
}

const char *
visit_line_get_quality (VisitLine *self)
{
  return visit_line_get_call_state (self) == MEDIA_CALL_LIVE ? self->quality : NULL;
}

const char *
visit_line_get_slate (VisitLine *self)
{
  return self->call != NULL ? media_call_get_slate (self->call) : NULL;
}

GdkPaintable *
visit_line_get_remote_picture (VisitLine *self)
{
  return self->call_wanted ? self->remote_picture : NULL;
}

GdkPaintable *
visit_line_get_self_picture (VisitLine *self)
{
  return self->call_wanted ? self->self_picture : NULL;
}

void
visit_line_set_microphone (VisitLine *self, gboolean on)
{
  self->microphone = on;
  if (self->call != NULL)
    media_call_set_microphone (self->call, on);
  visit_people_set_devices (self->people, self->camera, self->microphone);
  send_media (self);
  visit_line_changed (self);
}

void
visit_line_set_camera (VisitLine *self, gboolean on)
{
  self->camera = on;
  if (self->call != NULL)
    media_call_set_camera (self->call, on);
  visit_people_set_devices (self->people, self->camera, self->microphone);
  send_media (self);
  visit_line_changed (self);
}

gboolean
visit_line_get_microphone (VisitLine *self)
{
  return self->microphone;
}

gboolean
visit_line_get_camera (VisitLine *self)
{
  return self->camera;
}
