/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-types.h"
#include "fhir-builder.h"

G_BEGIN_DECLS

/* The project's own extensions, by the last part of their address. */
const FhirElement *care_extension (FhirResource *resource, const char *name);
const FhirElement *care_extension_in (const FhirElement *element, const char *name);
void care_extension_set (FhirBuilder *builder,
                         FhirResource *resource,
                         const char *name,
                         const char *type,
                         const char *value);
void
care_extension_add (FhirBuilder *builder, const char *name, const char *type, const char *value);
void care_extension_set_boolean (FhirBuilder *builder,
                                 FhirResource *resource,
                                 const char *name,
                                 gboolean value);

G_END_DECLS
