/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-collect.h"

#include <string.h>

#include "base-id.h"
#include "care-supply-code.h"
#include "care-supply.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "hub-policy.h"
#include "hub-reply.h"
#include "hub-signature.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-search.h"

/* POST MedicationRequest/NUMBER/$collect: a pharmacy shows the token that a patient showed at its
 * counter, and has the prescription from then on, as if the patient had chosen it: the one Task by
 * which it is sent to a pharmacy becomes its own. A token is good once; shown again by the same
 * pharmacy, whose answer was lost, it gives the same for as long as that pharmacy has it. Who used
 * it does not own the token's Task: an owner would see its patient for ever (hub-reach.c). What is
 * handed out by it is counted with all else that is: paper and message are one prescription
 * (hub-supply.c). */

#define MAX_BODY  4096
#define MAX_TOKEN 128
#define USED_BY   CARE_EXTENSION_BASE "collected-by"
#define UNKNOWN                                                                                    \
  "No prescription has this code here. It may not have been sent yet: try again later, and hand "  \
  "out by the paper what cannot wait."

typedef struct
{
  HubRequest *request;
  char *token;
} Collecting;

static void
collecting_free (Collecting *self)
{
  g_free (self->token);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Collecting, collecting_free)

static gboolean
refuse (GError **error, int status, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, status, sentence);
  return FALSE;
}

/* ---- whose token it is ---- */

static gboolean
has_number (FhirResource *order, const char *number)
{
  fhir_element_foreach (identifier, fhir_resource_path (order, "identifier"))
    if (g_strcmp0 (fhir_element_path_text (identifier, "system"), CARE_SYSTEM_PRESCRIPTION_ID) ==
            0 &&
        g_ascii_strcasecmp (fhir_element_path_text (identifier, "value"), number) == 0)
      return TRUE;
  return g_ascii_strcasecmp (fhir_resource_get_id (order), number) == 0;
}

/* (transfer full) (nullable): the Task of the token. An unknown number and an unknown token are
 * answered alike: nobody finds out by trying which prescriptions there are. @order: (out) */
static FhirResource *
find_token (StoreConnection *connection, Collecting *self, FhirResource **order)
{
  g_autofree char *query = g_strdup_printf ("identifier=" CARE_SYSTEM_COLLECT "|%s", self->token);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", query, NULL);
  g_autoptr (FhirResource) task = NULL;
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (ids == NULL || ids->len != 1)
    return NULL;
  task = store_resource_get (connection, "Task", ids->pdata[0], NULL);
  if (task == NULL ||
      !fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK,
                              CARE_SUPPLY_COLLECT) ||
      !fhir_reference_split (fhir_resource_path_text (task, "focus.reference"), &type, &id) ||
      strcmp (type, "MedicationRequest") != 0)
    return NULL;
  *order = store_resource_get (connection, type, id, NULL);
  return *order != NULL && has_number (*order, self->request->id) &&
                 care_supply_is_of (*order, task)
             ? g_steal_pointer (&task)
             : NULL;
}

static gboolean
is_own (HubUser *user, FhirResource *task)
{
  return task != NULL &&
         g_strcmp0 (fhir_resource_path_text (task, "owner.reference"), user->reference) == 0;
}

/* Tokens that were used before there was USED_BY are owned by who did. */
static gboolean
has_used (HubUser *user, FhirResource *token)
{
  fhir_element_foreach (extension, fhir_resource_path (token, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), USED_BY) == 0)
      return g_strcmp0 (fhir_element_path_text (extension, "valueReference.reference"),
                        user->reference) == 0;
  return is_own (user, token);
}

static gboolean
may_collect (HubUser *user, FhirResource *order, FhirResource *token, GError **error)
{
  CareSupplyStep step = care_supply_step_of (token);

  if (g_strcmp0 (fhir_resource_path_text (order, "status"), "active") != 0)
    return refuse (error, 409, "This prescription is over: nothing is handed out by it any more.");
  if (!hub_signature_is_live_order (order))
    return refuse (error, 409, "This is no prescription: nothing is handed out by it.");
  if (step == CARE_SUPPLY_STEP_ASKED || (step == CARE_SUPPLY_STEP_DONE && has_used (user, token)))
    return TRUE;
  return refuse (error, 409,
                 step == CARE_SUPPLY_STEP_DONE ? "This code was used at another pharmacy already."
                                               : "This code is not good any more.");
}

