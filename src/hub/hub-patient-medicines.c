/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-medicines.h"

#include "base-id.h"
#include "clinical-dosage.h"
#include "clinical-dose.h"
#include "clinical-drug-name.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-name.h"
#include "hub-records.h"
#include "hub-reply.h"

/* "My medicines": what was prescribed in this visit, in the words that the prescription has for the
 * patient, and the patient's choice of a pharmacy, which is one Task a prescription. */

#define ORGANIZATION_TYPE "https://bedside.health/fhir/organization-type"
#define MAX_MEDICINES     50
#define MAX_ADDRESS       300
#define WHO               "patient by join link"

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

/* The words that the page has for a state: sent, accepted, ready, done, refused. */
static const char *
choice_state (FhirResource *task)
{
  const char *status = fhir_resource_path_text (task, "status");
  const char *const accepted[] = { "accepted", "in-progress", "on-hold", NULL };
  const char *const refused[] = { "rejected", "failed", "cancelled", "entered-in-error", NULL };

  if (status == NULL)
    return "sent";
  if (g_strv_contains (accepted, status))
    return "accepted";
  if (g_str_equal (status, "ready"))
    return "ready";
  if (g_str_equal (status, "completed"))
    return "done";
  return g_strv_contains (refused, status) ? "refused" : "sent";
}

static gboolean
can_change (FhirResource *task)
{
  const char *state = choice_state (task);

  return g_str_equal (state, "sent") || g_str_equal (state, "refused");
}

static char *
dup_organization_name (HubRecords *records, const char *reference)
{
  g_autoptr (FhirResource) organization = NULL;

  if (reference == NULL || !g_str_has_prefix (reference, "Organization/"))
    return NULL;
  organization =
      hub_records_get (records, "Organization", reference + strlen ("Organization/"), NULL);
  return organization != NULL ? g_strdup (fhir_resource_path_text (organization, "name")) : NULL;
}

static void
write_choice (HubRecords *records, FhirResource *task, JsonBuilder *out)
{
  const char *owner = fhir_resource_path_text (task, "owner.reference");
  g_autofree char *name = dup_organization_name (records, owner);

  json_builder_set_member_name (out, "choice");
  json_builder_begin_object (out);
  hub_reply_add_text (out, "state", choice_state (task));
  hub_reply_add_text (out, "mode", task_input (task, "supply-mode", "valueCode"));
  hub_reply_add_text (out, "address", task_input (task, "delivery-address", "valueString"));
  hub_reply_add_text (out, "pharmacy",
                      name != NULL ? name : fhir_resource_path_text (task, "owner.display"));
  if (owner != NULL && g_str_has_prefix (owner, "Organization/"))
    hub_reply_add_text (out, "pharmacyId", owner + strlen ("Organization/"));
  json_builder_set_member_name (out, "canChange");
  json_builder_add_boolean_value (out, can_change (task));
  json_builder_end_object (out);
}

/* ---- the list ---- */

static gboolean
is_of_visit (FhirResource *request, HubJoin *join)
{
  const char *status = fhir_resource_path_text (request, "status");
  const char *intent = fhir_resource_path_text (request, "intent");
  g_autofree char *subject = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *encounter =
      g_strconcat ("Encounter/", join->encounter != NULL ? join->encounter : "", NULL);

  return g_strcmp0 (fhir_resource_path_text (request, "subject.reference"), subject) == 0 &&
         g_strcmp0 (fhir_resource_path_text (request, "encounter.reference"), encounter) == 0 &&
         g_strcmp0 (status, "draft") != 0 && g_strcmp0 (intent, "proposal") != 0;
}

static gboolean
is_stopped (FhirResource *request)
{
  const char *const stopped[] = { "stopped", "cancelled", "entered-in-error", "on-hold", NULL };
  const char *status = fhir_resource_path_text (request, "status");

  return status != NULL && g_strv_contains (stopped, status);
}

