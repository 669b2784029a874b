/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pharmacy-counter.h"

#include "care-supply-code.h"
#include "care-supply.h"
#include "fhir-concept.h"

/* A counter that does at once what people at a counter do in their time, and that fails in the ways
 * in which they are failed. The next step of an order comes of what stands at the network alone. */

struct _PharmacyCounter
{
  BedsidePharmacyNetwork *network;
  PharmacyFaults faults;
  GMutex mutex;
  GPtrArray *lines;   /* PharmacyLine, of the last look; under mutex */
  GPtrArray *waiting; /* char *: codes that are not looked at yet; under mutex */
  GPtrArray *codes;   /* char *: what came of the last ones; under mutex */
};

#define MOST_CODES 20

static void
line_free (PharmacyLine *self)
{
  g_free (self->id);
  g_free (self->patient);
  g_free (self->medicine);
  g_free (self->dosage);
  g_free (self->state);
  g_free (self->problem);
  g_free (self);
}

PharmacyCounter *
pharmacy_counter_new (BedsidePharmacyNetwork *network, PharmacyFaults faults)
{
  PharmacyCounter *self = g_new0 (PharmacyCounter, 1);

  self->network = g_object_ref (network);
  self->faults = faults;
  g_mutex_init (&self->mutex);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  self->waiting = g_ptr_array_new_with_free_func (g_free);
  self->codes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
pharmacy_counter_free (PharmacyCounter *self)
{
  g_clear_object (&self->network);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->codes, g_ptr_array_unref);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Whoever is served slowly is served still; who leaves is not waited for. */
static gboolean
take_time (PharmacyCounter *self, GCancellable *stop)
{
  for (int i = 0; i < self->faults.slow * 10 && !g_cancellable_is_cancelled (stop); i++)
    g_usleep (G_USEC_PER_SEC / 10);
  return !g_cancellable_is_cancelled (stop);
}

static gboolean
say (PharmacyCounter *self,
     const PharmacyOrder *order,
     PharmacyWord word,
     const char *reason,
     GCancellable *stop,
     GError **error)
{
  return take_time (self, stop) &&
         bedside_pharmacy_network_answer (self->network, order, word, reason, stop, error);
}

static gboolean
hand_out (PharmacyCounter *self,
          const PharmacyOrder *order,
          double part,
          gboolean ends,
          GCancellable *stop,
          GError **error)
{
  gboolean other =
      self->faults.substitute ||
      (self->faults.ask_substitute && pharmacy_order_get_answer (order) == PHARMACY_APPROVED);
  PharmacySupply supply = { .part = part,
                            .ends = ends,
                            .substitute = other ? "The same active substance, another maker" : NULL,
                            .asks_renewal = self->faults.renew };

  return take_time (self, stop) &&
         bedside_pharmacy_network_hand_out (self->network, order, &supply, stop, error);
}

/* What it is asked to stop is stopped, unless it is gone already. */
static gboolean
answer_cancel (PharmacyCounter *self,
               const PharmacyOrder *order,
               GCancellable *stop,
               GError **error)
{
  gboolean gone =
      self->faults.deliver && care_supply_step_of (order->task) == CARE_SUPPLY_STEP_READY;

  if (gone || self->faults.no_stop)
    return say (self, order, PHARMACY_NOT_STOP,
                gone ? "it is on its way to the patient" : "it is being handed out", stop, error);
  return say (self, order, PHARMACY_STOP, NULL, stop, error);
}

static gboolean
begin (PharmacyCounter *self, const PharmacyOrder *order, GCancellable *stop, GError **error)
{
  if (self->faults.refuse)
    return say (self, order, PHARMACY_REJECT, "we do not supply this", stop, error);
  return say (self, order, PHARMACY_ACCEPT, NULL, stop, error);
}

/* Asks once: what was approved is prepared. */
static gboolean
prepare (PharmacyCounter *self, const PharmacyOrder *order, GCancellable *stop, GError **error)
{
  gboolean asks = pharmacy_order_get_answer (order) == PHARMACY_UNANSWERED;

  if (self->faults.ask && asks)
    return say (self, order, PHARMACY_ASK_DOSE, "is this dose meant? Please call us", stop, error);
  if (self->faults.ask_substitute && asks)
    return say (self, order, PHARMACY_ASK_SUBSTITUTE,
                "we have the same active substance of another maker", stop, error);
  if (self->faults.out_of_stock && asks)
    return say (self, order, PHARMACY_ASK_STOCK, "out of stock, expected in three days", stop,
                error);
  if (self->faults.partial)
    return hand_out (self, order, 0.5, FALSE, stop, error);
  return say (self, order, PHARMACY_READY, NULL, stop, error);
}

/* What waits for a prescriber goes on with the answer. */
static gboolean
go_on (PharmacyCounter *self, const PharmacyOrder *order, GCancellable *stop, GError **error)
{
  switch (pharmacy_order_get_answer (order))
    {
    case PHARMACY_APPROVED:
      return self->faults.partial || prepare (self, order, stop, error);
    case PHARMACY_DECLINED:
      return say (self, order, PHARMACY_REJECT, "the prescriber declined", stop, error);
    case PHARMACY_UNANSWERED:
      return TRUE;
    }
  return TRUE;
}

/* One step, or none: what waits for somebody waits. */
static gboolean
step (PharmacyCounter *self, const PharmacyOrder *order, GCancellable *stop, GError **error)
{
  const char *status = order->request ? fhir_resource_path_text (order->request, "status") : NULL;

  if (order->cancel)
    return answer_cancel (self, order, stop, error);
  if (g_strcmp0 (status, "active") != 0)
    return TRUE; /* nothing is handed out that is not, or no longer, ordered */
  switch (care_supply_step_of (order->task))
    {
    case CARE_SUPPLY_STEP_ASKED:
      return begin (self, order, stop, error);
    case CARE_SUPPLY_STEP_TAKEN:
      return prepare (self, order, stop, error);
    case CARE_SUPPLY_STEP_READY:
      if (self->faults.keep)
        return TRUE;
      return hand_out (self, order, 1, TRUE, stop, error);
    case CARE_SUPPLY_STEP_WAITS:
      return go_on (self, order, stop, error);
    default:
      return TRUE;
    }
}

static char *
dup_medicine (FhirResource *request)
{
  const FhirElement *concept =
      request ? fhir_resource_path (request, "medicationCodeableConcept") : NULL;

  return concept ? fhir_concept_dup_text (concept) : NULL;
}

static PharmacyLine *
make_line (const PharmacyOrder *order, const GError *problem)
{
  PharmacyLine *line = g_new0 (PharmacyLine, 1);
  FhirResource *request = order->request;

  line->id = g_strdup (request ? fhir_resource_get_id (request) : NULL);
  line->patient = g_strdup (order->patient);
  line->medicine = dup_medicine (request);
  line->dosage =
      g_strdup (request ? fhir_resource_path_text (request, "dosageInstruction.0.text") : NULL);
  line->state = g_strdup (order->cancel ? "the clinic asks to stop it"
                                        : fhir_resource_path_text (order->task, "status"));
  line->problem = g_strdup (problem ? problem->message : NULL);
  return line;
}

/* ---- codes ---- */

/**
 * pharmacy_counter_take_code:
 * @text: by anybody: it is read, and nothing of it is opened
 *
 * Returns: whether it is a code, which the next look shows to the network
 */
gboolean
pharmacy_counter_take_code (PharmacyCounter *self, const char *text, GError **error)
{
  g_autofree char *number = NULL, *token = NULL;
  gboolean full;

  if (!care_supply_code_parse (text, &number, &token, error))
    return FALSE;
  g_mutex_lock (&self->mutex);
  full = self->waiting->len >= MOST_CODES;
  if (!full)
    g_ptr_array_add (self->waiting, care_supply_code_make (number, token));
  g_mutex_unlock (&self->mutex);
  if (full)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                         "Too many codes wait: show it again in a moment.");
  return !full;
}

