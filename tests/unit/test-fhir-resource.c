/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-builder.h"

static void
test_text_is_kept (void)
{
  const char *text = "{ \"resourceType\":\"Observation\", \"id\":\"a\",\n \"valueQuantity\":"
                     "{\"value\":1.00,\"unit\":\"[#/"
                     "(\xe2\x80\x8b)volume]\"},\"unknown\":{\"x\":[12345678901234567890]}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, &error);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) changed = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (fhir_resource_get_text (resource, NULL), ==, text);
  g_assert_cmpstr (fhir_resource_path_text (resource, "valueQuantity.value"), ==, "1.00");
  builder = fhir_builder_new_from (resource);
  fhir_builder_set (builder, "meta.versionId", "2");
  changed = fhir_builder_end (builder);
  g_assert_cmpstr (fhir_resource_path_text (changed, "valueQuantity.value"), ==, "1.00");
  g_assert_cmpstr (fhir_resource_path_text (changed, "unknown.x.0"), ==, "12345678901234567890");
  g_assert_cmpstr (fhir_resource_get_version (changed), ==, "2");
}

static void
test_bad_input_is_refused (gconstpointer data)
{
  const struct
  {
    const char *text;
    FhirError code;
  } cases[] = {
    { "", FHIR_ERROR_SYNTAX },
    { "{", FHIR_ERROR_SYNTAX },
    { "[]", FHIR_ERROR_STRUCTURE },
    { "{}", FHIR_ERROR_STRUCTURE },
    { "{\"resourceType\":7}", FHIR_ERROR_STRUCTURE },
    { "{\"resourceType\":\"Pasta\"}", FHIR_ERROR_STRUCTURE },
    { "{\"resourceType\":\"Patient\",\"id\":\"a b\"}", FHIR_ERROR_VALUE },
    { "{\"resourceType\":\"Patient\",\"active\":true,\"active\":false}", FHIR_ERROR_DUPLICATE },
    { "{\"resourceType\":\"Patient\",\"x\":{\"a\":1,\"a\":1}}", FHIR_ERROR_DUPLICATE },
    { "{\"resourceType\":\"Patient\",\"x\":\"a\\u0000b\"}", FHIR_ERROR_VALUE },
    { "{\"resourceType\":\"Patient\"} x", FHIR_ERROR_SYNTAX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) resource = fhir_resource_parse (cases[i].text, -1, &error);

      g_test_message ("%s", cases[i].text);
      g_assert_null (resource);
      g_assert_error (error, FHIR_ERROR, (int) cases[i].code);
    }
}

static void
test_huge_nesting_is_refused (void)
{
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"Basic\",\"x\":");
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = NULL;

  for (int i = 0; i < 200000; i++)
    g_string_append_c (text, '[');
  for (int i = 0; i < 200000; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  resource = fhir_resource_parse (text->str, (gssize) text->len, &error);
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT);
}

static void
test_builder_walks_paths (void)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Patient", "p1");
  g_autoptr (FhirResource) patient = NULL;
  const FhirElement *names;
  gsize count = 0;

  fhir_builder_set_many (builder, "name.0.family", "Smith", "name.0.given.0", "Jane", "name.1.text",
                         "Janey", NULL);
  fhir_builder_set (builder, "gender", NULL);
  fhir_builder_set_decimal (builder, "extension.0.valueDecimal", "2.50");
  g_assert_cmpuint (fhir_builder_get_length (builder, "name"), ==, 2);
  fhir_builder_remove (builder, "name.1");
  patient = fhir_builder_end (builder);
  names = fhir_resource_path (patient, "name");
  fhir_element_foreach (name, names)
    {
      g_assert_cmpstr (fhir_element_path_text (name, "given"), ==, NULL);
      g_assert_cmpstr (fhir_element_path_text (name, "given.0"), ==, "Jane");
      count++;
    }
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (patient, "name.family"), ==, "Smith");
  g_assert_null (fhir_resource_path_text (patient, "gender"));
  g_assert_cmpstr (fhir_resource_path_text (patient, "extension.0.valueDecimal"), ==, "2.50");
}

static char *
nested (guint levels)
{
  GString *text = g_string_new ("{\"resourceType\":\"Basic\",\"x\":");

  for (guint i = 0; i < levels; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < levels; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* What could be stored can be answered in a bundle, and that bundle can be read. */
static void
test_deepest_resource_fits_a_bundle (void)
{
  g_autofree char *text = nested (FHIR_MAX_DEPTH - 1), *deeper = nested (FHIR_MAX_DEPTH);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Bundle", NULL);
  g_autoptr (FhirResource) deep = NULL, bundle = NULL, read = NULL;
  g_autoptr (GError) error = NULL;

  deep = fhir_resource_parse (text, -1, &error);
  g_assert_no_error (error);
  g_assert_null (fhir_resource_parse (deeper, -1, NULL));
  fhir_builder_set_element (builder, "entry.0.resource", fhir_resource_get_root (deep));
  bundle = fhir_builder_end (builder);
  read = fhir_resource_parse (fhir_resource_get_text (bundle, NULL), -1, &error);
  g_assert_no_error (error);
  g_assert_true (fhir_element_equal (fhir_resource_path (read, "entry.0.resource"),
                                     fhir_resource_get_root (deep)));
}

static void
test_builder_survives_what_people_send (void)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Basic", NULL);
  g_autoptr (FhirResource) resource = NULL;
  g_autoptr (GError) error = NULL;

  fhir_builder_set (builder, "x", "a\xff\x01\"b");
  g_assert_false (fhir_builder_set_json (builder, "y", "{\"a\":1,\"a\":2}", &error));
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_DUPLICATE);
  g_clear_error (&error);
  g_assert_false (fhir_builder_set_json (builder, "y", "{\"a\":", &error));
  g_assert_error (error, FHIR_ERROR, FHIR_ERROR_SYNTAX);
  resource = fhir_builder_end (builder);
  g_assert_cmpstr (fhir_resource_path_text (resource, "x"), ==, "a\xef\xbf\xbd\x01\"b");
  g_assert_null (fhir_resource_path (resource, "y"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/resource/text-is-kept", test_text_is_kept);
  g_test_add_data_func ("/fhir/resource/bad-input", NULL, test_bad_input_is_refused);
  g_test_add_func ("/fhir/resource/huge-nesting", test_huge_nesting_is_refused);
  g_test_add_func ("/fhir/builder/paths", test_builder_walks_paths);
  g_test_add_func ("/fhir/builder/deepest-in-bundle", test_deepest_resource_fits_a_bundle);
  g_test_add_func ("/fhir/builder/what-people-send", test_builder_survives_what_people_send);
  return g_test_run ();
}
