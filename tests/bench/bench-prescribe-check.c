/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "clinical-check.h"
#include "clinical-tables.h"

/* Twenty drugs against twenty, with all checks, over the tables that are shipped.
 *
 * usage: bench-prescribe-check [ROUNDS]
 *
 * Prints one JSON object: the median and the 99th part of a hundred, in microseconds. */

static const char *const chart[] = { "314076", "197361", "312961", "197805", "310798",
                                     "197884", "860975", "314231", "617310", "198211",
                                     "313782", "310429", "866924", "197517", "308191",
                                     "198145", "835829", "105585", "197591", "311989" };

static ClinicalOrder *
order_new (ClinicalContent *content, guint at)
{
  const char *name = clinical_tables_get_name (content, chart[at]);
  ClinicalOrder *order = clinical_order_new ("MedicationRequest/x", name ? name : chart[at]);

  order->ingredients = clinical_content_ingredients_of_drug (content, chart[at]);
  order->dose = g_strdup ("1");
  order->unit = g_strdup ("tablet");
  order->per_day = 2;
  return order;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const gint64 *one = a, *other = b;

  return (*one > *other) - (*one < *other);
}

int
main (int argc, char **argv)
{
  guint rounds = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 500, findings = 0;
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
  g_autoptr (ClinicalPatient) patient = clinical_patient_new ();
  g_autoptr (GPtrArray) orders =
      g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_order_free);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  patient->age_months = 700;
  patient->sex = g_strdup ("female");
  g_ptr_array_add (patient->weights, clinical_measure_new (70, "kg", "2026-11-01", NULL));
  patient->egfr = clinical_measure_new (45, "mL/min", "2026-11-01", NULL);
  patient->allergies_recorded = TRUE;
  g_ptr_array_add (patient->allergies,
                   clinical_allergy_new (content, clinical_chart_item_new ("AllergyIntolerance/a",
                                                                           "Penicillin")));
  for (guint i = 0; i < G_N_ELEMENTS (chart); i++)
    {
      g_ptr_array_add (patient->medicines, order_new (content, i));
      g_ptr_array_add (orders, order_new (content, i));
    }
  for (guint i = 0; i < MAX (rounds, 1); i++)
    {
      gint64 start = g_get_monotonic_time (), took;
      g_autoptr (GPtrArray) found = clinical_check_orders (content, patient, orders, "2026-11-29");

      took = g_get_monotonic_time () - start;
      findings = found->len;
      g_array_append_val (times, took);
    }
  g_array_sort (times, compare);
  printf ("{\"rounds\": %u, \"orders\": %u, \"medicines\": %u, \"findings\": %u, \"median_us\": "
          "%" G_GINT64_FORMAT ", \"p99_us\": %" G_GINT64_FORMAT "}\n",
          times->len, orders->len, patient->medicines->len, findings,
          g_array_index (times, gint64, times->len / 2),
          g_array_index (times, gint64, times->len * 99 / 100));
  return 0;
}
