/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-patient.h"

#include "fhir-date.h"
#include "fhir-ucum.h"

#include <math.h>
#include <string.h>

/* A patient as the checks see one, and whether a weight may be reckoned with (hazard H11). */

/* A child's weight is good for so long; in days. Source of the three: hazard H11 of HAZARDS.md. */
#define WEIGHT_DAYS_INFANT  31
#define WEIGHT_DAYS_TODDLER 92
#define WEIGHT_DAYS_CHILD   366

/* So much of a change since the value before is asked about (hazard H11). */
#define JUMP 0.10
/* A change over a longer time than this is growth, or life. In days. */
#define JUMP_DAYS_CHILD 31
#define JUMP_DAYS_ADULT 183

/* Ages between which a pregnancy is asked about, in months. Source: unverified. */
#define PREGNANCY_FROM (12 * 12)
#define PREGNANCY_TO   (55 * 12)

/* What a person of an age may weigh, in kg: wide enough for everybody who lives, and narrow enough
 * for a slip of the decimal mark and for pounds. Source: unverified; not for judging growth. */
static const struct
{
  int to_months;
  double low, high;
} believable[] = {
  { 1, 0.5, 7 }, { 6, 1.5, 12 },  { 12, 3, 16 },    { 24, 5, 22 },
  { 60, 7, 40 }, { 120, 11, 90 }, { 216, 17, 200 }, { G_MAXINT, 22, 400 },
};

ClinicalMeasure *
clinical_measure_new (double value, const char *unit, const char *date, const char *reference)
{
  ClinicalMeasure *self = g_new0 (ClinicalMeasure, 1);

  self->value = value;
  self->unit = g_strdup (unit && *unit ? unit : NULL);
  /* the day alone: "2026-11-29T10:00:00Z" */
  self->date = date && strlen (date) >= 10 ? g_strndup (date, 10) : NULL;
  self->reference = g_strdup (reference);
  return self;
}

void
clinical_measure_free (ClinicalMeasure *self)
{
  g_free (self->unit);
  g_free (self->date);
  g_free (self->reference);
  g_free (self);
}

/* NAN where it has no unit, another kind of unit, or is no number above nothing. */
double
clinical_measure_in (const ClinicalMeasure *self, const char *unit)
{
  FhirUcum from, to;

  if (!self || !self->unit || !isfinite (self->value) || self->value <= 0 ||
      !fhir_ucum_parse (self->unit, &from) || !fhir_ucum_parse (unit, &to) ||
      memcmp (from.powers, to.powers, sizeof from.powers) != 0)
    return NAN;
  return self->value * from.factor / to.factor;
}

static gboolean
read_day (const char *text, GDate *out)
{
  FhirDate date;

  g_date_clear (out, 1);
  if (!text || !fhir_date_parse (text, &date) || date.precision < FHIR_PRECISION_DAY ||
      !g_date_valid_dmy ((GDateDay) date.day, date.month, (GDateYear) date.year))
    return FALSE;
  g_date_set_dmy (out, (GDateDay) date.day, date.month, (GDateYear) date.year);
  return TRUE;
}

/**
 * clinical_days_between:
 *
 * Returns: whole days from one day to another, negative where @to is before @from; G_MININT where
 *   either is no day
 */
int
clinical_days_between (const char *from, const char *to)
{
  GDate a, b;

  return read_day (from, &a) && read_day (to, &b) ? g_date_days_between (&a, &b) : G_MININT;
}

/**
 * clinical_age_months:
 *
 * A birth date of a year or a month alone is taken as its first day.
 *
 * Returns: whole months; -1 where it is not known or lies ahead
 */
int
clinical_age_months (const char *birth_date, const char *today)
{
  FhirDate born, now;
  int months;

  if (!birth_date || !today || !fhir_date_parse (birth_date, &born) ||
      !fhir_date_parse (today, &now) || now.precision < FHIR_PRECISION_DAY)
    return -1;
  months = (now.year - born.year) * 12 + now.month - MAX (born.month, 1);
  if (born.precision >= FHIR_PRECISION_DAY && now.day < born.day)
    months--;
  return months < 0 || months > 150 * 12 ? -1 : months;
}

