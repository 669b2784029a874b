/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-line-private.h"

/* The visit goes on by phone: the patient's page is told, and told again after the line was cut. */

void
visit_line_say_phone (VisitLine *self)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_PHONE);

  message->on = self->by_phone;
  visit_line_send_message (self, message);
}

/**
 * visit_line_set_by_phone:
 * @by_phone: a call ends here, and camera and microphone are let go
 */
void
visit_line_set_by_phone (VisitLine *self, gboolean by_phone)
{
  if (self->by_phone == by_phone)
    return;
  self->by_phone = by_phone;
  if (by_phone)
    {
      visit_line_drop_call (self);
      visit_people_hold_all (self->people);
    }
  visit_line_say_phone (self);
  visit_line_changed (self);
}

/**
 * visit_line_set_session:
 *
 * Whose camera, microphone and speaker a call uses.
 */
void
visit_line_set_session (VisitLine *self, WorkspaceSession *session)
{
  g_set_object (&self->session, session);
  visit_people_set_session (self->people, session);
}

/* (nullable): why the patient hears nothing, in words for the clinician. */
const char *
visit_line_get_silence (VisitLine *self)
{
  return self->call != NULL && self->call_wanted ? media_call_get_silence (self->call) : NULL;
}

/**
 * visit_line_take_voice_level:
 *
 * Returns: how loud the own microphone was at most since the last question, muted or not
 */
double
visit_line_take_voice_level (VisitLine *self)
{
  return self->call != NULL ? media_call_take_voice_level (self->call) : 0;
}
