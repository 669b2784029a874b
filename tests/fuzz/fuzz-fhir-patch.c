/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "fhir-patch.h"

/* A resource on the first line, and a JSON Patch of it on the rest. A patch is applied wholly or
 * refused, leaves the resource that it was given as it was, and says the same twice. */

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *line = size > 0 ? memchr (data, '\n', size) : NULL;
  gsize length = line != NULL ? (gsize) (line - data) : 0;
  g_autoptr (FhirResource) resource =
      fhir_resource_parse ((const char *) data, (gssize) length, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirPatch) patch = NULL;
  g_autoptr (FhirResource) after = NULL;
  g_autoptr (FhirResource) again = NULL;
  g_autoptr (FhirResource) read = NULL;

  if (resource == NULL)
    return 0;
  patch = fhir_patch_parse ((const char *) line + 1, (gssize) (size - length - 1), &error);
  g_assert_true ((patch == NULL) == (error != NULL));
  if (patch == NULL)
    return 0;
  after = fhir_patch_apply (patch, resource, &error);
  g_assert_true ((after == NULL) == (error != NULL));
  g_assert_cmpmem (fhir_resource_get_text (resource, NULL), length, data, length);
  again = fhir_patch_apply (patch, resource, NULL);
  g_assert_true ((after == NULL) == (again == NULL));
  if (after == NULL)
    return 0;
  g_assert_cmpstr (fhir_resource_get_text (after, NULL), ==, fhir_resource_get_text (again, NULL));
  read = fhir_resource_parse (fhir_resource_get_text (after, NULL), -1, &error);
  g_assert_no_error (error);
  return 0;
}
