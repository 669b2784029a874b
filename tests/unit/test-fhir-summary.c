/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-summary.h"

#define TAG                                                                                        \
  "{\"system\":\"http://terminology.hl7.org/CodeSystem/"                                           \
  "v3-ObservationValue\",\"code\":\"SUBSETTED\"}"
#define META "\"meta\":{\"versionId\":\"3\",\"tag\":[{\"code\":\"t\"}," TAG "]}"

#define PATIENT                                                                                    \
  "{\"resourceType\":\"Patient\",\"id\":\"p\",\"meta\":{\"versionId\":\"3\",\"tag\":[{\"code\":"   \
  "\"t\"}]},\"text\":{\"status\":\"generated\",\"div\":\"<div/>\"},\"modifierExtension\":[{"       \
  "\"url\":\"urn:m\"}],\"active\":true,\"name\":[{\"family\":\"Ito\"}],\"birthDate\":\"1960\","    \
  "\"_birthDate\":{\"extension\":[{\"url\":\"urn:t\"}]},\"maritalStatus\":{\"text\":\"single\"},"  \
  "\"unknown\":{\"a.b\":1.00},\"a.b\":2}"

#define DOCUMENT                                                                                   \
  "{\"resourceType\":\"DocumentReference\",\"id\":\"d\",\"status\":\"current\",\"content\":[{"     \
  "\"attachment\":{\"contentType\":\"text/plain\",\"data\":\"AAAA\",\"title\":\"A\",\"size\":1.0," \
  "\"_title\":{\"id\":\"x\"}},\"format\":{\"code\":\"f\"}},{\"attachment\":{\"data\":\"BBBB\"}},{" \
  "\"modifierExtension\":[{\"url\":\"urn:m\"}],\"attachment\":[]}],\"context\":{\"related\":[{"    \
  "\"display\":\"x\"}]},\"text\":{\"div\":\"<div/>\"}}"

static void
test_parts (void)
{
  const char *const cases[][3] = {
    { PATIENT, "_summary=true",
      "{\"resourceType\":\"Patient\",\"id\":\"p\"," META
      ",\"modifierExtension\":[{\"url\":\"urn:m\"}],"
      "\"active\":true,\"name\":[{\"family\":\"Ito\"}],\"birthDate\":\"1960\",\"_birthDate\":{"
      "\"extension\":"
      "[{\"url\":\"urn:t\"}]}}" },
    { PATIENT, "_summary=text",
      "{\"resourceType\":\"Patient\",\"id\":\"p\"," META
      ",\"text\":{\"status\":\"generated\",\"div\":"
      "\"<div/>\"},\"modifierExtension\":[{\"url\":\"urn:m\"}]}" },
    { PATIENT, "_summary=data",
      "{\"resourceType\":\"Patient\",\"id\":\"p\"," META
      ",\"modifierExtension\":[{\"url\":\"urn:m\"}],"
      "\"active\":true,\"name\":[{\"family\":\"Ito\"}],\"birthDate\":\"1960\",\"_birthDate\":{"
      "\"extension\":"
      "[{\"url\":\"urn:t\"}]},\"maritalStatus\":{\"text\":\"single\"},\"unknown\":{\"a.b\":1.00},"
      "\"a.b\":2}" },
    { PATIENT, "_elements=birthDate,unknown",
      "{\"resourceType\":\"Patient\",\"id\":\"p\"," META
      ",\"modifierExtension\":[{\"url\":\"urn:m\"}],"
      "\"birthDate\":\"1960\",\"_birthDate\":{\"extension\":[{\"url\":\"urn:t\"}]},\"unknown\":{"
      "\"a.b\":1.00}}" },
    /* Parts of parts: no bytes of an attachment, and no object that nothing is left of. */
    { DOCUMENT, "_summary=true",
      "{\"resourceType\":\"DocumentReference\",\"id\":\"d\",\"status\":\"current\",\"content\":[{"
      "\"attachment\":{\"contentType\":\"text/"
      "plain\",\"title\":\"A\",\"size\":1.0,\"_title\":{\"id\":\"x\"}},"
      "\"format\":{\"code\":\"f\"}},{\"modifierExtension\":[{\"url\":\"urn:m\"}]}],\"meta\":{"
      "\"tag\":[" TAG "]}}" },
    /* What must be there comes along. */
    { DOCUMENT, "_elements=context",
      "{\"resourceType\":\"DocumentReference\",\"id\":\"d\",\"status\":\"current\",\"content\":[{"
      "\"attachment\":{\"contentType\":\"text/"
      "plain\",\"data\":\"AAAA\",\"title\":\"A\",\"size\":1.0,\"_title\":{"
      "\"id\":\"x\"}},\"format\":{\"code\":\"f\"}},{\"attachment\":{\"data\":\"BBBB\"}},{"
      "\"modifierExtension\":[{"
      "\"url\":\"urn:m\"}],\"attachment\":[]}],\"context\":{\"related\":[{\"display\":\"x\"}]},"
      "\"meta\":{\"tag\":[" TAG "]}}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) resource = fhir_resource_parse (cases[i][0], -1, &error);
      g_autoptr (FhirQuery) query =
          fhir_query_parse (fhir_resource_get_type (resource), cases[i][1], FALSE, &error);
      g_autoptr (FhirResource) part = NULL;

      g_test_message ("%s", cases[i][1]);
      g_assert_no_error (error);
      g_assert_true (fhir_summary_is_asked (query));
      part = fhir_summary_new (resource, query);
      g_assert_cmpstr (fhir_resource_get_text (part, NULL), ==, cases[i][2]);
    }
}

static void
test_the_whole (void)
{
  const char *const queries[] = { NULL, "_summary=false", "_summary=count", "name=x" };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (FhirQuery) query = fhir_query_parse ("Patient", queries[i], FALSE, NULL);

      g_assert_false (fhir_summary_is_asked (query));
    }
}

/* Each official example has a summary, of nothing that was not there. */
static void
test_examples (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "..", "shared", "data",
                                              "fhir-r4-examples", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;
  guint examples = 0;

  if (dir == NULL)
    {
      g_test_skip ("the test data ../shared/data/fhir-r4-examples is not on this machine");
      return;
    }
  while ((file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, file, NULL), *text = NULL;
      g_autoptr (FhirResource) resource = NULL, part = NULL;
      g_autoptr (FhirQuery) query = NULL;

      if (!g_str_has_suffix (file, ".json"))
        continue;
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      resource = fhir_resource_parse (text, -1, NULL);
      query = fhir_query_parse (fhir_resource_get_type (resource), "_summary=true", FALSE, NULL);
      part = fhir_summary_new (resource, query);
      g_test_message ("%s: %zu of %zu members", file,
                      fhir_element_get_length (fhir_resource_get_root (part)),
                      fhir_element_get_length (fhir_resource_get_root (resource)));
      g_assert_cmpuint (fhir_element_get_length (fhir_resource_get_root (part)), >=, 2);
      g_assert_null (fhir_resource_path (part, "text"));
      examples++;
    }
  g_assert_cmpuint (examples, >=, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/summary/parts", test_parts);
  g_test_add_func ("/fhir/summary/whole", test_the_whole);
  g_test_add_func ("/fhir/summary/examples", test_examples);
  return g_test_run ();
}
