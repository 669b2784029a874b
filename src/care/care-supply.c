/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-supply.h"

#include <string.h>

#include "care-summary-private.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* What became of a prescription that a server has: one table of states, computed anew from the
 * order, the Tasks between clinic and pharmacy and what was handed out. Nothing of it is kept, so
 * nothing of it can be out of date. What has not left yet is in care-prescription-outbox.c. */

#define NEARLY 1e-6

/* A prescriber has said yes, or no, to what it waited for. */
static gboolean
is_answered (FhirResource *task, const char *answer)
{
  return task && fhir_concept_has_code (fhir_resource_path (task, "businessStatus"),
                                        CARE_SYSTEM_TASK, answer);
}

/* Status codes: http://hl7.org/fhir/R4/valueset-task-status.html */
CareSupplyStep
care_supply_step_of (FhirResource *task)
{
  static const struct
  {
    const char *status;
    CareSupplyStep step;
  } steps[] = {
    { "draft", CARE_SUPPLY_STEP_ASKED },       { "requested", CARE_SUPPLY_STEP_ASKED },
    { "received", CARE_SUPPLY_STEP_ASKED },    { "accepted", CARE_SUPPLY_STEP_TAKEN },
    { "in-progress", CARE_SUPPLY_STEP_TAKEN }, { "on-hold", CARE_SUPPLY_STEP_WAITS },
    { "ready", CARE_SUPPLY_STEP_READY },       { "completed", CARE_SUPPLY_STEP_DONE },
    { "rejected", CARE_SUPPLY_STEP_REFUSED },  { "failed", CARE_SUPPLY_STEP_REFUSED },
    { "cancelled", CARE_SUPPLY_STEP_GONE },    { "entered-in-error", CARE_SUPPLY_STEP_GONE },
  };
  const char *status = task ? fhir_resource_path_text (task, "status") : NULL;

  if (!task)
    return CARE_SUPPLY_STEP_NONE;
  for (gsize i = 0; status && i < G_N_ELEMENTS (steps); i++)
    if (g_str_equal (steps[i].status, status))
      return steps[i].step;
  return CARE_SUPPLY_STEP_ASKED; /* never more than is known */
}

static CareDeliveryState
state_of_ended (const CareSupplyFacts *facts)
{
  if (facts->late || facts->cancel == CARE_SUPPLY_STEP_REFUSED)
    return CARE_DELIVERY_CANCEL_FAILED;
  return facts->cancel == CARE_SUPPLY_STEP_NONE || facts->cancel == CARE_SUPPLY_STEP_DONE ||
                 facts->cancel == CARE_SUPPLY_STEP_GONE
             ? CARE_DELIVERY_CANCELLED
             : CARE_DELIVERY_CANCEL_ASKED;
}

static CareDeliveryState
state_at_pharmacy (CareSupplyStep step)
{
  switch (step)
    {
    case CARE_SUPPLY_STEP_NONE:
      return CARE_DELIVERY_SENT;
    case CARE_SUPPLY_STEP_ASKED:
      return CARE_DELIVERY_CHOSEN;
    case CARE_SUPPLY_STEP_TAKEN:
      return CARE_DELIVERY_ACKNOWLEDGED;
    case CARE_SUPPLY_STEP_WAITS:
      return CARE_DELIVERY_ON_HOLD;
    case CARE_SUPPLY_STEP_READY:
      return CARE_DELIVERY_READY;
    case CARE_SUPPLY_STEP_DONE:
      return CARE_DELIVERY_DISPENSED;
    case CARE_SUPPLY_STEP_REFUSED:
      return CARE_DELIVERY_REFUSED;
    case CARE_SUPPLY_STEP_GONE:
      return CARE_DELIVERY_SENT; /* taken back from that pharmacy, and it may go to another */
    }
  return CARE_DELIVERY_SENT;
}

/**
 * care_supply_state:
 *
 * What was handed out is said before what a Task says, and that somebody must act before both.
 *
 * Returns: the one state that these facts make
 */
CareDeliveryState
care_supply_state (const CareSupplyFacts *facts)
{
  gboolean none_left = facts->allowed > 0 && facts->handed_out >= facts->allowed;

  if (facts->ended)
    return state_of_ended (facts);
  if (facts->completed || none_left)
    return CARE_DELIVERY_COMPLETED;
  if (facts->dispense == CARE_SUPPLY_STEP_REFUSED)
    return CARE_DELIVERY_REFUSED; /* also of the rest */
  if (facts->partly)
    return CARE_DELIVERY_PARTLY;
  if (facts->handed_out > 0)
    return CARE_DELIVERY_DISPENSED;
  if (facts->not_collected)
    return CARE_DELIVERY_NOT_COLLECTED;
  if (facts->dispense == CARE_SUPPLY_STEP_WAITS && facts->declined)
    return CARE_DELIVERY_DECLINED;
  return state_at_pharmacy (facts->dispense);
}

