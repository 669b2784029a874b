/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-types.h"

G_BEGIN_DECLS

typedef enum
{
  FHIR_KIND_NONE,
  FHIR_KIND_NULL,
  FHIR_KIND_BOOLEAN,
  FHIR_KIND_NUMBER,
  FHIR_KIND_STRING,
  FHIR_KIND_ARRAY,
  FHIR_KIND_OBJECT,
} FhirKind;

/* An element is borrowed from its resource and lives as long. Every getter takes NULL and answers
 * with its "absent" value, so that a path of getters needs no checks between. */
FhirKind fhir_element_get_kind (const FhirElement *element);
const FhirElement *fhir_element_get (const FhirElement *object, const char *name);
const FhirElement *fhir_element_path (const FhirElement *element, const char *path);
const FhirElement *fhir_element_at (const FhirElement *array, gsize index);
gsize fhir_element_get_length (const FhirElement *element);
const char *fhir_element_get_text (const FhirElement *element);
gboolean fhir_element_is_true (const FhirElement *element);
double fhir_element_get_double (const FhirElement *element, double fallback);
gint64 fhir_element_get_integer (const FhirElement *element, gint64 fallback);
const char *fhir_element_path_text (const FhirElement *element, const char *path);
char *fhir_element_dup_json (const FhirElement *element);
gboolean fhir_element_equal (const FhirElement *a, const FhirElement *b);
const FhirElement *fhir_element_first (const FhirElement *array);
const FhirElement *fhir_element_next (const FhirElement *array, const FhirElement *item);

#define fhir_element_foreach(item, array)                                                          \
  for (const FhirElement *item = fhir_element_first (array); item;                                 \
       item = fhir_element_next (array, item))

typedef struct
{
  const FhirElement *object;
  gsize left;
  const FhirElement *key;
} FhirMemberIter;

void fhir_member_iter_init (FhirMemberIter *iter, const FhirElement *object);
gboolean fhir_member_iter_next (FhirMemberIter *iter, const char **name, const FhirElement **value);

G_END_DECLS
