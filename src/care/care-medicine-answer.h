/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-types.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* What a patient answered on their page to "are you taking this?": a MedicationStatement about one
 * prescription. It is what they said, and no instruction: nobody decided it. */
#define CARE_MEDICINE_ANSWER CARE_EXTENSION_BASE "patient-taking"

gboolean care_medicine_is_answer (FhirResource *statement);

G_END_DECLS