void
care_supply_free (CareSupply *self)
{
  g_clear_pointer (&self->dispense, fhir_resource_unref);
  g_clear_pointer (&self->cancel, fhir_resource_unref);
  g_clear_pointer (&self->untaken, fhir_resource_unref);
  g_clear_pointer (&self->dispenses, g_ptr_array_unref);
  g_free (self);
}

static gboolean
is_printed (FhirResource *task)
{
  return fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK,
                                CARE_SUPPLY_COLLECT) &&
         fhir_concept_has_code (fhir_resource_path (task, "businessStatus"), CARE_SYSTEM_TASK,
                                CARE_SUPPLY_PRINTED) &&
         care_supply_step_of (task) != CARE_SUPPLY_STEP_GONE;
}

static void
take_task (CareSupply *self, FhirResource *task)
{
  const struct
  {
    const char *code;
    FhirResource **at;
  } kinds[] = { { CARE_SUPPLY_DISPENSE, &self->dispense },
                { CARE_SUPPLY_CANCEL, &self->cancel },
                { CARE_SUPPLY_UNTAKEN, &self->untaken } };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, kinds[i].code))
      {
        g_clear_pointer (kinds[i].at, fhir_resource_unref);
        *kinds[i].at = fhir_resource_ref (task);
      }
  self->printed |= is_printed (task);
}

/**
 * care_supply_is_of:
 *
 * What points to another patient's prescription says nothing of it, whoever wrote it.
 *
 * Returns: whether @task is for the patient whose prescription @request is
 */
gboolean
care_supply_is_of (FhirResource *request, FhirResource *task)
{
  g_autofree char *type = NULL;
  g_autofree char *patient = NULL;
  g_autofree char *other_type = NULL;
  g_autofree char *other = NULL;

  return fhir_reference_split (fhir_resource_path_text (request, "subject.reference"), &type,
                               &patient) &&
         fhir_reference_split (fhir_resource_path_text (task, "for.reference"), &other_type,
                               &other) &&
         g_str_equal (type, other_type) && g_str_equal (patient, other);
}

/**
 * care_supply_is_task:
 *
 * Returns: whether @task passes between clinic and pharmacy, or is what the hub made of that
 */
gboolean
care_supply_is_task (FhirResource *task)
{
  static const char *const codes[] = { CARE_SUPPLY_DISPENSE, CARE_SUPPLY_CANCEL,
                                       CARE_SUPPLY_UNTAKEN,  CARE_SUPPLY_CALL,
                                       CARE_SUPPLY_QUESTION, CARE_SUPPLY_RENEWAL,
                                       CARE_SUPPLY_CHANGE,   CARE_SUPPLY_COLLECT };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, codes[i]))
      return TRUE;
  return FALSE;
}

/**
 * care_supply_load:
 *
 * Returns: (transfer full) (nullable): what the records here hold about the prescription, and about
 *   its patient
 */
CareSupply *
care_supply_load (StoreConnection *connection, const char *request_id, GError **error)
{
  g_autofree char *about = g_strdup_printf ("focus=MedicationRequest/%s", request_id);
  g_autofree char *of = g_strdup_printf ("prescription=MedicationRequest/%s", request_id);
  g_autoptr (FhirResource) request =
      store_resource_get (connection, "MedicationRequest", request_id, error);
  g_autoptr (GPtrArray) tasks =
      request ? store_search_ids (connection, "Task", about, error) : NULL;
  g_autoptr (GPtrArray) dispenses =
      tasks ? store_search_ids (connection, "MedicationDispense", of, error) : NULL;
  CareSupply *self;

  if (!dispenses)
    return NULL;
  self = g_new0 (CareSupply, 1);
  self->dispenses = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  for (guint i = 0; i < tasks->len; i++)
    {
      g_autoptr (FhirResource) task =
          store_resource_get (connection, "Task", tasks->pdata[i], NULL);

      if (task && care_supply_is_of (request, task))
        take_task (self, task);
    }
  for (guint i = 0; i < dispenses->len; i++)
    {
      FhirResource *dispense =
          store_resource_get (connection, "MedicationDispense", dispenses->pdata[i], NULL);

      if (dispense)
        g_ptr_array_add (self->dispenses, dispense);
    }
  return self;
}

/**
 * care_supply_is_printed:
 *
 * Returns: whether the patient has this prescription on paper
 */
gboolean
care_supply_is_printed (StoreConnection *connection, const char *request_id)
{
  g_autoptr (CareSupply) supply = care_supply_load (connection, request_id, NULL);

  return supply && supply->printed;
}

/**
 * care_supply_is_open:
 *
 * Returns: whether a pharmacy has it, or was asked to have it, and may still hand it out
 */
