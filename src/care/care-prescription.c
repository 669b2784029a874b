/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription.h"

#include <glib/gi18n.h>

#include "care-prescription-private.h"
#include "care-summary-private.h"
#include "fhir-concept.h"
#include "store-draft.h"
#include "store-resource.h"

#include <string.h>

/* A prescription from its draft to its signature. */

static const char *const prescribers[] = { "prescriber", "admin", NULL };

/**
 * care_prescription_save:
 *
 * Puts a draft on disk, as it stands.
 */
gboolean
care_prescription_save (StoreConnection *connection,
                        CareContext *context,
                        CarePrescriptionDraft *draft,
                        GError **error)
{
  g_autofree char *body = care_prescription_draft_dup_body (draft);

  return store_draft_save (connection, care_prescription_draft_get_id (draft),
                           CARE_DRAFT_PRESCRIPTION, care_prescription_draft_get_patient_id (draft),
                           care_prescription_draft_get_author (draft),
                           care_prescription_draft_get_encounter_id (draft), body, error);
}

/**
 * care_prescription_load:
 *
 * Returns: (transfer full) (nullable): a draft that was kept
 */
CarePrescriptionDraft *
care_prescription_load (StoreConnection *connection, const char *draft_id, GError **error)
{
  g_autoptr (StoreDraft) kept = store_draft_load (connection, draft_id, error);

  return kept ? care_prescription_draft_new_from_body (kept->id, kept->patient, kept->author,
                                                       kept->encounter, kept->body, error)
              : NULL;
}

gboolean
care_prescription_discard (StoreConnection *connection,
                           CareContext *context,
                           const char *draft_id,
                           GError **error)
{
  g_autoptr (StoreDraft) kept = store_draft_load (connection, draft_id, NULL);

  return !kept || store_draft_remove (connection, draft_id, error);
}

static gboolean
is_severe (FhirResource *allergy, const char *reaction)
{
  const FhirElement *reactions = fhir_resource_path (allergy, "reaction");

  fhir_element_foreach (item, reactions)
    if (g_strcmp0 (fhir_element_path_text (item, "severity"), "severe") == 0)
      return TRUE;
  return g_strcmp0 (fhir_resource_path_text (allergy, "criticality"), "high") == 0 ||
         (reaction && strstr (reaction, "anaphyla"));
}

static void
add_codes (ClinicalChartItem *item, const FhirElement *concept)
{
  const FhirElement *codings = fhir_element_get (concept, "coding");

  fhir_element_foreach (coding, codings)
    clinical_chart_item_add_code (item, fhir_element_path_text (coding, "system"),
                                  fhir_element_path_text (coding, "code"));
}

static GPtrArray *
read_allergies (CareChart *chart, GError **error)
{
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_chart_item_free);
  g_autoptr (GPtrArray) allergies =
      store_resource_list (chart->connection, chart->patient_id, "AllergyIntolerance", error);

  if (!allergies)
    return NULL;
  for (guint i = 0; i < allergies->len; i++)
    {
      FhirResource *allergy = allergies->pdata[i];
      g_autofree char *reference = fhir_resource_dup_reference (allergy);
      g_autofree char *text = care_chart_concept (allergy, "code");
      ClinicalChartItem *item;

      if (care_chart_is_error (allergy) || !care_chart_allergy_is_active (allergy))
        continue;
      item = clinical_chart_item_new (reference, care_chart_is_opaque (allergy)
                                                     ? _ ("an entry with an unknown modifier")
                                                     : text);
      if (!care_chart_is_opaque (allergy))
        add_codes (item, fhir_resource_path (allergy, "code"));
      item->reaction = care_chart_allergy_reaction (allergy);
      item->severe = is_severe (allergy, item->reaction);
      item->none_known = care_chart_allergy_is_none_known (allergy);
      g_ptr_array_add (items, item);
    }
  return g_steal_pointer (&items);
}

/* Taken unless the record says that it is not: a status that is missing or is no word of FHIR's is
 * not known, and what is not known is checked. */
