/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-search-parameter.h"

static void
test_types (void)
{
  const struct
  {
    const char *resource_type;
    const char *code;
    FhirSearchType type;
  } cases[] = {
    { "Patient", "name", FHIR_SEARCH_STRING },
    { "Patient", "birthdate", FHIR_SEARCH_DATE },
    { "Observation", "code", FHIR_SEARCH_TOKEN },
    { "Observation", "value-quantity", FHIR_SEARCH_QUANTITY },
    { "Observation", "patient", FHIR_SEARCH_REFERENCE },
    { "Observation", "code-value-quantity", FHIR_SEARCH_COMPOSITE },
    { "RiskAssessment", "probability", FHIR_SEARCH_NUMBER },
    { "ValueSet", "url", FHIR_SEARCH_URI },
    { "Location", "near", FHIR_SEARCH_SPECIAL },
    { "Account", "_id", FHIR_SEARCH_TOKEN },
    { "VisionPrescription", "_lastUpdated", FHIR_SEARCH_DATE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean known = FALSE;

      g_test_message ("%s.%s", cases[i].resource_type, cases[i].code);
      g_assert_cmpint (fhir_search_parameter_type (cases[i].resource_type, cases[i].code, &known),
                       ==, cases[i].type);
      g_assert_true (known);
    }
}

static void
test_unknown (void)
{
  const char *const cases[][2] = { { "Patient", "flavour" }, { "Patient", "" },
                                   { "Pasta", "name" },      { "Patient", "_text" },
                                   { "*", "name" },          { "A", "a" },
                                   { "Zzz", "zzz" },         { "Patient", "_zzz" },
                                   { "Patient", "nam" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean known = TRUE;

      fhir_search_parameter_type (cases[i][0], cases[i][1], &known);
      g_assert_false (known);
    }
}

static void
test_targets (void)
{
  g_assert_true (fhir_search_parameter_has_target ("Observation", "subject", "Patient"));
  g_assert_false (fhir_search_parameter_has_target ("Observation", "subject", "Practitioner"));
  g_assert_false (fhir_search_parameter_has_target ("Observation", "performer", "Pract"));
  g_assert_true (fhir_search_parameter_has_target ("Observation", "performer", "PractitionerRole"));
  g_assert_true (fhir_search_parameter_has_target ("Task", "focus", "MedicationRequest"));
  g_assert_false (fhir_search_parameter_has_target ("Observation", "code", "Patient"));
  g_assert_false (fhir_search_parameter_has_target ("Observation", "flavour", "Patient"));
  g_assert_false (fhir_search_parameter_has_target ("Observation", "subject", ""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/search-parameter/types", test_types);
  g_test_add_func ("/fhir/search-parameter/unknown", test_unknown);
  g_test_add_func ("/fhir/search-parameter/targets", test_targets);
  return g_test_run ();
}
