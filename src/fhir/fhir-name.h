/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-element.h"

G_BEGIN_DECLS

char *fhir_human_name_format (const FhirElement *names_array_or_name);
char *fhir_human_name_format_plain (const FhirElement *names_array_or_name);

G_END_DECLS
