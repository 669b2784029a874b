/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-concept.h"

#include "fhir-text.h"

static char *
coding_text (const FhirElement *codings, const char *member)
{
  fhir_element_foreach (coding, codings)
    {
      char *text = fhir_text_tidy (fhir_element_path_text (coding, member));

      if (text != NULL)
        return text;
    }
  return NULL;
}

/**
 * fhir_concept_dup_text:
 * @codeable_concept: (nullable): a CodeableConcept, or a list of them, whose first is taken
 *
 * Returns: (transfer full) (nullable): its text, else the first display of its codings, else the
 * first code; invisible characters (real laboratory names carry U+200B) left out; NULL where it
 * says none
 */
char *
fhir_concept_dup_text (const FhirElement *codeable_concept)
{
  const FhirElement *codings = fhir_element_path (codeable_concept, "coding");
  char *text = fhir_text_tidy (fhir_element_path_text (codeable_concept, "text"));

  if (text == NULL)
    text = coding_text (codings, "display");
  return text != NULL ? text : coding_text (codings, "code");
}

static const char *
find_code (const FhirElement *concept, const char *system, const char *code)
{
  fhir_element_foreach (coding, fhir_element_get (concept, "coding"))
    {
      const char *found = fhir_element_path_text (coding, "code");

      if (found != NULL && (code == NULL || g_str_equal (found, code)) &&
          (system == NULL || g_strcmp0 (fhir_element_path_text (coding, "system"), system) == 0))
        return found;
    }
  return NULL;
}

static const char *
find_code_in_any (const FhirElement *concepts, const char *system, const char *code)
{
  const char *found = NULL;

  if (fhir_element_get_kind (concepts) != FHIR_KIND_ARRAY)
    return find_code (concepts, system, code);
  fhir_element_foreach (concept, concepts)
    if (found == NULL)
      found = find_code (concept, system, code);
  return found;
}

/**
 * fhir_concept_has_code:
 * @codeable_concept: (nullable): a CodeableConcept, or a list of them, such as a category
 * @system: (nullable): the code system's URI; NULL for any
 *
 * Returns: whether a coding of it is @code
 */
gboolean
fhir_concept_has_code (const FhirElement *codeable_concept, const char *system, const char *code)
{
  return find_code_in_any (codeable_concept, system, code) != NULL;
}

/**
 * fhir_concept_get_code:
 * @codeable_concept: (nullable): a CodeableConcept, or a list of them
 * @system: (nullable): the code system's URI; NULL for any
 *
 * Returns: (transfer none) (nullable): the first code of that system
 */
const char *
fhir_concept_get_code (const FhirElement *codeable_concept, const char *system)
{
  return find_code_in_any (codeable_concept, system, NULL);
}
