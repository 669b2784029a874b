/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-controller-private.h"

#include <glib/gi18n.h>

#include "care-visit-course.h"
#include "care-visit-phone.h"
#include "visit-devices.h"
#include "visit-one-call.h"

/* What a person does in mid-call beside calling and hanging up: the phone, the own voice, devices
 * that come and go. */

#define VOICE_MS (1000 / MEDIA_VOICE_LOOKS_A_SECOND)

/* ---- by phone ---- */

static void
phone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitController) self = user_data;
  g_autoptr (GError) error = NULL;

  self->phone_writes--;
  if (!care_visit_command_finish (result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit_by_name (self, "failed", error->message);
  visit_controller_reload (self);
}

gboolean
visit_controller_is_by_phone (VisitController *self)
{
  return self->facts != NULL && self->facts->state == CARE_VISIT_IN_PROGRESS &&
         self->facts->phone_since != 0;
}

/* The page is told what the record says: after a restart of this program too. */
void
visit_controller_sync_phone (VisitController *self)
{
  if (self->line != NULL && self->phone_writes == 0 && !visit_line_is_displaced (self->line))
    visit_line_set_by_phone (self->line, visit_controller_is_by_phone (self) &&
                                             !visit_line_is_call_wanted (self->line));
}

static void
end_phone (VisitController *self)
{
  self->phone_writes++;
  self->on_phone = FALSE;
  care_visit_phone_end_async (self->context, self->encounter, NULL, phone_cb, g_object_ref (self));
}

/* A call with pictures begins: they are no longer on the phone. */
void
visit_controller_leave_phone (VisitController *self)
{
  if (self->line != NULL)
    visit_line_set_by_phone (self->line, FALSE);
  if (visit_controller_is_by_phone (self))
    end_phone (self);
}

/**
 * visit_controller_phone:
 *
 * The visit goes on by phone from now on; or, where it does, that call is over now. A call with
 * pictures ends: the patient cannot listen to both.
 */
void
visit_controller_phone (VisitController *self)
{
  gboolean begin = !visit_controller_is_by_phone (self);

  if (self->encounter == NULL || self->phone_writes > 0)
    return;
  visit_controller_forget_call (self);
  self->lost = FALSE;
  self->patient_left = FALSE;
  if (self->line != NULL)
    visit_line_set_by_phone (self->line, begin);
  if (!begin)
    end_phone (self);
  else
    {
      visit_one_call_take (self);
      self->phone_writes++;
      self->on_phone = TRUE;
      care_visit_phone_begin_async (self->context, self->encounter, NULL, phone_cb,
                                    g_object_ref (self));
    }
}

/* ---- beside other visits ---- */

/* A colleague's call by phone is none of ours. */
static gboolean
is_on_phone (VisitController *self)
{
  if (self->stage == VISIT_STAGE_TAKEN)
    return FALSE;
  return self->phone_writes > 0 ? self->on_phone : visit_controller_is_by_phone (self);
}

/**
 * visit_controller_is_engaged:
 *
 * Returns: whether somebody of this visit is in a call, is called, or is on the phone; what was
 *   asked for counts before the record has it
 */
gboolean
visit_controller_is_engaged (VisitController *self)
{
  return visit_controller_get_call_active (self) || self->calling || is_on_phone (self);
}

/**
 * visit_controller_release:
 *
 * Nobody of this visit hears the clinician any more, nor will when they come back: the patient is
 * put on hold, a call by phone is over.
 *
 * Returns: whether anybody did
 */
gboolean
visit_controller_release (VisitController *self)
{
  gboolean engaged = visit_controller_is_engaged (self);

  if (is_on_phone (self))
    {
      if (self->line != NULL)
        visit_line_set_by_phone (self->line, FALSE);
      end_phone (self);
    }
  if (self->calling || visit_controller_is_patient_called (self))
    visit_controller_hold (self);
  else if (self->line != NULL && visit_people_is_calling (visit_line_get_people (self->line)))
    visit_people_hold_all (visit_line_get_people (self->line));
  if (self->line != NULL)
    visit_people_hang_up (visit_line_get_people (self->line));
  if (engaged)
    visit_controller_update (self);
  return engaged;
}

/**
 * visit_controller_correct_phone:
 * @start: when the last call by phone began, an instant
 * @end: (nullable): when it ended
 */
void
visit_controller_correct_phone (VisitController *self, const char *start, const char *end)
{
  self->on_phone = visit_controller_is_by_phone (self) && end == NULL;
  self->phone_writes++;
  care_visit_phone_correct_async (self->context, self->encounter, start, end, NULL, phone_cb,
                                  g_object_ref (self));
}

/**
 * visit_controller_get_phone:
 * @end: (out): µs since 1970; 0 while the call goes on
 *
 * Returns: when the last call by phone began, µs since 1970; 0 where there was none
 */
gint64
visit_controller_get_phone (VisitController *self, gint64 *end)
{
  *end = self->facts != NULL ? self->facts->phone_end : 0;
  return self->facts != NULL ? self->facts->phone_start : 0;
}

/**
 * visit_controller_dup_course:
 *
 * Returns: (transfer full): what happened in the visit so far, a line each, by the clinic's clock
 */
char *
visit_controller_dup_course (VisitController *self)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);

  return self->facts != NULL ? care_visit_course_dup_text (self->facts->course,
                                                           workspace_session_get_zone (session))
                             : g_strdup ("");
}

