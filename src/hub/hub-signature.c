/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signature.h"

#include <string.h>

#include "care-signature.h"
#include "care-signing-key.h"
#include "fhir-reference.h"
#include "hub-quirk.h"
#include "hub-reply.h"
#include "store-resource.h"

/* Signatures with a key. Who has one signs with it: from then on an order of theirs counts only
 * with a signature that fits. The public half is put on record by its owner's own sign-in, and
 * stays. */

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, 403, sentence);
  return FALSE;
}

/* ---- orders ---- */

static gboolean
is_over (FhirResource *request)
{
  static const char *const over[] = { "stopped", "cancelled", "completed", "entered-in-error",
                                      NULL };
  const char *status = fhir_resource_path_text (request, "status");

  return status != NULL && g_strv_contains (over, status);
}

/* What a prescriber orders, and is to be carried out. */
static gboolean
is_live_order (FhirResource *request)
{
  static const char *const plans[] = { "proposal", "plan", "option", NULL };
  const char *intent = fhir_resource_path_text (request, "intent");

  return !is_over (request) &&
         g_strcmp0 (fhir_resource_path_text (request, "status"), "draft") != 0 &&
         !(intent != NULL && g_strv_contains (plans, intent)) &&
         !fhir_element_is_true (fhir_resource_path (request, "reportedBoolean")) &&
         fhir_resource_path (request, "reportedReference") == NULL;
}

/* It was sent once more, for its answer was lost. */
static gboolean
says_the_same (FhirResource *before, FhirResource *after)
{
  g_autofree char *first = care_signature_dup_payload (before);
  g_autofree char *second = care_signature_dup_payload (after);

  return strcmp (first, second) == 0;
}

/**
 * hub_signature_allows:
 * @resource: what is to be stored
 *
 * Runs in a StoreWork. The administrator alone ends a key, and gives none in another one's name.
 *
 * Returns: whether a key that is put on record is its owner's, and one that is there stays; and
 *   whether who has a key says that an order is theirs
 */
gboolean
hub_signature_allows (StoreConnection *connection,
                      HubUser *user,
                      FhirResource *resource,
                      GError **error)
{
  const char *type = fhir_resource_get_type (resource), *id = fhir_resource_get_id (resource);
  g_autoptr (FhirResource) before = NULL;

  /* An order of nobody would need nobody's signature. */
  if (strcmp (type, "MedicationRequest") == 0)
    return user->role == HUB_ROLE_ADMIN || user->reference == NULL || !is_live_order (resource) ||
           fhir_resource_path_text (resource, "requester.reference") != NULL ||
           !care_signing_key_has_any (connection, user->reference) ||
           refuse (error, "A prescription names who ordered it.");
  if (strcmp (type, "Basic") != 0)
    return TRUE;
  before = id != NULL ? store_resource_get (connection, "Basic", id, NULL) : NULL;
  if (before != NULL && care_signing_key_is (before))
    return user->role == HUB_ROLE_ADMIN || says_the_same (before, resource) ||
           refuse (error, "A key that verifies signatures is never changed: make a new one.");
  if (!care_signing_key_is (resource))
    return TRUE;
  if (before != NULL)
    return refuse (error, "No other record becomes a key that verifies signatures.");
  return (user->reference != NULL && care_signing_key_is_of (resource, user->reference)) ||
         refuse (error, "A key that verifies signatures is put on record whole, and by whom it "
                        "belongs to.");
}

/* (transfer full) (nullable): the version before the one that stands */
static FhirResource *
read_before (StoreConnection *connection, FhirResource *request)
{
  g_autoptr (GPtrArray) history = store_resource_history (connection, "MedicationRequest",
                                                          fhir_resource_get_id (request), 2, NULL);
  StoreVersion *before = history != NULL && history->len > 1 ? history->pdata[1] : NULL;

  return before != NULL && before->resource != NULL ? fhir_resource_ref (before->resource) : NULL;
}

static gboolean
order_is_signed (StoreConnection *connection, FhirResource *request, GError **error)
{
  const char *who = fhir_resource_path_text (request, "requester.reference");
  g_autoptr (FhirResource) before = NULL;

  if (!is_live_order (request) || who == NULL || !care_signing_key_has_any (connection, who))
    return TRUE;
  before = read_before (connection, request);
  /* Its signature would fit again: that it ended must not be undone by who has no key. */
  if (before != NULL && is_over (before))
    return refuse (error, "A signed prescription that has ended is not taken up again: write a new "
                          "one.");
  /* What was ordered before there was a key stays what it was. */
  if (before != NULL && is_live_order (before) && care_signature_keeps (before, request, FALSE))
    return TRUE;
  return care_signature_check (connection, request, FALSE) == CARE_SIGNATURE_GOOD ||
         refuse (error, "This prescriber signs with a key, and no signature of theirs fits this "
                        "prescription: sign it again.");
}

/* ---- signatures ---- */

static gboolean
has_key_signature (FhirResource *provenance)
{
  fhir_element_foreach (signature, fhir_resource_path (provenance, "signature"))
    if (g_strcmp0 (fhir_element_path_text (signature, "sigFormat"), CARE_SIGNATURE_FORMAT) == 0)
      return TRUE;
  return FALSE;
}

/* What is signed with a key is an order, and the signature fits it. */
static gboolean
signature_fits (StoreConnection *connection, FhirResource *provenance, GError **error)
{
  if (!has_key_signature (provenance))
    return TRUE;
  if (care_signature_is_by_ended_key (connection, provenance))
    return refuse (error, "The key of this signature was ended: sign with another one.");
  fhir_element_foreach (target, fhir_resource_path (provenance, "target"))
    {
      g_autofree char *type = NULL, *id = NULL;
      const char *reference = fhir_element_path_text (target, "reference");
      g_autoptr (FhirResource) request = reference != NULL &&
                                                 fhir_reference_split (reference, &type, &id) &&
                                                 strcmp (type, "MedicationRequest") == 0
                                             ? store_resource_get (connection, type, id, NULL)
                                             : NULL;

      if (request == NULL ||
          care_signature_check (connection, request, FALSE) != CARE_SIGNATURE_GOOD)
        return refuse (error, "This signature does not fit what it is said to sign.");
    }
  return TRUE;
}

/**
 * hub_signature_finish:
 * @written: what a client wrote in this transaction, all of which is written by now
 *
 * Returns: FALSE where a prescriber who has a key has not signed what is ordered in their name
 */
gboolean
hub_signature_finish (StoreConnection *connection, FhirResource *written, GError **error)
{
  const char *type = fhir_resource_get_type (written);
  g_autoptr (FhirResource) stored = NULL;

  if (hub_quirk_is_on (HUB_QUIRK_SERVER_IDS)) /* as other servers, which ask for no signature */
    return TRUE;
  if (strcmp (type, "Provenance") == 0)
    return signature_fits (connection, written, error);
  if (strcmp (type, "MedicationRequest") != 0)
    return TRUE;
  stored = store_resource_get (connection, type, fhir_resource_get_id (written), NULL);
  return stored == NULL || order_is_signed (connection, stored, error);
}
