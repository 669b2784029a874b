/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-extension.h"
#include "care-task-private.h"
#include "care-visit-guest.h"
#include "care-visit-phone.h"
#include "care-visit-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-query.h"
#include "fhir-reference.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-search.h"

/* Commands on a visit. Each writes what it changes, its journal and its audit row in one
 * transaction; whether a call runs is nothing that they know or change. */

static const char *const clinicians[] = { "prescriber", "nurse", "admin", NULL };

void
care_visit_change_clear (CareVisitChange *self)
{
  care_write_clear (&self->write);
  g_clear_pointer (&self->encounter, fhir_resource_unref);
  g_clear_pointer (&self->builder, fhir_builder_free);
  g_clear_pointer (&self->now, g_free);
  g_clear_pointer (&self->reference, g_free);
}

static gboolean
refuse_step (CareVisitState state, CareVisitEvent event, GError **error)
{
  static const char *const refused[] = {
    N_ ("The visit cannot be joined now."),
    N_ ("The visit cannot be admitted now."),
    N_ ("The visit cannot be put on hold now."),
    N_ ("The visit cannot be interrupted now."),
    N_ ("The visit cannot be ended now."),
    N_ ("The visit cannot be made ready for the doctor now."),
  };
  static const char *const states[] = {
    N_ ("It has not begun."), N_ ("It waits."),          N_ ("It is in progress."),
    N_ ("It is on hold."),    N_ ("It is interrupted."), N_ ("It is over."),
  };

  g_set_error (error, CARE_ERROR, CARE_ERROR_STATE, "%s %s", _ (refused[event]), _ (states[state]));
  return FALSE;
}

gboolean
care_visit_change_begin (CareVisitChange *self,
                         StoreConnection *connection,
                         CareContext *context,
                         const char *id,
                         GError **error)
{
  g_autofree char *patient = NULL;

  if (!care_require_role (context, "lead a visit", clinicians, error))
    return FALSE;
  self->encounter = care_read (connection, "Encounter", id, error);
  if (!self->encounter)
    return FALSE;
  patient = care_patient_of (self->encounter);
  self->state = care_visit_state_of (self->encounter);
  self->builder = fhir_builder_new_from (self->encounter);
  self->now = base_clock_dup_instant (care_context_get_clock (context));
  self->reference = g_strconcat ("Encounter/", id, NULL);
  care_write_init (&self->write, connection, context, patient, CARE_PRIORITY_VISIT);
  return TRUE;
}

gboolean
care_visit_change_step (CareVisitChange *self,
                        CareVisitEvent event,
                        CareVisitState *next,
                        GError **error)
{
  return care_visit_next (self->state, event, next) || refuse_step (self->state, event, error);
}

gboolean
care_visit_change_write (CareVisitChange *self,
                         const char *action,
                         const char *detail,
                         GError **error)
{
  return care_write_put_builder (&self->write, self->builder, error) &&
         care_write_audit (&self->write, action, self->reference, detail, error);
}

/* When the status that ends now began: where the history ends, else where the visit did. */
static const char *
status_start (FhirResource *encounter)
{
  const FhirElement *history = fhir_resource_path (encounter, "statusHistory");
  gsize length = fhir_element_get_length (history);
  const char *start =
      length > 0 ? fhir_element_path_text (fhir_element_at (history, length - 1), "period.end")
                 : NULL;

  if (!start)
    start =
        fhir_element_path_text (care_extension (encounter, "visit-waiting-since"), "valueInstant");
  return start ? start : fhir_resource_path_text (encounter, "period.start");
}

void
care_visit_change_set_status (CareVisitChange *self, const char *status)
{
  const char *before = fhir_resource_path_text (self->encounter, "status");
  gsize at = fhir_element_get_length (fhir_resource_path (self->encounter, "statusHistory"));
  g_autofree char *status_path = g_strdup_printf ("statusHistory.%" G_GSIZE_FORMAT ".status", at);
  g_autofree char *start_path =
      g_strdup_printf ("statusHistory.%" G_GSIZE_FORMAT ".period.start", at);
  g_autofree char *end_path = g_strdup_printf ("statusHistory.%" G_GSIZE_FORMAT ".period.end", at);

  if (g_strcmp0 (before, status) == 0)
    return;
  if (before)
    {
      fhir_builder_set (self->builder, status_path, before);
      fhir_builder_set (self->builder, start_path, status_start (self->encounter));
      fhir_builder_set (self->builder, end_path, self->now);
    }
  fhir_builder_set (self->builder, "status", status);
}

