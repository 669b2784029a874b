/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-element.h"

G_BEGIN_DECLS

char *fhir_quantity_format (const FhirElement *quantity);
char *fhir_quantity_dup_shown (const FhirElement *quantity, const char *mark);
const char *fhir_quantity_get_spoken_unit (const char *unit);
char *fhir_quantity_dup_unit (const FhirElement *quantity);

G_END_DECLS
