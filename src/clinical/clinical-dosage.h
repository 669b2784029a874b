/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-dose.h"
#include "clinical-language.h"
#include "fhir-builder.h"

G_BEGIN_DECLS

/* What is taken first, then, …: so many at most. */
#define CLINICAL_DOSAGE_MAX_STEPS 10

/* One dosage as a prescriber writes it. Decimals are literal texts; NULL and 0 mean absent. */
struct _ClinicalDosage
{
  char *dose_value;  /* "1.5", as made by clinical_dose_parse () */
  char *dose_unit;   /* singular: "tablet", "mg", "mL" */
  int frequency;     /* times per period */
  int period;        /* in period units */
  char *period_unit; /* "h", "d" or "wk" */
  char *route_code;  /* SNOMED CT */
  char *route_text;  /* "oral" */
  char *method;      /* "Take" */
  char *when;        /* FHIR event timing code, "AC", "PC", "HS", … */
  gboolean as_needed;
  char *as_needed_for;
  int duration_days;
  char *instruction; /* further words for the patient, as typed */
  char *dose_high;   /* "2" of "1 to 2 tablets", in the same unit */
  int period_max;    /* 6 of "every 4 to 6 hours" */
  char *days;        /* FHIR days of the week, "mon thu" */
  char *max_a_day;   /* the most in 24 hours, in the unit of the dose */
};

ClinicalDosage *clinical_dosage_new (void);
ClinicalDosage *clinical_dosage_copy (const ClinicalDosage *self);
void clinical_dosage_free (ClinicalDosage *self);

char *clinical_dosage_text (const ClinicalDosage *self, GError **error);
char *clinical_dosage_words (const ClinicalDosage *self);
char *clinical_dosage_patient_text (const ClinicalDosage *self);
char *clinical_dosage_say_steps (GPtrArray *steps,
                                 const char *language,
                                 ClinicalReader reader,
                                 GError **error);
char *clinical_dosage_frequency_text (const ClinicalDosage *self);

gboolean clinical_dosage_to_fhir (const ClinicalDosage *self,
                                  FhirBuilder *builder,
                                  const char *path,
                                  GError **error);
gboolean clinical_dosage_steps_to_fhir (GPtrArray *steps,
                                        FhirBuilder *builder,
                                        const char *path,
                                        GError **error);
ClinicalDosage *clinical_dosage_from_fhir (const FhirElement *dosage, GError **error);
ClinicalDosage *clinical_dosage_read (const FhirElement *dosage, GError **error);
gboolean clinical_dosage_check (const ClinicalDosage *self, GError **error);
gboolean clinical_dosage_is_plain (const ClinicalDosage *self);
char *clinical_dosage_say (const FhirElement *dosage_or_array,
                           const char *language,
                           ClinicalReader reader,
                           GError **error);
char *clinical_dosage_text_of_element (const FhirElement *dosage_or_array, GError **error);
gboolean clinical_dosage_agrees (const FhirElement *dosage);
char *clinical_dosage_display (const FhirElement *dosages, gboolean *disagrees);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalDosage, clinical_dosage_free)

G_END_DECLS
