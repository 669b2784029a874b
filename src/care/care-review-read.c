/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-results-private.h"

#include "care-journal.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-reference.h"
#include "store-resource.h"

#include <string.h>

/* Who has looked at which result, and whether it still says what they saw. */

#define MAX_READ 500

static void
add_stamp (GString *text, const CareResult *result)
{
  g_string_append_printf (text, "%s/%s %s\n", result->reference ? result->reference : "",
                          result->version ? result->version : "",
                          result->value ? result->value : "");
}

/**
 * care_result_dup_stamp:
 *
 * Returns: (transfer full): changes whenever the result, or a member of the panel, does
 */
char *
care_result_dup_stamp (const CareResult *result)
{
  g_autoptr (GString) text = g_string_new (NULL);

  add_stamp (text, result);
  for (guint i = 0; result->parts && i < result->parts->len; i++)
    add_stamp (text, result->parts->pdata[i]);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
  return g_strndup (digest, 16);
}

/* ---- one result alone ---- */

typedef struct
{
  CareResultChart chart;
  const char *patient_id;
  GHashTable *resources, *results;
  GPtrArray *waiting; /* FhirResource whose members are to be read */
} Closure;

static void
read_member (Closure *self, const char *named)
{
  g_autofree char *type = NULL, *id = NULL, *patient = NULL;
  g_autoptr (FhirResource) resource = NULL;

  if (!named || !fhir_reference_split (named, &type, &id) || !g_str_equal (type, "Observation") ||
      self->waiting->len >= MAX_READ)
    return;
  g_autofree char *reference = g_strconcat (type, "/", id, NULL);
  if (g_hash_table_contains (self->resources, reference))
    return;
  resource = store_resource_get (self->chart.connection, type, id, NULL);
  patient = resource ? care_patient_of (resource) : NULL;
  if (g_strcmp0 (patient, self->patient_id) != 0)
    return;
  g_hash_table_insert (self->results, g_strdup (reference),
                       care_result_read (&self->chart, resource));
  g_hash_table_insert (self->resources, g_steal_pointer (&reference), fhir_resource_ref (resource));
  g_ptr_array_add (self->waiting, fhir_resource_ref (resource));
}

static void
read_closure (Closure *self, FhirResource *top)
{
  static const char *const lists[] = { "result", "hasMember" };

  g_ptr_array_add (self->waiting, fhir_resource_ref (top));
  for (guint at = 0; at < self->waiting->len; at++)
    for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
      fhir_element_foreach (member, fhir_resource_path (self->waiting->pdata[at], lists[i]))
        read_member (self, fhir_element_path_text (member, "reference"));
}

/**
 * care_results_read_one:
 * @reference: "Observation/1" or "DiagnosticReport/1"
 * @resource: (out) (transfer full): the record itself
 *
 * Returns: (transfer full) (nullable): one result as care_results_load() reads it
 */
CareResult *
care_results_read_one (StoreConnection *connection,
                       const char *patient_id,
                       const char *reference,
                       BaseClock *clock,
                       FhirResource **resource,
                       GError **error)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) patient = care_read (connection, "Patient", patient_id, error);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);

  if (!patient || !fhir_reference_split (reference, &type, &id))
    return NULL;
  *resource = care_read (connection, type, id, error);
  if (!*resource)
    return NULL;
  g_autoptr (GHashTable) resources =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) fhir_resource_unref);
  g_autoptr (GHashTable) results =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) care_result_unref);
  g_autoptr (GPtrArray) waiting =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  Closure closure = {
    .chart = { connection, g_date_time_get_timezone (now),
               fhir_resource_path_text (patient, "birthDate") },
    .patient_id = patient_id,
    .resources = resources,
    .results = results,
    .waiting = waiting,
  };
  read_closure (&closure, *resource);
  CareResult *panel = care_result_read_panel (&closure.chart, *resource, resources, results);
  if (panel)
    return panel;
  return g_str_equal (type, "DiagnosticReport")
             ? care_result_read_report (&closure.chart, *resource)
             : care_result_read (&closure.chart, *resource);
}

/* ---- reviews ---- */

/* A Task that nobody has closed. */
gboolean
care_review_is_open (FhirResource *task)
{
  static const char *const closed[] = { "completed", "cancelled",        "rejected",
                                        "failed",    "entered-in-error", NULL };
  const char *status = fhir_resource_path_text (task, "status");

  return !status || !g_strv_contains (closed, status);
}

static const char *
coded_text (FhirResource *task, const char *list, const char *code)
{
  const char *found = NULL;

  fhir_element_foreach (item, fhir_resource_path (task, list))
    if (fhir_concept_has_code (fhir_element_get (item, "type"), CARE_SYSTEM_TASK, code))
      found = fhir_element_path_text (item, "valueString");
  return found;
}

