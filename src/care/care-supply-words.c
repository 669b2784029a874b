/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-supply.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-prescription-private.h"
#include "care-summary-private.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* The states of a prescription in words: the same in the chart, in lists and in tasks. */

static const struct
{
  const char *nick;
  gboolean loud;
} names[] = {
  [CARE_DELIVERY_RESTING] = { "resting", FALSE },
  [CARE_DELIVERY_WAITING] = { "waiting", FALSE },
  [CARE_DELIVERY_NOT_SENT] = { "not-sent", TRUE },
  [CARE_DELIVERY_UNKNOWN] = { "unknown", TRUE },
  [CARE_DELIVERY_HELD] = { "held", TRUE },
  [CARE_DELIVERY_REFUSED] = { "refused", TRUE },
  [CARE_DELIVERY_SENT] = { "sent", FALSE },
  [CARE_DELIVERY_CHOSEN] = { "chosen", FALSE },
  [CARE_DELIVERY_CANCELLED] = { "cancelled", FALSE },
  [CARE_DELIVERY_ACKNOWLEDGED] = { "acknowledged", FALSE },
  [CARE_DELIVERY_ON_HOLD] = { "on-hold", TRUE },
  [CARE_DELIVERY_READY] = { "ready", FALSE },
  [CARE_DELIVERY_PARTLY] = { "partly-dispensed", FALSE },
  [CARE_DELIVERY_DISPENSED] = { "dispensed", FALSE },
  [CARE_DELIVERY_NOT_COLLECTED] = { "not-collected", TRUE },
  [CARE_DELIVERY_COMPLETED] = { "completed", FALSE },
  [CARE_DELIVERY_CANCEL_ASKED] = { "cancel-asked", TRUE },
  [CARE_DELIVERY_CANCEL_FAILED] = { "cancel-failed", TRUE },
};

const char *
care_delivery_state_get_nick (CareDeliveryState state)
{
  return state < G_N_ELEMENTS (names) ? names[state].nick : NULL;
}

/**
 * care_delivery_state_is_loud:
 *
 * Returns: whether it asks for somebody
 */
gboolean
care_delivery_state_is_loud (CareDeliveryState state)
{
  return state < G_N_ELEMENTS (names) && names[state].loud;
}

static char *
pharmacy_of (StoreConnection *connection, FhirResource *task)
{
  g_autoptr (FhirResource) pharmacy = NULL;
  g_autofree char *type = NULL, *id = NULL;
  const char *owner = task ? fhir_resource_path_text (task, "owner.reference") : NULL;
  const char *name;

  if (owner && fhir_reference_split (owner, &type, &id))
    pharmacy = store_resource_get (connection, type, id, NULL);
  name = pharmacy ? fhir_resource_path_text (pharmacy, "name")
         : task   ? fhir_resource_path_text (task, "owner.display")
                  : NULL;
  return g_strdup (name ? name : _ ("a pharmacy"));
}

/* How it is handed over; empty where the patient did not say. */
static const char *
mode_of (FhirResource *task)
{
  const FhirElement *inputs = task ? fhir_resource_path (task, "input") : NULL;

  fhir_element_foreach (item, inputs)
    {
      const char *mode = fhir_element_path_text (item, "valueCode");

      if (!mode)
        mode = fhir_element_path_text (item, "valueString");
      if (mode)
        return mode;
    }
  return "";
}

/* What a pharmacy gives as its reason: words of somebody outside, one line of them. */
static char *
reason_of (FhirResource *task)
{
  g_autofree char *reason = task ? care_chart_concept (task, "statusReason") : NULL;

  return reason ? g_strdelimit (g_steal_pointer (&reason), "\r\n\t", ' ')
                : g_strdup (_ ("no reason given"));
}

static char *
say_cancelled (FhirResource *cancel, const char *pharmacy)
{
  if (care_supply_step_of (cancel) != CARE_SUPPLY_STEP_DONE)
    return g_strdup (_ ("Cancelled"));
  if (fhir_concept_has_code (fhir_resource_path (cancel, "businessStatus"), CARE_SYSTEM_TASK,
                             CARE_SUPPLY_NOT_TAKEN))
    return g_strdup (_ ("Cancelled. No pharmacy had begun with it"));
  return g_strdup_printf (_ ("Cancelled. %s agreed and hands out nothing more"), pharmacy);
}

