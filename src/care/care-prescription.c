/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription.h"

#include <glib/gi18n.h>

#include "care-prescription-private.h"
#include "care-prescription-weight.h"
#include "care-safety.h"
#include "care-second-factor.h"
#include "care-signing-key.h"
#include "fhir-reference.h"
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
  g_autoptr (FhirResource) order =
      store_resource_get (connection, "MedicationRequest", care_prescription_draft_get_id (draft),
                          NULL);

  /* a late saving must not open again what was signed meanwhile */
  if (order && g_strcmp0 (fhir_resource_path_text (order, "requester.reference"),
                          care_prescription_draft_get_author (draft)) == 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("This prescription was signed a moment ago. Undo it instead."));
      return FALSE;
    }
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

static int
rank (const ClinicalFinding *finding)
{
  return clinical_finding_needs_reason (finding)   ? 0
         : finding->answer == CLINICAL_FOUND       ? 1
         : finding->answer == CLINICAL_NOT_CHECKED ? 2
                                                   : 3;
}

/* (transfer full): what has to be read first stands first; else the order of the checks. */
static GPtrArray *
sort_findings (GPtrArray *findings)
{
  GPtrArray *sorted = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_finding_free);

  for (int at = 0; at <= 3; at++)
    for (guint i = 0; i < findings->len; i++)
      if (rank (findings->pdata[i]) == at)
        g_ptr_array_add (sorted, clinical_finding_copy (findings->pdata[i]));
  return sorted;
}

/* (transfer full): the draft as the checks see it: read from what would be signed, so that they see
 * the same when they run again before it leaves; while it is not whole, as far as it goes. */
static ClinicalOrder *
order_of_draft (CarePrescriptionDraft *draft, ClinicalContent *content)
{
  g_autoptr (FhirResource) outline = care_prescription_outline (draft);
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (draft);
  g_autofree char *reference =
      g_strconcat ("MedicationRequest/", care_prescription_draft_get_id (draft), NULL);
  const char *name = care_prescription_draft_get_drug_name (draft);
  ClinicalOrder *order = outline ? care_safety_order_of (outline, content, NULL, NULL)
                                 : clinical_order_new (reference, name ? name : _ ("this drug"));

  g_clear_pointer (&order->ingredients, g_ptr_array_unref);
  order->ingredients = care_prescription_draft_dup_ingredients (draft);
  if (outline)
    return order;
  care_safety_take_steps (order, steps);
  g_object_get (draft, "reason", &order->reason, NULL);
  return order;
}

/* @draft as the chart will show it to the others, once it is signed. */
static ClinicalOrder *
order_of_medicine (CarePrescriptionDraft *draft, ClinicalContent *content)
{
  g_autoptr (FhirResource) outline = care_prescription_outline (draft);
  ClinicalOrder *order = outline ? care_safety_order_of (outline, content, NULL, NULL) : NULL;

  if (order && order->ingredients)
    return order;
  g_clear_pointer (&order, clinical_order_free);
  return order_of_draft (draft, content);
}

static gboolean
has_medicine (const ClinicalPatient *patient, const char *reference)
{
  for (guint i = 0; i < patient->medicines->len; i++)
    if (g_strcmp0 (((ClinicalOrder *) patient->medicines->pdata[i])->reference, reference) == 0)
      return TRUE;
  return FALSE;
}

/* What is written beside an order counts as if the chart had it, in both directions: each of two
 * that do not go together says so, now and when it is looked at again before it leaves. */
static void
add_beside (ClinicalPatient *patient,
            GPtrArray *beside,
            const char *request_id,
            ClinicalContent *content)
{
  for (guint i = 0; beside && i < beside->len; i++)
    {
      CarePrescriptionDraft *draft = beside->pdata[i];
      ClinicalOrder *order;

      if (!care_prescription_draft_get_drug_name (draft) ||
          g_strcmp0 (care_prescription_draft_get_id (draft), request_id) == 0)
        continue;
      order = order_of_medicine (draft, content);
      if (has_medicine (patient, order->reference))
        clinical_order_free (order);
      else
        g_ptr_array_add (patient->medicines, order);
    }
}

