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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/reference/split", test_split);
  return g_test_run ();
}
