/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-concept.h"

#include "fhir-resource.h"

static FhirResource *
parse (const char *code)
{
  g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Observation\",\"code\":%s}", code);
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (text, -1, &error);

  g_assert_no_error (error);
  return resource;
}

static void
test_text (void)
{
  const char *const cases[][2] = {
    { "{\"text\":\"Blood [#/(\\u200bvolume)]\"}", "Blood [#/(volume)]" },
    { "{\"coding\":[{\"code\":\"1\"},{\"display\":\"One\"}]}", "One" },
    { "{\"text\":\" \",\"coding\":[{\"code\":\"1\"}]}", "1" },
    { "[{\"text\":\"First\"},{\"text\":\"Second\"}]", "First" },
    { "{\"coding\":[]}", NULL },
    { "{\"coding\":\"x\",\"text\":{}}", NULL },
    { "\"x\"", NULL },
    { "[]", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FhirResource) resource = parse (cases[i][0]);
      g_autofree char *text = fhir_concept_dup_text (fhir_resource_path (resource, "code"));

      g_test_message ("%s", cases[i][0]);
      g_assert_cmpstr (text, ==, cases[i][1]);
    }
  g_assert_null (fhir_concept_dup_text (NULL));
}

static void
test_codes (void)
{
  g_autoptr (FhirResource) resource = parse (
      "[{\"coding\":[{\"code\":\"none\"},{\"system\":\"http://loinc.org\",\"code\":\"8480-6\"}]},"
      "{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"271649006\"}]}]");
  const FhirElement *list = fhir_resource_path (resource, "code");
  const FhirElement *first = fhir_resource_path (resource, "code.0");

  g_assert_true (fhir_concept_has_code (list, "http://snomed.info/sct", "271649006"));
  g_assert_true (fhir_concept_has_code (list, NULL, "8480-6"));
  g_assert_false (fhir_concept_has_code (first, NULL, "271649006"));
  g_assert_false (fhir_concept_has_code (first, "http://loinc.org", "none"));
  g_assert_cmpstr (fhir_concept_get_code (first, "http://loinc.org"), ==, "8480-6");
  g_assert_cmpstr (fhir_concept_get_code (first, NULL), ==, "none");
  g_assert_null (fhir_concept_get_code (first, "http://snomed.info/sct"));
  g_assert_null (fhir_concept_get_code (NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/concept/text", test_text);
  g_test_add_func ("/fhir/concept/codes", test_codes);
  return g_test_run ();
}
