/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-supply-answer.h"

#include <string.h>

#include "base-id.h"
#include "care-supply.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "hub-policy.h"
#include "hub-supply-ask.h"
#include "store-audit.h"
#include "store-resource.h"

/* What follows from what was just said of a prescription, in the transaction in which it was said.
 * A cancellation is graded here and not where it was asked for: only here is it certain whether a
 * pharmacy had begun with it. And where it could not be stopped, somebody of the clinic has to call
 * the patient: that becomes a Task, once. */

static gboolean
put (StoreConnection *connection, FhirResource *task, const char *detail, GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (task);
  g_autofree char *patient = hub_policy_dup_patient (task);
  g_auto (StorePut) out = { 0 };

  return store_resource_put (connection, task, STORE_PUT_DEFAULT, NULL, &out, error) &&
         store_audit_append (connection, "write", "hub", patient, reference, detail, error);
}

/* The id comes of what it says: however often it is said, there is one. */
static char *
dup_id (const char *code, const char *request, const char *words)
{
  g_autofree char *seed = g_strdup_printf ("%s %s %s", code, request, words);
  g_autofree char *digest = base_sha256_hex (seed, -1);

  return g_strdup_printf ("supply-%.32s", digest);
}

/**
 * hub_supply_is_raised:
 *
 * Returns: whether hub_supply_raise() of the same has nothing to do
 */
gboolean
hub_supply_is_raised (StoreConnection *connection,
                      const char *code,
                      FhirResource *request,
                      const char *words)
{
  g_autofree char *id = dup_id (code, fhir_resource_get_id (request), words);
  g_autoptr (FhirResource) known = store_resource_get (connection, "Task", id, NULL);

  /* what has the name, and is another thing, does not keep this from being said */
  return known != NULL &&
         fhir_concept_has_code (fhir_resource_path (known, "code"), CARE_SYSTEM_TASK, code);
}

/**
 * hub_supply_raise:
 * @code: of CARE_SYSTEM_TASK
 * @request: the MedicationRequest
 *
 * Makes the clinic's Task about a prescription, unless there was one that said the same: once.
 */
gboolean
hub_supply_raise (StoreConnection *connection,
                  const char *code,
                  FhirResource *request,
                  const char *words,
                  GError **error)
{
  g_autofree char *id = dup_id (code, fhir_resource_get_id (request), words);
  g_autofree char *now = base_clock_dup_instant (store_connection_get_clock (connection));
  g_autofree char *focus = fhir_resource_dup_reference (request);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) task = NULL;

  if (hub_supply_is_raised (connection, code, request, words))
    return TRUE;
  builder = fhir_builder_new ("Task", id);
  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", "urgent",
                         "description", words, "focus.reference", focus, "for.reference",
                         fhir_resource_path_text (request, "subject.reference"), "authoredOn", now,
                         "lastModified", now, NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, code, NULL);
  task = fhir_builder_end (builder);
  return put (connection, task, code, error);
}

static gboolean
set_status (StoreConnection *connection,
            FhirResource *task,
            const char *status,
            const char *business,
            const char *reason,
            GError **error)
{
  g_autofree char *now = base_clock_dup_instant (store_connection_get_clock (connection));
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (task);
  g_autoptr (FhirResource) after = NULL;

  fhir_builder_set_many (builder, "status", status, "lastModified", now, NULL);
  fhir_builder_remove (builder, "statusReason");
  fhir_builder_set (builder, "statusReason.text", reason);
  if (business != NULL)
    fhir_builder_set_coding (builder, "businessStatus", CARE_SYSTEM_TASK, business, NULL);
  after = fhir_builder_end (builder);
  return put (connection, after, status, error);
}

static gboolean
call_patient (StoreConnection *connection, FhirResource *request, GError **error)
{
  return hub_supply_raise (connection, CARE_SUPPLY_CALL, request,
                           "A prescription was cancelled, and the pharmacy has handed it out or "
                           "could not stop it: call the patient",
                           error);
}

static gboolean
was_handed_out (FhirResource *request, const CareSupply *supply)
{
  CareSupplyFacts facts;

  care_supply_read (supply, request, &facts);
  return facts.handed_out > 0 && !care_supply_is_open (supply);
}

/* Asked to stop: at once where nobody had begun, not at all where the patient has it; else it is
 * the pharmacy's to say. */
static gboolean
grade (StoreConnection *connection,
       FhirResource *request,
       const CareSupply *supply,
       FhirResource *cancel,
       GError **error)
{
  CareSupplyStep step = care_supply_step_of (supply->dispense);

  if (was_handed_out (request, supply))
    return set_status (connection, cancel, "rejected", NULL, "it had been handed out already",
                       error) &&
           call_patient (connection, request, error);
  if (step != CARE_SUPPLY_STEP_NONE && step != CARE_SUPPLY_STEP_ASKED &&
      care_supply_is_open (supply))
    return TRUE;
  if (step == CARE_SUPPLY_STEP_ASKED && !set_status (connection, supply->dispense, "cancelled",
                                                     NULL, "the clinic cancelled it", error))
    return FALSE;
  return set_status (connection, cancel, "completed", CARE_SUPPLY_NOT_TAKEN, NULL, error);
}

