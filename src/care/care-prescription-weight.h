/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-prescription-draft.h"
#include "clinical-finding.h"
#include "fhir-builder.h"
#include "fhir-resource.h"
#include "store-types.h"

G_BEGIN_DECLS

/* That the dose came from a weight, be it changed by hand since. */
#define CARE_EXTENSION_BY_WEIGHT CARE_EXTENSION_BASE "dose-by-weight"
/* In a draft: some weight that is none of this chart. */
#define CARE_WEIGHT_ELSEWHERE "#elsewhere"

/* The newest weight of a patient, and no other. */
typedef struct
{
  char *kilograms; /* (nullable): a decimal */
  char *date;      /* as a person reads it */
  char *reference; /* "Observation/1" */
  char *problem;   /* (nullable): why no dose may be worked out of it (H11) */
} CareWeightKnown;

void care_weight_known_clear (CareWeightKnown *self);
gboolean care_weight_known_read (CareWeightKnown *self,
                                 StoreConnection *connection,
                                 FhirResource *patient,
                                 GError **error);
gboolean care_prescription_rests_on_weight (FhirResource *request);
void care_prescription_mark_weight (FhirBuilder *builder, const char *reference);
char *care_prescription_dup_weight_of (FhirResource *request, gboolean of_patient);
gboolean care_prescription_weight_stands (StoreConnection *connection,
                                          CarePrescriptionDraft *draft,
                                          GError **error);
gboolean care_prescription_find_weight (StoreConnection *connection,
                                        FhirResource *request,
                                        ClinicalFinding **finding,
                                        GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CareWeightKnown, care_weight_known_clear)

G_END_DECLS
