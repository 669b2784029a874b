/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-policy.h"

#include <string.h>

#include "care-call-me.h"
#include "care-channel.h"
#include "care-cover.h"
#include "care-release.h"
#include "care-signing-key.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "hub-invite.h"
#include "hub-order.h"
#include "hub-reply.h"
#include "hub-same.h"

/* Who may do what, in one table. Letters: r read, s search, c create, u update, d delete. What has
 * no row is the record of care in general, the row "*". The administrator may do all. */

typedef struct
{
  const char *type;
  const char *prescriber, *nurse, *reception, *patient, *pharmacy;
} Row;

static const Row rows[] = {
  /* type                 prescriber nurse    reception patient pharmacy */
  { "*", "rscu", "rscu", "", "rs", "" },
  /* who is who */
  { "Patient", "rscu", "rscu", "rscu", "rs", "r" },
  { "RelatedPerson", "rscu", "rscu", "rscu", "rs", "" },
  { "Coverage", "rscu", "rscu", "rscu", "rs", "r" },
  /* the clinic's directory */
  { "Practitioner", "rs", "rs", "rs", "rs", "rs" },
  { "PractitionerRole", "rs", "rs", "rs", "rs", "rs" },
  { "Organization", "rs", "rs", "rs", "rs", "rs" },
  { "Location", "rs", "rs", "rs", "rs", "rs" },
  { "HealthcareService", "rs", "rs", "rs", "rs", "rs" },
  { "Endpoint", "rs", "rs", "rs", "", "rs" },
  { "Medication", "rscu", "rs", "", "rs", "rs" },
  { "Substance", "rs", "rs", "", "rs", "rs" },
  /* the day */
  { "Appointment", "rscu", "rscu", "rscu", "rs", "" },
  { "AppointmentResponse", "rscu", "rscu", "rscu", "rsc", "" },
  { "Schedule", "rscu", "rscu", "rscu", "", "" },
  { "Slot", "rscu", "rscu", "rscu", "", "" },
  /* prescribing: only a prescriber orders and signs */
  { "MedicationRequest", "rscu", "rs", "", "rs", "rs" },
  { "MedicationDispense", "rs", "rs", "", "rs", "rscu" },
  { "Provenance", "rsc", "rsc", "c", "", "rs" }, /* in one's own name: is_in_own_name() */
  { "ServiceRequest", "rscu", "rs", "", "rs", "" },
  { "DeviceRequest", "rscu", "rs", "", "rs", "" },
  { "DetectedIssue", "rscu", "rscu", "", "", "rs" },
  { "PlanDefinition", "rscu", "rs", "", "", "" }, /* the clinic's order sets */
  /* what goes back and forth */
  /* the desk calls who asks to be called, and sends links to visits: is_for_the_desk() */
  { "Task", "rscu", "rscu", "rsu", "rscu", "rsu" },
  { "Communication", "rscu", "rscu", "rs", "rscu", "rsc" },
  { "QuestionnaireResponse", "rscu", "rscu", "", "rscu", "" },
  { "Consent", "rscu", "rscu", "rscu", "rs", "" },
  /* warnings of the staff to each other; the desk sees those that it meets: is_for_the_desk() */
  { "Flag", "rscu", "rscu", "rs", "", "" },
  { "Subscription", "rscd", "rscd", "rscd", "", "rscd" },
  /* the clinic's workings */
  { "AuditEvent", "", "", "", "", "" },
  /* a pharmacy verifies signatures, and sees nothing else of it: hub_policy_allows_resource() */
  { "Basic", "rscu", "rscu", "", "", "rs" },
  { "CapabilityStatement", "rs", "rs", "rs", "rs", "rs" },
  { "StructureDefinition", "rs", "rs", "rs", "rs", "rs" },
  { "SearchParameter", "rs", "rs", "rs", "rs", "rs" },
  { "ValueSet", "rs", "rs", "rs", "rs", "rs" },
  { "CodeSystem", "rs", "rs", "rs", "rs", "rs" },
  { "Group", "rscu", "rscu", "", "", "" },
  { "ResearchStudy", "rs", "rs", "", "rs", "" },
};

