/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-extract.h"

#include <string.h>

#include "fhir-bundle.h"
#include "fhir-reference.h"
#include "hub-reply.h"
#include "store-backup.h"
#include "store-index.h"
#include "store-resource.h"
#include "store-search.h"

/* One patient's records: the compartment, whatever else refers to the patient, who signed what
 * (Provenance), and what those records need to be understood: practitioners, organizations, places,
 * medicines. What belongs to another patient stays here, and is counted. */

typedef struct
{
  const char *patient;
  StoreConnection *connection;
  GHashTable *known;    /* "Type/id", also of what was left out */
  GPtrArray *resources; /* FhirResource*, in the order in which they were found */
  guint left_out;       /* of other patients */
  guint missing;        /* references that lead to nothing here */
} Export;

static gboolean
names_another (Export *self, const FhirElement *element)
{
  const char *text = fhir_element_path_text (element, "reference");
  g_autofree char *type = NULL, *id = NULL;
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  if (text != NULL && fhir_reference_split (text, &type, &id) && strcmp (type, "Patient") == 0)
    return strcmp (id, self->patient) != 0;
  if (fhir_element_get_kind (element) == FHIR_KIND_ARRAY)
    fhir_element_foreach (item, element)
      if (names_another (self, item))
        return TRUE;
  if (fhir_element_get_kind (element) != FHIR_KIND_OBJECT)
    return FALSE;
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    if (names_another (self, value))
      return TRUE;
  return FALSE;
}

/* A group or a list that is nobody's own record is another's as soon as it names another. */
static gboolean
is_of_another (Export *self, FhirResource *resource)
{
  g_autofree char *patient = store_index_dup_patient (resource);

  if (patient != NULL)
    return strcmp (patient, self->patient) != 0;
  return names_another (self, fhir_resource_get_root (resource));
}

/* Takes over @resource. */
static void
add (Export *self, FhirResource *resource)
{
  g_autofree char *reference = fhir_resource_dup_reference (resource);

  if (g_hash_table_contains (self->known, reference))
    {
      fhir_resource_unref (resource);
      return;
    }
  g_hash_table_add (self->known, g_steal_pointer (&reference));
  if (is_of_another (self, resource))
    {
      self->left_out++;
      fhir_resource_unref (resource);
    }
  else
    g_ptr_array_add (self->resources, resource);
}

/* Takes over @found. */
static gboolean
add_all (Export *self, GPtrArray *found)
{
  if (found == NULL)
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    add (self, fhir_resource_ref (found->pdata[i]));
  g_ptr_array_unref (found);
  return TRUE;
}

/* ---- what the records refer to ---- */

static gboolean
follow (Export *self, const char *text, GError **error)
{
  g_autofree char *type = NULL, *id = NULL, *reference = NULL;
  g_autoptr (GError) problem = NULL;
  FhirResource *resource;

  if (!fhir_reference_split (text, &type, &id))
    return TRUE;
  reference = g_strdup_printf ("%s/%s", type, id);
  if (g_hash_table_contains (self->known, reference))
    return TRUE;
  resource = store_resource_get (self->connection, type, id, &problem);
  if (resource != NULL)
    {
      add (self, resource);
      return TRUE;
    }
  g_hash_table_add (self->known, g_steal_pointer (&reference));
  if (!g_error_matches (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND) &&
      !g_error_matches (problem, STORE_ERROR, STORE_ERROR_GONE))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  self->missing++;
  return TRUE;
}

/* References, and attachments that are kept as a Binary. */
static gboolean
follow_all (Export *self, const FhirElement *element, GError **error)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  if (fhir_element_get_kind (element) == FHIR_KIND_ARRAY)
    {
      fhir_element_foreach (item, element)
        if (!follow_all (self, item, error))
          return FALSE;
      return TRUE;
    }
  if (fhir_element_get_kind (element) != FHIR_KIND_OBJECT)
    return TRUE;
  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      const char *text = fhir_element_get_text (value);
      gboolean leads = fhir_element_get_kind (value) == FHIR_KIND_STRING && text != NULL &&
                       (strcmp (name, "reference") == 0 ||
                        (strcmp (name, "url") == 0 && g_str_has_prefix (text, "Binary/")));

      if (leads ? !follow (self, text, error) : !follow_all (self, value, error))
        return FALSE;
    }
  return TRUE;
}

/* The list grows while it is walked: an organization of a practitioner's role comes along too. */
static gboolean
add_referenced (Export *self, GError **error)
{
  for (guint i = 0; i < self->resources->len; i++)
    if (!follow_all (self, fhir_resource_get_root (self->resources->pdata[i]), error))
      return FALSE;
  return TRUE;
}

