/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-supply-once.h"

#include <string.h>

#include "care-signature.h"
#include "care-supply.h"
#include "care-to-sign.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "hub-reply.h"
#include "hub-same.h"
#include "hub-signature.h"
#include "store-resource.h"
#include "store-search.h"

/* One number is one prescription: it waits for one signature, is signed once, and is handed out at
 * one pharmacy at a time, however many Tasks somebody made of it, or orders under another id. */

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, 409, sentence);
  return FALSE;
}

static gboolean
has_code (FhirResource *task, const char *code)
{
  return task != NULL &&
         fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, code);
}

static gboolean
is_open (CareSupplyStep step)
{
  return step >= CARE_SUPPLY_STEP_ASKED && step <= CARE_SUPPLY_STEP_READY;
}

/* (transfer full) (nullable): as it was before what was just written */
static FhirResource *
read_before (StoreConnection *connection, FhirResource *task)
{
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, "Task", fhir_resource_get_id (task), 2, NULL);
  const StoreVersion *last = history != NULL && history->len > 1 ? history->pdata[1] : NULL;

  return last != NULL && last->resource != NULL ? fhir_resource_ref (last->resource) : NULL;
}

/* ---- all that has the number ---- */

/* (transfer full) (nullable) (element-type utf8): ids of the resources of @type with @number */
static GPtrArray *
find_ids (StoreConnection *connection, const char *type, const char *number, GError **error)
{
  g_autofree char *escaped = hub_signature_dup_escaped (number);
  g_autofree char *query =
      g_strconcat ("identifier=" CARE_SYSTEM_PRESCRIPTION_ID "|", escaped, NULL);

  return store_search_ids (connection, type, query, error);
}

/* (transfer full) (nullable) (element-type FhirResource): @request and the same patient's others of
 * its number */
static GPtrArray *
list_orders (StoreConnection *connection, FhirResource *request, GError **error)
{
  const char *number = care_signature_get_number (request);
  g_autoptr (GPtrArray) ids =
      number != NULL ? find_ids (connection, "MedicationRequest", number, error) : NULL;
  g_autoptr (GPtrArray) orders =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  if (number != NULL && ids == NULL)
    return NULL;
  g_ptr_array_add (orders, fhir_resource_ref (request));
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autoptr (FhirResource) other =
          strcmp (ids->pdata[i], fhir_resource_get_id (request)) != 0
              ? store_resource_get (connection, "MedicationRequest", ids->pdata[i], NULL)
              : NULL;

      if (other != NULL && hub_same_at (other, request, "subject"))
        g_ptr_array_add (orders, g_steal_pointer (&other));
    }
  return g_steal_pointer (&orders);
}

/**
 * hub_supply_once_add_dispenses:
 * @dispenses: (element-type FhirResource): what was handed out by @request
 *
 * Adds what was handed out by the same prescription under another id.
 */
gboolean
hub_supply_once_add_dispenses (StoreConnection *connection,
                               FhirResource *request,
                               GPtrArray *dispenses,
                               GError **error)
{
  g_autoptr (GPtrArray) orders = list_orders (connection, request, error);

  for (guint i = 1; orders != NULL && i < orders->len; i++)
    {
      g_autoptr (CareSupply) supply =
          care_supply_load (connection, fhir_resource_get_id (orders->pdata[i]), error);

      if (supply == NULL)
        return FALSE;
      for (guint j = 0; j < supply->dispenses->len; j++)
        g_ptr_array_add (dispenses, fhir_resource_ref (supply->dispenses->pdata[j]));
    }
  return orders != NULL;
}

/* ---- at one pharmacy at a time ---- */

/* Whether nothing is left to hand out: a pharmacy that is done, and recorded no amount, has handed
 * out all of it. */
static gboolean
is_used_up (StoreConnection *connection, FhirResource *request, guint done)
{
  g_autoptr (CareSupply) supply =
      care_supply_load (connection, fhir_resource_get_id (request), NULL);
  CareSupplyFacts facts;

  if (supply == NULL ||
      !hub_supply_once_add_dispenses (connection, request, supply->dispenses, NULL))
    return TRUE;
  care_supply_count (request, supply->dispenses, &facts);
  return facts.allowed > 0 && MAX (facts.handed_out, done) >= facts.allowed;
}

typedef struct
{
  CareSupplyStep was, is; /* of the Task that was written */
  guint done;             /* others that are done with it */
} Move;

static gboolean
allows_other (FhirResource *other, Move *move, GError **error)
{
  CareSupplyStep step = care_supply_step_of (other);

  if (is_open (step) && is_open (move->is) && !is_open (move->was))
    return refuse (error, "This prescription is at a pharmacy already: change the task by which it "
                          "was sent there, and make no second one.");
  if (is_open (step) && step >= CARE_SUPPLY_STEP_TAKEN && move->is >= CARE_SUPPLY_STEP_TAKEN &&
      move->was < CARE_SUPPLY_STEP_TAKEN)
    return refuse (error, "Another pharmacy has begun with this prescription: ask there.");
  move->done += step == CARE_SUPPLY_STEP_DONE;
  return TRUE;
}

static gboolean
compare_with_tasks (StoreConnection *connection,
                    FhirResource *order,
                    FhirResource *task,
                    Move *move,
                    GError **error)
{
  g_autofree char *about =
      g_strdup_printf ("focus=MedicationRequest/%s", fhir_resource_get_id (order));
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", about, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autoptr (FhirResource) other =
          strcmp (ids->pdata[i], fhir_resource_get_id (task)) != 0
              ? store_resource_get (connection, "Task", ids->pdata[i], NULL)
              : NULL;

      if (has_code (other, CARE_SUPPLY_DISPENSE) && care_supply_is_of (order, other) &&
          !allows_other (other, move, error))
        return FALSE;
    }
  return ids != NULL;
}