/* Types that belong to no patient, which a patient may read whole. */
static const char *const shared_types[] = {
  "CapabilityStatement",
  "CodeSystem",
  "HealthcareService",
  "Location",
  "Medication",
  "Organization",
  "Practitioner",
  "PractitionerRole",
  "ResearchStudy",
  "SearchParameter",
  "StructureDefinition",
  "Substance",
  "ValueSet",
  NULL,
};

static const Row *
find_row (const char *type)
{
  for (gsize i = 1; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].type, type) == 0)
      return &rows[i];
  return &rows[0];
}

static const char *
letters_of (const Row *row, HubRole role)
{
  switch (role)
    {
    case HUB_ROLE_PRESCRIBER:
      return row->prescriber;
    case HUB_ROLE_NURSE:
      return row->nurse;
    case HUB_ROLE_RECEPTION:
      return row->reception;
    case HUB_ROLE_PATIENT:
      return row->patient;
    case HUB_ROLE_PHARMACY:
      return row->pharmacy;
    case HUB_ROLE_ADMIN:
      return "rscud";
    case HUB_ROLE_NONE:
      break;
    }
  return "";
}

static const char *
words_for (HubOperation operation)
{
  static const char *const words[] = { "read", "search", "create", "change", "delete" };

  return words[operation];
}

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, 403, sentence);
  return FALSE;
}

/**
 * hub_policy_allows:
 *
 * Returns: whether the user's role may do @operation on @type at all; else HUB_ERROR 403
 */
gboolean
hub_policy_allows (HubUser *user, HubOperation operation, const char *type, GError **error)
{
  if (strchr (letters_of (find_row (type), user->role), "rscud"[operation]) != NULL)
    return TRUE;
  g_set_error (
      error, HUB_ERROR, 403,
      "The role “%s” may not %s %s. Ask someone whose role may, or the clinic's administrator.",
      hub_role_get_name (user->role), words_for (operation), type);
  return FALSE;
}

static char *
patient_at (FhirResource *resource, const char *path)
{
  const char *reference = fhir_resource_path_text (resource, path);
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (reference == NULL || !fhir_reference_split (reference, &type, &id))
    return NULL;
  return strcmp (type, "Patient") == 0 ? g_steal_pointer (&id) : NULL;
}

static char *
patient_among_participants (FhirResource *resource)
{
  const FhirElement *participants = fhir_resource_path (resource, "participant");

  fhir_element_foreach (participant, participants)
    {
      const char *reference = fhir_element_path_text (participant, "actor.reference");
      g_autofree char *type = NULL;
      g_autofree char *id = NULL;

      if (reference != NULL && fhir_reference_split (reference, &type, &id) &&
          strcmp (type, "Patient") == 0)
        return g_steal_pointer (&id);
    }
  return NULL;
}

/**
 * hub_policy_dup_patient:
 *
 * Returns: (transfer full) (nullable): the id of the patient whose record @resource belongs to
 */
char *
hub_policy_dup_patient (FhirResource *resource)
{
  static const char *const paths[] = { "subject.reference", "patient.reference", "for.reference",
                                       "beneficiary.reference", "individual.reference" };

  if (strcmp (fhir_resource_get_type (resource), "Patient") == 0)
    return g_strdup (fhir_resource_get_id (resource));
  if (strcmp (fhir_resource_get_type (resource), "Binary") == 0)
    return patient_at (resource, "securityContext.reference");
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      char *patient = patient_at (resource, paths[i]);

      if (patient != NULL)
        return patient;
    }
  return patient_among_participants (resource);
}

static gboolean
is_own (HubUser *user, FhirResource *resource)
{
  g_autofree char *patient = hub_policy_dup_patient (resource);

  return patient != NULL && g_strcmp0 (patient, hub_user_get_patient (user)) == 0;
}

static gboolean
pharmacy_owns (HubUser *user, FhirResource *task)
{
  return user->reference != NULL &&
         g_strcmp0 (fhir_resource_path_text (task, "owner.reference"), user->reference) == 0;
}

/* Whether a reference leads to an organization or a device: whoever else acts is a person. */
static gboolean
is_no_person (const char *reference)
{
  return g_str_has_prefix (reference, "Organization/") || g_str_has_prefix (reference, "Device/");
}

