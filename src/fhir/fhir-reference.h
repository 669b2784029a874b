/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

typedef enum
{
  FHIR_REFERENCE_NONE,        /* at most a display */
  FHIR_REFERENCE_RELATIVE,    /* Patient/1, Patient/1/_history/2 */
  FHIR_REFERENCE_ABSOLUTE,    /* https://other.example/fhir/Patient/1 */
  FHIR_REFERENCE_URN,         /* urn:uuid:…, urn:oid:… */
  FHIR_REFERENCE_CONTAINED,   /* #part; "#" alone is the resource around it */
  FHIR_REFERENCE_CONDITIONAL, /* Practitioner?identifier=… */
  FHIR_REFERENCE_LOGICAL,     /* an identifier only */
  FHIR_REFERENCE_OTHER,       /* any other URI */
} FhirReferenceKind;

/* A Reference taken apart. Whatever it does not say is NULL. */
typedef struct
{
  FhirReferenceKind kind;
  char *text; /* Reference.reference as it came */
  char *base; /* absolute: what stands before the type, without a slash at the end */
  char *type; /* of the target: said by the reference, or else by Reference.type */
  char *id;   /* relative, absolute: the logical id; contained: the part's id; urn: after urn:x: */
  char *version; /* after /_history/ */
  char *query;   /* conditional: after the question mark, still encoded */
  char *identifier_system;
  char *identifier_value;
  char *display;
} FhirReference;

gboolean fhir_reference_split (const char *reference, char **type, char **id);
FhirReferenceKind fhir_reference_read (const FhirElement *element, FhirReference *out);
void fhir_reference_clear (FhirReference *self);
const FhirElement *fhir_reference_find_contained (FhirResource *resource, const char *id);
char *fhir_reference_format (const FhirElement *element, FhirResource *container);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FhirReference, fhir_reference_clear)

G_END_DECLS
