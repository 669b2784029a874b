/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-element.h"

G_BEGIN_DECLS

char *fhir_canonical_json (const FhirElement *element, const char *const *without);

G_END_DECLS
