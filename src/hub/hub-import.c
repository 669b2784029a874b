/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-import.h"

#include <string.h>

#include "fhir-builder.h"
#include "hub-import-private.h"
#include "hub-rewrite.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-search.h"
#include "store-setting.h"

/* Import in two passes: the first learns which resources there are, the second parses each one,
 * resolves its references and stores it, in batches that let a waiting person through. What leads
 * to a resource that is not here yet is kept as it came, remembered, and resolved by a later
 * import. */

#define BATCH      2048
#define HOLD_US    20000
#define PENDING    "hub.import.pending"
#define UNRESOLVED 1000
#define VERSIONS   100

#define STORED    G_STRUCT_OFFSET (HubImportCount, stored)
#define UNCHANGED G_STRUCT_OFFSET (HubImportCount, unchanged)

typedef struct
{
  FhirResource *resource;
  const char *file;
  guint number;
  char *first;         /* where the same id stood before in this import, or NULL */
  gboolean unresolved; /* some reference is not in these files */
} Item;

typedef struct
{
  StoreDatabase *store;
  HubImportIndex *index;
  HubImportReport *report;
  GHashTable *seen;     /* "Type/id" -> where it stood */
  GHashTable *resolved; /* reference -> "Type/id" that the store knows, "" for none */
  GHashTable *pending;  /* "Type/id" of resources with references that lead to nothing */
  GPtrArray *batch;     /* Item* */
  guint done;           /* items of the batch that are written */
  gboolean unresolved;  /* the resource in hand has such a reference */
  StoreConnection *connection;
  GError *error;
} Import;

static void
item_free (gpointer data)
{
  Item *item = data;

  fhir_resource_unref (item->resource);
  g_free (item->first);
  g_free (item);
}

/* ---- references ----------------------------------------------------------------------------- */

static gboolean
needs_resolving (const char *reference)
{
  return g_str_has_prefix (reference, "urn:") || strchr (reference, '?') != NULL;
}

static char *
resolve_in_files (const char *reference, gpointer data, GError **error)
{
  Import *self = data;
  char *found;

  if (!needs_resolving (reference) && !g_str_has_prefix (reference, "http"))
    return NULL;
  found = hub_import_index_resolve (self->index, reference);
  if (found == NULL && needs_resolving (reference))
    self->unresolved = TRUE;
  return found;
}

/* The types that others refer to, the likeliest first: a urn:uuid does not tell the type. */
static char *
find_uuid (StoreConnection *connection, const char *uuid)
{
  static const char *const types[] = { "Patient",
                                       "Practitioner",
                                       "Organization",
                                       "Encounter",
                                       "Condition",
                                       "Observation",
                                       "MedicationRequest",
                                       "Location",
                                       "Claim",
                                       "Goal",
                                       "PractitionerRole",
                                       "Procedure",
                                       "DiagnosticReport",
                                       "CarePlan",
                                       "CareTeam",
                                       "Medication",
                                       "Device",
                                       "Coverage",
                                       "Immunization",
                                       "ImagingStudy",
                                       "DocumentReference",
                                       "ServiceRequest",
                                       "Appointment",
                                       "Specimen",
                                       "RelatedPerson",
                                       "Task" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (FhirResource) found = store_resource_get (connection, types[i], uuid, NULL);

      if (found != NULL)
        return g_strdup_printf ("%s/%s", types[i], uuid);
    }
  return NULL;
}

static char *
find_in_store (StoreConnection *connection, const char *reference)
{
  g_autofree char *type = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  const char *query;

  if (g_str_has_prefix (reference, "urn:uuid:"))
    return find_uuid (connection, reference + strlen ("urn:uuid:"));
  if (!hub_rewrite_is_conditional (reference, &type, &query))
    return NULL;
  ids = store_search_ids (connection, type, query, NULL);
  return ids != NULL && ids->len == 1
             ? g_strdup_printf ("%s/%s", type, (const char *) ids->pdata[0])
             : NULL;
}

