/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a resource, a data type or a part of one consists of, by the official definitions of R4. */
typedef struct _FhirStructure FhirStructure;

/* One element of a structure. Texts are borrowed of the table and not zero-terminated. */
typedef struct
{
  const char *name;
  gsize name_length;
  const char *types; /* "Quantity|string", "@Patient.contact" for a structure of its own */
  gsize types_length;
  gboolean is_choice; /* its JSON name ends with the type: valueQuantity */
  gboolean is_required, is_many;
  int value_set; /* of a required binding; 0: one that cannot be listed; -1: none */
} FhirStructureElement;

typedef struct
{
  const FhirStructure *structure;
  const char *at;
  gboolean in_own; /* past what its kind always has */
} FhirStructureIter;

const FhirStructure *fhir_structure_find (const char *name);
const FhirStructure *fhir_structure_of_extensions (void);
const char *fhir_structure_get_name (const FhirStructure *self);
gboolean fhir_structure_is_resource (const FhirStructure *self);
void fhir_structure_iter_init (FhirStructureIter *iter, const FhirStructure *structure);
gboolean fhir_structure_iter_next (FhirStructureIter *iter, FhirStructureElement *element);
char *
fhir_structure_member (const FhirStructure *self, const char *name, FhirStructureElement *element);
const char *fhir_structure_get_targets (const FhirStructure *self,
                                        const FhirStructureElement *element);
const char *fhir_value_set_get_url (int number);
gboolean fhir_value_set_has (int number, const char *system, const char *code);

G_END_DECLS
