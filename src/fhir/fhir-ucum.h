/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-element.h"

G_BEGIN_DECLS

#define FHIR_UCUM_SYSTEM "http://unitsofmeasure.org"

/* What a unit measures, as powers of these. An international unit measures itself only. */
typedef enum
{
  FHIR_UCUM_LENGTH,
  FHIR_UCUM_MASS,
  FHIR_UCUM_TIME,
  FHIR_UCUM_TEMPERATURE,
  FHIR_UCUM_AMOUNT,
  FHIR_UCUM_EQUIVALENT,
  FHIR_UCUM_OSMOLE,
  FHIR_UCUM_INTERNATIONAL_UNIT,
  FHIR_UCUM_DIMENSIONS,
} FhirUcumDimension;

/* A value in this unit is (value + offset) * factor in m, g, s, K, mol. */
typedef struct
{
  double factor;
  double offset;
  gint8 powers[FHIR_UCUM_DIMENSIONS];
} FhirUcum;

gboolean fhir_ucum_parse (const char *code, FhirUcum *out);
gboolean fhir_ucum_is_commensurable (const char *one, const char *other);
char *fhir_ucum_convert (const char *literal, const char *from, const char *to, const char *loinc);
char *fhir_ucum_format (const FhirElement *quantity, const char *to, const char *loinc);
double fhir_ucum_get_molar_mass (const char *loinc, const char **source);

G_END_DECLS
