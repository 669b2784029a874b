/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "hub-import-private.h"
#include "hub-safety-private.h"

/* Reads every .json and .ndjson file of a folder, bundles of any type among them. Nothing is
 * stored. */

#define TOO_MANY_FILES 100000

static void
take_resource (HubImportEntry *entry, gpointer data)
{
  HubSafetyFiles *self = data;
  FhirResource *resource =
      entry->fault == NULL && entry->resource.at != NULL
          ? fhir_resource_parse (entry->resource.at,
                                 (gssize) (entry->resource.end - entry->resource.at), NULL)
          : NULL;
  char *reference;

  if (resource == NULL)
    {
      self->faults++;
      return;
    }
  g_ptr_array_add (self->resources, resource);
  reference = fhir_resource_dup_reference (resource);
  if (entry->full_url != NULL)
    g_hash_table_insert (self->by_reference, g_strdup (entry->full_url), resource);
  g_hash_table_insert (self->by_reference, reference, resource);
}

static const char *
patient_reference (FhirResource *resource)
{
  static const char *const paths[] = { "subject.reference", "patient.reference" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const char *reference = fhir_resource_path_text (resource, paths[i]);

      if (reference != NULL)
        return reference;
    }
  return NULL;
}

/* Under one name, whether it was referred to by its id or by its full URL. */
static void
sort_resource (HubSafetyFiles *self, FhirResource *resource)
{
  const char *reference = patient_reference (resource);
  FhirResource *patient = g_str_equal (fhir_resource_get_type (resource), "Patient") ? resource
                          : reference != NULL ? g_hash_table_lookup (self->by_reference, reference)
                                              : NULL;
  g_autofree char *own = NULL;
  GPtrArray *list;

  if (patient == NULL || !g_str_equal (fhir_resource_get_type (patient), "Patient"))
    return;
  own = fhir_resource_dup_reference (patient);
  list = g_hash_table_lookup (self->of, own);
  if (list == NULL)
    {
      list = g_ptr_array_new ();
      g_ptr_array_add (self->patients, g_strdup (own));
      g_hash_table_insert (self->of, g_steal_pointer (&own), list);
    }
  g_ptr_array_add (list, resource);
}

void
hub_safety_files_free (HubSafetyFiles *self)
{
  g_ptr_array_unref (self->patients);
  g_hash_table_unref (self->of);
  g_hash_table_unref (self->by_reference);
  g_ptr_array_unref (self->resources);
  g_free (self);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_files (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  GPtrArray *paths;

  if (dir == NULL)
    return NULL;
  paths = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = g_dir_read_name (dir); name != NULL && paths->len < TOO_MANY_FILES;
       name = g_dir_read_name (dir))
    if (g_str_has_suffix (name, ".json") || g_str_has_suffix (name, ".ndjson"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  return paths;
}

/* (transfer full) (nullable): what the files of @folder hold. */
HubSafetyFiles *
hub_safety_files_read (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) paths = list_files (folder, error);
  HubSafetyFiles *self;

  if (paths == NULL)
    return NULL;
  if (paths->len == 0)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                   "There is no .json and no .ndjson file in %s: name a folder of FHIR bundles "
                   "with --data",
                   folder);
      return NULL;
    }
  self = g_new0 (HubSafetyFiles, 1);
  self->patients = g_ptr_array_new_with_free_func (g_free);
  self->of =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->by_reference = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->resources = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  for (guint i = 0; i < paths->len; i++)
    hub_import_walk (paths->pdata[i], take_resource, self);
  for (guint i = 0; i < self->resources->len; i++)
    sort_resource (self, self->resources->pdata[i]);
  return self;
}
