/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

FhirResource *fhir_outcome_new (const char *severity, const char *code, const char *diagnostics);
char *fhir_outcome_dup_message (FhirResource *outcome);

G_END_DECLS