static GPtrArray *
check_order (StoreConnection *connection,
             const char *patient_id,
             const char *request_id,
             ClinicalOrder *order,
             GPtrArray *beside,
             ClinicalContent *content,
             GError **error)
{
  g_autofree char *today = base_clock_dup_today (store_connection_get_clock (connection));
  g_autoptr (ClinicalPatient) patient =
      care_safety_read (connection, patient_id, request_id, content, error);
  g_autoptr (GPtrArray) overrides =
      patient ? care_safety_read_overrides (connection, patient_id, error) : NULL;
  g_autoptr (GPtrArray) orders = g_ptr_array_new ();
  g_autoptr (GPtrArray) findings = NULL;

  if (!overrides)
    return NULL;
  add_beside (patient, beside, request_id, content);
  g_ptr_array_add (orders, order);
  findings = clinical_check_orders (content, patient, orders, today);
  clinical_override_apply (findings, overrides, today);
  return sort_findings (findings);
}

/* Compares an order with the chart as it is on this machine. What was overridden before on the same
 * facts is marked, and stays among the findings. */
GPtrArray *
care_prescription_check_order (StoreConnection *connection,
                               const char *patient_id,
                               const char *request_id,
                               ClinicalOrder *order,
                               ClinicalContent *content,
                               GError **error)
{
  return check_order (connection, patient_id, request_id, order, NULL, content, error);
}

/* @beside: (nullable): what is signed with it: no more than that will be in the chart */
static GPtrArray *
check_to_sign (StoreConnection *connection,
               CarePrescriptionDraft *draft,
               GPtrArray *beside,
               ClinicalContent *content,
               GError **error)
{
  g_autoptr (ClinicalOrder) order = order_of_draft (draft, content);

  return check_order (connection, care_prescription_draft_get_patient_id (draft),
                      care_prescription_draft_get_id (draft), order, beside, content, error);
}

static gboolean
has_draft (GPtrArray *drafts, const char *id)
{
  for (guint i = 0; i < drafts->len; i++)
    if (g_strcmp0 (care_prescription_draft_get_id (drafts->pdata[i]), id) == 0)
      return TRUE;
  return FALSE;
}

/* (transfer full): @beside, as it stands in the forms, and what else its author has on disk for the
 * patient: begun in another window, or before, and in no form now. */
static GPtrArray *
list_all_beside (StoreConnection *connection, CarePrescriptionDraft *draft, GPtrArray *beside)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) kept =
      store_draft_list (connection, care_prescription_draft_get_author (draft),
                        care_prescription_draft_get_patient_id (draft), NULL);

  for (guint i = 0; beside && i < beside->len; i++)
    g_ptr_array_add (all, g_object_ref (beside->pdata[i]));
  for (guint i = 0; kept && i < kept->len; i++)
    {
      const StoreDraft *one = kept->pdata[i];
      CarePrescriptionDraft *other =
          g_str_equal (one->kind, CARE_DRAFT_PRESCRIPTION) && !has_draft (all, one->id)
              ? care_prescription_draft_new_from_body (one->id, one->patient, one->author,
                                                       one->encounter, one->body, NULL)
              : NULL;

      if (other)
        g_ptr_array_add (all, other);
    }
  return all;
}

/**
 * care_prescription_check_beside:
 * @beside: (nullable) (element-type CarePrescriptionDraft): what is written for the same patient at
 *   the same time, @draft itself or not: compared with it too, and so is what else its author has
 *   not signed yet
 *
 * Returns: (transfer full) (element-type ClinicalFinding) (nullable): see care_prescription_check
 * ()
 */
