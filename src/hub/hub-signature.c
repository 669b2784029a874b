/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signature.h"

#include <string.h>

#include "care-signature.h"
#include "care-signing-key.h"
#include "fhir-reference.h"
#include "hub-quirk.h"
#include "hub-reply.h"
#include "hub-second-factor.h"
#include "store-resource.h"
#include "store-search.h"

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

/**
 * hub_signature_is_order:
 *
 * Returns: whether a prescriber ordered it: what is only planned, or told by somebody, is no order
 */
gboolean
hub_signature_is_order (FhirResource *request)
{
  static const char *const plans[] = { "proposal", "plan", "option", NULL };
  const char *intent = fhir_resource_path_text (request, "intent");

  return !(intent != NULL && g_strv_contains (plans, intent)) &&
         !fhir_element_is_true (fhir_resource_path (request, "reportedBoolean")) &&
         fhir_resource_path (request, "reportedReference") == NULL;
}

/**
 * hub_signature_is_live_order:
 *
 * Returns: whether it is ordered, and to be carried out. Who has a key has signed it: nothing else
 *   is sent to a pharmacy
 */
gboolean
hub_signature_is_live_order (FhirResource *request)
{
  return !is_over (request) &&
         g_strcmp0 (fhir_resource_path_text (request, "status"), "draft") != 0 &&
         hub_signature_is_order (request);
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
    return user->role == HUB_ROLE_ADMIN || user->reference == NULL ||
           !hub_signature_is_live_order (resource) ||
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

/* @who: (nullable): by anybody */
static gboolean
has_key_signature (FhirResource *provenance, const char *who)
{
  fhir_element_foreach (signature, fhir_resource_path (provenance, "signature"))
    if (g_strcmp0 (fhir_element_path_text (signature, "sigFormat"), CARE_SIGNATURE_FORMAT) == 0 &&
        (who == NULL || g_strcmp0 (fhir_element_path_text (signature, "who.reference"), who) == 0))
      return TRUE;
  return FALSE;
}

/* ---- what stands already ---- */

/* (nullable): the version before the one that stands */
static FhirResource *
get_before (GPtrArray *history)
{
  return history->len > 1 ? ((StoreVersion *) history->pdata[1])->resource : NULL;
}

/* Whether any version before the one that stands had ended it. */
static gboolean
has_ended (GPtrArray *history)
{
  for (guint i = 1; i < history->len; i++)
    {
      StoreVersion *version = history->pdata[i];

      if (version->deleted || is_over (version->resource))
        return TRUE;
    }
  return FALSE;
}

/* Whether @who signed a prescription of that id with a key: it fitted when it was written. */
static gboolean
is_signed_by (StoreConnection *connection, const char *id, const char *who)
{
  g_autofree char *query = g_strdup_printf ("target=MedicationRequest/%s", id);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Provenance", query, NULL);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autoptr (FhirResource) provenance =
          store_resource_get (connection, "Provenance", ids->pdata[i], NULL);

      if (provenance != NULL && has_key_signature (provenance, who))
        return TRUE;
    }
  return FALSE;
}

/* By its number a second one is found out: it stays, and so does its prescriber, also of one that
 * has ended. */
static gboolean
stays_itself (StoreConnection *connection,
              FhirResource *before,
              FhirResource *request,
              GError **error)
{
  const char *who = before != NULL ? fhir_resource_path_text (before, "requester.reference") : NULL;

  if (who == NULL ||
      (g_strcmp0 (who, fhir_resource_path_text (request, "requester.reference")) == 0 &&
       g_strcmp0 (care_signature_get_number (before), care_signature_get_number (request)) == 0) ||
      !is_signed_by (connection, fhir_resource_get_id (request), who))
    return TRUE;
  return refuse (error, "The number of a signed prescription and who signed it stay as they are.");
}

/**
 * hub_signature_dup_escaped:
 *
 * Returns: (transfer full): @value for a query: what separates values there is part of it
 */
char *
hub_signature_dup_escaped (const char *value)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *p = value; *p != '\0'; p++)
    {
      if (strchr (",|$\\", *p) != NULL)
        g_string_append_c (text, '\\');
      g_string_append_c (text, *p);
    }
  return g_uri_escape_string (text->str, NULL, TRUE);
}

/* The same order under another id would have the same signature, and be handed out once more. */
static gboolean
is_the_only_one (StoreConnection *connection, FhirResource *request, const char *who)
{
  g_autofree char *number = hub_signature_dup_escaped (care_signature_get_number (request));
  g_autofree char *query =
      g_strconcat ("identifier=" CARE_SYSTEM_PRESCRIPTION_ID "|", number, NULL);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "MedicationRequest", query, NULL);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autoptr (FhirResource) other =
          g_strcmp0 (ids->pdata[i], fhir_resource_get_id (request)) != 0
              ? store_resource_get (connection, "MedicationRequest", ids->pdata[i], NULL)
              : NULL;

      if (other != NULL &&
          g_strcmp0 (fhir_resource_path_text (other, "requester.reference"), who) == 0 &&
          is_signed_by (connection, ids->pdata[i], who))
        return FALSE;
    }
  return ids != NULL;
}

static gboolean
order_is_signed (StoreConnection *connection,
                 HubEntryContext *context,
                 FhirResource *request,
                 GError **error)
{
  const char *who = fhir_resource_path_text (request, "requester.reference");
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, "MedicationRequest", fhir_resource_get_id (request),
                              G_MAXINT, error);
  FhirResource *before = history != NULL ? get_before (history) : NULL;

  if (history == NULL || !stays_itself (connection, before, request, error))
    return FALSE;
  if (!hub_signature_is_live_order (request) || who == NULL ||
      !care_signing_key_has_any (connection, who))
    return TRUE;
  /* What was ordered before there was a key stays what it was. */
  if (before != NULL && hub_signature_is_live_order (before) &&
      care_signature_keeps (before, request, FALSE))
    return TRUE;
  /* Its signature would fit again: that it ended must not be undone by who has no key, nor by way
   * of a draft. */
  if (has_ended (history))
    return refuse (error, "A signed prescription that has ended is not taken up again: write a new "
                          "one.");
  if (care_signature_get_number (request) == NULL)
    return refuse (error, "A prescription that is signed with a key has a number of its own.");
  if (!is_the_only_one (connection, request, who))
    return refuse (error, "This prescription is on record already, under another id: write a new "
                          "one.");
  if (care_signature_check (connection, request, FALSE) != CARE_SIGNATURE_GOOD)
    return refuse (error, "This prescriber signs with a key, and no signature of theirs fits this "
                          "prescription: sign it again.");
  return hub_second_factor_allows (connection, context, request, error);
}

/* ---- signatures ---- */

/* What is signed with a key is an order, and the signature fits it. */
static gboolean
signature_fits (StoreConnection *connection, FhirResource *provenance, GError **error)
{
  if (!has_key_signature (provenance, NULL))
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
hub_signature_finish (StoreConnection *connection,
                      HubEntryContext *context,
                      FhirResource *written,
                      GError **error)
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
  return stored == NULL || order_is_signed (connection, context, stored, error);
}
