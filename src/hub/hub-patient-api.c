/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-api.h"

#include <string.h>

#include "fhir-date.h"
#include "fhir-name.h"
#include "hub-call-me.h"
#include "hub-patient-choice.h"
#include "hub-patient-code.h"
#include "hub-patient-medicines.h"
#include "hub-patient-private.h"
#include "hub-patient-taking.h"
#include "hub-reply.h"

/* What the patient's page asks. Until the date of birth was typed, no answer holds anything that
 * was read from the patient's record (hazard H7). */

#define MAX_LOCATION 300
#define MAX_CALLBACK 40

static void
add_clinic (HubRecords *records, JsonBuilder *out)
{
  g_auto (HubClinic) clinic = { 0 };
  g_autoptr (GDateTime) now = base_clock_dup_now (records->clock);

  hub_visit_load_clinic (records, &clinic);
  json_builder_set_member_name (out, "clinic");
  json_builder_begin_object (out);
  hub_reply_add_text (out, "name", clinic.name);
  hub_reply_add_text (out, "phone", clinic.phone);
  hub_reply_add_text (out, "zone", g_time_zone_get_identifier (g_date_time_get_timezone (now)));
  json_builder_end_object (out);
}

void
hub_patient_answer (HubPatientCall *self, guint status, JsonBuilder *out)
{
  g_autoptr (JsonNode) root = json_builder_get_root (out);

  self->status = status;
  g_free (self->text);
  self->text = json_to_string (root, FALSE);
}

void
hub_patient_answer_error (HubPatientCall *self, guint status, const char *error)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();

  json_builder_begin_object (out);
  hub_reply_add_text (out, "error", error);
  json_builder_end_object (out);
  hub_patient_answer (self, status, out);
}

static guint
tries_left (HubJoin *join)
{
  return join->closed ? 0 : HUB_JOIN_TRIES - MIN (join->wrong, HUB_JOIN_TRIES);
}

/* ---- reading the body ---- */

JsonObject *
hub_patient_body_object (HubPatientCall *self)
{
  return self->body != NULL && JSON_NODE_HOLDS_OBJECT (self->body)
             ? json_node_get_object (self->body)
             : NULL;
}

const char *
hub_patient_body_text (HubPatientCall *self, const char *name)
{
  JsonObject *body = hub_patient_body_object (self);
  JsonNode *node = body != NULL ? json_object_get_member (body, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gint64
body_number (HubPatientCall *self, const char *name)
{
  JsonObject *body = hub_patient_body_object (self);
  JsonNode *node = body != NULL ? json_object_get_member (body, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_INT64
             ? json_node_get_int (node)
             : -1;
}

/* The text without blanks around it; NULL where it is too long, empty, or holds what FHIR's string
 * does not allow. */
char *
hub_patient_clean_text (const char *text, glong limit)
{
  g_autofree char *clean = text != NULL ? g_strstrip (g_strdup (text)) : NULL;

  if (clean == NULL || *clean == '\0' || g_utf8_strlen (clean, -1) > limit)
    return NULL;
  for (const char *at = clean; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)) && strchr ("\n\r\t", *at) == NULL)
      return NULL;
  return g_steal_pointer (&clean);
}

/* As hub_patient_clean_text(), for words that others read: without the marks that turn the order of
 * letters about, so that they look the same to everybody. */
char *
hub_patient_plain_text (const char *text, glong limit)
{
  g_autofree char *clean = hub_patient_clean_text (text, limit);
  g_autoptr (GString) plain = g_string_new (NULL);

  for (const char *at = clean; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069))
        g_string_append_unichar (plain, c);
    }
  return plain->len > 0 ? g_string_free_and_steal (g_steal_pointer (&plain)) : NULL;
}

/* ---- state ---- */

static const char *
step_of (HubJoin *join, HubVisitState state, gboolean known)
{
  if (known && hub_join_is_for_medicines (join))
    return "medicines";
  if (!known)
    return state == HUB_VISIT_OVER ? "finished" : join->closed ? "closed" : "verify";
  switch (state)
    {
    case HUB_VISIT_OVER:
      return "ended";
    case HUB_VISIT_ARRIVED:
    case HUB_VISIT_IN_PROGRESS:
    case HUB_VISIT_HELD:
      return "waiting";
    case HUB_VISIT_LEFT:
      return join->location == NULL ? "details" : "left";
    case HUB_VISIT_NONE:
      return join->location == NULL ? "details" : "devices";
    }
  return "verify";
}

