/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

void sync_reference_collect (const FhirElement *element, GHashTable *references);
FhirResource *sync_reference_rewrite (FhirResource *resource, GHashTable *renamed);
char *sync_reference_dup_patient (FhirResource *resource);

G_END_DECLS
