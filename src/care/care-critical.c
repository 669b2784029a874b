/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-critical.h"

#include "base-id.h"
#include "care-results-private.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "clinical-critical.h"
#include "fhir-concept.h"
#include "fhir-observation.h"
#include "fhir-query.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-search.h"

/* A critical result that came in is somebody's to answer, whether or not a workstation runs (hazard
 * H18): it gets a Task in the transaction that it came in. */

/* What came later than this is history that is brought in: red where it is read, and no alarm. */
#define NEWS_DAYS 30

/* (nullable): as charts read it; NULL where its patient is not here yet. */
static CareResult *
read_result (StoreConnection *connection, const char *reference, const char *patient)
{
  g_autoptr (FhirResource) resource = NULL;

  if (!patient)
    return NULL;
  return care_results_read_one (connection, patient, reference,
                                store_connection_get_clock (connection), &resource, NULL);
}

/* Where the patient is not here yet, a laboratory's own flag still counts. */
static gboolean
is_critical (FhirResource *observation, const CareResult *result)
{
  const char *status = fhir_resource_path_text (observation, "status");

  if (result)
    return care_result_is_current (result) && care_result_get_critical (result) != NULL;
  return g_strcmp0 (status, "entered-in-error") != 0 && g_strcmp0 (status, "cancelled") != 0 &&
         clinical_critical_is_flag (fhir_observation_get_flag (observation));
}

static gboolean
is_news (FhirResource *observation, gint64 now)
{
  const char *issued = fhir_resource_path_text (observation, "issued");
  const char *when = fhir_resource_path_text (observation, "effectiveDateTime");
  gint64 time;

  if (!when)
    when = fhir_resource_path_text (observation, "effectivePeriod.start");
  time = when || issued ? care_chart_time (when ? when : issued) : G_MININT64;
  return time == G_MININT64 || now - time < NEWS_DAYS * G_TIME_SPAN_DAY;
}

/* @found: (out): whether somebody has it to answer already */
static gboolean
find_open (StoreConnection *connection, const char *reference, gboolean *found, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("focus=%s&code=" CARE_SYSTEM_TASK "|critical-result"
                       "&status=requested,received,accepted,ready,in-progress,on-hold&_count=1",
                       reference);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Task", text, FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, error) : NULL;

  *found = search && search->matches->len > 0;
  return search != NULL;
}

/* Where all who work here are absent, whoever reads the Task in any program reads that. */
static gboolean
add_nobody (StoreConnection *connection,
            FhirResource *observation,
            FhirBuilder *task,
            gint64 now,
            GError **error)
{
  g_autoptr (CareRota) rota = care_rota_load (connection, error);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *name = NULL, *orderer = NULL, *words = NULL;
  g_autoptr (CareRoute) route = NULL;

  if (!rota)
    return FALSE;
  orderer = care_cover_dup_orderer (connection, observation, &name);
  route = care_route_find (rota, orderer, name, now, now);
  if (!route->nobody)
    return TRUE;
  words = care_route_dup_words (route, NULL, zone);
  fhir_builder_set (task, "note.0.text", words);
  return TRUE;
}

static gboolean
put_task (StoreConnection *connection,
          FhirResource *observation,
          const char *reference,
          const char *patient,
          GError **error)
{
  BaseClock *clock = store_connection_get_clock (connection);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *subject = patient ? g_strconcat ("Patient/", patient, NULL) : NULL;
  g_autofree char *name = care_chart_concept (observation, "code");
  g_autofree char *value = fhir_observation_dup_value (observation);
  g_autofree char *words =
      g_strdup_printf ("Critical result: %s %s", name ? name : "", value ? value : "");
  g_autofree char *task_reference = g_strconcat ("Task/", id, NULL);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);
  g_autoptr (FhirResource) task = NULL;
  g_auto (StorePut) put = { 0 };

  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", "stat",
                         "description", g_strstrip (words), "focus.reference", reference,
                         "authoredOn", now, "lastModified", now, NULL);
  fhir_builder_set (builder, "for.reference", subject);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, "critical-result", NULL);
  if (!add_nobody (connection, observation, builder, base_clock_now (clock), error))
    return FALSE;
  task = fhir_builder_end (builder);
  return store_resource_put (connection, task, STORE_PUT_DEFAULT, NULL, &put, error) &&
         store_audit_append (connection, "write", "hub", patient, task_reference, "critical-result",
                             error);
}

/**
 * care_critical_raise:
 * @observation: that has just been stored, new or changed
 *
 * Makes the Task of a critical result, unless somebody has it to answer already or it is history
 * that is brought in. Without a journal: for the server that it came to.
 */
gboolean
care_critical_raise (StoreConnection *connection, FhirResource *observation, GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (observation);
  g_autofree char *patient = care_patient_of (observation);
  g_autoptr (CareResult) result = NULL;
  gint64 now = base_clock_now (store_connection_get_clock (connection));
  gboolean found = FALSE;

  /* what is in a panel is reported by itself */
  if (fhir_element_get_length (fhir_resource_path (observation, "hasMember")) > 0)
    return TRUE;
  result = read_result (connection, reference, patient);
  if (!is_critical (observation, result) || !is_news (observation, now))
    return TRUE;
  return find_open (connection, reference, &found, error) &&
         (found || put_task (connection, observation, reference, patient, error));
}
