/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-visit.h"

#include "base-id.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "hub-records.h"
#include "hub-reply.h"
#include "hub-visit-facts.h"

/* A visit's Encounter while the patient is on the way into it. From `in-progress` on it belongs to
 * the clinician's workstation, and the hub writes nothing to it any more: two writers would make
 * conflicts out of nothing. */

#define ACT_CODE           "http://terminology.hl7.org/CodeSystem/v3-ActCode"
#define PARTICIPATION_TYPE "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
#define ORGANIZATION_TYPE  "https://bedside.health/fhir/organization-type"
#define WHO                "patient by join link"

static char *
now_instant (HubRecords *records)
{
  return base_clock_dup_instant (records->clock);
}

static char *
new_id (HubRecords *records)
{
  return base_id_new (base_clock_now (records->clock));
}

/**
 * hub_visit_get_state:
 *
 * `onleave` is what a clinician's hold writes. One who waited and went away is `planned` again: the
 * hub itself makes no Encounter before somebody waits.
 *
 * Returns: where the visit of @encounter stands
 */
HubVisitState
hub_visit_get_state (FhirResource *encounter)
{
  static const struct
  {
    const char *status;
    HubVisitState state;
  } states[] = {
    { "planned", HUB_VISIT_LEFT },    { "arrived", HUB_VISIT_ARRIVED },
    { "triaged", HUB_VISIT_ARRIVED }, { "in-progress", HUB_VISIT_IN_PROGRESS },
    { "onleave", HUB_VISIT_HELD },
  };
  const char *status = fhir_resource_path_text (encounter, "status");

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (status, states[i].status) == 0)
      return states[i].state;
  return HUB_VISIT_OVER;
}

/* From here on the hub does not write to it. */
static gboolean
is_begun (HubVisitState state)
{
  return state == HUB_VISIT_IN_PROGRESS || state == HUB_VISIT_HELD;
}

/**
 * hub_visit_load_state:
 * @encounter: (nullable): an id
 * @patient: (out) (optional): the patient's id
 *
 * Returns: where it stands; HUB_VISIT_NONE without an error where @encounter is NULL
 */
HubVisitState
hub_visit_load_state (HubRecords *records, const char *encounter, char **patient, GError **error)
{
  g_autoptr (FhirResource) resource = NULL;
  const char *subject;
  g_autofree char *type = NULL;

  if (encounter == NULL)
    return HUB_VISIT_NONE;
  resource = hub_records_get (records, "Encounter", encounter, error);
  if (resource == NULL)
    return HUB_VISIT_NONE;
  subject = fhir_resource_path_text (resource, "subject.reference");
  if (patient != NULL && (subject == NULL || !fhir_reference_split (subject, &type, patient)))
    *patient = NULL;
  return hub_visit_get_state (resource);
}

/* ---- the Encounter ---- */

/* What the patient said replaces what stood there; extensions of others stay. An identity that a
 * clinician has confirmed stays confirmed. */
static void
set_extensions (FhirBuilder *builder, FhirResource *before, HubJoin *join, const char *since)
{
  const char *const ours[] = { HUB_VISIT_EXTENSION "visit-stated-location",
                               HUB_VISIT_EXTENSION "visit-callback-number",
                               HUB_VISIT_EXTENSION "visit-device-test",
                               HUB_VISIT_EXTENSION "visit-waiting-since",
                               HUB_VISIT_EXTENSION "visit-identity",
                               HUB_VISIT_EXTENSION "visit-language",
                               NULL };
  const char *identity = "date-of-birth-typed";

  fhir_builder_remove (builder, "extension");
  fhir_element_foreach (extension, before != NULL ? fhir_resource_path (before, "extension") : NULL)
    {
      const char *url = fhir_element_path_text (extension, "url");
      const char *code = fhir_element_path_text (extension, "valueCode");
      g_autofree char *path = NULL;

      if (g_strcmp0 (url, HUB_VISIT_EXTENSION "visit-identity") == 0 &&
          g_strcmp0 (code, "confirmed") == 0)
        identity = "confirmed";
      if (url != NULL && g_strv_contains (ours, url))
        continue;
      path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT,
                              fhir_builder_get_length (builder, "extension"));
      fhir_builder_set_element (builder, path, extension);
    }
  hub_visit_add_extension (builder, "visit-stated-location", "valueString", join->location);
  hub_visit_add_extension (builder, "visit-callback-number", "valueString", join->callback);
  hub_visit_add_extension (builder, "visit-identity", "valueCode", identity);
  hub_visit_add_facts (builder, join);
  hub_visit_add_extension (builder, "visit-waiting-since", "valueInstant", since);
}

