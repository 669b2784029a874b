/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-call-me.h"

#include <string.h>

#include "base-id.h"
#include "care-call-me.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "hub-records.h"
#include "hub-reply.h"
#include "hub-visit.h"

/* "I can't make it work: call me", from every step of the patient's page, also before the date of
 * birth is typed and behind a closed link: then the number is what the page's reader typed, and the
 * clinic is told that nobody knows yet who it is. Each visit has one such Task at a time. What the
 * page is told back is that Task's state and nothing of the record; a number only by its end, so
 * that a link in other hands does not tell it. */

#define MOST       5  /* for one visit: then they have the clinic's number */
#define PAUSE      20 /* seconds between two changes */
#define KEPT       2  /* digits of a number that are shown */
#define MIN_DIGITS 5
#define MAX_DIGITS 15
#define WHO        "patient by join link"

static const char *const steps[] = { "verify", "details",   "devices", "waiting",
                                     "call",   "medicines", "message", NULL };

static gboolean
refuse (GError **error, int status, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, status, sentence);
  return FALSE;
}

static gboolean
is_call (FhirResource *task, const char *focus)
{
  return g_strcmp0 (fhir_resource_path_text (task, "focus.reference"), focus) == 0 &&
         fhir_concept_has_code (fhir_resource_path (task, "code"), HUB_VISIT_TASK_SYSTEM,
                                CARE_TASK_CALL_ME);
}

static gboolean
is_open (FhirResource *task)
{
  const char *const open[] = { "requested", "received", "ready", "accepted", "in-progress", NULL };
  const char *status = fhir_resource_path_text (task, "status");

  return status != NULL && g_strv_contains (open, status);
}

/* (transfer full): the newest that was asked for, open or ended, and how many there were. */
static gboolean
find (HubRecords *records, HubJoin *join, FhirResource **newest, guint *count, GError **error)
{
  g_autofree char *focus = g_strconcat ("Appointment/", join->appointment, NULL);
  g_autofree char *query =
      g_strdup_printf ("focus=%s&code=" HUB_VISIT_TASK_SYSTEM "|" CARE_TASK_CALL_ME, focus);
  g_autoptr (GPtrArray) found = hub_records_search (records, "Task", query, error);
  FhirResource *last = NULL;

  *newest = NULL;
  *count = 0;
  if (found == NULL)
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    if (is_call (found->pdata[i], focus))
      {
        ++*count;
        if (last == NULL ||
            fhir_date_begin (fhir_resource_path_text (found->pdata[i], "authoredOn")) >=
                fhir_date_begin (fhir_resource_path_text (last, "authoredOn")))
          last = found->pdata[i];
      }
  if (last != NULL)
    *newest = fhir_resource_ref (last);
  return TRUE;
}

/* (transfer full) (nullable): a number to call, as it was typed; NULL where it is none. */
static char *
clean_number (const char *text)
{
  g_autofree char *clean = text != NULL ? g_strstrip (g_strdup (text)) : NULL;
  guint digits = 0;

  if (clean == NULL || strlen (clean) > 40)
    return NULL;
  for (const char *at = clean; *at != '\0'; at++)
    if (g_ascii_isdigit (*at))
      digits++;
    else if (strchr (" -./()", *at) == NULL && !(*at == '+' && at == clean))
      return NULL;
  return digits >= MIN_DIGITS && digits <= MAX_DIGITS ? g_steal_pointer (&clean) : NULL;
}

static void
set_input (FhirBuilder *builder, const char *code, const char *value)
{
  gsize at = fhir_builder_get_length (builder, "input");
  g_autofree char *type = g_strdup_printf ("input.%" G_GSIZE_FORMAT ".type", at);
  g_autofree char *text = g_strdup_printf ("input.%" G_GSIZE_FORMAT ".valueString", at);

  if (value == NULL)
    return;
  fhir_builder_set_coding (builder, type, CARE_CALL_ME_INPUT, code, NULL);
  fhir_builder_set (builder, text, value);
}

static void
say (FhirBuilder *builder, gboolean known, const char *number, const char *step, guint changes)
{
  g_autofree char *count = changes > 0 ? g_strdup_printf ("%u", changes) : NULL;
  g_autofree char *description = g_strdup_printf (
      "The patient cannot get through to the video visit and asks to be called on %s.%s", number,
      known ? "" : " Nobody has checked who this is: the date of birth was not typed.");

  fhir_builder_remove (builder, "input");
  set_input (builder, "number", number);
  set_input (builder, "step", step);
  set_input (builder, "identity", known ? "date-of-birth-typed" : "link-only");
  set_input (builder, "changes", count);
  fhir_builder_set (builder, "description", description);
}

static gboolean
make (HubRecords *records,
      HubJoin *join,
      gboolean known,
      const char *number,
      const char *step,
      guint n,
      GError **error)
{
  g_autofree char *cause = g_strdup_printf ("%s/%u", join->appointment, n);
  g_autofree char *digest = base_sha256_hex (cause, -1);
  g_autofree char *id = g_strdup_printf (CARE_TASK_CALL_ME "-%.24s", digest);
  g_autofree char *focus = g_strconcat ("Appointment/", join->appointment, NULL);
  g_autofree char *subject = g_strconcat ("Patient/", join->patient, NULL);
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);
  g_autoptr (FhirResource) task = NULL;

  fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", id, "status", "requested", "intent", "order",
                         "priority", "urgent", "authoredOn", now, "lastModified", now,
                         "focus.reference", focus, "for.reference", subject, NULL);
  fhir_builder_set_coding (builder, "code", HUB_VISIT_TASK_SYSTEM, CARE_TASK_CALL_ME, NULL);
  say (builder, known, number, step, 0);
  task = fhir_builder_end (builder);
  return hub_records_put_once (records, task, WHO, join->patient, CARE_TASK_CALL_ME, error);
}