static const char *
patient_phone (FhirResource *patient)
{
  fhir_element_foreach (telecom, fhir_resource_path (patient, "telecom"))
    if (g_strcmp0 (fhir_element_path_text (telecom, "system"), "phone") == 0)
      return fhir_element_path_text (telecom, "value");
  return NULL;
}

static char *
dup_first_name (FhirResource *patient)
{
  const char *given = fhir_resource_path_text (patient, "name.0.given.0");

  return given != NULL ? g_strdup (given)
                       : fhir_human_name_format_plain (fhir_resource_path (patient, "name"));
}

static char *
dup_clinician (HubRecords *records, FhirResource *appointment)
{
  fhir_element_foreach (participant, fhir_resource_path (appointment, "participant"))
    {
      const char *reference = fhir_element_path_text (participant, "actor.reference");
      const char *display = fhir_element_path_text (participant, "actor.display");
      g_autoptr (FhirResource) practitioner = NULL;

      if (reference == NULL || !g_str_has_prefix (reference, "Practitioner/"))
        continue;
      if (display != NULL)
        return g_strdup (display);
      practitioner =
          hub_records_get (records, "Practitioner", reference + strlen ("Practitioner/"), NULL);
      if (practitioner != NULL)
        return fhir_human_name_format_plain (fhir_resource_path (practitioner, "name"));
    }
  return NULL;
}

static void
add_known (HubRecords *records, HubPatientCall *self, HubJoin *join, JsonBuilder *out)
{
  g_autoptr (FhirResource) patient = hub_records_get (records, "Patient", join->patient, NULL);
  g_autoptr (FhirResource) appointment =
      join->appointment != NULL ? hub_records_get (records, "Appointment", join->appointment, NULL)
                                : NULL;
  g_autofree char *clinician = appointment != NULL ? dup_clinician (records, appointment) : NULL;
  g_autofree char *name = patient != NULL ? dup_first_name (patient) : NULL;
  g_autofree char *now = base_clock_dup_instant (records->clock);
  const char *callback = join->callback;

  if (callback == NULL && patient != NULL)
    callback = patient_phone (patient);
  hub_reply_add_text (out, "visit", join->encounter);
  hub_reply_add_text (out, "name", name);
  hub_reply_add_text (out, "clinician", clinician);
  if (appointment != NULL)
    hub_reply_add_text (out, "start", fhir_resource_path_text (appointment, "start"));
  hub_reply_add_text (out, "location", join->location);
  hub_reply_add_text (out, "callback", callback);
  hub_reply_add_text (out, "language", join->language);
  hub_reply_add_text (out, "now", now);
  hub_patient_add_consents (join, out);
  json_builder_set_member_name (out, "known");
  json_builder_add_boolean_value (out, TRUE);
  json_builder_set_member_name (out, "tested");
  json_builder_add_boolean_value (out, join->camera != NULL);
  json_builder_set_member_name (out, "testHooks");
  json_builder_add_boolean_value (out, self->test_hooks);
}

/* @state: (out): a visit whose Encounter is gone has not begun */
static gboolean
find_state (HubRecords *records, HubJoin *join, HubVisitState *state, GError **error)
{
  g_autoptr (FhirResource) encounter = NULL;

  *state = HUB_VISIT_NONE;
  if (join->encounter == NULL)
    return TRUE;
  if (!hub_records_find (records, "Encounter", join->encounter, &encounter, error))
    return FALSE;
  if (encounter != NULL)
    *state = hub_visit_get_state (encounter);
  return TRUE;
}

gboolean
hub_patient_answer_state (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();
  HubVisitState state;

  if (!find_state (records, join, &state, error))
    return FALSE;
  self->over = state == HUB_VISIT_OVER;
  json_builder_begin_object (out);
  if (self->known && state == HUB_VISIT_OVER && !hub_patient_add_survey (records, join, out, error))
    return FALSE;
  hub_reply_add_text (out, "step", step_of (join, state, self->known));
  if (hub_join_is_for_medicines (join))
    hub_reply_add_text (out, "link", "medicines");
  add_clinic (records, out);
  if (self->known)
    add_known (records, self, join, out);
  else
    {
      json_builder_set_member_name (out, "triesLeft");
      json_builder_add_int_value (out, tries_left (join));
    }
  json_builder_end_object (out);
  g_set_str (&self->encounter, join->encounter);
  hub_patient_answer (self, 200, out);
  return TRUE;
}

