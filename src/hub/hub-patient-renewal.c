/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base-id.h"
#include "care-supply.h"
#include "clinical-drug-name.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "hub-patient-medicines.h"
#include "hub-patient-private.h"
#include "hub-patient-taking.h"
#include "hub-reply.h"

/* "Please renew this": a Task of the clinic's about the prescription, one at a time. It prescribes
 * nothing; a prescriber does, or says why not. */

#define RENEWAL   "renewal"
#define MAX_WORDS 300
#define MAX_TOLD  2000 /* characters of a description, with what was added to it */
#define MOST      12   /* for one prescription */
#define PAUSE_H   24   /* from an answer until it may be asked for again */

static gboolean
is_open (FhirResource *task)
{
  const char *const open[] = { "requested", "received", "ready",       "accepted",
                               "on-hold",   "draft",    "in-progress", NULL };
  const char *status = fhir_resource_path_text (task, "status");

  return status != NULL && g_strv_contains (open, status);
}

gboolean
hub_patient_renewal_is_of (FhirResource *task, FhirResource *request)
{
  g_autofree char *focus = fhir_resource_dup_reference (request);

  return g_strcmp0 (fhir_resource_path_text (task, "focus.reference"), focus) == 0 &&
         fhir_concept_has_code (fhir_resource_path (task, "code"), HUB_VISIT_TASK_SYSTEM, RENEWAL);
}

/* (transfer full) (nullable) */
GPtrArray *
hub_patient_load_renewals (HubRecords *records, HubJoin *join, GError **error)
{
  g_autofree char *query =
      g_strdup_printf ("patient=Patient/%s&code=" HUB_VISIT_TASK_SYSTEM "|" RENEWAL, join->patient);

  return hub_records_search (records, "Task", query, error);
}

/* (nullable): the one that was asked for last. @count: (out): of how many */
static FhirResource *
find_newest (GPtrArray *tasks, FhirResource *request, guint *count)
{
  FhirResource *newest = NULL;

  *count = 0;
  for (guint i = 0; i < tasks->len; i++)
    if (hub_patient_renewal_is_of (tasks->pdata[i], request))
      {
        ++*count;
        if (newest == NULL ||
            fhir_date_begin (fhir_resource_path_text (tasks->pdata[i], "authoredOn")) >=
                fhir_date_begin (fhir_resource_path_text (newest, "authoredOn")))
          newest = tasks->pdata[i];
      }
  return newest;
}

static const char *
state_of (FhirResource *task)
{
  if (is_open (task))
    return "asked";
  return g_strcmp0 (fhir_resource_path_text (task, "status"), "completed") == 0 ? "done"
                                                                                : "refused";
}

/**
 * hub_patient_write_renewal:
 * @out: in the object of a medicine
 *
 * Adds `renewal`: `state` (asked, done, refused), `when`, and why in the clinic's own words.
 */
void
hub_patient_write_renewal (GPtrArray *tasks, FhirResource *request, JsonBuilder *out)
{
  guint count;
  FhirResource *newest = find_newest (tasks, request, &count);

  if (newest == NULL)
    return;
  json_builder_set_member_name (out, "renewal");
  json_builder_begin_object (out);
  hub_reply_add_text (out, "state", state_of (newest));
  hub_reply_add_text (out, "when", fhir_resource_path_text (newest, "authoredOn"));
  hub_reply_add_text (out, "why", fhir_resource_path_text (newest, "statusReason.text"));
  json_builder_end_object (out);
}

static char *
dup_own_words (const char *words)
{
  return g_strdup_printf ("In their own words: %s", words);
}

