/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-private.h"

#include <glib/gi18n.h>

#include "care-summary-private.h"
#include "care-supply-end.h"
#include "care-supply.h"
#include "care-task-private.h"
#include "fhir-name.h"
#include "fhir-reference.h"
#include "store-draft.h"
#include "store-resource.h"
#include "store-search.h"

/* Where a signed prescription is, and what may still be done about it. "Waiting to send" is a quiet
 * state: after a minute without an acknowledgement it says so loudly (hazard H1). */

#define UNSENT_TASK_US (15 * 60 * G_USEC_PER_SEC)

void
care_delivery_free (CareDelivery *self)
{
  g_free (self->text);
  g_free (self->reason);
  g_free (self);
}

static const StoreJournalEntry *
find_entry (GPtrArray *entries, const char *request_id)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->type, "MedicationRequest") && g_str_equal (entry->id, request_id))
        return entry;
    }
  return NULL;
}

static CareDeliveryState
state_of_entry (const StoreJournalEntry *entry, gint64 now)
{
  gint64 age = now - entry->created_us;

  if (care_journal_is_resting (entry) && age < CARE_UNDO_US)
    return CARE_DELIVERY_RESTING;
  if (g_str_equal (entry->state, "refused"))
    return CARE_DELIVERY_REFUSED;
  if (g_str_equal (entry->state, "held") && !care_journal_is_resting (entry))
    return CARE_DELIVERY_HELD;
  if (g_str_equal (entry->state, "unknown"))
    return CARE_DELIVERY_UNKNOWN;
  return age >= CARE_NOT_SENT_US ? CARE_DELIVERY_NOT_SENT : CARE_DELIVERY_WAITING;
}

static char *
words_of (CareDeliveryState state, const char *reason, gboolean printed)
{
  if (printed && (state == CARE_DELIVERY_WAITING || state == CARE_DELIVERY_NOT_SENT))
    return g_strdup (_ ("NOT SENT YET. The patient has it on paper, with the same number"));
  switch (state)
    {
    case CARE_DELIVERY_RESTING:
      return g_strdup (_ ("Signed. It can be undone for a few seconds"));
    case CARE_DELIVERY_WAITING:
      return g_strdup (_ ("Waiting to be sent"));
    case CARE_DELIVERY_NOT_SENT:
      return g_strdup (_ ("NOT SENT: TELL THE PATIENT"));
    case CARE_DELIVERY_UNKNOWN:
      return g_strdup (_ ("Not known whether it arrived: asking. Tell the patient to wait"));
    case CARE_DELIVERY_HELD:
      return g_strdup_printf (_ ("Held back, needs you again: %s"),
                              reason ? reason : _ ("no reason recorded"));
    case CARE_DELIVERY_REFUSED:
      return g_strdup_printf (_ ("REFUSED, TELL THE PATIENT: %s"),
                              reason ? reason : _ ("no reason given"));
    default:
      return NULL; /* a server has it: care_supply_say () */
    }
  return NULL;
}

/* Cancelled here, and no server has said that it knows. */
static void
read_cancelled (CareDelivery *delivery, const StoreJournalEntry *entry)
{
  gboolean lost = g_str_equal (entry->state, "unknown");

  delivery->state = lost ? CARE_DELIVERY_UNKNOWN : CARE_DELIVERY_CANCELLED;
  delivery->text = g_strdup (
      lost ? _ ("Cancelled here, not known whether that arrived: asking. Tell the patient and the "
                "pharmacy")
           : _ ("Cancelled here, NOT YET KNOWN ELSEWHERE: tell the patient and the pharmacy"));
}

/**
 * care_delivery_of:
 * @request: a MedicationRequest
 * @entries: (element-type StoreJournalEntry): what care_journal_open () gave
 *
 * Returns: (transfer full): where it is
 */
CareDelivery *
care_delivery_of (StoreConnection *connection,
                  FhirResource *request,
                  GPtrArray *entries,
                  gint64 now)
{
  CareDelivery *delivery = g_new0 (CareDelivery, 1);
  const char *id = fhir_resource_get_id (request),
             *status = fhir_resource_path_text (request, "status");
  const StoreJournalEntry *entry = find_entry (entries, id);

  delivery->signed_us =
      entry ? entry->created_us : care_chart_time (fhir_resource_path_text (request, "authoredOn"));
  if (entry && (g_strcmp0 (status, "cancelled") == 0 || g_strcmp0 (status, "stopped") == 0))
    read_cancelled (delivery, entry);
  else if (entry)
    {
      delivery->state = state_of_entry (entry, now);
      delivery->reason = g_strdup (care_journal_is_resting (entry) ? NULL : entry->reason);
      delivery->text =
          words_of (delivery->state, delivery->reason, care_supply_is_printed (connection, id));
    }
  else
    care_supply_say (connection, request, delivery);
  return delivery;
}

