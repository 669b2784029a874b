/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-renewal.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-prescription-private.h"
#include "care-second-factor.h"
#include "care-signing-key.h"
#include "care-summary-private.h"
#include "store-resource.h"

#include <string.h>

/* A second signature under an order that was held because the chart changed (hazard H2). Nothing
 * new goes past unseen, and what needs a reason gets one, as at the first signature. */

static const char *const prescribers[] = { "prescriber", "admin", NULL };

/* What leaves together, as the journal has it. @hold: (out): why it was held */
static GPtrArray *
list_group (StoreConnection *connection, const char *group, char **hold, GError **error)
{
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "held", G_MAXINT, error);

  if (!entries)
    return NULL;
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];
      FhirResource *resource = NULL;

      if (!g_str_equal (entry->group, group))
        continue;
      resource = store_resource_get (connection, entry->type, entry->id, NULL);
      if (resource)
        g_ptr_array_add (resources, resource);
      if (hold && entry->reason)
        g_set_str (hold, entry->reason);
    }
  if (resources->len == 0)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING,
                   _ ("This does not wait for you any more."));
      return NULL;
    }
  return g_steal_pointer (&resources);
}

static char *
dup_order (StoreConnection *connection, FhirResource *request)
{
  CareChart chart = { .connection = connection };
  g_autofree char *medicine = care_chart_medicine (&chart, request);
  /* every step; and the codes too where they say something else */
  g_autofree char *dosage =
      clinical_dosage_display (fhir_resource_path (request, "dosageInstruction"), NULL);

  return dosage ? g_strdup_printf ("%s: %s", medicine, dosage) : g_steal_pointer (&medicine);
}

void
care_renewal_free (CareRenewal *self)
{
  g_clear_pointer (&self->orders, g_ptr_array_unref);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->controlled, g_ptr_array_unref);
  g_free (self);
}

/**
 * care_prescription_renewal:
 * @group: as in the journal
 * @content: (nullable): the clinical content; without it nothing can be checked, and that is an
 *   error
 *
 * Returns: (transfer full) (nullable): what has to be read before a held order is signed again
 */
CareRenewal *
care_prescription_renewal (StoreConnection *connection,
                           const char *group,
                           ClinicalContent *content,
                           GError **error)
{
  g_autoptr (CareRenewal) self = g_new0 (CareRenewal, 1);
  g_autoptr (GPtrArray) resources = list_group (connection, group, NULL, error);

  g_autofree char *today = base_clock_dup_today (store_connection_get_clock (connection));

  self->orders = g_ptr_array_new_with_free_func (g_free);
  self->controlled = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_controlled_free);
  for (guint i = 0; resources && i < resources->len; i++)
    if (care_prescription_is_order (resources->pdata[i]))
      {
        g_ptr_array_add (self->orders, dup_order (connection, resources->pdata[i]));
        g_ptr_array_add (self->controlled,
                         care_second_factor_of_request (connection, resources->pdata[i], content,
                                                        today));
      }
  self->findings =
      resources ? care_prescription_recheck_list (connection, resources, content, error) : NULL;
  return self->findings ? g_steal_pointer (&self) : NULL;
}

/**
 * care_recheck_dup_key:
 *
 * Returns: (transfer full): names a finding about one order
 */
char *
care_recheck_dup_key (const CareRecheck *self)
{
  g_autofree char *key = clinical_finding_dup_key (self->finding);

  return g_strconcat (self->request_id, "|", key, NULL);
}

gboolean
care_recheck_needs_reason (const CareRecheck *self)
{
  return self->is_new && clinical_finding_needs_reason (self->finding);
}

static gboolean
may_renew (CareContext *context, GPtrArray *resources, GError **error)
{
  if (!care_context_check_lease (context, error) ||
      !care_require_role (context, "sign a prescription", prescribers, error))
    return FALSE;
  for (guint i = 0; i < resources->len; i++)
    if (care_prescription_is_order (resources->pdata[i]) &&
        g_strcmp0 (fhir_resource_path_text (resources->pdata[i], "requester.reference"),
                   care_context_get_user_reference (context)) != 0)
      {
        g_set_error (
            error, CARE_ERROR, CARE_ERROR_AUTHOR,
            _ ("Somebody else signed this prescription. Nobody but its prescriber can sign "
               "it again."));
        return FALSE;
      }
  return TRUE;
}

/* What reads in two ways is not signed a second time: one cannot know which of them was meant. */
static gboolean
says_one_thing (GPtrArray *resources, GError **error)
{
  for (guint i = 0; i < resources->len; i++)
    {
      const FhirElement *dosages = fhir_resource_path (resources->pdata[i], "dosageInstruction");

      fhir_element_foreach (dosage, dosages)
        if (care_prescription_is_order (resources->pdata[i]) && !clinical_dosage_agrees (dosage))
          {
            g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
                         _ ("The text and the codes of this prescription say different things. "
                            "Write it again."));
            return FALSE;
          }
    }
  return TRUE;
}

