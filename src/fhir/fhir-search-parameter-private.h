/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-search-parameter.h"

G_BEGIN_DECLS

/* A row of the generated table; search-parameters.py says how paths are written. */
typedef struct
{
  const char *resource_type; /* "*": every type */
  const char *code;
  FhirSearchType type;
  const char *paths;
  const char *targets; /* types joined by spaces; "*": every type */
} FhirSearchParameter;

const FhirSearchParameter *fhir_search_parameter_find (const char *resource_type, const char *code);
const FhirSearchParameter *fhir_search_parameter_list (const char *resource_type, gsize *count);
char *fhir_search_parameter_dup_only_target (const FhirSearchParameter *self);
gboolean fhir_search_parameter_is_plain_code (const FhirSearchParameter *self);

G_END_DECLS
