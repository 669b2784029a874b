/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-journal.h"
#include "care-prescription-private.h"
#include "care-second-factor.h"
#include "care-supply-ask-private.h"
#include "care-supply.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* A prescriber's answer to what is asked about a prescription. What was read is what is approved:
 * the checks run again, and what differs is refused. The Task, the new prescription, the end of the
 * old one and the signature are one group, which rests for ten seconds. */

static const char *const prescribers[] = { "prescriber", "admin", NULL };

static gboolean
refuse (GError **error, CareError code, const char *sentence)
{
  g_set_error_literal (error, CARE_ERROR, (gint) code, sentence);
  return FALSE;
}

static gboolean
may_answer (CareContext *context, GError **error)
{
  return care_context_check_lease (context, error) &&
         care_require_role (context, "answer what is asked about a prescription", prescribers,
                            error);
}

/* (transfer full) (nullable): the Task, where it waits for an answer */
static FhirResource *
read_open (StoreConnection *connection, const char *task_id, GError **error)
{
  g_autoptr (FhirResource) task = care_read (connection, "Task", task_id, error);
  const char *code =
      task ? fhir_concept_get_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK) : NULL;

  if (!task)
    return NULL;
  if (!care_supply_ask_is_code (code) || care_supply_step_of (task) >= CARE_SUPPLY_STEP_DONE)
    {
      refuse (error, CARE_ERROR_STATE, _ ("This does not wait for an answer any more."));
      return NULL;
    }
  return g_steal_pointer (&task);
}

/* ---- approving ---- */

static gboolean
take_reasons (CareWrite *write,
              const CareSupplyAsk *ask,
              const CareSupplyApproval *approval,
              const char *id,
              GPtrArray *issues,
              GError **error)
{
  for (guint i = 0; i < ask->findings->len; i++)
    {
      const ClinicalFinding *finding = ask->findings->pdata[i];
      g_autofree char *key = clinical_finding_dup_key (finding);
      const char *reason = approval->reasons ? g_hash_table_lookup (approval->reasons, key) : NULL;

      if (finding->answer != CLINICAL_FOUND && !clinical_finding_needs_reason (finding))
        continue;
      if (reason && *reason)
        g_ptr_array_add (issues, care_prescription_issue (write->context, write->patient, id,
                                                          finding, reason));
      else if (clinical_finding_needs_reason (finding))
        {
          g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
                       _ ("%s Write why you prescribe it all the same."), finding->sentence);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
end_old (CareWrite *write, FhirResource *request, GError **error)
{
  g_autoptr (FhirBuilder) builder = NULL;

  if (g_strcmp0 (fhir_resource_path_text (request, "status"), "active") != 0)
    return TRUE;
  builder = fhir_builder_new_from (request);
  fhir_builder_set (builder, "status", "completed");
  return care_write_put_builder (write, builder, error);
}

/* @id: of the prescription that it makes */
static gboolean
sign_renewal (CareWrite *write,
              const CareSupplyAsk *ask,
              const CareSupplyApproval *approval,
              FhirResource *task,
              const char *id,
              ClinicalContent *content,
              GError **error)
{
  g_autofree char *type = NULL, *old_id = NULL;
  g_autoptr (FhirResource) old = NULL, renewed = NULL;
  g_autoptr (CareSupply) supply = NULL;
  const char *problem;
  g_autoptr (GPtrArray) issues =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  fhir_reference_split (fhir_resource_path_text (task, "focus.reference"), &type, &old_id);
  old = care_read (write->connection, "MedicationRequest", old_id, error);
  /* asked for twice, and both are approved at once */
  problem = old ? care_supply_ask_problem_of_successor (write->connection, old) : NULL;
  if (problem)
    return refuse (error, CARE_ERROR_STATE, problem);
  supply = old ? care_supply_load (write->connection, old_id, error) : NULL;
  if (!supply || !take_reasons (write, ask, approval, id, issues, error))
    return FALSE;
  renewed = care_supply_ask_renewed (write->context, old, id, issues);
  return end_old (write, old, error) &&
         care_prescription_write_signed (write, renewed, issues, content, "prescription, renewed",
                                         error) &&
         care_supply_ask_send (write, task, supply->dispense, renewed, error);
}

/* @made: (nullable): id of the prescription that came of it */
static gboolean
close_task (CareWrite *write,
            FhirResource *task,
            const char *status,
            const char *answer,
            const char *reason,
            const char *made,
            GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (write->context));
  g_autofree char *reference = fhir_resource_dup_reference (task);
  g_autofree char *output = made ? g_strconcat ("MedicationRequest/", made, NULL) : NULL;
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (task);

  fhir_builder_set_many (builder, "status", status, "lastModified", now, "owner.reference",
                         care_context_get_user_reference (write->context), "owner.display",
                         care_context_get_user_name (write->context), NULL);
  fhir_builder_remove (builder, "businessStatus");
  fhir_builder_set_coding (builder, "businessStatus", CARE_SYSTEM_TASK, answer, NULL);
  fhir_builder_remove (builder, "statusReason");
  fhir_builder_set (builder, "statusReason.text", reason);
  if (output)
    {
      fhir_builder_set_coding (builder, "output.0.type", CARE_SYSTEM_TASK, CARE_SUPPLY_RENEWAL,
                               NULL);
      fhir_builder_set (builder, "output.0.valueReference.reference", output);
    }
  return care_write_put_builder (write, builder, error) &&
         care_write_audit (write, "write", reference, answer, error);
}

static gboolean
is_as_read (const CareSupplyAsk *ask, const CareSupplyApproval *approval, GError **error)
{
  const char *name = ask->patient ? ask->patient : _ ("A patient who is not on this computer yet");

  if (ask->problem)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE, "%s: %s", name, ask->problem);
      return FALSE;
    }
  if (g_strcmp0 (ask->seen, approval->seen) == 0)
    return TRUE;
  g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
               _ ("The chart of %s changed while you read. Nothing was signed: look again."), name);
  return FALSE;
}