ClinicalPatient *
clinical_patient_new (void)
{
  ClinicalPatient *self = g_new0 (ClinicalPatient, 1);

  self->age_months = -1;
  self->weights = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_measure_free);
  self->allergies = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_allergy_free);
  self->conditions = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_chart_item_free);
  self->medicines = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);
  return self;
}

void
clinical_patient_free (ClinicalPatient *self)
{
  ClinicalMeasure **measures[] = { &self->height, &self->creatinine, &self->egfr, &self->crcl };
  ClinicalStatus *statuses[] = { &self->pregnant, &self->breastfeeding };

  for (gsize i = 0; i < G_N_ELEMENTS (measures); i++)
    g_clear_pointer (measures[i], clinical_measure_free);
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_free (statuses[i]->date);
      g_free (statuses[i]->reference);
    }
  g_ptr_array_unref (self->weights);
  g_ptr_array_unref (self->allergies);
  g_ptr_array_unref (self->conditions);
  g_ptr_array_unref (self->medicines);
  g_free (self->sex);
  g_free (self);
}

static int
days_good_for (int age_months)
{
  return age_months < 0     ? G_MAXINT
         : age_months < 12  ? WEIGHT_DAYS_INFANT
         : age_months < 60  ? WEIGHT_DAYS_TODDLER
         : age_months < 216 ? WEIGHT_DAYS_CHILD
                            : G_MAXINT;
}

static gboolean
is_believable (double kg, int age_months)
{
  for (gsize i = 0; i < G_N_ELEMENTS (believable); i++)
    if (age_months < believable[i].to_months)
      return kg >= (age_months < 0 ? believable[0].low : believable[i].low) &&
             kg <= (age_months < 0 ? 400 : believable[i].high);
  return FALSE;
}

static gboolean
is_jump (const ClinicalPatient *self, double kg)
{
  const ClinicalMeasure *now = self->weights->pdata[0], *before;
  int days;
  double was;

  if (self->weights->len < 2)
    return FALSE;
  before = self->weights->pdata[1];
  was = clinical_measure_in (before, "kg");
  days = clinical_days_between (before->date, now->date);
  if (isnan (was) || days == G_MININT ||
      days > (self->age_months >= 0 && self->age_months < 216 ? JUMP_DAYS_CHILD : JUMP_DAYS_ADULT))
    return FALSE;
  return fabs (kg - was) > was * JUMP;
}

/**
 * clinical_patient_weight:
 * @today: as in "2026-11-29"
 * @kg: (out): set only where the answer is CLINICAL_WEIGHT_GOOD
 *
 * Returns: whether the newest weight may be reckoned with (hazard H11)
 */
ClinicalWeightState
clinical_patient_weight (const ClinicalPatient *self, const char *today, double *kg)
{
  const ClinicalMeasure *newest = self->weights->len > 0 ? self->weights->pdata[0] : NULL;
  double value = clinical_measure_in (newest, "kg");
  int good_for = days_good_for (self->age_months), days;

  if (!newest)
    return CLINICAL_WEIGHT_MISSING;
  if (!newest->unit)
    return CLINICAL_WEIGHT_NO_UNIT;
  days = clinical_days_between (newest->date, today);
  if (good_for != G_MAXINT && (days == G_MININT || days < -1))
    return CLINICAL_WEIGHT_NO_DATE;
  if (days > good_for)
    return CLINICAL_WEIGHT_TOO_OLD;
  if (isnan (value) || !is_believable (value, self->age_months))
    return CLINICAL_WEIGHT_FOR_AGE;
  if (is_jump (self, value))
    return CLINICAL_WEIGHT_JUMP;
  *kg = value;
  return CLINICAL_WEIGHT_GOOD;
}

/* By sex and age alone: what the chart says of a pregnancy today says nothing of next month. Who is
 * not known to be male may be pregnant. */
gboolean
clinical_patient_may_be_pregnant (const ClinicalPatient *self)
{
  if (self->pregnant.answer == CLINICAL_YES)
    return TRUE;
  return g_strcmp0 (self->sex, "male") != 0 &&
         (self->age_months < 0 ||
          (self->age_months >= PREGNANCY_FROM && self->age_months < PREGNANCY_TO));
}
