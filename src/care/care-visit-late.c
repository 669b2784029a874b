/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit.h"

#include "care-extension.h"
#include "care-visit-private.h"
#include "fhir-query.h"
#include "store-search.h"

/* "I am running late": written to the bookings of whoever waits for this clinician or comes next,
 * so that the patients' pages, the day's list and every other workstation reckon with the same. */

#define BEFORE_US   (12 * G_TIME_SPAN_HOUR) /* who still waits came so long ago at most */
#define AFTER_US    (3 * G_TIME_SPAN_HOUR)  /* who comes later is not touched by it */
#define MAX_MINUTES 240

/* Not begun, and not over. */
static gboolean
is_to_come (StoreConnection *connection, FhirResource *appointment)
{
  static const char *const open[] = {
    "proposed", "pending", "booked", "arrived", "checked-in", NULL
  };
  const char *status = fhir_resource_path_text (appointment, "status");
  g_autofree char *query = g_strdup_printf ("appointment=Appointment/%s&_sort=-date&_count=1",
                                            fhir_resource_get_id (appointment));
  g_autoptr (GPtrArray) visits = store_search_ids (connection, "Encounter", query, NULL);
  g_autoptr (FhirResource) visit = NULL;

  if (!status || !g_strv_contains (open, status))
    return FALSE;
  if (!visits || visits->len == 0)
    return TRUE;
  visit = care_read (connection, "Encounter", visits->pdata[0], NULL);
  return !visit || care_visit_state_of (visit) <= CARE_VISIT_WAITING;
}

static StoreSearch *
search_bookings (StoreConnection *connection, CareContext *context, GError **error)
{
  gint64 now = base_clock_now (care_context_get_clock (context));
  g_autofree char *from = base_clock_format_instant (now - BEFORE_US);
  g_autofree char *to = base_clock_format_instant (now + AFTER_US);
  g_autofree char *text = g_strdup_printf ("actor=%s&date=ge%s&date=lt%s&_count=100",
                                           care_context_get_user_reference (context), from, to);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Appointment", text, FALSE, error);

  return query ? store_search (connection, query, error) : NULL;
}

static gboolean
tell_one (StoreConnection *connection,
          CareContext *context,
          FhirResource *appointment,
          const char *until,
          const char *detail,
          GError **error)
{
  g_autofree char *patient = care_patient_of (appointment);
  g_autofree char *reference = fhir_resource_dup_reference (appointment);
  g_auto (CareWrite) write = { 0 };
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (appointment);

  care_write_init (&write, connection, context, patient, CARE_PRIORITY_VISIT);
  care_extension_set (builder, appointment, "running-late-until", "valueInstant", until);
  return care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, "running-late", reference, detail, error);
}

/**
 * care_visit_tell_late:
 * @minutes: from now until this clinician is free; 0: not late any more
 * @told: (out) (optional): how many bookings say so now
 */
gboolean
care_visit_tell_late (
    StoreConnection *connection, CareContext *context, int minutes, guint *told, GError **error)
{
  static const char *const roles[] = { "prescriber", "nurse", NULL };
  gint64 now = base_clock_now (care_context_get_clock (context));
  int given = CLAMP (minutes, 0, MAX_MINUTES);
  g_autofree char *until = base_clock_format_instant (now + given * G_TIME_SPAN_MINUTE);
  g_autofree char *detail = g_strdup_printf ("%d minutes", given);
  g_autoptr (StoreSearch) search = NULL;
  guint count = 0;

  if (!care_require_role (context, "tell patients that it takes longer", roles, error))
    return FALSE;
  search = search_bookings (connection, context, error);
  for (guint i = 0; search && i < search->matches->len; i++)
    if (is_to_come (connection, search->matches->pdata[i]))
      {
        if (!tell_one (connection, context, search->matches->pdata[i], until, detail, error))
          return FALSE;
        count++;
      }
  if (told)
    *told = count;
  return search != NULL;
}