static gboolean
has_it (HubUser *user, const CareSupply *supply)
{
  return is_own (user, supply->dispense) &&
         care_supply_step_of (supply->dispense) < CARE_SUPPLY_STEP_REFUSED;
}

/* A token that was used says again what it gave, and gives nothing back that was turned away, or
 * that the patient has sent elsewhere since. */
static gboolean
is_good_still (HubUser *user, FhirResource *token, const CareSupply *supply, GError **error)
{
  return care_supply_step_of (token) == CARE_SUPPLY_STEP_ASKED || has_it (user, supply) ||
         refuse (error, 409,
                 "This code was used here, and the prescription is not at this pharmacy any more. "
                 "Ask the patient for a new code.");
}

/* Nobody takes over what another pharmacy has begun with, or has handed out. */
static gboolean
is_free (HubUser *user, FhirResource *order, const CareSupply *supply, GError **error)
{
  CareSupplyStep step = care_supply_step_of (supply->dispense);
  CareSupplyFacts facts;

  care_supply_read (supply, order, &facts);
  if (facts.allowed > 0 && facts.handed_out >= facts.allowed && !is_own (user, supply->dispense))
    return refuse (error, 409,
                   "This prescription was handed out already, as often as it may be. Ask the "
                   "prescriber.");
  if (is_own (user, supply->dispense) || step <= CARE_SUPPLY_STEP_ASKED ||
      step >= CARE_SUPPLY_STEP_DONE)
    return TRUE;
  return refuse (error, 409, "Another pharmacy has begun with this prescription: ask there.");
}

/* ---- what becomes of it ---- */

static gboolean
put (StoreConnection *connection,
     HubUser *user,
     FhirBuilder *builder,
     const char *detail,
     FhirResource **written,
     GError **error)
{
  g_autoptr (FhirResource) task = fhir_builder_end (builder);
  g_autofree char *reference = fhir_resource_dup_reference (task);
  g_autofree char *patient = hub_policy_dup_patient (task);
  g_auto (StorePut) out = { 0 };

  if (!store_resource_put (connection, task, STORE_PUT_DEFAULT, NULL, &out, error) ||
      !store_audit_append (connection, "write", user->reference, patient, reference, detail, error))
    return FALSE;
  if (written != NULL)
    *written = store_resource_get (connection, "Task", fhir_resource_get_id (task), error);
  return written == NULL || *written != NULL;
}

/* The one Task by which it goes to a pharmacy, as the patient's page makes it: whoever chooses
 * again changes it, and makes no second one. */
static FhirBuilder *
begin_order (FhirResource *order, FhirResource *before)
{
  g_autofree char *digest = base_sha256_hex (fhir_resource_get_id (order), -1);
  g_autofree char *id = g_strdup_printf ("dispense-%.32s", digest);
  g_autofree char *focus = fhir_resource_dup_reference (order);
  FhirBuilder *builder =
      before != NULL ? fhir_builder_new_from (before) : fhir_builder_new ("Task", id);

  fhir_builder_set_many (builder, "intent", "order", "focus.reference", focus, "for.reference",
                         fhir_resource_path_text (order, "subject.reference"), NULL);
  fhir_builder_remove (builder, "input");
  fhir_builder_remove (builder, "statusReason");
  fhir_builder_remove (builder, "businessStatus");
  fhir_builder_remove (builder, "owner");
  fhir_builder_remove (builder, "code");
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CARE_SUPPLY_DISPENSE, NULL);
  return builder;
}

