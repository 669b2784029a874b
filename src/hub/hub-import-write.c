/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-import-private.h"

#include <string.h>

#include "fhir-builder.h"
#include "hub-rewrite.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-search.h"
#include "store-setting.h"

/* The second pass's other half: what was read goes into the store, and is counted there. */

#define HOLD_US    20000
#define PENDING    "hub.import.pending"
#define UNRESOLVED 1000
#define VERSIONS   100

#define STORED    G_STRUCT_OFFSET (HubImportCount, stored)
#define UNCHANGED G_STRUCT_OFFSET (HubImportCount, unchanged)

void
hub_import_item_free (gpointer data)
{
  HubImportItem *item = data;

  g_clear_pointer (&item->resource, fhir_resource_unref);
  g_free (item->type);
  g_free (item->reason);
  g_free (item->first);
  g_free (item);
}

/**
 * hub_import_writer_new:
 *
 * Returns: (transfer full): with an empty batch and an empty report
 */
HubImportWriter *
hub_import_writer_new (StoreDatabase *store)
{
  HubImportWriter *self = g_new0 (HubImportWriter, 1);

  self->store = store;
  self->report = hub_import_report_new ();
  self->resolved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->batch = g_ptr_array_new_with_free_func (hub_import_item_free);
  return self;
}

void
hub_import_writer_free (HubImportWriter *self)
{
  g_clear_pointer (&self->report, hub_import_report_free);
  g_hash_table_unref (self->resolved);
  g_hash_table_unref (self->pending);
  g_ptr_array_unref (self->batch);
  g_free (self);
}

/* ---- references ----------------------------------------------------------------------------- */

/* Whether it leads nowhere as it stands: a URN, or a search. */
gboolean
hub_import_needs_resolving (const char *reference)
{
  return g_str_has_prefix (reference, "urn:") || strchr (reference, '?') != NULL;
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
  HubImportWriter *self = data;
  const char *known;

  if (!hub_import_needs_resolving (reference))
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
refuse (HubImportWriter *self, const HubImportItem *item, const char *reason)
{
  hub_import_report_refuse (self->report, fhir_resource_get_type (item->resource), item->file,
                            item->number, reason);
}

static gboolean
put (HubImportWriter *self, StoreConnection *connection, HubImportItem *item, GError **error)
{
  g_auto (StorePut) out = { 0 };

  if (!store_resource_put (connection, item->resource, STORE_PUT_DEFAULT, NULL, &out, error))
    return FALSE;
  hub_import_report_count (self->report, fhir_resource_get_type (item->resource), STORED);
  return TRUE;
}

static gboolean
is_twice_in_file (const HubImportItem *item)
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
settle (HubImportWriter *self,
        StoreConnection *connection,
        FhirResource *before,
        HubImportItem *item,
        GError **error)
{
  g_auto (StorePut) out = { 0 };

  g_ptr_array_add (self->report->differing, fhir_resource_dup_reference (before));
  if (fuller (before, item->resource))
    return store_resource_put (connection, before, STORE_PUT_DEFAULT, NULL, &out, error);
  return TRUE;
}

static gboolean
write_item (HubImportWriter *self, StoreConnection *connection, HubImportItem *item, GError **error)
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
  HubImportWriter *self = data;
  gint64 start = g_get_monotonic_time ();

  self->connection = connection;
  while (self->done < self->batch->len)
    {
      HubImportItem *item = self->batch->pdata[self->done];

      if (item->resource == NULL)
        hub_import_report_refuse (self->report, item->type, item->file, item->number, item->reason);
      else if (!write_item (self, connection, item, error))
        return FALSE;
      self->done++;
      if (g_get_monotonic_time () - start > HOLD_US && store_connection_person_waits (connection))
        break;
    }
  return TRUE;
}

/**
 * hub_import_writer_write:
 *
 * Writes the whole batch, in as many transactions as waiting people make of it.
 */
gboolean
hub_import_writer_write (HubImportWriter *self, GError **error)
{
  self->done = 0;
  while (self->done < self->batch->len)
    if (!store_database_write (self->store, BASE_LANE_BATCH, write_batch, self, error))
      return FALSE;
  return TRUE;
}

/* ---- what was left open --------------------------------------------------------------------- */

static char *
note_unresolved (const char *reference, gpointer data, GError **error)
{
  HubImportWriter *self = data;
  char *found = resolve_in_store (reference, data, error);

  if (found == NULL && hub_import_needs_resolving (reference) &&
      self->report->unresolved->len < UNRESOLVED &&
      !g_ptr_array_find_with_equal_func (self->report->unresolved, reference, g_str_equal, NULL))
    g_ptr_array_add (self->report->unresolved, g_strdup (reference));
  return found;
}

static gboolean
retry_one (HubImportWriter *self,
           StoreConnection *connection,
           const char *reference,
           GString *left,
           GError **error)
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
  HubImportWriter *self = data;
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
  const HubImportCount *total = &((HubImportWriter *) data)->report->total;
  g_autofree char *detail =
      g_strdup_printf ("%u in, %u stored, %u unchanged, %u refused", total->in, total->stored,
                       total->unchanged, total->refused);

  return store_audit_append (connection, "import", "command-line", NULL, "Bundle", detail, error);
}

/**
 * hub_import_writer_end:
 *
 * After all batches: tries again what is open from this and earlier imports, and notes the import.
 */
gboolean
hub_import_writer_end (HubImportWriter *self, GError **error)
{
  return store_database_write (self->store, BASE_LANE_BATCH, retry_pending, self, error) &&
         store_database_write (self->store, BASE_LANE_BATCH, write_note, self, error);
}