/* ---- a booking that was taken back ---- */

/* Who waits all the same, or has been seen, is not sent away. */
static gboolean
is_cancelled (HubRecords *records, HubJoin *join, gboolean *cancelled, GError **error)
{
  const char *const gone[] = { "cancelled", "entered-in-error", NULL };
  g_autoptr (FhirResource) appointment = NULL;
  const char *status;
  HubVisitState state;

  *cancelled = FALSE;
  if (hub_join_is_for_medicines (join))
    return TRUE;
  if (!hub_records_find (records, "Appointment", join->appointment, &appointment, error) ||
      !find_state (records, join, &state, error))
    return FALSE;
  status = appointment != NULL ? fhir_resource_path_text (appointment, "status") : "cancelled";
  *cancelled = (state == HUB_VISIT_NONE || state == HUB_VISIT_LEFT) && status != NULL &&
               g_strv_contains (gone, status);
  return TRUE;
}

static void
answer_cancelled (HubRecords *records, HubPatientCall *self)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();

  json_builder_begin_object (out);
  hub_reply_add_text (out, "error", "cancelled");
  add_clinic (records, out);
  json_builder_end_object (out);
  hub_patient_answer (self, 410, out);
}

/* ---- the date of birth ---- */

/* (transfer full): what the audit says that a link opened; the patient stands in a column apart */
static char *
dup_opened (HubJoin *join)
{
  return join->appointment != NULL ? g_strconcat ("Appointment/", join->appointment, NULL)
                                   : g_strdup ("Patient");
}

/* Compares as far as the record knows: a patient whose year alone is known types that year. */
static gboolean
is_born_on (FhirResource *patient, gint64 year, gint64 month, gint64 day)
{
  const char *text = fhir_resource_path_text (patient, "birthDate");
  FhirDate date;

  if (text == NULL || !fhir_date_parse (text, &date) || date.year != year)
    return FALSE;
  if (date.precision >= FHIR_PRECISION_MONTH && date.month != month)
    return FALSE;
  return date.precision < FHIR_PRECISION_DAY || date.day == day;
}

static void
answer_wrong (HubRecords *records, HubPatientCall *self, HubJoin *join)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();

  json_builder_begin_object (out);
  hub_reply_add_text (out, "error", join->closed ? "closed" : "wrong");
  json_builder_set_member_name (out, "triesLeft");
  json_builder_add_int_value (out, tries_left (join));
  add_clinic (records, out);
  json_builder_end_object (out);
  hub_patient_answer (self, 403, out);
}

static gboolean
count_wrong (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  g_autofree char *reference = dup_opened (join);

  join->wrong++;
  join->closed = join->wrong >= HUB_JOIN_TRIES;
  answer_wrong (records, self, join);
  return hub_join_save (records, join, error) &&
         (!join->closed || hub_visit_report_closed_link (records, join, error)) &&
         hub_records_audit (records, "sign-in", HUB_PATIENT_WHO, join->patient, reference,
                            "wrong date of birth", error);
}

