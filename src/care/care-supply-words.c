/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-supply.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-prescription-private.h"
#include "care-summary-private.h"
#include "clinical-dose.h"
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
  [CARE_DELIVERY_DECLINED] = { "declined", FALSE },
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

/* How much of one supply the patient has, "10", and of how much, "28 tablets". */
static void
read_part (FhirResource *request, const CareSupplyFacts *facts, char **given, char **ordered)
{
  const char *value = fhir_resource_path_text (request, "dispenseRequest.quantity.value");
  const char *unit = fhir_resource_path_text (request, "dispenseRequest.quantity.unit");
  double whole = value ? g_ascii_strtod (value, NULL) : 0;
  char literal[G_ASCII_DTOSTR_BUF_SIZE];

  *given =
      clinical_dose_amount (g_ascii_formatd (literal, sizeof literal, "%.6g", whole * facts->part),
                            NULL);
  *ordered = clinical_dose_amount (value ? value : "0", unit);
}

/* What is due still, and whether anybody has been asked for it. */
static char *
say_partly (const CareSupply *supply,
            FhirResource *request,
            const CareSupplyFacts *facts,
            const char *pharmacy)
{
  g_autofree char *given = NULL, *ordered = NULL;

  read_part (request, facts, &given, &ordered);
  return care_supply_is_open (supply)
             /* Translators: a pharmacy, "10", "28 tablets" */
             ? g_strdup_printf (_ ("%s handed out %s of %s. The rest is to come"), pharmacy, given,
                                ordered)
             : g_strdup_printf (_ ("%s handed out %s of %s. The rest is due, and no pharmacy has "
                                   "been asked for it"),
                                pharmacy, given, ordered);
}

static char *
say_refused (FhirResource *request,
             const CareSupplyFacts *facts,
             const char *pharmacy,
             const char *reason)
{
  g_autofree char *given = NULL, *ordered = NULL;

  if (!facts->partly)
    return g_strdup_printf (_ ("NOT SUPPLIED BY %s, TELL THE PATIENT: %s"), pharmacy, reason);
  read_part (request, facts, &given, &ordered);
  return g_strdup_printf (_ ("%s HANDED OUT %s OF %s AND NOT THE REST, TELL THE PATIENT: %s"),
                          pharmacy, given, ordered, reason);
}

/* What was asked has its answer: nobody waits for the clinic any more. */
static char *
say_declined (FhirResource *task, const char *pharmacy, const char *asked)
{
  const FhirElement *notes = fhir_resource_path (task, "note");
  gsize n = fhir_element_get_length (notes);
  const char *answer =
      n > 0 ? fhir_element_path_text (fhir_element_at (notes, n - 1), "text") : NULL;

  return answer
             /* Translators: a pharmacy, what it asked, and the prescriber's answer */
             ? g_strdup_printf (_ ("%s asked: “%s”. The answer was no: “%s”. The pharmacy says "
                                   "what becomes of it"),
                                pharmacy, asked, answer)
             : g_strdup_printf (_ ("%s asked: “%s”. The answer was no. The pharmacy says what "
                                   "becomes of it"),
                                pharmacy, asked);
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
    case CARE_DELIVERY_DECLINED:
      return say_declined (task, pharmacy, reason);
    case CARE_DELIVERY_READY:
      return g_str_equal (mode, "delivery") || g_str_equal (mode, "mail")
                 ? g_strdup_printf (_ ("On its way to the patient from %s"), pharmacy)
                 : g_strdup_printf (_ ("Ready to be collected at %s"), pharmacy);
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
      delivery->text = say_partly (supply, request, &facts, pharmacy);
      break;
    case CARE_DELIVERY_REFUSED:
      delivery->reason = reason_of (task);
      delivery->text = say_refused (request, &facts, pharmacy, delivery->reason);
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
    case CARE_DELIVERY_SENT:
      delivery->text =
          g_strdup (supply->printed ? _ ("Sent, and printed: the paper is the same prescription")
                                    : _ ("Sent"));
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
    case CARE_DELIVERY_DECLINED:
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

/* What is known here of one prescription before it is ended. */
typedef struct
{
  FhirResource *request;
  CareSupply *supply;
  CareSupplyFacts facts;
  CareDeliveryState state;
  char *pharmacy;
} Outlook;

static void
outlook_clear (Outlook *self)
{
  g_clear_pointer (&self->request, fhir_resource_unref);
  g_clear_pointer (&self->supply, care_supply_free);
  g_free (self->pharmacy);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outlook, outlook_clear)

static gboolean
outlook_read (Outlook *self, StoreConnection *connection, const char *request_id, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (CareDelivery) delivery = NULL;

  self->request = care_read (connection, "MedicationRequest", request_id, error);
  entries = self->request ? care_journal_open (connection, error) : NULL;
  self->supply = entries ? care_supply_load (connection, request_id, error) : NULL;
  if (!self->supply)
    return FALSE;
  care_supply_read (self->supply, self->request, &self->facts);
  self->pharmacy = pharmacy_of (connection, self->supply->dispense);
  delivery = care_delivery_of (connection, self->request, entries,
                               base_clock_now (store_connection_get_clock (connection)));
  self->state = state_to_cancel (delivery->state, self->supply, &self->facts);
  return TRUE;
}

/* A part is with the patient, and the rest is asked back. */
static char *
say_ending_the_rest (const Outlook *self)
{
  g_autofree char *given = NULL, *ordered = NULL;

  read_part (self->request, &self->facts, &given, &ordered);
  return g_strdup_printf (_ ("%s has handed out %s of %s: they are asked not to hand out the rest, "
                             "and their answer stands here. What was handed out is with the "
                             "patient."),
                          self->pharmacy, given, ordered);
}

static gboolean
is_rest_open (const Outlook *self)
{
  return self->facts.partly && !self->facts.ended && !self->supply->cancel &&
         care_supply_is_open (self->supply);
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
  g_auto (Outlook) self = { 0 };

  if (!outlook_read (&self, connection, request_id, error))
    return NULL;
  return is_rest_open (&self) ? say_ending_the_rest (&self)
                              : say_what_cancelling_does (self.state, self.supply, self.pharmacy);
}

/**
 * care_supply_dup_stop_words:
 * @is_open: (out): whether something of it may still be handed out
 *
 * Of a medicine that was taken, and is not to be taken any more: what is with the patient is no
 * mistake to be called about, but stays there.
 *
 * Returns: (transfer full) (nullable): what becomes of this prescription's supply
 */
char *
care_supply_dup_stop_words (StoreConnection *connection,
                            const char *request_id,
                            gboolean *is_open,
                            GError **error)
{
  g_auto (Outlook) self = { 0 };

  if (!outlook_read (&self, connection, request_id, error))
    return NULL;
  *is_open = self.state != CARE_DELIVERY_COMPLETED && self.state != CARE_DELIVERY_REFUSED;
  if (is_rest_open (&self))
    return say_ending_the_rest (&self);
  if (self.state != CARE_DELIVERY_DISPENSED && self.state != CARE_DELIVERY_COMPLETED)
    return say_what_cancelling_does (self.state, self.supply, self.pharmacy);
  return g_strdup_printf (_ ("Handed out by %s: no more of it is handed out. What is left is with "
                             "the patient."),
                          self.pharmacy);
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
