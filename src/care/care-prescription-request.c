/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-private.h"

#include "care-prescription-weight.h"

#include "base-id.h"
#include "care-safety.h"
#include "care-second-factor.h"
#include "care-signature.h"
#include "clinical-supply.h"

#include <string.h>

/* A signed prescription as FHIR: MedicationRequest, a DetectedIssue for each finding that was
 * overridden, and a Provenance over the canonical bytes. */

/**
 * care_prescription_dup_digest:
 * @request: a MedicationRequest
 *
 * Without meta and id, which are the server's: one that chooses ids of its own must not undo a
 * signature. Our identifier, made with the prescription, is in it.
 *
 * Returns: (transfer full): SHA-256 of its canonical bytes, in hexadecimal: what a signature of
 * Bedside holds, and what to compare it with
 */
char *
care_prescription_dup_digest (FhirResource *request)
{
  g_autofree char *bytes = care_signature_dup_payload (request);

  return base_sha256_hex (bytes, -1);
}

static char *
get_text (CarePrescriptionDraft *draft, const char *property)
{
  char *text = NULL;

  g_object_get (draft, property, &text, NULL);
  return text;
}

static int
get_number (CarePrescriptionDraft *draft, const char *property)
{
  int number = 0;

  g_object_get (draft, property, &number, NULL);
  return number;
}

static void
set_dispense (FhirBuilder *builder, CarePrescriptionDraft *draft)
{
  g_autofree char *quantity = get_text (draft, "quantity"),
                  *unit = get_text (draft, "quantity-unit");
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (draft);
  int days = clinical_supply_total_days (steps);

  fhir_builder_set_integer (builder, "dispenseRequest.numberOfRepeatsAllowed",
                            get_number (draft, "repeats"));
  fhir_builder_set_decimal (builder, "dispenseRequest.quantity.value", quantity);
  fhir_builder_set (builder, "dispenseRequest.quantity.unit", unit);
  if (days > 0)
    {
      fhir_builder_set_integer (builder, "dispenseRequest.expectedSupplyDuration.value", days);
      fhir_builder_set_many (builder, "dispenseRequest.expectedSupplyDuration.unit", "days",
                             "dispenseRequest.expectedSupplyDuration.system",
                             "http://unitsofmeasure.org",
                             "dispenseRequest.expectedSupplyDuration.code", "d", NULL);
    }
}

/* A dose by weight says what it was made of, and which weight that was; one that was changed by
 * hand since, that it came from one: so that nobody takes it again for a patient who has grown. */
static void
set_weight (FhirBuilder *builder, CarePrescriptionDraft *draft, const char *note)
{
  g_autofree char *weight = get_text (draft, "weight-note"),
                  *reference = get_text (draft, "weight-reference");

  fhir_builder_set (builder, note ? "note.1.text" : "note.0.text", weight);
  if (weight || reference || get_number (draft, "by-weight"))
    care_prescription_mark_weight (builder, reference);
}

static void
set_substitution (FhirBuilder *builder, CarePrescriptionDraft *draft)
{
  g_autofree char *reason = get_text (draft, "substitution-reason");

  if (!get_number (draft, "no-substitution"))
    return;
  fhir_builder_set_boolean (builder, "substitution.allowedBoolean", FALSE);
  fhir_builder_set (builder, "substitution.reason.text", reason);
}

static void
set_medication (FhirBuilder *builder, CarePrescriptionDraft *draft)
{
  g_autofree char *brand = get_text (draft, "brand");
  const char *code = care_prescription_draft_get_drug_code (draft),
             *name = care_prescription_draft_get_drug_name (draft);
  g_autofree char *text = brand ? g_strdup_printf ("%s (%s)", name, brand) : g_strdup (name);

  if (code)
    fhir_builder_set_coding (builder, "medicationCodeableConcept", CARE_SYSTEM_RXNORM, code, name);
  fhir_builder_set (builder, "medicationCodeableConcept.text", text);
}

/**
 * care_prescription_outline:
 *
 * Returns: (transfer full) (nullable): of the MedicationRequest what the checks read; NULL while
 *   drug or dosage are not whole
 */
FhirResource *
care_prescription_outline (CarePrescriptionDraft *draft)
{
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (draft);
  g_autofree char *reason = get_text (draft, "reason");
  g_autoptr (FhirBuilder) builder =
      fhir_builder_new ("MedicationRequest", care_prescription_draft_get_id (draft));

  if (!care_prescription_draft_get_drug_name (draft))
    return NULL;
  set_medication (builder, draft);
  fhir_builder_set (builder, "reasonCode.0.text", reason);
  return clinical_dosage_steps_to_fhir (steps, builder, "dosageInstruction", NULL)
             ? fhir_builder_end (builder)
             : NULL;
}

/**
 * care_prescription_request:
 * @issues: (element-type FhirResource): the DetectedIssues that belong to it
 *
 * Returns: (transfer full) (nullable): the MedicationRequest, whose id is that of the draft
 */
