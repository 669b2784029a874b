/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-note.h"

#include <string.h>

#include "care-cosign.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "hub-reply.h"
#include "hub-same.h"
#include "store-resource.h"
#include "store-search.h"

/* Signed notes: one's own name under them, no change once they are signed but that their author
 * withdraws them, addenda that append to
 * them, and a colleague's signature only where the author asked that colleague for it. */

#define PROGRESS_NOTE "11506-3"

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, 403, sentence);
  return FALSE;
}

static gboolean
is_at (FhirResource *resource, const char *path, const char *expected)
{
  return expected != NULL && g_strcmp0 (fhir_resource_path_text (resource, path), expected) == 0;
}

/* Whether it was signed once: one that was withdrawn is not open again. */
static gboolean
is_signed_note (FhirResource *document)
{
  static const char *const signed_states[] = { "final", "amended", "entered-in-error", NULL };
  const char *status = fhir_resource_path_text (document, "docStatus");

  return status != NULL && g_strv_contains (signed_states, status) &&
         fhir_concept_has_code (fhir_resource_path (document, "type"), CARE_SYSTEM_LOINC,
                                PROGRESS_NOTE);
}

/* (transfer full) (nullable): what @reference leads to, where that is a document */
static FhirResource *
read_document (StoreConnection *connection, const char *reference)
{
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (reference == NULL || !fhir_reference_split (reference, &type, &id) ||
      strcmp (type, "DocumentReference") != 0)
    return NULL;
  return store_resource_get (connection, type, id, NULL);
}

/* ---- the note ---- */

/* FHIR has two places for it. */
static gboolean
is_withdrawn (FhirResource *note)
{
  return is_at (note, "status", "entered-in-error") ||
         is_at (note, "docStatus", "entered-in-error");
}

/* That a state is what it was, or says from now on that the note was an error. */
static gboolean
is_only_withdrawn_at (FhirResource *before, FhirResource *after, const char *state)
{
  return hub_same_at (before, after, state) || is_at (after, state, "entered-in-error");
}

/* Every member counts: another state, or a modifier, takes a note out of the record as well as
 * other words do. */
static gboolean
stays_as_signed (HubUser *user, FhirResource *before, FhirResource *after, GError **error)
{
  static const char *const states[] = { "meta", "status", "docStatus", NULL };

  if (!hub_same_but_for (before, after, states))
    return refuse (error, "A signed note is not changed: add an addendum to it.");
  if (hub_same_at (before, after, "status") && hub_same_at (before, after, "docStatus"))
    return TRUE;
  if (is_withdrawn (before) || !is_only_withdrawn_at (before, after, "status") ||
      !is_only_withdrawn_at (before, after, "docStatus"))
    return refuse (error, "A signed note is not opened again: add an addendum to it.");
  return is_at (before, "author.0.reference", user->reference) ||
         refuse (error, "Only who wrote a note withdraws it.");
}

static gboolean
appends_to_note (StoreConnection *connection, FhirResource *addendum, GError **error)
{
  fhir_element_foreach (relation, fhir_resource_path (addendum, "relatesTo"))
    {
      g_autoptr (FhirResource) note =
          read_document (connection, fhir_element_path_text (relation, "target.reference"));

      if (g_strcmp0 (fhir_element_path_text (relation, "code"), "appends") != 0)
        continue;
      if (note == NULL || !is_signed_note (note) ||
          !is_at (note, "subject.reference",
                  fhir_resource_path_text (addendum, "subject.reference")))
        return refuse (error, "An addendum belongs to a signed note of the same patient.");
    }
  return TRUE;
}

static gboolean
document_allows (StoreConnection *connection,
                 HubUser *user,
                 FhirResource *before,
                 FhirResource *after,
                 GError **error)
{
  if (before != NULL && is_signed_note (before))
    return stays_as_signed (user, before, after, error);
  if (!is_signed_note (after))
    return TRUE;
  if (!is_at (after, "author.0.reference", user->reference) ||
      fhir_resource_path (after, "author.1") != NULL)
    return refuse (error, "A note is signed in one's own name: its author is someone else.");
  if (fhir_resource_path (after, "authenticator") != NULL &&
      !is_at (after, "authenticator.reference", user->reference))
    return refuse (error, "Nobody vouches for a note but by a co-signature of their own: its "
                          "authenticator is someone else.");
  return appends_to_note (connection, after, error);
}

/* ---- asking for a co-signature, and answering ---- */

static gboolean
has_code (FhirResource *task, const char *code)
{
  return fhir_concept_has_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK, code);
}

static gboolean
may_ask (StoreConnection *connection, HubUser *user, FhirResource *task, GError **error)
{
  const char *owner = fhir_resource_path_text (task, "owner.reference");
  g_autoptr (FhirResource) note =
      read_document (connection, fhir_resource_path_text (task, "focus.reference"));

  if (note == NULL || !is_signed_note (note) ||
      !is_at (note, "subject.reference", fhir_resource_path_text (task, "for.reference")))
    return refuse (error, "A co-signature is asked for a signed note of this patient.");
  if (!is_at (note, "author.0.reference", user->reference) ||
      !is_at (task, "requester.reference", user->reference))
    return refuse (error, "Only who wrote a note asks for its co-signature.");
  if (owner == NULL || !g_str_has_prefix (owner, "Practitioner/") ||
      g_strcmp0 (owner, user->reference) == 0 || !is_at (task, "status", "requested"))
    return refuse (error, "A co-signature is asked of a colleague.");
  return TRUE;
}