/* Who is in the visit from now on: a second stay is a second line. */
static void
enter_participant (CareVisitChange *self)
{
  CareContext *context = self->write.context;
  const FhirElement *participants = fhir_resource_path (self->encounter, "participant");
  gsize at = 0, place;
  g_autofree char *path = NULL;
  gboolean named = FALSE;

  fhir_element_foreach (item, participants)
    {
      gboolean mine = g_strcmp0 (fhir_element_path_text (item, "individual.reference"),
                                 care_context_get_user_reference (context)) == 0;

      if (mine && fhir_element_path_text (item, "period.start") &&
          !fhir_element_path_text (item, "period.end"))
        return;
      if (mine && !fhir_element_path_text (item, "period.start"))
        {
          named = TRUE;
          break;
        }
      at++;
    }
  place = named ? at : fhir_element_get_length (participants);
  path = g_strdup_printf ("participant.%" G_GSIZE_FORMAT, place);
  for (guint i = 0; i < 3; i++)
    {
      static const char *const names[] = { "individual.reference", "individual.display",
                                           "period.start" };
      const char *values[] = { care_context_get_user_reference (context),
                               care_context_get_user_name (context), self->now };
      g_autofree char *full = g_strdup_printf ("%s.%s", path, names[i]);

      fhir_builder_set (self->builder, full, values[i]);
    }
}

/* @stays: (nullable): the clinician who does not leave, and with them guest and interpreter */
void
care_visit_change_leave (CareVisitChange *self, const char *stays)
{
  const FhirElement *participants = fhir_resource_path (self->encounter, "participant");
  gsize at = 0;

  fhir_element_foreach (item, participants)
    {
      g_autofree char *path = g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".period.end", at++);

      if (fhir_element_path_text (item, "period.start") &&
          !fhir_element_path_text (item, "period.end") &&
          !(stays && care_visit_guest_is_one (item)) &&
          !(stays && g_strcmp0 (fhir_element_path_text (item, "individual.reference"), stays) == 0))
        fhir_builder_set (self->builder, path, self->now);
    }
}

/* Whether this clinician, and nobody else, is in the visit. */
static gboolean
is_alone_in (CareVisitChange *self)
{
  const char *own = care_context_get_user_reference (self->write.context);
  gboolean in = FALSE, others = FALSE;

  fhir_element_foreach (item, fhir_resource_path (self->encounter, "participant"))
    {
      gboolean mine = g_strcmp0 (fhir_element_path_text (item, "individual.reference"), own) == 0;

      if (!fhir_element_path_text (item, "period.start") ||
          fhir_element_path_text (item, "period.end") || care_visit_guest_is_one (item))
        continue;
      in = in || mine;
      others = others || !mine;
    }
  return in && !others;
}

/* One clinician has the visit at a time, as at the hub. */
static gboolean
take_over (CareVisitChange *self, GError **error)
{
  care_visit_change_leave (self, care_context_get_user_reference (self->write.context));
  care_visit_phone_close (self->builder, self->encounter, self->now);
  enter_participant (self);
  return care_visit_change_write (self, "visit-take-over", NULL, error);
}

/**
 * care_visit_admit:
 *
 * Begins the visit, or takes it up again after a hold or an interruption. Admitting twice changes
 * nothing; admitting where another clinician is in the visit takes it over, and says so.
 */
