/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-facts.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-prescription-private.h"
#include "clinical-decimal.h"
#include "clinical-patient.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "store-resource.h"
#include "store-search.h"

#include <string.h>

/* What the prescribing form shows beside the draft: how this drug was taken before, how heavy the
 * patient is and since when that is known, and in which language the patient reads. */

#define LOINC     "http://loinc.org"
#define WEIGHTS   LOINC "|29463-7," LOINC "|3141-9" /* those that the checks reckon with */
#define RXNORM    "http://www.nlm.nih.gov/research/umls/rxnorm"
#define DAY_US    (24 * G_TIME_SPAN_HOUR)
#define LOOKED_AT 10 /* of the newest */

void
care_sig_free (CareSig *self)
{
  g_free (self->label);
  g_free (self->text);
  g_free (self->problem);
  g_free (self->quantity);
  g_free (self->quantity_unit);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_free (self);
}

void
care_prescription_facts_free (CarePrescriptionFacts *self)
{
  g_free (self->language);
  g_free (self->weight);
  g_free (self->weight_date);
  g_free (self->weight_reference);
  g_free (self->weight_problem);
  g_clear_pointer (&self->sigs, g_ptr_array_unref);
  g_free (self);
}

static GPtrArray *
search (StoreConnection *connection, const char *type, const char *text, GError **error)
{
  g_autoptr (FhirQuery) query = fhir_query_parse (type, text, FALSE, error);
  g_autoptr (StoreSearch) found = query ? store_search (connection, query, error) : NULL;

  return found ? g_ptr_array_ref (found->matches) : NULL;
}

/* (nullable): what the patient prefers, else what comes first. */
static const char *
preferred_language (FhirResource *patient)
{
  const FhirElement *languages = fhir_resource_path (patient, "communication");

  fhir_element_foreach (item, languages)
    if (fhir_element_is_true (fhir_element_get (item, "preferred")))
      return fhir_element_path_text (item, "language.coding.0.code");
  return fhir_element_path_text (languages, "0.language.coding.0.code");
}

/* ---- the patient's weight ---- */

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
take_weight (CarePrescriptionFacts *self,
             FhirResource *observation,
             const ClinicalPatient *person,
             const char *now)
{
  const char *when = date_of (observation);
  FhirDate parsed;

  if (fhir_date_parse (when, &parsed) && parsed.precision >= FHIR_PRECISION_DAY)
    self->weight = dup_kilograms (fhir_resource_path (observation, "valueQuantity"));
  if (!self->weight)
    {
      self->weight_problem =
          g_strdup (_ ("The newest weight in the chart has no unit or no day: weigh again."));
      return;
    }
  self->weight_date = fhir_date_format (when, NULL);
  self->weight_reference = fhir_resource_dup_reference (observation);
  self->weight_problem = dup_weight_problem (person, when, now);
}

static gboolean
read_weight (CarePrescriptionFacts *self,
             StoreConnection *connection,
             CareContext *context,
             FhirResource *patient,
             GError **error)
{
  g_autofree char *query =
      g_strdup_printf ("patient=Patient/%s&code=" WEIGHTS "&_sort=-date&_count=%d",
                       fhir_resource_get_id (patient), LOOKED_AT);
  g_autoptr (GPtrArray) found = search (connection, "Observation", query, error);
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (ClinicalPatient) person = clinical_patient_new ();
  FhirResource *newest = NULL;
  ClinicalMeasure *measure;

  person->age_months = clinical_age_months (fhir_resource_path_text (patient, "birthDate"), now);
  for (guint i = 0; found && i < found->len; i++)
    if (is_measured (found->pdata[i]))
      {
        newest = newest ? newest : found->pdata[i];
        measure = measure_of (found->pdata[i]);
        if (measure)
          g_ptr_array_add (person->weights, measure);
      }
  if (newest)
    take_weight (self, newest, person, now);
  else if (found)
    self->weight_problem = g_strdup (_ ("There is no weight with a unit and a date in the chart."));
  return found != NULL;
}

/* ---- how it was taken before ---- */

/* (transfer full) (nullable): NULL with a reason where it cannot be signed again as it stands. */
GPtrArray *
care_prescription_read_steps (const FhirElement *dosages, char **problem)
{
  g_autoptr (GPtrArray) steps =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_dosage_free);
  gint64 place = 0;

  fhir_element_foreach (dosage, dosages)
    {
      gint64 here = fhir_element_get_integer (fhir_element_get (dosage, "sequence"), ++place);
      g_autoptr (GError) error = NULL;
      ClinicalDosage *step = NULL;

      if (!clinical_dosage_agrees (dosage))
        {
          *problem = g_strdup (_ ("Its text and its codes say different things. Write it again."));
          return NULL;
        }
      /* the draft has words for the patient once, not for each step */
      if (here == place && (place == 1 || !fhir_element_get (dosage, "patientInstruction")))
        step = clinical_dosage_read (dosage, &error);
      if (!step)
        {
          *problem =
              g_strdup (error ? error->message
                              : _ ("This dosage has parts that the form cannot hold. Write it "
                                   "again."));
          return NULL;
        }
      g_ptr_array_add (steps, step);
    }
  if (steps->len > CLINICAL_DOSAGE_MAX_STEPS)
    {
      *problem = g_strdup_printf (_ ("A dosage has %d steps at most."), CLINICAL_DOSAGE_MAX_STEPS);
      return NULL;
    }
  return steps->len > 0 ? g_steal_pointer (&steps) : NULL;
}

