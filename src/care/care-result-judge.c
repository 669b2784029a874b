/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-result-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "care-summary-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-decimal.h"
#include "fhir-observation.h"
#include "fhir-quantity.h"
#include "fhir-ucum.h"

/* How a value is judged, wherever it is shown: the laboratory's own flag, else the range it came
 * with (hazard H15); and past a cited critical limit it is critical, whatever either says (H18). */

static double
number_of (const char *literal)
{
  char *end = NULL;
  double number = literal ? g_ascii_strtod (literal, &end) : NAN;

  return literal && end != literal && *end == '\0' && isfinite (number) ? number : NAN;
}

/* Units must be the same for the comparison to mean anything; comparing with what is no number is
 * false. */
static const char *
compare_range (const FhirElement *holder, const FhirElement *quantity, const char *literal)
{
  g_auto (FhirReferenceRange) range = { 0 };
  g_autofree char *unit = NULL;
  double number = fhir_element_path_text (quantity, "comparator") ? NAN : number_of (literal);

  if (isnan (number) || !fhir_observation_holder_get_range (holder, &range))
    return NULL;
  unit = fhir_quantity_dup_unit (quantity);
  if (range.unit && g_strcmp0 (range.unit, unit) != 0)
    return NULL;
  if (number > number_of (range.high))
    return "H";
  return number < number_of (range.low) ? "L" : NULL;
}

/* What only the day tells is the age on it. */
static int
age_on (const char *birth_date, const char *when)
{
  g_autofree char *day = birth_date && when && strlen (when) >= 10 ? g_strndup (when, 10) : NULL;

  return day ? fhir_date_age_years (birth_date, day) : -1;
}

/* The laboratory's own flag, and whether the value is past a cited limit. */
static const char *
judge_critical (CareJudgement *self,
                const FhirElement *holder,
                const char *birth_date,
                const char *when)
{
  const FhirElement *quantity = fhir_element_get (holder, "valueQuantity");
  const FhirElement *number = fhir_element_get (quantity, "value");
  const char *system = fhir_element_path_text (quantity, "system");
  const char *literal =
      fhir_element_get_kind (number) == FHIR_KIND_NUMBER ? fhir_element_get_text (number) : NULL;
  const char *ucum =
      g_strcmp0 (system, FHIR_UCUM_SYSTEM) == 0 ? fhir_element_path_text (quantity, "code") : NULL;
  const char *loinc =
      literal && ucum ? fhir_concept_get_code (fhir_element_get (holder, "code"), CARE_SYSTEM_LOINC)
                      : NULL;

  *self = (CareJudgement) { .flag = fhir_observation_holder_get_flag (holder) };
  self->answer =
      clinical_critical_check (loinc, literal, fhir_element_path_text (quantity, "comparator"),
                               ucum, loinc ? age_on (birth_date, when) : -1, &self->limit);
  if (!clinical_critical_is_flag (self->flag) && self->answer >= CLINICAL_CRITICAL_LOW)
    {
      self->flag = self->answer == CLINICAL_CRITICAL_HIGH ? "HH" : "LL";
      self->is_own = TRUE;
    }
  return literal;
}

/**
 * care_judge:
 * @self: (out): nothing of it has to be freed
 * @holder: an Observation or one of its components
 * @birth_date: (nullable): of the patient
 * @when: (nullable): when it was taken
 */
void
care_judge (CareJudgement *self,
            const FhirElement *holder,
            const char *birth_date,
            const char *when)
{
  const char *literal = judge_critical (self, holder, birth_date, when);

  if (self->flag || !literal)
    return;
  self->flag = compare_range (holder, fhir_element_get (holder, "valueQuantity"), literal);
  self->is_own = self->flag != NULL;
}

static int
gravity_of (const char *flag)
{
  return !flag ? 0 : clinical_critical_is_flag (flag) ? 2 : 1;
}

/**
 * care_judge_observation:
 * @self: (out): of the observation itself or of whichever of its components is the gravest; nothing
 *   of what carries a modifier
 */
void
care_judge_observation (CareJudgement *self, FhirResource *observation, const char *birth_date)
{
  const char *when = care_chart_observation_time (observation);

  *self = (CareJudgement) { 0 };
  if (care_chart_is_opaque (observation))
    return;
  care_judge (self, fhir_resource_get_root (observation), birth_date, when);
  fhir_element_foreach (component, fhir_resource_path (observation, "component"))
    {
      CareJudgement part;

      care_judge (&part, component, birth_date, when);
      if (gravity_of (part.flag) > gravity_of (self->flag))
        *self = part;
    }
}

/* Whether it or one of its components is critical: without its range, of which that is no matter.
 */
gboolean
care_judge_is_critical (FhirResource *observation, const char *birth_date)
{
  const char *when = care_chart_observation_time (observation);
  CareJudgement judgement;

  if (care_chart_is_opaque (observation))
    return FALSE;
  judge_critical (&judgement, fhir_resource_get_root (observation), birth_date, when);
  fhir_element_foreach (component, fhir_resource_path (observation, "component"))
    if (!care_judgement_is_critical (&judgement))
      judge_critical (&judgement, component, birth_date, when);
  return care_judgement_is_critical (&judgement);
}

gboolean
care_judgement_is_critical (const CareJudgement *self)
{
  return clinical_critical_is_flag (self->flag);
}

/* (transfer full) (nullable): why it is critical, in words; NULL: it is not. Where a limit is from
 * stands with the limit. */
char *
care_judgement_dup_critical (const CareJudgement *self)
{
  const ClinicalCriticalLimit *limit = &self->limit;
  g_autofree char *number = NULL;

  if (!care_judgement_is_critical (self))
    return NULL;
  if (!self->is_own)
    return g_strdup (_ ("The laboratory flagged it as critical"));
  number =
      fhir_decimal_format (self->answer == CLINICAL_CRITICAL_HIGH ? limit->high : limit->low, NULL);
  return g_strdup_printf (_ ("Past a critical limit: %s %s (%s%s%s)"), number, limit->unit,
                          _ (limit->whom), limit->unverified ? "; " : "",
                          limit->unverified ? _ (limit->unverified) : "");
}