static gboolean
answer_cancel (StoreConnection *connection,
               FhirResource *request,
               const CareSupply *supply,
               FhirResource *cancel,
               GError **error)
{
  switch (care_supply_step_of (cancel))
    {
    case CARE_SUPPLY_STEP_ASKED:
      return grade (connection, request, supply, cancel, error);
    case CARE_SUPPLY_STEP_REFUSED:
      return call_patient (connection, request, error);
    case CARE_SUPPLY_STEP_DONE: /* agreed: what was asked for is not asked for any more */
      return !care_supply_is_open (supply) || set_status (connection, supply->dispense, "cancelled",
                                                          NULL, "the clinic cancelled it", error);
    default:
      return TRUE;
    }
}

/* A pharmacy that waits for the clinic, or does not supply it, says so to a person: its own words,
 * in a Task that is there until somebody has read it. */
static gboolean
answer_question (StoreConnection *connection,
                 FhirResource *request,
                 const CareSupply *supply,
                 FhirResource *dispense,
                 GError **error)
{
  CareSupplyFacts facts;
  CareSupplyStep step = care_supply_step_of (dispense);
  const char *reason = fhir_resource_path_text (dispense, "statusReason.text");
  g_autofree char *words = g_strdup_printf (step == CARE_SUPPLY_STEP_WAITS
                                                ? "A pharmacy waits with a prescription: %s"
                                                : "A pharmacy does not supply a prescription: %s",
                                            reason != NULL ? reason : "no reason given");

  if (hub_supply_ask_is_one (dispense))
    return hub_supply_ask_raise (connection, request, dispense, error);
  care_supply_read (supply, request, &facts);
  if (step == CARE_SUPPLY_STEP_WAITS && hub_supply_ask_is_answer (dispense))
    return TRUE;
  if (step == CARE_SUPPLY_STEP_WAITS && facts.partly)
    return TRUE; /* the rest comes: there is nothing to answer */
  return (step != CARE_SUPPLY_STEP_WAITS && step != CARE_SUPPLY_STEP_REFUSED) ||
         hub_supply_raise (connection, CARE_SUPPLY_QUESTION, request, words, error);
}

static gboolean
has_code (FhirResource *task, const char *code)
{
  return fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, code);
}

/* Handed out after the clinic had cancelled it: true, and somebody has to act. */
static gboolean
answer_dispense (StoreConnection *connection,
                 FhirResource *request,
                 const CareSupply *supply,
                 GError **error)
{
  CareSupplyFacts facts;

  care_supply_read (supply, request, &facts);
  /* somebody came after all */
  if (facts.not_collected && (facts.handed_out > 0 || facts.partly) &&
      !set_status (connection, supply->untaken, "completed", NULL, "it was handed out", error))
    return FALSE;
  return !facts.ended || !facts.late || call_patient (connection, request, error);
}

/**
 * hub_supply_answer:
 * @resource: that has just been stored, new or changed, and with it all of its transaction
 *
 * Does what follows from it, where it is a pharmacy's or a clinic's word on a prescription.
 */
gboolean
hub_supply_answer (StoreConnection *connection, FhirResource *resource, GError **error)
{
  gboolean task = strcmp (fhir_resource_get_type (resource), "Task") == 0;
  const char *about = fhir_resource_path_text (resource, task ? "focus.reference"
                                                              : "authorizingPrescription.0."
                                                                "reference");
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;
  g_autoptr (FhirResource) request = NULL;
  g_autoptr (FhirResource) stands = NULL;
  g_autoptr (CareSupply) supply = NULL;

  if (about == NULL || !fhir_reference_split (about, &type, &id) ||
      strcmp (type, "MedicationRequest") != 0)
    return TRUE;
  if (task && !has_code (resource, CARE_SUPPLY_CANCEL) &&
      !has_code (resource, CARE_SUPPLY_DISPENSE) && !has_code (resource, CARE_SUPPLY_CHANGE) &&
      !has_code (resource, CARE_SUPPLY_RENEWAL))
    return TRUE;
  request = store_resource_get (connection, type, id, NULL);
  if (request != NULL && task && !care_supply_is_of (request, resource))
    return TRUE;
  supply = request != NULL ? care_supply_load (connection, id, error) : NULL;
  if (supply == NULL)
    return request == NULL;
  if (!task)
    return answer_dispense (connection, request, supply, error);
  if (has_code (resource, CARE_SUPPLY_DISPENSE))
    return answer_question (connection, request, supply, resource, error);
  if (!has_code (resource, CARE_SUPPLY_CANCEL))
    return hub_supply_ask_answer (connection, request, resource, error);
  stands = store_resource_get (connection, "Task", fhir_resource_get_id (resource), error);
  return stands != NULL && answer_cancel (connection, request, supply, stands, error);
}
