/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-weight.h"

#include <glib/gi18n.h>

#include "care-prescription-private.h"
#include "clinical-decimal.h"
#include "clinical-patient.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

#include <string.h>

/* The patient's weight, and the doses that were worked out of one (hazard H11): such a dose is one
 * for that weight. Once another is known, from wherever it came, somebody looks at it again. */

#define LOINC     "http://loinc.org"
#define WEIGHTS   LOINC "|29463-7," LOINC "|3141-9" /* those that the checks reckon with */
#define DAY_US    (24 * G_TIME_SPAN_HOUR)
#define LOOKED_AT 10 /* of the newest */
#define RULE      "weight-changed"

void
care_weight_known_clear (CareWeightKnown *self)
{
  g_clear_pointer (&self->kilograms, g_free);
  g_clear_pointer (&self->date, g_free);
  g_clear_pointer (&self->reference, g_free);
  g_clear_pointer (&self->problem, g_free);
}

/* (transfer full) (nullable): in kilograms; pounds to the nearest ten grams. */
static char *
dup_kilograms (const FhirElement *quantity)
{
  static const struct
  {
    const char *code, *factor, *step;
  } units[] = { { "kg", "1", NULL }, { "g", "0.001", NULL }, { "[lb_av]", "0.45359237", "0.01" } };
  const char *value = fhir_element_path_text (quantity, "value"),
             *code = fhir_element_path_text (quantity, "code");

  for (gsize i = 0; value && code && i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].code, code) && !fhir_element_get (quantity, "comparator"))
      {
        g_autofree char *exact = clinical_decimal_multiply (value, units[i].factor);

        return exact && units[i].step ? clinical_decimal_round (exact, units[i].step)
                                      : g_steal_pointer (&exact);
      }
  return NULL;
}

/* H11, in the words of the form. */
static char *
dup_sentence (ClinicalWeightState state, int age_months)
{
  switch (state)
    {
    case CLINICAL_WEIGHT_GOOD:
      return NULL;
    case CLINICAL_WEIGHT_TOO_OLD:
      return g_strdup (age_months < 12   ? _ ("The weight is older than a month: weigh again.")
                       : age_months < 60 ? _ ("The weight is older than three months: weigh again.")
                                         : _ ("The weight is older than a year: weigh again."));
    case CLINICAL_WEIGHT_JUMP:
      return g_strdup (
          _ ("The weight is more than a tenth away from the one before: weigh again."));
    case CLINICAL_WEIGHT_FOR_AGE:
      return g_strdup (_ ("The weight cannot be right at this age: weigh again."));
    case CLINICAL_WEIGHT_MISSING:
    case CLINICAL_WEIGHT_NO_UNIT:
    case CLINICAL_WEIGHT_NO_DATE:
      break;
    }
  return g_strdup (_ ("There is no weight with a unit and a date in the chart."));
}

/* (nullable): as the checks date an observation. */
static const char *
date_of (FhirResource *observation)
{
  static const char *const paths[] = { "effectiveDateTime", "effectivePeriod.start",
                                       "effectiveInstant" };
  const char *date = NULL;

  for (gsize i = 0; !date && i < G_N_ELEMENTS (paths); i++)
    date = fhir_resource_path_text (observation, paths[i]);
  return date;
}

static gboolean
is_measured (FhirResource *observation)
{
  static const char *const good[] = { "final", "amended", "corrected", NULL };
  const char *status = fhir_resource_path_text (observation, "status");

  return status && g_strv_contains (good, status) && date_of (observation);
}

/* (transfer full) (nullable): a weight as the checks see it; NULL where it cannot be read. */
static ClinicalMeasure *
measure_of (FhirResource *observation)
{
  g_autofree char *kilograms = dup_kilograms (fhir_resource_path (observation, "valueQuantity")),
                  *reference = fhir_resource_dup_reference (observation);

  return kilograms ? clinical_measure_new (g_ascii_strtod (kilograms, NULL), "kg",
                                           date_of (observation), reference)
                   : NULL;
}