/* Closes the open line of the history and opens one for @status. */
static void
set_status (FhirBuilder *builder, const char *status, const char *now)
{
  gsize length = fhir_builder_get_length (builder, "statusHistory");
  g_autofree char *end =
      g_strdup_printf ("statusHistory.%" G_GSIZE_FORMAT ".period.end", length - 1);
  g_autofree char *code = g_strdup_printf ("statusHistory.%" G_GSIZE_FORMAT ".status", length);
  g_autofree char *start =
      g_strdup_printf ("statusHistory.%" G_GSIZE_FORMAT ".period.start", length);

  if (length > 0)
    fhir_builder_set (builder, end, now);
  fhir_builder_set (builder, "status", status);
  fhir_builder_set (builder, code, status);
  fhir_builder_set (builder, start, now);
}

static void
set_practitioners (FhirBuilder *builder, FhirResource *appointment)
{
  gsize count = 0;

  fhir_element_foreach (participant, fhir_resource_path (appointment, "participant"))
    {
      const char *reference = fhir_element_path_text (participant, "actor.reference");
      g_autofree char *path = NULL;
      g_autofree char *coding = NULL;

      if (reference == NULL || !g_str_has_prefix (reference, "Practitioner"))
        continue;
      coding = g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".type.0", count);
      fhir_builder_set_coding (builder, coding, PARTICIPATION_TYPE, "PPRF", "primary performer");
      path = g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".individual", count++);
      fhir_builder_set_element (builder, path, fhir_element_get (participant, "actor"));
    }
}

static FhirResource *
new_encounter (HubJoin *join, FhirResource *appointment, const char *id, const char *now)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Encounter", id);
  g_autofree char *subject = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *reference = g_strconcat ("Appointment/", join->appointment, NULL);

  /* One visit for one appointment, however often it is sent. */
  fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", reference, NULL);
  fhir_builder_set_many (builder, "class.system", ACT_CODE, "class.code", "VR", "class.display",
                         "virtual", NULL);
  fhir_builder_set (builder, "subject.reference", subject);
  set_practitioners (builder, appointment);
  fhir_builder_set (builder, "appointment.0.reference", reference);
  fhir_builder_set (builder, "period.start", now);
  if (fhir_resource_path (appointment, "reasonCode") != NULL)
    fhir_builder_set_element (builder, "reasonCode",
                              fhir_resource_path (appointment, "reasonCode"));
  set_status (builder, "arrived", now);
  set_extensions (builder, NULL, join, now);
  return fhir_builder_end (builder);
}

static FhirResource *
changed_encounter (FhirResource *before, HubJoin *join, const char *now)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (before);
  gboolean waits = hub_visit_get_state (before) == HUB_VISIT_ARRIVED;
  const char *since = now;

  fhir_element_foreach (extension, fhir_resource_path (before, "extension"))
    if (waits && g_strcmp0 (fhir_element_path_text (extension, "url"),
                            HUB_VISIT_EXTENSION "visit-waiting-since") == 0)
      since = fhir_element_path_text (extension, "valueInstant");
  if (!waits)
    set_status (builder, "arrived", now);
  if (fhir_resource_path (before, "period.start") == NULL)
    fhir_builder_set (builder, "period.start", now);
  set_extensions (builder, before, join, since);
  return fhir_builder_end (builder);
}

