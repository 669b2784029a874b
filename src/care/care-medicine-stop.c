/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicine-stop.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-journal.h"
#include "care-prescription.h"
#include "care-reconcile-private.h"
#include "care-supply.h"
#include "fhir-reference.h"

/* Stopping one medicine, outside of going through the whole list. What a pharmacy has of it is said
 * first, by prescription, and is asked back in the transaction that stops it: a medicine that is
 * stopped in the chart and handed out at a counter is still taken (hazard H58). */

static void
order_free (CareMedicineStopOrder *self)
{
  g_free (self->name);
  g_free (self->where);
  g_free (self->what);
  g_free (self);
}

void
care_medicine_stop_free (CareMedicineStop *self)
{
  g_free (self->reference);
  g_free (self->name);
  g_clear_pointer (&self->orders, g_ptr_array_unref);
  g_free (self);
}

/* The row, where it is one that can be stopped by @context. */
static CareMedicine *
find_row (CareMedicines *medicines, CareContext *context, const char *reference, GError **error)
{
  CareMedicine *row = care_medicines_find_entry (medicines, reference);

  if (!row || !care_medicine_is_current (row))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   _ ("This medicine is not taken any more: there is nothing to stop."));
      return NULL;
    }
  return care_reconcile_may_act (context, row, CARE_RECONCILE_STOP, error) ? row : NULL;
}

static gboolean
add_order (CareMedicineStop *self,
           StoreConnection *connection,
           BaseClock *clock,
           const CareMedicineSide *side,
           GError **error)
{
  g_autofree char *type = NULL, *id = NULL, *what = NULL;
  g_autoptr (CareDelivery) delivery = NULL;
  CareMedicineStopOrder *order;
  gboolean is_open = FALSE;

  if (!fhir_reference_split (side->reference, &type, &id))
    return TRUE;
  what = care_supply_dup_stop_words (connection, id, &is_open, error);
  delivery = what ? care_prescription_get_delivery (connection, id, clock, error) : NULL;
  if (!delivery)
    return FALSE;
  order = g_new0 (CareMedicineStopOrder, 1);
  order->name = g_strdup (side->name);
  order->where = g_strdup (delivery->text);
  order->what = g_steal_pointer (&what);
  order->is_open = is_open;
  self->is_open |= is_open;
  g_ptr_array_add (self->orders, order);
  return TRUE;
}

/**
 * care_medicine_stop_look:
 * @reference: of an order or a statement, any of the medicine's
 * @content: (nullable): as the list was read with
 *
 * Returns: (transfer full) (nullable): what stopping this medicine does, as far as is known here;
 *   CARE_ERROR_STATE where it is over
 */
CareMedicineStop *
care_medicine_stop_look (StoreConnection *connection,
                         CareContext *context,
                         const char *patient_id,
                         const char *reference,
                         ClinicalContent *content,
                         GError **error)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autoptr (CareMedicines) medicines =
      care_medicines_load (connection, patient_id, clock, content, error);
  CareMedicine *row = medicines ? find_row (medicines, context, reference, error) : NULL;
  g_autoptr (CareMedicineStop) self = NULL;

  if (!row)
    return NULL;
  self = g_new0 (CareMedicineStop, 1);
  self->reference = g_strdup (reference);
  self->name = g_strdup (care_medicine_get_name (row));
  self->orders = g_ptr_array_new_with_free_func ((GDestroyNotify) order_free);
  for (guint i = 0; i < care_medicine_get_n_sides (row); i++)
    {
      const CareMedicineSide *side = care_medicine_get_side (row, i);

      if (care_reconcile_is_own_order (side) && !add_order (self, connection, clock, side, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

/* Who stopped it, of all that was written: what Undo is asked by. */
static char *
put_provenance (CareWrite *write, GPtrArray *written, GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (write->context));
  g_autoptr (FhirBuilder) builder = care_write_provenance (write->context, written->pdata[0], now);
  g_autoptr (FhirResource) provenance = NULL;

  fhir_builder_set_coding (builder, "activity",
                           "http://terminology.hl7.org/CodeSystem/v3-DataOperation", "UPDATE",
                           NULL);
  for (guint i = 1; i < written->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("target.%u.reference", i);

      fhir_builder_set (builder, path, written->pdata[i]);
    }
  provenance = fhir_builder_end (builder);
  return care_write_put (write, provenance, error) ? fhir_resource_dup_reference (provenance)
                                                   : NULL;
}

/**
 * care_medicine_stop:
 * @reason: why; CARE_ERROR_MISSING without
 * @undo_reference: (out) (optional): for care_medicine_stop_undo ()
 *
 * Stops a medicine: our prescriptions of it with what is still to be supplied, our statements; or a
 * statement is made beside those of others. It rests for CARE_UNDO_US before it leaves.
 */
gboolean
care_medicine_stop (StoreConnection *connection,
                    CareContext *context,
                    const char *patient_id,
                    const char *reference,
                    const char *reason,
                    ClinicalContent *content,
                    char **undo_reference,
                    GError **error)
{
  CareReconcileAnswer answer = { .act = CARE_RECONCILE_STOP,
                                 .reason = (char *) reason,
                                 .speaker = (char *) "author" };
  g_autoptr (CareMedicines) medicines =
      care_medicines_load (connection, patient_id, care_context_get_clock (context), content,
                           error);
  CareMedicine *row = medicines ? find_row (medicines, context, reference, error) : NULL;
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *provenance = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!row || !care_context_check_lease (context, error) ||
      !care_reconcile_check_answer (row, &answer, error))
    return FALSE;
  care_write_init (&write, connection, context, patient_id, CARE_PRIORITY_PRESCRIPTION);
  write.hold = CARE_HOLD_UNDO;
  if (!care_reconcile_apply (&write, row, &answer, written, error))
    return FALSE;
  g_return_val_if_fail (written->len > 0, FALSE);
  provenance = put_provenance (&write, written, error);
  if (!provenance || !care_write_audit (&write, "stop", reference, reason, error))
    return FALSE;
  if (undo_reference)
    *undo_reference = g_steal_pointer (&provenance);
  return TRUE;
}

static const StoreJournalEntry *
find_entry (GPtrArray *entries, const char *reference)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];
      g_autofree char *own = g_strdup_printf ("%s/%s", entry->type, entry->id);

      if (g_strcmp0 (own, reference) == 0)
        return entry;
    }
  return NULL;
}