/* What is asked, as it is now, where it is what was read. */
typedef struct
{
  const CareSupplyApproval *approval;
  FhirResource *task;
  CareSupplyAsk *ask;
  char *made; /* number of the prescription that it makes; NULL where it makes none */
} Reading;

static void
reading_free (Reading *self)
{
  g_clear_pointer (&self->task, fhir_resource_unref);
  g_clear_pointer (&self->ask, care_supply_ask_free);
  g_free (self->made);
  g_free (self);
}

static gboolean
read_one (StoreConnection *connection,
          const CareSupplyApproval *approval,
          ClinicalContent *content,
          GPtrArray *readings,
          GError **error)
{
  Reading *reading = g_new0 (Reading, 1);

  g_ptr_array_add (readings, reading);
  reading->approval = approval;
  reading->task = read_open (connection, approval->task_id, error);
  reading->ask =
      reading->task ? care_supply_ask_read (connection, reading->task, content, error) : NULL;
  if (reading->ask && reading->ask->is_renewal)
    reading->made = base_id_new (base_clock_now (store_connection_get_clock (connection)));
  return reading->ask && is_as_read (reading->ask, approval, error);
}

static gboolean
approve_one (StoreConnection *connection,
             CareContext *context,
             const Reading *reading,
             ClinicalContent *content,
             GError **error)
{
  g_auto (CareWrite) write = { 0 };

  care_write_init (&write, connection, context, reading->ask->patient_id,
                   CARE_PRIORITY_PRESCRIPTION);
  write.hold = CARE_HOLD_UNDO;
  if (reading->made && !sign_renewal (&write, reading->ask, reading->approval, reading->task,
                                      reading->made, content, error))
    return FALSE;
  return close_task (&write, reading->task, "completed", CARE_SUPPLY_APPROVED, NULL, reading->made,
                     error);
}

/* What is renewed at once is the list that the second factor is shown for; of more than one patient
 * there is none. */
static gboolean
set_list (CareContext *context, GPtrArray *readings, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) numbers = NULL;
  const char *patient = NULL;
  gboolean one = TRUE;

  for (guint i = 0; i < readings->len; i++)
    {
      const Reading *reading = readings->pdata[i];

      if (!reading->made)
        continue;
      one = one && (!patient || g_strcmp0 (patient, reading->ask->patient_id) == 0);
      patient = reading->ask->patient_id;
      g_strv_builder_add (builder, reading->made);
    }
  numbers = g_strv_builder_end (builder);
  return care_second_factor_set_list (context, one ? patient : NULL, (const char *const *) numbers,
                                      error);
}

