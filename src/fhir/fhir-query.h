/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-index.h"

G_BEGIN_DECLS

/* What a search may ask for; past these it is refused with the limit's name. */
#define FHIR_QUERY_MAX_LENGTH     (64u * 1024)
#define FHIR_QUERY_MAX_PARAMETERS 100
#define FHIR_QUERY_MAX_VALUES     1000
#define FHIR_QUERY_MAX_SORTS      3
#define FHIR_QUERY_MAX_INCLUDES   20
#define FHIR_QUERY_MAX_ELEMENTS   100
#define FHIR_QUERY_MAX_COUNT      1000

typedef enum
{
  FHIR_PREFIX_EQ,
  FHIR_PREFIX_NE,
  FHIR_PREFIX_GT,
  FHIR_PREFIX_LT,
  FHIR_PREFIX_GE,
  FHIR_PREFIX_LE,
  FHIR_PREFIX_SA,
  FHIR_PREFIX_EB,
  FHIR_PREFIX_AP,
} FhirPrefix;

/* clang-format off */
/* One value of a parameter.
 *   token      system (NULL with has_system: "|code", no system) and value (NULL: "system|", any code)
 *   string     value folded, but with :exact as typed
 *   date       prefix, [low, high) in microseconds
 *   reference  system is the type (NULL where not said) and value the id; a text that is no Type/id:
 *              system NULL, has_system, value the full text. With :identifier as a token
 *   quantity   prefix, number, [number - margin, number + margin), system, value (code or unit, NULL any)
 *   number     prefix, number, margin
 *   uri        value
 *   composite  the code as a token, and what stands beside it in second
 *   with :text value folded; words that begin so are meant
 *   with :missing value is "true" or "false" */
/* clang-format on */
typedef struct _FhirQueryValue FhirQueryValue;
struct _FhirQueryValue
{
  FhirPrefix prefix;
  char *system;
  char *value;
  gint64 low;
  gint64 high;
  double number;
  double margin; /* half of the last digit that was typed: 5.4 is 5.35 up to 5.45 */
  gboolean has_system;
  FhirQueryValue *second; /* composite only */
};

typedef struct
{
  char *name;
  char *modifier;      /* (nullable): exact, contains, not, missing, identifier, text, or a type */
  FhirSearchType type; /* of the parameter that values belong to: of the chained one in a chain */
  GPtrArray *values;   /* of FhirQueryValue, any of them */
  char *chain_type;    /* (nullable): subject:Patient.name has "Patient" */
  char *chain_name;    /* and "name" here */
  char *has_reference; /* (nullable): _has:Observation:patient:code has name "_has", chain_type
                          "Observation", chain_name "code" and "patient" here */
} FhirQueryParameter;

/* _include=MedicationRequest:requester:Practitioner */
typedef struct
{
  char *source_type;
  char *parameter;
  char *target_type; /* (nullable): any */
} FhirQueryInclude;

typedef struct
{
  char *type;
  GPtrArray *parameters;  /* of FhirQueryParameter, all of them */
  GPtrArray *sorts;       /* of char*: "name" or "-name" */
  GPtrArray *includes;    /* of FhirQueryInclude */
  GPtrArray *revincludes; /* of FhirQueryInclude */
  GPtrArray *elements;    /* of char*, top-level names of _elements */
  int count;              /* -1 where not said; at most FHIR_QUERY_MAX_COUNT */
  gboolean count_limited; /* more were asked for */
  char *summary;          /* (nullable): true, text, data, count, false */
  gboolean total;         /* whether a total is asked for */
  char *cursor;           /* (nullable): opaque */
  GPtrArray *ignored;     /* of char*: what a lenient parse left out */
} FhirQuery;

FhirQuery *
fhir_query_parse (const char *type, const char *query_string, gboolean lenient, GError **error);
void fhir_query_free (FhirQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FhirQuery, fhir_query_free)

G_END_DECLS
