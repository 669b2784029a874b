/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-supply.h"

#include <string.h>

#include "care-supply.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "hub-reply.h"
#include "hub-same.h"
#include "hub-supply-ask.h"
#include "hub-supply-once.h"
#include "store-resource.h"

/* Who says what of a prescription between clinic and pharmacy. A patient chooses a pharmacy on the
 * page of their visit, where the hub itself writes the Task: in requests of their own they write
 * none, nor does the desk, for it would speak for the clinic. A pharmacy answers what it was asked,
 * about the patient whom it was asked about, in order and once: an answer that is replayed, that
 * comes too late, or that is about another patient, changes nothing. */

static gboolean
refuse (GError **error, int status, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, status, sentence);
  return FALSE;
}

static gboolean
has_code (FhirResource *task, const char *code)
{
  return fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, code);
}

/* ---- Tasks ---- */

/* A pharmacy goes on, and never back: what is over stays so. */
static gboolean
goes_on (FhirResource *before, FhirResource *after, GError **error)
{
  CareSupplyStep was = care_supply_step_of (before), is = care_supply_step_of (after);
  const char *now = fhir_resource_path_text (after, "status");

  if (was >= CARE_SUPPLY_STEP_DONE)
    return hub_same_at (before, after, "status") ||
           refuse (error, 409, "This is over: an answer that comes later changes nothing.");
  if (is == CARE_SUPPLY_STEP_GONE)
    return refuse (error, 403, "Only who sent this may take it back: reject it instead.");
  if (is == CARE_SUPPLY_STEP_ASKED)
    return hub_same_at (before, after, "status") ||
           (was == CARE_SUPPLY_STEP_ASKED && g_strcmp0 (now, "received") == 0) ||
           refuse (error, 409, "This was taken already, and is not asked for again.");
  /* waiting and preparing may change places; all else is a step on */
  return is >= was || (was == CARE_SUPPLY_STEP_WAITS && is == CARE_SUPPLY_STEP_TAKEN) ||
         refuse (error, 409, "This is further on already: an earlier answer changes nothing.");
}

/* A reason is words for people: not a page of them. */
#define MAX_WORDS 1000

static gboolean
is_short (FhirResource *task, GError **error)
{
  const char *text = fhir_resource_path_text (task, "statusReason.text");

  return text == NULL || strlen (text) <= MAX_WORDS ||
         refuse (error, 422, "Say the reason in fewer words: 1,000 bytes at the most.");
}

static gboolean
allows_task (FhirResource *before, FhirResource *task, GError **error)
{
  static const char *const own[] = {
    "meta",   "text", "status",       "statusReason",    "businessStatus",
    "output", "note", "lastModified", "executionPeriod", NULL
  };

  if (has_code (before, CARE_SUPPLY_COLLECT))
    return refuse (error, 403, "A code is used by collecting with it, and not written.");
  /* a task that it owns opens a patient's record to it: hub-reach.c */
  if (!hub_same_at (before, task, "code") || !hub_same_at (before, task, "focus") ||
      !hub_same_at (before, task, "for"))
    return refuse (error, 403,
                   "What a task is about, and for whom, is not a pharmacy's to change.");
  if (hub_supply_ask_closes (before, task) ||
      (hub_supply_ask_is_answer (task) && !hub_same_at (before, task, "businessStatus")))
    return refuse (error, 403, "That is a prescriber's to answer, not a pharmacy's.");
  if (!has_code (before, CARE_SUPPLY_DISPENSE) && !has_code (before, CARE_SUPPLY_CANCEL))
    return TRUE;
  if (!hub_same_but_for (before, task, own))
    return refuse (error, 403,
                   "A pharmacy answers what it was asked: patient, prescription and pharmacy of a "
                   "task stay as they are.");
  return goes_on (before, task, error) && is_short (task, error);
}

/* The desk and the patients: neither a new one, nor one made of another, nor one that stands. */
static gboolean
leaves_alone (FhirResource *before, FhirResource *task, GError **error)
{
  if (!care_supply_is_task (task) && (before == NULL || !care_supply_is_task (before)))
    return TRUE;
  return refuse (error, 403,
                 "Only clinicians and the pharmacy write about handing out a medicine. Patients "
                 "choose a pharmacy on the page of their visit.");
}

/* ---- MedicationDispense ---- */

/* (transfer full) (nullable): the one prescription that is said to allow it */
static FhirResource *
read_request (StoreConnection *connection, FhirResource *dispense)
{
  const FhirElement *all = fhir_resource_path (dispense, "authorizingPrescription");
  const char *reference = fhir_resource_path_text (dispense, "authorizingPrescription.0.reference");
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (fhir_element_get_length (all) != 1 || reference == NULL ||
      !fhir_reference_split (reference, &type, &id) || strcmp (type, "MedicationRequest") != 0)
    return NULL;
  return store_resource_get (connection, type, id, NULL);
}

