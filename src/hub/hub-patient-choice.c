/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-choice.h"

#include <string.h>

#include "base-id.h"
#include "care-supply.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "hub-patient-directory.h"
#include "hub-patient-medicines.h"
#include "hub-patient-private.h"
#include "hub-reply.h"
#include "hub-signature.h"

/* The patient's choice of a pharmacy: one Task a prescription, which may be changed until the
 * pharmacy took it. */

#define MAX_CHOSEN      50
#define MAX_ADDRESS     300
#define STALLED_SENT_H  4
#define STALLED_TAKEN_H 48

/* ---- the choice that stands ---- */

/* The id comes from the prescription: two answers at once can not make two Tasks. */
static char *
task_id (const char *request)
{
  g_autofree char *digest = base_sha256_hex (request, -1);

  return g_strdup_printf ("dispense-%.32s", digest);
}

/* @out: (out): NULL where nobody has chosen yet */
static gboolean
find_task (HubRecords *records, const char *request, FhirResource **out, GError **error)
{
  g_autofree char *id = task_id (request);
  g_autofree char *focus = g_strconcat ("MedicationRequest/", request, NULL);
  g_autofree char *query =
      g_strdup_printf ("focus=%s&code=" HUB_VISIT_TASK_SYSTEM "|dispense", focus);
  g_autoptr (GPtrArray) found = hub_records_search (records, "Task", query, error);
  FhirResource *best = NULL;

  *out = NULL;
  for (guint i = 0; found != NULL && i < found->len; i++)
    if (g_strcmp0 (fhir_resource_path_text (found->pdata[i], "focus.reference"), focus) == 0 &&
        fhir_concept_has_code (fhir_resource_path (found->pdata[i], "code"), HUB_VISIT_TASK_SYSTEM,
                               "dispense") &&
        (best == NULL || g_strcmp0 (fhir_resource_get_id (found->pdata[i]), id) == 0))
      best = found->pdata[i];
  if (best != NULL)
    *out = fhir_resource_ref (best);
  return found != NULL;
}

static const char *
task_input (FhirResource *task, const char *code, const char *value_name)
{
  fhir_element_foreach (input, fhir_resource_path (task, "input"))
    if (fhir_concept_has_code (fhir_element_get (input, "type"), HUB_VISIT_TASK_SYSTEM, code))
      return fhir_element_path_text (input, value_name);
  return NULL;
}

/* The words that the page has for a state: sent, accepted, waits, ready, done, refused. */
static const char *
choice_state (FhirResource *task)
{
  switch (care_supply_step_of (task))
    {
    case CARE_SUPPLY_STEP_TAKEN:
      return "accepted";
    case CARE_SUPPLY_STEP_WAITS:
      return "waits";
    case CARE_SUPPLY_STEP_READY:
      return "ready";
    case CARE_SUPPLY_STEP_DONE:
      return "done";
    case CARE_SUPPLY_STEP_REFUSED:
    case CARE_SUPPLY_STEP_GONE:
      return "refused";
    case CARE_SUPPLY_STEP_NONE:
    case CARE_SUPPLY_STEP_ASKED:
      break;
    }
  return "sent";
}

static gboolean
can_change (FhirResource *task)
{
  const char *state = choice_state (task);

  return g_str_equal (state, "sent") || g_str_equal (state, "refused");
}

/* (nullable): the pharmacy that has it */
static FhirResource *
find_owner (HubRecords *records, const char *reference)
{
  if (reference == NULL || !g_str_has_prefix (reference, "Organization/"))
    return NULL;
  return hub_records_get (records, "Organization", reference + strlen ("Organization/"), NULL);
}

/* Whether a part was handed out, and the rest is still to come. */
static gboolean
is_partly (HubRecords *records, FhirResource *request, const char *state)
{
  const char *const open[] = { "accepted", "waits", "ready", NULL };
  g_autofree char *reference = fhir_resource_dup_reference (request);
  g_autofree char *query = g_strconcat ("prescription=", reference, NULL);
  g_autoptr (GPtrArray) dispenses = NULL;
  CareSupplyFacts facts = { 0 };

  if (!g_strv_contains (open, state))
    return FALSE;
  dispenses = hub_records_search (records, "MedicationDispense", query, NULL);
  if (dispenses == NULL)
    return FALSE;
  care_supply_count (request, dispenses, &facts);
  return facts.partly;
}

/* After how long the page says what to do where nothing moves: a working day's half for an answer,
 * two days for the rest. The clinic's own rule, no clinical one. */
static gboolean
is_stalled (HubRecords *records, FhirResource *task, const char *state)
{
  const char *const open[] = { "accepted", "waits", NULL };
  const char *changed = fhir_resource_path_text (task, "lastModified");
  gint64 hours = changed != NULL ? (base_clock_now (records->clock) - fhir_date_begin (changed)) /
                                       G_TIME_SPAN_HOUR
                                 : 0;

  return (g_str_equal (state, "sent") && hours >= STALLED_SENT_H) ||
         (g_strv_contains (open, state) && hours >= STALLED_TAKEN_H);
}