/* For a colleague one answers tasks, and nothing else, and signs nothing. Whether the colleague
 * asked for it, the records say: hub_cover_allows(). */
static gboolean
may_stand_in (FhirResource *provenance, const char *colleague)
{
  const FhirElement *targets = fhir_resource_path (provenance, "target");

  fhir_element_foreach (target, targets)
    {
      const char *reference = fhir_element_path_text (target, "reference");

      if (reference == NULL || !g_str_has_prefix (reference, "Task/"))
        return FALSE;
    }
  return fhir_element_get_length (targets) > 0 && g_str_has_prefix (colleague, "Practitioner/") &&
         fhir_resource_path (provenance, "signature") == NULL;
}

/* The persons who are said to have acted are the user, and nobody stands behind them but an
 * organization or whom they stand in for. A bare name or an identifier could be anybody's, and is
 * refused. */
static gboolean
agents_are (HubUser *user, FhirResource *provenance)
{
  guint own = 0;

  fhir_element_foreach (agent, fhir_resource_path (provenance, "agent"))
    {
      const char *who = fhir_element_path_text (agent, "who.reference");
      const char *behalf = fhir_element_path_text (agent, "onBehalfOf.reference");

      if (who == NULL ||
          (fhir_element_get (agent, "onBehalfOf") != NULL &&
           (behalf == NULL || (!is_no_person (behalf) && !may_stand_in (provenance, behalf)))))
        return FALSE;
      if (strcmp (who, user->reference) == 0)
        own++;
      else if (!is_no_person (who))
        return FALSE;
    }
  return own > 0;
}

/* Who may not write an order does not say that they did. */
static gboolean
may_write_targets (HubUser *user, FhirResource *provenance, GError **error)
{
  fhir_element_foreach (target, fhir_resource_path (provenance, "target"))
    {
      const char *reference = fhir_element_path_text (target, "reference");
      const char *slash = reference != NULL ? strchr (reference, '/') : NULL;
      g_autofree char *type =
          slash != NULL ? g_strndup (reference, (gsize) (slash - reference)) : NULL;

      if (type == NULL || strcmp (type, "Provenance") == 0)
        return refuse (error, "A Provenance names in full what it is about: Type/id.");
      if (!hub_policy_allows (user, HUB_CREATE, type, NULL) &&
          !hub_policy_allows (user, HUB_UPDATE, type, error))
        return FALSE;
    }
  return TRUE;
}

/* That somebody is absent, and who stands in. */
static gboolean
is_cover (FhirResource *resource)
{
  return strcmp (fhir_resource_get_type (resource), "Task") == 0 &&
         fhir_concept_has_code (fhir_resource_path (resource, "code"), CARE_SYSTEM_TASK,
                                CARE_COVER_CODE);
}

/* One is absent oneself, for a time, and asks a colleague; it is about no patient. */
static gboolean
is_own_absence (HubUser *user, FhirResource *cover, GError **error)
{
  const char *requester = fhir_resource_path_text (cover, "requester.reference");
  const char *owner = fhir_resource_path_text (cover, "owner.reference");

  if (g_strcmp0 (requester, user->reference) != 0)
    return refuse (error, "One says of oneself only that one is absent and who stands in.");
  if (fhir_resource_path (cover, "owner") != NULL &&
      (owner == NULL || !g_str_has_prefix (owner, "Practitioner/") ||
       strcmp (owner, user->reference) == 0))
    return refuse (error, "Who stands in is another practitioner, named by reference.");
  if (fhir_resource_path (cover, "for") != NULL || fhir_resource_path (cover, "focus") != NULL)
    return refuse (error, "That somebody stands in is about no patient and no record.");
  return TRUE;
}

/* Signatures and what is said of who wrote something are one's own, wherever the other one is said
 * to be from. */
static gboolean
is_in_own_name (HubUser *user, FhirResource *resource, GError **error)
{
  const char *type = fhir_resource_get_type (resource);

  if (is_cover (resource))
    return is_own_absence (user, resource, error);
  if (strcmp (type, "Provenance") != 0)
    return TRUE;
  fhir_element_foreach (signature, fhir_resource_path (resource, "signature"))
    if (g_strcmp0 (fhir_element_path_text (signature, "who.reference"), user->reference) != 0)
      return refuse (error, "A signature is made in one's own name: this one is someone else's.");
  if (!agents_are (user, resource))
    return refuse (error, "One says of oneself that one wrote something: every agent of a "
                          "Provenance is the one who sends it.");
  return may_write_targets (user, resource, error);
}

