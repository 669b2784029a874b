/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-appointment.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-entry.h"
#include "care-journal.h"
#include "care-summary.h"
#include "care-visit-state.h"
#include "care-write.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-query.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* The schedule: a visit is booked, moved, cancelled, or nobody came. Nothing is removed: an
 * Appointment changes its time or its status, and its versions keep what was. Each act rests ten
 * seconds before it leaves, and can be undone until then. */

#define CANCEL_SYSTEM   "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
#define MINUTE_US       G_TIME_SPAN_MINUTE
#define DEFAULT_MINUTES 15

static const char *const schedulers[] = { "prescriber", "nurse", "reception", "admin", NULL };

/* ---- reading ---- */

static gint64
instant_of (FhirResource *appointment, const char *path)
{
  const char *text = fhir_resource_path_text (appointment, path);
  FhirDate parsed;
  gint64 low = 0, high;

  if (text && fhir_date_parse (text, &parsed))
    fhir_date_bounds (&parsed, &low, &high);
  return low;
}

static gint64
end_of (FhirResource *appointment)
{
  gint64 end = instant_of (appointment, "end");
  const char *minutes = fhir_resource_path_text (appointment, "minutesDuration");

  if (end > 0)
    return end;
  return instant_of (appointment, "start") +
         (minutes ? g_ascii_strtoll (minutes, NULL, 10) : DEFAULT_MINUTES) * MINUTE_US;
}

/* (transfer full) (nullable): "Patient/1" of who takes part as a @type; @index says where. */
static char *
dup_participant (FhirResource *appointment, const char *type, gsize *index)
{
  const FhirElement *participants = fhir_resource_path (appointment, "participant");
  gsize n = 0;

  fhir_element_foreach (item, participants)
    {
      const char *reference = fhir_element_path_text (item, "actor.reference");
      g_autofree char *found = NULL, *id = NULL;

      if (reference && fhir_reference_split (reference, &found, &id) && g_str_equal (found, type))
        {
          if (index)
            *index = n;
          return g_strconcat (type, "/", id, NULL);
        }
      n++;
    }
  return NULL;
}

static char *
dup_name (StoreConnection *connection, const char *reference)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) person = NULL;

  if (!reference || !fhir_reference_split (reference, &type, &id))
    return g_strdup (_ ("somebody"));
  person = store_resource_get (connection, type, id, NULL);
  return person ? fhir_human_name_format (fhir_resource_path (person, "name"))
                : g_strdup (_ ("somebody"));
}

static gboolean
takes_time (FhirResource *appointment)
{
  static const char *const free_again[] = { "cancelled", "noshow", "entered-in-error", "waitlist",
                                            NULL };
  const char *status = fhir_resource_path_text (appointment, "status");

  return status && !g_strv_contains (free_again, status);
}

/* ---- who is busy then ---- */

static char *
clock_of (gint64 instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (instant);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (local, "%H:%M");
}

static char *
describe_conflict (StoreConnection *connection,
                   FhirResource *other,
                   gboolean of_patient,
                   GTimeZone *zone)
{
  g_autofree char *patient = dup_participant (other, "Patient", NULL);
  g_autofree char *practitioner = dup_participant (other, "Practitioner", NULL);
  g_autofree char *who = dup_name (connection, patient);
  g_autofree char *with = dup_name (connection, practitioner);
  g_autofree char *from = clock_of (instant_of (other, "start"), zone);
  g_autofree char *to = clock_of (end_of (other), zone);

  /* Translators: two names and two times of day */
  return of_patient
             ? g_strdup_printf (_ ("%s has a visit with %s from %s to %s."), who, with, from, to)
             : g_strdup_printf (_ ("%s sees %s from %s to %s."), with, who, from, to);
}

static gboolean
overlaps (FhirResource *other, const CareBooking *booking)
{
  gint64 end = booking->start + booking->minutes * MINUTE_US;

  return takes_time (other) &&
         g_strcmp0 (fhir_resource_get_id (other), booking->appointment) != 0 &&
         instant_of (other, "start") < end && end_of (other) > booking->start;
}

/**
 * care_appointment_dup_actor_query:
 * @actor: "Practitioner/1" or "Patient/1"
 *
 * Returns: (transfer full): the search for what @actor may be doing in that time; a long visit may
 *   have begun before
 */
