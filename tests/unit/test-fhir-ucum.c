/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-ucum.h"

#include <math.h>

#include "fhir-resource.h"

static void
test_codes (void)
{
  const struct
  {
    const char *one, *other;
    double ratio; /* 0: they measure different things */
  } cases[] = {
    { "kg", "g", 1000 },
    { "[lb_av]", "[oz_av]", 16 },
    { "[stone_av]", "[lb_av]", 14 },
    { "[ft_i]", "[in_i]", 12 },
    { "[in_i]", "cm", 2.54 },
    { "mg/dL", "g/L", 0.01 },
    { "mg/dL", "ug/mL", 10 },
    { "mmol/L", "umol/mL", 1 },
    { "mmol/L", "mol.m-3", 1 },
    { "mm[Hg]", "kPa", 0.133322 },
    { "cm[H2O]", "mm[Hg]", 0.735559 },
    { "10*3/uL", "10*9/L", 1 },
    { "10*6/uL", "10*12/L", 1 },
    { "10^3/uL", "10*3/uL", 1 },
    { "/min", "{beats}/min", 1 },
    { "{beats}/min", "Hz", 1.0 / 60 },
    { "mL/min/{1.73_m2}", "mL/min", 1 },
    { "U/L", "ukat/L", 1.0 / 60 },
    { "[iU]/L", "m[IU]/mL", 1 },
    { "kg/m2", "g/cm2", 0.1 },
    { "kcal", "kJ", 4.184 },
    { "(mg/kg)/d", "ug/kg/d", 1000 },
    { "mg/kg/d", "mg/(kg.d)", 1 },
    { "%", "[ppth]", 10 },
    { "wk", "d", 7 },
    { "min", "s", 60 },
    { "100.mg", "g", 0.1 },
    { "meq/L", "eq/m3", 1 },
    { "mg/dL", "mmol/L", 0 },
    { "[iU]/L", "U/L", 0 },
    { "kg", "m", 0 },
    { "mosm/kg", "mmol/kg", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FhirUcum one, other;

      g_test_message ("%s %s", cases[i].one, cases[i].other);
      g_assert_true (fhir_ucum_parse (cases[i].one, &one));
      g_assert_true (fhir_ucum_parse (cases[i].other, &other));
      g_assert_cmpint (fhir_ucum_is_commensurable (cases[i].one, cases[i].other), ==,
                       cases[i].ratio > 0);
      if (cases[i].ratio > 0)
        g_assert_cmpfloat_with_epsilon (one.factor / other.factor / cases[i].ratio, 1, 1e-5);
    }
}

static void
test_what_is_not_understood (void)
{
  const char *const codes[] = {
    "",
    "mmHg",
    "lbs",
    "kg/",
    "/",
    "m-",
    "m2+",
    "mg//dL",
    "(mg",
    "mg)",
    "mg{",
    "[iU",
    "kg m2",
    "min\xc2\xb5",
    "Cel/min",
    "Cel2",
    "/Cel",
    "2.Cel",
    "kCel",
    "[pH]",
    "m999",
    "0",
    "mmin",
    "m9999999",
    "10*400",
    "((((((((((m))))))))))",
    "m30.m30.m30.m30.m30",
    "kkg",
    "1e3",
    "°C",
  };
  FhirUcum unit;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_test_message ("%s", codes[i]);
      g_assert_false (fhir_ucum_parse (codes[i], &unit));
    }
  g_assert_false (fhir_ucum_parse (NULL, &unit));
}

