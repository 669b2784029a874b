/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-critical.h"

#include "base-id.h"
#include "care-result-private.h"
#include "care-route.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "clinical-critical.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-observation.h"
#include "fhir-query.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-search.h"

/* A critical result that came in is somebody's to answer, whether or not a workstation runs (hazard
 * H18): it gets a Task in the transaction that it came in. */

/* What came later than this is history that is brought in: red where it is read, and no alarm. */
#define NEWS_DAYS 30

/* As charts read it, itself alone: what is in a panel is reported by itself, and a panel's own
 * value and flag count as well. Where the patient is not here, or not yet, it has no birth date. */
static CareResult *
read_result (StoreConnection *connection, FhirResource *observation, const char *patient)
{
  g_autoptr (FhirResource) person =
      patient ? store_resource_get (connection, "Patient", patient, NULL) : NULL;
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  CareResultChart chart = { connection, zone,
                            person ? fhir_resource_path_text (person, "birthDate") : NULL };

  return care_result_read (&chart, observation);
}

/* Of what charts withhold, because a modifier may change what it means, the laboratory's own flag
 * still calls for somebody who reads it where it was written. */
static gboolean
has_flag (FhirResource *observation)
{
  if (clinical_critical_is_flag (fhir_observation_get_flag (observation)))
    return TRUE;
  fhir_element_foreach (component, fhir_resource_path (observation, "component"))
    if (clinical_critical_is_flag (fhir_observation_holder_get_flag (component)))
      return TRUE;
  return FALSE;
}

static gboolean
is_critical (StoreConnection *connection, FhirResource *observation, const char *patient)
{
  const char *status = fhir_resource_path_text (observation, "status");
  g_autoptr (CareResult) result = NULL;

  if (g_strcmp0 (status, "entered-in-error") == 0 || g_strcmp0 (status, "cancelled") == 0)
    return FALSE;
  if (has_flag (observation))
    return TRUE;
  result = read_result (connection, observation, patient);
  return care_result_get_critical (result) != NULL;
}

/* The last moment that it may mean: "2026-10" may be the 31st. */
static gint64
last_of (FhirResource *observation, const char *path)
{
  const char *text = fhir_resource_path_text (observation, path);
  gint64 low, high;
  FhirDate date;

  if (!text || !fhir_date_parse (text, &date))
    return G_MININT64;
  fhir_date_bounds (&date, &low, &high);
  return high;
}

/* What was taken weeks ago is news on the day that it is issued, as a culture is. */
static gboolean
is_news (FhirResource *observation, gint64 now)
{
  static const char *const paths[] = { "issued", "effectiveDateTime", "effectiveInstant",
                                       "effectivePeriod.start", "effectivePeriod.end" };
  gint64 time = G_MININT64;

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    time = MAX (time, last_of (observation, paths[i]));
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
static void
add_nobody (StoreConnection *connection,
            FhirResource *observation,
            const CareRota *rota,
            FhirBuilder *task,
            gint64 now)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *name = NULL, *orderer = NULL, *words = NULL;
  g_autoptr (CareRoute) route = NULL;

  orderer = care_cover_dup_orderer (connection, observation, &name);
  route = care_route_find (rota, orderer, name, now, now);
  if (!route->nobody)
    return;
  words = care_route_dup_words (route, NULL, zone);
  fhir_builder_set (task, "note.0.text", words);
}

/* (transfer full): what it is, without what charts withhold. */
static char *
dup_description (FhirResource *observation)
{
  g_autofree char *name = NULL, *value = NULL;

  if (care_chart_is_opaque (observation))
    return g_strdup ("Critical result: read it where it was written");
  name = care_chart_concept (observation, "code");
  value = fhir_observation_dup_value (observation);
  return g_strchomp (
      g_strdup_printf ("Critical result: %s %s", name ? name : "", value ? value : ""));
}

static gboolean
put_task (StoreConnection *connection,
          FhirResource *observation,
          const char *reference,
          const char *patient,
          const CareRota *rota,
          GError **error)
{
  BaseClock *clock = store_connection_get_clock (connection);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *subject = patient ? g_strconcat ("Patient/", patient, NULL) : NULL;
  g_autofree char *words = dup_description (observation);
  g_autofree char *task_reference = g_strconcat ("Task/", id, NULL);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);
  g_autoptr (FhirResource) task = NULL;
  g_auto (StorePut) put = { 0 };

  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", "stat",
                         "description", words, "focus.reference", reference, "authoredOn", now,
                         "lastModified", now, NULL);
  fhir_builder_set (builder, "for.reference", subject);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, "critical-result", NULL);
  add_nobody (connection, observation, rota, builder, base_clock_now (clock));
  task = fhir_builder_end (builder);
  return store_resource_put (connection, task, STORE_PUT_DEFAULT, NULL, &put, error) &&
         store_audit_append (connection, "write", "hub", patient, task_reference, "critical-result",
                             error);
}

static gboolean
raise_one (StoreConnection *connection, FhirResource *observation, CareRota **rota, GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (observation);
  g_autofree char *patient = care_patient_of (observation);
  gint64 now = base_clock_now (store_connection_get_clock (connection));
  gboolean found = FALSE;

  if (!is_news (observation, now) || !is_critical (connection, observation, patient))
    return TRUE;
  if (!find_open (connection, reference, &found, error))
    return FALSE;
  if (found)
    return TRUE;
  if (!*rota)
    *rota = care_rota_load (connection, error);
  return *rota && put_task (connection, observation, reference, patient, *rota, error);
}

/**
 * care_critical_raise:
 * @observations: (element-type FhirResource): that have just been stored, new or changed, and with
 *   them all else that came in the same transaction
 *
 * Makes the Task of each critical result, unless somebody has it to answer already or it is history
 * that is brought in. Without a journal: for the server that it came to.
 */
gboolean
care_critical_raise (StoreConnection *connection, GPtrArray *observations, GError **error)
{
  g_autoptr (CareRota) rota = NULL; /* of all of them, and only where one is critical */

  for (guint i = 0; i < observations->len; i++)
    if (!raise_one (connection, observations->pdata[i], &rota, error))
      return FALSE;
  return TRUE;
}