/**
 * care_prescription_get_delivery:
 * @request_id: id of a MedicationRequest
 *
 * Returns: (transfer full) (nullable): where it is, from journal and tasks
 */
CareDelivery *
care_prescription_get_delivery (StoreConnection *connection,
                                const char *request_id,
                                BaseClock *clock,
                                GError **error)
{
  g_autoptr (FhirResource) request = care_read (connection, "MedicationRequest", request_id, error);
  g_autoptr (GPtrArray) entries = request ? care_journal_open (connection, error) : NULL;

  return entries ? care_delivery_of (connection, request, entries, base_clock_now (clock)) : NULL;
}

static CareRow *
unsent_row (StoreConnection *connection, const StoreJournalEntry *entry, gint64 now)
{
  CareChart chart = { .connection = connection };
  CareDeliveryState state = state_of_entry (entry, now);
  g_autoptr (FhirResource) request =
      store_resource_get (connection, "MedicationRequest", entry->id, NULL);
  g_autoptr (FhirResource) patient =
      entry->patient ? store_resource_get (connection, "Patient", entry->patient, NULL) : NULL;
  g_autofree char *title =
      request ? care_chart_medicine (&chart, request) : g_strdup ("A prescription");
  g_autofree char *name =
      patient ? fhir_human_name_format (fhir_resource_path (patient, "name")) : NULL;
  g_autofree char *words = words_of (state, care_journal_is_resting (entry) ? NULL : entry->reason,
                                     care_supply_is_printed (connection, entry->id));
  g_autofree char *reference = g_strconcat ("MedicationRequest/", entry->id, NULL);
  g_autofree char *group = entry->patient ? g_strconcat ("Patient/", entry->patient, NULL) : NULL;
  g_autofree char *sentence =
      request ? clinical_dosage_display (fhir_resource_path (request, "dosageInstruction"), NULL)
              : NULL;

  return care_row_new (entry->created_us, CARE_ROW_TITLE, title, CARE_ROW_SUBTITLE, name,
                       CARE_ROW_STATUS, care_delivery_state_get_nick (state), CARE_ROW_VALUE, words,
                       CARE_ROW_DETAIL, sentence, CARE_ROW_REFERENCE, reference, CARE_ROW_GROUP,
                       group, 0);
}

/**
 * care_prescription_list_unsent:
 *
 * What stands between a person and leaving: prescriptions that no server has acknowledged (hazard
 * H1). Title is the medicine, subtitle the patient, value what to say, group the patient's
 * reference.
 *
 * Returns: (transfer full) (nullable): CareRow
 */
GListStore *
care_prescription_list_unsent (StoreConnection *connection, BaseClock *clock, GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  g_autoptr (GListStore) rows = g_list_store_new (CARE_TYPE_ROW);

  if (!entries)
    return NULL;
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];
      g_autoptr (CareRow) row = NULL;

      if (!g_str_equal (entry->type, "MedicationRequest"))
        continue;
      row = unsent_row (connection, entry, base_clock_now (clock));
      g_list_store_append (rows, row);
    }
  return g_steal_pointer (&rows);
}

/**
 * care_prescription_release_due:
 * @next_due_us: (out) (optional): when the next one is due, 0 when none rests
 *
 * Lets go what has rested long enough (hazard H21). To be called when the program starts and when
 * the next one is due.
 */
gboolean
care_prescription_release_due (StoreConnection *connection,
                               CareContext *context,
                               gint64 *next_due_us,
                               GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "held", G_MAXINT, error);
  gint64 now = base_clock_now (care_context_get_clock (context)), next = 0;

  for (guint i = 0; entries && i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];
      gint64 due = entry->created_us + CARE_UNDO_US;
      g_autoptr (StoreDraft) kept = NULL;

      if (!care_journal_is_resting (entry))
        continue;
      if (due > now)
        {
          next = next == 0 ? due : MIN (next, due);
          continue;
        }
      if (!store_journal_set_state (connection, entry->sequence, "waiting", NULL, error))
        return FALSE;
      kept = store_draft_load (connection, entry->id, NULL);
      if (kept && !store_draft_remove (connection, entry->id, error))
        return FALSE;
    }
  if (next_due_us)
    *next_due_us = next;
  return entries != NULL;
}

static gboolean
raise_one (StoreConnection *connection,
           CareContext *context,
           const StoreJournalEntry *entry,
           guint *raised,
           GError **error)
{
  g_autofree char *reference = g_strconcat ("MedicationRequest/", entry->id, NULL);
  g_autofree char *query =
      g_strdup_printf ("focus=%s&code=%s|prescription-not-sent", reference, CARE_SYSTEM_TASK);
  g_autoptr (GPtrArray) tasks = store_search_ids (connection, "Task", query, error);

  if (!tasks || tasks->len > 0)
    return tasks != NULL;
  ++*raised;
  return care_task_create (connection, context, "prescription-not-sent",
                           "A signed prescription was not acknowledged for 15 minutes: tell the "
                           "patient, send it another way",
                           entry->patient, reference, "urgent", NULL, NULL, error);
}

