/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-element.h"

G_BEGIN_DECLS

char *fhir_concept_dup_text (const FhirElement *codeable_concept);
gboolean
fhir_concept_has_code (const FhirElement *codeable_concept, const char *system, const char *code);
const char *fhir_concept_get_code (const FhirElement *codeable_concept, const char *system);

G_END_DECLS
