/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-controller-private.h"

#include <glib/gi18n.h>

/* What the clinician does with a visit: to the line at once, and to the record. */

static void
admit_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitController) self = user_data;
  g_autoptr (GError) error = NULL;

  self->admits--;
  if (!care_visit_command_finish (result, &error))
    {
      visit_controller_fail (self, error);
      visit_controller_reload (self);
      return;
    }
  self->admit_load = self->loads;
  visit_controller_reload (self);
}

/**
 * visit_controller_admit:
 *
 * Admits the patient: the Encounter goes in-progress, and the call begins.
 */
void
visit_controller_admit (VisitController *self)
{
  if (self->encounter == NULL)
    return;
  self->admits++;
  self->calling = TRUE;
  care_visit_admit_async (self->context, self->encounter, NULL, admit_cb, g_object_ref (self));
}

/* What was asked for last counts: an admission on its way begins no call any more. */
void
visit_controller_forget_call (VisitController *self)
{
  self->calling = FALSE;
}

void
visit_controller_command_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitController) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_visit_command_finish (result, &error))
    visit_controller_fail (self, error);
  visit_controller_reload (self);
}

static void
held_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VISIT_CONTROLLER (user_data)->holds--;
  visit_controller_command_cb (source, result, user_data);
}

void
visit_controller_hold (VisitController *self)
{
  visit_controller_forget_call (self);
  if (self->line != NULL)
    visit_line_hold (self->line);
  self->holds++;
  care_visit_hold_async (self->context, self->encounter, NULL, held_cb, g_object_ref (self));
}

/**
 * visit_controller_call:
 *
 * Calls again. A visit that was on hold or interrupted goes on; one in progress is left as it is.
 */
void
visit_controller_call (VisitController *self)
{
  if (self->facts == NULL)
    return;
  /* a hold or a loss that is on its way to the record is not undone by a call alone */
  if (self->facts->state == CARE_VISIT_IN_PROGRESS && self->holds == 0 && !self->lost)
    visit_controller_begin_call (self);
  else
    visit_controller_admit (self);
}

/**
 * visit_controller_take:
 *
 * Takes the visit over, or back: the other clinician is told. A visit in progress goes on with a
 * call from here.
 */
void
visit_controller_take (VisitController *self)
{
  if (self->stage != VISIT_STAGE_TAKEN)
    return;
  self->taking = TRUE;
  if (self->line != NULL)
    visit_line_take_back (self->line);
  visit_controller_ensure_line (self);
  if (self->facts->state == CARE_VISIT_IN_PROGRESS)
    visit_controller_admit (self);
  else
    visit_controller_update (self);
}

void
visit_controller_hang_up (VisitController *self)
{
  gboolean patient = self->line != NULL && visit_line_is_call_wanted (self->line);

  visit_controller_forget_call (self);
  if (self->line != NULL)
    visit_line_hang_up (self->line);
  if (!patient)
    return;
  care_visit_hang_up_async (self->context, self->encounter, NULL, visit_controller_command_cb,
                            g_object_ref (self));
}

void
visit_controller_confirm_identity (VisitController *self)
{
  if (self->encounter != NULL)
    care_visit_confirm_identity_async (self->context, self->encounter, NULL,
                                       visit_controller_command_cb, g_object_ref (self));
}

void
visit_controller_set_microphone (VisitController *self, gboolean on)
{
  if (self->line != NULL)
    visit_line_set_microphone (self->line, on);
}

void
visit_controller_set_camera (VisitController *self, gboolean on)
{
  if (self->line != NULL)
    visit_line_set_camera (self->line, on);
}

/**
 * visit_controller_send_chat:
 *
 * Returns: FALSE where it could not be sent, which is said: the text is the sender's to keep
 */
gboolean
visit_controller_send_chat (VisitController *self, const char *text)
{
  if (self->line != NULL && visit_exchange_send_chat (visit_line_get_exchange (self->line), text))
    return TRUE;
  g_signal_emit_by_name (
      self, "failed", _ ("Not sent: there is no connection to the hub. Ring the patient instead."));
  return FALSE;
}

/**
 * visit_controller_ready:
 * @intake: what was done, for the doctor
 *
 * The nurse's part is done: the call ends, and the patient waits again.
 */
void
visit_controller_ready (VisitController *self, const char *intake)
{
  visit_controller_forget_call (self);
  if (self->line != NULL)
    visit_line_hold (self->line);
  self->holds++;
  care_visit_ready_async (self->context, self->encounter, intake, held_cb, g_object_ref (self));
}

/**
 * visit_controller_end:
 * @follow_up_date: (nullable): YYYY-MM-DD, with CARE_OUTCOME_FOLLOW_UP
 *
 * Ends the visit with an outcome; a call that still runs is hung up.
 */
void
visit_controller_end (VisitController *self, CareOutcome outcome, const char *follow_up_date)
{
  visit_controller_forget_call (self);
  if (self->line != NULL)
    visit_line_end (self->line);
  care_visit_end_async (self->context, self->encounter, outcome, follow_up_date, NULL,
                        visit_controller_command_cb, g_object_ref (self));
}