static gboolean
put_task (HubRecords *records,
          HubJoin *join,
          FhirResource *request,
          const char *words,
          guint number,
          GError **error)
{
  g_autofree char *cause = g_strdup_printf ("%s/%u", fhir_resource_get_id (request), number);
  g_autofree char *digest = base_sha256_hex (cause, -1);
  g_autofree char *id = g_strdup_printf (RENEWAL "-%.32s", digest);
  g_autofree char *focus = fhir_resource_dup_reference (request);
  g_autofree char *patient = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autofree char *recorded =
      fhir_concept_dup_text (fhir_resource_path (request, "medicationCodeableConcept"));
  g_autofree char *name = recorded != NULL ? clinical_drug_name_plain (recorded) : NULL;
  g_autofree char *own = words != NULL ? dup_own_words (words) : NULL;
  g_autofree char *description = g_strdup_printf ("The patient asks for a renewal of %s.%s%s",
                                                  name != NULL ? name : "a prescription",
                                                  own != NULL ? " " : "", own != NULL ? own : "");
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);
  g_autoptr (FhirResource) task = NULL;

  fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", id, "status", "requested", "intent", "order",
                         "priority", "routine", "description", description, "focus.reference",
                         focus, "for.reference", patient, "authoredOn", now, "lastModified", now,
                         "requester.reference", patient, NULL);
  fhir_builder_set_coding (builder, "code", HUB_VISIT_TASK_SYSTEM, RENEWAL, NULL);
  task = fhir_builder_end (builder);
  return hub_records_put_once (records, task, HUB_PATIENT_WHO, join->patient, RENEWAL, error);
}

/* What the patient has to add to a request that waits, on a line of its own; the same sent twice
 * stands once. */
static gboolean
add_words (HubRecords *records,
           HubPatientCall *self,
           HubJoin *join,
           FhirResource *task,
           const char *words,
           gboolean *added,
           GError **error)
{
  const char *told = fhir_resource_path_text (task, "description");
  g_autofree char *last = dup_own_words (words);
  g_autofree char *description =
      g_strdup_printf ("%s%s%s", told != NULL ? told : "", told != NULL ? "\n" : "", last);
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) after = NULL;

  *added = TRUE;
  if (told != NULL && g_str_has_suffix (told, last))
    return TRUE;
  if (g_utf8_strlen (description, -1) > MAX_TOLD)
    {
      *added = FALSE;
      hub_patient_answer_error (self, 409, "words");
      return TRUE;
    }
  builder = fhir_builder_new_from (task);
  fhir_builder_set_many (builder, "description", description, "lastModified", now, NULL);
  after = fhir_builder_end (builder);
  return hub_records_put (records, task, after, HUB_PATIENT_WHO, join->patient, RENEWAL, NULL,
                          error);
}

static gboolean
is_too_soon (HubRecords *records, FhirResource *newest)
{
  const char *changed = fhir_resource_path_text (newest, "lastModified");

  return changed != NULL &&
         base_clock_now (records->clock) - fhir_date_begin (changed) < PAUSE_H * G_TIME_SPAN_HOUR;
}

/* @asked: (out): whether it waits for the clinic now; answered where it does not */
static gboolean
ask (HubRecords *records,
     HubPatientCall *self,
     HubJoin *join,
     FhirResource *request,
     const char *words,
     gboolean *asked,
     GError **error)
{
  g_autoptr (GPtrArray) tasks = hub_patient_load_renewals (records, join, error);
  FhirResource *newest;
  guint count;

  if (tasks == NULL)
    return FALSE;
  newest = find_newest (tasks, request, &count);
  if (newest != NULL && is_open (newest) && words != NULL)
    return add_words (records, self, join, newest, words, asked, error);
  *asked = TRUE;
  if (newest != NULL && is_open (newest))
    return TRUE;
  if (newest == NULL || (count < MOST && !is_too_soon (records, newest)))
    return put_task (records, join, request, words, count, error);
  *asked = FALSE;
  hub_patient_answer_error (self, 429, "busy");
  return TRUE;
}

/**
 * hub_patient_renewal:
 *
 * POST renewal: `medicine` (id), and `words` where the patient has some. One that is asked for
 * already is not asked for again; words are added to it.
 */
gboolean
hub_patient_renewal (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  const char *typed = hub_patient_body_text (self, "words");
  g_autofree char *words = hub_patient_plain_text (typed, MAX_WORDS);
  g_autoptr (FhirResource) request = NULL;
  gboolean asked = FALSE;

  if (words == NULL && typed != NULL && *typed != '\0')
    {
      hub_patient_answer_error (self, 422, "words");
      return TRUE;
    }
  if (!hub_patient_find_current (records, self, join, &request, error))
    return FALSE;
  if (request == NULL)
    return TRUE;
  return ask (records, self, join, request, words, &asked, error) &&
         (!asked || hub_patient_answer_medicines (records, self, join, error));
}