/* Whether a dose may be worked out of the newest weight; in @person they stand newest first. */
static char *
dup_weight_problem (const ClinicalPatient *person, const char *measured, const char *now)
{
  g_autofree char *today = g_strndup (now, strlen ("2026-11-29"));
  double kg;

  if (person->age_months < 0)
    return g_strdup (_ ("The patient’s age is not known: no dose is worked out from the weight."));
  if (fhir_date_begin (now) - fhir_date_begin (measured) <= -DAY_US)
    return g_strdup (_ ("The weight is dated in the future."));
  return dup_sentence (clinical_patient_weight (person, today, &kg), person->age_months);
}

/* The newest and no other: an older one is not taken in its place where it cannot be read. */
static void
take_weight (CareWeightKnown *self,
             FhirResource *observation,
             const ClinicalPatient *person,
             const char *now)
{
  const char *when = date_of (observation);
  FhirDate parsed;

  if (fhir_date_parse (when, &parsed) && parsed.precision >= FHIR_PRECISION_DAY)
    self->kilograms = dup_kilograms (fhir_resource_path (observation, "valueQuantity"));
  if (!self->kilograms)
    {
      self->problem =
          g_strdup (_ ("The newest weight in the chart has no unit or no day: weigh again."));
      return;
    }
  self->date = fhir_date_format (when, NULL);
  self->reference = fhir_resource_dup_reference (observation);
  self->problem = dup_weight_problem (person, when, now);
}

/**
 * care_weight_known_read:
 * @self: (out caller-allocates): the newest weight of @patient, and whether a dose may be worked
 *   out of it
 */
gboolean
care_weight_known_read (CareWeightKnown *self,
                        StoreConnection *connection,
                        FhirResource *patient,
                        GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("patient=Patient/%s&code=" WEIGHTS "&_sort=-date&_count=%d",
                       fhir_resource_get_id (patient), LOOKED_AT);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Observation", text, FALSE, error);
  g_autoptr (StoreSearch) found = query ? store_search (connection, query, error) : NULL;
  g_autofree char *now = base_clock_dup_instant (store_connection_get_clock (connection));
  g_autoptr (ClinicalPatient) person = clinical_patient_new ();
  FhirResource *newest = NULL;
  ClinicalMeasure *measure;

  *self = (CareWeightKnown) { 0 };
  person->age_months = clinical_age_months (fhir_resource_path_text (patient, "birthDate"), now);
  for (guint i = 0; found && i < found->matches->len; i++)
    if (is_measured (found->matches->pdata[i]))
      {
        newest = newest ? newest : found->matches->pdata[i];
        measure = measure_of (found->matches->pdata[i]);
        if (measure)
          g_ptr_array_add (person->weights, measure);
      }
  if (newest)
    take_weight (self, newest, person, now);
  else if (found)
    self->problem = g_strdup (_ ("There is no weight with a unit and a date in the chart."));
  return found != NULL;
}

/* ---- doses of a weight ---- */

/* (nullable): our orders name the weight; what others order by a measured value is taken for the
 * same. */
static const char *
weight_of (FhirResource *request)
{
  fhir_element_foreach (item, fhir_resource_path (request, "supportingInformation"))
    {
      const char *reference = fhir_element_path_text (item, "reference");

      if (reference && strstr (reference, "Observation/"))
        return reference;
    }
  return NULL;
}

static gboolean
is_marked (FhirResource *request)
{
  fhir_element_foreach (extension, fhir_resource_path (request, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), CARE_EXTENSION_BY_WEIGHT) == 0)
      return fhir_element_is_true (fhir_element_get (extension, "valueBoolean"));
  return FALSE;
}

gboolean
care_prescription_rests_on_weight (FhirResource *request)
{
  return is_marked (request) || weight_of (request) != NULL;
}

/**
 * care_prescription_mark_weight:
 * @reference: (nullable): of the weight that its dose was worked out of, where one of this chart is
 *   known
 *
 * Says in a MedicationRequest that its dose came from a weight.
 */
void
care_prescription_mark_weight (FhirBuilder *builder, const char *reference)
{
  fhir_builder_set (builder, "extension.0.url", CARE_EXTENSION_BY_WEIGHT);
  fhir_builder_set_boolean (builder, "extension.0.valueBoolean", TRUE);
  if (reference && strstr (reference, "Observation/"))
    fhir_builder_set (builder, "supportingInformation.0.reference", reference);
}

/**
 * care_prescription_dup_weight_of:
 * @of_patient: whether it is for the same patient again
 *
 * Returns: (transfer full) (nullable): for the "weight-reference" of a draft that begins with what
 *   @request says: a weight that is no longer known, or was another person's, is never the one of
 *   today; NULL where its dose goes by none
 */
