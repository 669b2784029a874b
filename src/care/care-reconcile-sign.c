/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-reconcile-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-entry-private.h"
#include "care-journal.h"
#include "fhir-reference.h"
#include "store-draft.h"

/* Signing the list: everything that was answered, the list itself, and who did it, in one
 * transaction and one group of the journal, which rests for ten seconds. */

/* Source of the code: https://hl7.org/fhir/r4/codesystem-list-example-codes.html "medications".
 * That somebody went through it with the patient is Bedside's own code beside it. */
static FhirBuilder *
list_new (CareWrite *write, const char *now)
{
  gint64 time = base_clock_now (care_context_get_clock (write->context));
  g_autofree char *id = base_id_new (time),
                  *patient = g_strconcat ("Patient/", write->patient, NULL);
  FhirBuilder *builder = fhir_builder_new ("List", id);

  fhir_builder_set_many (builder, "status", "current", "mode", "snapshot", "title",
                         "Medication reconciliation", "code.coding.0.system",
                         CARE_LIST_EXAMPLE_CODES, "code.coding.0.code", "medications",
                         "code.coding.1.system", CARE_SYSTEM_LIST, "code.coding.1.code",
                         CARE_LIST_RECONCILED, "subject.reference", patient, "date", now,
                         "source.reference", care_context_get_user_reference (write->context),
                         "source.display", care_context_get_user_name (write->context), NULL);
  return builder;
}

/* @instead: (nullable): the entry of the same medicine that holds in its place */
static void
add_entry (FhirBuilder *list,
           const char *reference,
           const char *code,
           const char *words,
           const char *instead)
{
  static const char *const names[] = { "flag.coding.0.system", "flag.coding.0.code", "flag.text",
                                       "item.reference" };
  const char *texts[] = { CARE_SYSTEM_LIST, code, words, reference };
  gsize n = fhir_builder_get_length (list, "entry");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("entry.%" G_GSIZE_FORMAT ".%s", n, names[i]);

      fhir_builder_set (list, path, texts[i]);
    }
  if (instead)
    {
      g_autofree char *url = g_strdup_printf ("entry.%" G_GSIZE_FORMAT ".extension.0.url", n);
      g_autofree char *value =
          g_strdup_printf ("entry.%" G_GSIZE_FORMAT ".extension.0.valueReference.reference", n);

      fhir_builder_set_many (list, url, CARE_LIST_CONTINUED_AS, value, instead, NULL);
    }
}

/* "Continue" as one entry says is no "continue" of another that differs. */
static const char *
instead_of (CareMedicine *row, const CareReconcileAnswer *answer, const CareMedicineSide *side)
{
  const CareMedicineFact *holds = care_reconcile_find_holding (row, answer);

  return answer->act == CARE_RECONCILE_CONTINUE && care_reconcile_needs_choice (row) && holds &&
                 !g_str_equal (holds->side.reference, side->reference)
             ? holds->side.reference
             : NULL;
}

static gboolean
sign_row (CareWrite *write,
          CareMedicine *row,
          const CareReconcileAnswer *answer,
          FhirBuilder *list,
          GPtrArray *written,
          GError **error)
{
  static const char *const codes[CARE_N_RECONCILE_ACTS] = { "open", "continue", "change", "stop",
                                                            "not-taken" };
  g_autofree char *words = NULL;
  guint before = written->len;

  if (!care_reconcile_check_answer (row, answer, error) ||
      !care_reconcile_apply (write, row, answer, written, error))
    return FALSE;
  words = care_reconcile_dup_words (row, answer);
  for (guint i = 0; i < care_medicine_get_n_sides (row); i++)
    {
      const CareMedicineSide *side = care_medicine_get_side (row, i);

      add_entry (list, side->reference, codes[answer->act], words, instead_of (row, answer, side));
    }
  for (guint i = before; i < written->len; i++)
    if (!care_medicine_has_reference (row, written->pdata[i]))
      add_entry (list, written->pdata[i], codes[answer->act], words, NULL);
  return TRUE;
}

/* One Provenance of the list and of all that was written: not of what was only read, which whoever
 * signs might not be allowed to write (hazard H36). */
static gboolean
put_provenance (
    CareWrite *write, const char *list, GPtrArray *written, const char *now, GError **error)
{
  g_autoptr (FhirBuilder) builder = care_write_provenance (write->context, list, now);

  fhir_builder_set_coding (builder, "activity",
                           "http://terminology.hl7.org/CodeSystem/v3-DataOperation", "UPDATE",
                           NULL);
  for (guint i = 0; i < written->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("target.%u.reference", i + 1);

      fhir_builder_set (builder, path, written->pdata[i]);
    }
  return care_write_put_builder (write, builder, error);
}

