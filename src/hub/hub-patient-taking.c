/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-taking.h"

#include <string.h>

#include "base-id.h"
#include "care-medicine-answer.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "hub-patient-medicines.h"
#include "hub-patient-private.h"
#include "hub-reply.h"

/* "Are you taking this?": the answer is one MedicationStatement a prescription, in the patient's
 * name, which the chart shows as a source of its own beside the prescription. It changes nothing
 * of the prescription: what follows from it a clinician decides. */

#define MAX_WORDS  500
#define DAY_LENGTH 10 /* "2026-11-22" */

enum
{
  YES,
  DIFFERENTLY,
  STOPPED,
  NEVER,
};

static const struct
{
  const char *answer, *status;
} answers[] = {
  [YES] = { "yes", "active" },
  [DIFFERENTLY] = { "differently", "active" },
  [STOPPED] = { "stopped", "stopped" },
  [NEVER] = { "never", "not-taken" },
};

static char *
statement_id (const char *request)
{
  g_autofree char *digest = base_sha256_hex (request, -1);

  return g_strdup_printf ("taking-%.32s", digest);
}

static gboolean
is_statement_of (FhirResource *statement, const char *request)
{
  g_autofree char *id = statement_id (request);

  fhir_element_foreach (identifier, fhir_resource_path (statement, "identifier"))
    if (g_strcmp0 (fhir_element_path_text (identifier, "system"), HUB_RECORDS_IDENTIFIER) == 0 &&
        g_strcmp0 (fhir_element_path_text (identifier, "value"), id) == 0)
      return TRUE;
  return FALSE;
}

/* ---- what was answered ---- */

void
hub_patient_said_clear (HubPatientSaid *self)
{
  g_clear_pointer (&self->statements, g_ptr_array_unref);
  g_clear_pointer (&self->renewals, g_ptr_array_unref);
}

gboolean
hub_patient_load_said (HubRecords *records, HubJoin *join, HubPatientSaid *out, GError **error)
{
  g_autofree char *query = g_strdup_printf ("patient=Patient/%s", join->patient);

  out->statements = hub_records_search (records, "MedicationStatement", query, error);
  if (out->statements != NULL)
    out->renewals = hub_patient_load_renewals (records, join, error);
  return out->renewals != NULL;
}

/* (nullable): what the page has as an answer; NULL: somebody else wrote it */
static const char *
answer_of (FhirResource *statement)
{
  fhir_element_foreach (extension, fhir_resource_path (statement, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), CARE_MEDICINE_ANSWER) == 0)
      return fhir_element_path_text (extension, "valueCode");
  return NULL;
}

static void
write_taking (FhirResource *statement, JsonBuilder *out)
{
  const char *answer = answer_of (statement);
  const char *words = g_strcmp0 (answer, answers[DIFFERENTLY].answer) == 0
                          ? fhir_resource_path_text (statement, "dosage.0.text")
                          : fhir_resource_path_text (statement, "statusReason.0.text");

  json_builder_set_member_name (out, "taking");
  json_builder_begin_object (out);
  hub_reply_add_text (out, "answer", answer);
  hub_reply_add_text (out, "words", words);
  hub_reply_add_text (out, "when", fhir_resource_path_text (statement, "dateAsserted"));
  json_builder_end_object (out);
}

/**
 * hub_patient_write_said:
 * @out: in the object of a medicine
 *
 * Adds `taking` and `renewal`, where the patient said something.
 */
void
hub_patient_write_said (const HubPatientSaid *self, FhirResource *request, JsonBuilder *out)
{
  for (guint i = 0; i < self->statements->len; i++)
    if (is_statement_of (self->statements->pdata[i], fhir_resource_get_id (request)) &&
        answer_of (self->statements->pdata[i]) != NULL)
      {
        write_taking (self->statements->pdata[i], out);
        break;
      }
  hub_patient_write_renewal (self->renewals, request, out);
}

/* ---- answering ---- */

/* Where it is taken otherwise, the words are the dosage; else what was ordered is. */
static void
set_dosage (FhirBuilder *builder, FhirResource *request, gsize answer, const char *words)
{
  if (answer == YES && fhir_resource_path (request, "dosageInstruction") != NULL)
    fhir_builder_set_element (builder, "dosage", fhir_resource_path (request, "dosageInstruction"));
  else if (answer == DIFFERENTLY)
    fhir_builder_set (builder, "dosage.0.text", words);
  else
    fhir_builder_set (builder, "statusReason.0.text", words);
}

