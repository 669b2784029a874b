/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-reference.h"

#include <string.h>

#include "fhir-resource.h"

/* Where the path step before @end begins. */
static const char *
step_before (const char *start, const char *end)
{
  while (end > start && end[-1] != '/')
    end--;
  return end;
}

/**
 * fhir_reference_split:
 * @reference: (nullable): the text of a Reference.reference
 * @type: (out) (optional) (transfer full): the resource type
 * @id: (out) (optional) (transfer full): the id
 *
 * Reads "Patient/1", "Patient/1/_history/2" and absolute URLs that end so.
 *
 * Returns: FALSE with both NULL for anything else: urn:, a contained "#x", a conditional reference,
 *   a type that R4 does not have
 */
gboolean
fhir_reference_split (const char *reference, char **type, char **id)
{
  const char *end, *history, *id_start, *type_start;
  char type_text[64], id_text[65];
  gsize type_length, id_length;

  if (type != NULL)
    *type = NULL;
  if (id != NULL)
    *id = NULL;
  if (reference == NULL || strpbrk (reference, "?#") != NULL)
    return FALSE;
  history = strstr (reference, "/_history/");
  end = history != NULL ? history : reference + strlen (reference);
  id_start = step_before (reference, end);
  if (id_start == reference)
    return FALSE;
  type_start = step_before (reference, id_start - 1);
  id_length = (gsize) (end - id_start);
  type_length = (gsize) (id_start - 1 - type_start);
  if (id_length >= sizeof id_text || type_length >= sizeof type_text)
    return FALSE;
  memcpy (id_text, id_start, id_length);
  id_text[id_length] = '\0';
  memcpy (type_text, type_start, type_length);
  type_text[type_length] = '\0';
  if (!fhir_id_is_valid (id_text) || !fhir_resource_type_is_known (type_text))
    return FALSE;
  if (type != NULL)
    *type = g_strdup (type_text);
  if (id != NULL)
    *id = g_strdup (id_text);
  return TRUE;
}
