/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-private.h"

#include <string.h>

#include "base-id.h"
#include "fhir-builder.h"
#include "fhir-reference.h"
#include "hub-reply.h"

/* What a patient agrees to or refuses, each when it is needed: one Consent for each subject of one
 * appointment, which a later answer changes; its versions are the history. Refusing one closes that
 * feature and nothing else. */

#define CONSENT_SYSTEM "https://bedside.health/fhir/consent"
#define WORDING        "https://bedside.health/fhir/consent-wording/"
#define CONSENT_SCOPE  "http://terminology.hl7.org/CodeSystem/consentscope"
#define MAX_WORDING    99

static const struct
{
  const char *about, *display;
} subjects[] = {
  { "video", "Visit by video" },
  { "guest", "Another person takes part in the visit" },
  { "picture", "A picture from the call is kept in the record" },
};

static const char *
find_subject (const char *about)
{
  for (gsize i = 0; about != NULL && i < G_N_ELEMENTS (subjects); i++)
    if (strcmp (subjects[i].about, about) == 0)
      return subjects[i].display;
  return NULL;
}

static gint64
body_version (HubPatientCall *self)
{
  const char *text = hub_patient_body_text (self, "version");
  gint64 version = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;

  return version >= 1 && version <= MAX_WORDING ? version : 0;
}

/* ---- the answer that the page is told ---- */

static gboolean
is_answered (HubJoin *join, const char *about, const char *decision)
{
  g_auto (GStrv) parts = g_strsplit (join->consents != NULL ? join->consents : "", " ", -1);
  g_autofree char *answer = g_strconcat (about, ":", decision, NULL);

  return g_strv_contains ((const char *const *) parts, answer);
}

/* "video:permit picture:deny" with @about answered by @decision. */
static char *
change_consents (const char *consents, const char *about, const char *decision)
{
  g_auto (GStrv) parts = g_strsplit (consents != NULL ? consents : "", " ", -1);
  g_autofree char *start = g_strconcat (about, ":", NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0' && !g_str_has_prefix (*part, start))
      g_string_append_printf (text, "%s ", *part);
  g_string_append_printf (text, "%s%s", start, decision);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/**
 * hub_patient_add_consents:
 *
 * Adds "consents": what was answered last, by subject.
 */
void
hub_patient_add_consents (HubJoin *join, JsonBuilder *out)
{
  g_auto (GStrv) parts = g_strsplit (join->consents != NULL ? join->consents : "", " ", -1);

  json_builder_set_member_name (out, "consents");
  json_builder_begin_object (out);
  for (char **part = parts; *part != NULL; part++)
    {
      char *colon = strchr (*part, ':');

      if (colon == NULL)
        continue;
      *colon = '\0';
      json_builder_set_member_name (out, *part);
      json_builder_add_string_value (out, colon + 1);
    }
  json_builder_end_object (out);
}

/* ---- the Consent ---- */

static gboolean
find_consent (HubRecords *records, const char *id, FhirResource **out, GError **error)
{
  g_autofree char *query = g_strconcat ("identifier=" HUB_RECORDS_IDENTIFIER "|", id, NULL);
  g_autoptr (GPtrArray) found = hub_records_search (records, "Consent", query, error);

  *out = NULL;
  for (guint i = 0; found != NULL && i < found->len && *out == NULL; i++)
    if (g_strcmp0 (fhir_resource_path_text (found->pdata[i], "identifier.0.value"), id) == 0)
      *out = fhir_resource_ref (found->pdata[i]);
  return found != NULL;
}

static void
set_subject (FhirBuilder *builder, HubJoin *join, const char *about)
{
  g_autofree char *patient = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *appointment = g_strconcat ("Appointment/", join->appointment, NULL);

  fhir_builder_set_coding (builder, "scope", CONSENT_SCOPE, "treatment", "Treatment");
  fhir_builder_set_coding (builder, "category.0", CONSENT_SYSTEM, about, find_subject (about));
  fhir_builder_set (builder, "category.0.text", find_subject (about));
  fhir_builder_set (builder, "patient.reference", patient);
  fhir_builder_set (builder, "performer.0.reference", patient);
  fhir_builder_set_many (builder, "provision.data.0.meaning", "related",
                         "provision.data.0.reference.reference", appointment, NULL);
}

static FhirResource *
make_consent (HubRecords *records,
              HubJoin *join,
              FhirResource *before,
              const char *id,
              const char *about,
              gboolean permit,
              gint64 version)
{
  g_autoptr (FhirBuilder) builder =
      before != NULL ? fhir_builder_new_from (before) : fhir_builder_new ("Consent", id);
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autofree char *wording = g_strdup_printf (WORDING "%s/%" G_GINT64_FORMAT, about, version);

  fhir_builder_set_many (builder, "language", join->language != NULL ? join->language : "en",
                         "identifier.0.system", HUB_RECORDS_IDENTIFIER, "identifier.0.value", id,
                         "status", permit ? "active" : "rejected", "dateTime", now, "policy.0.uri",
                         wording, "provision.type", permit ? "permit" : "deny", NULL);
  set_subject (builder, join, about);
  return fhir_builder_end (builder);
}

static char *
id_of (HubJoin *join, const char *about)
{
  g_autofree char *cause = g_strdup_printf ("%s %s", join->appointment, about);
  g_autofree char *digest = base_sha256_hex (cause, -1);

  return g_strdup_printf ("consent-%.32s", digest);
}

static const char *
decision_in (GPtrArray *consents, const char *id)
{
  for (guint i = 0; i < consents->len; i++)
    if (g_strcmp0 (fhir_resource_path_text (consents->pdata[i], "identifier.0.value"), id) == 0)
      return fhir_resource_path_text (consents->pdata[i], "provision.type");
  return NULL;
}

/**
 * hub_patient_recall_consents:
 *
 * Another link of the same appointment may have been answered by: what stands in the record counts,
 * not what this link remembers. Where the record cannot be asked, that has to do.
 */
void
hub_patient_recall_consents (HubRecords *records, HubJoin *join)
{
  g_autoptr (GString) query = g_string_new ("identifier=");
  g_autoptr (GPtrArray) found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      g_autofree char *id = id_of (join, subjects[i].about);

      g_string_append_printf (query, "%s" HUB_RECORDS_IDENTIFIER "|%s", i > 0 ? "," : "", id);
    }
  found = hub_records_search (records, "Consent", query->str, NULL);
  for (gsize i = 0; found != NULL && i < G_N_ELEMENTS (subjects); i++)
    {
      g_autofree char *id = id_of (join, subjects[i].about);
      const char *decision = decision_in (found, id);
      g_autofree char *consents = NULL;

      if (g_strcmp0 (decision, "permit") != 0 && g_strcmp0 (decision, "deny") != 0)
        continue;
      if (is_answered (join, subjects[i].about, decision))
        continue;
      consents = change_consents (join->consents, subjects[i].about, decision);
      g_set_str (&join->consents, consents);
    }
}

static gboolean
put_consent (HubRecords *records,
             HubJoin *join,
             const char *about,
             gboolean permit,
             gint64 version,
             GError **error)
{
  g_autofree char *id = id_of (join, about);
  g_autofree char *detail = g_strdup_printf ("%s %s", about, permit ? "permitted" : "refused");
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirResource) after = NULL;

  if (!find_consent (records, id, &before, error))
    return FALSE;
  after = make_consent (records, join, before, id, about, permit, version);
  return hub_records_put (records, before, after, HUB_PATIENT_WHO, join->patient, detail, NULL,
                          error);
}