static gboolean
give (StoreConnection *connection,
      Collecting *self,
      FhirResource *order,
      const CareSupply *supply,
      GError **error)
{
  HubUser *user = self->request->user;
  FhirResource *before = supply->dispense;
  g_autofree char *now = base_clock_dup_instant (store_connection_get_clock (connection));
  g_autoptr (FhirBuilder) builder = NULL;

  if (has_it (user, supply))
    {
      self->request->answer = fhir_resource_ref (before);
      return TRUE;
    }
  builder = begin_order (order, before);
  fhir_builder_set_many (builder, "status", "requested", "authoredOn", now, "lastModified", now,
                         "owner.reference", user->reference, NULL);
  fhir_builder_set_coding (builder, "input.0.type", CARE_SYSTEM_TASK, "supply-mode", NULL);
  fhir_builder_set (builder, "input.0.valueCode", "pick-up");
  return put (connection, user, builder, "collected by a code", &self->request->answer, error);
}

static gboolean
spend (StoreConnection *connection, HubUser *user, FhirResource *token, GError **error)
{
  g_autofree char *now = base_clock_dup_instant (store_connection_get_clock (connection));
  g_autofree char *url = NULL;
  g_autofree char *who = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  gsize n;

  if (care_supply_step_of (token) == CARE_SUPPLY_STEP_DONE)
    return TRUE;
  builder = fhir_builder_new_from (token);
  n = fhir_builder_get_length (builder, "extension");
  url = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".url", n);
  who = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".valueReference.reference", n);
  fhir_builder_set_many (builder, "status", "completed", "lastModified", now, url, USED_BY, who,
                         user->reference, NULL);
  return put (connection, user, builder, "a code was used", NULL, error);
}

static gboolean
collect_work (StoreConnection *connection, gpointer data, GError **error)
{
  Collecting *self = data;
  g_autoptr (FhirResource) order = NULL;
  g_autoptr (FhirResource) token = find_token (connection, self, &order);
  g_autoptr (CareSupply) supply = NULL;

  g_clear_pointer (&self->request->answer, fhir_resource_unref);
  if (token == NULL)
    return refuse (error, 404, UNKNOWN);
  if (!may_collect (self->request->user, order, token, error))
    return FALSE;
  supply = care_supply_load (connection, fhir_resource_get_id (order), error);
  return supply != NULL && is_good_still (self->request->user, token, supply, error) &&
         is_free (self->request->user, order, supply, error) &&
         give (connection, self, order, supply, error) &&
         spend (connection, self->request->user, token, error);
}

static void
collected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Collecting) self = data;
  g_autoptr (GError) error = NULL;

  if (store_database_write_finish (STORE_DATABASE (source), result, &error))
    hub_request_answer_stored (self->request, 200, self->request->answer);
  hub_request_finish (self->request, error);
}

/* ---- at the door ---- */

/* (transfer full) (nullable): what the body says, where it is nothing but a token */
static char *
read_token (HubRequest *request, GError **error)
{
  g_autoptr (FhirResource) parameters = NULL;
  const char *text, *token;
  gsize length = 0;

  if (!hub_request_take_body (request, error))
    return NULL;
  text = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;
  parameters =
      length > 0 && length <= MAX_BODY ? fhir_resource_parse (text, (gssize) length, NULL) : NULL;
  token =
      parameters != NULL ? fhir_resource_path_text (parameters, "parameter.0.valueString") : NULL;
  if (token == NULL || strlen (token) > MAX_TOKEN ||
      strspn (token, "0123456789abcdefABCDEF") != strlen (token) || *token == '\0')
    {
      refuse (error, 400, "Send Parameters with the token of the code: letters and digits.");
      return NULL;
    }
  return g_ascii_strdown (token, -1);
}

/**
 * hub_collect:
 * @request: for a MedicationRequest's $collect
 *
 * Returns: whether @request is taken over; else its message is answered
 */
gboolean
hub_collect (HubRequest *request)
{
  g_autoptr (GError) error = NULL;
  Collecting *self;
  char *token = NULL;

  if (request->user->role != HUB_ROLE_PHARMACY || request->user->reference == NULL)
    refuse (&error, 403, "A prescription is collected by a pharmacy.");
  else
    token = read_token (request, &error);
  if (token == NULL)
    {
      hub_reply_error (request->message, error);
      return FALSE;
    }
  self = g_new0 (Collecting, 1);
  self->request = request;
  self->token = token;
  soup_server_message_pause (request->message);
  store_database_write_async (hub_server_get_store (request->server), BASE_LANE_PERSON,
                              collect_work, self, NULL, NULL, collected_cb, self);
  return TRUE;
}
