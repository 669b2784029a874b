/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-results-private.h"

#include "fhir-reference.h"

#include <string.h>

/* A report or an observation with the readings that belong to it, however they are nested. Members
 * may name one another in a circle, or name what is not here: both are said, neither is followed.
 */

#define MAX_MEMBERS 500
#define MAX_DEPTH   16

typedef struct
{
  const CareResultChart *chart;
  GHashTable *resources, *results;
  GHashTable *seen; /* references that were walked */
  GPtrArray *steps;
  CareResult *panel;
} Walk;

/* A part that the report carries within itself. */
static gboolean
add_contained (Walk *walk, FhirResource *resource, const char *reference)
{
  const FhirElement *element = fhir_reference_find_contained (resource, reference + 1);
  g_autoptr (FhirResource) part = element ? fhir_resource_new_from_element (element, NULL) : NULL;

  if (!part || g_strcmp0 (fhir_resource_get_type (part), "Observation") != 0)
    return FALSE;
  CareResult *result = care_result_read (walk->chart, part);
  g_set_str (&result->reference, walk->panel->reference);
  g_ptr_array_add (walk->panel->parts, result);
  return TRUE;
}

/* What is still to be walked: a holder of members, and by which way it was reached. */
typedef struct _Step Step;
struct _Step
{
  FhirResource *holder;
  const char *reference;
  Step *from;
  guint depth;
};

static gboolean
is_on_way (const Step *step, const char *reference)
{
  for (; step; step = step->from)
    if (g_strcmp0 (step->reference, reference) == 0)
      return TRUE;
  return FALSE;
}

static Step *
step_new (FhirResource *holder, const char *reference, Step *from)
{
  Step *step = g_new0 (Step, 1);

  step->holder = holder;
  step->reference = reference;
  step->from = from;
  step->depth = from ? from->depth + 1 : 0;
  return step;
}

static void
add_member (Walk *walk, Step *step, const char *named)
{
  g_autofree char *type = NULL, *id = NULL, *reference = NULL;

  if (named && *named == '#' && add_contained (walk, step->holder, named))
    return;
  if (named && fhir_reference_split (named, &type, &id))
    reference = g_strconcat (type, "/", id, NULL);
  if (reference && is_on_way (step, reference))
    {
      walk->panel->circular = TRUE;
      return;
    }
  CareResult *member = reference ? g_hash_table_lookup (walk->results, reference) : NULL;
  if (!member || walk->panel->parts->len >= MAX_MEMBERS || step->depth > MAX_DEPTH)
    {
      walk->panel->missing++;
      return;
    }
  if (!g_hash_table_add (walk->seen, member->reference))
    return;
  FhirResource *resource = g_hash_table_lookup (walk->resources, reference);
  gboolean nested = fhir_element_get_length (fhir_resource_path (resource, "hasMember")) > 0;
  member->in_panel = TRUE;
  if (!nested || member->value || !care_result_is_current (member))
    g_ptr_array_add (walk->panel->parts, care_result_ref (member));
  if (nested && member->state != CARE_RESULT_WITHHELD)
    g_ptr_array_add (walk->steps, step_new (resource, member->reference, step));
}

/* The list grows while it is walked; no member is walked twice, so it ends. */
static void
walk_members (Walk *walk, FhirResource *top)
{
  static const char *const lists[] = { "result", "hasMember" };

  g_ptr_array_add (walk->steps, step_new (top, walk->panel->reference, NULL));
  for (guint at = 0; at < walk->steps->len; at++)
    {
      Step *step = walk->steps->pdata[at];

      for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
        fhir_element_foreach (member, fhir_resource_path (step->holder, lists[i]))
          add_member (walk, step, fhir_element_path_text (member, "reference"));
    }
}

/**
 * care_result_read_panel:
 * @resource: a DiagnosticReport, or an Observation with members
 * @resources: reference → FhirResource of the same patient
 * @results: reference → CareResult of each Observation, without members
 *
 * Returns: (transfer full) (nullable): it with all its members in one list; NULL where it names
 * none, but for a report that concludes something by itself, as of imaging or pathology
 */
CareResult *
care_result_read_panel (const CareResultChart *chart,
                        FhirResource *resource,
                        GHashTable *resources,
                        GHashTable *results)
{
  gboolean is_report = g_str_equal (fhir_resource_get_type (resource), "DiagnosticReport");
  const char *list = is_report ? "result" : "hasMember";
  Walk walk = { .chart = chart, .resources = resources, .results = results };

  if (fhir_element_get_length (fhir_resource_path (resource, list)) == 0)
    return is_report && fhir_resource_path_text (resource, "conclusion")
               ? care_result_read_report (chart, resource)
               : NULL;
  walk.panel =
      is_report ? care_result_read_report (chart, resource) : care_result_read (chart, resource);
  if (walk.panel->state == CARE_RESULT_WITHHELD)
    return walk.panel;
  /* of members, not of the observation's own absent value */
  g_clear_pointer (&walk.panel->absent, g_free);
  if (!walk.panel->parts)
    walk.panel->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) care_result_unref);
  walk.seen = g_hash_table_new (g_str_hash, g_str_equal);
  walk.steps = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_add (walk.seen, walk.panel->reference);
  walk_members (&walk, resource);
  g_hash_table_unref (walk.seen);
  g_ptr_array_unref (walk.steps);
  return walk.panel;
}
