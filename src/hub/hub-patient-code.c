/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-code.h"

#include <string.h>

#include "base-qr.h"
#include "care-supply-code.h"
#include "care-supply.h"
#include "fhir-concept.h"
#include "hub-patient-medicines.h"
#include "hub-patient-private.h"
#include "hub-reply.h"
#include "hub-signature.h"

/* The code of a prescription on the patient's page: made when it is asked for, one at a time, and
 * the same until a pharmacy has used it. It says nothing clinical: a number and a token. */

#define MOST 10 /* of one prescription: a token that was used is followed by another */

static gboolean
is_code (FhirResource *task, FhirResource *request)
{
  return care_supply_is_of (request, task) &&
         fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK,
                                CARE_SUPPLY_COLLECT);
}

static gboolean
is_good (FhirResource *task)
{
  return care_supply_step_of (task) == CARE_SUPPLY_STEP_ASKED &&
         fhir_concept_has_code (fhir_resource_path (task, "businessStatus"), CARE_SYSTEM_TASK,
                                CARE_SUPPLY_SHOWN);
}

/* @out: (out): the one that is good still, or NULL. @count: (out): of how many there were */
static gboolean
find_token (
    HubRecords *records, FhirResource *request, FhirResource **out, guint *count, GError **error)
{
  g_autofree char *query =
      g_strdup_printf ("focus=MedicationRequest/%s&code=" CARE_SYSTEM_TASK "|" CARE_SUPPLY_COLLECT,
                       fhir_resource_get_id (request));
  g_autoptr (GPtrArray) found = hub_records_search (records, "Task", query, error);

  *out = NULL;
  *count = 0;
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      FhirResource *task = found->pdata[i];

      if (!is_code (task, request))
        continue;
      ++*count;
      if (*out == NULL && is_good (task))
        *out = fhir_resource_ref (task);
    }
  return found != NULL;
}

static gboolean
answer (HubPatientCall *self, FhirResource *request, FhirResource *token)
{
  g_autofree char *code = care_supply_code_of (request, token);
  guint width = 0;
  g_autofree char *path = code != NULL ? base_qr_dup_path (code, &width) : NULL;
  g_autoptr (JsonBuilder) out = json_builder_new ();

  json_builder_begin_object (out);
  hub_reply_add_text (out, "code", code);
  hub_reply_add_text (out, "path", path);
  json_builder_set_member_name (out, "width");
  json_builder_add_int_value (out, width);
  json_builder_end_object (out);
  hub_patient_answer (self, 200, out);
  return TRUE;
}

/* (transfer full) (nullable): of this visit, and to be handed out; answered where it is none */
static gboolean
find_order (
    HubRecords *records, HubPatientCall *self, HubJoin *join, FhirResource **out, GError **error)
{
  const char *id = hub_patient_body_text (self, "medicine");
  g_autoptr (FhirResource) request = NULL;

  *out = NULL;
  if (id != NULL && fhir_id_is_valid (id) &&
      !hub_records_find (records, "MedicationRequest", id, &request, error))
    return FALSE;
  if (request != NULL && hub_patient_is_of_visit (request, join) &&
      hub_signature_is_live_order (request) && hub_patient_is_active (request))
    *out = g_steal_pointer (&request);
  else
    hub_patient_answer_error (self, 422, "medicine");
  return TRUE;
}

/**
 * hub_patient_code:
 *
 * POST code: `medicine` (id). Answers `code`, and the square of it as the `path` of an SVG of
 * `width` modules.
 */
gboolean
hub_patient_code (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  g_autoptr (FhirResource) request = NULL;
  g_autoptr (FhirResource) token = NULL;
  g_autofree char *now = base_clock_dup_instant (records->clock);
  guint count = 0;

  if (!find_order (records, self, join, &request, error) ||
      (request != NULL && !find_token (records, request, &token, &count, error)))
    return FALSE;
  if (request == NULL)
    return TRUE;
  if (token == NULL && count >= MOST)
    {
      hub_patient_answer_error (self, 429, "busy");
      return TRUE;
    }
  if (token == NULL)
    {
      token = care_supply_code_task (request, NULL, now, CARE_SUPPLY_SHOWN);
      if (!hub_records_put_once (records, token, HUB_PATIENT_WHO, join->patient, "code", error))
        return FALSE;
    }
  return answer (self, request, token);
}