/* The record that a new finding was read: an override where a reason is needed. */
static gboolean
write_finding (CareWrite *write, const CareRecheck *found, GHashTable *reasons, GError **error)
{
  g_autofree char *key = care_recheck_dup_key (found);
  g_autofree char *reference = g_strconcat ("MedicationRequest/", found->request_id, NULL);
  const char *reason = reasons ? g_hash_table_lookup (reasons, key) : NULL;
  g_autoptr (FhirResource) issue = NULL;

  if (found->finding->blocks)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS, "%s", found->finding->sentence);
      return FALSE;
    }
  if (!reason)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
                   _ ("The chart changed while you read: %s Look again."),
                   found->finding->sentence);
      return FALSE;
    }
  if (*reason == '\0' && care_recheck_needs_reason (found))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
                   _ ("%s Write why you prescribe it all the same."), found->finding->sentence);
      return FALSE;
    }
  issue =
      care_prescription_issue (write->context, write->patient, found->request_id, found->finding,
                               *reason ? reason : "Read when the order was signed again");
  return care_write_put (write, issue, error) &&
         care_write_audit (write, "override", reference, reason, error);
}

static const char *
number_of (FhirResource *request)
{
  fhir_element_foreach (identifier, fhir_resource_path (request, "identifier"))
    if (g_strcmp0 (fhir_element_path_text (identifier, "system"), CARE_SYSTEM_PRESCRIPTION_ID) == 0)
      return fhir_element_path_text (identifier, "value");
  return NULL;
}

/* What leaves together is the list that the second factor is shown for. */
static gboolean
set_list (CareWrite *write, GPtrArray *resources, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) numbers = NULL;

  for (guint i = 0; i < resources->len; i++)
    if (care_prescription_is_order (resources->pdata[i]) && number_of (resources->pdata[i]))
      g_strv_builder_add (builder, number_of (resources->pdata[i]));
  numbers = g_strv_builder_end (builder);
  return care_second_factor_set_list (write->context, write->patient, (const char *const *) numbers,
                                      error);
}

static gboolean
write_signatures (CareWrite *write, GPtrArray *resources, ClinicalContent *content, GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (write->context));

  if (!care_signing_key_publish (write, error) || !set_list (write, resources, error))
    return FALSE;
  for (guint i = 0; i < resources->len; i++)
    if (care_prescription_is_order (resources->pdata[i]) &&
        !care_prescription_write_signature (write, resources->pdata[i], content, now,
                                            "prescription, signed again", error))
      return FALSE;
  return TRUE;
}

/**
 * care_prescription_renew:
 *
 * Writes the second signature and a DetectedIssue for each new finding into the group, which stays
 * held until the engine is told. The order itself, with its authoredOn, is not touched.
 */
gboolean
care_prescription_renew (StoreConnection *connection,
                         CareContext *context,
                         const char *group,
                         ClinicalContent *content,
                         GHashTable *reasons,
                         GError **error)
{
  g_autofree char *hold = NULL, *patient = NULL;
  g_autoptr (GPtrArray) resources = list_group (connection, group, &hold, error), findings = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!resources || !may_renew (context, resources, error) || !says_one_thing (resources, error))
    return FALSE;
  findings = care_prescription_recheck_list (connection, resources, content, error);
  if (!findings)
    return FALSE;
  for (guint i = 0; !patient && i < resources->len; i++)
    if (care_prescription_is_order (resources->pdata[i]))
      patient = care_patient_of (resources->pdata[i]);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_PRESCRIPTION);
  g_set_str (&write.group, group);
  write.hold = hold;
  for (guint i = 0; i < findings->len; i++)
    if (((CareRecheck *) findings->pdata[i])->is_new &&
        !write_finding (&write, findings->pdata[i], reasons, error))
      return FALSE;
  return write_signatures (&write, resources, content, error);
}

static gboolean
renew_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_prescription_renew (connection, c->context, c->texts[0],
                                  c->objects[0] ? CLINICAL_CONTENT (c->objects[0]) : NULL, c->table,
                                  error);
}

/* @code: (nullable): of the second factor. Ends with care_prescription_command_finish (). */
void
care_prescription_renew_async (CareContext *context,
                               const char *group,
                               ClinicalContent *content,
                               GHashTable *reasons,
                               const char *code,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  CareCommand *command = care_command_new (context, renew_work, group, NULL);

  command->objects[0] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  command->table = reasons ? g_hash_table_ref (reasons) : NULL;
  command->code = g_strdup (code);
  care_command_sign (command, care_prescription_renew_async, cancellable, callback, user_data);
}