GPtrArray *
care_prescription_check_beside (StoreConnection *connection,
                                CarePrescriptionDraft *draft,
                                GPtrArray *beside,
                                ClinicalContent *content,
                                GError **error)
{
  g_autoptr (GPtrArray) all = list_all_beside (connection, draft, beside);

  return check_to_sign (connection, draft, all, content, error);
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
  return care_prescription_check_beside (connection, draft, NULL, content, error);
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

      if (finding->blocks)
        {
          g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS, "%s", finding->sentence);
          return NULL;
        }
      if (finding->answer != CLINICAL_FOUND && !clinical_finding_needs_reason (finding))
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

/**
 * care_prescription_write_signature:
 * @content: by which controlled drugs are known
 * @when: the moment of the signature
 * @what: what the audit calls it
 *
 * The one place where a signature is written: of a new prescription, and of one that is signed
 * again. A controlled drug needs the second factor. The key has to be on record before:
 * care_signing_key_publish ().
 */
gboolean
care_prescription_write_signature (CareWrite *write,
                                   FhirResource *request,
                                   ClinicalContent *content,
                                   const char *when,
                                   const char *what,
                                   GError **error)
{
  g_autoptr (FhirResource) provenance =
      care_second_factor_allows (write, request, content, error)
          ? care_prescription_provenance (write->context, request, when, error)
          : NULL;
  g_autofree char *reference = fhir_resource_dup_reference (request);

  return provenance && care_write_put (write, provenance, error) &&
         care_write_audit (write, "sign", reference, what, error);
}

/**
 * care_prescription_write_signed:
 * @issues: (element-type FhirResource): the DetectedIssues of what was overridden
 * @content: by which controlled drugs are known
 * @what: what the audit calls it
 *
 * Writes a prescription with its signature, and before both what was overridden for it. Every
 * new prescription is signed by this; where its key is not on record yet, that goes along. A
 * controlled drug needs the second factor.
 */
gboolean
care_prescription_write_signed (CareWrite *write,
                                FhirResource *request,
                                GPtrArray *issues,
                                ClinicalContent *content,
                                const char *what,
                                GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (request);

  if (!care_signing_key_publish (write, error))
    return FALSE;
  for (guint i = 0; i < issues->len; i++)
    if (!care_write_put (write, issues->pdata[i], error) ||
        !care_write_audit (write, "override", reference,
                           fhir_resource_path_text (issues->pdata[i], "mitigation.0.action.text"),
                           error))
      return FALSE;
  return care_write_put (write, request, error) &&
         care_prescription_write_signature (write, request, content,
                                            fhir_resource_path_text (request, "authoredOn"), what,
                                            error);
}

/* What it is written in the place of is not taken beside it; a pharmacy that has that is asked to
 * stop. It may be over by now, which is as well. */
static gboolean
end_prior (CareWrite *write, CarePrescriptionDraft *draft, GError **error)
{
  g_autofree char *reference = NULL, *type = NULL, *id = NULL, *patient = NULL;
  g_autoptr (FhirResource) prior = NULL;

  g_object_get (draft, "prior", &reference, NULL);
  if (reference && fhir_reference_split (reference, &type, &id) &&
      g_str_equal (type, "MedicationRequest"))
    prior = store_resource_get (write->connection, type, id, NULL);
  patient = prior ? care_patient_of (prior) : NULL;
  return !prior || g_strcmp0 (patient, care_prescription_draft_get_patient_id (draft)) != 0 ||
         !care_prescription_is_order (prior) ||
         care_prescription_end (write, prior, "stopped",
                                _ ("Another prescription is written in its place."), error);
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

/* (transfer full): without the moment of the signature, and what was overridden then */
static char *
dup_content (FhirResource *request)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (request);
  g_autoptr (FhirResource) content = NULL;

  fhir_builder_remove (builder, "authoredOn");
  fhir_builder_remove (builder, "detectedIssue");
  content = fhir_builder_end (builder);
  return care_prescription_dup_digest (content);
}