/* Of the patient's own records only: who else was signed for by the same doctor is no matter. */
static gboolean
add_provenance (Export *self, GError **error)
{
  guint own = self->resources->len;

  for (guint i = 0; i < own; i++)
    {
      FhirResource *resource = self->resources->pdata[i];

      if (!add_all (self,
                    store_search_referrers (self->connection, fhir_resource_get_type (resource),
                                            fhir_resource_get_id (resource), "Provenance", error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
collect_work (StoreConnection *connection, gpointer data, GError **error)
{
  Export *self = data;

  self->connection = connection;
  if (!add_all (self, store_resource_list (connection, self->patient, NULL, error)) ||
      !add_all (self, store_search_referrers (connection, "Patient", self->patient, NULL, error)))
    return FALSE;
  if (self->resources->len > 0)
    return add_provenance (self, error) && add_referenced (self, error);
  g_set_error (error, HUB_ERROR, 404,
               "There is no patient %s here: the id is what stands after Patient/ in their record",
               self->patient);
  return FALSE;
}

/* ---- what is written ---- */

/* A line is a resource, so line breaks between its members become spaces. There are none in its
 * strings: JSON writes them as \n. */
static char *
write_lines (GPtrArray *resources)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < resources->len; i++)
    {
      gsize start = out->len, length;
      const char *text = fhir_resource_get_text (resources->pdata[i], &length);

      g_string_append_len (out, text, (gssize) length);
      for (gsize at = start; at < out->len; at++)
        if (out->str[at] == '\n' || out->str[at] == '\r')
          out->str[at] = ' ';
      g_string_append_c (out, '\n');
    }
  return g_string_free_and_steal (out);
}

static char *
write_bundle (GPtrArray *resources, GError **error)
{
  g_autoptr (FhirResource) bundle = fhir_bundle_new ("collection", resources);

  if (bundle != NULL)
    return g_strconcat (fhir_resource_get_text (bundle, NULL), "\n", NULL);
  g_set_error (error, HUB_ERROR, 413,
               "There is too much for one bundle: export it with --format ndjson");
  return NULL;
}

static void
add_types (JsonBuilder *builder, GPtrArray *resources)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) types = NULL;

  for (guint i = 0; i < resources->len; i++)
    {
      const char *type = fhir_resource_get_type (resources->pdata[i]);
      gsize count = GPOINTER_TO_SIZE (g_hash_table_lookup (counts, type));

      g_hash_table_insert (counts, (gpointer) type, GSIZE_TO_POINTER (count + 1));
    }
  types = g_list_sort (g_hash_table_get_keys (counts), (GCompareFunc) strcmp);
  json_builder_set_member_name (builder, "types");
  json_builder_begin_object (builder);
  for (GList *type = types; type != NULL; type = type->next)
    hub_admin_add_number (builder, type->data,
                          (gint64) GPOINTER_TO_SIZE (g_hash_table_lookup (counts, type->data)));
  json_builder_end_object (builder);
}

static JsonNode *
describe (const Export *self, const char *format, const char *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  hub_admin_add_text (builder, "patient", self->patient);
  hub_admin_add_text (builder, "format", format);
  hub_admin_add_number (builder, "resources", self->resources->len);
  add_types (builder, self->resources);
  hub_admin_add_number (builder, "left_out", self->left_out);
  hub_admin_add_number (builder, "missing", self->missing);
  hub_admin_add_text (builder, "text", text);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *
finish (Export *self, HubData *data, const char *format, GError **error)
{
  g_autofree char *text = g_str_equal (format, "bundle") ? write_bundle (self->resources, error)
                                                         : write_lines (self->resources);
  g_autofree char *detail = g_strdup_printf ("%u resources, as %s", self->resources->len, format);

  /* Nothing leaves before the chain says so. */
  if (text == NULL || !hub_admin_note (data, "export", self->patient, detail, error))
    return NULL;
  return describe (self, format, text);
}

/**
 * hub_extract_run:
 * @command: "patient", and "format": "ndjson" or "bundle"
 *
 * Returns: (transfer full): what was exported, its text in "text"
 */
JsonNode *
hub_extract_run (HubData *data,
                 JsonNode *command,
                 HubAdminProgress progress,
                 gpointer progress_data,
                 GError **error)
{
  const char *format = hub_admin_text (command, "format");
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  Export self = { hub_admin_text (command, "patient"), NULL, known, resources, 0, 0 };

  if (self.patient != NULL && g_str_has_prefix (self.patient, "Patient/"))
    self.patient += strlen ("Patient/");
  if (self.patient == NULL || !fhir_id_is_valid (self.patient))
    {
      g_set_error (error, HUB_ERROR, 400, "Name the patient with --patient and the record's id");
      return NULL;
    }
  if (format == NULL)
    format = "ndjson";
  if (!g_str_equal (format, "ndjson") && !g_str_equal (format, "bundle"))
    {
      g_set_error (error, HUB_ERROR, 400, "--format takes ndjson or bundle");
      return NULL;
    }
  if (!store_apart_read (data->path, data->key, data->clock, collect_work, &self, error))
    return NULL;
  return finish (&self, data, format, error);
}
