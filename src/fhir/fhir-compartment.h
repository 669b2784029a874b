/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* Which references put a resource of a type into a patient's compartment. */
typedef struct
{
  const char *type;
  const char *parameters; /* search parameters, separated by a space */
} FhirCompartment;

const FhirCompartment *fhir_compartment_list (gsize *n);
const FhirCompartment *fhir_compartment_find (const char *type);
GPtrArray *fhir_compartment_patients (FhirResource *resource);

G_END_DECLS