static gboolean
run_verify (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  gint64 year = body_number (self, "year");
  gint64 month = body_number (self, "month");
  gint64 day = body_number (self, "day");
  HubVisitState state;
  g_autofree char *reference = dup_opened (join);
  g_autofree char *cookie = NULL;
  g_autoptr (FhirResource) patient = NULL;

  if (!find_state (records, join, &state, error))
    return FALSE;
  if (join->closed || state == HUB_VISIT_OVER)
    {
      hub_patient_answer_error (self, 403, join->closed ? "closed" : "finished");
      return TRUE;
    }
  /* What is no date at all costs no try. */
  if (year < 1850 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 ||
      !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    {
      hub_patient_answer_error (self, 422, "date");
      return TRUE;
    }
  patient = hub_records_get (records, "Patient", join->patient, error);
  if (patient == NULL)
    return FALSE;
  if (!is_born_on (patient, year, month, day))
    return count_wrong (records, self, join, error);
  cookie = hub_join_add_session (join);
  g_set_str (&self->cookie, cookie);
  g_free (self->session);
  self->session = hub_join_hash (self->cookie);
  self->known = TRUE;
  if (!hub_join_is_for_medicines (join))
    hub_patient_recall_consents (records, join);
  return hub_patient_answer_state (records, self, join, error) &&
         hub_join_save (records, join, error) &&
         hub_records_audit (records, "sign-in", HUB_PATIENT_WHO, join->patient, reference,
                            "date of birth typed", error);
}

/* ---- on the way to the waiting room ---- */

static gboolean
run_details (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  g_autofree char *location =
      hub_patient_clean_text (hub_patient_body_text (self, "location"), MAX_LOCATION);
  g_autofree char *callback =
      hub_patient_clean_text (hub_patient_body_text (self, "callback"), MAX_CALLBACK);
  guint digits = 0;

  for (const char *at = callback; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    digits += g_unichar_isdigit (g_utf8_get_char (at)) ? 1 : 0;
  if (location == NULL || g_utf8_strlen (location, -1) < 3 || digits < 3)
    {
      hub_patient_answer_error (self, 422,
                                location == NULL || digits >= 3 ? "location" : "callback");
      return TRUE;
    }
  g_set_str (&join->location, location);
  g_set_str (&join->callback, callback);
  if (!hub_visit_update (records, join, error) || !hub_join_save (records, join, error))
    return FALSE;
  return hub_patient_answer_state (records, self, join, error);
}

static gboolean
run_wait (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  if (join->location == NULL || join->callback == NULL)
    {
      hub_patient_answer_error (self, 409, "details");
      return TRUE;
    }
  if (!hub_visit_arrive (records, join, error) || !hub_join_save (records, join, error))
    return FALSE;
  return hub_patient_answer_state (records, self, join, error);
}

static gboolean
run_leave (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  if (join->encounter != NULL && !hub_visit_leave (records, join->encounter, error))
    return FALSE;
  return hub_patient_answer_state (records, self, join, error);
}

/* ---- to be called: also for those whom nobody knows yet ---- */

static gboolean
run_call (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();
  gboolean withdraws =
      self->known && g_strcmp0 (hub_patient_body_text (self, "withdraw"), "works") == 0;

  if (self->action == HUB_PATIENT_CALL_ME && withdraws &&
      !hub_call_me_withdraw (records, join, error))
    return FALSE;
  if (self->action == HUB_PATIENT_CALL_ME && !withdraws &&
      !hub_patient_refuse_over (records, join, error))
    return FALSE;
  if (self->action == HUB_PATIENT_CALL_ME && !withdraws &&
      !hub_call_me_ask (records, join, self->known, hub_patient_body_text (self, "number"),
                        hub_patient_body_text (self, "step"), error))
    return FALSE;
  json_builder_begin_object (out);
  if (!hub_call_me_write (records, join, self->known, out, error))
    return FALSE;
  json_builder_end_object (out);
  hub_patient_answer (self, 200, out);
  return TRUE;
}

/* A link to the medicines leads nowhere else. */
static gboolean
is_offered (HubJoin *join, HubPatientAction action)
{
  switch (action)
    {
    case HUB_PATIENT_STATE:
    case HUB_PATIENT_VERIFY:
    case HUB_PATIENT_LANGUAGE:
    case HUB_PATIENT_MEDICINES:
    case HUB_PATIENT_TAKING:
    case HUB_PATIENT_RENEWAL:
      return TRUE;
    default:
      return !hub_join_is_for_medicines (join);
    }
}

static gboolean
run_known (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error)
{
  if (self->action >= HUB_PATIENT_DETAILS && self->action <= HUB_PATIENT_WAIT)
    hub_patient_recall_consents (records, join);
  switch (self->action)
    {
    case HUB_PATIENT_DETAILS:
      return run_details (records, self, join, error);
    case HUB_PATIENT_DEVICE_TEST:
      return hub_patient_device_test (records, self, join, error);
    case HUB_PATIENT_LANGUAGE:
      return hub_patient_language (records, self, join, error);
    case HUB_PATIENT_CONSENT:
      return hub_patient_consent (records, self, join, error);
    case HUB_PATIENT_AFTER:
      return hub_patient_after (records, self, join, error);
    case HUB_PATIENT_SURVEY:
      return hub_patient_survey (records, self, join, error);
    case HUB_PATIENT_WAIT:
      return run_wait (records, self, join, error);
    case HUB_PATIENT_LEAVE:
      return run_leave (records, self, join, error);
    case HUB_PATIENT_MEDICINES:
      return hub_patient_answer_medicines (records, self, join, error);
    case HUB_PATIENT_CHOICE:
      return hub_patient_choose (records, self, join, error);
    case HUB_PATIENT_TAKING:
      return hub_patient_taking (records, self, join, error);
    case HUB_PATIENT_RENEWAL:
      return hub_patient_renewal (records, self, join, error);
    case HUB_PATIENT_CODE:
      return hub_patient_code (records, self, join, error);
    case HUB_PATIENT_INVITE:
      return hub_patient_invite (records, self, join, error);
    case HUB_PATIENT_CALL_ME:
    case HUB_PATIENT_CALL_STATE:
      return run_call (records, self, join, error);
    case HUB_PATIENT_PROBE:
    case HUB_PATIENT_ICE:
    case HUB_PATIENT_STATE:
    case HUB_PATIENT_VERIFY:
      return hub_patient_answer_state (records, self, join, error);
    }
  return TRUE;
}

gboolean
hub_patient_call_writes (HubPatientAction action)
{
  return action != HUB_PATIENT_STATE && action != HUB_PATIENT_MEDICINES &&
         action != HUB_PATIENT_ICE && action != HUB_PATIENT_PROBE &&
         action != HUB_PATIENT_CALL_STATE;
}

/**
 * hub_patient_call_run:
 * @call: a HubPatientCall
 * @error: what hub_patient_call_fail() makes an answer of, with nothing written
 *
 * A StoreWork. An answer may be a refusal and be written all the same: a wrong date of birth
 * counts.
 */
gboolean
hub_patient_call_run (HubRecords *records, gpointer call, GError **error)
{
  HubPatientCall *self = call;
  g_autoptr (HubJoin) join = hub_join_load (records, self->token, error);
  gboolean cancelled;

  if (join == NULL)
    return FALSE;
  self->seconds = (join->expires - base_clock_now (records->clock)) / G_USEC_PER_SEC;
  self->known = hub_join_has_session (join, self->session);
  g_set_str (&self->encounter, self->known ? join->encounter : NULL);
  if (!is_cancelled (records, join, &cancelled, error))
    return FALSE;
  if (cancelled)
    {
      self->known = FALSE;
      answer_cancelled (records, self);
      return TRUE;
    }
  if (!is_offered (join, self->action))
    {
      self->known = FALSE; /* nothing is added to the answer either */
      hub_patient_answer_error (self, 404, "unknown");
      return TRUE;
    }
  if (self->action == HUB_PATIENT_VERIFY)
    return run_verify (records, self, join, error);
  if (!self->known && self->action != HUB_PATIENT_STATE && self->action != HUB_PATIENT_CALL_ME &&
      self->action != HUB_PATIENT_CALL_STATE)
    {
      hub_patient_answer_error (self, 401, "verify");
      return TRUE;
    }
  return run_known (records, self, join, error);
}

/**
 * hub_patient_call_fail:
 *
 * Makes an answer of what went wrong. Its words are the page's own; of the error only the kind is
 * told.
 */
void
hub_patient_call_fail (HubPatientCall *self, const GError *error)
{
  guint status = hub_reply_status_of (error);

  g_clear_pointer (&self->cookie, g_free);
  g_clear_pointer (&self->invited, g_free);
  self->known = FALSE;
  if (status == 404 && error->domain == HUB_ERROR)
    hub_patient_answer_error (self, 404, "unknown");
  else if (status == 410 && error->domain == HUB_ERROR)
    hub_patient_answer_error (self, 410, "finished");
  else if (status == 409 || status == 422)
    hub_patient_answer_error (self, status, status == 409 ? "tooLate" : "invalid");
  else if (status == 429)
    hub_patient_answer_error (self, 429, "busy");
  else if (status == 503)
    hub_patient_answer_error (self, 503, "records");
  else
    {
      g_warning ("The patient's page was answered 500: %s", error->message);
      hub_patient_answer_error (self, 500, "server");
    }
}

void
hub_patient_call_free (HubPatientCall *self)
{
  g_clear_pointer (&self->body, json_node_unref);
  g_free (self->token);
  g_free (self->hash);
  g_free (self->session);
  g_free (self->text);
  g_free (self->cookie);
  g_free (self->invited);
  g_free (self->encounter);
  g_free (self);
}