FhirResource *
care_prescription_request (CareContext *context,
                           CarePrescriptionDraft *draft,
                           GPtrArray *issues,
                           GError **error)
{
  const char *id = care_prescription_draft_get_id (draft),
             *encounter = care_prescription_draft_get_encounter_id (draft);
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (draft);
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autofree char *patient =
      g_strconcat ("Patient/", care_prescription_draft_get_patient_id (draft), NULL);
  g_autofree char *visit = encounter ? g_strconcat ("Encounter/", encounter, NULL) : NULL;
  g_autofree char *note = get_text (draft, "note"), *reason = get_text (draft, "reason"),
                  *prior = get_text (draft, "prior");
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("MedicationRequest", id);

  fhir_builder_set_many (builder, "identifier.0.system", CARE_SYSTEM_PRESCRIPTION_ID,
                         "identifier.0.value", id, "status", "active", "intent", "order", NULL);
  set_medication (builder, draft);
  fhir_builder_set_many (builder, "subject.reference", patient, "authoredOn", now,
                         "requester.reference", care_context_get_user_reference (context),
                         "requester.display", care_context_get_user_name (context), NULL);
  fhir_builder_set (builder, "encounter.reference", visit);
  fhir_builder_set (builder, "priorPrescription.reference", prior);
  fhir_builder_set (builder, "reasonCode.0.text", reason);
  fhir_builder_set (builder, "note.0.text", note);
  set_weight (builder, draft, note);
  if (!clinical_dosage_steps_to_fhir (steps, builder, "dosageInstruction", error))
    return NULL;
  set_dispense (builder, draft);
  set_substitution (builder, draft);
  for (guint i = 0; i < issues->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("detectedIssue.%u.reference", i);
      g_autofree char *reference = fhir_resource_dup_reference (issues->pdata[i]);

      fhir_builder_set (builder, path, reference);
    }
  return fhir_builder_end (builder);
}

/**
 * care_prescription_issue:
 * @finding: what was found
 * @reason: why the prescriber goes on
 *
 * Returns: (transfer full): the record of an override
 */
FhirResource *
care_prescription_issue (CareContext *context,
                         const char *patient_id,
                         const char *request_id,
                         const ClinicalFinding *finding,
                         const char *reason)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *patient = g_strconcat ("Patient/", patient_id, NULL);
  g_autofree char *request = g_strconcat ("MedicationRequest/", request_id, NULL);
  g_autofree char *detail =
      g_strdup_printf ("%s %s", finding->sentence, finding->scope ? finding->scope : "");
  g_autofree char *alert = clinical_finding_dup_alert_key (finding), *words = NULL;
  const ClinicalOverrideReason *coded = clinical_override_parse (reason, &words);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("DetectedIssue", id);

  fhir_builder_set_many (builder, "identifier.0.system", CARE_SYSTEM_ALERT, "identifier.0.value",
                         alert, "status", "final", NULL);
  if (finding->rule)
    fhir_builder_set_many (builder, "code.coding.0.system", CARE_SYSTEM_RULE, "code.coding.0.code",
                           finding->rule, NULL);
  fhir_builder_set (builder, "severity", finding->severity);
  fhir_builder_set_many (builder, "code.text", finding->check, "patient.reference", patient,
                         "identifiedDateTime", now, "author.reference",
                         care_context_get_user_reference (context), "implicated.0.reference",
                         request, NULL);
  fhir_builder_set (builder, "implicated.1.reference", finding->evidence);
  fhir_builder_set_many (builder, "detail", detail, "mitigation.0.action.coding.0.system",
                         CLINICAL_OVERRIDE_SYSTEM, "mitigation.0.action.coding.0.code", coded->code,
                         "mitigation.0.action.coding.0.display", coded->display,
                         "mitigation.0.action.text", words, "mitigation.0.date", now,
                         "mitigation.0.author.reference", care_context_get_user_reference (context),
                         NULL);
  return fhir_builder_end (builder);
}

/**
 * care_prescription_provenance:
 * @request: the MedicationRequest, as signed
 * @when: the moment of the signature
 *
 * With the prescriber's key it is signed by that, and by the second factor where one was shown.
 * Without one the signature is what it is: a digest of what was shown, confirmed by someone who had
 * signed in, and the format says so.
 *
 * Returns: (transfer full) (nullable): the Provenance
 */
FhirResource *
care_prescription_provenance (CareContext *context,
                              FhirResource *request,
                              const char *when,
                              GError **error)
{
  g_autoptr (BaseKey) key = NULL;
  g_autofree char *target = fhir_resource_dup_reference (request);
  g_autofree char *digest = care_prescription_dup_digest (request);
  g_autofree char *text = NULL, *data = NULL;
  g_autoptr (FhirBuilder) builder = NULL;

  /* care_command_sign () has asked for it; what comes another way waits for the keyring here. */
  if (care_context_needs_key (context) && !care_context_load_key (context, error))
    return NULL;
  key = care_context_dup_key (context);
  text =
      key ? care_signature_dup_jws_by (key, request, when,
                                       care_second_factor_proof_for (context, request), error)
          : g_strdup_printf ("sha-256 %s, no key: electronic confirmation by signed-in prescriber",
                             digest);
  if (!text)
    return NULL;
  data = g_base64_encode ((const guint8 *) text, strlen (text));
  builder = care_write_provenance (context, target, when);
  fhir_builder_set_many (builder, "signature.0.type.0.system", "urn:iso-astm:E1762-95:2013",
                         "signature.0.type.0.code", "1.2.840.10065.1.12.1.1",
                         "signature.0.type.0.display", "Author's Signature", NULL);
  fhir_builder_set_many (
      builder, "signature.0.when", when, "signature.0.who.reference",
      care_context_get_user_reference (context), "signature.0.targetFormat",
      "application/fhir+json;canonicalization=http://hl7.org/fhir/canonicalization/json",
      "signature.0.sigFormat", key ? CARE_SIGNATURE_FORMAT : "text/plain", "signature.0.data", data,
      NULL);
  return fhir_builder_end (builder);
}