static void
write_task (HubRecords *records, FhirResource *request, FhirResource *task, JsonBuilder *out)
{
  const char *owner = fhir_resource_path_text (task, "owner.reference");
  const char *state = choice_state (task);
  const char *reason = fhir_resource_path_text (task, "statusReason.text");
  g_autoptr (FhirResource) pharmacy = find_owner (records, owner);
  const char *name = pharmacy != NULL ? fhir_resource_path_text (pharmacy, "name") : NULL;

  json_builder_set_member_name (out, "choice");
  json_builder_begin_object (out);
  hub_reply_add_text (out, "state", is_partly (records, request, state) ? "partly" : state);
  hub_reply_add_text (out, "mode", task_input (task, "supply-mode", "valueCode"));
  hub_reply_add_text (out, "address", task_input (task, "delivery-address", "valueString"));
  hub_reply_add_text (out, "pharmacy",
                      name != NULL ? name : fhir_resource_path_text (task, "owner.display"));
  if (pharmacy != NULL)
    {
      hub_reply_add_text (out, "pharmacyId", fhir_resource_get_id (pharmacy));
      hub_reply_add_text (out, "phone", hub_patient_pharmacy_phone (pharmacy));
    }
  if (g_str_equal (state, "waits") || g_str_equal (state, "refused"))
    hub_reply_add_text (out, "reason", reason);
  hub_reply_add_text (out, "when", fhir_resource_path_text (task, "lastModified"));
  json_builder_set_member_name (out, "stalled");
  json_builder_add_boolean_value (out, is_stalled (records, task, state));
  json_builder_set_member_name (out, "canChange");
  json_builder_add_boolean_value (out, can_change (task));
  json_builder_end_object (out);
}

/**
 * hub_patient_write_choice:
 * @out: in the object of a medicine
 *
 * Adds `choice`, where one was made.
 */
gboolean
hub_patient_write_choice (HubRecords *records,
                          FhirResource *request,
                          JsonBuilder *out,
                          GError **error)
{
  g_autoptr (FhirResource) task = NULL;

  if (!find_task (records, fhir_resource_get_id (request), &task, error))
    return FALSE;
  if (task != NULL)
    write_task (records, request, task, out);
  return TRUE;
}

/* ---- the one before ---- */

/**
 * hub_patient_find_preferred:
 * @out: (out): the id of the pharmacy that this patient chose last; NULL where they never did
 */
gboolean
hub_patient_find_preferred (HubRecords *records, HubJoin *join, char **out, GError **error)
{
  g_autofree char *query =
      g_strdup_printf ("patient=Patient/%s&code=" HUB_VISIT_TASK_SYSTEM "|dispense", join->patient);
  g_autoptr (GPtrArray) tasks = hub_records_search (records, "Task", query, error);
  const char *owner = NULL;
  gint64 newest = G_MININT64;

  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      const char *reference = fhir_resource_path_text (tasks->pdata[i], "owner.reference");
      const char *when = fhir_resource_path_text (tasks->pdata[i], "authoredOn");
      gint64 begin = when != NULL ? fhir_date_begin (when) : 0;

      /* whoever turned it away is not offered first again */
      if (reference == NULL || !g_str_has_prefix (reference, "Organization/") || begin < newest ||
          g_str_equal (choice_state (tasks->pdata[i]), "refused"))
        continue;
      newest = begin;
      owner = reference + strlen ("Organization/");
    }
  *out = g_strdup (owner);
  return tasks != NULL;
}

/* ---- choosing ---- */

typedef struct
{
  const char *pharmacy, *mode;
  char *address, *owner, *display;
} Choice;

static gboolean
refuse (GError **error, int status, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, status, sentence);
  return FALSE;
}

static const char *
text_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gboolean
read_choice (HubRecords *records, JsonObject *object, Choice *choice, GError **error)
{
  g_autoptr (FhirResource) organization = NULL;

  choice->pharmacy = text_member (object, "pharmacy");
  choice->mode = text_member (object, "mode");
  choice->address = hub_patient_plain_text (text_member (object, "address"), MAX_ADDRESS);
  if (choice->pharmacy == NULL || !fhir_id_is_valid (choice->pharmacy))
    return refuse (error, 422, "Choose a pharmacy");
  if (choice->mode == NULL || !g_strv_contains (hub_supply_modes, choice->mode))
    return refuse (error, 422, "Choose pick-up, delivery or mail");
  if (g_str_equal (choice->mode, HUB_SUPPLY_PICK_UP))
    g_clear_pointer (&choice->address, g_free);
  else if (choice->address == NULL || strlen (choice->address) < 5)
    return refuse (error, 422, "Give an address to deliver to");
  if (!hub_records_find (records, "Organization", choice->pharmacy, &organization, error))
    return FALSE;
  if (organization == NULL || !hub_patient_is_listed (organization))
    return refuse (error, 422, "Choose a pharmacy of the list");
  if (!hub_patient_offers (records, organization, choice->mode))
    return refuse (error, 422, "This pharmacy does not hand over in that way");
  choice->owner = g_strconcat ("Organization/", choice->pharmacy, NULL);
  choice->display = g_strdup (fhir_resource_path_text (organization, "name"));
  return TRUE;
}