char *
care_appointment_dup_actor_query (const CareBooking *booking, const char *actor)
{
  gint64 longest = CARE_BOOKING_MAX_MINUTES * MINUTE_US;
  g_autofree char *from = base_clock_format_instant (booking->start - longest);
  g_autofree char *to = base_clock_format_instant (booking->start + booking->minutes * MINUTE_US);

  return g_strdup_printf ("actor=%s&date=ge%s&date=lt%s&_count=200", actor, from, to);
}

/* (transfer full) (nullable): what @actor does in that time. */
static gboolean
find_conflict (StoreConnection *connection,
               const CareBooking *booking,
               const char *actor,
               GTimeZone *zone,
               char **sentence,
               GError **error)
{
  g_autofree char *text = care_appointment_dup_actor_query (booking, actor);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Appointment", text, FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, error) : NULL;

  for (guint i = 0; search && !*sentence && i < search->matches->len; i++)
    if (overlaps (search->matches->pdata[i], booking))
      *sentence = describe_conflict (connection, search->matches->pdata[i],
                                     g_str_has_prefix (actor, "Patient/"), zone);
  return search != NULL;
}

/**
 * care_appointment_dup_conflict:
 *
 * Returns: (transfer full) (nullable): who is busy then and with what, in a sentence; NULL without
 *   @error: nobody that is known of here
 */
char *
care_appointment_dup_conflict (StoreConnection *connection,
                               const CareBooking *booking,
                               GTimeZone *zone,
                               GError **error)
{
  g_autofree char *patient = g_strconcat ("Patient/", booking->patient_id, NULL);
  char *sentence = NULL;

  if (find_conflict (connection, booking, booking->practitioner, zone, &sentence, error) &&
      !sentence)
    find_conflict (connection, booking, patient, zone, &sentence, error);
  return sentence;
}

/* Whether @actor takes part: a server that does not filter answers with what was not asked for. */
static gboolean
has_actor (FhirResource *appointment, const char *actor)
{
  fhir_element_foreach (item, fhir_resource_path (appointment, "participant"))
    {
      const char *reference = fhir_element_path_text (item, "actor.reference");
      g_autofree char *type = NULL, *id = NULL, *plain = NULL;

      if (reference && fhir_reference_split (reference, &type, &id))
        plain = g_strconcat (type, "/", id, NULL);
      if (g_strcmp0 (plain, actor) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * care_appointment_dup_conflict_among:
 * @others: (element-type FhirResource): bookings that the server has
 *
 * Returns: (transfer full) (nullable): who is busy then and with what, in a sentence
 */
char *
care_appointment_dup_conflict_among (StoreConnection *connection,
                                     const CareBooking *booking,
                                     GPtrArray *others,
                                     GTimeZone *zone)
{
  g_autofree char *patient = g_strconcat ("Patient/", booking->patient_id, NULL);

  for (guint i = 0; i < others->len; i++)
    {
      FhirResource *other = others->pdata[i];

      if (!overlaps (other, booking))
        continue;
      if (has_actor (other, booking->practitioner))
        return describe_conflict (connection, other, FALSE, zone);
      if (has_actor (other, patient))
        return describe_conflict (connection, other, TRUE, zone);
    }
  return NULL;
}

/* ---- booking and moving ---- */

static gboolean
is_complete (CareContext *context, const CareBooking *booking, GError **error)
{
  const char *missing = NULL;

  if (!booking->patient_id || !*booking->patient_id)
    missing = _ ("Choose the patient.");
  else if (!booking->practitioner)
    missing = _ ("Choose who sees the patient.");
  else if (booking->minutes < CARE_BOOKING_MIN_MINUTES ||
           booking->minutes > CARE_BOOKING_MAX_MINUTES)
    missing = _ ("A visit takes from 5 minutes to 4 hours.");
  else if (booking->start < base_clock_now (care_context_get_clock (context)))
    missing = _ ("This time has passed.");
  if (missing)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, missing);
  return missing == NULL;
}

static gboolean
is_free (StoreConnection *connection,
         CareContext *context,
         const CareBooking *booking,
         GError **error)
{
  g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (context));
  g_autoptr (GError) failure = NULL;
  g_autofree char *sentence = NULL;

  if (booking->over_another)
    return TRUE;
  sentence =
      care_appointment_dup_conflict (connection, booking, g_date_time_get_timezone (now), &failure);
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (sentence)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_BUSY, sentence);
  else
    return TRUE;
  return FALSE;
}