/* The answers stay as a draft of the list, so that Undo gives them back; they go with the rest. */
static gboolean
keep_draft (CareWrite *write, const char *list_id, const char *body, GError **error)
{
  const char *author = care_context_get_user_reference (write->context);
  g_autofree char *id = care_reconcile_dup_draft_id (author, write->patient);
  g_autoptr (StoreDraft) draft = store_draft_load (write->connection, id, NULL);

  if (draft && !store_draft_remove (write->connection, id, error))
    return FALSE;
  return store_draft_save (write->connection, list_id, CARE_DRAFT_RECONCILE_SIGNED, write->patient,
                           author, NULL, body, error);
}

static gboolean
sign_all (CareWrite *write,
          CareReconciliation *answers,
          FhirBuilder *list,
          GPtrArray *written,
          GError **error)
{
  GListModel *rows = care_reconciliation_get_rows (answers);

  if (g_list_model_get_n_items (rows) == 0)
    fhir_builder_set_coding (list, "emptyReason", CARE_LIST_EMPTY_REASONS, "nilknown", "Nil Known");
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (rows, i);

      if (!sign_row (write, row, care_reconciliation_get_answer (answers, row), list, written,
                     error))
        return FALSE;
    }
  return TRUE;
}

/* Whether a row speaks against "none known" although nobody is asked about it: a supply that has
 * surely run out does not. */
static gboolean
is_in_hand (CareMedicine *row)
{
  const CareMedicineSupply *supply = care_medicine_get_supply (row);
  CareMedicineState state = care_medicine_get_state (row);

  return state == CARE_MEDICINE_DRAFT ||
         (state == CARE_MEDICINE_SUPPLIED && !(supply && supply->has_days_left && supply->over));
}

/**
 * care_reconcile_may_say_none:
 *
 * Returns: whether somebody may record of these that no medicine is known
 */
gboolean
care_reconcile_may_say_none (CareMedicines *medicines, GError **error)
{
  GListModel *rows = care_medicines_get_rows (medicines);
  const char *fault = NULL;

  if (care_medicines_get_n_withheld (medicines) > 0)
    fault = _ ("There are entries that Bedside cannot show safely. It cannot say that there "
               "are no medicines.");
  if (!fault && care_medicines_get_n_unnamed (medicines) > 0)
    fault = _ ("A medicine is taken that has no name here. It cannot be recorded that there are "
               "none.");
  for (guint i = 0; !fault && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (rows, i);

      if (is_in_hand (row))
        fault = _ ("Medicines were handed out or are drafts. It cannot be recorded that there are "
                   "none.");
    }
  if (fault)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE, fault);
  return !fault;
}

/* With nothing to ask about, "none known" is signed: by who said that, and not by who answered
 * about medicines that ended meanwhile. */
static gboolean
check_none (CareMedicines *medicines, CareReconciliation *answers, GError **error)
{
  if (g_list_model_get_n_items (care_reconciliation_get_rows (answers)) > 0)
    return TRUE;
  if (!care_reconciliation_is_found (answers))
    return care_reconcile_may_say_none (medicines, error);
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE, _ ("No medicine is current any more"));
  return FALSE;
}

static void
add_note (FhirBuilder *list, const char *text)
{
  g_autofree char *path =
      g_strdup_printf ("note.%" G_GSIZE_FORMAT ".text", fhir_builder_get_length (list, "note"));

  fhir_builder_set (list, path, text);
}

/* What cannot be shown, or has no name here, was not gone through, and the list says so. */
static void
note_withheld (CareMedicines *medicines, FhirBuilder *list)
{
  guint n_withheld = care_medicines_get_n_withheld (medicines);
  guint n_unnamed = care_medicines_get_n_unnamed (medicines);
  g_autofree char *withheld =
      g_strdup_printf (ngettext ("%u entry with an unknown modifier was not looked at",
                                 "%u entries with unknown modifiers were not looked at",
                                 n_withheld),
                       n_withheld);
  g_autofree char *unnamed =
      g_strdup_printf (ngettext ("%u medicine that has no name here was not looked at",
                                 "%u medicines that have no name here were not looked at",
                                 n_unnamed),
                       n_unnamed);

  if (n_withheld > 0)
    add_note (list, withheld);
  if (n_unnamed > 0)
    add_note (list, unnamed);
}

/**
 * care_reconcile_sign:
 * @body: of care_reconciliation_dup_body ()
 * @content: (nullable): as the rows were read with
 * @list_reference: (out) (optional): what to undo
 *
 * Signs the answers about all current medicines; with none, that none is known. Nothing is written
 * where one is not answered, or changed since it was: CARE_ERROR_MISSING says which.
 */
