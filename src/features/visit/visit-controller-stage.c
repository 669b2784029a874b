/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-controller-private.h"

#include <glib/gi18n.h>

#include "visit-away.h"
#include "workspace-time.h"

/* One stage and one sentence, of the Encounter and of the call. */

static VisitStage
stage_of_call (VisitController *self)
{
  if (self->refusal != NULL)
    return VISIT_STAGE_REFUSED;
  if (visit_controller_is_by_phone (self) &&
      (self->line == NULL || !visit_line_is_call_wanted (self->line)))
    return VISIT_STAGE_PHONE;
  if (self->line == NULL || !visit_line_is_call_wanted (self->line))
    return VISIT_STAGE_NO_CALL;
  switch (visit_line_get_call_state (self->line))
    {
    case MEDIA_CALL_LIVE:
      return VISIT_STAGE_LIVE;
    case MEDIA_CALL_RECONNECTING:
      return VISIT_STAGE_RECONNECTING;
    case MEDIA_CALL_REFUSED: /* the one before: whoever calls again waits for the line */
    case MEDIA_CALL_IDLE:
    case MEDIA_CALL_CONNECTING:
    case MEDIA_CALL_CHECKING:
    case MEDIA_CALL_ENDED:
      break;
    }
  return VISIT_STAGE_CONNECTING;
}

/* Another clinician is in the visit, and this window did not ask to take it over. To look at a
 * chart must not end somebody's call. */
gboolean
visit_controller_is_elsewhere (VisitController *self)
{
  return self->line == NULL && !self->taking && self->facts->state == CARE_VISIT_IN_PROGRESS &&
         self->facts->clinician != NULL &&
         !g_str_equal (self->facts->clinician, care_context_get_user_reference (self->context));
}

gboolean
visit_controller_is_open (VisitController *self)
{
  return self->facts != NULL && self->facts->state != CARE_VISIT_SCHEDULED &&
         self->facts->state != CARE_VISIT_ENDED;
}

VisitStage
visit_controller_work_out_stage (VisitController *self)
{
  if (self->facts == NULL)
    return VISIT_STAGE_NONE;
  if (visit_controller_is_open (self) &&
      (visit_controller_is_elsewhere (self) ||
       (self->line != NULL && visit_line_is_displaced (self->line))))
    return VISIT_STAGE_TAKEN;
  switch (self->facts->state)
    {
    case CARE_VISIT_SCHEDULED:
      return VISIT_STAGE_NONE;
    case CARE_VISIT_WAITING:
      return VISIT_STAGE_WAITING;
    case CARE_VISIT_ENDED:
      return VISIT_STAGE_ENDED;
    case CARE_VISIT_ON_HOLD:
      return VISIT_STAGE_ON_HOLD;
    case CARE_VISIT_IN_PROGRESS:
    case CARE_VISIT_INTERRUPTED:
      break;
    }
  return stage_of_call (self);
}

static const char *
taken_sentence (VisitController *self)
{
  gboolean displaced = self->line != NULL && visit_line_is_displaced (self->line);
  const char *taker = displaced ? visit_line_get_taker (self->line) : NULL;
  const char *name = self->facts->clinician_name;
  g_autofree char *sentence = NULL;

  if (taker != NULL)
    /* Translators: %s is a clinician's name */
    sentence = g_strdup_printf (_ ("%s has taken over this visit. Your side of the call has ended; "
                                   "the visit goes on there."),
                                taker);
  else if (displaced)
    sentence = g_strdup (_ ("The visit was opened in another place. This side of the call has "
                            "ended; the visit goes on there."));
  else if (name != NULL)
    sentence = g_strdup_printf (_ ("%s is in this visit."), name);
  else
    sentence = g_strdup (_ ("Another clinician is in this visit."));
  g_set_str (&self->taken_sentence, sentence);
  return self->taken_sentence;
}

static const char *
sentence_without_call (VisitController *self)
{
  if (self->lost && self->line != NULL && visit_line_gave_up (self->line))
    return _ ("The patient's page did not answer. Call again, or ring the patient; the visit is "
              "still open.");
  if (self->lost)
    return _ ("The call was lost. Ring the patient; the visit is still open.");
  if (self->line == NULL)
    return _ ("The visit is open. Video needs the connection to the hub; until it is back, ring "
              "the patient.");
  if (visit_line_is_patient_asking (self->line))
    return _ ("The patient asks to join the call again.");
  if (self->patient_left)
    return _ ("The patient left the call. The visit is still open.");
  return _ ("No call. The visit is still open.");
}

