/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-extension.h"

static gboolean
is_named (const FhirElement *extension, const char *name)
{
  const char *url = fhir_element_path_text (extension, "url");

  if (url && g_str_has_prefix (url, CARE_EXTENSION_BASE))
    url += sizeof CARE_EXTENSION_BASE - 1;
  return g_strcmp0 (url, name) == 0;
}

/**
 * care_extension_in:
 * @element: (nullable): an element with extensions
 * @name: the last part of the address
 *
 * Returns: (nullable): the extension
 */
const FhirElement *
care_extension_in (const FhirElement *element, const char *name)
{
  const FhirElement *extensions = fhir_element_get (element, "extension");

  fhir_element_foreach (item, extensions)
    if (is_named (item, name))
      return item;
  return NULL;
}

const FhirElement *
care_extension (FhirResource *resource, const char *name)
{
  return care_extension_in (fhir_resource_get_root (resource), name);
}

/* Where it stands in @resource, or where the next one goes in what is being built of it. */
static char *
place_of (FhirBuilder *builder, FhirResource *resource, const char *name, const char *type)
{
  const FhirElement *extensions = fhir_resource_path (resource, "extension");
  gsize index = 0;
  g_autofree char *url = g_strconcat (CARE_EXTENSION_BASE, name, NULL);
  g_autofree char *url_path = NULL;

  fhir_element_foreach (item, extensions)
    {
      if (is_named (item, name))
        return g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".%s", index, type);
      index++;
    }
  index = fhir_builder_get_length (builder, "extension");
  url_path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".url", index);
  fhir_builder_set (builder, url_path, url);
  return g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".%s", index, type);
}

/**
 * care_extension_set:
 * @builder: a copy of @resource in the making
 * @type: "valueString", "valueCode" or "valueInstant"
 */
void
care_extension_set (FhirBuilder *builder,
                    FhirResource *resource,
                    const char *name,
                    const char *type,
                    const char *value)
{
  g_autofree char *path = place_of (builder, resource, name, type);

  fhir_builder_set (builder, path, value);
}

void
care_extension_set_boolean (FhirBuilder *builder,
                            FhirResource *resource,
                            const char *name,
                            gboolean value)
{
  g_autofree char *path = place_of (builder, resource, name, "valueBoolean");

  fhir_builder_set_boolean (builder, path, value);
}

/**
 * care_extension_add:
 * @builder: what is being made
 * @type: "valueInstant", or another that takes a text
 *
 * Of what may happen more than once: each time stands beside those before.
 */
void
care_extension_add (FhirBuilder *builder, const char *name, const char *type, const char *value)
{
  gsize index = fhir_builder_get_length (builder, "extension");
  g_autofree char *url = g_strconcat (CARE_EXTENSION_BASE, name, NULL);
  g_autofree char *url_path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".url", index);
  g_autofree char *path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".%s", index, type);

  fhir_builder_set_many (builder, url_path, url, path, value, NULL);
}
