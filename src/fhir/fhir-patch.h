/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* A JSON Patch (RFC 6902): read and checked once, applied to a resource as often as wanted. */
typedef struct _FhirPatch FhirPatch;

/* Past these a patch is refused: operations, bytes that a result and all copies on the way to it
 * may have, and list items or members that may be passed on the way. */
#define FHIR_PATCH_MAX_OPERATIONS 1000u
#define FHIR_PATCH_MAX_BYTES      (32u * 1024 * 1024)
#define FHIR_PATCH_MAX_STEPS      (20u * 1000 * 1000)

FhirPatch *fhir_patch_parse (const char *text, gssize length, GError **error);
FhirResource *fhir_patch_apply (FhirPatch *self, FhirResource *resource, GError **error);
void fhir_patch_free (FhirPatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FhirPatch, fhir_patch_free)

G_END_DECLS
