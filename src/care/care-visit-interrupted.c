/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit.h"

#include "base-id.h"
#include "care-extension.h"
#include "care-visit-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-query.h"
#include "store-resource.h"
#include "store-search.h"

/* A visit whose call was lost before an outcome was chosen becomes a task after ten minutes (hazard
 * H25), and the task is done when somebody is back in the visit or ends it. The hub makes the same
 * task with the same identifier: however many see the loss, there is one. */

#define INTERRUPTED_US (10 * 60 * G_USEC_PER_SEC)
#define CODE           "visit-interrupted"
/* as the hub writes it */
#define SYSTEM "https://bedside.health/fhir/identifier/hub"

static gint64
instant_of (const char *text)
{
  FhirDate parsed;
  gint64 low = 0, high;

  if (text && fhir_date_parse (text, &parsed))
    fhir_date_bounds (&parsed, &low, &high);
  return low;
}

static gint64
interrupted_at (FhirResource *encounter)
{
  return instant_of (
      fhir_element_path_text (care_extension (encounter, "visit-interrupted-at"), "valueInstant"));
}

static gboolean
is_open (FhirResource *task)
{
  static const char *const done[] = { "completed", "cancelled",        "rejected",
                                      "failed",    "entered-in-error", NULL };
  const char *status = fhir_resource_path_text (task, "status");

  return !status || !g_strv_contains (done, status);
}

/* (transfer full) (nullable): the tasks of this visit's losses. */
static GPtrArray *
list_tasks (StoreConnection *connection, const char *reference, GError **error)
{
  g_autofree char *query = g_strdup_printf ("focus=%s&code=%s|" CODE, reference, CARE_SYSTEM_TASK);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", query, error);
  GPtrArray *tasks;

  if (!ids)
    return NULL;
  tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  for (guint i = 0; i < ids->len; i++)
    {
      FhirResource *task = store_resource_get (connection, "Task", ids->pdata[i], NULL);

      if (task)
        g_ptr_array_add (tasks, task);
    }
  return tasks;
}

/*
 * care_visit_resolve_interrupted:
 *
 * Somebody is in the visit again, or it ends: what was to be done about its loss is done.
 */
gboolean
care_visit_resolve_interrupted (CareVisitChange *self, GError **error)
{
  g_autoptr (GPtrArray) tasks = list_tasks (self->write.connection, self->reference, error);

  for (guint i = 0; tasks && i < tasks->len; i++)
    {
      g_autoptr (FhirBuilder) builder = NULL;

      if (!is_open (tasks->pdata[i]))
        continue;
      builder = fhir_builder_new_from (tasks->pdata[i]);
      fhir_builder_set_many (builder, "status", "completed", "lastModified", self->now, NULL);
      if (!care_write_put_builder (&self->write, builder, error))
        return FALSE;
    }
  return tasks != NULL;
}

static gboolean
is_long_interrupted (FhirResource *encounter, gint64 now)
{
  if (care_visit_state_of (encounter) != CARE_VISIT_INTERRUPTED)
    return FALSE;
  return now - interrupted_at (encounter) >= INTERRUPTED_US;
}

/* The hub's id for it too. */
static char *
dup_id (FhirResource *encounter)
{
  g_autofree char *digest = base_sha256_hex (fhir_resource_get_id (encounter), -1);

  return g_strdup_printf (CODE "-%.24s", digest);
}

static char *
describe (FhirResource *encounter)
{
  const char *number =
      fhir_element_path_text (care_extension (encounter, "visit-callback-number"), "valueString");
  const char *place =
      fhir_element_path_text (care_extension (encounter, "visit-stated-location"), "valueString");

  return g_strdup_printf ("The call was lost and no outcome chosen. Number: %s. Place: %s.",
                          number ? number : "not recorded", place ? place : "not recorded");
}

/* The first task of this visit, or the one that was done and is to be done again. */
static FhirBuilder *
build (CareWrite *write, FhirResource *encounter, FhirResource *before)
{
  BaseClock *clock = care_context_get_clock (write->context);
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *id = dup_id (encounter);
  g_autofree char *description = describe (encounter);
  g_autofree char *focus = fhir_resource_dup_reference (encounter);
  g_autofree char *subject = write->patient ? g_strconcat ("Patient/", write->patient, NULL) : NULL;
  FhirBuilder *builder = before ? fhir_builder_new_from (before) : fhir_builder_new ("Task", id);

  fhir_builder_set_many (builder, "status", "requested", "description", description, "lastModified",
                         now, NULL);
  if (before)
    return builder;
  fhir_builder_set_many (builder, "identifier.0.system", SYSTEM, "identifier.0.value", id, "intent",
                         "order", "priority", "urgent", "authoredOn", now, "requester.reference",
                         care_context_get_user_reference (write->context), NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CODE, NULL);
  fhir_builder_set (builder, "focus.reference", focus);
  fhir_builder_set (builder, "for.reference", subject);
  return builder;
}

static gboolean
raise_one (StoreConnection *connection,
           CareContext *context,
           FhirResource *encounter,
           guint *raised,
           GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (encounter);
  g_autofree char *patient = care_patient_of (encounter);
  g_autoptr (GPtrArray) tasks = list_tasks (connection, reference, error);
  g_auto (CareWrite) write = { 0 };
  g_autoptr (FhirBuilder) builder = NULL;
  g_autofree char *task = NULL;
  FhirResource *done = NULL;

  for (guint i = 0; tasks && i < tasks->len; i++)
    {
      done = tasks->pdata[i];
      /* what somebody has done since this loss stays done */
      if (is_open (done) ||
          instant_of (fhir_resource_path_text (done, "lastModified")) >= interrupted_at (encounter))
        return TRUE;
    }
  if (!tasks)
    return FALSE;
  ++*raised;
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  builder = build (&write, encounter, done);
  {
    g_autofree char *id = dup_id (encounter);

    task = done ? fhir_resource_dup_reference (done) : g_strconcat ("Task/", id, NULL);
  }
  return care_write_put_builder (&write, builder, error) &&
         care_write_audit (&write, "write", task, CODE, error);
}

/**
 * care_visit_raise_interrupted:
 * @raised: (out) (optional): how many tasks were made
 *
 * Makes a task of every visit that has been interrupted for ten minutes (hazard H25), once for each
 * time that it was.
 */
gboolean
care_visit_raise_interrupted (StoreConnection *connection,
                              CareContext *context,
                              guint *raised,
                              GError **error)
{
  g_autoptr (FhirQuery) query =
      fhir_query_parse ("Encounter", "status=in-progress,onleave&_count=500", FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (connection, query, error) : NULL;
  gint64 now = base_clock_now (care_context_get_clock (context));
  guint count = 0;

  if (!search)
    return FALSE;
  for (guint i = 0; i < search->matches->len; i++)
    if (is_long_interrupted (search->matches->pdata[i], now) &&
        !raise_one (connection, context, search->matches->pdata[i], &count, error))
      return FALSE;
  if (raised)
    *raised = count;
  return TRUE;
}
