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

FhirSearchType
fhir_search_parameter_type (const char *resource_type, const char *parameter, gboolean *known);
gboolean fhir_search_parameter_has_target (const char *resource_type,
                                           const char *parameter,
                                           const char *target_type);

G_END_DECLS
