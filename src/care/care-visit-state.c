/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-state.h"

#include "care-extension.h"

/* The two machines of a visit, as tables: what is not in them does not happen. */

static const struct
{
  CareVisitState from;
  CareVisitEvent event;
  CareVisitState to;
} visit_steps[] = {
  { CARE_VISIT_SCHEDULED, CARE_VISIT_JOIN, CARE_VISIT_WAITING },
  { CARE_VISIT_SCHEDULED, CARE_VISIT_END, CARE_VISIT_ENDED },
  { CARE_VISIT_WAITING, CARE_VISIT_JOIN, CARE_VISIT_WAITING },
  { CARE_VISIT_WAITING, CARE_VISIT_ADMIT, CARE_VISIT_IN_PROGRESS },
  { CARE_VISIT_WAITING, CARE_VISIT_END, CARE_VISIT_ENDED },
  { CARE_VISIT_IN_PROGRESS, CARE_VISIT_ADMIT, CARE_VISIT_IN_PROGRESS },
  { CARE_VISIT_IN_PROGRESS, CARE_VISIT_HOLD, CARE_VISIT_ON_HOLD },
  { CARE_VISIT_IN_PROGRESS, CARE_VISIT_INTERRUPT, CARE_VISIT_INTERRUPTED },
  { CARE_VISIT_IN_PROGRESS, CARE_VISIT_END, CARE_VISIT_ENDED },
  { CARE_VISIT_IN_PROGRESS, CARE_VISIT_READY, CARE_VISIT_WAITING },
  { CARE_VISIT_ON_HOLD, CARE_VISIT_ADMIT, CARE_VISIT_IN_PROGRESS },
  { CARE_VISIT_ON_HOLD, CARE_VISIT_INTERRUPT, CARE_VISIT_INTERRUPTED },
  { CARE_VISIT_ON_HOLD, CARE_VISIT_END, CARE_VISIT_ENDED },
  { CARE_VISIT_ON_HOLD, CARE_VISIT_READY, CARE_VISIT_WAITING },
  { CARE_VISIT_INTERRUPTED, CARE_VISIT_JOIN, CARE_VISIT_INTERRUPTED },
  { CARE_VISIT_INTERRUPTED, CARE_VISIT_INTERRUPT, CARE_VISIT_INTERRUPTED },
  { CARE_VISIT_INTERRUPTED, CARE_VISIT_ADMIT, CARE_VISIT_IN_PROGRESS },
  { CARE_VISIT_INTERRUPTED, CARE_VISIT_END, CARE_VISIT_ENDED },
  { CARE_VISIT_INTERRUPTED, CARE_VISIT_READY, CARE_VISIT_WAITING },
};

static const struct
{
  CareCallState from;
  CareCallEvent event;
  CareCallState to;
} call_steps[] = {
  { CARE_CALL_IDLE, CARE_CALL_START, CARE_CALL_CONNECTING },
  { CARE_CALL_CONNECTING, CARE_CALL_ANSWERED, CARE_CALL_CONNECTED },
  { CARE_CALL_CONNECTING, CARE_CALL_LOST, CARE_CALL_RECONNECTING },
  { CARE_CALL_CONNECTING, CARE_CALL_HANG_UP, CARE_CALL_IDLE },
  { CARE_CALL_CONNECTED, CARE_CALL_LOST, CARE_CALL_RECONNECTING },
  { CARE_CALL_CONNECTED, CARE_CALL_HOLD, CARE_CALL_ON_HOLD },
  { CARE_CALL_CONNECTED, CARE_CALL_HANG_UP, CARE_CALL_IDLE },
  { CARE_CALL_ON_HOLD, CARE_CALL_RESUME, CARE_CALL_CONNECTED },
  { CARE_CALL_ON_HOLD, CARE_CALL_LOST, CARE_CALL_RECONNECTING },
  { CARE_CALL_ON_HOLD, CARE_CALL_HANG_UP, CARE_CALL_IDLE },
  { CARE_CALL_RECONNECTING, CARE_CALL_START, CARE_CALL_CONNECTING },
  { CARE_CALL_RECONNECTING, CARE_CALL_LOST, CARE_CALL_RECONNECTING },
  { CARE_CALL_RECONNECTING, CARE_CALL_RECOVERED, CARE_CALL_CONNECTED },
  { CARE_CALL_RECONNECTING, CARE_CALL_HANG_UP, CARE_CALL_IDLE },
};

/* Codes on the wire and on disk: append only. */
static const char *const visit_nicks[] = { "scheduled", "waiting",     "in-progress",
                                           "on-hold",   "interrupted", "ended" };
static const char *const outcome_codes[] = { "settled", "in-person", "emergency", "follow-up",
                                             "not-completed" };

/**
 * care_visit_next:
 * @next: (out): the state after the event
 *
 * Returns: whether the event can happen in that state
 */
gboolean
care_visit_next (CareVisitState state, CareVisitEvent event, CareVisitState *next)
{
  for (gsize i = 0; i < G_N_ELEMENTS (visit_steps); i++)
    if (visit_steps[i].from == state && visit_steps[i].event == event)
      {
        *next = visit_steps[i].to;
        return TRUE;
      }
  return FALSE;
}

gboolean
care_call_next (CareCallState state, CareCallEvent event, CareCallState *next)
{
  for (gsize i = 0; i < G_N_ELEMENTS (call_steps); i++)
    if (call_steps[i].from == state && call_steps[i].event == event)
      {
        *next = call_steps[i].to;
        return TRUE;
      }
  return FALSE;
}

/**
 * care_visit_state_of:
 * @encounter: the visit's Encounter
 *
 * Returns: the state that its status and extensions say
 */
CareVisitState
care_visit_state_of (FhirResource *encounter)
{
  const char *status = fhir_resource_path_text (encounter, "status");
  gboolean interrupted = fhir_element_is_true (
      fhir_element_get (care_extension (encounter, "visit-interrupted"), "valueBoolean"));

  if (g_strcmp0 (status, "finished") == 0 || g_strcmp0 (status, "cancelled") == 0 ||
      g_strcmp0 (status, "entered-in-error") == 0)
    return CARE_VISIT_ENDED;
  if (interrupted)
    return CARE_VISIT_INTERRUPTED;
  if (g_strcmp0 (status, "in-progress") == 0)
    return CARE_VISIT_IN_PROGRESS;
  if (g_strcmp0 (status, "onleave") == 0)
    return CARE_VISIT_ON_HOLD;
  return g_strcmp0 (status, "arrived") == 0 || g_strcmp0 (status, "triaged") == 0
             ? CARE_VISIT_WAITING
             : CARE_VISIT_SCHEDULED;
}

const char *
care_visit_state_get_nick (CareVisitState state)
{
  return visit_nicks[state];
}

const char *
care_outcome_get_code (CareOutcome outcome)
{
  return outcome_codes[outcome];
}

gboolean
care_outcome_from_code (const char *code, CareOutcome *outcome)
{
  for (gsize i = 0; code && i < G_N_ELEMENTS (outcome_codes); i++)
    if (g_str_equal (outcome_codes[i], code))
      {
        *outcome = (CareOutcome) i;
        return TRUE;
      }
  return FALSE;
}