gboolean
care_visit_admit (StoreConnection *connection,
                  CareContext *context,
                  const char *encounter_id,
                  GError **error)
{
  g_auto (CareVisitChange) change = { 0 };
  CareVisitState next;

  if (!care_visit_change_begin (&change, connection, context, encounter_id, error) ||
      !care_visit_change_step (&change, CARE_VISIT_ADMIT, &next, error))
    return FALSE;
  if (!care_visit_resolve_interrupted (&change, error))
    return FALSE;
  if (change.state == next)
    return is_alone_in (&change) || take_over (&change, error);
  care_visit_change_set_status (&change, "in-progress");
  if (!fhir_resource_path_text (change.encounter, "period.start"))
    fhir_builder_set (change.builder, "period.start", change.now);
  /* who put it on hold, or lost it, is not in it any more */
  care_visit_change_leave (&change, care_context_get_user_reference (context));
  enter_participant (&change);
  if (change.state == CARE_VISIT_INTERRUPTED)
    care_extension_set_boolean (change.builder, change.encounter, "visit-interrupted", FALSE);
  return care_visit_change_write (&change, "visit-admit", NULL, error);
}

/**
 * care_visit_hold:
 *
 * Sends the patient back to the waiting room without ending the visit.
 */
gboolean
care_visit_hold (StoreConnection *connection,
                 CareContext *context,
                 const char *encounter_id,
                 GError **error)
{
  g_auto (CareVisitChange) change = { 0 };
  CareVisitState next;

  if (!care_visit_change_begin (&change, connection, context, encounter_id, error) ||
      !care_visit_change_step (&change, CARE_VISIT_HOLD, &next, error))
    return FALSE;
  care_visit_change_set_status (&change, "onleave");
  care_extension_set (change.builder, change.encounter, "visit-waiting-since", "valueInstant",
                      change.now);
  return care_visit_change_write (&change, "visit-hold", NULL, error);
}

/**
 * care_visit_confirm_identity:
 *
 * Records that the clinician made sure who is there (hazard H7).
 */
gboolean
care_visit_confirm_identity (StoreConnection *connection,
                             CareContext *context,
                             const char *encounter_id,
                             GError **error)
{
  g_auto (CareVisitChange) change = { 0 };

  if (!care_visit_change_begin (&change, connection, context, encounter_id, error))
    return FALSE;
  care_extension_set (change.builder, change.encounter, "visit-identity", "valueCode", "confirmed");
  return care_visit_change_write (&change, "identity-confirmed", NULL, error);
}

/**
 * care_visit_hang_up:
 *
 * Records that the call was hung up. The visit goes on: its Encounter is not touched.
 */
gboolean
care_visit_hang_up (StoreConnection *connection,
                    CareContext *context,
                    const char *encounter_id,
                    GError **error)
{
  g_auto (CareVisitChange) change = { 0 };

  return care_visit_change_begin (&change, connection, context, encounter_id, error) &&
         care_write_audit (&change.write, "call-hung-up", change.reference, NULL, error);
}

/**
 * care_visit_mark_interrupted:
 *
 * The call was lost before an outcome was chosen (hazard H25).
 */
gboolean
care_visit_mark_interrupted (StoreConnection *connection,
                             CareContext *context,
                             const char *encounter_id,
                             GError **error)
{
  g_auto (CareVisitChange) change = { 0 };
  CareVisitState next;

  if (!care_visit_change_begin (&change, connection, context, encounter_id, error) ||
      !care_visit_change_step (&change, CARE_VISIT_INTERRUPT, &next, error))
    return FALSE;
  if (change.state == next)
    return TRUE;
  care_extension_set_boolean (change.builder, change.encounter, "visit-interrupted", TRUE);
  care_extension_set (change.builder, change.encounter, "visit-interrupted-at", "valueInstant",
                      change.now);
  care_visit_log_add (&change, CARE_VISIT_LOG_LOST, NULL); /* each loss, where that is the last */
  return care_visit_change_write (&change, "visit-interrupted", NULL, error);
}

