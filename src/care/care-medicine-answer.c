/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicine-answer.h"

gboolean
care_medicine_is_answer (FhirResource *statement)
{
  fhir_element_foreach (extension, fhir_resource_path (statement, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), CARE_MEDICINE_ANSWER) == 0)
      return TRUE;
  return FALSE;
}