/**
 * care_medicine_stop_undo:
 *
 * Takes it back with all that was written with it, as if nothing had been stopped.
 * CARE_ERROR_TOO_LATE once its rest is over.
 */
gboolean
care_medicine_stop_undo (StoreConnection *connection,
                         CareContext *context,
                         const char *undo_reference,
                         GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  const StoreJournalEntry *entry = entries ? find_entry (entries, undo_reference) : NULL;
  g_auto (CareWrite) write = { 0 };

  if (!entries || !care_reconcile_may_act (context, NULL, CARE_RECONCILE_OPEN, error))
    return FALSE;
  if (!entry || !care_journal_is_resting (entry))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_TOO_LATE,
                   _ ("It is on its way and cannot be undone. Prescribe it again if it is still to "
                      "be taken."));
      return FALSE;
    }
  care_write_init (&write, connection, context, entry->patient, CARE_PRIORITY_NORMAL);
  return care_journal_withdraw (connection, entries, entry->group, error) &&
         care_write_audit (&write, "undo", undo_reference, "a medicine was stopped", error);
}

/* ---- from the main thread ---- */

static ClinicalContent *
content_of (CareCommand *c)
{
  return c->objects[0] ? CLINICAL_CONTENT (c->objects[0]) : NULL;
}

static gboolean
look_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = (GDestroyNotify) care_medicine_stop_free;
  c->result = care_medicine_stop_look (connection, c->context, c->texts[0], c->texts[1],
                                       content_of (c), error);
  return c->result != NULL;
}

void
care_medicine_stop_look_async (CareContext *context,
                               const char *patient_id,
                               const char *reference,
                               ClinicalContent *content,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  CareCommand *command = care_command_new (context, look_work, patient_id, reference, NULL);

  command->objects[0] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  care_command_read (command, care_context_get_store (context), care_medicine_stop_look_async,
                     cancellable, callback, user_data);
}

CareMedicineStop *
care_medicine_stop_look_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
stop_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  char *undo = NULL;

  if (!care_medicine_stop (connection, c->context, c->texts[0], c->texts[1], c->texts[2],
                           content_of (c), &undo, error))
    return FALSE;
  c->result = undo;
  c->free_result = g_free;
  return TRUE;
}

void
care_medicine_stop_async (CareContext *context,
                          const char *patient_id,
                          const char *reference,
                          const char *reason,
                          ClinicalContent *content,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  CareCommand *command = care_command_new (context, stop_work, patient_id, reference, reason, NULL);

  command->objects[0] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  care_command_write (command, care_medicine_stop_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): what to undo it by */
char *
care_medicine_stop_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_medicine_stop_undo (connection, c->context, c->texts[0], error);
}

void
care_medicine_stop_undo_async (CareContext *context,
                               const char *undo_reference,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, undo_reference, NULL),
                      care_medicine_stop_undo_async, NULL, callback, user_data);
}

gboolean
care_medicine_stop_undo_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