/* Our orders name the weight; what others order by a measured value is taken for the same. */
gboolean
care_prescription_rests_on_weight (FhirResource *request)
{
  fhir_element_foreach (item, fhir_resource_path (request, "supportingInformation"))
    {
      const char *reference = fhir_element_path_text (item, "reference");

      if (reference && strstr (reference, "Observation/"))
        return TRUE;
    }
  return FALSE;
}

static CareSig *
read_sig (FhirResource *request, gboolean of_patient)
{
  const FhirElement *dosages = fhir_resource_path (request, "dosageInstruction");
  const char *written = fhir_resource_path_text (request, "authoredOn"),
             *who = fhir_resource_path_text (request, "requester.display");
  g_autofree char *date = fhir_date_format (written ? written : "", NULL);
  g_autoptr (CareSig) self = g_new0 (CareSig, 1);

  self->text = clinical_dosage_display (dosages, NULL);
  if (!self->text)
    return NULL;
  self->steps = care_prescription_read_steps (dosages, &self->problem);
  if (!self->steps && !self->problem)
    return NULL;
  if (of_patient && who)
    /* Translators: a date and a prescriber */
    self->label = g_strdup_printf (_ ("Last time, %s, %s"), date, who);
  else if (of_patient)
    self->label = g_strdup_printf (_ ("Last time, %s"), date);
  else
    self->label = g_strdup_printf (_ ("Yours for somebody else, %s"), date);
  self->quantity = g_strdup (fhir_resource_path_text (request, "dispenseRequest.quantity.value"));
  self->quantity_unit =
      g_strdup (fhir_resource_path_text (request, "dispenseRequest.quantity.unit"));
  self->repeats =
      (int) CLAMP (fhir_element_get_integer (
                       fhir_resource_path (request, "dispenseRequest.numberOfRepeatsAllowed"), 0),
                   0, 12);
  self->by_weight = care_prescription_rests_on_weight (request);
  return g_steal_pointer (&self);
}

static gboolean
may_be_taken (FhirResource *request, const char *drug_code)
{
  static const char *const bad[] = { "entered-in-error", "draft", "cancelled", NULL };
  const char *status = fhir_resource_path_text (request, "status"),
             *intent = fhir_resource_path_text (request, "intent");

  return status && !g_strv_contains (bad, status) && g_strcmp0 (intent, "order") == 0 &&
         !fhir_element_is_true (fhir_resource_path (request, "doNotPerform")) &&
         !fhir_resource_path (request, "modifierExtension") &&
         fhir_concept_has_code (fhir_resource_path (request, "medicationCodeableConcept"), RXNORM,
                                drug_code);
}

/* The newest that fits @query, if any. */
static gboolean
add_sig (CarePrescriptionFacts *self,
         StoreConnection *connection,
         const char *who,
         const char *patient_id,
         const char *drug_code,
         gboolean of_patient,
         GError **error)
{
  g_autofree char *code = g_uri_escape_string (drug_code, NULL, FALSE);
  g_autofree char *query =
      g_strdup_printf ("%s&code=" RXNORM "|%s&_sort=-authoredon&_count=%d", who, code, LOOKED_AT);
  g_autofree char *subject = g_strconcat ("Patient/", patient_id, NULL);
  g_autoptr (GPtrArray) found = search (connection, "MedicationRequest", query, error);

  for (guint i = 0; found && i < found->len; i++)
    {
      FhirResource *request = found->pdata[i];
      gboolean same =
          g_strcmp0 (fhir_resource_path_text (request, "subject.reference"), subject) == 0;
      CareSig *sig = same == of_patient && may_be_taken (request, drug_code)
                         ? read_sig (request, of_patient)
                         : NULL;

      if (!sig)
        continue;
      g_ptr_array_add (self->sigs, sig);
      break;
    }
  return found != NULL;
}

/**
 * care_prescription_facts:
 * @drug_code: (nullable): of RxNorm; without it there is nothing from before
 *
 * Returns: (transfer full) (nullable): NULL with an error
 */
CarePrescriptionFacts *
care_prescription_facts (StoreConnection *connection,
                         CareContext *context,
                         const char *patient_id,
                         const char *drug_code,
                         GError **error)
{
  g_autoptr (CarePrescriptionFacts) self = g_new0 (CarePrescriptionFacts, 1);
  g_autoptr (FhirResource) patient = store_resource_get (connection, "Patient", patient_id, error);
  g_autofree char *of_patient = g_strconcat ("patient=Patient/", patient_id, NULL);
  g_autofree char *of_doctor =
      g_strconcat ("requester=", care_context_get_user_reference (context), NULL);

  self->sigs = g_ptr_array_new_with_free_func ((GDestroyNotify) care_sig_free);
  if (!patient)
    return NULL;
  self->language = g_strdup (preferred_language (patient));
  if (!read_weight (self, connection, context, patient, error))
    return NULL;
  if (drug_code && (!add_sig (self, connection, of_patient, patient_id, drug_code, TRUE, error) ||
                    !add_sig (self, connection, of_doctor, patient_id, drug_code, FALSE, error)))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
facts_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = (GDestroyNotify) care_prescription_facts_free;
  c->result = care_prescription_facts (connection, c->context, c->texts[0], c->texts[1], error);
  return c->result != NULL;
}

void
care_prescription_facts_async (CareContext *context,
                               const char *patient_id,
                               const char *drug_code,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  care_command_read (care_command_new (context, facts_work, patient_id, drug_code, NULL),
                     care_context_get_store (context), care_prescription_facts_async, NULL,
                     callback, user_data);
}

CarePrescriptionFacts *
care_prescription_facts_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