static const char *
sentence_connecting (VisitController *self, gboolean connected, gboolean here)
{
  if (here && visit_controller_wants_phone (self))
    return _ ("The patient asked to be rung, and their page takes no video until they choose it "
              "there. Ring the patient.");
  if (connected && here && visit_line_is_unanswered (self->line))
    return _ ("The patient's page does not answer the call. Write to the patient to load the "
              "page again, or ring.");
  if (!connected)
    return _ ("The visit is open. Video needs the connection to the hub and begins by itself "
              "when it is back; until then, ring the patient.");
  if (here && visit_line_get_path_problem (self->line) != NULL)
    return visit_line_get_path_problem (self->line);
  return here ? _ ("Connecting…") : _ ("Waiting for the patient's page to connect.");
}

static const char *
sentence_in_call (VisitController *self)
{
  const char *picture = visit_line_get_no_picture (self->line);
  const char *sound = visit_line_get_no_sound (self->line);

  return picture != NULL ? picture : sound != NULL ? sound : _ ("In the call");
}

/* Where nothing goes on on the patient's side for a reason that the page knows, that is what is
 * said: it explains a dark picture better than the stage does. */
static gboolean
is_away (VisitController *self)
{
  const char *since = NULL;
  const char *reason = self->line != NULL ? visit_line_get_away (self->line, &since) : NULL;
  gboolean shown = self->stage == VISIT_STAGE_WAITING || self->stage == VISIT_STAGE_CONNECTING ||
                   self->stage == VISIT_STAGE_LIVE || self->stage == VISIT_STAGE_RECONNECTING ||
                   self->stage == VISIT_STAGE_ON_HOLD;

  g_clear_pointer (&self->away_sentence, g_free);
  if (shown && reason != NULL)
    self->away_sentence = visit_away_words (reason, since);
  return self->away_sentence != NULL;
}

static const char *
phone_sentence (VisitController *self)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  g_autofree char *time =
      workspace_time_of_day (self->facts->phone_since, workspace_session_get_zone (session));
  /* Translators: %s is a time of day */
  g_autofree char *sentence =
      g_strdup_printf (_ ("By phone since %s. Mark when the call ends, or go back to video."),
                       time);

  g_set_str (&self->phone_sentence, sentence);
  return self->phone_sentence;
}

/* What the pane says at its stage. */
const char *
visit_controller_work_out_sentence (VisitController *self)
{
  gboolean connected = self->line != NULL && visit_line_is_connected (self->line);
  gboolean here = connected && visit_line_is_patient_here (self->line);
  const char *shut = self->line != NULL ? visit_line_get_said (self->line) : NULL;

  if (shut != NULL && visit_controller_is_open (self) && self->stage != VISIT_STAGE_TAKEN)
    return shut;
  if (is_away (self))
    return self->away_sentence;
  switch (self->stage)
    {
    case VISIT_STAGE_NONE:
      return _ ("No visit with this patient is under way.");
    case VISIT_STAGE_WAITING:
      if (visit_controller_wants_phone (self))
        return _ ("The patient asks to be rung: they want no video. To admit them is to ring.");
      if (!connected)
        return _ ("The patient waits. Video needs the connection to the hub.");
      return here ? _ ("The patient is in the waiting room.")
                  : _ ("The patient joined, but their page is not connected now.");
    case VISIT_STAGE_CONNECTING:
      return sentence_connecting (self, connected, here);
    case VISIT_STAGE_LIVE:
      return sentence_in_call (self);
    case VISIT_STAGE_RECONNECTING:
      return _ ("The picture stopped. Reconnecting; the visit goes on.");
    case VISIT_STAGE_ON_HOLD:
      return _ ("On hold: neither of you sees or hears the other. The patient's page says so.");
    case VISIT_STAGE_NO_CALL:
      return sentence_without_call (self);
    case VISIT_STAGE_PHONE:
      return phone_sentence (self);
    case VISIT_STAGE_TAKEN:
      return taken_sentence (self);
    case VISIT_STAGE_REFUSED:
      return _ ("The call was refused: the other side could not prove that it is the patient's "
                "page. Nothing was shown. Call again, or ring the patient.");
    case VISIT_STAGE_ENDED:
      return _ ("This visit has ended.");
    }
  return "";
}