static char *
resolve_in_store (const char *reference, gpointer data, GError **error)
{
  Import *self = data;
  const char *known;

  if (!needs_resolving (reference))
    return NULL;
  known = g_hash_table_lookup (self->resolved, reference);
  if (known == NULL)
    {
      char *found = find_in_store (self->connection, reference);

      known = found != NULL ? found : g_strdup ("");
      g_hash_table_replace (self->resolved, g_strdup (reference), (gpointer) known);
    }
  if (*known != '\0')
    return g_strdup (known);
  self->unresolved = TRUE;
  return NULL;
}

/* ---- writing -------------------------------------------------------------------------------- */

static gboolean
same_meta (const FhirElement *a, const FhirElement *b)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, a);
  while (fhir_member_iter_next (&iter, &name, &value))
    if (strcmp (name, "versionId") != 0 && strcmp (name, "lastUpdated") != 0 &&
        !fhir_element_equal (value, fhir_element_get (b, name)))
      return FALSE;
  return TRUE;
}

/* Whether both say the same, but for the version and the time that the store gave. */
static gboolean
same_content (FhirResource *a, FhirResource *b)
{
  const FhirElement *one = fhir_resource_get_root (a), *other = fhir_resource_get_root (b);
  const FhirElement *meta_a = fhir_element_get (one, "meta"),
                    *meta_b = fhir_element_get (other, "meta");
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, one);
  while (fhir_member_iter_next (&iter, &name, &value))
    if (strcmp (name, "meta") != 0 && !fhir_element_equal (value, fhir_element_get (other, name)))
      return FALSE;
  return fhir_element_get_length (one) - (meta_a != NULL) ==
             fhir_element_get_length (other) - (meta_b != NULL) &&
         same_meta (meta_a, meta_b) && same_meta (meta_b, meta_a);
}

/* An import must not undo what the clinic changed since: what equals an older version is known. */
static gboolean
is_older_version (StoreConnection *connection, FhirResource *resource)
{
  g_autoptr (GPtrArray) versions =
      store_resource_history (connection, fhir_resource_get_type (resource),
                              fhir_resource_get_id (resource), VERSIONS, NULL);

  for (guint i = 0; versions != NULL && i < versions->len; i++)
    {
      const StoreVersion *version = versions->pdata[i];

      if (version->resource != NULL && same_content (version->resource, resource))
        return TRUE;
    }
  return FALSE;
}

static void
refuse (Import *self, const Item *item, const char *reason)
{
  hub_import_report_refuse (self->report, fhir_resource_get_type (item->resource), item->file,
                            item->number, reason);
}

static gboolean
put (Import *self, StoreConnection *connection, Item *item, GError **error)
{
  g_auto (StorePut) out = { 0 };

  if (!store_resource_put (connection, item->resource, STORE_PUT_DEFAULT, NULL, &out, error))
    return FALSE;
  hub_import_report_count (self->report, fhir_resource_get_type (item->resource), STORED);
  return TRUE;
}

static gboolean
is_twice_in_file (const Item *item)
{
  gsize length = strlen (item->file);

  return item->first != NULL && strncmp (item->first, item->file, length) == 0 &&
         item->first[length] == ',';
}

static char *
dup_bare (FhirResource *resource)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (resource);
  g_autoptr (FhirResource) bare = NULL;

  fhir_builder_remove (builder, "meta.versionId");
  fhir_builder_remove (builder, "meta.lastUpdated");
  bare = fhir_builder_end (builder);
  return fhir_element_dup_json (fhir_resource_get_root (bare));
}

static gboolean
fuller (FhirResource *a, FhirResource *b)
{
  g_autofree char *one = dup_bare (a);
  g_autofree char *other = dup_bare (b);
  gsize length = strlen (one), other_length = strlen (other);

  return length != other_length ? length > other_length : strcmp (one, other) > 0;
}

/* Two files of one import tell the same resource differently. Whatever their order, the fuller one
 * stands in the end, and both are in its history. */
