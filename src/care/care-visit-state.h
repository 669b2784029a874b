/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* The visit (its Encounter) and the call are separate machines: hanging up ends a call, only an
 * outcome ends a visit. */
typedef enum
{
  CARE_VISIT_SCHEDULED,   /* nobody has joined */
  CARE_VISIT_WAITING,     /* Encounter arrived */
  CARE_VISIT_IN_PROGRESS, /* admitted */
  CARE_VISIT_ON_HOLD,     /* admitted, sent back to wait */
  CARE_VISIT_INTERRUPTED, /* the call was lost before an outcome was chosen */
  CARE_VISIT_ENDED,
} CareVisitState;

typedef enum
{
  CARE_VISIT_JOIN,
  CARE_VISIT_ADMIT,
  CARE_VISIT_HOLD,
  CARE_VISIT_INTERRUPT,
  CARE_VISIT_END,
  CARE_VISIT_READY, /* a nurse has done the intake: the doctor comes next */
} CareVisitEvent;

typedef enum
{
  CARE_CALL_IDLE,
  CARE_CALL_CONNECTING,
  CARE_CALL_CONNECTED,
  CARE_CALL_ON_HOLD,
  CARE_CALL_RECONNECTING,
} CareCallState;

typedef enum
{
  CARE_CALL_START,
  CARE_CALL_ANSWERED,
  CARE_CALL_LOST,
  CARE_CALL_RECOVERED,
  CARE_CALL_HOLD,
  CARE_CALL_RESUME,
  CARE_CALL_HANG_UP,
} CareCallEvent;

typedef enum
{
  CARE_OUTCOME_SETTLED,
  CARE_OUTCOME_IN_PERSON,
  CARE_OUTCOME_EMERGENCY,
  CARE_OUTCOME_FOLLOW_UP,
  CARE_OUTCOME_NOT_COMPLETED,
} CareOutcome;

gboolean care_visit_next (CareVisitState state, CareVisitEvent event, CareVisitState *next);
gboolean care_call_next (CareCallState state, CareCallEvent event, CareCallState *next);
CareVisitState care_visit_state_of (FhirResource *encounter);
const char *care_visit_state_get_nick (CareVisitState state);
const char *care_outcome_get_code (CareOutcome outcome);
gboolean care_outcome_from_code (const char *code, CareOutcome *outcome);

G_END_DECLS