static gboolean
is_of_appointment (FhirResource *encounter, const char *appointment)
{
  g_autofree char *reference = g_strconcat ("Appointment/", appointment, NULL);

  fhir_element_foreach (item, fhir_resource_path (encounter, "appointment"))
    if (g_strcmp0 (fhir_element_path_text (item, "reference"), reference) == 0)
      return TRUE;
  return FALSE;
}

/* The visit that this appointment already has, from this link or another one. A poor server answers
 * a search with what was not asked for, so it is looked at again. */
static gboolean
find_encounter (HubRecords *records, HubJoin *join, FhirResource **out, GError **error)
{
  g_autofree char *query = g_strdup_printf ("appointment=Appointment/%s", join->appointment);
  g_autoptr (GPtrArray) found = NULL;

  if (join->encounter != NULL)
    {
      *out = hub_records_get (records, "Encounter", join->encounter, error);
      return *out != NULL;
    }
  found = hub_records_search (records, "Encounter", query, error);
  for (guint i = 0; found != NULL && i < found->len && *out == NULL; i++)
    if (is_of_appointment (found->pdata[i], join->appointment))
      {
        *out = fhir_resource_ref (found->pdata[i]);
        join->encounter = g_strdup (fhir_resource_get_id (*out));
      }
  return found != NULL;
}

/* The appointment, and the patient's own line in it, say that the patient has come. */
static gboolean
arrive_at_appointment (HubRecords *records,
                       FhirResource *appointment,
                       HubJoin *join,
                       GError **error)
{
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) changed = NULL;
  const char *status = fhir_resource_path_text (appointment, "status");

  if (g_strcmp0 (status, "booked") != 0 && g_strcmp0 (status, "pending") != 0)
    return TRUE;
  builder = fhir_builder_new_from (appointment);
  fhir_builder_set (builder, "status", "arrived");
  changed = fhir_builder_end (builder);
  return hub_records_put (records, appointment, changed, WHO, join->patient, "arrived", NULL,
                          error);
}

static gboolean
put_encounter (
    HubRecords *records, FhirResource *before, FhirResource *after, HubJoin *join, GError **error)
{
  g_autofree char *id = NULL;

  if (!hub_records_put (records, before, after, WHO, join->patient,
                        fhir_resource_path_text (after, "status"), &id, error))
    return FALSE;
  g_set_str (&join->encounter, id);
  return TRUE;
}

static gboolean
refuse_over (GError **error)
{
  g_set_error_literal (error, HUB_ERROR, 410, "This visit has ended");
  return FALSE;
}

/**
 * hub_visit_arrive:
 * @join: a link whose patient has given place and number; its encounter is filled in, and the
 * caller saves it
 * @error: HUB_ERROR 410 where the visit is over
 *
 * The patient waits: makes or changes the Encounter, and moves the Appointment on. A visit that is
 * in progress stays as it is.
 */
gboolean
hub_visit_arrive (HubRecords *records, HubJoin *join, GError **error)
{
  g_autoptr (FhirResource) appointment =
      hub_records_get (records, "Appointment", join->appointment, error);
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autofree char *now = now_instant (records);

  if (appointment == NULL || !find_encounter (records, join, &before, error))
    return FALSE;
  if (before != NULL && hub_visit_get_state (before) == HUB_VISIT_OVER)
    return refuse_over (error);
  if (before != NULL && is_begun (hub_visit_get_state (before)))
    return TRUE;
  if (before != NULL)
    after = changed_encounter (before, join, now);
  else
    {
      g_autofree char *id = new_id (records);

      after = new_encounter (join, appointment, id, now);
    }
  return put_encounter (records, before, after, join, error) &&
         arrive_at_appointment (records, appointment, join, error);
}