static gboolean
write_outcome_task (CareVisitChange *self,
                    CareOutcome outcome,
                    const char *follow_up_date,
                    GError **error)
{
  static const struct
  {
    const char *code, *description, *priority;
  } tasks[] = {
    [CARE_OUTCOME_IN_PERSON] = { "arrange-in-person", "Needs to be seen in person", "urgent" },
    [CARE_OUTCOME_EMERGENCY] = { "emergency", "Emergency: make sure that help arrived", "stat" },
    [CARE_OUTCOME_FOLLOW_UP] = { "follow-up", "Follow-up visit", "routine" },
    [CARE_OUTCOME_NOT_COMPLETED] = { "visit-not-completed",
                                     "The visit could not be completed: contact the patient",
                                     "urgent" },
  };
  const FhirElement *reason = fhir_resource_path (self->encounter, "reasonCode.0");
  g_autofree char *why = reason ? fhir_concept_dup_text (reason) : NULL;
  g_autofree char *description = NULL;

  if (outcome == CARE_OUTCOME_SETTLED)
    return TRUE;
  description = why ? g_strdup_printf ("%s (%s)", tasks[outcome].description, why)
                    : g_strdup (tasks[outcome].description);
  return care_task_put (&self->write, tasks[outcome].code, description, self->reference,
                        tasks[outcome].priority,
                        outcome == CARE_OUTCOME_FOLLOW_UP ? follow_up_date : NULL, NULL, error);
}

static gboolean
fulfil_appointment (CareVisitChange *self, GError **error)
{
  const char *reference = fhir_resource_path_text (self->encounter, "appointment.0.reference");
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) appointment = NULL;
  g_autoptr (FhirBuilder) builder = NULL;

  if (!reference || !fhir_reference_split (reference, &type, &id))
    return TRUE;
  appointment = store_resource_get (self->write.connection, "Appointment", id, NULL);
  if (!appointment)
    return TRUE; /* a booking that is not on this machine stays as it is */
  builder = fhir_builder_new_from (appointment);
  fhir_builder_set (builder, "status", "fulfilled");
  return care_write_put_builder (&self->write, builder, error);
}

static gboolean
check_follow_up (CareOutcome outcome, const char *date, GError **error)
{
  FhirDate parsed;

  if (outcome != CARE_OUTCOME_FOLLOW_UP ||
      (date && fhir_date_parse (date, &parsed) && parsed.precision >= FHIR_PRECISION_DAY))
    return TRUE;
  g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("Choose the day of the follow-up."));
  return FALSE;
}

/**
 * care_visit_end:
 * @outcome: how the visit ended; each but "settled" makes its task
 * @follow_up_date: (nullable): YYYY-MM-DD, for a follow-up
 *
 * Ends the visit: Encounter finished with its times, Appointment fulfilled, and the task of the
 * outcome.
 */
gboolean
care_visit_end (StoreConnection *connection,
                CareContext *context,
                const char *encounter_id,
                CareOutcome outcome,
                const char *follow_up_date,
                GError **error)
{
  g_auto (CareVisitChange) change = { 0 };
  CareVisitState next;

  if (!check_follow_up (outcome, follow_up_date, error) ||
      !care_visit_change_begin (&change, connection, context, encounter_id, error) ||
      !care_visit_change_step (&change, CARE_VISIT_END, &next, error))
    return FALSE;
  care_visit_change_set_status (&change, "finished");
  if (!fhir_resource_path_text (change.encounter, "period.start"))
    fhir_builder_set (change.builder, "period.start", change.now);
  fhir_builder_set (change.builder, "period.end", change.now);
  care_visit_change_leave (&change, NULL);
  care_visit_phone_close (change.builder, change.encounter, change.now);
  care_extension_set (change.builder, change.encounter, "visit-outcome", "valueCode",
                      care_outcome_get_code (outcome));
  if (change.state == CARE_VISIT_INTERRUPTED)
    care_extension_set_boolean (change.builder, change.encounter, "visit-interrupted", FALSE);
  if (!care_visit_resolve_interrupted (&change, error) ||
      !care_visit_withdraw_hand_over (&change, error) ||
      (outcome != CARE_OUTCOME_NOT_COMPLETED && !fulfil_appointment (&change, error)))
    return FALSE;
  return write_outcome_task (&change, outcome, follow_up_date, error) &&
         care_visit_change_write (&change, "visit-end", care_outcome_get_code (outcome), error);
}