/**
 * care_supply_ask_approve:
 * @approvals: (element-type CareSupplyApproval)
 *
 * Approves them, in a transaction that the caller undoes where this fails: a renewal becomes a
 * prescription of who approves, and what it renews is completed; of anything else the pharmacy
 * hears by the server. All are read before any is signed, as they stood before whoever approves.
 * CARE_ERROR_FINDINGS where one is not any more what was read, or a finding needs a reason.
 */
gboolean
care_supply_ask_approve (StoreConnection *connection,
                         CareContext *context,
                         GPtrArray *approvals,
                         ClinicalContent *content,
                         GError **error)
{
  g_autoptr (GPtrArray) readings = g_ptr_array_new_with_free_func ((GDestroyNotify) reading_free);

  if (!may_answer (context, error))
    return FALSE;
  for (guint i = 0; i < approvals->len; i++)
    if (!read_one (connection, approvals->pdata[i], content, readings, error))
      return FALSE;
  if (!set_list (context, readings, error))
    return FALSE;
  for (guint i = 0; i < readings->len; i++)
    if (!approve_one (connection, context, readings->pdata[i], content, error))
      return FALSE;
  return TRUE;
}

/**
 * care_supply_ask_refuse:
 * @reason: why: whoever asked reads it; CARE_ERROR_MISSING without
 */
gboolean
care_supply_ask_refuse (StoreConnection *connection,
                        CareContext *context,
                        const char *task_id,
                        const char *reason,
                        GError **error)
{
  g_autofree char *words = g_strstrip (g_strdup (reason ? reason : ""));
  g_autoptr (FhirResource) task =
      may_answer (context, error) ? read_open (connection, task_id, error) : NULL;
  g_autofree char *patient = task ? care_patient_of (task) : NULL;
  g_auto (CareWrite) write = { 0 };

  if (!task)
    return FALSE;
  if (*words == '\0')
    return refuse (error, CARE_ERROR_MISSING, _ ("Write why: whoever asked reads it."));
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_PRESCRIPTION);
  write.hold = CARE_HOLD_UNDO;
  return close_task (&write, task, "rejected", CARE_SUPPLY_DECLINED, words, NULL, error);
}

/* ---- writing another in its place ---- */

/* (transfer full) (nullable): the prescription that is asked about, of the patient whom it is for
 */
static FhirResource *
read_request (StoreConnection *connection, FhirResource *task, GError **error)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) request = NULL;

  if (!fhir_reference_split (fhir_resource_path_text (task, "focus.reference"), &type, &id))
    {
      refuse (error, CARE_ERROR_STATE, _ ("The prescription itself is not on this computer yet."));
      return NULL;
    }
  request = care_read (connection, "MedicationRequest", id, error);
  if (request && !care_supply_is_of (request, task))
    {
      refuse (error, CARE_ERROR_STATE,
              _ ("It names a prescription of another patient. Refuse it."));
      return NULL;
    }
  return g_steal_pointer (&request);
}

/**
 * care_supply_ask_change:
 *
 * Declines what is asked, since another prescription is written in its place, and begins that one:
 * a draft with what this one says, to be changed and signed in the form.
 *
 * Returns: (transfer full) (nullable): id of the draft
 */
char *
care_supply_ask_change (StoreConnection *connection,
                        CareContext *context,
                        const char *task_id,
                        ClinicalContent *content,
                        GError **error)
{
  g_autoptr (FhirResource) task =
      may_answer (context, error) ? read_open (connection, task_id, error) : NULL;
  g_autoptr (FhirResource) request = task ? read_request (connection, task, error) : NULL;
  g_autoptr (CarePrescriptionDraft) draft =
      request ? care_supply_ask_draft (context, request, content, error) : NULL;
  g_autofree char *patient = task ? care_patient_of (task) : NULL;
  g_auto (CareWrite) write = { 0 };

  if (!draft || !care_prescription_save (connection, context, draft, error))
    return NULL;
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_PRESCRIPTION);
  write.hold = CARE_HOLD_UNDO;
  return close_task (&write, task, "rejected", CARE_SUPPLY_DECLINED,
                     _ ("Another prescription is written in its place."), NULL, error)
             ? g_strdup (care_prescription_draft_get_id (draft))
             : NULL;
}

/* ---- taking it back ---- */