gboolean
care_reconcile_sign (StoreConnection *connection,
                     CareContext *context,
                     const char *patient_id,
                     const char *body,
                     ClinicalContent *content,
                     char **list_reference,
                     GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autoptr (CareMedicines) medicines = NULL;
  g_autoptr (CareReconciliation) answers = care_reconciliation_new (context, patient_id);
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) list = NULL;
  g_autofree char *now = base_clock_dup_instant (clock), *reference = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!care_context_check_lease (context, error) ||
      !care_reconcile_may_act (context, NULL, CARE_RECONCILE_OPEN, error) ||
      !(medicines = care_medicines_load (connection, patient_id, clock, content, error)))
    return FALSE;
  care_reconciliation_set_medicines (answers, medicines);
  care_reconciliation_read_body (answers, body);
  if (!check_none (medicines, answers, error))
    return FALSE;
  care_write_init (&write, connection, context, patient_id, CARE_PRIORITY_PRESCRIPTION);
  write.hold = CARE_HOLD_UNDO;
  builder = list_new (&write, now);
  note_withheld (medicines, builder);
  if (!sign_all (&write, answers, builder, written, error))
    return FALSE;
  list = fhir_builder_end (builder);
  reference = fhir_resource_dup_reference (list);
  if (!care_write_put (&write, list, error) ||
      !put_provenance (&write, reference, written, now, error) ||
      !keep_draft (&write, fhir_resource_get_id (list), body, error) ||
      !care_write_audit (&write, "sign", reference, "medication reconciliation", error))
    return FALSE;
  if (list_reference)
    *list_reference = g_steal_pointer (&reference);
  return TRUE;
}

static const StoreJournalEntry *
find_entry (GPtrArray *entries, const char *type, const char *id)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->type, type) && g_str_equal (entry->id, id))
        return entry;
    }
  return NULL;
}

/* To whom they are: whoever signed. What was answered since then counts, where both did. */
static gboolean
give_back_draft (StoreConnection *connection,
                 CareContext *context,
                 const StoreDraft *kept,
                 GError **error)
{
  g_autofree char *id = care_reconcile_dup_draft_id (kept->author, kept->patient), *body = NULL;
  g_autoptr (StoreDraft) since = store_draft_load (connection, id, NULL);
  g_autoptr (CareReconciliation) answers = care_reconciliation_new (context, kept->patient);

  care_reconciliation_read_body (answers, kept->body);
  care_reconciliation_read_body (answers, since ? since->body : NULL);
  body = care_reconciliation_dup_body (answers);
  return store_draft_save (connection, id, CARE_DRAFT_RECONCILE, kept->patient, kept->author, NULL,
                           body, error) &&
         store_draft_remove (connection, kept->id, error);
}

/**
 * care_reconcile_undo:
 *
 * Takes a signed list back with all that was written with it; the answers are a draft again.
 * CARE_ERROR_TOO_LATE once it may leave: the answers went when its rest was over.
 */
gboolean
care_reconcile_undo (StoreConnection *connection,
                     CareContext *context,
                     const char *list_reference,
                     GError **error)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  const StoreJournalEntry *entry = entries && fhir_reference_split (list_reference, &type, &id)
                                       ? find_entry (entries, type, id)
                                       : NULL;
  g_autoptr (StoreDraft) kept = entry ? store_draft_load (connection, id, NULL) : NULL;
  g_auto (CareWrite) write = { 0 };

  if (!entries || !care_reconcile_may_act (context, NULL, CARE_RECONCILE_OPEN, error))
    return FALSE;
  if (!kept)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_TOO_LATE,
                   _ ("It has been sent and cannot be undone. Go through the list again."));
      return FALSE;
    }
  care_write_init (&write, connection, context, entry->patient, CARE_PRIORITY_NORMAL);
  return care_journal_withdraw (connection, entries, entry->group, error) &&
         give_back_draft (connection, context, kept, error) &&
         care_write_audit (&write, "undo", list_reference, "medication reconciliation", error);
}

/* ---- from the main thread ---- */

static gboolean
sign_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_free;
  return care_reconcile_sign (connection, c->context, c->texts[0], c->texts[1],
                              c->objects[0] ? CLINICAL_CONTENT (c->objects[0]) : NULL,
                              (char **) &c->result, error);
}

void
care_reconcile_sign_async (CareContext *context,
                           const char *patient_id,
                           const char *body,
                           ClinicalContent *content,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  CareCommand *command = care_command_new (context, sign_work, patient_id, body, NULL);

  command->objects[0] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  care_command_write (command, care_reconcile_sign_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): what to undo. */
char *
care_reconcile_sign_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_reconcile_undo (connection, c->context, c->texts[0], error);
}

void
care_reconcile_undo_async (CareContext *context,
                           const char *list_reference,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, list_reference, NULL),
                      care_reconcile_undo_async, NULL, callback, user_data);
}
