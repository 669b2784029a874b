/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-medicines.h"

#include <string.h>

#include "clinical-dosage.h"
#include "clinical-dose.h"
#include "clinical-drug-name.h"
#include "clinical-vocabulary.h"
#include "fhir-concept.h"
#include "hub-patient-choice.h"
#include "hub-patient-directory.h"
#include "hub-patient-information.h"
#include "hub-patient-private.h"
#include "hub-patient-taking.h"
#include "hub-records.h"
#include "hub-reply.h"
#include "hub-signature.h"

/* "My medicines": what was prescribed in this visit and why, how it is taken and what to watch for,
 * in the patient's language; and what was prescribed before, of which the patient says whether
 * they take it. */

#define CONFIDENTIALITY "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
#define MAX_MEDICINES   50

/* ---- which ones ---- */

/* An order that says plainly what it is: to take something, and nothing that a reader who does not
 * know an extension would turn into its contrary. */
static gboolean
is_plain_order (FhirResource *request)
{
  const char *const orders[] = { "order",        "original-order", "reflex-order",
                                 "filler-order", "instance-order", NULL };
  const char *intent = fhir_resource_path_text (request, "intent");

  return intent != NULL && g_strv_contains (orders, intent) &&
         !fhir_element_is_true (fhir_resource_path (request, "doNotPerform")) &&
         fhir_resource_path (request, "modifierExtension") == NULL;
}

/**
 * hub_patient_is_of_visit:
 *
 * Returns: whether it was ordered in this visit, in whatever state it is now
 */
gboolean
hub_patient_is_of_visit (FhirResource *request, HubJoin *join)
{
  const char *status = fhir_resource_path_text (request, "status");
  g_autofree char *subject = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *encounter =
      g_strconcat ("Encounter/", join->encounter != NULL ? join->encounter : "", NULL);

  return g_strcmp0 (fhir_resource_path_text (request, "subject.reference"), subject) == 0 &&
         g_strcmp0 (fhir_resource_path_text (request, "encounter.reference"), encounter) == 0 &&
         g_strcmp0 (status, "draft") != 0 && is_plain_order (request) &&
         hub_signature_is_order (request);
}

/* Whether it may be handed out: what is completed, stopped or not known may not. */
gboolean
hub_patient_is_active (FhirResource *request)
{
  return g_strcmp0 (fhir_resource_path_text (request, "status"), "active") == 0;
}

static gboolean
is_stopped (FhirResource *request)
{
  const char *const stopped[] = { "stopped", "cancelled", "entered-in-error", "on-hold", NULL };
  const char *status = fhir_resource_path_text (request, "status");

  return status != NULL && g_strv_contains (stopped, status);
}

/* What the clinic has marked as more than ordinarily confidential is not listed by itself: a link
 * is read on a family's telephone too. */
static gboolean
is_restricted (FhirResource *request)
{
  const char *const codes[] = { "R", "V", NULL };

  fhir_element_foreach (label, fhir_resource_path (request, "meta.security"))
    {
      const char *code = fhir_element_path_text (label, "code");

      if (g_strcmp0 (fhir_element_path_text (label, "system"), CONFIDENTIALITY) == 0 &&
          code != NULL && g_strv_contains (codes, code))
        return TRUE;
    }
  return FALSE;
}

/**
 * hub_patient_is_current_order:
 *
 * Returns: whether it is one of this patient that is still meant to be taken, was not written in
 *   this visit, and says plainly what it is
 */
gboolean
hub_patient_is_current_order (FhirResource *request, HubJoin *join)
{
  g_autofree char *subject = g_strconcat ("Patient/", join->patient, NULL);

  return g_strcmp0 (fhir_resource_path_text (request, "subject.reference"), subject) == 0 &&
         hub_patient_is_active (request) && is_plain_order (request) &&
         !hub_patient_is_of_visit (request, join) && !is_restricted (request);
}

