/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-outcome.h"

#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-text.h"

/**
 * fhir_outcome_new:
 * @severity: fatal, error, warning or information
 * @code: a code of http://hl7.org/fhir/issue-type, as "not-found"
 * @diagnostics: (nullable): a sentence that a person can act on; no patient data
 *
 * Returns: (transfer full): an OperationOutcome with one issue
 */
FhirResource *
fhir_outcome_new (const char *severity, const char *code, const char *diagnostics)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("OperationOutcome", NULL);

  fhir_builder_set (builder, "issue.0.severity", severity);
  fhir_builder_set (builder, "issue.0.code", code);
  fhir_builder_set (builder, "issue.0.diagnostics", diagnostics);
  return fhir_builder_end (builder);
}

static char *
issue_text (const FhirElement *issue)
{
  char *text = fhir_concept_dup_text (fhir_element_get (issue, "details"));

  if (text == NULL)
    text = fhir_text_tidy (fhir_element_path_text (issue, "diagnostics"));
  return text != NULL ? text : fhir_text_tidy (fhir_element_path_text (issue, "code"));
}

/**
 * fhir_outcome_dup_message:
 * @outcome: an OperationOutcome
 *
 * Returns: (transfer full) (nullable): what its issues say, one a line: details, else diagnostics,
 *   else the code; NULL where there is no issue
 */
char *
fhir_outcome_dup_message (FhirResource *outcome)
{
  g_autoptr (GString) message = g_string_new (NULL);

  fhir_element_foreach (issue, fhir_resource_path (outcome, "issue"))
    {
      g_autofree char *text = issue_text (issue);

      if (text != NULL)
        g_string_append_printf (message, "%s%s", message->len > 0 ? "\n" : "", text);
    }
  return message->len > 0 ? g_string_free (g_steal_pointer (&message), FALSE) : NULL;
}
