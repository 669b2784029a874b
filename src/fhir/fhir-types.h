/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FhirResource FhirResource;
typedef struct _FhirElement FhirElement;
typedef struct _FhirBuilder FhirBuilder;

/* The largest text that is parsed, and how deep it may nest. A bundle of a patient's whole record
 * is some megabytes; anything past these is refused with a reason. */
#define FHIR_MAX_BYTES (64u * 1024 * 1024)
#define FHIR_MAX_DEPTH 100u

typedef enum
{
  FHIR_ERROR_SYNTAX,      /* not JSON */
  FHIR_ERROR_DUPLICATE,   /* an object names a key twice */
  FHIR_ERROR_LIMIT,       /* too large or nested too deep */
  FHIR_ERROR_STRUCTURE,   /* JSON, but not a FHIR resource */
  FHIR_ERROR_VALUE,       /* a value that its type does not allow */
  FHIR_ERROR_UNSUPPORTED, /* a search parameter or feature that is not there */
} FhirError;

#define FHIR_ERROR (fhir_error_quark ())
GQuark fhir_error_quark (void);

G_END_DECLS
