/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* Makes a resource, or a changed copy of one. A path names members and list positions joined by
 * dots, as in "identifier.0.system"; what is missing on the way is made, and a position equal to
 * the list's length appends. A NULL value is passed over. */
FhirBuilder *fhir_builder_new (const char *type, const char *id);
FhirBuilder *fhir_builder_new_from (FhirResource *resource);
void fhir_builder_free (FhirBuilder *self);
void fhir_builder_set (FhirBuilder *self, const char *path, const char *text);
void fhir_builder_set_many (FhirBuilder *self, const char *path, ...) G_GNUC_NULL_TERMINATED;
void fhir_builder_set_boolean (FhirBuilder *self, const char *path, gboolean value);
void fhir_builder_set_integer (FhirBuilder *self, const char *path, gint64 value);
void fhir_builder_set_decimal (FhirBuilder *self, const char *path, const char *literal);
void fhir_builder_set_element (FhirBuilder *self, const char *path, const FhirElement *element);
gboolean
fhir_builder_set_json (FhirBuilder *self, const char *path, const char *json, GError **error);
void fhir_builder_set_coding (
    FhirBuilder *self, const char *path, const char *system, const char *code, const char *display);
void fhir_builder_remove (FhirBuilder *self, const char *path);
void fhir_builder_prune (FhirBuilder *self, const char *path);
gsize fhir_builder_get_length (FhirBuilder *self, const char *path);
FhirResource *fhir_builder_end (FhirBuilder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FhirBuilder, fhir_builder_free)

G_END_DECLS
