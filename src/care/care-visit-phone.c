/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-phone.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-extension.h"
#include "care-visit.h"
#include "care-write.h"
#include "fhir-date.h"

/* The last rung: the visit goes on by telephone. The Encounter stays of class VR, which is any
 * visit of people who are not in one place; each call is an extension with its period, so that a
 * visit may go to the phone and back to video as often as it has to. */

#define PHONE "visit-phone"

static const FhirElement *
last_call (FhirResource *encounter, gsize *place)
{
  const FhirElement *extensions = fhir_resource_path (encounter, "extension"), *found = NULL;
  gsize at = 0;

  fhir_element_foreach (item, extensions)
    {
      if (g_strcmp0 (fhir_element_path_text (item, "url"), CARE_EXTENSION_BASE PHONE) == 0)
        {
          found = item;
          *place = at;
        }
      at++;
    }
  return found;
}

/* (nullable): when the last call began; an instant. */
const char *
care_visit_phone_get_start (FhirResource *encounter)
{
  gsize place;

  return fhir_element_path_text (last_call (encounter, &place), "valuePeriod.start");
}

/* (nullable): when the last call ended; NULL while it goes on. */
const char *
care_visit_phone_get_end (FhirResource *encounter)
{
  gsize place;

  return fhir_element_path_text (last_call (encounter, &place), "valuePeriod.end");
}

/* (nullable): since when they are on the phone; NULL while they are not. */
const char *
care_visit_phone_get_since (FhirResource *encounter)
{
  return care_visit_phone_get_end (encounter) == NULL ? care_visit_phone_get_start (encounter)
                                                      : NULL;
}

static void
set_time (FhirBuilder *builder, FhirResource *encounter, const char *part, const char *instant)
{
  gsize place = 0;
  g_autofree char *path = NULL;

  if (last_call (encounter, &place) == NULL || instant == NULL)
    return;
  path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".valuePeriod.%s", place, part);
  fhir_builder_set (builder, path, instant);
}

/**
 * care_visit_phone_close:
 * @builder: a copy of @encounter in the making
 *
 * Ends a call that goes on, because the visit ends or somebody else takes it over.
 */
void
care_visit_phone_close (FhirBuilder *builder, FhirResource *encounter, const char *now)
{
  if (care_visit_phone_get_since (encounter) != NULL)
    set_time (builder, encounter, "end", now);
}

static gboolean
put (StoreConnection *connection,
     CareContext *context,
     FhirResource *encounter,
     FhirBuilder *builder,
     const char *action,
     GError **error)
{
  g_auto (CareWrite) write = { 0 };
  g_autofree char *patient = care_patient_of (encounter);
  g_autofree char *reference = fhir_resource_dup_reference (encounter);

  care_write_init (&write, connection, context, patient, CARE_PRIORITY_VISIT);
  return care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, action, reference, NULL, error);
}

/**
 * care_visit_phone_begin:
 *
 * The visit goes on by phone from now on: who rings is in the visit, and a visit that waited, was
 * on hold or was interrupted is in progress. Beginning twice changes nothing.
 */
gboolean
care_visit_phone_begin (StoreConnection *connection,
                        CareContext *context,
                        const char *encounter_id,
                        GError **error)
{
  g_autoptr (FhirResource) encounter = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autofree char *url = NULL, *start = NULL, *now = NULL;
  gsize place;

  if (!care_visit_admit (connection, context, encounter_id, error))
    return FALSE;
  encounter = care_read (connection, "Encounter", encounter_id, error);
  if (encounter == NULL)
    return FALSE;
  if (care_visit_phone_get_since (encounter) != NULL)
    return TRUE;
  now = base_clock_dup_instant (care_context_get_clock (context));
  builder = fhir_builder_new_from (encounter);
  place = fhir_builder_get_length (builder, "extension");
  url = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".url", place);
  start = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".valuePeriod.start", place);
  fhir_builder_set (builder, url, CARE_EXTENSION_BASE PHONE);
  fhir_builder_set (builder, start, now);
  return put (connection, context, encounter, builder, "phone-begun", error);
}