/**
 * hub_patient_consent:
 *
 * POST consent: about, decision (permit or deny) and the version of the wording that was shown. The
 * same answer again changes nothing.
 */
gboolean
hub_patient_consent (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  const char *about = hub_patient_body_text (self, "about");
  const char *decision = hub_patient_body_text (self, "decision");
  gboolean permit = g_strcmp0 (decision, "permit") == 0;
  gint64 version = body_version (self);
  g_autofree char *consents = NULL;

  if (find_subject (about) == NULL || version == 0 ||
      (!permit && g_strcmp0 (decision, "deny") != 0))
    {
      hub_patient_answer_error (self, 422, "consent");
      return TRUE;
    }
  if (!hub_patient_refuse_over (records, join, error))
    return FALSE;
  if (!is_answered (join, about, decision))
    {
      consents = change_consents (join->consents, about, decision);
      g_set_str (&join->consents, consents);
      if (!put_consent (records, join, about, permit, version, error) ||
          !hub_patient_tell_clinic (records, join, error) || !hub_join_save (records, join, error))
        return FALSE;
    }
  return hub_patient_answer_state (records, self, join, error);
}

/* ---- one picture ---- */

/* (transfer full) (nullable): the id in what refers to a @type */
static char *
dup_id (FhirResource *resource, const char *path, const char *type)
{
  const char *reference = fhir_resource_path_text (resource, path);
  g_autofree char *found = NULL, *id = NULL;

  if (reference == NULL || !fhir_reference_split (reference, &found, &id) ||
      !g_str_equal (found, type))
    return NULL;
  return g_steal_pointer (&id);
}

static FhirResource *
make_picture_consent (HubRecords *records,
                      HubJoin *join,
                      FhirResource *before,
                      const HubPictureConsent *consent,
                      const char *id)
{
  g_autofree char *encounter = g_strconcat ("Encounter/", consent->encounter, NULL);
  g_autoptr (FhirResource) plain =
      make_consent (records, join, before, id, "picture", consent->permit, consent->version);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (plain);

  fhir_builder_set_many (builder, "provision.data.1.meaning", "related",
                         "provision.data.1.reference.reference", encounter, NULL);
  return fhir_builder_end (builder);
}

/**
 * hub_patient_put_picture_consent:
 * @reference: (out): of the Consent
 *
 * Writes what the patient answered to one request for a picture. Each request has a Consent of its
 * own: who agreed once has not agreed to the next picture.
 */
gboolean
hub_patient_put_picture_consent (HubRecords *records,
                                 const HubPictureConsent *consent,
                                 char **reference,
                                 GError **error)
{
  g_autoptr (FhirResource) encounter =
      hub_records_get (records, "Encounter", consent->encounter, error);
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autofree char *patient = NULL, *appointment = NULL, *about = NULL, *id = NULL, *given = NULL;
  HubJoin join = { .language = (char *) consent->language };

  g_clear_pointer (reference, g_free);
  if (encounter == NULL)
    return FALSE;
  join.patient = patient = dup_id (encounter, "subject.reference", "Patient");
  join.appointment = appointment = dup_id (encounter, "appointment.0.reference", "Appointment");
  if (patient == NULL || appointment == NULL)
    {
      g_set_error_literal (error, HUB_ERROR, 422, "The visit has no patient or no appointment");
      return FALSE;
    }
  about = g_strdup_printf ("picture %s", consent->request);
  id = id_of (&join, about);
  if (!find_consent (records, id, &before, error))
    return FALSE;
  after = make_picture_consent (records, &join, before, consent, id);
  if (!hub_records_put (records, before, after, HUB_PATIENT_WHO, patient,
                        consent->permit ? "picture permitted" : "picture refused", &given, error))
    return FALSE;
  *reference = g_strconcat ("Consent/", given, NULL);
  return TRUE;
}