gboolean
care_supply_is_open (const CareSupply *self)
{
  CareSupplyStep step = care_supply_step_of (self->dispense);

  return step >= CARE_SUPPLY_STEP_ASKED && step <= CARE_SUPPLY_STEP_READY;
}

static gboolean
is_handed_over (FhirResource *dispense)
{
  return g_strcmp0 (fhir_resource_path_text (dispense, "status"), "completed") == 0;
}

static double
amount_at (FhirResource *resource, const char *path)
{
  return fhir_element_get_double (fhir_resource_path (resource, path), 0);
}

/* "tablet" and "tablets" */
static gboolean
is_same_unit (const char *a, const char *b)
{
  gsize length = a && b ? MIN (strlen (a), strlen (b)) : 0;

  return length > 0 && g_ascii_strncasecmp (a, b, length) == 0 &&
         (a[length] == '\0' || g_str_equal (a + length, "s")) &&
         (b[length] == '\0' || g_str_equal (b + length, "s"));
}

/**
 * care_supply_count:
 * @dispenses: (element-type FhirResource)
 *
 * How often all of it was handed out, whether a part beyond that, and how often it may be. Where an
 * amount is not recorded, or in another unit, each time counts as all of it.
 */
void
care_supply_count (FhirResource *request, GPtrArray *dispenses, CareSupplyFacts *facts)
{
  double ordered = amount_at (request, "dispenseRequest.quantity.value"), sum = 0;
  const char *unit = fhir_resource_path_text (request, "dispenseRequest.quantity.unit");
  gint64 repeats =
      fhir_element_get_integer (fhir_resource_path (request,
                                                    "dispenseRequest.numberOfRepeatsAllowed"),
                                -1);
  double times;

  facts->allowed = repeats >= 0 && repeats < G_MAXUINT ? (guint) repeats + 1 : 0;
  for (guint i = 0; i < dispenses->len; i++)
    {
      FhirResource *dispense = dispenses->pdata[i];
      double amount = amount_at (dispense, "quantity.value");

      if (!is_handed_over (dispense))
        continue;
      sum += ordered > 0 && amount > 0 &&
                     is_same_unit (unit, fhir_resource_path_text (dispense, "quantity.unit"))
                 ? amount / ordered
                 : 1;
    }
  times = MIN (sum + NEARLY, 1e6);
  facts->handed_out = (guint) times;
  facts->partly = sum - (double) facts->handed_out > NEARLY;
  facts->part = facts->partly ? MIN (sum - (double) facts->handed_out, 1) : 0;
}

static gint64
last_handed_over (GPtrArray *dispenses)
{
  gint64 last = 0;

  for (guint i = 0; i < dispenses->len; i++)
    if (is_handed_over (dispenses->pdata[i]))
      last =
          MAX (last,
               care_chart_time (fhir_resource_path_text (dispenses->pdata[i], "whenHandedOver")));
  return last;
}

static gboolean
has_status (FhirResource *resource, const char *const *statuses)
{
  const char *status = resource ? fhir_resource_path_text (resource, "status") : NULL;

  return status && g_strv_contains (statuses, status);
}

/**
 * care_supply_read:
 * @facts: (out caller-allocates): what the records here say of the prescription
 */
void
care_supply_read (const CareSupply *self, FhirResource *request, CareSupplyFacts *facts)
{
  static const char *const ended[] = { "cancelled", "stopped", "entered-in-error", NULL };
  static const char *const completed[] = { "completed", NULL };
  CareSupplyStep untaken = care_supply_step_of (self->untaken);

  *facts = (CareSupplyFacts) { 0 };
  facts->ended = has_status (request, ended);
  facts->completed = has_status (request, completed);
  facts->dispense = care_supply_step_of (self->dispense);
  facts->declined = is_answered (self->dispense, CARE_SUPPLY_DECLINED);
  if (facts->dispense == CARE_SUPPLY_STEP_WAITS &&
      is_answered (self->dispense, CARE_SUPPLY_APPROVED))
    facts->dispense = CARE_SUPPLY_STEP_TAKEN; /* it was answered, and goes on */
  facts->cancel = care_supply_step_of (self->cancel);
  facts->not_collected = untaken >= CARE_SUPPLY_STEP_ASKED && untaken <= CARE_SUPPLY_STEP_READY;
  care_supply_count (request, self->dispenses, facts);
  /* done, and nobody recorded how much: once, all of it */
  if (facts->dispense == CARE_SUPPLY_STEP_DONE && facts->handed_out == 0 && !facts->partly)
    facts->handed_out = 1;
  facts->late = self->cancel && (facts->handed_out > 0 || facts->partly) &&
                last_handed_over (self->dispenses) >=
                    care_chart_time (fhir_resource_path_text (self->cancel, "authoredOn"));
}