static char *
say_cancel_failed (FhirResource *cancel, const CareSupplyFacts *facts, const char *pharmacy)
{
  g_autofree char *reason = reason_of (cancel);

  return facts->late
             ? g_strdup_printf (_ ("CANCELLED HERE, BUT HANDED OUT BY %s: CALL THE PATIENT"),
                                pharmacy)
             : g_strdup_printf (_ ("CANCELLED HERE, BUT NOT AT %s, CALL THE PATIENT: %s"), pharmacy,
                                reason);
}

static char *
say_handed_out (const CareSupplyFacts *facts, const char *pharmacy)
{
  guint left = facts->allowed > facts->handed_out ? facts->allowed - facts->handed_out : 0;

  if (facts->allowed == 0)
    return g_strdup_printf (_ ("Handed out by %s"), pharmacy);
  return g_strdup_printf (ngettext ("Handed out by %s; it may be handed out %u more time",
                                    "Handed out by %s; it may be handed out %u more times", left),
                          pharmacy, left);
}

/* Of one that a pharmacy has, and that goes its way. */
static char *
say_underway (CareDeliveryState state, FhirResource *task, const char *pharmacy)
{
  const char *mode = mode_of (task);
  g_autofree char *reason = reason_of (task);

  switch (state)
    {
    case CARE_DELIVERY_CHOSEN:
      return *mode
                 /* Translators: a pharmacy, and how it is handed over */
                 ? g_strdup_printf (_ ("Sent. The patient chose %s, %s"), pharmacy, mode)
                 : g_strdup_printf (_ ("Sent. The patient chose %s"), pharmacy);
    case CARE_DELIVERY_ACKNOWLEDGED:
      return g_strdup_printf (_ ("%s has it and prepares it"), pharmacy);
    case CARE_DELIVERY_ON_HOLD:
      return g_strdup_printf (_ ("%s WAITS WITH IT: %s"), pharmacy, reason);
    case CARE_DELIVERY_READY:
      return g_str_equal (mode, "delivery") || g_str_equal (mode, "mail")
                 ? g_strdup_printf (_ ("On its way to the patient from %s"), pharmacy)
                 : g_strdup_printf (_ ("Ready to be collected at %s"), pharmacy);
    case CARE_DELIVERY_REFUSED:
      return g_strdup_printf (_ ("NOT SUPPLIED BY %s, TELL THE PATIENT: %s"), pharmacy, reason);
    default:
      return g_strdup (_ ("Sent"));
    }
}

/**
 * care_supply_say:
 *
 * Says of a prescription that no journal holds where it is.
 */
void
care_supply_say (StoreConnection *connection, FhirResource *request, CareDelivery *delivery)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareSupply) supply =
      care_supply_load (connection, fhir_resource_get_id (request), &error);
  FhirResource *task = supply ? supply->dispense : NULL, *cancel = supply ? supply->cancel : NULL;
  g_autofree char *pharmacy = pharmacy_of (connection, task ? task : cancel);
  CareSupplyFacts facts;

  if (!supply)
    {
      delivery->state = CARE_DELIVERY_UNKNOWN;
      delivery->text =
          g_strdup_printf (_ ("What became of it could not be read: %s"), error->message);
      return;
    }
  care_supply_read (supply, request, &facts);
  delivery->state = care_supply_state (&facts);
  if (delivery->state == CARE_DELIVERY_REFUSED)
    delivery->reason = reason_of (task);
  switch (delivery->state)
    {
    case CARE_DELIVERY_CANCELLED:
      delivery->text = say_cancelled (cancel, pharmacy);
      break;
    case CARE_DELIVERY_CANCEL_ASKED:
      delivery->text =
          g_strdup_printf (_ ("CANCELLED HERE. %s WAS ASKED TO STOP IT AND HAS NOT ANSWERED"),
                           pharmacy);
      break;
    case CARE_DELIVERY_CANCEL_FAILED:
      delivery->text = say_cancel_failed (cancel, &facts, pharmacy);
      break;
    case CARE_DELIVERY_PARTLY:
      delivery->text =
          g_strdup_printf (_ ("A part was handed out by %s, the rest is to come"), pharmacy);
      break;
    case CARE_DELIVERY_DISPENSED:
      delivery->text = say_handed_out (&facts, pharmacy);
      break;
    case CARE_DELIVERY_COMPLETED:
      delivery->text =
          facts.handed_out > 0
              ? g_strdup_printf (_ ("Handed out by %s; nothing is left to hand out"), pharmacy)
              : g_strdup (_ ("Completed"));
      break;
    case CARE_DELIVERY_NOT_COLLECTED:
      delivery->text = g_strdup_printf (_ ("NOT COLLECTED AT %s: CALL THE PATIENT"), pharmacy);
      break;
    default:
      delivery->text = say_underway (delivery->state, task, pharmacy);
    }
}