/* (transfer full) (nullable) */
static char *
name_of (StoreConnection *connection, FhirResource *task)
{
  const char *display = fhir_resource_path_text (task, "owner.display");
  const char *reference = fhir_resource_path_text (task, "owner.reference");
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) person = NULL;

  if (display)
    return g_strdup (display);
  if (!reference || !fhir_reference_split (reference, &type, &id))
    return NULL;
  person = store_resource_get (connection, type, id, NULL);
  return person ? fhir_human_name_format (fhir_resource_path (person, "name")) : NULL;
}

typedef struct
{
  StoreConnection *connection;
  GTimeZone *zone;
  GPtrArray *journal;
} ReviewReading;

static void
read_journal (ReviewReading *reading, CareReview *review)
{
  for (guint i = 0; i < reading->journal->len; i++)
    {
      const StoreJournalEntry *entry = reading->journal->pdata[i];

      if (!g_str_equal (entry->type, "Task") || !g_str_equal (entry->id, review->task))
        continue;
      review->unsent = TRUE;
      g_set_str (&review->group, entry->group);
    }
}

/* Of several the open one counts: somebody asked for it again. */
static void
read_review (ReviewReading *reading, CareResult *result, FhirResource *task)
{
  CareReview *review = &result->review;
  const char *when = fhir_resource_path_text (task, "lastModified");
  const char *authored = fhir_resource_path_text (task, "authoredOn");
  const char *stamp = coded_text (task, "input", "reviewed-version");
  g_autofree char *now = care_result_dup_stamp (result);
  gint64 since = care_chart_time (authored ? authored : when);

  if (review->task && review->open)
    return;
  g_set_str (&review->task, fhir_resource_get_id (task));
  review->open = care_review_is_open (task);
  review->since_us = since == G_MININT64 ? 0 : since;
  review->stale = !review->open && stamp && !g_str_equal (stamp, now);
  g_set_str (&review->outcome, coded_text (task, "output", "outcome"));
  g_free (review->who);
  review->who = name_of (reading->connection, task);
  g_free (review->when);
  review->when = when ? fhir_date_format (when, reading->zone) : NULL;
  read_journal (reading, review);
}

/* A Task to look at a result, or what is left of one that was looked at. */
gboolean
care_review_is_task (FhirResource *task)
{
  const FhirElement *code = fhir_resource_path (task, "code");
  const char *status = fhir_resource_path_text (task, "status");

  return (fhir_concept_has_code (code, CARE_SYSTEM_TASK, "review-result") ||
          fhir_concept_has_code (code, CARE_SYSTEM_TASK, "critical-result")) &&
         !care_chart_is_opaque (task) && g_strcmp0 (status, "cancelled") != 0 &&
         g_strcmp0 (status, "entered-in-error") != 0;
}

/* Who has looked at a panel has looked at what stands in it, but for what has a task of its own. */
static void
share_review (CareResult *panel)
{
  for (guint i = 0; panel->parts && i < panel->parts->len; i++)
    {
      CareResult *part = panel->parts->pdata[i];

      if (part->review.task || panel->review.open || panel->review.stale ||
          g_strcmp0 (part->reference, panel->reference) == 0)
        continue;
      part->review = panel->review;
      part->review.task = g_strdup (panel->review.task);
      part->review.group = g_strdup (panel->review.group);
      part->review.who = g_strdup (panel->review.who);
      part->review.when = g_strdup (panel->review.when);
      part->review.outcome = g_strdup (panel->review.outcome);
    }
}

static int
compare_changed (gconstpointer a, gconstpointer b)
{
  FhirResource *x = *(FhirResource *const *) a, *y = *(FhirResource *const *) b;
  gint64 first = care_chart_time (fhir_resource_path_text (x, "lastModified"));
  gint64 second = care_chart_time (fhir_resource_path_text (y, "lastModified"));

  return (first > second) - (first < second);
}

/**
 * care_results_read_reviews:
 * @tasks: (element-type FhirResource): of the patient; they are sorted
 * @journal: (element-type StoreJournalEntry): what no server has acknowledged
 *
 * Says of each result that is found in @self who has looked at it, or has to.
 */
void
care_results_read_reviews (CareResults *self,
                           StoreConnection *connection,
                           GPtrArray *tasks,
                           GPtrArray *journal,
                           GTimeZone *zone)
{
  ReviewReading reading = { connection, zone, journal };
  GHashTableIter iter;
  gpointer result;

  g_ptr_array_sort (tasks, compare_changed);
  for (guint i = 0; i < tasks->len; i++)
    {
      const char *focus = fhir_resource_path_text (tasks->pdata[i], "focus.reference");
      CareResult *found = care_results_find (self, focus);

      if (found && care_review_is_task (tasks->pdata[i]))
        read_review (&reading, found, tasks->pdata[i]);
    }
  g_hash_table_iter_init (&iter, self->found);
  while (g_hash_table_iter_next (&iter, NULL, &result))
    if (((CareResult *) result)->review.task)
      share_review (result);
}