static gboolean
is_performed_by (HubUser *user, FhirResource *dispense)
{
  fhir_element_foreach (performer, fhir_resource_path (dispense, "performer"))
    if (g_strcmp0 (fhir_element_path_text (performer, "actor.reference"), user->reference) != 0)
      return FALSE;
  return TRUE;
}

static void
leave_out (GPtrArray *dispenses, const char *id)
{
  for (guint i = dispenses->len; i > 0; i--)
    if (g_strcmp0 (fhir_resource_get_id (dispenses->pdata[i - 1]), id) == 0)
      g_ptr_array_remove_index (dispenses, i - 1);
}

/* All that was ordered is handed out once for each time that it may be, however often somebody says
 * so: by a second message, from paper, or at a second pharmacy. */
static gboolean
leaves_some (StoreConnection *connection,
             const CareSupply *supply,
             FhirResource *request,
             FhirResource *dispense,
             GError **error)
{
  CareSupplyFacts before, after;

  if (!hub_supply_once_add_dispenses (connection, request, supply->dispenses, error))
    return FALSE;
  leave_out (supply->dispenses, fhir_resource_get_id (dispense));
  care_supply_count (request, supply->dispenses, &before);
  g_ptr_array_add (supply->dispenses, fhir_resource_ref (dispense));
  care_supply_count (request, supply->dispenses, &after);
  if (after.allowed == 0 || (after.handed_out == before.handed_out && !after.partly) ||
      after.handed_out + (after.partly ? 1 : 0) <= after.allowed)
    return TRUE;
  return refuse (error, 409,
                 "This prescription was handed out already, as often as it may be: nothing is left "
                 "to hand out. Ask the prescriber.");
}

static gboolean
allows_dispense (StoreConnection *connection,
                 HubUser *user,
                 FhirResource *before,
                 FhirResource *dispense,
                 GError **error)
{
  g_autoptr (FhirResource) request = read_request (connection, dispense);
  g_autoptr (CareSupply) supply = NULL;

  if (request == NULL)
    return refuse (error, 422,
                   "Name the one prescription that this was handed out for: "
                   "authorizingPrescription.");
  if (g_strcmp0 (fhir_resource_path_text (request, "subject.reference"),
                 fhir_resource_path_text (dispense, "subject.reference")) != 0)
    return refuse (error, 422, "This prescription is another patient's: nothing was recorded.");
  supply = care_supply_load (connection, fhir_resource_get_id (request), error);
  if (supply == NULL)
    return FALSE;
  if (supply->dispense == NULL ||
      g_strcmp0 (fhir_resource_path_text (supply->dispense, "owner.reference"), user->reference) !=
          0)
    return refuse (error, 403, "This prescription was not sent to this pharmacy.");
  if (!is_performed_by (user, dispense))
    return refuse (error, 403, "A pharmacy says of itself only that it handed something out.");
  if (before != NULL && (!hub_same_at (before, dispense, "authorizingPrescription") ||
                         !hub_same_at (before, dispense, "subject")))
    return refuse (error, 403, "What was handed out stays that of its prescription.");
  return leaves_some (connection, supply, request, dispense, error);
}

static gboolean
is_clinician (HubUser *user)
{
  return user->role == HUB_ROLE_PRESCRIBER || user->role == HUB_ROLE_ADMIN ||
         user->role == HUB_ROLE_NURSE;
}

/**
 * hub_supply_allows:
 * @resource: what is to be stored
 *
 * Runs in a StoreWork, after hub_policy_allows_resource().
 *
 * Returns: whether the user may say that of a prescription; always, for what is no Task and no
 *   MedicationDispense, and for clinicians, but for what was asked and its answer
 */
gboolean
hub_supply_allows (StoreConnection *connection,
                   HubUser *user,
                   FhirResource *resource,
                   GError **error)
{
  const char *type = fhir_resource_get_type (resource), *id = fhir_resource_get_id (resource);
  gboolean task = strcmp (type, "Task") == 0;
  g_autoptr (FhirResource) before = NULL;

  if (!task && (strcmp (type, "MedicationDispense") != 0 || is_clinician (user)))
    return TRUE;
  before = id != NULL ? store_resource_get (connection, type, id, NULL) : NULL;
  if (user->role == HUB_ROLE_NURSE && hub_supply_ask_closes (before, resource))
    return refuse (error, 403, "Only a prescriber answers what is asked about a prescription.");
  if (is_clinician (user))
    return hub_supply_ask_stays (before, resource, error);
  if (user->role != HUB_ROLE_PHARMACY)
    return !task || leaves_alone (before, resource, error);
  if (!task)
    return allows_dispense (connection, user, before, resource, error);
  return before == NULL || allows_task (before, resource, error);
}