/* The prescription's own words, in whatever language they were written. */
static char *
dup_written (const FhirElement *dosages)
{
  g_autoptr (GString) text = g_string_new (NULL);

  fhir_element_foreach (dosage, dosages)
    {
      const char *words = fhir_element_path_text (dosage, "patientInstruction");

      if (words == NULL)
        words = fhir_element_path_text (dosage, "text");
      if (words != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", words);
    }
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

/* Whether each has codes to be said, and a text that says the same. */
static gboolean
can_be_said (const FhirElement *dosages)
{
  fhir_element_foreach (dosage, dosages)
    if ((fhir_element_get (dosage, "doseAndRate") == NULL &&
         fhir_element_get (dosage, "timing") == NULL) ||
        !clinical_dosage_agrees (dosage))
      return FALSE;
  return fhir_element_get_length (dosages) > 0;
}

/* The whole dosage in @language; else as it was written (hazard H20). Never half of each.
 *
 * @original: (out): whether it is in the words of the record */
static char *
dup_instruction (FhirResource *request, const char *language, gboolean *original)
{
  const FhirElement *dosages = fhir_resource_path (request, "dosageInstruction");
  char *said = can_be_said (dosages)
                   ? clinical_dosage_say (dosages, language, CLINICAL_READER_PATIENT, NULL)
                   : NULL;

  *original = said == NULL;
  return said != NULL ? said : dup_written (dosages);
}

static char *
dup_amount (FhirResource *request)
{
  const char *value = fhir_resource_path_text (request, "dispenseRequest.quantity.value");
  const char *unit = fhir_resource_path_text (request, "dispenseRequest.quantity.unit");

  if (value == NULL)
    return NULL;
  return clinical_dose_amount (value, unit);
}

static gboolean
write_medicine (HubRecords *records,
                FhirResource *request,
                const char *language,
                JsonBuilder *out,
                GError **error)
{
  const FhirElement *concept = fhir_resource_path (request, "medicationCodeableConcept");
  g_autofree char *recorded = fhir_concept_dup_text (concept);
  const char *known = recorded != NULL
                          ? recorded
                          : fhir_resource_path_text (request, "medicationReference.display");
  g_autofree char *name = known != NULL ? clinical_drug_name_plain (known) : NULL;
  gboolean original;
  g_autofree char *instruction = dup_instruction (request, language, &original);
  g_autofree char *amount = dup_amount (request);
  g_autoptr (FhirResource) task = NULL;
  const FhirElement *repeats =
      fhir_resource_path (request, "dispenseRequest.numberOfRepeatsAllowed");

  if (!find_task (records, fhir_resource_get_id (request), &task, error))
    return FALSE;
  json_builder_begin_object (out);
  hub_reply_add_text (out, "id", fhir_resource_get_id (request));
  hub_reply_add_text (out, "name", name);
  hub_reply_add_text (out, "instruction", instruction);
  json_builder_set_member_name (out, "original");
  json_builder_add_boolean_value (out, original && strcmp (language, "en") != 0);
  hub_reply_add_text (out, "amount", amount);
  hub_reply_add_text (out, "by", fhir_resource_path_text (request, "requester.display"));
  json_builder_set_member_name (out, "repeats");
  json_builder_add_int_value (out, fhir_element_get_integer (repeats, 0));
  json_builder_set_member_name (out, "stopped");
  json_builder_add_boolean_value (out, is_stopped (request));
  if (task != NULL)
    write_choice (records, task, out);
  json_builder_end_object (out);
  return TRUE;
}

static char *
dup_address (const FhirElement *address)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *const parts[] = { "city", "state", "postalCode" };
  const char *whole = fhir_element_path_text (address, "text");

  if (address == NULL)
    return NULL;
  if (whole != NULL)
    return g_strdup (whole);
  fhir_element_foreach (line, fhir_element_get (address, "line"))
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", fhir_element_get_text (line));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *part = fhir_element_path_text (address, parts[i]);

      if (part != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", part);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static const char *
phone_of (FhirResource *organization)
{
  fhir_element_foreach (telecom, fhir_resource_path (organization, "telecom"))
    if (g_strcmp0 (fhir_element_path_text (telecom, "system"), "phone") == 0)
      return fhir_element_path_text (telecom, "value");
  return NULL;
}

static gboolean
is_pharmacy (FhirResource *organization)
{
  fhir_element_foreach (type, fhir_resource_path (organization, "type"))
    if (fhir_concept_has_code (type, ORGANIZATION_TYPE, "pharmacy"))
      return TRUE;
  return FALSE;
}

static gboolean
write_pharmacies (HubRecords *records, JsonBuilder *out, GError **error)
{
  g_autoptr (GPtrArray) pharmacies =
      hub_records_search (records, "Organization", "type=" ORGANIZATION_TYPE "|pharmacy", error);

  if (pharmacies == NULL)
    return FALSE;
  json_builder_set_member_name (out, "pharmacies");
  json_builder_begin_array (out);
  for (guint i = 0; i < pharmacies->len; i++)
    {
      FhirResource *pharmacy = pharmacies->pdata[i];
      g_autofree char *address = dup_address (fhir_resource_path (pharmacy, "address.0"));

      if (!is_pharmacy (pharmacy))
        continue;
      json_builder_begin_object (out);
      hub_reply_add_text (out, "id", fhir_resource_get_id (pharmacy));
      hub_reply_add_text (out, "name", fhir_resource_path_text (pharmacy, "name"));
      hub_reply_add_text (out, "address", address);
      hub_reply_add_text (out, "phone", phone_of (pharmacy));
      json_builder_end_object (out);
    }
  json_builder_end_array (out);
  return TRUE;
}

/**
 * hub_patient_write_medicines:
 * @out: in an object
 *
 * Adds `medicines`, `pharmacies` and `deliveryAddress`.
 */
gboolean
hub_patient_write_medicines (HubRecords *records, HubJoin *join, JsonBuilder *out, GError **error)
{
  const char *language = join->language != NULL ? join->language : "en";
  g_autofree char *query = g_strdup_printf ("patient=Patient/%s", join->patient);
  g_autoptr (GPtrArray) requests = hub_records_search (records, "MedicationRequest", query, error);
  g_autoptr (FhirResource) patient = NULL;
  g_autofree char *address = NULL;

  if (requests == NULL)
    return FALSE;
  json_builder_set_member_name (out, "medicines");
  json_builder_begin_array (out);
  for (guint i = 0; i < requests->len; i++)
    if (is_of_visit (requests->pdata[i], join) &&
        !write_medicine (records, requests->pdata[i], language, out, error))
      return FALSE;
  json_builder_end_array (out);
  patient = hub_records_get (records, "Patient", join->patient, error);
  if (patient == NULL)
    return FALSE;
  address = dup_address (fhir_resource_path (patient, "address.0"));
  hub_reply_add_text (out, "deliveryAddress", address);
  return write_pharmacies (records, out, error);
}

/* ---- choosing ---- */

typedef struct
{
  const char *pharmacy, *mode, *address;
  char *owner, *display;
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
  choice->address = text_member (object, "address");
  if (choice->pharmacy == NULL || !fhir_id_is_valid (choice->pharmacy))
    return refuse (error, 422, "Choose a pharmacy");
  if (g_strcmp0 (choice->mode, "pick-up") != 0 && g_strcmp0 (choice->mode, "delivery") != 0)
    return refuse (error, 422, "Choose pick-up or delivery");
  if (g_str_equal (choice->mode, "pick-up"))
    choice->address = NULL;
  else if (choice->address == NULL || strlen (choice->address) < 5 ||
           g_utf8_strlen (choice->address, -1) > MAX_ADDRESS)
    return refuse (error, 422, "Give an address to deliver to");
  if (!hub_records_find (records, "Organization", choice->pharmacy, &organization, error))
    return FALSE;
  if (organization == NULL || !is_pharmacy (organization))
    return refuse (error, 422, "Choose a pharmacy of the list");
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
  if (request == NULL || !is_of_visit (request, join) || is_stopped (request))
    return refuse (error, 422, "This medicine is not one to choose a pharmacy for");
  if (!find_task (records, request_id, &before, error))
    return FALSE;
  if (before != NULL && is_same (before, choice))
    return TRUE;
  if (before != NULL && !can_change (before))
    return refuse (error, 409, "The pharmacy has already accepted it");
  after = make_task (before, request_id, join, choice, now);
  return hub_records_put (records, before, after, WHO, join->patient, choice->mode, NULL, error);
}

/**
 * hub_patient_choose:
 * @choice: `medicines` (ids), `pharmacy` (id), `mode` and `address`, as the page sent them
 * @error: HUB_ERROR 422 for what is not allowed, 409 where a pharmacy has accepted already
 *
 * All of it or nothing, in another server as far as it takes it; sending the same again changes
 * nothing.
 */
gboolean
hub_patient_choose (HubRecords *records, HubJoin *join, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "medicines");
  JsonArray *medicines =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  Choice choice = { 0 };
  gboolean ok;

  if (join->encounter == NULL || medicines == NULL || json_array_get_length (medicines) == 0 ||
      json_array_get_length (medicines) > MAX_MEDICINES)
    return refuse (error, 422, "Choose at least one medicine");
  ok = read_choice (records, object, &choice, error);
  for (guint i = 0; ok && i < json_array_get_length (medicines); i++)
    {
      JsonNode *item = json_array_get_element (medicines, i);
      const char *id = JSON_NODE_HOLDS_VALUE (item) ? json_node_get_string (item) : NULL;

      ok = id != NULL && fhir_id_is_valid (id) ? choose_one (records, join, id, &choice, error)
                                               : refuse (error, 422, "This is not a medicine");
    }
  g_free (choice.owner);
  g_free (choice.display);
  return ok;
}
