/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-reference.h"

static void
test_split (void)
{
  const struct
  {
    const char *text;
    const char *type;
    const char *id;
  } cases[] = {
    { "Patient/1", "Patient", "1" },
    { "Patient/1/_history/2", "Patient", "1" },
    { "https://a.example:8443/fhir/r4/Observation/a-b.c", "Observation", "a-b.c" },
    { "https://a.example/fhir/Observation/x/_history/9", "Observation", "x" },
    { "urn:uuid:6d9269c0-1338-4f86-b703-31e9305ecbc3", NULL, NULL },
    { "#contained", NULL, NULL },
    { "Patient/1#part", NULL, NULL },
    { "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999974394", NULL, NULL },
    { "Pasta/1", NULL, NULL },
    { "Patient/", NULL, NULL },
    { "/Patient", NULL, NULL },
    { "Patient", NULL, NULL },
    { "/", NULL, NULL },
    { "", NULL, NULL },
    { "Patient/a b", NULL, NULL },
    { "Patient/_history/2", NULL, NULL },
    { "Patient/0123456789012345678901234567890123456789012345678901234567890123456789", NULL,
      NULL },
    { NULL, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *type = NULL, *id = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (fhir_reference_split (cases[i].text, &type, &id), ==, cases[i].type != NULL);
      g_assert_cmpstr (type, ==, cases[i].type);
      g_assert_cmpstr (id, ==, cases[i].id);
      g_assert_cmpint (fhir_reference_split (cases[i].text, NULL, NULL), ==, cases[i].type != NULL);
    }
}

static FhirResource *
observation_with (const char *reference)
{
  g_autofree char *text =
      g_strdup_printf ("{\"resourceType\":\"Observation\",\"contained\":[{\"resourceType\":"
                       "\"Patient\",\"id\":\"p\",\"name\":[{\"family\":\"Ito\",\"given\":["
                       "\"Yuki\"]}]},{\"resourceType\":\"Organization\",\"id\":\"#org\",\"name\":"
                       "\"North Clinic\"},{\"resourceType\":\"Medication\",\"id\":\"m\",\"code\":{"
                       "\"text\":\"Aspirin\"}},{\"resourceType\":\"Device\",\"id\":\"d\"}],"
                       "\"subject\":%s}",
                       reference);
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (text, -1, &error);

  g_assert_no_error (error);
  return resource;
}

static void
test_every_kind (void)
{
  const struct
  {
    const char *json;
    FhirReferenceKind kind;
    const char *base, *type, *id, *version, *query, *shown;
  } cases[] = {
    { "{\"reference\":\"Patient/1\"}", FHIR_REFERENCE_RELATIVE, NULL, "Patient", "1", NULL, NULL,
      "Patient/1" },
    { "{\"reference\":\"Patient/1/_history/3\",\"display\":\"Ana\\n Lopez\"}",
      FHIR_REFERENCE_RELATIVE, NULL, "Patient", "1", "3", NULL, "Ana Lopez" },
    { "{\"reference\":\"https://a.example/fhir/Patient/1/_history/x.1\",\"type\":\"Group\"}",
      FHIR_REFERENCE_ABSOLUTE, "https://a.example/fhir", "Patient", "1", "x.1", NULL,
      "https://a.example/fhir/Patient/1/_history/x.1" },
    { "{\"reference\":\"urn:uuid:6d9269c0-1338-4f86-b703-31e9305ecbc3\",\"type\":\"Patient\"}",
      FHIR_REFERENCE_URN, NULL, "Patient", "6d9269c0-1338-4f86-b703-31e9305ecbc3", NULL, NULL,
      "urn:uuid:6d9269c0-1338-4f86-b703-31e9305ecbc3" },
    { "{\"reference\":\"urn:oid:1.2.3\"}", FHIR_REFERENCE_URN, NULL, NULL, "1.2.3", NULL, NULL,
      "urn:oid:1.2.3" },
    { "{\"reference\":\"#p\"}", FHIR_REFERENCE_CONTAINED, NULL, NULL, "p", NULL, NULL,
      "ITO, Yuki" },
    { "{\"reference\":\"#org\"}", FHIR_REFERENCE_CONTAINED, NULL, NULL, "org", NULL, NULL,
      "North Clinic" },
    { "{\"reference\":\"#m\"}", FHIR_REFERENCE_CONTAINED, NULL, NULL, "m", NULL, NULL, "Aspirin" },
    { "{\"reference\":\"#d\"}", FHIR_REFERENCE_CONTAINED, NULL, NULL, "d", NULL, NULL, "Device" },
    { "{\"reference\":\"#\"}", FHIR_REFERENCE_CONTAINED, NULL, NULL, "", NULL, NULL,
      "Observation" },
    { "{\"reference\":\"#gone\"}", FHIR_REFERENCE_CONTAINED, NULL, NULL, "gone", NULL, NULL,
      "#gone" },
    { "{\"reference\":\"Practitioner?identifier=http%3A%2F%2Fx%2Fnpi%7C99\"}",
      FHIR_REFERENCE_CONDITIONAL, NULL, "Practitioner", NULL, NULL,
      "identifier=http%3A%2F%2Fx%2Fnpi%7C99", "Practitioner 99" },
    { "{\"reference\":\"https://a.example/fhir/Location?name=x\"}", FHIR_REFERENCE_CONDITIONAL,
      "https://a.example/fhir", "Location", NULL, NULL, "name=x",
      "https://a.example/fhir/Location?name=x" },
    { "{\"type\":\"Patient\",\"identifier\":{\"system\":\"urn:mrn\",\"value\":\"M1\"}}",
      FHIR_REFERENCE_LOGICAL, NULL, "Patient", NULL, NULL, NULL, "Patient M1" },
    { "{\"reference\":\"Patient/2\",\"identifier\":{\"value\":\"M1\"}}", FHIR_REFERENCE_RELATIVE,
      NULL, "Patient", "2", NULL, NULL, "Patient/2" },
    { "{\"reference\":\"https://a.example/picture.png\"}", FHIR_REFERENCE_OTHER, NULL, NULL, NULL,
      NULL, NULL, "https://a.example/picture.png" },
    { "{\"reference\":\"Pasta?x=1\"}", FHIR_REFERENCE_OTHER, NULL, NULL, NULL, NULL, NULL,
      "Pasta?x=1" },
    { "{\"display\":\"the mother\"}", FHIR_REFERENCE_NONE, NULL, NULL, NULL, NULL, NULL,
      "the mother" },
    { "{\"reference\":\"\"}", FHIR_REFERENCE_NONE, NULL, NULL, NULL, NULL, NULL, NULL },
    { "{\"reference\":7}", FHIR_REFERENCE_OTHER, NULL, NULL, NULL, NULL, NULL, "7" },
    { "[]", FHIR_REFERENCE_NONE, NULL, NULL, NULL, NULL, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FhirResource) resource = observation_with (cases[i].json);
      const FhirElement *element = fhir_resource_path (resource, "subject");
      g_auto (FhirReference) read = { 0 };
      g_autofree char *shown = fhir_reference_format (element, resource);

      g_test_message ("%s", cases[i].json);
      g_assert_cmpint (fhir_reference_read (element, &read), ==, cases[i].kind);
      g_assert_cmpint (read.kind, ==, cases[i].kind);
      g_assert_cmpstr (read.base, ==, cases[i].base);
      g_assert_cmpstr (read.type, ==, cases[i].type);
      g_assert_cmpstr (read.id, ==, cases[i].id);
      g_assert_cmpstr (read.version, ==, cases[i].version);
      g_assert_cmpstr (read.query, ==, cases[i].query);
      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
  g_assert_null (fhir_reference_format (NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/reference/split", test_split);
  g_test_add_func ("/fhir/reference/every-kind", test_every_kind);
  return g_test_run ();
}