/* A patient asks and writes as themselves: the clinic's own tasks and words are not theirs to
 * change. */
static gboolean
is_of_the_patient (HubUser *user, FhirResource *resource, GError **error)
{
  gboolean task = strcmp (fhir_resource_get_type (resource), "Task") == 0;
  g_autofree char *author =
      patient_at (resource, task ? "requester.reference" : "sender.reference");

  if (g_strcmp0 (author, hub_user_get_patient (user)) == 0)
    return TRUE;
  return refuse (error, "This was written by the clinic: a patient changes only what they wrote.");
}

/* Who receives patients has to know how to meet them, and nothing of their illness: of the
 * categories of https://hl7.org/fhir/R4/codesystem-flag-category.html those about safety, behavior,
 * contact and administration. What is of none of them, or of another one as well, stays with the
 * clinicians. */
static gboolean
is_met (FhirResource *flag)
{
  static const char *const shown[] = { "safety", "behavioral", "contact", "admin" };
  const FhirElement *categories = fhir_resource_path (flag, "category");
  gsize fits = 0;

  fhir_element_foreach (category, categories)
    for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
      if (fhir_concept_has_code (category, NULL, shown[i]))
        {
          fits++;
          break;
        }
  return fits > 0 && fits == fhir_element_get_length (categories);
}

/* Of what the desk may see in part: alerts that say how to meet somebody, who asks to be called,
 * links that were sent, and whether a patient may be written to. */
static gboolean
is_for_the_desk (FhirResource *resource)
{
  const char *type = fhir_resource_get_type (resource);

  if (strcmp (type, "Flag") == 0)
    return is_met (resource);
  if (strcmp (type, "Task") == 0)
    return fhir_concept_has_code (fhir_resource_path (resource, "code"), CARE_SYSTEM_TASK,
                                  CARE_TASK_CALL_ME);
  if (strcmp (type, "Consent") == 0)
    return care_consent_is_for_messages (resource);
  return strcmp (type, "Communication") != 0 || care_message_is_link (resource);
}

static const char *
words_for_the_desk (const char *type)
{
  if (strcmp (type, "Flag") == 0)
    return "This alert is for clinicians.";
  if (strcmp (type, "Task") == 0)
    return "This task is for clinicians.";
  if (strcmp (type, "Consent") == 0)
    return "This consent is for clinicians.";
  return "This message is for clinicians.";
}

/**
 * hub_policy_allows_resource:
 *
 * Returns: whether the user may do @operation on this very resource: hub_policy_allows(), and for a
 *   patient that it is their own, for a pharmacy that a Task is theirs, for the reception that an
 *   alert is for them, and for all but the administrator that what they create names no other as
 *   its author; nobody writes an invitation to a visit
 */
gboolean
hub_policy_allows_resource (HubUser *user,
                            HubOperation operation,
                            FhirResource *resource,
                            GError **error)
{
  const char *type = fhir_resource_get_type (resource);

  if (!hub_policy_allows (user, operation, type, error))
    return FALSE;
  if ((operation == HUB_CREATE || operation == HUB_UPDATE) && hub_invite_is_task (resource))
    return refuse (error, "Invitations to a visit are made by the hub alone: ask it for one.");
  if (user->role == HUB_ROLE_PATIENT && !g_strv_contains (shared_types, type) &&
      !is_own (user, resource))
    return refuse (error,
                   "This belongs to another person's record: a patient sees their own only.");
  if (user->role == HUB_ROLE_PATIENT && care_release_is_kept (resource))
    return refuse (error, "This stays in the clinic until it is released.");
  if (user->role == HUB_ROLE_PATIENT && (operation == HUB_CREATE || operation == HUB_UPDATE) &&
      (strcmp (type, "Task") == 0 || strcmp (type, "Communication") == 0))
    return is_of_the_patient (user, resource, error);
  if (user->role == HUB_ROLE_PHARMACY && strcmp (type, "Task") == 0 &&
      !pharmacy_owns (user, resource))
    return refuse (error, "This task belongs to another pharmacy.");
  if (user->role == HUB_ROLE_PHARMACY && strcmp (type, "Basic") == 0 &&
      !care_signing_key_is (resource))
    return refuse (error, "This record is the clinic's own.");
  if (user->role == HUB_ROLE_RECEPTION && !is_for_the_desk (resource))
    return refuse (error, words_for_the_desk (type));
  if (operation != HUB_CREATE || user->role == HUB_ROLE_ADMIN)
    return TRUE;
  if (!hub_order_allows_new (user, resource, error))
    return FALSE;
  if (user->reference != NULL)
    return is_in_own_name (user, resource, error);
  /* Nobody in particular: no signature, and no author. */
  return strcmp (type, "Provenance") != 0 ||
         refuse (error, "This account stands for no person, so it cannot say who wrote something.");
}