/* The prescription's own words, in whatever language they were written. */
static char *
dup_written (const FhirElement *dosages)
{
  g_autoptr (GString) text = g_string_new (NULL);

  fhir_element_foreach (dosage, dosages)
    {
      const char *words = fhir_element_path_text (dosage, "patientInstruction");

      if (words == NULL)
        words = fhir_element_path_text (dosage, "text");
      if (words != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", words);
    }
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

/* Whether each has codes to be said, and a text that says the same. */
static gboolean
can_be_said (const FhirElement *dosages)
{
  fhir_element_foreach (dosage, dosages)
    if ((fhir_element_get (dosage, "doseAndRate") == NULL &&
         fhir_element_get (dosage, "timing") == NULL) ||
        !clinical_dosage_agrees (dosage))
      return FALSE;
  return fhir_element_get_length (dosages) > 0;
}

/* The whole dosage in @language; else as it was written (hazard H20). Never half of each.
 *
 * @original: (out): whether it is in the words of the record */
static char *
dup_instruction (FhirResource *request, const char *language, gboolean *original)
{
  const FhirElement *dosages = fhir_resource_path (request, "dosageInstruction");
  char *said = can_be_said (dosages)
                   ? clinical_dosage_say (dosages, language, CLINICAL_READER_PATIENT, NULL)
                   : NULL;

  *original = said == NULL;
  return said != NULL ? said : dup_written (dosages);
}

/* (transfer full) (nullable): as "21 capsules", in the page's language where it has the word */
static char *
dup_amount (FhirResource *request, const char *tag)
{
  const char *value = fhir_resource_path_text (request, "dispenseRequest.quantity.value");
  const char *unit = fhir_resource_path_text (request, "dispenseRequest.quantity.unit");
  g_autofree char *one = unit != NULL ? clinical_unit_spell (unit, FALSE) : NULL;
  g_autofree char *number = NULL;
  const char *word;
  ClinicalLanguage language;

  if (value == NULL)
    return NULL;
  if (one == NULL || !clinical_language_parse (tag, &language) || language == CLINICAL_LANGUAGE_EN)
    return clinical_dose_amount (value, unit);
  word =
      clinical_vocabulary_find (clinical_language_is_plural (language, value) ? CLINICAL_WORD_UNITS
                                                                              : CLINICAL_WORD_UNIT,
                                language, one);
  number = clinical_language_number (language, clinical_language_get_decimal_mark (tag), value);
  return word != NULL && number != NULL ? g_strdup_printf ("%s %s", number, word)
                                        : clinical_dose_amount (value, unit);
}

/* Words that the clinic wrote, in whatever language: why it is taken. */
static char *
dup_why (FhirResource *request)
{
  g_autoptr (GString) text = g_string_new (NULL);

  fhir_element_foreach (reason, fhir_resource_path (request, "reasonCode"))
    {
      g_autofree char *words = fhir_concept_dup_text (reason);

      if (words != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", words);
    }
  fhir_element_foreach (reason, fhir_resource_path (request, "reasonReference"))
    {
      const char *words = fhir_element_path_text (reason, "display");

      if (words != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", words);
    }
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

static void
write_what_it_is (HubRecords *records,
                  HubPatientCall *self,
                  HubJoin *join,
                  FhirResource *request,
                  JsonBuilder *out)
{
  const char *language = join->language != NULL ? join->language : "en";
  const FhirElement *concept = fhir_resource_path (request, "medicationCodeableConcept");
  g_autofree char *recorded = fhir_concept_dup_text (concept);
  const char *known = recorded != NULL
                          ? recorded
                          : fhir_resource_path_text (request, "medicationReference.display");
  g_autofree char *name = known != NULL ? clinical_drug_name_plain (known) : NULL;
  gboolean original;
  g_autofree char *instruction = dup_instruction (request, language, &original);
  g_autofree char *why = dup_why (request);
  g_autofree char *today = base_clock_dup_today (records->clock);

  hub_reply_add_text (out, "id", fhir_resource_get_id (request));
  hub_reply_add_text (out, "name", name);
  hub_reply_add_text (out, "instruction", instruction);
  json_builder_set_member_name (out, "original");
  json_builder_add_boolean_value (out, original && strcmp (language, "en") != 0);
  hub_reply_add_text (out, "why", why);
  hub_reply_add_text (out, "by", fhir_resource_path_text (request, "requester.display"));
  hub_patient_write_information (self->content, request, language, today, out);
}

/* @said: (nullable): for one that is not of this visit: what the patient said of it */
static gboolean
write_medicine (HubRecords *records,
                HubPatientCall *self,
                HubJoin *join,
                const HubPatientSaid *said,
                FhirResource *request,
                JsonBuilder *out,
                GError **error)
{
  g_autofree char *amount = dup_amount (request, join->language != NULL ? join->language : "en");
  const FhirElement *repeats =
      fhir_resource_path (request, "dispenseRequest.numberOfRepeatsAllowed");

  json_builder_begin_object (out);
  write_what_it_is (records, self, join, request, out);
  hub_reply_add_text (out, "amount", amount);
  json_builder_set_member_name (out, "repeats");
  json_builder_add_int_value (out, fhir_element_get_integer (repeats, 0));
  json_builder_set_member_name (out, "stopped");
  json_builder_add_boolean_value (out, is_stopped (request));
  json_builder_set_member_name (out, "active");
  json_builder_add_boolean_value (out, hub_patient_is_active (request) &&
                                           hub_signature_is_live_order (request));
  /* in a visit what was ordered before is asked about, and not sent again */
  if ((said == NULL || hub_join_is_for_medicines (join)) &&
      !hub_patient_write_choice (records, request, out, error))
    return FALSE;
  if (said != NULL)
    hub_patient_write_said (said, request, out);
  json_builder_end_object (out);
  return TRUE;
}

/* Those of this visit, then what else was ordered and is still taken. */
static gboolean
write_lists (HubRecords *records,
             HubPatientCall *self,
             HubJoin *join,
             const HubPatientSaid *said,
             GPtrArray *requests,
             JsonBuilder *out,
             GError **error)
{
  guint current = 0, omitted = 0;

  json_builder_set_member_name (out, "medicines");
  json_builder_begin_array (out);
  for (guint i = 0; i < requests->len; i++)
    if (hub_patient_is_of_visit (requests->pdata[i], join) &&
        !write_medicine (records, self, join, NULL, requests->pdata[i], out, error))
      return FALSE;
  json_builder_end_array (out);
  json_builder_set_member_name (out, "current");
  json_builder_begin_array (out);
  for (guint i = 0; i < requests->len; i++)
    if (!hub_patient_is_current_order (requests->pdata[i], join))
      continue;
    else if (current++ >= MAX_MEDICINES)
      omitted++;
    else if (!write_medicine (records, self, join, said, requests->pdata[i], out, error))
      return FALSE;
  json_builder_end_array (out);
  json_builder_set_member_name (out, "omitted");
  json_builder_add_int_value (out, omitted);
  return TRUE;
}

static gboolean
write_medicines (
    HubRecords *records, HubPatientCall *self, HubJoin *join, JsonBuilder *out, GError **error)
{
  g_autofree char *query = g_strdup_printf ("patient=Patient/%s", join->patient);
  g_autoptr (GPtrArray) requests = hub_records_search (records, "MedicationRequest", query, error);
  g_autoptr (FhirResource) patient = NULL;
  g_auto (HubPatientSaid) said = { 0 };
  g_autofree char *address = NULL;
  g_autofree char *preferred = NULL;

  if (requests == NULL || !hub_patient_load_said (records, join, &said, error) ||
      !write_lists (records, self, join, &said, requests, out, error))
    return FALSE;
  patient = hub_records_get (records, "Patient", join->patient, error);
  if (patient == NULL)
    return FALSE;
  address = hub_patient_dup_address (fhir_resource_path (patient, "address.0"));
  hub_reply_add_text (out, "deliveryAddress", address);
  if (!hub_patient_find_preferred (records, join, &preferred, error))
    return FALSE;
  hub_reply_add_text (out, "preferred", preferred);
  return hub_patient_write_pharmacies (records, preferred, out, error);
}

/**
 * hub_patient_answer_medicines:
 *
 * GET medicines, and what follows each change: `medicines` of this visit, `current` ones before it,
 * `pharmacies` and how many of them are left out, the `preferred` one and `deliveryAddress`.
 */
gboolean
hub_patient_answer_medicines (HubRecords *records,
                              HubPatientCall *self,
                              HubJoin *join,
                              GError **error)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();

  json_builder_begin_object (out);
  if (!write_medicines (records, self, join, out, error))
    return FALSE;
  json_builder_end_object (out);
  hub_patient_answer (self, 200, out);
  return TRUE;
}