static gboolean
undo_one (StoreConnection *connection, CareContext *context, const char *task_id, GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  const StoreJournalEntry *entry = NULL;
  g_autofree char *reference = g_strconcat ("Task/", task_id, NULL);
  g_auto (CareWrite) write = { 0 };

  for (guint i = 0; entries && i < entries->len; i++)
    {
      const StoreJournalEntry *other = entries->pdata[i];

      if (g_str_equal (other->type, "Task") && g_str_equal (other->id, task_id))
        entry = other;
    }
  if (!entries)
    return FALSE;
  if (!entry || !care_journal_is_resting (entry))
    return refuse (error, CARE_ERROR_TOO_LATE,
                   _ ("It is on its way and cannot be undone. Cancel the prescription instead."));
  care_write_init (&write, connection, context, entry->patient, CARE_PRIORITY_NORMAL);
  return care_journal_withdraw (connection, entries, entry->group, error) &&
         care_write_audit (&write, "undo", reference, "an answer about a prescription", error);
}

/**
 * care_supply_ask_undo:
 *
 * Takes back the answers to all of these, or to none: CARE_ERROR_TOO_LATE once one may have left.
 */
gboolean
care_supply_ask_undo (StoreConnection *connection,
                      CareContext *context,
                      const char *const *task_ids,
                      GError **error)
{
  if (!may_answer (context, error))
    return FALSE;
  for (; *task_ids; task_ids++)
    if (!undo_one (connection, context, *task_ids, error))
      return FALSE;
  return TRUE;
}

/* ---- from the main thread ---- */

/* All of them in one transaction: what is said of one is said before any is signed. */
static gboolean
approve_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autoptr (GPtrArray) approvals = g_hash_table_get_values_as_ptr_array (c->table);

  return care_supply_ask_approve (connection, c->context, approvals,
                                  c->objects[0] ? CLINICAL_CONTENT (c->objects[0]) : NULL, error);
}

static CareSupplyApproval *
copy_approval (const CareSupplyApproval *approval)
{
  CareSupplyApproval *copy = g_new0 (CareSupplyApproval, 1);

  copy->task_id = g_strdup (approval->task_id);
  copy->seen = g_strdup (approval->seen);
  copy->reasons = approval->reasons ? g_hash_table_ref (approval->reasons) : NULL;
  return copy;
}

/**
 * care_supply_ask_approve_async:
 * @approvals: (element-type CareSupplyApproval): their reasons are not to be changed any more
 * @code: (nullable): of the second factor: then they are of one patient
 *
 * Approves all of them or none. Ends with care_supply_ask_finish ().
 */
void
care_supply_ask_approve_async (CareContext *context,
                               GPtrArray *approvals,
                               ClinicalContent *content,
                               const char *code,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  CareCommand *command = care_command_new (context, approve_work, NULL);

  command->code = g_strdup (code);
  command->objects[0] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  command->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) care_supply_approval_free);
  for (guint i = 0; i < approvals->len; i++)
    {
      CareSupplyApproval *approval = approvals->pdata[i];

      g_hash_table_insert (command->table, g_strdup (approval->task_id), copy_approval (approval));
    }
  care_command_sign (command, care_supply_ask_approve_async, NULL, callback, user_data);
}

static gboolean
refuse_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_supply_ask_refuse (connection, c->context, c->texts[0], c->texts[1], error);
}

void
care_supply_ask_refuse_async (CareContext *context,
                              const char *task_id,
                              const char *reason,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  care_command_write (care_command_new (context, refuse_work, task_id, reason, NULL),
                      care_supply_ask_refuse_async, NULL, callback, user_data);
}

static gboolean
change_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_free;
  c->result =
      care_supply_ask_change (connection, c->context, c->texts[0],
                              c->objects[0] ? CLINICAL_CONTENT (c->objects[0]) : NULL, error);
  return c->result != NULL;
}

void
care_supply_ask_change_async (CareContext *context,
                              const char *task_id,
                              ClinicalContent *content,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  CareCommand *command = care_command_new (context, change_work, task_id, NULL);

  command->objects[0] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  care_command_write (command, care_supply_ask_change_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): id of the draft */
char *
care_supply_ask_change_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_auto (GStrv) ids = g_strsplit (c->texts[0], " ", -1);

  return care_supply_ask_undo (connection, c->context, (const char *const *) ids, error);
}

void
care_supply_ask_undo_async (CareContext *context,
                            const char *const *task_ids,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autofree char *all = g_strjoinv (" ", (GStrv) task_ids);

  care_command_write (care_command_new (context, undo_work, all, NULL), care_supply_ask_undo_async,
                      NULL, callback, user_data);
}

gboolean
care_supply_ask_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
