/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "fhir-resource.h"

/* Made-up records, and what makes them coherent: each check ends the test at what a doctor who
 * reads the chart would stumble over. The hand-told clinic and the generator's patients are held
 * against the same checks. */

typedef struct
{
  GPtrArray *resources;
  GHashTable *by_reference; /* "Type/id" to FhirResource, borrowed */
  GHashTable *by_patient;   /* "Patient/id" to GPtrArray of FhirResource, borrowed */
  char *today;
  gint64 now_us;
} Clinic;

void clinic_fill (Clinic *clinic, GPtrArray *resources, BaseClock *clock);
void clinic_clear (Clinic *clinic);
FhirResource *clinic_follow (Clinic *clinic, FhirResource *resource, const char *path);
GPtrArray *clinic_of_patient (Clinic *clinic, FhirResource *patient);
const char *clinic_code_of (FhirResource *resource, const char *path);
gint64 clinic_time (const char *text);
double
clinic_last_value (Clinic *clinic, const char *patient, const char *loinc, const char *until);
guint clinic_check_bend (Clinic *clinic, const char *medicine, const char *loinc, int direction);

void clinic_check_references (Clinic *clinic);
void clinic_check_names (Clinic *clinic);
void clinic_check_medicines (Clinic *clinic);
void clinic_check_reported (Clinic *clinic);
void clinic_check_allergies (Clinic *clinic);
void clinic_check_kidneys (Clinic *clinic);
void clinic_check_immunizations (Clinic *clinic);
void clinic_check_times (Clinic *clinic);
void clinic_check_deaths (Clinic *clinic);
void clinic_check_sexes (Clinic *clinic);
void clinic_check_notes (Clinic *clinic);
void clinic_check_growth (Clinic *clinic);
void clinic_check_sensors (Clinic *clinic);

#define foreach_of_type(clinic, wanted, item)                                                      \
  for (guint item##_at = 0; item##_at < (clinic)->resources->len; item##_at++)                     \
    for (FhirResource *item = (clinic)->resources->pdata[item##_at];                               \
         item != NULL && strcmp (fhir_resource_get_type (item), wanted) == 0; item = NULL)

/* Of one patient; @list from clinic_of_patient(). */
#define foreach_in(list, wanted, item)                                                             \
  for (guint item##_at = 0; item##_at < (list)->len; item##_at++)                                  \
    for (FhirResource *item = (list)->pdata[item##_at];                                            \
         item != NULL && strcmp (fhir_resource_get_type (item), wanted) == 0; item = NULL)
