/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-answer.h"

#include <string.h>

#include "sync-ask.h"

/* The answer to a bundle, entry by entry. */

static SyncTheirs *
read_response (const FhirElement *entry, const SyncItem *item)
{
  const FhirElement *element = fhir_element_get (entry, "resource");
  const char *etag = fhir_element_path_text (entry, "response.etag");
  const char *location = fhir_element_path_text (entry, "response.location");
  FhirResource *resource = element != NULL ? fhir_resource_new_from_element (element, NULL) : NULL;
  SyncTheirs *theirs;
  g_auto (GStrv) parts = g_strsplit (location != NULL ? location : "", "/", -1);

  if (resource != NULL && (g_strcmp0 (fhir_resource_get_type (resource), item->type) != 0 ||
                           fhir_resource_get_version (resource) == NULL))
    g_clear_pointer (&resource, fhir_resource_unref);
  theirs = sync_theirs_new (resource);
  for (guint i = 0; theirs->id == NULL && parts[i] != NULL && parts[i + 1] != NULL; i++)
    if (strcmp (parts[i], item->type) == 0)
      theirs->id = g_strdup (parts[i + 1]);
  if (theirs->version == NULL && etag != NULL)
    {
      g_auto (GStrv) quoted = g_strsplit (etag, "\"", 3);

      theirs->version = g_strdup (g_strv_length (quoted) == 3 ? quoted[1] : etag);
    }
  if (theirs->updated == NULL)
    theirs->updated = g_strdup (fhir_element_path_text (entry, "response.lastModified"));
  return theirs;
}

static void
free_if_any (gpointer theirs)
{
  if (theirs != NULL)
    sync_theirs_free (theirs);
}

/**
 * sync_answer_read:
 * @refused: (out): how many entries the server says it did not do
 *
 * Returns: (transfer full) (nullable): SyncTheirs for each of @items, with NULL in the place of one
 * that was refused; NULL where the answer does not say what became of each
 */
GPtrArray *
sync_answer_read (FhirResource *answer, GPtrArray *items, guint *refused)
{
  g_autoptr (GPtrArray) theirs = g_ptr_array_new_with_free_func (free_if_any);

  *refused = 0;
  fhir_element_foreach (entry, fhir_resource_path (answer, "entry"))
    {
      const char *status = fhir_element_path_text (entry, "response.status");

      if (theirs->len == items->len || status == NULL || strchr ("245", *status) == NULL)
        return NULL;
      *refused += *status != '2';
      g_ptr_array_add (theirs,
                       *status == '2' ? read_response (entry, items->pdata[theirs->len]) : NULL);
      if (*status == '2' &&
          sync_bundle_is_other (((SyncTheirs *) theirs->pdata[theirs->len - 1])->resource,
                                items->pdata[theirs->len - 1]))
        return NULL;
    }
  return theirs->len == items->len ? g_steal_pointer (&theirs) : NULL;
}
