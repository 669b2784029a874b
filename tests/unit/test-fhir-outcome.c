/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-outcome.h"

static void
test_new (void)
{
  g_autoptr (FhirResource) outcome =
      fhir_outcome_new ("error", "not-found", "There is no “Patient/1”.");
  g_autoptr (FhirResource) bare = fhir_outcome_new ("fatal", "exception", NULL);
  g_autofree char *message = fhir_outcome_dup_message (outcome),
                  *code = fhir_outcome_dup_message (bare);

  g_assert_cmpstr (fhir_resource_get_type (outcome), ==, "OperationOutcome");
  g_assert_cmpstr (fhir_resource_path_text (outcome, "issue.0.severity"), ==, "error");
  g_assert_cmpstr (fhir_resource_path_text (outcome, "issue.0.code"), ==, "not-found");
  g_assert_cmpstr (message, ==, "There is no “Patient/1”.");
  g_assert_cmpstr (code, ==, "exception");
}

static void
test_message_of_others (void)
{
  const char *text =
      "{\"resourceType\":\"OperationOutcome\",\"issue\":["
      "{\"code\":\"invalid\",\"details\":{\"text\":\"No name\"},\"diagnostics\":\"x\"},"
      "{\"code\":\"required\"},{}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) outcome = fhir_resource_parse (text, -1, &error);
  g_autoptr (FhirResource) empty =
      fhir_resource_parse ("{\"resourceType\":\"OperationOutcome\"}", -1, NULL);
  g_autofree char *message = fhir_outcome_dup_message (outcome);

  g_assert_no_error (error);
  g_assert_cmpstr (message, ==, "No name\nrequired");
  g_assert_null (fhir_outcome_dup_message (empty));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/outcome/new", test_new);
  g_test_add_func ("/fhir/outcome/message", test_message_of_others);
  return g_test_run ();
}