static void
test_conversion (void)
{
  const struct
  {
    const char *literal, *from, *to, *loinc, *shown;
  } cases[] = {
    /* As fine as what was measured, and no finer. */
    { "98.6", "[degF]", "Cel", NULL, "37.0" },
    { "37.0", "Cel", "[degF]", NULL, "98.6" },
    { "-40", "Cel", "[degF]", NULL, "-40" },
    { "0", "Cel", "K", NULL, "273" },
    { "180", "[lb_av]", "kg", NULL, "82" },
    { "180.5", "[lb_av]", "kg", NULL, "81.9" },
    { "70", "[in_i]", "cm", NULL, "178" },
    { "1.78", "m", "cm", NULL, "178" },
    { "178", "cm", "m", NULL, "1.78" },
    { "81.65", "kg", "g", NULL, "81650" },
    { "120", "mm[Hg]", "kPa", NULL, "16.0" },
    { "7.50", "10*3/uL", "10*9/L", NULL, "7.50" },
    { "1e2", "mg", "g", NULL, "0.1" },
    { "0.0", "kg", "g", NULL, "0" },
    { "-0.001", "Cel", "Cel", NULL, "-0.001" },
    /* Mass and amount: by what was measured only. */
    { "99", "mg/dL", "mmol/L", "2339-0", "5.5" },
    { "5.5", "mmol/L", "mg/dL", "2339-0", "99" },
    { "1.2", "mg/dL", "umol/L", "2160-0", "106" },
    { "106", "umol/L", "mg/dL", "14682-9", "1.20" },
    { "200", "mg/dL", "mmol/L", "2093-3", "5.17" },
    { "150", "mg/dL", "mmol/L", "2571-8", "1.69" },
    { "14", "mg/dL", "mmol/L", "3094-0", "5.0" },
    { "9.5", "mg/dL", "mmol/L", "49765-1", "2.37" },
    { "1.0", "mg/dL", "umol/L", "1975-2", "17" },
    { "99", "mg/dL", "mmol/L", NULL, NULL },
    { "99", "mg/dL", "mmol/L", "718-7", NULL },
    { "99", "mg/dL", "mmol", "2339-0", NULL },
    { "99", "mg/dL", "mmol2/L", "2339-0", NULL },
    { "120", "mm[Hg]", "kg", NULL, NULL },
    { "120", "mmHg", "kPa", NULL, NULL },
    { "a", "kg", "g", NULL, NULL },
    { "", "kg", "g", NULL, NULL },
    { "1e400", "kg", "g", NULL, NULL },
    { NULL, "kg", "g", NULL, NULL },
    { "1", NULL, "g", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown =
          fhir_ucum_convert (cases[i].literal, cases[i].from, cases[i].to, cases[i].loinc);

      g_test_message ("%s %s in %s", cases[i].literal, cases[i].from, cases[i].to);
      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

static void
test_quantity (void)
{
  const char *const cases[][4] = {
    { "{\"value\":180.5,\"unit\":\"lb\",\"system\":\"http://"
      "unitsofmeasure.org\",\"code\":\"[lb_av]\"}",
      "kg", NULL, "81.9 kg" },
    { "{\"value\":5.5,\"comparator\":\"<\",\"system\":\"http://"
      "unitsofmeasure.org\",\"code\":\"mmol/L\"}",
      "mg/dL", "2345-7", "< 99 mg/dL" },
    { "{\"value\":98.6,\"system\":\"http://unitsofmeasure.org\",\"code\":\"[degF]\"}", "Cel", NULL,
      "37.0 °C" },
    { "{\"value\":1.2,\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg/dL\"}", "umol/L",
      "2160-0", "106 µmol/L" },
    /* A unit that says no system, or another one, may mean anything. */
    { "{\"value\":180,\"code\":\"[lb_av]\"}", "kg", NULL, NULL },
    { "{\"value\":180,\"system\":\"urn:x\",\"code\":\"[lb_av]\"}", "kg", NULL, NULL },
    { "{\"value\":180,\"unit\":\"[lb_av]\",\"system\":\"http://unitsofmeasure.org\"}", "kg", NULL,
      NULL },
    { "{\"value\":\"180\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"[lb_av]\"}", "kg",
      NULL, NULL },
    { "[]", "kg", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{\"resourceType\":\"Observation\",\"valueQuantity\":%s}", cases[i][0]);
      g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, NULL);
      g_autofree char *shown = fhir_ucum_format (fhir_resource_path (resource, "valueQuantity"),
                                                 cases[i][1], cases[i][2]);

      g_test_message ("%s", cases[i][0]);
      g_assert_cmpstr (shown, ==, cases[i][3]);
      g_assert_cmpstr (fhir_resource_get_text (resource, NULL), ==, text);
    }
}

static void
test_masses_say_their_source (void)
{
  const char *const codes[] = { "2339-0", "2160-0", "2093-3", "2571-8", "14682-9", "3084-1" };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      const char *source = NULL;

      g_assert_cmpfloat (fhir_ucum_get_molar_mass (codes[i], &source), >, 20);
      g_assert_true (g_str_has_prefix (source, "https://") ||
                     g_str_equal (source, "source: unverified"));
    }
  g_assert_cmpfloat (fhir_ucum_get_molar_mass ("0-0", NULL), ==, 0);
  g_assert_cmpfloat (fhir_ucum_get_molar_mass (NULL, NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/ucum/codes", test_codes);
  g_test_add_func ("/fhir/ucum/not-understood", test_what_is_not_understood);
  g_test_add_func ("/fhir/ucum/conversion", test_conversion);
  g_test_add_func ("/fhir/ucum/quantity", test_quantity);
  g_test_add_func ("/fhir/ucum/masses", test_masses_say_their_source);
  return g_test_run ();
}
