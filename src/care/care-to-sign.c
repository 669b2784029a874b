/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-to-sign.h"

#include <glib/gi18n.h>

#include "base-id.h"
#include "care-prescription-private.h"
#include "care-refusal.h"
#include "care-second-factor.h"
#include "care-to-sign-private.h"
#include "clinical-line.h"
#include "store-audit.h"
#include "store-draft.h"

/* Assistants prepare, prescribers sign. What was prepared travels as a Task to its prescriber, with
 * the draft in it: no order exists until it is signed, and whoever signs it becomes its author, on
 * record (hazard H9). It keeps the id it was prepared with, so that it is signed once. */

/* ---- preparing ---- */

static gboolean
may_hand_over (CareContext *context,
               CarePrescriptionDraft *draft,
               const char *prescriber,
               GError **error)
{
  static const char *const writers[] = { "prescriber", "nurse", "admin", NULL };

  if (!care_require_role (context, "prepare a prescription", writers, error))
    return FALSE;
  if (g_strcmp0 (care_prescription_draft_get_author (draft),
                 care_context_get_user_reference (context)) != 0)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                   _ ("Somebody else began this prescription."));
      return FALSE;
    }
  if (!g_str_has_prefix (prescriber, "Practitioner/") ||
      g_str_equal (prescriber, care_context_get_user_reference (context)))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING,
                   _ ("Choose the prescriber who is to sign it."));
      return FALSE;
    }
  return care_prescription_draft_is_complete (draft, error);
}

static FhirResource *
new_task (CareContext *context,
          CarePrescriptionDraft *draft,
          const char *prescriber,
          const char *prescriber_name)
{
  BaseClock *clock = care_context_get_clock (context);
  const char *draft_id = care_prescription_draft_get_id (draft),
             *encounter = care_prescription_draft_get_encounter_id (draft);
  g_autofree char *id = base_id_new (base_clock_now (clock)), *now = base_clock_dup_instant (clock);
  g_autofree char *patient =
      g_strconcat ("Patient/", care_prescription_draft_get_patient_id (draft), NULL);
  g_autofree char *visit = encounter ? g_strconcat ("Encounter/", encounter, NULL) : NULL;
  g_autofree char *body = care_prescription_draft_dup_body (draft);
  g_autoptr (GPtrArray) parts = care_prescription_draft_dup_line (draft);
  g_autofree char *line = clinical_line_dup_text (parts);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);

  fhir_builder_set_many (builder, "identifier.0.system", CARE_SYSTEM_PRESCRIPTION_ID,
                         "identifier.0.value", draft_id, "status", "requested", "intent",
                         "proposal", "priority", "routine", NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CARE_TASK_TO_SIGN,
                           "Prescription to sign");
  fhir_builder_set_many (builder, "description", line, "for.reference", patient, "authoredOn", now,
                         "requester.reference", care_context_get_user_reference (context),
                         "requester.display", care_context_get_user_name (context),
                         "owner.reference", prescriber, "owner.display", prescriber_name, NULL);
  fhir_builder_set (builder, "encounter.reference", visit);
  fhir_builder_set_coding (builder, "input.0.type", CARE_SYSTEM_TASK, "draft", NULL);
  fhir_builder_set (builder, "input.0.valueString", body);
  return fhir_builder_end (builder);
}

/**
 * care_to_sign_hand_over:
 * @draft: whole, and the user's own
 * @prescriber: reference of the Practitioner who is to sign it
 *
 * Puts it on the prescriber's list. From now on it is there and no longer among the user's drafts.
 */
gboolean
care_to_sign_hand_over (StoreConnection *connection,
                        CareContext *context,
                        CarePrescriptionDraft *draft,
                        const char *prescriber,
                        const char *prescriber_name,
                        GError **error)
{
  const char *id = care_prescription_draft_get_id (draft);
  g_autoptr (StoreDraft) kept = store_draft_load (connection, id, NULL);
  g_autoptr (FhirResource) task = NULL;
  g_autofree char *reference = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!may_hand_over (context, draft, prescriber, error))
    return FALSE;
  task = new_task (context, draft, prescriber, prescriber_name);
  reference = fhir_resource_dup_reference (task);
  care_write_init (&write, connection, context, care_prescription_draft_get_patient_id (draft),
                   CARE_PRIORITY_NORMAL);
  return care_write_put (&write, task, error) &&
         (!kept || store_draft_remove (connection, id, error)) &&
         care_write_audit (&write, "hand-over", reference, "prescription to sign", error);
}

