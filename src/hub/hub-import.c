/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-import.h"

#include <string.h>

#include "fhir-builder.h"
#include "hub-import-private.h"
#include "hub-rewrite.h"

/* Import in two passes: the first learns which resources there are, the second parses each one,
 * resolves its references and stores it, in batches that let a waiting person through. While one
 * batch is written, the next is read. What leads to a resource that is not here yet is kept as it
 * came, remembered, and resolved by a later import. */

#define BATCH 2048

typedef struct
{
  HubImportWriter *writer;
  GThread *writing; /* (nullable): writes a batch meanwhile */
  HubImportIndex *index;
  GHashTable *seen;    /* "Type/id" -> where it stood */
  GPtrArray *batch;    /* HubImportItem*, being read */
  gboolean unresolved; /* the resource in hand has a reference that is not in these files */
  GError *error;
} Import;

/* ---- references ----------------------------------------------------------------------------- */

static char *
resolve_in_files (const char *reference, gpointer data, GError **error)
{
  Import *self = data;
  char *found;

  if (!hub_import_needs_resolving (reference) && !g_str_has_prefix (reference, "http"))
    return NULL;
  found = hub_import_index_resolve (self->index, reference);
  if (found == NULL && hub_import_needs_resolving (reference))
    self->unresolved = TRUE;
  return found;
}

/* ---- handing over --------------------------------------------------------------------------- */

static gpointer
write_cb (gpointer data)
{
  GError *error = NULL;

  hub_import_writer_write (data, &error);
  return error;
}

static void
wait_for_writing (Import *self)
{
  GError *error = self->writing != NULL ? g_thread_join (g_steal_pointer (&self->writing)) : NULL;

  if (error != NULL && self->error == NULL)
    self->error = error;
}

/* Hands over what was read, once what was handed over before is written. */
static void
flush (Import *self)
{
  GPtrArray *written = self->writer->batch;

  wait_for_writing (self);
  g_ptr_array_set_size (written, 0);
  if (self->error != NULL || self->batch->len == 0)
    return;
  self->writer->batch = self->batch;
  self->batch = written;
  self->writing = g_thread_new ("hub-import", write_cb, self->writer);
}

/* ---- reading -------------------------------------------------------------------------------- */

static void
set_id (FhirResource **resource, const char *id)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (*resource);

  fhir_builder_set (builder, "id", id);
  fhir_resource_unref (*resource);
  *resource = fhir_builder_end (builder);
}

/* A urn:uuid entry's id is that uuid; what has no id at all gets one from its content, so that the
 * same file gives the same id again. */
static void
name_resource (FhirResource **resource, const HubImportEntry *entry)
{
  const char *uuid = entry->full_url != NULL && g_str_has_prefix (entry->full_url, "urn:uuid:")
                         ? entry->full_url + strlen ("urn:uuid:")
                         : NULL;
  g_autofree char *id = NULL;

  if (uuid != NULL && g_uuid_string_is_valid (uuid))
    id = g_ascii_strdown (uuid, -1);
  else if (fhir_resource_get_id (*resource) == NULL)
    {
      g_autofree char *text = fhir_element_dup_json (fhir_resource_get_root (*resource));

      id = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
    }
  if (id != NULL && g_strcmp0 (id, fhir_resource_get_id (*resource)) != 0)
    set_id (resource, id);
}

static const char *
type_of (const HubImportEntry *entry, char **buffer)
{
  HubSpan object = entry->resource, name, value;

  if (object.at != NULL && hub_span_open (&object, '{'))
    while (hub_span_next_member (&object, &name, &value))
      if (hub_span_is_string (&name, "resourceType"))
        {
          *buffer = hub_span_dup_string (&value);
          return *buffer != NULL && fhir_resource_type_is_known (*buffer) ? *buffer : NOT_FHIR;
        }
  return NOT_FHIR;
}

static HubImportItem *
add_item (Import *self, const HubImportEntry *entry)
{
  HubImportItem *item = g_new0 (HubImportItem, 1);

  if (self->batch->len >= BATCH)
    flush (self);
  item->file = entry->file;
  item->number = entry->number;
  g_ptr_array_add (self->batch, item);
  return item;
}

/* Refusals go the way of all entries, so that one thread alone counts. */
static void
refuse_entry (Import *self, const HubImportEntry *entry, const char *reason)
{
  g_autofree char *buffer = NULL;
  const char *type = type_of (entry, &buffer);
  HubImportItem *item = add_item (self, entry);

  item->type = g_strdup (type);
  item->reason = buffer == NULL && entry->fault == NULL
                     ? g_strdup_printf ("%s: it names no resourceType", NOT_FHIR)
                     : g_strdup (reason);
}

static void
add_resource (Import *self, FhirResource *resource, const HubImportEntry *entry)
{
  char *reference = fhir_resource_dup_reference (resource);
  HubImportItem *item = add_item (self, entry);
  const char *first = g_hash_table_lookup (self->seen, reference);

  item->resource = resource;
  item->unresolved = self->unresolved;
  item->first = g_strdup (first);
  if (first == NULL)
    g_hash_table_insert (self->seen, reference,
                         g_strdup_printf ("%s, entry %u", entry->file, entry->number));
  else
    g_free (reference);
}

static void
import_entry (HubImportEntry *entry, gpointer data)
{
  Import *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = NULL;

  if (self->error != NULL)
    return;
  if (entry->fault != NULL)
    {
      refuse_entry (self, entry, entry->fault);
      return;
    }
  resource =
      fhir_resource_parse (entry->resource.at, entry->resource.end - entry->resource.at, &error);
  if (resource == NULL)
    {
      refuse_entry (self, entry, error->message);
      return;
    }
  name_resource (&resource, entry);
  self->unresolved = FALSE;
  if (hub_rewrite_references (&resource, resolve_in_files, self, &error))
    add_resource (self, g_steal_pointer (&resource), entry);
  else
    refuse_entry (self, entry, error->message);
}

static int
compare_refusals (gconstpointer a, gconstpointer b)
{
  const HubImportRefusal *one = a, *other = b;
  int order = strcmp (one->file, other->file);

  return order != 0 ? order : (one->entry > other->entry) - (one->entry < other->entry);
}

/**
 * hub_import_run:
 * @files: paths, ended by NULL
 *
 * Blocks. Every entry is stored, unchanged or refused with its reason; only a store that cannot be
 * written ends the import, with @error set.
 *
 * Returns: (transfer full): what was done
 */
HubImportReport *
hub_import_run (StoreDatabase *store, const char *const *files, GError **error)
{
  Import self = { .writer = hub_import_writer_new (store) };
  HubImportReport *report;

  self.index = hub_import_index_new ();
  self.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self.batch = g_ptr_array_new_with_free_func (hub_import_item_free);
  for (gsize i = 0; files[i] != NULL; i++)
    hub_import_walk (files[i], hub_import_index_add, self.index);
  for (gsize i = 0; files[i] != NULL; i++)
    hub_import_walk (files[i], import_entry, &self);
  flush (&self);
  wait_for_writing (&self);
  if (self.error == NULL)
    hub_import_writer_end (self.writer, &self.error);
  report = g_steal_pointer (&self.writer->report);
  g_ptr_array_sort_values (report->refusals, compare_refusals);
  hub_import_writer_free (self.writer);
  hub_import_index_free (self.index);
  g_hash_table_unref (self.seen);
  g_ptr_array_unref (self.batch);
  if (self.error == NULL)
    return report;
  g_propagate_error (error, self.error);
  hub_import_report_free (report);
  return NULL;
}
