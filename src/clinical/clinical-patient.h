/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-allergy.h"
#include "clinical-order.h"

G_BEGIN_DECLS

/* A number of the chart, with where it is from. */
typedef struct
{
  double value;
  char *unit;      /* UCUM; NULL where none was given, and then it is no number to reckon with */
  char *date;      /* as in "2026-11-29" */
  char *reference; /* "Observation/w", or NULL */
} ClinicalMeasure;

typedef enum
{
  CLINICAL_NOT_RECORDED,
  CLINICAL_NO,
  CLINICAL_YES,
} ClinicalYesNo;

/* A yes or no of the chart, with where it is from. */
typedef struct
{
  ClinicalYesNo answer;
  char *date;
  char *reference;
} ClinicalStatus;

/* What the checks know of a patient. Nothing has to be known. */
typedef struct
{
  int age_months;     /* on the day of the check; -1: not known */
  char *sex;          /* "male" or "female"; anything else, and NULL, is not known */
  GPtrArray *weights; /* ClinicalMeasure, newest first */
  ClinicalMeasure *height, *creatinine, *egfr, *crcl; /* or NULL */
  ClinicalStatus pregnant, breastfeeding;
  GPtrArray *allergies;        /* ClinicalAllergy, an entry "none known" included */
  gboolean allergies_recorded; /* the chart says something about allergies */
  GPtrArray *conditions;       /* ClinicalChartItem */
  GPtrArray *medicines;        /* ClinicalOrder: those that are taken */
} ClinicalPatient;

/* Why a weight cannot be reckoned with. */
typedef enum
{
  CLINICAL_WEIGHT_GOOD,
  CLINICAL_WEIGHT_MISSING,
  CLINICAL_WEIGHT_NO_UNIT,
  CLINICAL_WEIGHT_TOO_OLD,
  CLINICAL_WEIGHT_JUMP,    /* more than a tenth away from the value before */
  CLINICAL_WEIGHT_FOR_AGE, /* outside what is to be believed at this age */
  CLINICAL_WEIGHT_NO_DATE,
} ClinicalWeightState;

ClinicalMeasure *
clinical_measure_new (double value, const char *unit, const char *date, const char *reference);
void clinical_measure_free (ClinicalMeasure *self);
double clinical_measure_in (const ClinicalMeasure *self, const char *unit);
int clinical_days_between (const char *from, const char *to);
int clinical_age_months (const char *birth_date, const char *today);

ClinicalPatient *clinical_patient_new (void);
void clinical_patient_free (ClinicalPatient *self);
ClinicalWeightState
clinical_patient_weight (const ClinicalPatient *self, const char *today, double *kg);
gboolean clinical_patient_may_be_pregnant (const ClinicalPatient *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalMeasure, clinical_measure_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClinicalPatient, clinical_patient_free)

G_END_DECLS