/* An Encounter that this clinician may change and that holds a call by phone. */
static FhirResource *
read_called (StoreConnection *connection,
             CareContext *context,
             const char *encounter_id,
             GError **error)
{
  static const char *const clinicians[] = { "prescriber", "nurse", "admin", NULL };
  g_autoptr (FhirResource) encounter = NULL;

  if (!care_require_role (context, "lead a visit", clinicians, error))
    return NULL;
  encounter = care_read (connection, "Encounter", encounter_id, error);
  if (encounter == NULL)
    return NULL;
  if (care_visit_phone_get_start (encounter) != NULL)
    return g_steal_pointer (&encounter);
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE, _ ("Nobody was rung in this visit."));
  return NULL;
}

/**
 * care_visit_phone_end:
 *
 * They are no longer on the phone; the visit goes on. Ending twice changes nothing.
 */
gboolean
care_visit_phone_end (StoreConnection *connection,
                      CareContext *context,
                      const char *encounter_id,
                      GError **error)
{
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autoptr (FhirResource) encounter = read_called (connection, context, encounter_id, error);
  g_autoptr (FhirBuilder) builder = NULL;

  if (encounter == NULL)
    return FALSE;
  if (care_visit_phone_get_since (encounter) == NULL)
    return TRUE;
  builder = fhir_builder_new_from (encounter);
  care_visit_phone_close (builder, encounter, now);
  return put (connection, context, encounter, builder, "phone-ended", error);
}

static gboolean
read_moment (const char *text, gint64 *moment)
{
  FhirDate date;
  gint64 high;

  if (!fhir_date_parse (text, &date) || date.precision < FHIR_PRECISION_MINUTE || !date.has_zone)
    return FALSE;
  fhir_date_bounds (&date, moment, &high);
  return TRUE;
}

/* Typed times: in the visit's own order, and none that is still to come. */
static gboolean
check_times (BaseClock *clock, const char *start, const char *end, GError **error)
{
  gint64 now = base_clock_now (clock), begun, over;

  if (!read_moment (start, &begun) || (end != NULL && !read_moment (end, &over)))
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                         _ ("Write the time as hours and minutes."));
  else if (begun > now || (end != NULL && over > now))
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("That time is still to come."));
  else if (end != NULL && over < begun)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                         _ ("The call cannot end before it began."));
  else
    return TRUE;
  return FALSE;
}

/**
 * care_visit_phone_correct:
 * @start: when the last call began, an instant
 * @end: (nullable): when it ended; NULL leaves that as it is
 *
 * For who only remembered later to press the key.
 */
gboolean
care_visit_phone_correct (StoreConnection *connection,
                          CareContext *context,
                          const char *encounter_id,
                          const char *start,
                          const char *end,
                          GError **error)
{
  g_autoptr (FhirResource) encounter = read_called (connection, context, encounter_id, error);
  g_autoptr (FhirBuilder) builder = NULL;

  if (encounter == NULL)
    return FALSE;
  if (!check_times (care_context_get_clock (context), start,
                    end != NULL ? end : care_visit_phone_get_end (encounter), error))
    return FALSE;
  builder = fhir_builder_new_from (encounter);
  set_time (builder, encounter, "start", start);
  set_time (builder, encounter, "end", end);
  return put (connection, context, encounter, builder, "phone-corrected", error);
}

/* ---- from the main thread ---- */

static gboolean
begin_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_phone_begin (connection, command->context, command->texts[0], error);
}

void
care_visit_phone_begin_async (CareContext *context,
                              const char *encounter_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  care_command_write (care_command_new (context, begin_work, encounter_id, NULL),
                      care_visit_phone_begin_async, cancellable, callback, user_data);
}

static gboolean
end_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_phone_end (connection, command->context, command->texts[0], error);
}

void
care_visit_phone_end_async (CareContext *context,
                            const char *encounter_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  care_command_write (care_command_new (context, end_work, encounter_id, NULL),
                      care_visit_phone_end_async, cancellable, callback, user_data);
}

static gboolean
correct_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_visit_phone_correct (connection, command->context, command->texts[0],
                                   command->texts[1], command->texts[2], error);
}

void
care_visit_phone_correct_async (CareContext *context,
                                const char *encounter_id,
                                const char *start,
                                const char *end,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  CareCommand *command = care_command_new (context, correct_work, encounter_id, start, NULL);

  command->texts[2] = g_strdup (end);
  care_command_write (command, care_visit_phone_correct_async, cancellable, callback, user_data);
}
