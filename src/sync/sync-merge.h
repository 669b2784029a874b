/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

gboolean sync_merge_is_same (FhirResource *a, FhirResource *b);
FhirResource *sync_merge (FhirResource *base, FhirResource *mine, FhirResource *theirs);

G_END_DECLS
