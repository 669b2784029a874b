/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FHIR_PRECISION_NONE,
  FHIR_PRECISION_YEAR,
  FHIR_PRECISION_MONTH,
  FHIR_PRECISION_DAY,
  FHIR_PRECISION_MINUTE,
  FHIR_PRECISION_SECOND,
} FhirPrecision;

/* A FHIR date, dateTime or instant, as precise as it was written. */
typedef struct
{
  FhirPrecision precision;
  int year;
  int month;
  int day;
  int hour;
  int minute;
  double second;
  int second_decimals; /* digits after the point, at most 6 are kept */
  gboolean has_zone;
  int zone_minutes; /* east of Greenwich */
} FhirDate;

gboolean fhir_date_parse (const char *text, FhirDate *out);
void fhir_date_bounds (const FhirDate *date, gint64 *low, gint64 *high);
gint64 fhir_date_begin (const char *text);
const char *fhir_date_month_name (int month);
char *fhir_date_format (const char *text, GTimeZone *clinic_zone);
int fhir_date_age_years (const char *birth_date, const char *today);
char *fhir_date_format_age (const char *birth_date, const char *today);

G_END_DECLS