/* A journal may speak louder than a pharmacy; who is asked to stop goes by what the pharmacy has,
 * as care_supply_end () will see it. */
static CareDeliveryState
state_to_cancel (CareDeliveryState state, const CareSupply *supply, const CareSupplyFacts *facts)
{
  switch (state)
    {
    case CARE_DELIVERY_WAITING:
    case CARE_DELIVERY_NOT_SENT:
    case CARE_DELIVERY_UNKNOWN:
    case CARE_DELIVERY_HELD:
    case CARE_DELIVERY_REFUSED:
    case CARE_DELIVERY_PARTLY:
      if (facts->ended || supply->cancel)
        return CARE_DELIVERY_UNKNOWN;
      if (care_supply_is_open (supply))
        return CARE_DELIVERY_ACKNOWLEDGED;
      return facts->handed_out > 0 || facts->partly ? CARE_DELIVERY_DISPENSED : state;
    default:
      return state;
    }
}

/* What a cancellation will do, said before it is confirmed. */
static char *
say_what_cancelling_does (CareDeliveryState state, const CareSupply *supply, const char *pharmacy)
{
  switch (state)
    {
    case CARE_DELIVERY_RESTING:
      return g_strdup (_ ("It has not been sent: it is gone at once."));
    case CARE_DELIVERY_SENT:
      return g_strdup (_ ("No pharmacy has it: it is cancelled at once."));
    case CARE_DELIVERY_CHOSEN:
      return g_strdup_printf (
          _ ("%s has not begun with it: it is cancelled there, unless they begin now."), pharmacy);
    case CARE_DELIVERY_ACKNOWLEDGED:
    case CARE_DELIVERY_ON_HOLD:
    case CARE_DELIVERY_READY:
    case CARE_DELIVERY_NOT_COLLECTED:
    case CARE_DELIVERY_PARTLY:
      return g_strdup_printf (
          _ ("%s has it: they are asked to stop, and their answer stands here. Ring them if it "
             "must not be handed out."),
          pharmacy);
    case CARE_DELIVERY_DISPENSED:
    case CARE_DELIVERY_COMPLETED:
      return g_strdup_printf (_ ("%s has handed it out. Cancelling does not bring it back: you get "
                                 "a task to call the patient."),
                              pharmacy);
    case CARE_DELIVERY_REFUSED:
      if (!supply->dispense)
        return g_strdup (_ (
            "The server did not take it: it is cancelled here, and nobody is asked to stop it."));
      return g_strdup_printf (
          _ ("%s did not take it: it is cancelled here, and nobody is asked to stop it."),
          pharmacy);
    default:
      return g_strdup (_ ("It may have reached a pharmacy. The cancellation goes to the server "
                          "only: ring the pharmacy if the medicine must not be handed out."));
    }
}

/**
 * care_supply_dup_cancel_words:
 *
 * Returns: (transfer full) (nullable): what cancelling this prescription will do, as far as is
 *   known here
 */
char *
care_supply_dup_cancel_words (StoreConnection *connection, const char *request_id, GError **error)
{
  g_autoptr (FhirResource) request = care_read (connection, "MedicationRequest", request_id, error);
  g_autoptr (GPtrArray) entries = request ? care_journal_open (connection, error) : NULL;
  g_autoptr (CareSupply) supply = entries ? care_supply_load (connection, request_id, error) : NULL;
  g_autoptr (CareDelivery) delivery = NULL;
  g_autofree char *pharmacy = NULL;
  CareSupplyFacts facts;

  if (!supply)
    return NULL;
  care_supply_read (supply, request, &facts);
  pharmacy = pharmacy_of (connection, supply->dispense);
  delivery = care_delivery_of (connection, request, entries,
                               base_clock_now (store_connection_get_clock (connection)));
  return say_what_cancelling_does (state_to_cancel (delivery->state, supply, &facts), supply,
                                   pharmacy);
}

static gboolean
cancel_words_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->result = care_supply_dup_cancel_words (connection, c->texts[0], error);
  c->free_result = g_free;
  return c->result != NULL;
}

void
care_supply_dup_cancel_words_async (CareContext *context,
                                    const char *request_id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  care_command_read (care_command_new_read (care_context_get_clock (context), cancel_words_work,
                                            request_id),
                     care_context_get_store (context), care_supply_dup_cancel_words_async,
                     cancellable, callback, user_data);
}

char *
care_supply_dup_cancel_words_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