/* ---- signing ---- */

static void
refuse_waiting (GError **error)
{
  g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
               _ ("This does not wait for your signature any more."));
}

static FhirResource *
read_task (StoreConnection *connection, CareContext *context, const char *id, GError **error)
{
  g_autoptr (FhirResource) task = care_read (connection, "Task", id, error);

  if (task && care_to_sign_is_mine (task, context))
    return g_steal_pointer (&task);
  if (task)
    refuse_waiting (error);
  return NULL;
}

/* @order: (nullable): id of what came of it */
static FhirResource *
end_task (CareContext *context,
          FhirResource *task,
          const char *status,
          const char *order,
          const char *words)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (task);

  g_autofree char *reference = order ? g_strconcat ("MedicationRequest/", order, NULL) : NULL;

  fhir_builder_set_many (builder, "status", status, "lastModified", now, NULL);
  fhir_builder_set (builder, "statusReason.text", words);
  if (order)
    fhir_builder_set_coding (builder, "output.0.type", CARE_SYSTEM_TASK, "prescription", NULL);
  fhir_builder_set (builder, "output.0.valueReference.reference", reference);
  return fhir_builder_end (builder);
}

/* The reasons of one item, as its form would give them. */
static GHashTable *
reasons_of (GHashTable *reasons, const char *task_id)
{
  GHashTable *own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *prefix = g_strconcat (task_id, "|", NULL);
  GHashTableIter iter;
  gpointer key, value;

  if (!reasons)
    return own;
  g_hash_table_iter_init (&iter, reasons);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_str_has_prefix (key, prefix))
      g_hash_table_insert (own, g_strdup ((char *) key + strlen (prefix)), g_strdup (value));
  return own;
}

static CareToSign *
find_item (GPtrArray *items, const char *task_id)
{
  for (guint i = 0; i < items->len; i++)
    if (g_strcmp0 (((CareToSign *) items->pdata[i])->task, task_id) == 0)
      return items->pdata[i];
  return NULL;
}

/* Between the reading and this the keyring may have been asked: what came meanwhile was not read.
 */
static gboolean
is_as_read (const CareToSign *item, const char *seen, GError **error)
{
  const char *name =
      item->patient_name ? item->patient_name : _ ("A patient who is not on this computer yet");

  if (item->problem)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE, "%s: %s", name, item->problem);
      return FALSE;
    }
  if (g_strcmp0 (item->seen, seen) == 0)
    return TRUE;
  g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
               _ ("The chart of %s changed while you read. Nothing was signed: look again."), name);
  return FALSE;
}

static gboolean
are_as_read (StoreConnection *connection,
             CareContext *context,
             const char *const *tasks,
             const char *const *seen,
             GPtrArray *items,
             ClinicalContent *content,
             GError **error)
{
  for (guint i = 0; tasks[i]; i++)
    {
      g_autoptr (FhirResource) task = read_task (connection, context, tasks[i], error);
      CareToSign *item = task ? find_item (items, tasks[i]) : NULL;

      if (task && !item)
        refuse_waiting (error);
      if (!item)
        return FALSE;
      if (!item->seen)
        care_to_sign_check_item (connection, item, items, content);
      /* the end of a list that is too short is like nothing that was read */
      if (!is_as_read (item, seen[i], error))
        return FALSE;
    }
  return TRUE;
}