/**
 * care_prescription_raise_unsent:
 * @raised: (out) (optional): how many tasks were made
 *
 * Makes a task, visible to others as soon as any path exists, of every prescription that nobody
 * acknowledged for fifteen minutes (hazard H1), once.
 */
gboolean
care_prescription_raise_unsent (StoreConnection *connection,
                                CareContext *context,
                                guint *raised,
                                GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  gint64 now = base_clock_now (care_context_get_clock (context));
  guint count = 0;

  for (guint i = 0; entries && i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->type, "MedicationRequest") &&
          now - entry->created_us >= UNSENT_TASK_US &&
          !raise_one (connection, context, entry, &count, error))
        return FALSE;
    }
  if (raised)
    *raised = count;
  return entries != NULL;
}

/**
 * care_prescription_undo:
 *
 * Takes back a prescription that has not left: its resources go, the draft is as it was.
 * CARE_ERROR_TOO_LATE once the rest is over.
 */
gboolean
care_prescription_undo (StoreConnection *connection,
                        CareContext *context,
                        const char *request_id,
                        GError **error)
{
  static const char *const roles[] = { "prescriber", "admin", NULL };
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  const StoreJournalEntry *entry = entries ? find_entry (entries, request_id) : NULL;
  g_autoptr (StoreDraft) kept = NULL;
  g_autofree char *reference = g_strconcat ("MedicationRequest/", request_id, NULL);
  g_auto (CareWrite) write = { 0 };

  if (!entries || !care_require_role (context, "take back a prescription", roles, error))
    return FALSE;
  if (!entry || !care_journal_is_resting (entry))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_TOO_LATE,
                   _ ("It is on its way and cannot be undone. Cancel it instead."));
      return FALSE;
    }
  care_write_init (&write, connection, context, entry->patient, CARE_PRIORITY_PRESCRIPTION);
  kept = store_draft_load (connection, request_id, NULL);
  if (kept && !store_draft_save (connection, kept->id, CARE_DRAFT_PRESCRIPTION, kept->patient,
                                 kept->author, kept->encounter, kept->body, error))
    return FALSE;
  return care_journal_withdraw (connection, entries, entry->group, error) &&
         care_write_audit (&write, "undo", reference, "prescription", error);
}

/**
 * care_prescription_end:
 * @status: "cancelled", or "stopped" of what was taken
 * @reason: why
 *
 * Ends a signed prescription within what @write writes together. authoredOn is not touched.
 * CARE_ERROR_STATE for one that still rests: that is taken back, not ended.
 */
gboolean
care_prescription_end (
    CareWrite *write, FhirResource *request, const char *status, const char *reason, GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (write->connection, error);
  const StoreJournalEntry *entry =
      entries ? find_entry (entries, fhir_resource_get_id (request)) : NULL;
  g_autofree char *reference = fhir_resource_dup_reference (request);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (request);

  if (!entries)
    return FALSE;
  if (entry && care_journal_is_resting (entry))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   _ ("This prescription was signed a moment ago. Undo it instead."));
      return FALSE;
    }
  if (!reason || !*reason)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING,
                   _ ("Write why the prescription is cancelled."));
      return FALSE;
    }
  fhir_builder_set (builder, "status", status);
  fhir_builder_remove (builder, "statusReason");
  fhir_builder_set (builder, "statusReason.text", reason);
  return care_supply_end (write, request, status, reason, error) &&
         care_write_put_builder (write, builder, error) &&
         care_write_audit (write, "cancel", reference, reason, error);
}

/**
 * care_prescription_cancel:
 * @reason: why
 *
 * Cancels a signed prescription. One that still rests is taken back; one that left is marked
 * cancelled, which is sent like a prescription. authoredOn is not touched.
 */
gboolean
care_prescription_cancel (StoreConnection *connection,
                          CareContext *context,
                          const char *request_id,
                          const char *reason,
                          GError **error)
{
  static const char *const roles[] = { "prescriber", "admin", NULL };
  g_autoptr (FhirResource) request = care_read (connection, "MedicationRequest", request_id, error);
  g_autoptr (GPtrArray) entries = request ? care_journal_open (connection, error) : NULL;
  const StoreJournalEntry *entry = entries ? find_entry (entries, request_id) : NULL;
  g_autofree char *patient = request ? care_patient_of (request) : NULL;
  g_auto (CareWrite) write = { 0 };

  if (!entries || !care_require_role (context, "cancel a prescription", roles, error))
    return FALSE;
  if (entry && care_journal_is_resting (entry))
    return care_prescription_undo (connection, context, request_id, error);
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_PRESCRIPTION);
  return care_prescription_end (&write, request, "cancelled", reason, error);
}