char *
care_prescription_dup_weight_of (FhirResource *request, gboolean of_patient)
{
  const char *reference = weight_of (request);

  if (!care_prescription_rests_on_weight (request))
    return NULL;
  return g_strdup (of_patient && reference ? reference : CARE_WEIGHT_ELSEWHERE);
}

/**
 * care_prescription_weight_stands:
 *
 * To be asked in the transaction of the signature: another window, or the server, may have brought
 * a weight since the dose was read.
 *
 * Returns: FALSE with CARE_ERROR_FINDINGS where the dose of @draft was worked out of a weight that
 *   is not the one to reckon with now
 */
gboolean
care_prescription_weight_stands (StoreConnection *connection,
                                 CarePrescriptionDraft *draft,
                                 GError **error)
{
  g_autofree char *reference = NULL;
  g_autoptr (FhirResource) patient = NULL;
  g_auto (CareWeightKnown) known = { 0 };

  g_object_get (draft, "weight-reference", &reference, NULL);
  if (!reference)
    return TRUE;
  patient =
      care_read (connection, "Patient", care_prescription_draft_get_patient_id (draft), error);
  if (!patient || !care_weight_known_read (&known, connection, patient, error))
    return FALSE;
  if (g_strcmp0 (reference, known.reference) == 0 && !known.problem)
    return TRUE;
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_FINDINGS,
                       g_strcmp0 (reference, known.reference) == 0
                           ? known.problem
                           : _ ("Its dose was worked out of a weight. Write it again with the "
                                "weight of today."));
  return FALSE;
}

/* (transfer full) (nullable): of the weight that @reference names */
static char *
dup_kilograms_of (StoreConnection *connection, const char *reference)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) observation = NULL;

  if (reference && fhir_reference_split (reference, &type, &id))
    observation = store_resource_get (connection, type, id, NULL);
  return observation && is_measured (observation)
             ? dup_kilograms (fhir_resource_path (observation, "valueQuantity"))
             : NULL;
}

static ClinicalFinding *
finding_new (const CareWeightKnown *known, const char *was)
{
  ClinicalFinding *finding =
      clinical_finding_new ("dose", CLINICAL_FOUND, "high", known->reference);

  finding->rule = g_strdup (RULE);
  finding->facts =
      g_strdup_printf ("%s %s", was ? was : "", known->kilograms ? known->kilograms : "");
  finding->blocks = known->problem != NULL;
  if (known->problem)
    finding->sentence =
        g_strdup_printf (_ ("Its dose was worked out of a weight. %s"), known->problem);
  else if (was)
    /* Translators: a weight, the weight now, and its date */
    finding->sentence = g_strdup_printf (_ ("Its dose was worked out of %s kg. The weight is now "
                                            "%s kg (%s): look at the dose again."),
                                         was, known->kilograms, known->date);
  else
    finding->sentence = g_strdup_printf (_ ("Its dose was worked out of an earlier weight. The "
                                            "weight is now %s kg (%s): look at the dose again."),
                                         known->kilograms, known->date);
  return finding;
}

/**
 * care_prescription_find_weight:
 * @request: an order that was signed before, and is about to leave
 * @finding: (out) (nullable) (transfer full): where its dose goes by a weight that is not the one
 *   to reckon with now; it blocks where there is none
 */
gboolean
care_prescription_find_weight (StoreConnection *connection,
                               FhirResource *request,
                               ClinicalFinding **finding,
                               GError **error)
{
  const char *reference = weight_of (request);
  g_autofree char *patient_id = care_patient_of (request), *was = NULL;
  g_autoptr (FhirResource) patient = NULL;
  g_auto (CareWeightKnown) known = { 0 };

  *finding = NULL;
  if (!reference)
    return TRUE;
  patient = patient_id ? store_resource_get (connection, "Patient", patient_id, NULL) : NULL;
  if (!patient)
    return TRUE; /* the checks say that the chart is not here */
  if (!care_weight_known_read (&known, connection, patient, error))
    return FALSE;
  was = dup_kilograms_of (connection, reference);
  /* the same once more is the same dose */
  if (known.problem || !was || g_strcmp0 (was, known.kilograms) != 0)
    *finding = finding_new (&known, was);
  return TRUE;
}