/* Only what has not begun can be moved or taken back. */
static FhirResource *
read_open (StoreConnection *connection, const char *id, GError **error)
{
  static const char *const open[] = { "proposed", "pending", "booked", NULL };
  g_autoptr (FhirResource) appointment = care_read (connection, "Appointment", id, error);
  g_autofree char *query = g_strdup_printf ("appointment=Appointment/%s", id);
  g_autoptr (GPtrArray) visits =
      appointment ? store_search_ids (connection, "Encounter", query, error) : NULL;
  const char *status = appointment ? fhir_resource_path_text (appointment, "status") : NULL;
  gboolean begun = !status || !g_strv_contains (open, status);

  if (!visits)
    return NULL;
  if (care_chart_is_opaque (appointment))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("This booking carries a modifier that may change its meaning. "
                              "Change it where it was written."));
      return NULL;
    }
  for (guint i = 0; !begun && i < visits->len; i++)
    {
      g_autoptr (FhirResource) visit =
          store_resource_get (connection, "Encounter", visits->pdata[i], NULL);
      begun = visit && care_visit_state_of (visit) != CARE_VISIT_SCHEDULED;
    }
  if (begun)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("The patient has come, or this visit is over or was taken back. "
                              "Nothing was changed."));
      return NULL;
    }
  return g_steal_pointer (&appointment);
}

static void
set_time (FhirBuilder *builder, const CareBooking *booking)
{
  g_autofree char *start = base_clock_format_instant (booking->start);
  g_autofree char *end = base_clock_format_instant (booking->start + booking->minutes * MINUTE_US);

  fhir_builder_set_many (builder, "start", start, "end", end, NULL);
  fhir_builder_set_integer (builder, "minutesDuration", booking->minutes);
}

static FhirBuilder *
new_booking (CareContext *context, const CareBooking *booking)
{
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *patient = g_strconcat ("Patient/", booking->patient_id, NULL);
  FhirBuilder *builder = fhir_builder_new ("Appointment", id);

  fhir_builder_set_many (builder, "status", "booked", "created", now,
                         "participant.0.actor.reference", patient, "participant.0.status",
                         "accepted", "participant.1.actor.reference", booking->practitioner,
                         "participant.1.status", "accepted", "reasonCode.0.text", booking->reason,
                         NULL);
  fhir_builder_set_coding (builder, "appointmentType",
                           "http://terminology.hl7.org/CodeSystem/v3-ActCode", "VR", "Virtual");
  set_time (builder, booking);
  return builder;
}

/* Another clinician takes the place of the first; whoever else takes part stays. */
static FhirBuilder *
moved_booking (FhirResource *before, const CareBooking *booking)
{
  FhirBuilder *builder = fhir_builder_new_from (before);
  gsize index = fhir_builder_get_length (builder, "participant");
  g_autofree char *practitioner = dup_participant (before, "Practitioner", &index);
  g_autofree char *path =
      g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".actor.reference", index);
  g_autofree char *status = g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".status", index);
  g_autofree char *display =
      g_strdup_printf ("participant.%" G_GSIZE_FORMAT ".actor.display", index);

  if (g_strcmp0 (practitioner, booking->practitioner) != 0)
    {
      fhir_builder_remove (builder, display);
      fhir_builder_set_many (builder, path, booking->practitioner, status, "accepted", NULL);
    }
  set_time (builder, booking);
  return builder;
}

/* One Appointment, written with its journal and audit rows; it rests for its Undo. */
static char *
put (StoreConnection *connection,
     CareContext *context,
     const char *patient_id,
     FhirBuilder *builder,
     const char *act,
     GError **error)
{
  g_autoptr (FhirResource) appointment = fhir_builder_end (builder);
  g_autofree char *reference = fhir_resource_dup_reference (appointment);
  g_auto (CareWrite) write = { 0 };

  care_write_init (&write, connection, context, patient_id, CARE_PRIORITY_VISIT);
  write.hold = CARE_HOLD_UNDO;
  if (!care_write_put (&write, appointment, error) ||
      !care_write_audit (&write, "write", reference, act, error))
    return NULL;
  return g_strdup (fhir_resource_get_id (appointment));
}

