/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-renal.h"

#include <glib/gi18n.h>
#include <math.h>

#include "fhir-date.h"

/* Kidney function. Formulas for adults only; what went in is always said. */

#define ADULT        (18 * 12) /* months */
#define UMOL_PER_MG  88.42     /* umol/L of creatinine in 1 mg/dL */
#define TOO_OLD_DAYS 366

void
clinical_renal_clear (ClinicalRenal *self)
{
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->facts, g_free);
  g_clear_pointer (&self->reference, g_free);
}

/* mL/min. Cockcroft and Gault 1976: (140 - age) x kg / (72 x creatinine in mg/dL), x 0.85 in women.
 */
double
clinical_renal_cockcroft_gault (double mg_dl, double kg, int age_years, gboolean female)
{
  return (140 - age_years) * kg / (72 * mg_dl) * (female ? 0.85 : 1);
}

/* mL/min for 1.73 m2. CKD-EPI 2021, creatinine, without race:
 * 142 x min(Scr/k,1)^a x max(Scr/k,1)^-1.200 x 0.9938^age, x 1.012 in women. */
double
clinical_renal_ckd_epi_2021 (double mg_dl, int age_years, gboolean female)
{
  double ratio = mg_dl / (female ? 0.7 : 0.9);

  return 142 * pow (MIN (ratio, 1), female ? -0.241 : -0.302) * pow (MAX (ratio, 1), -1.2) *
         pow (0.9938, age_years) * (female ? 1.012 : 1);
}

static double
creatinine_mg_dl (const ClinicalMeasure *measure)
{
  double mass = clinical_measure_in (measure, "mg/dL");

  return !isnan (mass) ? mass : clinical_measure_in (measure, "umol/L") / UMOL_PER_MG;
}

static char *
number (double value, int decimals)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 320];
  char format[8];

  g_snprintf (format, sizeof format, "%%.%df", decimals);
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, format, value));
}

static char *
shown_date (const ClinicalMeasure *measure)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  char *shown = measure->date ? fhir_date_format (measure->date, utc) : NULL;

  return shown ? shown : g_strdup (_ ("an unknown date"));
}

static void
give (ClinicalRenal *out, double value, const ClinicalMeasure *from, char *words)
{
  out->known = TRUE;
  out->value = value;
  out->words = words;
  out->reference = g_strdup (from->reference);
  out->facts = g_strdup_printf ("%s %.0f", from->date ? from->date : "?", value);
}

/* Kidneys change: what has no date, or one that is too long ago or to come, is not reckoned with.
 */
static gboolean
is_recent (const ClinicalMeasure *measure, const char *today)
{
  int days = measure ? clinical_days_between (measure->date, today) : G_MININT;

  return days >= -1 && days <= TOO_OLD_DAYS;
}

/* Measured, or reckoned by the laboratory. */
static gboolean
give_reported (ClinicalRenal *out,
               const ClinicalMeasure *measure,
               const char *today,
               const char *format)
{
  g_autofree char *date = NULL, *shown = NULL;

  if (!is_recent (measure, today) || !isfinite (measure->value) || measure->value < 0 ||
      measure->value > 500)
    return FALSE;
  date = shown_date (measure);
  shown = number (measure->value, 0);
  give (out, measure->value, measure, g_strdup_printf (format, shown, date));
  return TRUE;
}

static char *
what_is_missing (const ClinicalPatient *patient, double mg_dl)
{
  if (!patient->creatinine)
    return g_strdup (_ ("no creatinine is on the chart"));
  if (isnan (mg_dl) || mg_dl < 0.05 || mg_dl > 50)
    return g_strdup (_ ("the creatinine on the chart has no unit or cannot be believed"));
  if (patient->age_months < 0)
    return g_strdup (_ ("the age is not known"));
  if (patient->age_months < ADULT)
    return g_strdup (_ ("the formulas are for adults"));
  return g_strdup (_ ("the sex is not known"));
}

/* Of a laboratory's eGFR: that no creatinine was measured after it. */
static gboolean
is_newer (const ClinicalMeasure *egfr, const ClinicalMeasure *creatinine)
{
  return egfr && clinical_days_between (creatinine->date, egfr->date) > 0;
}

