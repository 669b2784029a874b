/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-bundle.h"

#include "fhir-private.h"

/**
 * fhir_bundle_new:
 * @type: a bundle type, as "collection"
 * @resources: (element-type FhirResource): what it holds
 *
 * Returns: (transfer full) (nullable): a Bundle with an entry for each resource, whose text stays
 * as it is; NULL where the whole passes the limits of fhir_resource_parse()
 */
FhirResource *
fhir_bundle_new (const char *type, GPtrArray *resources)
{
  g_autoptr (GString) text = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"");
  gsize length;

  g_string_append_printf (text, "%s\"", type);
  for (guint i = 0; i < resources->len; i++)
    {
      const char *resource = fhir_resource_get_text (resources->pdata[i], &length);

      g_string_append (text, i == 0 ? ",\"entry\":[{\"resource\":" : ",{\"resource\":");
      g_string_append_len (text, resource, (gssize) length);
      g_string_append_c (text, '}');
    }
  g_string_append (text, resources->len > 0 ? "]}" : "}");
  length = text->len;
  return fhir_resource_take_written (g_string_free (g_steal_pointer (&text), FALSE), length, NULL);
}
