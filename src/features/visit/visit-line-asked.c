/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-line-private.h"

#include <glib/gi18n.h>

/* What is asked of the patient over the line, and the still picture of their video. It is made of
 * what the sink of this line's own call has: a guest or an interpreter has a call of their own, and
 * no picture of theirs ever comes here. */

static gboolean
send (gpointer data, const CareVisitMessage *message)
{
  VisitLine *self = data;

  return visit_line_is_connected (self) && visit_line_send_message (self, message);
}

void
visit_line_make_asked (VisitLine *self)
{
  self->asked = visit_asked_new (send, self);
  g_signal_connect_swapped (self->asked, "changed", G_CALLBACK (visit_line_changed), self);
}

void
visit_line_drop_asked (VisitLine *self)
{
  if (self->asked == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->asked, self);
  visit_asked_close (self->asked);
  g_clear_object (&self->asked);
}

/* Who is not in the call is not asked for a picture of it any more. */
void
visit_line_watch_asked (VisitLine *self)
{
  if (self->asked == NULL || visit_asked_get_picture (self->asked) != VISIT_ASKED_WAITING)
    return;
  if (!visit_line_is_connected (self))
    visit_asked_lose_picture (
        self->asked, _ ("The line was cut while the patient was asked. No picture was taken."));
  else if (!self->call_wanted || !self->patient_here)
    visit_asked_lose_picture (self->asked,
                              _ ("The patient has left the call. No picture was taken."));
}

/**
 * visit_line_get_asked:
 *
 * Returns: (transfer none): what is asked of the patient
 */
VisitAsked *
visit_line_get_asked (VisitLine *self)
{
  return self->asked;
}

/* A picture that stands still is not what the patient shows now. */
guint64
visit_line_get_frames (VisitLine *self)
{
  return self->call != NULL ? media_call_get_frames (self->call) : 0;
}

/**
 * visit_line_take_still:
 *
 * Returns: (transfer full) (nullable): the patient's picture as it is now, in as many pixels as
 *   came; NULL where there is none
 */
MediaStill *
visit_line_take_still (VisitLine *self)
{
  g_autoptr (GstElement) sink = g_weak_ref_get (&self->remote_sink);

  if (!self->call_wanted || self->remote_picture == NULL || sink == NULL ||
      visit_line_get_call_state (self) != MEDIA_CALL_LIVE)
    return NULL;
  return media_still_new (sink);
}