/* An absence is changed by who is absent alone, and no other task becomes one. */
static gboolean
keeps_absence (HubUser *user, FhirResource *before, FhirResource *after, GError **error)
{
  if (!is_cover (before) && !is_cover (after))
    return TRUE;
  if (!is_cover (before) || !is_cover (after))
    return refuse (error, "A task does not become an absence, nor an absence another task.");
  if (!hub_same_at (before, after, "owner"))
    return refuse (error, "Who stands in stays the same: end this absence, and say another.");
  return is_own_absence (user, before, error) && is_own_absence (user, after, error);
}

/**
 * hub_policy_allows_change:
 * @before: what is stored
 *
 * Returns: hub_order_allows_change(), and whether an absence stays that of who is absent; always,
 *   for the administrator
 */
gboolean
hub_policy_allows_change (HubUser *user, FhirResource *before, FhirResource *after, GError **error)
{
  if (user->role == HUB_ROLE_RECEPTION && !is_for_the_desk (before))
    return refuse (error, words_for_the_desk (fhir_resource_get_type (before)));
  return user->role == HUB_ROLE_ADMIN || (keeps_absence (user, before, after, error) &&
                                          hub_order_allows_change (user, before, after, error));
}

/**
 * hub_policy_allows_query:
 *
 * Returns: whether the user may search all that @query asks about: a chain tells of the resources
 *   that it passes through, whether or not they are answered
 */
gboolean
hub_policy_allows_query (HubUser *user, FhirQuery *query, GError **error)
{
  for (guint i = 0; i < query->parameters->len; i++)
    {
      const FhirQueryParameter *parameter = query->parameters->pdata[i];

      if (parameter->chain_type != NULL &&
          !hub_policy_allows (user, HUB_SEARCH, parameter->chain_type, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * hub_policy_shows:
 *
 * Returns: whether @resource may stand in an answer or a notice to the user
 */
gboolean
hub_policy_shows (HubUser *user, FhirResource *resource)
{
  return hub_policy_allows_resource (user, HUB_READ, resource, NULL);
}

/**
 * hub_policy_narrow:
 * @query: the search as it was asked
 *
 * Returns: (transfer full): the search with what keeps it to what the user may see
 */
char *
hub_policy_narrow (HubUser *user, const char *type, const char *query)
{
  const char *join = *query != '\0' ? "&" : "";
  const char *patient = hub_user_get_patient (user) != NULL ? hub_user_get_patient (user) : "-";
  gboolean known = FALSE;

  if (user->role == HUB_ROLE_PATIENT && !g_strv_contains (shared_types, type))
    {
      const char *parameter = "patient";

      if (strcmp (type, "Patient") == 0)
        return g_strdup_printf ("%s%s_id=%s", query, join, patient);
      fhir_search_parameter_type (type, parameter, &known);
      if (!known)
        parameter = "subject";
      return g_strdup_printf ("%s%s%s=Patient/%s", query, join, parameter, patient);
    }
  if (user->role == HUB_ROLE_PHARMACY && strcmp (type, "Task") == 0)
    return g_strdup_printf ("%s%sowner=%s", query, join,
                            user->reference != NULL ? user->reference : "Organization/-");
  return g_strdup (query);
}