/* Asked again: the same number changes nothing, another one takes its place. */
static gboolean
change (HubRecords *records,
        HubJoin *join,
        FhirResource *before,
        gboolean known,
        const char *number,
        const char *step,
        GError **error)
{
  gint64 since = base_clock_now (records->clock) -
                 fhir_date_begin (fhir_resource_path_text (before, "lastModified"));
  const char *count = care_call_me_get_input (before, "changes");
  guint changes = count != NULL ? (guint) CLAMP (g_ascii_strtoll (count, NULL, 10), 0, MOST) : 0;
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) after = NULL;

  if (g_strcmp0 (care_call_me_get_input (before, "number"), number) == 0)
    return TRUE;
  if (since < PAUSE * G_TIME_SPAN_SECOND || changes >= MOST)
    return refuse (error, 429, "The number was changed just now, or often");
  /* What somebody said who typed the date of birth is not replaced by somebody who did not. */
  if (!known && g_strcmp0 (care_call_me_get_input (before, "identity"), "date-of-birth-typed") == 0)
    return refuse (error, 409, "This number was given by who typed the date of birth");
  builder = fhir_builder_new_from (before);
  say (builder, known, number, step, changes + 1);
  fhir_builder_set (builder, "lastModified", now);
  after = fhir_builder_end (builder);
  return hub_records_put (records, before, after, WHO, join->patient, "another number", NULL,
                          error);
}

/**
 * hub_call_me_ask:
 * @number: (nullable): as it was typed; NULL: the one that was given for being cut off
 * @step: (nullable): where the page stood
 * @error: HUB_ERROR 422 without a number to call, 429 too often
 *
 * Asks the clinic to call: once, however often it is said.
 */
gboolean
hub_call_me_ask (HubRecords *records,
                 HubJoin *join,
                 gboolean known,
                 const char *number,
                 const char *step,
                 GError **error)
{
  g_autofree char *clean = clean_number (number == NULL && known ? join->callback : number);
  g_autoptr (FhirResource) newest = NULL;
  guint count = 0;

  if (clean == NULL)
    return refuse (error, 422, "Give a telephone number to call");
  if (step == NULL || !g_strv_contains (steps, step))
    step = NULL;
  if (!find (records, join, &newest, &count, error))
    return FALSE;
  if (newest != NULL && is_open (newest))
    return change (records, join, newest, known, clean, step, error);
  if (count >= MOST || (newest != NULL &&
                        base_clock_now (records->clock) -
                                fhir_date_begin (fhir_resource_path_text (newest, "lastModified")) <
                            PAUSE * G_TIME_SPAN_SECOND))
    return refuse (error, 429, "This was asked for often in a short time");
  return make (records, join, known, clean, step, count, error);
}

/* It works after all: for those who have typed the date of birth. */
gboolean
hub_call_me_withdraw (HubRecords *records, HubJoin *join, GError **error)
{
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autofree char *now = base_clock_dup_instant (records->clock);
  guint count = 0;

  if (!find (records, join, &before, &count, error))
    return FALSE;
  if (before == NULL || !is_open (before))
    return TRUE;
  builder = fhir_builder_new_from (before);
  fhir_builder_set_many (builder, "status", "cancelled", "lastModified", now, "statusReason.text",
                         "The patient says that it works now.", NULL);
  after = fhir_builder_end (builder);
  return hub_records_put (records, before, after, WHO, join->patient, "works now", NULL, error);
}

static const char *
state_of (FhirResource *task)
{
  const char *status = fhir_resource_path_text (task, "status");
  const char *outcome =
      fhir_concept_get_code (fhir_resource_path (task, "businessStatus"), CARE_CALL_ME_OUTCOME);

  if (!is_open (task))
    return g_strcmp0 (status, "completed") != 0               ? "none"
           : g_strcmp0 (outcome, CARE_CALL_ME_NO_ANSWER) == 0 ? "noAnswer"
           : g_strcmp0 (outcome, CARE_CALL_ME_WRONG) == 0     ? "wrongNumber"
                                                              : "called";
  return g_strcmp0 (status, "in-progress") == 0 || g_strcmp0 (status, "accepted") == 0 ? "calling"
                                                                                       : "asked";
}

/**
 * hub_call_me_write:
 *
 * Writes `state` (none, asked, calling, called, noAnswer, wrongNumber) and how the number ends.
 */
gboolean
hub_call_me_write (
    HubRecords *records, HubJoin *join, gboolean known, JsonBuilder *out, GError **error)
{
  g_autoptr (FhirResource) newest = NULL;
  const char *number;
  gsize length;
  guint count = 0;

  if (!find (records, join, &newest, &count, error))
    return FALSE;
  hub_reply_add_text (out, "state", newest != NULL ? state_of (newest) : "none");
  number = newest != NULL ? care_call_me_get_input (newest, "number") : NULL;
  length = number != NULL ? strlen (number) : 0;
  if (length >= MIN_DIGITS)
    hub_reply_add_text (out, "numberEnd", number + length - KEPT);
  if (known)
    hub_reply_add_text (out, "number", number != NULL ? number : join->callback);
  return TRUE;
}
