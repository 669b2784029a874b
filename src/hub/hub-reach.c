/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-reach.h"

#include <string.h>

#include "care-release.h"
#include "care-supply.h"
#include "fhir-reference.h"
#include "hub-policy.h"
#include "hub-reply.h"
#include "store-resource.h"
#include "store-search.h"

/* How far a pharmacy sees, who is no member of the clinic: the prescriptions that a patient sent to
 * it, and those patients. A Task owned by the pharmacy is what opens the door; but for a token that
 * it used, for the patient may have gone elsewhere since. */

static gboolean
has_task (StoreConnection *connection,
          HubUser *user,
          const char *parameter,
          const char *reference,
          GError **error)
{
  g_autofree char *query =
      g_strdup_printf ("%s=%s&owner=%s&code:not=" CARE_SYSTEM_TASK "|" CARE_SUPPLY_COLLECT,
                       parameter, reference, user->reference);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", query, error);

  if (ids == NULL)
    return FALSE;
  if (ids->len > 0)
    return TRUE;
  g_set_error (error, HUB_ERROR, 403,
               "No patient has sent this pharmacy a prescription that leads here.");
  return FALSE;
}

static gboolean
reaches (StoreConnection *connection, HubUser *user, FhirResource *resource, GError **error)
{
  const char *type = fhir_resource_get_type (resource);
  const char *target = fhir_resource_path_text (resource, "target.reference");
  g_autofree char *patient = NULL;
  g_autofree char *reference = NULL;

  if (user->role != HUB_ROLE_PHARMACY || strcmp (type, "Task") == 0)
    return TRUE;
  if (strcmp (type, "MedicationRequest") == 0 && fhir_resource_get_id (resource) != NULL)
    {
      /* a task for somebody else opens nothing of this patient's */
      patient = hub_policy_dup_patient (resource);
      reference =
          g_strdup_printf ("MedicationRequest/%s&patient=Patient/%s",
                           fhir_resource_get_id (resource), patient != NULL ? patient : "-");
      return has_task (connection, user, "focus", reference, error);
    }
  if (strcmp (type, "Provenance") == 0)
    return has_task (connection, user, "focus", target != NULL ? target : "-", error);
  patient = hub_policy_dup_patient (resource);
  if (patient == NULL)
    return TRUE;
  reference = g_strconcat ("Patient/", patient, NULL);
  return has_task (connection, user, "patient", reference, error);
}

/* Bytes say nothing of whose they are; their security context does. Who may not read that, may not
 * read them. http://hl7.org/fhir/R4/binary.html#security */
static gboolean
context_allows (StoreConnection *connection, HubUser *user, FhirResource *binary, GError **error)
{
  const char *context = fhir_resource_path_text (binary, "securityContext.reference");
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;
  g_autoptr (FhirResource) target = NULL;

  if (context == NULL || user->role == HUB_ROLE_ADMIN)
    return TRUE;
  if (fhir_reference_split (context, &type, &id) && strcmp (type, "Binary") != 0)
    target = store_resource_get (connection, type, id, NULL);
  if (target != NULL && hub_policy_allows_resource (user, HUB_READ, target, NULL) &&
      reaches (connection, user, target, NULL))
    return TRUE;
  g_set_error (error, HUB_ERROR, 403,
               "What this Binary belongs to may not be read, or is not there.");
  return FALSE;
}

static gboolean
names_bytes (FhirResource *document, const char *wanted)
{
  fhir_element_foreach (content, fhir_resource_path (document, "content"))
    {
      const char *url = fhir_element_path_text (content, "attachment.url");
      g_autofree char *type = NULL;
      g_autofree char *id = NULL;

      if (url != NULL && fhir_reference_split (url, &type, &id) && strcmp (type, "Binary") == 0 &&
          g_strcmp0 (id, wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The bytes of a document say nothing of what stays in the clinic, nor do its earlier versions: as
 * the document stands now, so they are all held (hazard H22). */
static gboolean
is_kept_from (StoreConnection *connection, HubUser *user, FhirResource *resource)
{
  const char *type = fhir_resource_get_type (resource), *id = fhir_resource_get_id (resource);
  gboolean is_document = strcmp (type, "DocumentReference") == 0, kept = FALSE;
  g_autoptr (GPtrArray) documents = NULL;

  if (user->role != HUB_ROLE_PATIENT || id == NULL ||
      (!is_document && strcmp (type, "Binary") != 0))
    return FALSE;
  if (is_document)
    {
      g_autoptr (FhirResource) now = store_resource_get (connection, type, id, NULL);

      return now != NULL && care_release_is_kept (now);
    }
  documents =
      store_resource_list (connection, hub_user_get_patient (user), "DocumentReference", NULL);
  for (guint i = 0; documents != NULL && i < documents->len && !kept; i++)
    kept = care_release_is_kept (documents->pdata[i]) && names_bytes (documents->pdata[i], id);
  return documents == NULL || kept;
}

/**
 * hub_reach_allows:
 *
 * Runs in a StoreWork, after hub_policy_allows_resource().
 *
 * Returns: whether the user's tasks lead to @resource; always, for members of the clinic, and for
 * patients but for what stays in the clinic. A Binary is reached by those who may read its security
 * context
 */
gboolean
hub_reach_allows (StoreConnection *connection,
                  HubUser *user,
                  FhirResource *resource,
                  GError **error)
{
  if (strcmp (fhir_resource_get_type (resource), "Binary") == 0 &&
      !context_allows (connection, user, resource, error))
    return FALSE;
  if (is_kept_from (connection, user, resource))
    {
      g_set_error_literal (error, HUB_ERROR, 403, "This stays in the clinic until it is released.");
      return FALSE;
    }
  return reaches (connection, user, resource, error);
}