static gboolean
is_taken (FhirResource *medicine, const char *own_id)
{
  static const char *const over[] = { "stopped", "cancelled", "completed",
                                      "draft",   "not-taken", NULL };
  const char *status = fhir_resource_path_text (medicine, "status");

  return !care_chart_is_error (medicine) &&
         g_strcmp0 (fhir_resource_get_id (medicine), own_id) != 0 &&
         !fhir_element_is_true (fhir_resource_path (medicine, "doNotPerform")) &&
         !(status && g_strv_contains (over, status));
}

static gboolean
add_medicines (
    CareChart *chart, const char *type, const char *own_id, GPtrArray *items, GError **error)
{
  g_autoptr (GPtrArray) medicines =
      store_resource_list (chart->connection, chart->patient_id, type, error);

  for (guint i = 0; medicines && i < medicines->len; i++)
    {
      FhirResource *medicine = medicines->pdata[i];
      g_autofree char *reference = fhir_resource_dup_reference (medicine);
      g_autofree char *text = NULL;
      const char *end =
          fhir_resource_path_text (medicine, "dosageInstruction.0.timing.repeat.boundsPeriod.end");
      ClinicalChartItem *item;

      if (!is_taken (medicine, own_id))
        continue;
      text = care_chart_medicine (chart, medicine);
      item = clinical_chart_item_new (reference, text);
      add_codes (item, fhir_resource_path (medicine, "medicationCodeableConcept"));
      item->ends = end ? g_strdup (end) : NULL;
      g_ptr_array_add (items, item);
    }
  return medicines != NULL;
}

/* Compares a drug with the chart as it is on this machine. */
GPtrArray *
care_prescription_check_drug (StoreConnection *connection,
                              const CarePrescriptionCheck *check,
                              ClinicalContent *content,
                              GError **error)
{
  CareChart chart = { .connection = connection, .patient_id = check->patient_id };
  g_autoptr (GPtrArray) medicines =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_chart_item_free);
  g_autoptr (GPtrArray) allergies = read_allergies (&chart, error);

  if (!allergies ||
      !add_medicines (&chart, "MedicationRequest", check->request_id, medicines, error) ||
      !add_medicines (&chart, "MedicationStatement", check->request_id, medicines, error))
    return NULL;
  return clinical_check_all (content, check->drug_name ? check->drug_name : _ ("this drug"),
                             check->ingredients, allergies, medicines);
}

/**
 * care_prescription_check:
 * @content: the clinical content
 *
 * Compares the drug with the chart as it is on this machine.
 *
 * Returns: (transfer full) (element-type ClinicalFinding) (nullable): at least one answer for each
 *   check
 */
GPtrArray *
care_prescription_check (StoreConnection *connection,
                         CarePrescriptionDraft *draft,
                         ClinicalContent *content,
                         GError **error)
{
  g_autoptr (GPtrArray) ingredients = care_prescription_draft_dup_ingredients (draft);
  const CarePrescriptionCheck check = {
    .patient_id = care_prescription_draft_get_patient_id (draft),
    .request_id = care_prescription_draft_get_id (draft),
    .drug_name = care_prescription_draft_get_drug_name (draft),
    .ingredients = ingredients,
  };

  return care_prescription_check_drug (connection, &check, content, error);
}

/* A DetectedIssue for each finding that has a reason; FALSE for one that needs a reason and has
 * none. */
static GPtrArray *
collect_overrides (CareContext *context,
                   CarePrescriptionDraft *draft,
                   GPtrArray *findings,
                   GHashTable *reasons,
                   GError **error)
{
  g_autoptr (GPtrArray) issues =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];
      g_autofree char *key = clinical_finding_dup_key (finding);
      const char *reason = reasons ? g_hash_table_lookup (reasons, key) : NULL;

      if (finding->answer != CLINICAL_FOUND)
        continue;
      if (reason && *reason)
        g_ptr_array_add (issues,
                         care_prescription_issue (context,
                                                  care_prescription_draft_get_patient_id (draft),
                                                  care_prescription_draft_get_id (draft), finding,
                                                  reason));
      else if (clinical_finding_needs_reason (finding))
        {
          g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
                       _ ("%s Write why you prescribe it all the same."), finding->sentence);
          return NULL;
        }
    }
  return g_steal_pointer (&issues);
}