static gboolean
is_at_one_pharmacy (StoreConnection *connection,
                    FhirResource *before,
                    FhirResource *task,
                    GError **error)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) request = NULL;
  g_autoptr (GPtrArray) orders = NULL;
  Move move = { .is = care_supply_step_of (task) };

  /* what was another thing before is new as this one */
  if (has_code (before, CARE_SUPPLY_DISPENSE) && hub_same_at (before, task, "focus") &&
      hub_same_at (before, task, "for"))
    move.was = care_supply_step_of (before);
  if (move.is == move.was || (!is_open (move.is) && move.is != CARE_SUPPLY_STEP_DONE))
    return TRUE;
  if (fhir_reference_split (fhir_resource_path_text (task, "focus.reference"), &type, &id) &&
      strcmp (type, "MedicationRequest") == 0)
    request = store_resource_get (connection, type, id, NULL);
  if (request == NULL || !care_supply_is_of (request, task))
    return TRUE;
  orders = list_orders (connection, request, error);
  for (guint i = 0; orders != NULL && i < orders->len; i++)
    if (!compare_with_tasks (connection, orders->pdata[i], task, &move, error))
      return FALSE;
  if (orders != NULL && move.done > 0 && is_used_up (connection, request, move.done))
    return refuse (error,
                   "This prescription was handed out already, as often as it may be: nothing "
                   "is left to hand out. Ask the prescriber.");
  return orders != NULL;
}

/* ---- one signature ---- */

/* (nullable) */
static const char *
number_of (FhirResource *task)
{
  fhir_element_foreach (identifier, fhir_resource_path (task, "identifier"))
    if (g_strcmp0 (fhir_element_path_text (identifier, "system"), CARE_SYSTEM_PRESCRIPTION_ID) == 0)
      return fhir_element_path_text (identifier, "value");
  return NULL;
}

/* Whether another Task of @number waits for a signature, or had one. */
static gboolean
has_other (StoreConnection *connection, FhirResource *task, GPtrArray *ids, gboolean done)
{
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (FhirResource) other =
          strcmp (ids->pdata[i], fhir_resource_get_id (task)) != 0
              ? store_resource_get (connection, "Task", ids->pdata[i], NULL)
              : NULL;
      CareSupplyStep step = care_supply_step_of (other);

      if (has_code (other, CARE_TASK_TO_SIGN) &&
          (done ? step == CARE_SUPPLY_STEP_DONE : is_open (step)))
        return TRUE;
    }
  return FALSE;
}

/* Whether the prescription that is said to have come of it is there, and its prescriber's. */
static gboolean
has_order (StoreConnection *connection, FhirResource *task, GPtrArray *orders)
{
  for (guint i = 0; i < orders->len; i++)
    {
      g_autoptr (FhirResource) order =
          store_resource_get (connection, "MedicationRequest", orders->pdata[i], NULL);

      if (order != NULL && care_supply_is_of (order, task) &&
          g_strcmp0 (fhir_resource_path_text (order, "requester.reference"),
                     fhir_resource_path_text (task, "owner.reference")) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_signed_once (StoreConnection *connection,
                FhirResource *before,
                FhirResource *task,
                GError **error)
{
  CareSupplyStep was =
      has_code (before, CARE_TASK_TO_SIGN) ? care_supply_step_of (before) : CARE_SUPPLY_STEP_NONE;
  CareSupplyStep is = care_supply_step_of (task);
  const char *number = number_of (task);
  g_autoptr (GPtrArray) tasks = NULL, orders = NULL;

  if (is == was || (!is_open (is) && is != CARE_SUPPLY_STEP_DONE))
    return TRUE;
  if (number == NULL)
    return refuse (error, "What waits for a signature has the number of its prescription.");
  tasks = find_ids (connection, "Task", number, error);
  orders = tasks != NULL ? find_ids (connection, "MedicationRequest", number, error) : NULL;
  if (orders == NULL)
    return FALSE;
  if (is_open (is))
    return is_open (was) || (!has_other (connection, task, tasks, FALSE) && orders->len == 0) ||
           refuse (error, "This prescription waits for a signature already, or has one: prepare a "
                          "new one.");
  if (!has_order (connection, task, orders))
    return refuse (error, "Nobody has signed this: the prescription has to come with it.");
  return !has_other (connection, task, tasks, TRUE) ||
         refuse (error, "This prescription was signed already, by another task: send this one "
                        "back.");
}

/**
 * hub_supply_once:
 * @task: that has just been stored, new or changed, and with it all of its transaction
 *
 * Returns: FALSE where it is a second one of its prescription that waits for a signature or a
 *   pharmacy, or that says it was signed or handed out
 */
gboolean
hub_supply_once (StoreConnection *connection, FhirResource *task, GError **error)
{
  g_autoptr (FhirResource) before = NULL;
  gboolean to_sign = has_code (task, CARE_TASK_TO_SIGN);

  if (!to_sign && !has_code (task, CARE_SUPPLY_DISPENSE))
    return TRUE;
  before = read_before (connection, task);
  return to_sign ? is_signed_once (connection, before, task, error)
                 : is_at_one_pharmacy (connection, before, task, error);
}
