/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-query.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

gboolean fhir_summary_is_asked (FhirQuery *query);
FhirResource *fhir_summary_new (FhirResource *resource, FhirQuery *query);

G_END_DECLS
