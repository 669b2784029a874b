/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-recheck.h"

#include <glib/gi18n.h>

#include "care-prescription-private.h"
#include "care-prescription-weight.h"
#include "care-safety.h"
#include "care-signature.h"
#include "fhir-reference.h"
#include "store-resource.h"

#include <string.h>

/* The checks once more, right before a prescription leaves (hazard H2). What its prescriber saw and
 * overrode at the signature is not news; anything else is. */

static FhirResource *
resolve (const char *reference, gpointer data)
{
  g_autofree char *type = NULL, *id = NULL;

  return fhir_reference_split (reference, &type, &id) ? store_resource_get (data, type, id, NULL)
                                                      : NULL;
}

/* An issue of a version that kept no rule is meant by check and evidence alone. */
static gboolean
is_rule_of (FhirResource *issue, const ClinicalFinding *finding)
{
  const char *rule = fhir_resource_path_text (issue, "code.coding.0.code");

  return !rule || g_strcmp0 (rule, finding->rule) == 0;
}

/* The override was of this very alert; an issue of a version that kept none is meant by the rest.
 */
static gboolean
is_alert_of (FhirResource *issue, const char *alert)
{
  const FhirElement *identifiers = fhir_resource_path (issue, "identifier");

  fhir_element_foreach (identifier, identifiers)
    if (g_strcmp0 (fhir_element_path_text (identifier, "system"), CARE_SYSTEM_ALERT) == 0)
      return g_strcmp0 (fhir_element_path_text (identifier, "value"), alert) == 0;
  return TRUE;
}

/* (nullable): the prescriber's reason for this very finding, of its DetectedIssue. */
static const char *
get_override (GPtrArray *resources, FhirResource *request, const ClinicalFinding *finding)
{
  g_autofree char *own = fhir_resource_dup_reference (request),
                  *alert = clinical_finding_dup_alert_key (finding);

  for (guint i = 0; i < resources->len; i++)
    {
      FhirResource *issue = resources->pdata[i];

      if (g_str_equal (fhir_resource_get_type (issue), "DetectedIssue") &&
          g_strcmp0 (fhir_resource_path_text (issue, "code.text"), finding->check) == 0 &&
          g_strcmp0 (fhir_resource_path_text (issue, "implicated.0.reference"), own) == 0 &&
          g_strcmp0 (fhir_resource_path_text (issue, "implicated.1.reference"),
                     finding->evidence) == 0 &&
          is_rule_of (issue, finding) && is_alert_of (issue, alert))
        {
          const char *reason = fhir_resource_path_text (issue, "mitigation.0.action.text");

          return reason ? reason : "";
        }
    }
  return NULL;
}

static gint64
sequence_of (StoreConnection *connection, const char *reference)
{
  g_auto (GStrv) parts = g_strsplit (reference ? reference : "", "/", 2);
  g_autoptr (GPtrArray) history =
      g_strv_length (parts) == 2 ? store_resource_history (connection, parts[0], parts[1], 1, NULL)
                                 : NULL;

  return history && history->len > 0 ? ((StoreVersion *) history->pdata[0])->sequence : 0;
}

