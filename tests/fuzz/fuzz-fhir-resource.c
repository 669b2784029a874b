/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-index.h"
#include "fhir-name.h"
#include "fhir-observation.h"
#include "fhir-outcome.h"
#include "fhir-quantity.h"
#include "fhir-reference.h"
#include "fhir-summary.h"
#include "fhir-ucum.h"

/* A body as it arrives: parsed, found, shown, copied and cut. What is accepted has to come out
 * again as it was. */

static void
show (const FhirElement *element, FhirResource *resource)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;
  g_autofree char *reference = fhir_reference_format (element, resource);
  g_autofree char *quantity = fhir_quantity_format (element);
  g_autofree char *converted = fhir_ucum_format (element, "kg", "2339-0");
  g_autofree char *concept = fhir_concept_dup_text (element);
  g_autofree char *human_name = fhir_human_name_format (element);
  FhirUcum unit;

  fhir_ucum_parse (fhir_element_get_text (element), &unit);
  fhir_element_foreach (item, element)
    show (item, resource);
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    show (value, resource);
}

static void
check_copy (FhirResource *resource)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (resource);
  g_autoptr (FhirResource) copy = fhir_builder_end (builder), inner = NULL;

  g_assert_true (
      fhir_element_equal (fhir_resource_get_root (resource), fhir_resource_get_root (copy)));
  inner = fhir_resource_new_from_element (fhir_resource_get_root (resource), NULL);
  g_assert_true (inner != NULL || g_str_equal (fhir_resource_get_type (resource), "Bundle"));
}

static void
check_summaries (FhirResource *resource)
{
  const char *const queries[] = { "_summary=true", "_summary=text", "_summary=data",
                                  "_elements=code" };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (FhirQuery) query =
          fhir_query_parse (fhir_resource_get_type (resource), queries[i], FALSE, NULL);
      g_autoptr (FhirResource) part = NULL;

      /* Whoever writes meta as a text or a list cannot be tagged. */
      if (fhir_resource_path (resource, "meta") != NULL)
        continue;
      part = fhir_summary_new (resource, query);
      g_assert_cmpstr (fhir_resource_get_type (part), ==, fhir_resource_get_type (resource));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource =
      fhir_resource_parse ((const char *) data, (gssize) size, &error);
  g_autoptr (GPtrArray) values = NULL;
  g_autofree char *value = NULL, *message = NULL;
  gsize length;

  g_assert_true ((resource == NULL) == (error != NULL));
  if (resource == NULL)
    return 0;
  g_assert_cmpmem (fhir_resource_get_text (resource, &length), length, data, size);
  values = fhir_index_values (resource);
  for (guint i = 0; i < values->len; i++)
    g_assert_nonnull (((FhirIndexValue *) values->pdata[i])->parameter);
  fhir_index_check_dates (resource, NULL);
  value = fhir_observation_dup_value (resource);
  message = fhir_outcome_dup_message (resource);
  show (fhir_resource_get_root (resource), resource);
  check_copy (resource);
  check_summaries (resource);
  return 0;
}
