/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* The reference range that applies, digits as they were written. Any member may be NULL. */
typedef struct
{
  char *low;
  char *high;
  char *unit;
  char *text;
} FhirReferenceRange;

char *fhir_observation_dup_value (FhirResource *observation);
char *fhir_observation_dup_shown (FhirResource *observation, const char *mark);
const char *fhir_observation_get_flag (FhirResource *observation);
gboolean fhir_observation_get_range (FhirResource *observation, FhirReferenceRange *range);
char *fhir_observation_holder_dup_shown (const FhirElement *holder, const char *mark);
const char *fhir_observation_holder_get_flag (const FhirElement *holder);
gboolean fhir_observation_holder_get_range (const FhirElement *holder, FhirReferenceRange *range);
char *fhir_reference_range_dup_words (const FhirReferenceRange *range, const char *mark);
void fhir_reference_range_clear (FhirReferenceRange *range);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FhirReferenceRange, fhir_reference_range_clear)

G_END_DECLS
