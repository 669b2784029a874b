/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-results-private.h"

#include "care-summary-private.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* Who has looked at what a summary lists, by the rule of all results and with as little of them
 * read as that takes: the lines, and the panels that a review of one of them may be of. */

#define MAX_DEPTH 4

typedef struct
{
  CareResultChart chart;
  GHashTable *resources; /* reference → FhirResource: every observation of the patient */
  GHashTable *singles;   /* reference → CareResult: of those that were read */
  CareResults *results;
} Reading;

static const char *const lists[] = { "result", "hasMember" };

static CareResult *
read_single (Reading *self, FhirResource *observation)
{
  g_autofree char *reference = fhir_resource_dup_reference (observation);
  CareResult *result = g_hash_table_lookup (self->singles, reference);

  if (result)
    return result;
  result = care_result_read (&self->chart, observation);
  g_hash_table_insert (self->singles, g_strdup (reference), result);
  g_hash_table_insert (self->results->found, g_steal_pointer (&reference),
                       care_result_ref (result));
  return result;
}

/* Whether it is, or holds, what was read already. */
static gboolean
concerns_read (Reading *self, FhirResource *holder, const char *reference, guint depth)
{
  if (g_hash_table_contains (self->singles, reference))
    return TRUE;
  for (gsize i = 0; depth > 0 && i < G_N_ELEMENTS (lists); i++)
    fhir_element_foreach (member, fhir_resource_path (holder, lists[i]))
      {
        const char *named = fhir_element_path_text (member, "reference");
        FhirResource *part = named ? g_hash_table_lookup (self->resources, named) : NULL;

        if (part && concerns_read (self, part, named, depth - 1))
          return TRUE;
      }
  return FALSE;
}

static void
read_members (Reading *self, FhirResource *holder, guint depth)
{
  for (gsize i = 0; depth > 0 && i < G_N_ELEMENTS (lists); i++)
    fhir_element_foreach (member, fhir_resource_path (holder, lists[i]))
      {
        const char *named = fhir_element_path_text (member, "reference");
        FhirResource *part = named ? g_hash_table_lookup (self->resources, named) : NULL;

        if (!part)
          continue;
        read_single (self, part);
        read_members (self, part, depth - 1);
      }
}

static void
read_panel (Reading *self, FhirResource *holder, const char *reference)
{
  CareResult *panel;

  if (!concerns_read (self, holder, reference, MAX_DEPTH))
    return;
  read_members (self, holder, MAX_DEPTH);
  panel = care_result_read_panel (&self->chart, holder, self->resources, self->singles);
  if (panel)
    g_hash_table_insert (self->results->found, g_strdup (reference), panel);
}

/* What a Task is about: an observation, or a panel of them. */
static void
read_focus (Reading *self, FhirResource *task)
{
  const char *named = fhir_resource_path_text (task, "focus.reference");
  g_autofree char *type = NULL, *id = NULL, *reference = NULL;
  FhirResource *observation;

  if (!named || !fhir_reference_split (named, &type, &id))
    return;
  reference = g_strconcat (type, "/", id, NULL);
  observation = g_hash_table_lookup (self->resources, reference);
  if (observation)
    read_single (self, observation);
  if (observation && fhir_resource_path (observation, "hasMember"))
    read_panel (self, observation, reference);
  else if (g_str_equal (type, "DiagnosticReport"))
    {
      g_autoptr (FhirResource) report = store_resource_get (self->chart.connection, type, id, NULL);

      if (report)
        read_panel (self, report, reference);
    }
}

/**
 * care_chart_read_reviewed:
 * @observations: (element-type FhirResource): all of the patient's
 * @wanted: (element-type FhirResource): those whose review is asked for
 *
 * Returns: (transfer full): results in which @wanted are found, and whatever else has a review of
 *   its own
 */
CareResults *
care_chart_read_reviewed (CareChart *chart, GPtrArray *observations, GPtrArray *wanted)
{
  g_autoptr (GHashTable) resources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) singles =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) care_result_unref);
  Reading reading = {
    .chart = { chart->connection, chart->zone, chart->birth_date },
    .resources = resources,
    .singles = singles,
    .results = g_object_new (CARE_TYPE_RESULTS, NULL),
  };

  for (guint i = 0; chart->reviews->len > 0 && i < observations->len; i++)
    g_hash_table_insert (resources, fhir_resource_dup_reference (observations->pdata[i]),
                         observations->pdata[i]);
  for (guint i = 0; i < wanted->len; i++)
    read_single (&reading, wanted->pdata[i]);
  for (guint i = 0; i < chart->reviews->len; i++)
    read_focus (&reading, chart->reviews->pdata[i]);
  care_results_read_reviews (reading.results, chart->connection, chart->reviews, chart->journal,
                             chart->zone);
  return reading.results;
}
