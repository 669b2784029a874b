/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-critical.h"

#include <glib/gi18n.h>
#include <math.h>

#include "fhir-ucum.h"

/* Limits that one laboratory calls the clinic about; another's may differ, so the source goes where
 * the limit goes. A laboratory's own HH, LL or AA always counts, whatever stands here.
 *
 * That 2823-3, 2951-2, 2345-7 and 17861-6 are "in Serum or Plasma": ValueSet LrcReferralCodes,
 * Outburn-IL/Project-IGs, LRC/input/fsh/ValueSet-lrc-referral-codes.fsh; that 6298-4 and 2947-0 are
 * "in Blood": BIH-CEI/napkon-geccoplus, input/fsh/geccoplus/vs-laboratory-diagnostics.fsh; 2339-0
 * and 49765-1 as Synthea names them. */

#define IOWA "https://www.healthcare.uiowa.edu/path_handbook/appendix/common/un_crit_lab_val.html"
#define EVER 200

/* The page lists its tests under "Chemistry" and names no specimen for them. For whole blood:
 * source: unverified. */
#define WHOLE_BLOOD N_ ("source: unverified for whole blood")

static const struct
{
  const char *loinc;
  int from_age, to_age; /* years, both included */
  const char *low, *high, *unit;
  const char *whom;
  const char *unverified;
} limits[] = {
  /* Potassium, "Adults > 16 years" and "Peds (0-15 years)"; at 16 itself as an adult. */
  { "6298-4", 16, EVER, "2.8", "6.2", "mmol/L", N_ ("adults"), WHOLE_BLOOD },
  { "6298-4", 0, 15, "3.0", "6.5", "mmol/L", N_ ("children"), WHOLE_BLOOD },
  { "2823-3", 16, EVER, "2.8", "6.2", "mmol/L", N_ ("adults") },
  { "2823-3", 0, 15, "3.0", "6.5", "mmol/L", N_ ("children") },
  { "2947-0", 0, EVER, "120", "160", "mmol/L", N_ ("all ages"), WHOLE_BLOOD },
  { "2951-2", 0, EVER, "120", "160", "mmol/L", N_ ("all ages") },
  /* Glucose has other limits in the first month of life: the first year is left out. */
  { "2339-0", 1, EVER, "50", "450", "mg/dL", N_ ("from the first birthday"), WHOLE_BLOOD },
  { "2345-7", 1, EVER, "50", "450", "mg/dL", N_ ("from the first birthday") },
  { "49765-1", 0, EVER, "6.0", "13.0", "mg/dL", N_ ("all ages"), WHOLE_BLOOD },
  { "17861-6", 0, EVER, "6.0", "13.0", "mg/dL", N_ ("all ages") },
};

/* HH, LL and AA, and what v3 calls "significantly" so. */
gboolean
clinical_critical_is_flag (const char *flag)
{
  static const char *const flags[] = { "HH", "LL", "AA", "HU", "LU", NULL };

  return flag != NULL && g_strv_contains (flags, flag);
}

/* Of an ion with one charge a milliequivalent is a millimole: so the page's mEq/L is read. */
static double
value_in (const char *literal, const char *ucum, const char *unit, const char *loinc)
{
  g_autofree char *converted = NULL;
  char *end = NULL;
  double value = g_ascii_strtod (literal, &end);

  if (end == literal || *end != '\0' || !isfinite (value) || ucum == NULL)
    return NAN;
  if (g_str_equal (ucum, unit) ||
      (g_ascii_strcasecmp (ucum, "meq/L") == 0 && g_str_equal (unit, "mmol/L")))
    return value;
  converted = fhir_ucum_convert (literal, ucum, unit, loinc);
  return converted != NULL ? g_ascii_strtod (converted, NULL) : NAN;
}

static ClinicalCritical
judge (double value, const char *comparator, double low, double high)
{
  gboolean below = comparator != NULL && comparator[0] == '<';
  gboolean above = comparator != NULL && comparator[0] == '>';

  if (above)
    return value >= high ? CLINICAL_CRITICAL_HIGH : CLINICAL_CRITICAL_NOT_CHECKED;
  if (below)
    return value <= low ? CLINICAL_CRITICAL_LOW : CLINICAL_CRITICAL_NOT_CHECKED;
  if (value > high)
    return CLINICAL_CRITICAL_HIGH;
  return value < low ? CLINICAL_CRITICAL_LOW : CLINICAL_CRITICAL_WITHIN;
}

/**
 * clinical_critical_check:
 * @loinc: (nullable): what was measured
 * @literal: (nullable): the number as it was written
 * @comparator: (nullable): "<", ">=": a value of which only a bound is known
 * @ucum: (nullable): its unit
 * @age_years: the patient's age on that day; -1 where it is not known
 * @limit: (out) (optional): the limits that were asked, zeroed where there are none
 *
 * Source of the limits: University of Iowa, "Critical Laboratory Tests and Values".
 *
 * Returns: whether the value is past one; not checked where nothing is cited for it, its unit
 * cannot be compared, or a bound leaves it open
 */
ClinicalCritical
clinical_critical_check (const char *loinc,
                         const char *literal,
                         const char *comparator,
                         const char *ucum,
                         int age_years,
                         ClinicalCriticalLimit *limit)
{
  if (limit != NULL)
    *limit = (ClinicalCriticalLimit) { 0 };
  if (loinc == NULL || literal == NULL)
    return CLINICAL_CRITICAL_NOT_CHECKED;
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      gboolean any_age = limits[i].from_age == 0 && limits[i].to_age == EVER;
      double value;

      if (!g_str_equal (limits[i].loinc, loinc) ||
          (!any_age && (age_years < limits[i].from_age || age_years > limits[i].to_age)))
        continue;
      value = value_in (literal, ucum, limits[i].unit, loinc);
      if (isnan (value))
        return CLINICAL_CRITICAL_NOT_CHECKED;
      if (limit != NULL)
        *limit = (ClinicalCriticalLimit) { limits[i].low,  limits[i].high, limits[i].unit,
                                           limits[i].whom, IOWA,           limits[i].unverified };
      return judge (value, comparator, g_ascii_strtod (limits[i].low, NULL),
                    g_ascii_strtod (limits[i].high, NULL));
    }
  return CLINICAL_CRITICAL_NOT_CHECKED;
}
