/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicine-end.h"

#include <string.h>

#include "care-summary-private.h"
#include "fhir-concept.h"
#include "store-search.h"

/* When a medicine ended, and by whom. A statement has its own end. An order has no element for the
 * day on which it was stopped (FHIR R4): the Provenance of that change knows it. Where nobody wrote
 * one, the end of the dosage is what is known. */

#define ASKED_AT_ONCE 60

/* Whether somebody ended it before its time, or holds it: only then a Provenance tells of it. */
static gboolean
is_ended (FhirResource *medicine)
{
  static const char *const ended[] = { "stopped", "cancelled", "not-taken", "on-hold", NULL };
  const char *status = fhir_resource_path_text (medicine, "status");

  return status && g_strv_contains (ended, status);
}

/* A change says so itself; of another's Provenance, that of the very moment of the last version. */
static gboolean
is_of_last_change (FhirResource *provenance, FhirResource *medicine)
{
  gint64 recorded = care_chart_time (fhir_resource_path_text (provenance, "recorded"));
  gint64 updated = care_chart_time (fhir_resource_get_updated (medicine));

  return fhir_concept_has_code (fhir_resource_path (provenance, "activity"), NULL, "UPDATE") ||
         (g_strcmp0 (fhir_resource_get_version (medicine), "1") != 0 &&
          ABS (recorded - updated) < 2 * G_USEC_PER_SEC);
}

static void
take (GHashTable *endings, GHashTable *asked, FhirResource *provenance)
{
  fhir_element_foreach (target, fhir_resource_path (provenance, "target"))
    {
      const char *reference = fhir_element_path_text (target, "reference");
      FhirResource *medicine = reference ? g_hash_table_lookup (asked, reference) : NULL;

      if (medicine && is_of_last_change (provenance, medicine))
        g_hash_table_replace (endings, g_strdup (reference), fhir_resource_ref (provenance));
    }
}

static void
ask (StoreConnection *connection, GHashTable *asked, GHashTable *endings)
{
  g_autoptr (GString) text = g_string_new ("target=");
  g_autoptr (FhirQuery) query = NULL;
  g_autoptr (StoreSearch) found = NULL;
  GHashTableIter iter;
  gpointer reference;

  g_hash_table_iter_init (&iter, asked);
  for (guint n = 0; g_hash_table_iter_next (&iter, &reference, NULL); n++)
    g_string_append_printf (text, "%s%s", n ? "," : "", (const char *) reference);
  g_string_append (text, "&_sort=recorded&_count=500");
  query = fhir_query_parse ("Provenance", text->str, FALSE, NULL);
  found = query ? store_search (connection, query, NULL) : NULL;
  for (guint i = 0; found && i < found->matches->len; i++)
    take (endings, asked, found->matches->pdata[i]);
}

/**
 * care_medicine_find_endings:
 * @connection: on its own thread
 * @medicines: (element-type FhirResource): orders and statements
 *
 * Returns: (transfer full): reference of each that somebody ended -> the Provenance of that change
 */
GHashTable *
care_medicine_find_endings (StoreConnection *connection, GPtrArray *medicines)
{
  GHashTable *endings =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) fhir_resource_unref);
  g_autoptr (GHashTable) asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < medicines->len; i++)
    {
      if (is_ended (medicines->pdata[i]))
        g_hash_table_insert (asked, fhir_resource_dup_reference (medicines->pdata[i]),
                             medicines->pdata[i]);
      if (g_hash_table_size (asked) > 0 &&
          (g_hash_table_size (asked) == ASKED_AT_ONCE || i + 1 == medicines->len))
        {
          ask (connection, asked, endings);
          g_hash_table_remove_all (asked);
        }
    }
  return endings;
}

/* The last end of its dosages, where each has one; NULL where one goes on. */
static const char *
end_of_dosages (FhirResource *medicine)
{
  const FhirElement *ordered = fhir_resource_path (medicine, "dosageInstruction");
  const char *last = NULL;

  fhir_element_foreach (dosage, ordered ? ordered : fhir_resource_path (medicine, "dosage"))
    {
      const char *end = fhir_element_path_text (dosage, "timing.repeat.boundsPeriod.end");

      if (!end)
        return NULL;
      if (!last || care_chart_time (end) > care_chart_time (last))
        last = end;
    }
  return last;
}

/**
 * care_medicine_get_end:
 * @endings: of care_medicine_find_endings ()
 * @now: microseconds since 1970
 *
 * Returns: (nullable): a FHIR date: since when it is not to be taken any more, as far as anybody
 *   wrote it. A course that was stopped early ended when it was stopped: an end that was planned,
 * and is still to come, is not that.
 */
const char *
care_medicine_get_end (GHashTable *endings, FhirResource *medicine, gint64 now)
{
  static const char *const stopped[] = { "stopped", "cancelled", NULL };
  const char *status = fhir_resource_path_text (medicine, "status");
  const char *end = fhir_resource_path_text (medicine, "effectivePeriod.end");
  g_autofree char *reference = fhir_resource_dup_reference (medicine);
  FhirResource *provenance = g_hash_table_lookup (endings, reference);
  gboolean early = status && g_strv_contains (stopped, status);

  if (!end && provenance && early)
    {
      end = fhir_resource_path_text (provenance, "occurredDateTime");
      end = end ? end : fhir_resource_path_text (provenance, "recorded");
    }
  end = end ? end : end_of_dosages (medicine);
  return end && early && care_chart_time (end) > now ? NULL : end;
}
