/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

#include <yyjson.h>

/* yyjson stays inside fhir/. Numbers are read raw, so that 1.00 stays 1.00. */
#define VALUE(element)   ((yyjson_val *) (element))
#define ELEMENT(value)   ((const FhirElement *) (value))
#define FHIR_READ_FLAGS  YYJSON_READ_NUMBER_AS_RAW
#define FHIR_WRITE_FLAGS YYJSON_WRITE_NOFLAG

gboolean fhir_value_check (yyjson_val *value, guint levels, GError **error);
FhirResource *fhir_resource_take_written (char *text, gsize length, GError **error);
gboolean fhir_value_same (yyjson_mut_val *a, yyjson_mut_val *b);
