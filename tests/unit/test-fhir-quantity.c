/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-quantity.h"

#include "fhir-resource.h"

static void
test_format (void)
{
  const char *const cases[][2] = {
    { "{\"value\":120,\"unit\":\"mm[Hg]\"}", "120 mmHg" },
    { "{\"value\":1.00,\"unit\":\"mg/dL\"}", "1.00 mg/dL" },
    { "{\"value\":37.0,\"code\":\"Cel\",\"system\":\"http://unitsofmeasure.org\"}", "37.0 °C" },
    { "{\"value\":0.5,\"comparator\":\"<\",\"unit\":\"mg/L\"}", "< 0.5 mg/L" },
    { "{\"value\":12345678901234567890.10}", "12345678901234567890.10" },
    { "{\"value\":1e-7,\"unit\":\"mol/L\"}", "1e-7 mol/L" },
    { "{\"value\":3,\"code\":\"{score}\"}", "3" },
    { "{\"value\":3,\"unit\":\"\"}", "3" },
    { "{\"value\":-2,\"unit\":\"[#/(\\u200bvolume)]\"}", "-2 [#/(volume)]" },
    { "{\"unit\":\"mg\"}", NULL },
    { "{\"value\":\"12\",\"unit\":\"mg\"}", NULL },
    { "[]", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{\"resourceType\":\"Observation\",\"valueQuantity\":%s}", cases[i][0]);
      g_autoptr (GError) error = NULL;
      g_autoptr (FhirResource) resource = fhir_resource_parse (text, -1, &error);
      g_autofree char *formatted = NULL;

      g_test_message ("%s", cases[i][0]);
      g_assert_no_error (error);
      formatted = fhir_quantity_format (fhir_resource_path (resource, "valueQuantity"));
      g_assert_cmpstr (formatted, ==, cases[i][1]);
    }
  g_assert_null (fhir_quantity_format (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/quantity/format", test_format);
  return g_test_run ();
}