static void
give_cockcroft_gault (ClinicalRenal *out, const ClinicalPatient *patient, double mg_dl, double kg)
{
  int years = patient->age_months / 12;
  double value =
      clinical_renal_cockcroft_gault (mg_dl, kg, years, g_strcmp0 (patient->sex, "female") == 0);
  g_autofree char *shown = number (value, 0), *weight = number (kg, 1), *mg = number (mg_dl, 2),
                  *date = shown_date (patient->creatinine);

  give (out, value, patient->creatinine,
        g_strdup_printf (_ ("Cockcroft-Gault %s mL/min from creatinine %s mg/dL of %s, %d "
                            "years, %s kg"),
                         shown, mg, date, years, weight));
}

static void
give_ckd_epi (ClinicalRenal *out, const ClinicalPatient *patient, double mg_dl)
{
  int years = patient->age_months / 12;
  double value =
      clinical_renal_ckd_epi_2021 (mg_dl, years, g_strcmp0 (patient->sex, "female") == 0);
  g_autofree char *shown = number (value, 0), *mg = number (mg_dl, 2),
                  *date = shown_date (patient->creatinine);

  give (out, value, patient->creatinine,
        g_strdup_printf (_ ("CKD-EPI 2021 %s mL/min from creatinine %s mg/dL of %s, %d "
                            "years; no usable weight for Cockcroft-Gault"),
                         shown, mg, date, years));
}

/* Nothing can be reckoned with: why. */
static char *
why_unknown (const ClinicalPatient *patient, const char *today, double mg_dl)
{
  const ClinicalMeasure *creatinine = patient->creatinine;
  g_autofree char *date = creatinine ? shown_date (creatinine) : NULL;

  if (creatinine && clinical_days_between (creatinine->date, today) > TOO_OLD_DAYS)
    return g_strdup_printf (_ ("the newest creatinine is of %s, more than a year old"), date);
  if (!creatinine && (patient->egfr || patient->crcl) && !is_recent (patient->egfr, today) &&
      !is_recent (patient->crcl, today))
    return g_strdup (_ ("the kidney function on the chart has no date or is more than a year old"));
  if (creatinine && !is_recent (creatinine, today))
    return g_strdup (_ ("the creatinine on the chart has no date that can be believed"));
  return what_is_missing (patient, mg_dl);
}

/**
 * clinical_renal_of:
 * @today: as in "2026-11-29"
 * @out: cleared by the caller
 *
 * Of the last year only. A measured clearance first; then the newer of creatinine and the
 * laboratory's eGFR. Of one day: Cockcroft-Gault, which drug labels go by, then the eGFR, then
 * CKD-EPI 2021.
 */
void
clinical_renal_of (const ClinicalPatient *patient, const char *today, ClinicalRenal *out)
{
  const ClinicalMeasure *creatinine = patient->creatinine, *egfr = patient->egfr;
  const char *reported = _ ("eGFR %s mL/min of %s, as reported");
  double mg_dl = creatinine ? creatinine_mg_dl (creatinine) : NAN, kg = 0;
  gboolean usable =
      is_recent (creatinine, today) && mg_dl >= 0.05 && mg_dl <= 50 &&
      patient->age_months >= ADULT &&
      (g_strcmp0 (patient->sex, "female") == 0 || g_strcmp0 (patient->sex, "male") == 0);

  if (give_reported (out, patient->crcl, today, _ ("creatinine clearance %s mL/min of %s")))
    return;
  if ((!usable || is_newer (egfr, creatinine)) && give_reported (out, egfr, today, reported))
    return;
  if (usable && clinical_patient_weight (patient, today, &kg) == CLINICAL_WEIGHT_GOOD)
    give_cockcroft_gault (out, patient, mg_dl, kg);
  else if (usable && egfr && clinical_days_between (creatinine->date, egfr->date) == 0 &&
           give_reported (out, egfr, today, reported))
    return;
  else if (usable)
    give_ckd_epi (out, patient, mg_dl);
  else
    out->words = why_unknown (patient, today, mg_dl);
}