/* ---- on hold ---- */

/**
 * visit_controller_toggle_hold:
 *
 * Nobody sees or hears the other any more; or, where that is so, they do again.
 */
void
visit_controller_toggle_hold (VisitController *self)
{
  if (self->stage == VISIT_STAGE_ON_HOLD)
    visit_controller_call (self);
  else
    visit_controller_hold (self);
}

/* ---- the own voice ---- */

static gboolean
voice_cb (gpointer data)
{
  VisitController *self = data;
  gboolean muted = self->line != NULL && !visit_line_get_microphone (self->line);

  if (self->line == NULL)
    return G_SOURCE_CONTINUE;
  self->voice = visit_line_take_voice_level (self->line);
  if (media_voice_watch_take (&self->voice_watch, self->voice, muted))
    g_signal_emit_by_name (self, "notice",
                           _ ("You are muted: the patient does not hear what you say."));
  g_signal_emit_by_name (self, "voice");
  return G_SOURCE_CONTINUE;
}

/* While a call runs. */
void
visit_controller_watch_voice (VisitController *self)
{
  gboolean wanted = self->line != NULL && visit_line_is_call_wanted (self->line);

  if (wanted && self->voice_source == 0)
    self->voice_source = g_timeout_add (VOICE_MS, voice_cb, self);
  else if (!wanted)
    {
      g_clear_handle_id (&self->voice_source, g_source_remove);
      self->voice = 0;
      self->voice_watch = (MediaVoiceWatch) { 0 };
    }
}

/**
 * visit_controller_get_voice:
 *
 * Returns: how loud the own microphone was in the last tenth of a second, from 0 to 1
 */
double
visit_controller_get_voice (VisitController *self)
{
  return self->voice;
}

/* (nullable): why the patient hears nothing, in words for the clinician. */
const char *
visit_controller_get_silence (VisitController *self)
{
  return self->line != NULL ? visit_line_get_silence (self->line) : NULL;
}

/* (nullable): why the patient is not seen; a picture of before would look like one of now. */
const char *
visit_controller_get_no_picture (VisitController *self)
{
  return self->line != NULL ? visit_line_get_no_picture (self->line) : NULL;
}

/* (nullable): why the patient is not heard. */
const char *
visit_controller_get_no_sound (VisitController *self)
{
  return self->line != NULL ? visit_line_get_no_sound (self->line) : NULL;
}

/* ---- devices ---- */

static void
device_notice_cb (VisitController *self, const char *sentence)
{
  if (visit_controller_get_call_active (self))
    g_signal_emit_by_name (self, "notice", sentence);
}

/* From the first call on: before it nothing is open that could be lost. */
void
visit_controller_watch_devices (VisitController *self)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);

  if (self->devices_watched)
    return;
  self->devices_watched = TRUE;
  g_signal_connect_object (visit_devices_get (session), "notice", G_CALLBACK (device_notice_cb),
                           self, G_CONNECT_SWAPPED);
}

/* ---- where the picture is ---- */

VisitPlace
visit_controller_get_picture_place (VisitController *self)
{
  return self->picture_place;
}

void
visit_controller_set_picture_place (VisitController *self, VisitPlace place)
{
  if (self->picture_place == place)
    return;
  self->picture_place = place;
  g_signal_emit_by_name (self, "changed");
}