static char *
steal_code (PharmacyCounter *self)
{
  char *code = NULL;

  g_mutex_lock (&self->mutex);
  if (self->waiting->len > 0)
    code = g_ptr_array_steal_index (self->waiting, 0);
  g_mutex_unlock (&self->mutex);
  return code;
}

/* By its number alone: the token is the patient's. */
static void
note_code (PharmacyCounter *self, const char *number, const GError *problem)
{
  g_mutex_lock (&self->mutex);
  if (self->codes->len >= MOST_CODES)
    g_ptr_array_remove_index (self->codes, 0);
  g_ptr_array_add (self->codes,
                   problem ? g_strdup_printf ("Prescription %s: %s", number, problem->message)
                           : g_strdup_printf ("Prescription %s is here.", number));
  g_mutex_unlock (&self->mutex);
}

static void
show_codes (PharmacyCounter *self, GCancellable *stop)
{
  for (char *code = steal_code (self); code; code = steal_code (self))
    {
      g_autofree char *own = code, *number = NULL, *token = NULL;
      g_autoptr (GError) problem = NULL;

      if (g_cancellable_is_cancelled (stop) ||
          !care_supply_code_parse (code, &number, &token, &problem))
        continue;
      bedside_pharmacy_network_collect (self->network, number, token, stop, &problem);
      note_code (self, number, problem);
    }
}

/**
 * pharmacy_counter_dup_codes:
 *
 * Returns: (transfer full) (element-type utf8): what came of the last codes, a sentence each
 */
GPtrArray *
pharmacy_counter_dup_codes (PharmacyCounter *self)
{
  GPtrArray *codes = g_ptr_array_new_with_free_func (g_free);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->codes->len; i++)
    g_ptr_array_add (codes, g_strdup (self->codes->pdata[i]));
  g_mutex_unlock (&self->mutex);
  return codes;
}

/**
 * pharmacy_counter_look:
 *
 * Reads what waits and goes one step on with each. What fails with one order stands beside it, and
 * is tried again at the next look.
 *
 * Returns: whether the network could be read
 */
gboolean
pharmacy_counter_look (PharmacyCounter *self, GCancellable *stop, GError **error)
{
  g_autoptr (GPtrArray) orders = NULL;
  GPtrArray *lines;

  show_codes (self, stop);
  orders = bedside_pharmacy_network_list (self->network, stop, error);
  if (!orders)
    return FALSE;
  lines = g_ptr_array_new_with_free_func ((GDestroyNotify) line_free);
  for (guint i = 0; i < orders->len && !g_cancellable_is_cancelled (stop); i++)
    {
      g_autoptr (GError) problem = NULL;

      step (self, orders->pdata[i], stop, &problem);
      g_ptr_array_add (lines, make_line (orders->pdata[i], problem));
    }
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  self->lines = lines;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

/**
 * pharmacy_counter_dup_lines:
 *
 * Returns: (transfer full) (element-type PharmacyLine): what the last look saw; not to be changed
 */
GPtrArray *
pharmacy_counter_dup_lines (PharmacyCounter *self)
{
  GPtrArray *lines;

  g_mutex_lock (&self->mutex);
  lines = g_ptr_array_ref (self->lines);
  g_mutex_unlock (&self->mutex);
  return lines;
}