/**
 * hub_visit_update:
 *
 * Writes what the patient changed (place, number, device test) to the Encounter of one who waits.
 * Before that there is none to write to, and after it the Encounter is the workstation's.
 */
gboolean
hub_visit_update (HubRecords *records, HubJoin *join, GError **error)
{
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autofree char *now = now_instant (records);

  if (join->encounter == NULL)
    return TRUE;
  before = hub_records_get (records, "Encounter", join->encounter, error);
  if (before == NULL)
    return FALSE;
  if (hub_visit_get_state (before) == HUB_VISIT_OVER)
    return refuse_over (error);
  if (hub_visit_get_state (before) != HUB_VISIT_ARRIVED)
    return TRUE;
  after = changed_encounter (before, join, now);
  return put_encounter (records, before, after, join, error);
}

/**
 * hub_visit_leave:
 *
 * One who waits has gone away: the Encounter is `planned` again, so that nobody is called who is
 * not there. Any other state stays.
 */
gboolean
hub_visit_leave (HubRecords *records, const char *encounter, GError **error)
{
  g_autoptr (FhirResource) before = hub_records_get (records, "Encounter", encounter, error);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autofree char *now = now_instant (records);
  g_autofree char *patient = NULL;
  g_autofree char *type = NULL;
  const char *subject;

  if (before == NULL)
    return FALSE;
  if (hub_visit_get_state (before) != HUB_VISIT_ARRIVED)
    return TRUE;
  subject = fhir_resource_path_text (before, "subject.reference");
  if (subject != NULL)
    fhir_reference_split (subject, &type, &patient);
  builder = fhir_builder_new_from (before);
  set_status (builder, "planned", now);
  after = fhir_builder_end (builder);
  return hub_records_put (records, before, after, WHO, patient, "left the waiting room", NULL,
                          error);
}

/* ---- Tasks for the clinic ---- */

/* One Task for one cause, however often it is reported: its id, or its identifier in a server that
 * chooses ids, comes from the cause. */
static gboolean
put_task_once (HubRecords *records,
               const char *code,
               const char *cause,
               const char *patient,
               const char *focus,
               const char *description,
               GError **error)
{
  g_autofree char *digest = base_sha256_hex (cause, -1);
  g_autofree char *id = g_strdup_printf ("%s-%.24s", code, digest);
  g_autofree char *now = now_instant (records);
  g_autofree char *subject = patient != NULL ? g_strconcat ("Patient/", patient, NULL) : NULL;
  g_autoptr (FhirResource) there = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) task = NULL;

  if (!hub_records_find (records, "Task", id, &there, error))
    return FALSE;
  if (there != NULL)
    return TRUE;
  builder = fhir_builder_new ("Task", id);
  fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", id, "status", "requested", "intent", "order",
                         "priority", "urgent", "description", description, "authoredOn", now,
                         "lastModified", now, NULL);
  fhir_builder_set_coding (builder, "code", HUB_VISIT_TASK_SYSTEM, code, NULL);
  fhir_builder_set (builder, "focus.reference", focus);
  fhir_builder_set (builder, "for.reference", subject);
  task = fhir_builder_end (builder);
  return hub_records_put_once (records, task, "hub", patient, code, error);
}

/**
 * hub_visit_report_closed_link:
 *
 * Five wrong dates of birth: somebody has to call the patient, or to find out who has the link.
 */
gboolean
hub_visit_report_closed_link (HubRecords *records, HubJoin *join, GError **error)
{
  g_autofree char *focus = join->appointment != NULL
                               ? g_strconcat ("Appointment/", join->appointment, NULL)
                               : g_strconcat ("Patient/", join->patient, NULL);

  return put_task_once (
      records, "link-closed", join->hash, join->patient, focus,
      join->appointment == NULL
          ? "The link to the medicines was closed: five wrong dates of birth were "
            "typed. Call the patient, and make a new link if it was the patient."
          : "The join link was closed: five wrong dates of birth were typed. Call the "
            "patient, and send a new link if it was the patient.",
      error);
}

