/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-element.h"

G_BEGIN_DECLS

/* An immutable FHIR R4 resource that keeps its own text: unknown elements, extensions and the
 * literal text of decimals come out as they went in. Atomically reference counted, may cross
 * threads. */
FhirResource *fhir_resource_parse (const char *text, gssize length, GError **error);
FhirResource *fhir_resource_new_from_element (const FhirElement *element, GError **error);
FhirResource *fhir_resource_ref (FhirResource *self);
void fhir_resource_unref (FhirResource *self);
const FhirElement *fhir_resource_get_root (FhirResource *self);
const char *fhir_resource_get_text (FhirResource *self, gsize *length);
const char *fhir_resource_get_type (FhirResource *self);
const char *fhir_resource_get_id (FhirResource *self);
const char *fhir_resource_get_version (FhirResource *self);
const char *fhir_resource_get_updated (FhirResource *self);
char *fhir_resource_dup_reference (FhirResource *self);
const char *fhir_resource_path_text (FhirResource *self, const char *path);
const FhirElement *fhir_resource_path (FhirResource *self, const char *path);
gboolean fhir_resource_type_is_known (const char *type);
const char *const *fhir_resource_list_types (gsize *n);
gboolean fhir_id_is_valid (const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FhirResource, fhir_resource_unref)

G_END_DECLS
