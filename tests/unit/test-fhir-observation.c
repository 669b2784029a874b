/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-observation.h"

static FhirResource *
parse (const char *members)
{
  g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Observation\",%s}", members);
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (text, -1, &error);

  g_assert_no_error (error);
  return resource;
}

static void
assert_value (const char *members, const char *expected)
{
  g_autoptr (FhirResource) observation = parse (members);
  g_autofree char *value = fhir_observation_dup_value (observation);

  g_test_message ("%s", members);
  g_assert_cmpstr (value, ==, expected);
}

static void
test_values (void)
{
  assert_value ("\"valueQuantity\":{\"value\":5.10,\"unit\":\"mmol/L\"}", "5.10 mmol/L");
  assert_value ("\"valueCodeableConcept\":{\"text\":\"Never smoker\"}", "Never smoker");
  assert_value ("\"valueString\":\" two\\nlines \"", "two lines");
  assert_value ("\"valueBoolean\":false", "No");
  assert_value ("\"valueInteger\":7", "7");
  assert_value ("\"valueRange\":{\"low\":{\"value\":1.0},\"high\":{\"value\":2,\"unit\":\"m\"}}",
                "1.0 to 2 m");
  assert_value ("\"valueRatio\":{\"numerator\":{\"value\":1},\"denominator\":{\"value\":128}}",
                "1 : 128");
  assert_value ("\"valueDateTime\":\"2026-11\"", "Nov-2026");
  assert_value ("\"dataAbsentReason\":{\"coding\":[{\"code\":\"not-performed\",\"display\":\"Not "
                "Performed\"}]}",
                "Not Performed");
  assert_value ("\"status\":\"final\"", NULL);
  assert_value ("\"valueQuantity\":[]", NULL);
}

#define PRESSURES(code, systolic, diastolic)                                                       \
  "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"" code                        \
  "\"}]},\"component\":["                                                                          \
  "{\"code\":{\"text\":\"Diastolic\",\"coding\":[{\"system\":\"http://"                            \
  "loinc.org\",\"code\":\"8462-4\"}]}," diastolic "},"                                             \
  "{\"code\":{\"text\":\"Systolic\",\"coding\":[{\"system\":\"http://"                             \
  "loinc.org\",\"code\":\"8480-6\"}]}," systolic "}]"
#define MMHG(value) "\"valueQuantity\":{\"value\":" value ",\"unit\":\"mm[Hg]\"}"

static void
test_blood_pressure (void)
{
  assert_value (PRESSURES ("85354-9", MMHG ("120"), MMHG ("80")), "120/80 mmHg");
  assert_value (PRESSURES ("55284-4", MMHG ("120.0"), MMHG ("80.0")), "120.0/80.0 mmHg");
  assert_value (PRESSURES ("1-1", MMHG ("120"), MMHG ("80")),
                "Diastolic: 80 mmHg; Systolic: 120 mmHg");
  assert_value (PRESSURES ("85354-9", MMHG ("120"),
                           "\"dataAbsentReason\":{\"text\":\"Not heard\"}"),
                "Diastolic: Not heard; Systolic: 120 mmHg");
  assert_value (PRESSURES ("85354-9", MMHG ("120"),
                           "\"valueQuantity\":{\"value\":10.6,\"unit\":\"kPa\"}"),
                "Diastolic: 10.6 kPa; Systolic: 120 mmHg");
}

static void
test_flag (void)
{
  const char *const cases[][2] = {
    { "[{\"coding\":[{\"code\":\"H\"}]}]", "H" },
    { "[{\"coding\":[{\"code\":\"A\"},{\"code\":\"HH\"}]}]", "HH" },
    { "[{\"coding\":[{\"code\":\"L\"}]},{\"coding\":[{\"code\":\"LL\"}]}]", "LL" },
    { "[{\"coding\":[{\"code\":\"N\"}]}]", NULL },
    { "[{\"text\":\"H\"}]", NULL },
    { "\"H\"", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *members = g_strconcat ("\"interpretation\":", cases[i][0], NULL);
      g_autoptr (FhirResource) observation = parse (members);

      g_assert_cmpstr (fhir_observation_get_flag (observation), ==, cases[i][1]);
    }
}

static void
test_range (void)
{
  g_autoptr (FhirResource) observation =
      parse ("\"referenceRange\":[{\"type\":{\"coding\":[{\"code\":\"treatment\"}]},\"low\":{"
             "\"value\":9}},"
             "{\"low\":{\"value\":3.50,\"unit\":\"mmol/"
             "L\"},\"high\":{\"value\":5.0},\"text\":\"3.5 to 5\"}]");
  g_autoptr (FhirResource) other = parse ("\"referenceRange\":[{\"type\":{\"coding\":[{\"code\":"
                                          "\"treatment\"}]},\"low\":{\"value\":9}}]");
  g_auto (FhirReferenceRange) range = { 0 }, none = { 0 };

  g_assert_true (fhir_observation_get_range (observation, &range));
  g_assert_cmpstr (range.low, ==, "3.50");
  g_assert_cmpstr (range.high, ==, "5.0");
  g_assert_cmpstr (range.unit, ==, "mmol/L");
  g_assert_cmpstr (range.text, ==, "3.5 to 5");
  g_assert_false (fhir_observation_get_range (other, &none));
  g_assert_null (none.low);
}

static void
test_several_ranges_choose_none (void)
{
  g_autoptr (FhirResource) observation =
      parse ("\"referenceRange\":[{\"appliesTo\":[{\"text\":\"Female\"}],\"low\":{\"value\":12.0,"
             "\"unit\":\"g/dL\"}},"
             "{\"appliesTo\":[{\"text\":\"Male\"}],\"text\":\"13.5 or more\"}]");
  g_auto (FhirReferenceRange) range = { 0 };

  g_assert_true (fhir_observation_get_range (observation, &range));
  g_assert_null (range.low);
  g_assert_null (range.high);
  g_assert_cmpstr (range.text, ==, "Female: 12.0 g/dL to …; Male: 13.5 or more");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/observation/values", test_values);
  g_test_add_func ("/fhir/observation/blood-pressure", test_blood_pressure);
  g_test_add_func ("/fhir/observation/flag", test_flag);
  g_test_add_func ("/fhir/observation/range", test_range);
  g_test_add_func ("/fhir/observation/several-ranges", test_several_ranges_choose_none);
  return g_test_run ();
}