/* Somebody came back after the first loss, which was done with that: this is another one. */
static gboolean
open_again (HubRecords *records, FhirResource *task, const char *patient, GError **error)
{
  g_autofree char *now = now_instant (records);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) after = NULL;

  if (g_strcmp0 (fhir_resource_path_text (task, "status"), "completed") != 0)
    return TRUE;
  builder = fhir_builder_new_from (task);
  fhir_builder_set_many (builder, "status", "requested", "lastModified", now, NULL);
  after = fhir_builder_end (builder);
  return hub_records_put (records, task, after, "hub", patient, "interrupted again", NULL, error);
}

/**
 * hub_visit_report_interrupted:
 * @again: a clinician was in the visit before this loss: a Task that was done is to be done again
 *
 * A visit in progress that both sides lost and nobody ended (hazard H25). Does nothing where the
 * visit has ended since, or a workstation has made that Task already.
 */
gboolean
hub_visit_report_interrupted (HubRecords *records,
                              const char *encounter,
                              gboolean again,
                              GError **error)
{
  g_autofree char *patient = NULL;
  g_autofree char *focus = g_strconcat ("Encounter/", encounter, NULL);
  g_autofree char *query = NULL;
  g_autoptr (GPtrArray) there = NULL;
  g_autoptr (GError) local = NULL;
  HubVisitState state = hub_visit_load_state (records, encounter, &patient, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (!is_begun (state))
    return TRUE;
  query = g_strdup_printf ("focus=%s&code=" HUB_VISIT_TASK_SYSTEM "|visit-interrupted", focus);
  there = hub_records_search (records, "Task", query, error);
  if (there == NULL)
    return FALSE;
  for (guint i = 0; i < there->len; i++)
    if (g_strcmp0 (fhir_resource_path_text (there->pdata[i], "focus.reference"), focus) == 0 &&
        fhir_concept_has_code (fhir_resource_path (there->pdata[i], "code"), HUB_VISIT_TASK_SYSTEM,
                               "visit-interrupted"))
      return !again || open_again (records, there->pdata[i], patient, error);
  return put_task_once (records, "visit-interrupted", encounter, patient, focus,
                        "The visit broke off 10 minutes ago, and no outcome was chosen. Call the "
                        "patient back, then end the visit.",
                        error);
}

/* ---- the clinic ---- */

static gboolean
read_clinic (FhirResource *organization, HubClinic *clinic)
{
  fhir_element_foreach (telecom, fhir_resource_path (organization, "telecom"))
    if (g_strcmp0 (fhir_element_path_text (telecom, "system"), "phone") == 0)
      {
        clinic->name = g_strdup (fhir_resource_path_text (organization, "name"));
        clinic->phone = g_strdup (fhir_element_path_text (telecom, "value"));
        return TRUE;
      }
  return FALSE;
}

/**
 * hub_visit_load_clinic:
 * @clinic: (out): what the Organization of type `clinic` says; nothing where there is none
 */
void
hub_visit_load_clinic (HubRecords *records, HubClinic *clinic)
{
  g_autoptr (GPtrArray) found =
      hub_records_search (records, "Organization", "type=" ORGANIZATION_TYPE "|clinic", NULL);

  for (guint i = 0; found != NULL && i < found->len && clinic->name == NULL; i++)
    {
      FhirResource *organization = found->pdata[i];
      gboolean is_clinic = FALSE;

      fhir_element_foreach (type, fhir_resource_path (organization, "type"))
        is_clinic |= fhir_concept_has_code (type, ORGANIZATION_TYPE, "clinic");
      if (is_clinic && !read_clinic (organization, clinic))
        clinic->name = g_strdup (fhir_resource_path_text (organization, "name"));
    }
}

void
hub_clinic_clear (HubClinic *clinic)
{
  g_clear_pointer (&clinic->name, g_free);
  g_clear_pointer (&clinic->phone, g_free);
}