static gboolean
is_over (FhirResource *task)
{
  static const char *const over[] = { "completed", "rejected",         "cancelled",
                                      "failed",    "entered-in-error", NULL };
  const char *status = fhir_resource_path_text (task, "status");

  return status != NULL && g_strv_contains (over, status);
}

/* Who is asked answers, who asked may take it back, and neither makes another request of it. */
static gboolean
may_answer (HubUser *user, FhirResource *before, FhirResource *after, GError **error)
{
  static const char *const request[] = { "code",  "focus",     "for",       "requester",
                                         "owner", "encounter", "authoredOn" };
  gboolean taken_back = is_at (after, "status", "cancelled");

  for (gsize i = 0; i < G_N_ELEMENTS (request); i++)
    if (!hub_same_at (before, after, request[i]))
      return refuse (error, "A request for a co-signature stays as it was asked.");
  if (is_over (before))
    return refuse (error, "This request for a co-signature has been answered already.");
  if (!is_at (before, taken_back ? "requester.reference" : "owner.reference", user->reference))
    return refuse (error, taken_back ? "Only who asked for a co-signature takes it back."
                                     : "Only who is asked for a co-signature answers.");
  return TRUE;
}

static gboolean
task_allows (StoreConnection *connection,
             HubUser *user,
             FhirResource *before,
             FhirResource *after,
             GError **error)
{
  gboolean was = before != NULL && has_code (before, CARE_TASK_COSIGN);
  gboolean is = has_code (after, CARE_TASK_COSIGN);
  static const char *const whole[] = { "meta", NULL };

  if (before != NULL && hub_same_but_for (before, after, whole))
    return TRUE; /* sent once more, its answer was lost */
  if (was)
    return may_answer (user, before, after, error);
  if (is && before != NULL)
    return refuse (error, "No other task becomes a request for a co-signature.");
  return !is || may_ask (connection, user, after, error);
}

/* ---- the co-signature ---- */

static gboolean
is_asked (StoreConnection *connection, HubUser *user, FhirResource *note, GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (note);
  g_autofree char *query =
      g_strdup_printf ("focus=%s&owner=%s&code=%s|%s"
                       "&status=requested,received,accepted,ready,in-progress,on-hold,completed",
                       reference, user->reference, CARE_SYSTEM_TASK, CARE_TASK_COSIGN);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", query, error);

  if (ids == NULL)
    return FALSE;
  return ids->len > 0 || refuse (error, "Nobody asked you to co-sign this note.");
}

/* Whether it says that someone else than the author vouches for what is written. */
static gboolean
is_co_signature (FhirResource *provenance)
{
  fhir_element_foreach (agent, fhir_resource_path (provenance, "agent"))
    fhir_element_foreach (coding, fhir_element_path (agent, "type.coding"))
      if (g_strcmp0 (fhir_element_path_text (coding, "code"), "verifier") == 0)
        return TRUE;
  return fhir_resource_path (provenance, "signature") != NULL;
}

static gboolean
provenance_allows (StoreConnection *connection,
                   HubUser *user,
                   FhirResource *provenance,
                   GError **error)
{
  if (!is_co_signature (provenance))
    return TRUE;
  fhir_element_foreach (target, fhir_resource_path (provenance, "target"))
    {
      g_autoptr (FhirResource) note =
          read_document (connection, fhir_element_path_text (target, "reference"));

      if (note != NULL && is_signed_note (note) &&
          !is_at (note, "author.0.reference", user->reference) &&
          !is_asked (connection, user, note, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * hub_note_allows:
 * @resource: what is to be stored
 *
 * Runs in a StoreWork, after hub_policy_allows_resource().
 *
 * Returns: whether @resource leaves signed notes and their signatures what they are; always, for
 *   the administrator, and for what has to do with no note
 */
gboolean
hub_note_allows (StoreConnection *connection, HubUser *user, FhirResource *resource, GError **error)
{
  const char *type = fhir_resource_get_type (resource), *id = fhir_resource_get_id (resource);
  g_autoptr (FhirResource) before = NULL;

  if (user->role == HUB_ROLE_ADMIN)
    return TRUE;
  if (strcmp (type, "Provenance") == 0)
    return user->reference == NULL || provenance_allows (connection, user, resource, error);
  if (strcmp (type, "DocumentReference") != 0 && strcmp (type, "Task") != 0)
    return TRUE;
  before = id != NULL ? store_resource_get (connection, type, id, NULL) : NULL;
  return strcmp (type, "Task") == 0 ? task_allows (connection, user, before, resource, error)
                                    : document_allows (connection, user, before, resource, error);
}