static gboolean
settle (Import *self, StoreConnection *connection, FhirResource *before, Item *item, GError **error)
{
  g_auto (StorePut) out = { 0 };

  g_ptr_array_add (self->report->differing, fhir_resource_dup_reference (before));
  if (fuller (before, item->resource))
    return store_resource_put (connection, before, STORE_PUT_DEFAULT, NULL, &out, error);
  return TRUE;
}

static gboolean
write_item (Import *self, StoreConnection *connection, Item *item, GError **error)
{
  const char *type = fhir_resource_get_type (item->resource),
             *id = fhir_resource_get_id (item->resource);
  g_autoptr (FhirResource) stored = NULL;
  g_autoptr (GError) missing = NULL;

  self->unresolved = FALSE;
  if (item->unresolved && !hub_rewrite_references (&item->resource, resolve_in_store, self, error))
    return FALSE;
  if (self->unresolved)
    g_hash_table_add (self->pending, fhir_resource_dup_reference (item->resource));
  stored = store_resource_get (connection, type, id, &missing);
  if (stored == NULL && g_error_matches (missing, STORE_ERROR, STORE_ERROR_NOT_FOUND))
    return put (self, connection, item, error);
  if (stored == NULL && !g_error_matches (missing, STORE_ERROR, STORE_ERROR_GONE))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }
  if (stored != NULL && same_content (stored, item->resource))
    hub_import_report_count (self->report, type, UNCHANGED);
  else if (is_twice_in_file (item))
    {
      g_autofree char *reason =
          g_strdup_printf ("%s/%s stands twice with different content, first in %s", type, id,
                           item->first);

      refuse (self, item, reason);
    }
  else if (is_older_version (connection, item->resource))
    hub_import_report_count (self->report, type, UNCHANGED);
  else
    return put (self, connection, item, error) && (item->first == NULL || stored == NULL ||
                                                   settle (self, connection, stored, item, error));
  return TRUE;
}

static gboolean
write_batch (StoreConnection *connection, gpointer data, GError **error)
{
  Import *self = data;
  gint64 start = g_get_monotonic_time ();

  self->connection = connection;
  while (self->done < self->batch->len)
    {
      if (!write_item (self, connection, self->batch->pdata[self->done], error))
        return FALSE;
      self->done++;
      if (g_get_monotonic_time () - start > HOLD_US && store_connection_person_waits (connection))
        break;
    }
  return TRUE;
}

