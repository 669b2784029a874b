/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-results-private.h"

#include "care-medicine-end.h"
#include "care-summary-private.h"
#include "fhir-date.h"
#include "store-resource.h"

/* When medicines were taken, as far as the record says: what is not known is not guessed. */

static const char *
first_of (FhirResource *resource, const char *const *paths)
{
  for (; *paths; paths++)
    if (fhir_resource_path_text (resource, *paths))
      return fhir_resource_path_text (resource, *paths);
  return NULL;
}

/* An order that was withdrawn, planned or forbids was never taken. */
static gboolean
was_taken (FhirResource *resource)
{
  static const char *const statuses[] = { "active",    "on-hold", "stopped",
                                          "completed", "unknown", NULL };
  const char *status = fhir_resource_path_text (resource, "status");
  const char *intent = fhir_resource_path_text (resource, "intent");

  return status && g_strv_contains (statuses, status) && g_strcmp0 (intent, "proposal") != 0 &&
         g_strcmp0 (intent, "plan") != 0 &&
         !fhir_element_is_true (fhir_resource_path (resource, "doNotPerform"));
}

/* A span ends with its last day: what is known by the day reaches to the day's end. */
static gint64
end_of (const char *date)
{
  FhirDate parsed;
  gint64 low, high;

  if (!date || !fhir_date_parse (date, &parsed))
    return G_MININT64;
  fhir_date_bounds (&parsed, &low, &high);
  return high;
}

/* The first day of its dosages, as far as they say; NULL: none does. */
static const char *
start_of_dosages (FhirResource *resource)
{
  const FhirElement *ordered = fhir_resource_path (resource, "dosageInstruction");
  const char *first = NULL;

  fhir_element_foreach (dosage, ordered ? ordered : fhir_resource_path (resource, "dosage"))
    {
      const char *start = fhir_element_path_text (dosage, "timing.repeat.boundsPeriod.start");
      gint64 time = care_chart_time (start);

      if (time != G_MININT64 && (!first || time < care_chart_time (first)))
        first = start;
    }
  return first;
}

static void
add_span (CareResults *self, CareChart *chart, FhirResource *resource, GHashTable *endings)
{
  static const char *const starts[] = { "effectivePeriod.start", "effectiveDateTime",
                                        "dispenseRequest.validityPeriod.start", "authoredOn",
                                        NULL };
  const char *status = fhir_resource_path_text (resource, "status");
  const char *first = start_of_dosages (resource);
  gint64 start = care_chart_time (first ? first : first_of (resource, starts));
  gint64 end = end_of (care_medicine_get_end (endings, resource, base_clock_now (chart->clock)));
  CareMedicineSpan *span;

  if (care_chart_is_error (resource) || !was_taken (resource))
    return;
  if (care_chart_is_opaque (resource) || start == G_MININT64)
    {
      self->medicines_withheld++;
      return;
    }
  span = g_new0 (CareMedicineSpan, 1);
  span->name = care_chart_medicine (chart, resource);
  span->start_us = start;
  span->active = end == G_MININT64 && g_str_equal (status, "active");
  span->ends_open = end == G_MININT64 && !span->active;
  span->end_us = end == G_MININT64 ? start : MAX (start, end);
  g_ptr_array_add (self->medicines, span);
}

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  const CareMedicineSpan *x = *(CareMedicineSpan *const *) a, *y = *(CareMedicineSpan *const *) b;

  return (x->start_us > y->start_us) - (x->start_us < y->start_us);
}

gboolean
care_results_read_medicines (CareResults *self,
                             StoreConnection *connection,
                             const char *patient_id,
                             BaseClock *clock,
                             GError **error)
{
  static const char *const types[] = { "MedicationRequest", "MedicationStatement" };
  CareChart chart = { .connection = connection, .clock = clock, .patient_id = patient_id };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GPtrArray) list = store_resource_list (connection, patient_id, types[i], error);

      g_autoptr (GHashTable) endings = NULL;

      if (!list)
        return FALSE;
      endings = care_medicine_find_endings (connection, list);
      for (guint j = 0; j < list->len; j++)
        add_span (self, &chart, list->pdata[j], endings);
    }
  g_ptr_array_sort (self->medicines, compare_starts);
  return TRUE;
}