/* Signing twice gives one; what was written since then is not signed by that. */
static gboolean
is_what_was_signed (FhirResource *before,
                    CareContext *context,
                    CarePrescriptionDraft *draft,
                    GError **error)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (FhirResource) request = care_prescription_request (context, draft, none, error);
  g_autofree char *old = dup_content (before), *new = request ? dup_content (request) : NULL;

  if (!new)
    return FALSE;
  if (g_str_equal (old, new))
    return TRUE;
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                       _ ("This prescription is not what was signed: it was changed since."));
  return FALSE;
}

/* What was prepared names its own number: it is signed by one Task, and once. */
const char *
care_prescription_say_signed (void)
{
  return _ ("A prescription of this number is on record already. Send this one back.");
}

/* What is signed by itself is a list of its own; what is signed together said so before. */
static gboolean
set_list (CareContext *context, CarePrescriptionDraft *draft, GError **error)
{
  CareSecondFactor *factor = care_context_get_factor (context);
  const char *const numbers[] = { care_prescription_draft_get_id (draft), NULL };

  return !factor || factor->proof->list[0] ||
         care_second_factor_set_list (context, care_prescription_draft_get_patient_id (draft),
                                      numbers, error);
}

static gboolean
sign_draft (StoreConnection *connection,
            CareContext *context,
            CarePrescriptionDraft *draft,
            GPtrArray *beside,
            ClinicalContent *content,
            GHashTable *reasons,
            FhirResource *task,
            GError **error)
{
  const char *id = care_prescription_draft_get_id (draft);
  g_autoptr (FhirResource) before = store_resource_get (connection, "MedicationRequest", id, NULL);
  g_autoptr (FhirResource) request = NULL;
  g_autoptr (GPtrArray) findings = NULL, issues = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!may_sign (context, draft, error) || !set_list (context, draft, error))
    return FALSE;
  care_write_init (&write, connection, context, care_prescription_draft_get_patient_id (draft),
                   CARE_PRIORITY_PRESCRIPTION);
  if (before && !task)
    return is_what_was_signed (before, context, draft, error);
  if (before)
    {
      /* a Task that ended by the signature under another would not open again with its Undo */
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE, care_prescription_say_signed ());
      return FALSE;
    }
  findings = care_prescription_weight_stands (connection, draft, error)
                 ? check_to_sign (connection, draft, beside, content, error)
                 : NULL;
  issues = findings ? collect_overrides (context, draft, findings, reasons, error) : NULL;
  request = issues ? care_prescription_request (context, draft, issues, error) : NULL;
  write.hold = CARE_HOLD_UNDO;
  return request && end_prior (&write, draft, error) &&
         care_prescription_write_signed (&write, request, issues, content, "prescription", error) &&
         (task ? care_write_put (&write, task, error) : rest_draft (&write, draft, error));
}

/* One of several that are signed together: it was compared with the others too. */
gboolean
care_prescription_sign_beside (StoreConnection *connection,
                               CareContext *context,
                               CarePrescriptionDraft *draft,
                               GPtrArray *beside,
                               ClinicalContent *content,
                               GHashTable *reasons,
                               char **request_id,
                               GError **error)
{
  if (!sign_draft (connection, context, draft, beside, content, reasons, NULL, error))
    return FALSE;
  if (request_id)
    *request_id = g_strdup (care_prescription_draft_get_id (draft));
  return TRUE;
}

/**
 * care_prescription_sign_for:
 * @beside: (nullable) (element-type CarePrescriptionDraft): what is signed with it
 * @task: what asked for the signature, ended: it is written with it, and Undo opens it again
 *   instead of giving back a draft
 *
 * As care_prescription_sign().
 */
gboolean
care_prescription_sign_for (StoreConnection *connection,
                            CareContext *context,
                            CarePrescriptionDraft *draft,
                            GPtrArray *beside,
                            ClinicalContent *content,
                            GHashTable *reasons,
                            FhirResource *task,
                            GError **error)
{
  return sign_draft (connection, context, draft, beside, content, reasons, task, error);
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
  return care_prescription_sign_beside (connection, context, draft, NULL, content, reasons,
                                        request_id, error);
}
