/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "fhir-search-parameter.h"
#include "fhir-text.h"

G_BEGIN_DECLS

/* Of a longer text only this many bytes are indexed. */
#define FHIR_INDEX_MAX_STRING 1000

/* Of a component only this many codes are found together with as many forms of its value. */
#define FHIR_INDEX_MAX_PAIRED 32u

/* clang-format off */
/* One value by which a resource is found.
 *   token      system (or NULL) and code; Identifier: system and value
 *   string     value folded by fhir_fold(), system the text itself (for :exact)
 *   date       [low, high) in microseconds; G_MININT64 and G_MAXINT64 where a period is open
 *   reference  system is the type and value the id of the target; where the reference is not Type/id
 *              (a URL, urn:uuid:, a conditional one), system is NULL and value its full text. A Reference that has an identifier also
 *              gives a token value of the same parameter with ":identifier" after its name
 *   quantity   number, system and value (its code), and once more with the unit's text for value
 *   number     number, with [low, high) not used
 *   uri        value
 *   composite  system and value of the code; number, second_system and second of a quantity beside it, or second_system
 *              and second of a coding
 *   special    the words beside a token: the parameter with ":text" after its name, value folded by fhir_fold() */
/* clang-format on */
typedef struct
{
  const char *parameter; /* lives as long as the program */
  FhirSearchType type;
  char *system;
  char *value;
  char *second_system; /* composite only */
  char *second;
  gint64 low;
  gint64 high;
  double number;
} FhirIndexValue;

GPtrArray *fhir_index_values (FhirResource *resource);
gboolean fhir_index_check_dates (FhirResource *resource, GError **error);
void fhir_index_value_free (FhirIndexValue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FhirIndexValue, fhir_index_value_free)

G_END_DECLS
