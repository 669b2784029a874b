/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-reference.h"

#include <string.h>

#include "fhir-builder.h"
#include "fhir-reference.h"

/* References between resources, wherever they stand in them. An attachment names the Binary that
 * holds its bytes by url, and means it no less. */

static const char *
get_reference (const char *name, const FhirElement *value)
{
  const char *text = fhir_element_get_text (value);

  if (text == NULL)
    return NULL;
  if (strcmp (name, "reference") == 0 ||
      (strcmp (name, "url") == 0 && g_str_has_prefix (text, "Binary/")))
    return text;
  return NULL;
}

/**
 * sync_reference_collect:
 * @references: a set of owned "Type/id"
 *
 * Adds every relative reference below @element.
 */
void
sync_reference_collect (const FhirElement *element, GHashTable *references)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  if (fhir_element_get_kind (element) == FHIR_KIND_ARRAY)
    fhir_element_foreach (item, element)
      sync_reference_collect (item, references);
  if (fhir_element_get_kind (element) != FHIR_KIND_OBJECT)
    return;
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      g_autofree char *type = NULL;
      g_autofree char *id = NULL;

      const char *text = get_reference (name, value);

      if (text != NULL && fhir_reference_split (text, &type, &id))
        g_hash_table_add (references, g_strdup_printf ("%s/%s", type, id));
      else
        sync_reference_collect (value, references);
    }
}

static void
rewrite (FhirBuilder *builder, const FhirElement *element, const char *path, GHashTable *renamed)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;
  guint position = 0;

  if (fhir_element_get_kind (element) == FHIR_KIND_ARRAY)
    fhir_element_foreach (item, element)
      {
        g_autofree char *below = g_strdup_printf ("%s.%u", path, position++);

        rewrite (builder, item, below, renamed);
      }
  if (fhir_element_get_kind (element) != FHIR_KIND_OBJECT)
    return;
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      g_autofree char *below =
          *path == '\0' ? g_strdup (name) : g_strdup_printf ("%s.%s", path, name);
      const char *text = get_reference (name, value);
      const char *instead = text != NULL ? g_hash_table_lookup (renamed, text) : NULL;

      if (instead != NULL)
        fhir_builder_set (builder, below, instead);
      else
        rewrite (builder, value, below, renamed);
    }
}

/**
 * sync_reference_rewrite:
 * @renamed: reference as written → reference to write
 *
 * Returns: (transfer full): @resource with its references renamed
 */
FhirResource *
sync_reference_rewrite (FhirResource *resource, GHashTable *renamed)
{
  g_autoptr (FhirBuilder) builder = NULL;

  if (g_hash_table_size (renamed) == 0)
    return fhir_resource_ref (resource);
  builder = fhir_builder_new_from (resource);
  rewrite (builder, fhir_resource_get_root (resource), "", renamed);
  return fhir_builder_end (builder);
}

/**
 * sync_reference_dup_patient:
 *
 * Returns: (transfer full) (nullable): the id of the patient whom @resource is about
 */
char *
sync_reference_dup_patient (FhirResource *resource)
{
  const char *reference = fhir_resource_path_text (resource, "subject.reference");

  if (strcmp (fhir_resource_get_type (resource), "Patient") == 0)
    return g_strdup (fhir_resource_get_id (resource));
  if (reference == NULL)
    reference = fhir_resource_path_text (resource, "patient.reference");
  return reference != NULL && g_str_has_prefix (reference, "Patient/")
             ? g_strdup (reference + strlen ("Patient/"))
             : NULL;
}
