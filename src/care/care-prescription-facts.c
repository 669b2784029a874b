/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-facts.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-prescription-private.h"
#include "care-prescription-weight.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "store-resource.h"
#include "store-search.h"

#include <string.h>

/* What the prescribing form shows beside the draft: how this drug was taken before, how heavy the
 * patient is and since when that is known, and in which language the patient reads. */

#define RXNORM    "http://www.nlm.nih.gov/research/umls/rxnorm"
#define LOOKED_AT 10 /* of the newest */

void
care_sig_free (CareSig *self)
{
  g_free (self->label);
  g_free (self->text);
  g_free (self->problem);
  g_free (self->quantity);
  g_free (self->quantity_unit);
  g_free (self->weight_reference);
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

static gboolean
read_weight (CarePrescriptionFacts *self,
             StoreConnection *connection,
             FhirResource *patient,
             GError **error)
{
  g_auto (CareWeightKnown) known = { 0 };

  if (!care_weight_known_read (&known, connection, patient, error))
    return FALSE;
  self->weight = g_steal_pointer (&known.kilograms);
  self->weight_date = g_steal_pointer (&known.date);
  self->weight_reference = g_steal_pointer (&known.reference);
  self->weight_problem = g_steal_pointer (&known.problem);
  return TRUE;
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
  self->weight_reference = care_prescription_dup_weight_of (request, of_patient);
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
  if (!read_weight (self, connection, patient, error))
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