/**
 * care_appointment_write:
 *
 * Books a visit, or moves one. CARE_ERROR_BUSY says who is busy then; with over_another it is
 * written all the same. Others may book at another workstation at the same moment: what is checked
 * is what is known here.
 *
 * Returns: (transfer full) (nullable): the appointment's id
 */
char *
care_appointment_write (StoreConnection *connection,
                        CareContext *context,
                        const CareBooking *booking,
                        GError **error)
{
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirBuilder) builder = NULL;

  if (!care_require_role (context, "book a visit", schedulers, error) ||
      !is_complete (context, booking, error))
    return NULL;
  if (booking->appointment)
    before = read_open (connection, booking->appointment, error);
  if ((booking->appointment && !before) || !is_free (connection, context, booking, error))
    return NULL;
  builder = before ? moved_booking (before, booking) : new_booking (context, booking);
  return put (connection, context, booking->patient_id, builder, before ? "moved" : "booked",
              error);
}

/* ---- taking back ---- */

static char *
dup_patient_id (FhirResource *appointment)
{
  g_autofree char *reference = dup_participant (appointment, "Patient", NULL);

  return reference ? g_strdup (strchr (reference, '/') + 1) : NULL;
}

/**
 * care_appointment_cancel:
 * @reason: why, in words
 *
 * The visit is taken back: status cancelled, with who and why. Whoever has come is not sent away.
 */
gboolean
care_appointment_cancel (StoreConnection *connection,
                         CareContext *context,
                         const char *appointment_id,
                         CareCancelBy by,
                         const char *reason,
                         GError **error)
{
  static const struct
  {
    const char *code, *display;
  } codes[] = { { "pat", "Patient" }, { "prov", "Provider" }, { "other", "Other" } };
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autofree char *patient = NULL, *id = NULL;

  if (!care_require_role (context, "cancel a visit", schedulers, error))
    return FALSE;
  if (!reason || !*reason)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING,
                           _ ("Write why the visit is cancelled."));
      return FALSE;
    }
  before = read_open (connection, appointment_id, error);
  if (!before)
    return FALSE;
  builder = fhir_builder_new_from (before);
  fhir_builder_set (builder, "status", "cancelled");
  fhir_builder_set_coding (builder, "cancelationReason", CANCEL_SYSTEM, codes[by].code,
                           codes[by].display);
  fhir_builder_set (builder, "cancelationReason.text", reason);
  patient = dup_patient_id (before);
  id = put (connection, context, patient, builder, "cancelled", error);
  return id != NULL;
}

/**
 * care_appointment_no_show:
 *
 * The time came and the patient did not.
 */
gboolean
care_appointment_no_show (StoreConnection *connection,
                          CareContext *context,
                          const char *appointment_id,
                          GError **error)
{
  g_autoptr (FhirResource) before = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autofree char *patient = NULL, *id = NULL;

  if (!care_require_role (context, "say that nobody came", schedulers, error))
    return FALSE;
  before = read_open (connection, appointment_id, error);
  if (!before)
    return FALSE;
  if (instant_of (before, "start") > base_clock_now (care_context_get_clock (context)))
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("The time of this visit has not come yet."));
      return FALSE;
    }
  builder = fhir_builder_new_from (before);
  fhir_builder_set (builder, "status", "noshow");
  patient = dup_patient_id (before);
  id = put (connection, context, patient, builder, "did not come", error);
  return id != NULL;
}

/**
 * care_appointment_undo:
 *
 * Takes the last of these acts back. CARE_ERROR_TOO_LATE once it is on its way.
 */
gboolean
care_appointment_undo (StoreConnection *connection,
                       CareContext *context,
                       const char *appointment_id,
                       GError **error)
{
  g_autofree char *reference = g_strconcat ("Appointment/", appointment_id, NULL);

  return care_require_role (context, "change the schedule", schedulers, error) &&
         care_entry_undo (connection, context, reference, error);
}
