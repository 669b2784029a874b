/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-query.h"
#include "fhir-search-parameter-private.h"

G_BEGIN_DECLS

char *fhir_query_decode (const char *text, gsize length, GError **error);
GStrv fhir_query_split (const char *text, char separator);
gboolean fhir_query_read_values (FhirQueryParameter *self,
                                 const FhirSearchParameter *definition,
                                 const char *text,
                                 GError **error);
void fhir_query_value_free (FhirQueryValue *self);

G_END_DECLS
