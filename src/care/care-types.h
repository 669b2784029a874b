/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"
#include "store-database.h"

G_BEGIN_DECLS

typedef struct _CareContext CareContext;
typedef struct _CarePrescriptionDraft CarePrescriptionDraft;
typedef struct _CareSecondFactor CareSecondFactor;
typedef struct _CareSummary CareSummary;

typedef enum
{
  CARE_ERROR_ROLE,     /* the user's role may not do this */
  CARE_ERROR_STATE,    /* the visit, note or task is not in a state that allows it */
  CARE_ERROR_AUTHOR,   /* a draft of somebody else */
  CARE_ERROR_MISSING,  /* something must be filled in first */
  CARE_ERROR_FINDINGS, /* a finding needs a reason, or the findings changed since they were read */
  CARE_ERROR_TOO_LATE, /* the ten seconds of Undo are over */
  CARE_ERROR_BUSY,     /* somebody has another visit then */
  CARE_ERROR_LEASE,    /* the sign-in ran out: the server has to take it again first */
  CARE_ERROR_FACTOR,   /* the second factor is missing, wrong, used or closed */
} CareError;

#define CARE_ERROR (care_error_quark ())
GQuark care_error_quark (void);

/* The project's own names in FHIR. */
#define CARE_EXTENSION_BASE         "https://bedside.health/fhir/StructureDefinition/"
#define CARE_SYSTEM_TASK            "https://bedside.health/fhir/task"
#define CARE_SYSTEM_ROLE            "https://bedside.health/fhir/role"
#define CARE_SYSTEM_PRESCRIPTION_ID "https://bedside.health/fhir/prescription-id"
#define CARE_SYSTEM_RXNORM          "http://www.nlm.nih.gov/research/umls/rxnorm"
#define CARE_SYSTEM_LOINC           "http://loinc.org"
#define CARE_SYSTEM_SNOMED          "http://snomed.info/sct"

G_END_DECLS
