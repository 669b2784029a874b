/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-bundle.h"

static void
test_bundle_keeps_texts (void)
{
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (FhirResource) bundle = NULL;

  g_ptr_array_add (resources,
                   fhir_resource_parse ("{\"resourceType\":\"Basic\",\"x\": 1.00}", -1, NULL));
  g_ptr_array_add (resources,
                   fhir_resource_parse ("{\"resourceType\":\"Patient\",\"id\":\"p\"}", -1, NULL));
  bundle = fhir_bundle_new ("collection", resources);
  g_assert_cmpstr (fhir_resource_get_text (bundle, NULL), ==,
                   "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
                   "{\"resource\":{\"resourceType\":\"Basic\",\"x\": 1.00}},"
                   "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\"}}]}");
}

static void
test_empty_bundle_has_no_list (void)
{
  g_autoptr (GPtrArray) resources = g_ptr_array_new ();
  g_autoptr (FhirResource) bundle = fhir_bundle_new ("searchset", resources);

  g_assert_cmpstr (fhir_resource_path_text (bundle, "type"), ==, "searchset");
  g_assert_null (fhir_resource_path (bundle, "entry"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/bundle/texts", test_bundle_keeps_texts);
  g_test_add_func ("/fhir/bundle/empty", test_empty_bundle_has_no_list);
  return g_test_run ();
}
