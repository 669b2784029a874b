/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FHIR_SEARCH_TOKEN,
  FHIR_SEARCH_STRING,
  FHIR_SEARCH_DATE,
  FHIR_SEARCH_REFERENCE,
  FHIR_SEARCH_QUANTITY,
  FHIR_SEARCH_NUMBER,
  FHIR_SEARCH_URI,
  FHIR_SEARCH_COMPOSITE,
  FHIR_SEARCH_SPECIAL,
} FhirSearchType;

/* Two conditions on one thing: a code, and the value that stands beside it. */
typedef struct
{
  const char *resource_type;
  const char *code;
  const char *token;  /* (nullable): the parameter of the resource's own code */
  const char *second; /* the parameter whose values stand beside it */
  FhirSearchType second_type;
  const char *component; /* (nullable): the composite that pairs code and value of one component */
} FhirComposite;

const FhirComposite *fhir_search_parameter_get_composite (const char *resource_type,
                                                          const char *parameter);
gboolean fhir_search_parameter_is_answered (const char *resource_type, const char *parameter);
gboolean fhir_search_parameter_is_sortable (const char *resource_type, const char *parameter);
char **fhir_search_parameter_list_names (const char *resource_type);
gboolean fhir_search_parameter_is_includable (const char *resource_type, const char *parameter);
gboolean fhir_search_parameter_has_texts (const char *resource_type, const char *parameter);
FhirSearchType
fhir_search_parameter_type (const char *resource_type, const char *parameter, gboolean *known);
const char *fhir_search_parameter_get_name (const char *resource_type, const char *parameter);
const char *fhir_search_parameter_get_targets (const char *resource_type, const char *parameter);
gboolean fhir_search_parameter_has_target (const char *resource_type,
                                           const char *parameter,
                                           const char *target_type);

G_END_DECLS