static FhirResource *
make_statement (HubRecords *records,
                HubJoin *join,
                FhirResource *request,
                gsize answer,
                const char *words,
                const char *known)
{
  static const char *const medication[] = { "medicationCodeableConcept", "medicationReference" };
  g_autofree char *wish = statement_id (fhir_resource_get_id (request));
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autofree char *patient = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *order = fhir_resource_dup_reference (request);
  g_autofree char *encounter =
      join->encounter != NULL ? g_strconcat ("Encounter/", join->encounter, NULL) : NULL;
  g_autoptr (FhirBuilder) builder =
      fhir_builder_new ("MedicationStatement", known != NULL ? known : wish);

  if (words != NULL)
    fhir_builder_set (builder, "language", join->language != NULL ? join->language : "en");
  fhir_builder_set_many (builder, "extension.0.url", CARE_MEDICINE_ANSWER, "extension.0.valueCode",
                         answers[answer].answer, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", wish, "basedOn.0.reference", order, "status",
                         answers[answer].status, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (medication); i++)
    if (fhir_resource_path (request, medication[i]) != NULL)
      fhir_builder_set_element (builder, medication[i],
                                fhir_resource_path (request, medication[i]));
  fhir_builder_set_many (builder, "subject.reference", patient, "effectiveDateTime", now,
                         "dateAsserted", now, "informationSource.reference", patient, NULL);
  fhir_builder_set (builder, "context.reference", encounter);
  set_dosage (builder, request, answer, words);
  return fhir_builder_end (builder);
}

static gboolean
is_of_the_same_day (FhirResource *before, FhirResource *after)
{
  const char *a = fhir_resource_path_text (before, "dateAsserted");
  const char *b = fhir_resource_path_text (after, "dateAsserted");

  return a != NULL && b != NULL && strlen (b) >= DAY_LENGTH && strncmp (a, b, DAY_LENGTH) == 0;
}

/* Whether it says the same again, of the same visit and day: that somebody still takes it is news
 * a month later, and where the clinic has changed the statement since, it is news at once. */
static gboolean
says_the_same (FhirResource *before, FhirResource *after)
{
  static const char *const names[] = { "status", "extension", "statusReason", "dosage", "context" };

  if (!is_of_the_same_day (before, after))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const FhirElement *a = fhir_resource_path (before, names[i]);
      const FhirElement *b = fhir_resource_path (after, names[i]);

      if (a != b && (a == NULL || b == NULL || !fhir_element_equal (a, b)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_statement (HubRecords *records, const char *request, FhirResource **out, GError **error)
{
  g_autofree char *id = statement_id (request);
  g_autofree char *query = g_strconcat ("identifier=" HUB_RECORDS_IDENTIFIER "|", id, NULL);
  g_autoptr (GPtrArray) found = hub_records_search (records, "MedicationStatement", query, error);

  *out = NULL;
  for (guint i = 0; found != NULL && i < found->len && *out == NULL; i++)
    if (is_statement_of (found->pdata[i], request))
      *out = fhir_resource_ref (found->pdata[i]);
  return found != NULL;
}

static gboolean
put_answer (HubRecords *records,
            HubJoin *join,
            FhirResource *request,
            gsize answer,
            const char *words,
            GError **error)
{
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirResource) after = NULL;

  if (!find_statement (records, fhir_resource_get_id (request), &before, error))
    return FALSE;
  after = make_statement (records, join, request, answer, words,
                          before != NULL ? fhir_resource_get_id (before) : NULL);
  if (before != NULL && says_the_same (before, after))
    return TRUE;
  return hub_records_put (records, before, after, HUB_PATIENT_WHO, join->patient,
                          answers[answer].answer, NULL, error);
}

static gssize
find_answer (const char *name)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (answers); i++)
    if (strcmp (answers[i].answer, name) == 0)
      return (gssize) i;
  return -1;
}

/**
 * hub_patient_find_current:
 * @out: (out): the order that the page names; NULL, answered with 422, where it is none of those
 *   that the page was shown
 */
gboolean
hub_patient_find_current (
    HubRecords *records, HubPatientCall *self, HubJoin *join, FhirResource **out, GError **error)
{
  const char *id = hub_patient_body_text (self, "medicine");
  g_autoptr (FhirResource) request = NULL;

  *out = NULL;
  if (id != NULL && fhir_id_is_valid (id) &&
      !hub_records_find (records, "MedicationRequest", id, &request, error))
    return FALSE;
  if (request != NULL && hub_patient_is_current_order (request, join))
    *out = g_steal_pointer (&request);
  else
    hub_patient_answer_error (self, 422, "medicine");
  return TRUE;
}

/**
 * hub_patient_taking:
 *
 * POST taking: `medicine` (id), `answer` (yes, differently, stopped, never), `words` (how, or why).
 * Saying it again on that day changes nothing; later, or saying something else, takes its place.
 */
gboolean
hub_patient_taking (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  gssize answer = find_answer (hub_patient_body_text (self, "answer"));
  const char *typed = hub_patient_body_text (self, "words");
  g_autofree char *words = hub_patient_plain_text (typed, MAX_WORDS);
  g_autoptr (FhirResource) request = NULL;

  if (answer < 0 || (answer == DIFFERENTLY && words == NULL) ||
      (words == NULL && typed != NULL && *typed != '\0'))
    {
      hub_patient_answer_error (self, 422, answer < 0 ? "answer" : "words");
      return TRUE;
    }
  if (!hub_patient_find_current (records, self, join, &request, error))
    return FALSE;
  if (request == NULL)
    return TRUE;
  return put_answer (records, join, request, (gsize) answer, answer == YES ? NULL : words, error) &&
         hub_patient_answer_medicines (records, self, join, error);
}
