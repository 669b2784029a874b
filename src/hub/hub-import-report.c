/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-import-private.h"

static void
refusal_free (gpointer data)
{
  HubImportRefusal *refusal = data;

  g_free (refusal->file);
  g_free (refusal->reason);
  g_free (refusal);
}

HubImportReport *
hub_import_report_new (void)
{
  HubImportReport *self = g_new0 (HubImportReport, 1);

  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->refusals = g_ptr_array_new_with_free_func (refusal_free);
  self->differing = g_ptr_array_new_with_free_func (g_free);
  self->unresolved = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
hub_import_report_free (HubImportReport *self)
{
  g_hash_table_unref (self->types);
  g_ptr_array_unref (self->refusals);
  g_ptr_array_unref (self->differing);
  g_ptr_array_unref (self->unresolved);
  g_free (self);
}

static void
count_in (HubImportCount *count, gsize offset)
{
  count->in++;
  ++*(guint *) ((char *) count + offset);
}

/**
 * hub_import_report_count:
 * @offset: of stored, unchanged or refused in HubImportCount
 */
void
hub_import_report_count (HubImportReport *self, const char *type, gsize offset)
{
  HubImportCount *count = g_hash_table_lookup (self->types, type);

  if (count == NULL)
    {
      count = g_new0 (HubImportCount, 1);
      g_hash_table_replace (self->types, g_strdup (type), count);
    }
  count_in (count, offset);
  count_in (&self->total, offset);
}

void
hub_import_report_refuse (
    HubImportReport *self, const char *type, const char *file, guint number, const char *reason)
{
  HubImportRefusal *refusal = g_new0 (HubImportRefusal, 1);

  hub_import_report_count (self, type, G_STRUCT_OFFSET (HubImportCount, refused));
  refusal->file = g_strdup (file);
  refusal->entry = number;
  refusal->reason = g_strdup (reason);
  g_ptr_array_add (self->refusals, refusal);
}

/* ---- as JSON -------------------------------------------------------------------------------- */

static void
add_number (JsonBuilder *builder, const char *name, guint number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

static void
add_count (JsonBuilder *builder, const char *name, const HubImportCount *count)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  add_number (builder, "in", count->in);
  add_number (builder, "stored", count->stored);
  add_number (builder, "unchanged", count->unchanged);
  add_number (builder, "refused", count->refused);
  json_builder_end_object (builder);
}

static void
add_refusals (JsonBuilder *builder, GPtrArray *refusals)
{
  json_builder_set_member_name (builder, "refusals");
  json_builder_begin_array (builder);
  for (guint i = 0; i < refusals->len; i++)
    {
      const HubImportRefusal *refusal = refusals->pdata[i];

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "file");
      json_builder_add_string_value (builder, refusal->file);
      add_number (builder, "entry", refusal->entry);
      json_builder_set_member_name (builder, "reason");
      json_builder_add_string_value (builder, refusal->reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_texts (JsonBuilder *builder, const char *name, GPtrArray *texts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < texts->len; i++)
    json_builder_add_string_value (builder, texts->pdata[i]);
  json_builder_end_array (builder);
}

static GList *
sorted_types (HubImportReport *self)
{
  return g_list_sort (g_hash_table_get_keys (self->types), (GCompareFunc) g_strcmp0);
}

/**
 * hub_import_report_to_json:
 *
 * Returns: (transfer full): {"total": {…}, "types": {…}, "refusals": […], "unresolved": […]}
 */
JsonNode *
hub_import_report_to_json (HubImportReport *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GList) names = sorted_types (self);

  json_builder_begin_object (builder);
  add_count (builder, "total", &self->total);
  json_builder_set_member_name (builder, "types");
  json_builder_begin_object (builder);
  for (GList *name = names; name != NULL; name = name->next)
    add_count (builder, name->data, g_hash_table_lookup (self->types, name->data));
  json_builder_end_object (builder);
  add_refusals (builder, self->refusals);
  add_texts (builder, "differing", self->differing);
  add_texts (builder, "unresolved", self->unresolved);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
read_count (JsonObject *object, HubImportCount *count)
{
  count->in = (guint) json_object_get_int_member (object, "in");
  count->stored = (guint) json_object_get_int_member (object, "stored");
  count->unchanged = (guint) json_object_get_int_member (object, "unchanged");
  count->refused = (guint) json_object_get_int_member (object, "refused");
}

static void
read_texts (JsonObject *root, const char *name, GPtrArray *texts)
{
  JsonArray *array = json_object_get_array_member (root, name);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (texts, g_strdup (json_array_get_string_element (array, i)));
}

/**
 * hub_import_report_from_json:
 * @node: what hub_import_report_to_json() gave
 */
HubImportReport *
hub_import_report_from_json (JsonNode *node)
{
  HubImportReport *self = hub_import_report_new ();
  JsonObject *root = json_node_get_object (node);
  JsonObject *types = json_object_get_object_member (root, "types");
  JsonArray *refusals = json_object_get_array_member (root, "refusals");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  read_count (json_object_get_object_member (root, "total"), &self->total);
  json_object_iter_init (&iter, types);
  while (json_object_iter_next (&iter, &name, &value))
    {
      HubImportCount *count = g_new0 (HubImportCount, 1);

      read_count (json_node_get_object (value), count);
      g_hash_table_replace (self->types, g_strdup (name), count);
    }
  for (guint i = 0; i < json_array_get_length (refusals); i++)
    {
      JsonObject *object = json_array_get_object_element (refusals, i);
      HubImportRefusal *refusal = g_new0 (HubImportRefusal, 1);

      refusal->file = g_strdup (json_object_get_string_member (object, "file"));
      refusal->entry = (guint) json_object_get_int_member (object, "entry");
      refusal->reason = g_strdup (json_object_get_string_member (object, "reason"));
      g_ptr_array_add (self->refusals, refusal);
    }
  read_texts (root, "differing", self->differing);
  read_texts (root, "unresolved", self->unresolved);
  return self;
}

/* ---- for people ----------------------------------------------------------------------------- */

static void
append_row (GString *out, const char *name, const HubImportCount *count)
{
  g_string_append_printf (out, "%-24s %8u %8u %10u %8u\n", name, count->in, count->stored,
                          count->unchanged, count->refused);
}

/**
 * hub_import_report_to_text:
 *
 * Returns: (transfer full): a table, then what was refused and why
 */
char *
hub_import_report_to_text (HubImportReport *self)
{
  GString *out = g_string_new (NULL);
  g_autoptr (GList) names = sorted_types (self);

  g_string_append_printf (out, "%-24s %8s %8s %10s %8s\n", "", "in", "stored", "unchanged",
                          "refused");
  for (GList *name = names; name != NULL; name = name->next)
    append_row (out, name->data, g_hash_table_lookup (self->types, name->data));
  append_row (out, "total", &self->total);
  for (guint i = 0; i < self->refusals->len; i++)
    {
      const HubImportRefusal *refusal = self->refusals->pdata[i];

      g_string_append_printf (out, "refused: %s, entry %u: %s\n", refusal->file, refusal->entry,
                              refusal->reason);
    }
  if (self->differing->len > 0)
    g_string_append_printf (
        out,
        "%u times a file told a resource otherwise than another: the fuller one stands, "
        "all are in its history.\n",
        self->differing->len);
  for (guint i = 0; i < self->unresolved->len; i++)
    g_string_append_printf (out, "leads to nothing yet, kept: %s\n",
                            (const char *) self->unresolved->pdata[i]);
  if (self->total.in > 0 && self->total.unchanged == self->total.in)
    g_string_append (out, "Nothing changed: all of it was here already.\n");
  return g_string_free_and_steal (out);
}