static gboolean
is_open (GPtrArray *journal, const char *reference)
{
  for (guint i = 0; i < journal->len; i++)
    {
      StoreJournalEntry *entry = journal->pdata[i];
      g_autofree char *own = g_strdup_printf ("%s/%s", entry->type, entry->id);

      if (g_strcmp0 (own, reference) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Graded high and not overridden; or graded lower, but resting on a record that came from elsewhere
 * after the signature: at the signature it was not there to be shown. */
static gboolean
is_new (StoreConnection *connection,
        GPtrArray *journal,
        FhirResource *request,
        const ClinicalFinding *finding)
{
  g_autofree char *own = fhir_resource_dup_reference (request);

  if (clinical_finding_needs_reason (finding))
    return TRUE;
  if (finding->answer != CLINICAL_FOUND)
    return FALSE;
  return finding->evidence && !is_open (journal, finding->evidence) &&
         sequence_of (connection, finding->evidence) > sequence_of (connection, own);
}

/* The answers of the checks, and whether another weight is known since: the dose in the order is
 * checked against that, and is still that of the one before. */
static GPtrArray *
find_all (StoreConnection *connection,
          FhirResource *request,
          ClinicalOrder *order,
          ClinicalContent *content,
          GError **error)
{
  const char *subject = fhir_resource_path_text (request, "subject.reference");
  g_autoptr (GPtrArray) findings =
      care_prescription_check_order (connection,
                                     subject && g_str_has_prefix (subject, "Patient/")
                                         ? subject + strlen ("Patient/")
                                         : "",
                                     fhir_resource_get_id (request), order, content, error);
  ClinicalFinding *weight = NULL;

  if (!findings || !care_prescription_find_weight (connection, request, &weight, error))
    return NULL;
  if (weight)
    g_ptr_array_insert (findings, 0, weight);
  return g_steal_pointer (&findings);
}

static gboolean
check_one (StoreConnection *connection,
           GPtrArray *resources,
           GPtrArray *journal,
           FhirResource *request,
           ClinicalContent *content,
           GPtrArray *answers,
           GError **error)
{
  g_autoptr (ClinicalOrder) order = care_safety_order_of (request, content, resolve, connection);
  g_autoptr (GPtrArray) findings = find_all (connection, request, order, content, error);

  for (guint i = 0; findings && i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];
      CareRecheck *answer = g_new0 (CareRecheck, 1);

      answer->request_id = g_strdup (fhir_resource_get_id (request));
      answer->finding = clinical_finding_copy (finding);
      answer->reason = finding->answer == CLINICAL_FOUND || clinical_finding_needs_reason (finding)
                           ? g_strdup (get_override (resources, request, finding))
                           : NULL;
      answer->is_new = !answer->reason && is_new (connection, journal, request, finding);
      g_ptr_array_add (answers, answer);
    }
  return findings != NULL;
}

/* An order that is to be carried out, as a prescriber signs it. */
gboolean
care_prescription_is_order (FhirResource *resource)
{
  static const char *const over[] = { "stopped",          "cancelled", "completed",
                                      "entered-in-error", "draft",     NULL };
  const char *status = fhir_resource_path_text (resource, "status");

  return g_str_equal (fhir_resource_get_type (resource), "MedicationRequest") &&
         !(status && g_strv_contains (over, status));
}

void
care_recheck_free (CareRecheck *self)
{
  g_free (self->request_id);
  clinical_finding_free (self->finding);
  g_free (self->reason);
  g_free (self);
}

/**
 * care_prescription_recheck_list:
 * @resources: (element-type FhirResource): what leaves together: orders, their signature, and the
 *   overrides
 * @content: (nullable): the clinical content
 *
 * Compares each order with the chart as it is on this machine now.
 *
 * Returns: (transfer full) (element-type CareRecheck) (nullable): every answer of every check.
 *   Without content nothing can be checked, and that is an error.
 */
GPtrArray *
care_prescription_recheck_list (StoreConnection *connection,
                                GPtrArray *resources,
                                ClinicalContent *content,
                                GError **error)
{
  g_autoptr (GPtrArray) answers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) care_recheck_free);
  g_autoptr (GPtrArray) journal = NULL;

  if (!content)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
                   _ ("The list of medicines is not there, so nothing could be checked again."));
      return NULL;
    }
  journal = care_journal_open (connection, error);
  if (!journal)
    return NULL;
  for (guint i = 0; i < resources->len; i++)
    if (care_prescription_is_order (resources->pdata[i]) &&
        !check_one (connection, resources, journal, resources->pdata[i], content, answers, error))
      return NULL;
  return g_steal_pointer (&answers);
}

/**
 * care_prescription_recheck:
 *
 * Returns: (transfer full) (nullable): what care_prescription_recheck_list () found that the
 *   prescriber has not seen, in words; NULL without @error: nothing new
 */
char *
care_prescription_recheck (StoreConnection *connection,
                           GPtrArray *resources,
                           ClinicalContent *content,
                           GError **error)
{
  g_autoptr (GPtrArray) answers =
      care_prescription_recheck_list (connection, resources, content, error);
  g_autoptr (GString) news = g_string_new (NULL);

  for (guint i = 0; answers && i < resources->len; i++)
    if (care_prescription_is_order (resources->pdata[i]) &&
        care_signature_check (connection, resources->pdata[i], FALSE) == CARE_SIGNATURE_BROKEN)
      g_string_append (news, _ ("This prescription is not what was signed: it was changed since."));
  for (guint i = 0; answers && i < answers->len; i++)
    {
      const CareRecheck *answer = answers->pdata[i];

      if (answer->is_new)
        g_string_append_printf (news, "%s%s", news->len > 0 ? " " : "", answer->finding->sentence);
    }
  return news->len > 0 ? g_string_free_and_steal (g_steal_pointer (&news)) : NULL;
}