static gboolean
may_sign (CareContext *context, CarePrescriptionDraft *draft, GError **error)
{
  if (!care_context_check_lease (context, error) ||
      !care_require_role (context, "sign a prescription", prescribers, error))
    return FALSE;
  if (g_strcmp0 (care_prescription_draft_get_author (draft),
                 care_context_get_user_reference (context)) != 0)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                   _ ("Somebody else began this prescription. Nobody but its author can sign it."));
      return FALSE;
    }
  return care_prescription_draft_is_complete (draft, error);
}

static gboolean
write_all (CareWrite *write, FhirResource *request, GPtrArray *issues, GError **error)
{
  g_autoptr (FhirResource) provenance =
      care_prescription_provenance (write->context, request,
                                    fhir_resource_path_text (request, "authoredOn"));
  g_autofree char *reference = fhir_resource_dup_reference (request);

  for (guint i = 0; i < issues->len; i++)
    if (!care_write_put (write, issues->pdata[i], error) ||
        !care_write_audit (write, "override", reference,
                           fhir_resource_path_text (issues->pdata[i], "mitigation.0.action.text"),
                           error))
      return FALSE;
  return care_write_put (write, request, error) && care_write_put (write, provenance, error) &&
         care_write_audit (write, "sign", reference, "prescription", error);
}

/* The draft stays until the prescription may leave, so that Undo gives it back. */
static gboolean
rest_draft (CareWrite *write, CarePrescriptionDraft *draft, GError **error)
{
  g_autofree char *body = care_prescription_draft_dup_body (draft);
  const char *id = care_prescription_draft_get_id (draft);
  g_autoptr (StoreDraft) kept = store_draft_load (write->connection, id, NULL);

  if (!care_context_get_journal (write->context))
    return !kept || store_draft_remove (write->connection, id, error);
  return store_draft_save (write->connection, id, CARE_DRAFT_SIGNED,
                           care_prescription_draft_get_patient_id (draft),
                           care_prescription_draft_get_author (draft),
                           care_prescription_draft_get_encounter_id (draft), body, error);
}

/**
 * care_prescription_sign:
 * @content: the clinical content; the checks run again in this transaction
 * @reasons: (nullable): clinical_finding_dup_key () to the prescriber's reason
 * @request_id: (out) (optional): id of the MedicationRequest: that of the draft
 *
 * Signs a prescription: MedicationRequest, Provenance and a DetectedIssue for each overridden
 * finding, with their journal entries and audit rows, or nothing. Signing a draft twice gives one
 * prescription. It rests for CARE_UNDO_US before it may leave (hazard H21).
 */
gboolean
care_prescription_sign (StoreConnection *connection,
                        CareContext *context,
                        CarePrescriptionDraft *draft,
                        ClinicalContent *content,
                        GHashTable *reasons,
                        char **request_id,
                        GError **error)
{
  const char *id = care_prescription_draft_get_id (draft);
  g_autoptr (FhirResource) before = store_resource_get (connection, "MedicationRequest", id, NULL);
  g_autoptr (FhirResource) request = NULL;
  g_autoptr (GPtrArray) findings = NULL, issues = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!may_sign (context, draft, error))
    return FALSE;
  if (!before)
    {
      findings = care_prescription_check (connection, draft, content, error);
      issues = findings ? collect_overrides (context, draft, findings, reasons, error) : NULL;
      request = issues ? care_prescription_request (context, draft, issues, error) : NULL;
      if (!request)
        return FALSE;
      care_write_init (&write, connection, context, care_prescription_draft_get_patient_id (draft),
                       CARE_PRIORITY_PRESCRIPTION);
      write.hold = CARE_HOLD_UNDO;
      if (!write_all (&write, request, issues, error) || !rest_draft (&write, draft, error))
        return FALSE;
    }
  if (request_id)
    *request_id = g_strdup (id);
  return TRUE;
}
