/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "fhir-query.h"

/* "Type?search" as an address holds it. What is read strictly is read leniently too, with nothing
 * left out. */

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  char *mark = strchr (text, '?');
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) problem = NULL;
  g_autoptr (FhirQuery) strict = NULL;
  g_autoptr (FhirQuery) lenient = NULL;

  if (mark != NULL)
    *mark = '\0';
  strict = fhir_query_parse (text, mark != NULL ? mark + 1 : NULL, FALSE, &error);
  lenient = fhir_query_parse (text, mark != NULL ? mark + 1 : NULL, TRUE, &problem);
  g_assert_true ((strict == NULL) == (error != NULL));
  g_assert_true ((lenient == NULL) == (problem != NULL));
  g_assert_true (strict == NULL || (lenient != NULL && lenient->ignored->len == 0));
  g_assert_true (error == NULL || g_utf8_validate (error->message, -1, NULL));
  return 0;
}