static gboolean
is_same (FhirResource *task, const Choice *choice)
{
  return g_str_equal (choice_state (task), "sent") &&
         g_strcmp0 (fhir_resource_path_text (task, "owner.reference"), choice->owner) == 0 &&
         g_strcmp0 (task_input (task, "supply-mode", "valueCode"), choice->mode) == 0 &&
         g_strcmp0 (task_input (task, "delivery-address", "valueString"), choice->address) == 0;
}

static FhirResource *
make_task (
    FhirResource *before, const char *request, HubJoin *join, const Choice *choice, const char *now)
{
  g_autofree char *id = task_id (request);
  g_autoptr (FhirBuilder) builder =
      before != NULL ? fhir_builder_new_from (before) : fhir_builder_new ("Task", id);
  g_autofree char *focus = g_strconcat ("MedicationRequest/", request, NULL);
  g_autofree char *patient = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *encounter = g_strconcat ("Encounter/", join->encounter, NULL);

  fhir_builder_remove (builder, "statusReason");
  fhir_builder_remove (builder, "businessStatus");
  fhir_builder_remove (builder, "input");
  fhir_builder_remove (builder, "owner");
  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "lastModified", now,
                         "focus.reference", focus, "for.reference", patient, "encounter.reference",
                         encounter, "requester.reference", patient, "owner.reference",
                         choice->owner, NULL);
  fhir_builder_set (builder, "owner.display", choice->display);
  if (before == NULL)
    {
      fhir_builder_set_many (builder, "authoredOn", now, "identifier.0.system",
                             HUB_RECORDS_IDENTIFIER, "identifier.0.value", id, NULL);
      fhir_builder_set_coding (builder, "code", HUB_VISIT_TASK_SYSTEM, "dispense", "Dispense");
    }
  fhir_builder_set_coding (builder, "input.0.type", HUB_VISIT_TASK_SYSTEM, "supply-mode", NULL);
  fhir_builder_set (builder, "input.0.valueCode", choice->mode);
  if (choice->address != NULL)
    {
      fhir_builder_set_coding (builder, "input.1.type", HUB_VISIT_TASK_SYSTEM, "delivery-address",
                               NULL);
      fhir_builder_set (builder, "input.1.valueString", choice->address);
    }
  return fhir_builder_end (builder);
}

static gboolean
choose_one (HubRecords *records,
            HubJoin *join,
            const char *request_id,
            const Choice *choice,
            GError **error)
{
  g_autoptr (FhirResource) request = NULL;
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autofree char *now = base_clock_dup_instant (records->clock);

  if (!hub_records_find (records, "MedicationRequest", request_id, &request, error))
    return FALSE;
  if (request == NULL || !hub_patient_is_of_visit (request, join) ||
      !hub_patient_is_active (request) || !hub_signature_is_live_order (request))
    return refuse (error, 422, "This medicine is not one to choose a pharmacy for");
  if (!find_task (records, request_id, &before, error))
    return FALSE;
  if (before != NULL && is_same (before, choice))
    return TRUE;
  if (before != NULL && !can_change (before))
    return refuse (error, 409, "The pharmacy has already accepted it");
  after = make_task (before, request_id, join, choice, now);
  return hub_records_put (records, before, after, HUB_PATIENT_WHO, join->patient, choice->mode,
                          NULL, error);
}

static gboolean
choose_all (HubRecords *records, HubJoin *join, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "medicines");
  JsonArray *medicines =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  Choice choice = { 0 };
  gboolean ok;

  if (join->encounter == NULL || medicines == NULL || json_array_get_length (medicines) == 0 ||
      json_array_get_length (medicines) > MAX_CHOSEN)
    return refuse (error, 422, "Choose at least one medicine");
  ok = read_choice (records, object, &choice, error);
  for (guint i = 0; ok && i < json_array_get_length (medicines); i++)
    {
      JsonNode *item = json_array_get_element (medicines, i);
      const char *id = JSON_NODE_HOLDS_VALUE (item) ? json_node_get_string (item) : NULL;

      ok = id != NULL && fhir_id_is_valid (id) ? choose_one (records, join, id, &choice, error)
                                               : refuse (error, 422, "This is not a medicine");
    }
  g_free (choice.address);
  g_free (choice.owner);
  g_free (choice.display);
  return ok;
}

/**
 * hub_patient_choose:
 *
 * POST choice: `medicines` (ids), `pharmacy` (id), `mode` and `address`. All of it or nothing, in
 * another server as far as it takes it; sending the same again changes nothing.
 */
gboolean
hub_patient_choose (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  JsonObject *body = hub_patient_body_object (self);

  if (body == NULL)
    {
      hub_patient_answer_error (self, 422, "invalid");
      return TRUE;
    }
  return choose_all (records, join, body, error) &&
         hub_patient_answer_medicines (records, self, join, error);
}