/* @beside: what is signed with it: no more than that will be in the chart */
static gboolean
sign_one (StoreConnection *connection,
          CareContext *context,
          const CareToSign *item,
          GPtrArray *beside,
          ClinicalContent *content,
          GHashTable *reasons,
          GError **error)
{
  g_autoptr (FhirResource) task = read_task (connection, context, item->task, error), ended = NULL;
  g_autoptr (GHashTable) own = reasons_of (reasons, item->task);
  g_autoptr (GError) local = NULL;
  const char *name = care_prescription_draft_get_drug_name (item->draft);

  if (!task)
    return FALSE;
  ended = end_task (context, task, "completed", care_prescription_draft_get_id (item->draft), NULL);
  if (care_prescription_sign_for (connection, context, item->draft, beside, content, own, ended,
                                  &local))
    return store_audit_append (connection, "take-over", care_context_get_user_reference (context),
                               item->patient_id, item->task,
                               fhir_resource_path_text (task, "requester.reference"), error);
  /* Which of thirty it is must stand in it. */
  g_set_error (error, local->domain, local->code, "%s: %s", name ? name : "?", local->message);
  return FALSE;
}

/* What is signed at once is the list that the second factor is shown for; of more than one patient
 * there is none. */
static gboolean
set_list (CareContext *context, const char *const *tasks, GPtrArray *items, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) numbers = NULL;
  const char *patient = NULL;
  gboolean one = TRUE;

  for (guint i = 0; tasks[i]; i++)
    {
      const CareToSign *item = find_item (items, tasks[i]);

      one = one && (!patient || g_strcmp0 (patient, item->patient_id) == 0);
      patient = item->patient_id;
      g_strv_builder_add (builder, care_prescription_draft_get_id (item->draft));
    }
  numbers = g_strv_builder_end (builder);
  return care_second_factor_set_list (context, one ? patient : NULL, (const char *const *) numbers,
                                      error);
}

/**
 * care_to_sign_sign:
 * @tasks: ids of those that were chosen
 * @seen: of each what its CareToSign said when it was read, in the same order
 * @reasons: (nullable): care_to_sign_dup_key() to the prescriber's reason
 *
 * Signs all of them or none, and none that is not as it was read: each is checked again, becomes a
 * prescription of its own with its own audit rows, and rests by itself.
 */
gboolean
care_to_sign_sign (StoreConnection *connection,
                   CareContext *context,
                   const char *const *tasks,
                   const char *const *seen,
                   ClinicalContent *content,
                   GHashTable *reasons,
                   GError **error)
{
  g_autoptr (GPtrArray) items = care_to_sign_read_items (connection, context, content, error);

  /* all of them are looked at before the first is in the chart */
  if (!items || !are_as_read (connection, context, tasks, seen, items, content, error) ||
      !set_list (context, tasks, items, error))
    return FALSE;
  for (guint i = 0; tasks[i]; i++)
    {
      const CareToSign *item = find_item (items, tasks[i]);
      g_autoptr (GPtrArray) beside = care_to_sign_drafts_beside (items, item, tasks);

      if (!sign_one (connection, context, item, beside, content, reasons, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * care_to_sign_send_back:
 * @words: why
 *
 * Takes it off the list, and tells who prepared it.
 */
gboolean
care_to_sign_send_back (StoreConnection *connection,
                        CareContext *context,
                        const char *task_id,
                        const char *words,
                        GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *id = base_id_new (base_clock_now (clock)), *now = base_clock_dup_instant (clock);
  g_autoptr (FhirResource) task = read_task (connection, context, task_id, error), ended = NULL;
  g_autofree char *patient = task ? care_patient_of (task) : NULL;
  g_autofree char *reference = task ? fhir_resource_dup_reference (task) : NULL, *text = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!task)
    return FALSE;
  if (!words || !*words)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("Write why you send it back."));
      return FALSE;
    }
  text = g_strdup_printf (_ ("Sent back unsigned: %s. %s"),
                          fhir_resource_path_text (task, "description"), words);
  ended = end_task (context, task, "rejected", NULL, words);
  builder = fhir_builder_new ("Task", id);
  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", "routine",
                         "description", text, "authoredOn", now, "requester.reference",
                         care_context_get_user_reference (context), "requester.display",
                         care_context_get_user_name (context), "owner.reference",
                         fhir_resource_path_text (task, "requester.reference"), "for.reference",
                         fhir_resource_path_text (task, "for.reference"), NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CARE_TASK_TO_SIGN_RETURNED, NULL);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  return care_write_put (&write, ended, error) && care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, "send-back", reference, "prescription to sign", error);
}