static void
flush (Import *self)
{
  self->done = 0;
  while (self->error == NULL && self->done < self->batch->len)
    store_database_write (self->store, BASE_LANE_BATCH, write_batch, self, &self->error);
  g_ptr_array_set_size (self->batch, 0);
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

static void
refuse_entry (Import *self, const HubImportEntry *entry, const char *reason)
{
  g_autofree char *buffer = NULL;
  const char *type = type_of (entry, &buffer);
  g_autofree char *sentence = NULL;

  if (buffer == NULL && entry->fault == NULL)
    reason = sentence = g_strdup_printf ("%s: it names no resourceType", NOT_FHIR);
  hub_import_report_refuse (self->report, type, entry->file, entry->number, reason);
}

static void
add_item (Import *self, FhirResource *resource, const HubImportEntry *entry)
{
  char *reference = fhir_resource_dup_reference (resource);
  Item *item = g_new0 (Item, 1);
  const char *first = g_hash_table_lookup (self->seen, reference);

  item->resource = resource;
  item->file = entry->file;
  item->number = entry->number;
  item->unresolved = self->unresolved;
  item->first = g_strdup (first);
  if (first == NULL)
    g_hash_table_insert (self->seen, reference,
                         g_strdup_printf ("%s, entry %u", entry->file, entry->number));
  else
    g_free (reference);
  g_ptr_array_add (self->batch, item);
  if (self->batch->len >= BATCH)
    flush (self);
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
    add_item (self, g_steal_pointer (&resource), entry);
  else
    refuse_entry (self, entry, error->message);
}

/* ---- what was left open --------------------------------------------------------------------- */

static char *
note_unresolved (const char *reference, gpointer data, GError **error)
{
  Import *self = data;
  char *found = resolve_in_store (reference, data, error);

  if (found == NULL && needs_resolving (reference) && self->report->unresolved->len < UNRESOLVED &&
      !g_ptr_array_find_with_equal_func (self->report->unresolved, reference, g_str_equal, NULL))
    g_ptr_array_add (self->report->unresolved, g_strdup (reference));
  return found;
}

static gboolean
retry_one (
    Import *self, StoreConnection *connection, const char *reference, GString *left, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (reference, "/", 2);
  g_autoptr (FhirResource) resource =
      g_strv_length (parts) == 2 ? store_resource_get (connection, parts[0], parts[1], NULL) : NULL;
  g_autoptr (FhirResource) before = resource != NULL ? fhir_resource_ref (resource) : NULL;
  g_auto (StorePut) out = { 0 };

  if (resource == NULL) /* deleted meanwhile */
    return TRUE;
  self->unresolved = FALSE;
  if (!hub_rewrite_references (&resource, note_unresolved, self, error))
    return FALSE;
  if (self->unresolved)
    g_string_append_printf (left, "%s\n", reference);
  return before == resource ||
         store_resource_put (connection, resource, STORE_PUT_SKIP_EQUAL, NULL, &out, error);
}

static gboolean
retry_pending (StoreConnection *connection, gpointer data, GError **error)
{
  Import *self = data;
  g_autofree char *known = store_setting_get (connection, PENDING);
  g_auto (GStrv) lines = g_strsplit (known != NULL ? known : "", "\n", -1);
  g_autoptr (GString) left = g_string_new (NULL);
  g_autoptr (GPtrArray) all = NULL;

  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      g_hash_table_add (self->pending, g_strdup (*line));
  g_hash_table_remove_all (self->resolved);
  self->connection = connection;
  all = g_hash_table_get_keys_as_ptr_array (self->pending);
  for (guint i = 0; i < all->len; i++)
    if (!retry_one (self, connection, all->pdata[i], left, error))
      return FALSE;
  return g_strcmp0 (left->str, known != NULL ? known : "") == 0 ||
         store_setting_set (connection, PENDING, left->str, error);
}

static gboolean
write_note (StoreConnection *connection, gpointer data, GError **error)
{
  const HubImportCount *total = &((Import *) data)->report->total;
  g_autofree char *detail =
      g_strdup_printf ("%u in, %u stored, %u unchanged, %u refused", total->in, total->stored,
                       total->unchanged, total->refused);

  return store_audit_append (connection, "import", "command-line", NULL, "Bundle", detail, error);
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
  Import self = { .store = store };

  self.index = hub_import_index_new ();
  self.report = hub_import_report_new ();
  self.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self.resolved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self.pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.batch = g_ptr_array_new_with_free_func (item_free);
  for (gsize i = 0; files[i] != NULL; i++)
    hub_import_walk (files[i], hub_import_index_add, self.index);
  for (gsize i = 0; files[i] != NULL; i++)
    hub_import_walk (files[i], import_entry, &self);
  flush (&self);
  if (self.error == NULL)
    store_database_write (store, BASE_LANE_BATCH, retry_pending, &self, &self.error);
  if (self.error == NULL)
    store_database_write (store, BASE_LANE_BATCH, write_note, &self, &self.error);
  hub_import_index_free (self.index);
  g_hash_table_unref (self.seen);
  g_hash_table_unref (self.resolved);
  g_hash_table_unref (self.pending);
  g_ptr_array_unref (self.batch);
  g_ptr_array_sort_values (self.report->refusals, compare_refusals);
  if (self.error == NULL)
    return self.report;
  g_propagate_error (error, self.error);
  hub_import_report_free (self.report);
  return NULL;
}
