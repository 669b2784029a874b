/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-received.h"

#include <string.h>

#include "fhir-builder.h"
#include "fhir-compartment.h"
#include "fhir-name.h"
#include "fhir-text.h"
#include "store-resource.h"
#include "store-scratch.h"

/* A bundle is put into a store in memory, where it becomes a record that can be read as every other
 * one; then the store is gone. References by the full URL of an entry become those of a store. Two
 * entries that are called alike but have different full URLs are not the same, and stay apart. */

typedef struct
{
  FhirResource *resource; /* as in the store */
  char *full_url;         /* (nullable) */
} Part;

typedef struct
{
  CareReceived *received;
  BaseClock *clock;
  GPtrArray *parts;   /* Part */
  GHashTable *places; /* full URL -> "Type/id" */
  GHashTable *taken;  /* "Type/id" */
  char *patient_id;   /* of the only subject */
} Reading;

static void
part_free (gpointer data)
{
  Part *self = data;

  g_clear_pointer (&self->resource, fhir_resource_unref);
  g_free (self->full_url);
  g_free (self);
}

void
care_received_free (CareReceived *self)
{
  g_clear_pointer (&self->subject, fhir_resource_unref);
  g_clear_pointer (&self->composition, fhir_resource_unref);
  g_clear_object (&self->timeline);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_free (self);
}

/* ---- entries ---- */

/* Gives a resource without an id one, and another one to whose is taken. */
static FhirResource *
name_part (Reading *self, FhirResource *resource)
{
  g_autofree char *reference =
      fhir_resource_get_id (resource) ? fhir_resource_dup_reference (resource) : NULL;
  g_autofree char *id = g_strdup_printf ("received-%u", self->parts->len);
  g_autoptr (FhirBuilder) builder = NULL;

  if (reference && g_hash_table_add (self->taken, g_strdup (reference)))
    return fhir_resource_ref (resource);
  builder = fhir_builder_new_from (resource);
  fhir_builder_set (builder, "id", id);
  return fhir_builder_end (builder);
}

static void
add_part (Reading *self, const FhirElement *element, const char *full_url)
{
  const char *type = fhir_element_path_text (element, "resourceType");
  g_autoptr (FhirResource) resource = NULL;
  Part *part;

  if (g_strcmp0 (type, "Bundle") == 0)
    {
      self->received->n_nested++;
      return;
    }
  if (self->parts->len >= CARE_RECEIVED_MAX)
    {
      self->received->n_passed_over++;
      return;
    }
  resource = fhir_resource_new_from_element (element, NULL);
  if (!resource)
    {
      self->received->n_unread++;
      return;
    }
  /* the same entry again, as a history has it: the first is the newest */
  if (full_url && g_hash_table_contains (self->places, full_url))
    return;
  part = g_new0 (Part, 1);
  part->resource = name_part (self, resource);
  part->full_url = g_strdup (full_url);
  g_ptr_array_add (self->parts, part);
  if (full_url)
    g_hash_table_insert (self->places, g_strdup (full_url),
                         fhir_resource_dup_reference (part->resource));
}

static void
take_apart (Reading *self, FhirResource *whole)
{
  if (!g_str_equal (fhir_resource_get_type (whole), "Bundle"))
    {
      add_part (self, fhir_resource_get_root (whole), NULL);
      return;
    }
  fhir_element_foreach (entry, fhir_resource_path (whole, "entry"))
    {
      const FhirElement *resource = fhir_element_get (entry, "resource");

      if (resource)
        add_part (self, resource, fhir_element_path_text (entry, "fullUrl"));
    }
}

/* ---- references ---- */

static gboolean
replace_cb (const GMatchInfo *match, GString *out, gpointer places)
{
  g_autofree char *before = g_match_info_fetch (match, 1);
  g_autofree char *reference = g_match_info_fetch (match, 2);
  const char *place = g_hash_table_lookup (places, reference);

  g_string_append_printf (out, "%s\"%s\"", before, place ? place : reference);
  return FALSE;
}

static void
point (Reading *self, Part *part, GRegex *regex)
{
  gsize length = 0;
  const char *text = fhir_resource_get_text (part->resource, &length);
  g_autofree char *pointed =
      g_regex_replace_eval (regex, text, (gssize) length, 0, 0, replace_cb, self->places, NULL);
  FhirResource *resource = pointed ? fhir_resource_parse (pointed, -1, NULL) : NULL;

  if (!resource)
    return;
  fhir_resource_unref (part->resource);
  part->resource = resource;
}

static void
point_all (Reading *self)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("(\"reference\"\\s*:\\s*)\"([^\"\\\\]{1,2048})\"", G_REGEX_RAW, 0, NULL);

  for (guint i = 0; i < self->parts->len && g_hash_table_size (self->places) > 0; i++)
    point (self, self->parts->pdata[i], regex);
}

/* ---- whose ---- */

static void
add_name_of (Reading *self, FhirResource *resource)
{
  const FhirElement *name = fhir_resource_path (resource, "name");
  const char *text = fhir_element_get_text (name);
  char *said = NULL;

  if (text)
    said = fhir_text_tidy (text); /* of an organization */
  else if (name && fhir_element_get_kind (name) == FHIR_KIND_ARRAY)
    said = fhir_human_name_format_plain (name);
  if (said)
    g_hash_table_insert (self->received->names, fhir_resource_dup_reference (resource), said);
}

/**
 * care_received_dup_name:
 *
 * Returns: (transfer full) (nullable): what the entry is called, where it has a name
 */
char *
care_received_dup_name (CareReceived *self, const char *type, const char *id)
{
  g_autofree char *reference = g_strdup_printf ("%s/%s", type, id);

  return g_strdup (g_hash_table_lookup (self->names, reference));
}

static void
add_subjects_of (Reading *self, FhirResource *resource, GHashTable *subjects)
{
  const char *type = fhir_resource_get_type (resource);
  g_autoptr (GPtrArray) patients = NULL;

  add_name_of (self, resource);
  if (g_str_equal (type, "Patient"))
    {
      g_hash_table_add (subjects, g_strdup (fhir_resource_get_id (resource)));
      g_clear_pointer (&self->received->subject, fhir_resource_unref);
      self->received->subject = fhir_resource_ref (resource);
      return;
    }
  if (g_str_equal (type, "Composition") && !self->received->composition)
    self->received->composition = fhir_resource_ref (resource);
  patients = fhir_compartment_patients (resource);
  for (guint i = 0; i < patients->len; i++)
    g_hash_table_add (subjects, g_strdup (patients->pdata[i]));
}

static void
find_subjects (Reading *self)
{
  g_autoptr (GHashTable) subjects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id = NULL;

  for (guint i = 0; i < self->parts->len; i++)
    add_subjects_of (self, ((Part *) self->parts->pdata[i])->resource, subjects);
  self->received->n_subjects = g_hash_table_size (subjects);
  if (self->received->n_subjects != 1)
    {
      g_clear_pointer (&self->received->subject, fhir_resource_unref);
      return;
    }
  g_hash_table_iter_init (&iter, subjects);
  g_hash_table_iter_next (&iter, &id, NULL);
  self->patient_id = g_strdup (id);
}

/* ---- as a record ---- */

static gboolean
put (StoreConnection *connection, FhirResource *resource)
{
  g_auto (StorePut) stored = { 0 };

  return store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, &stored, NULL);
}

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  Reading *self = data;
  g_autoptr (FhirBuilder) nobody = fhir_builder_new ("Patient", self->patient_id);
  g_autoptr (FhirResource) unnamed = fhir_builder_end (nobody);

  if (!self->received->subject && !put (connection, unnamed))
    return TRUE;
  for (guint i = 0; i < self->parts->len; i++)
    if (!put (connection, ((Part *) self->parts->pdata[i])->resource))
      self->received->n_unread++;
  self->received->timeline = care_timeline_load (connection, self->patient_id, self->clock, error);
  if (!self->received->timeline)
    return FALSE;
  self->received->n_events = care_timeline_get_n_events (self->received->timeline);
  return TRUE;
}

/**
 * care_received_read:
 * @resource: a bundle, or one resource by itself
 *
 * Runs on any thread. Bundles in a bundle are counted and not opened.
 */
CareReceived *
care_received_read (FhirResource *resource, BaseClock *clock, GError **error)
{
  g_autoptr (CareReceived) received = g_new0 (CareReceived, 1);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (part_free);
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *patient_id = NULL;
  Reading reading = { received, clock, parts, places, taken, NULL };
  gboolean read = TRUE;

  received->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  take_apart (&reading, resource);
  received->n_resources = parts->len;
  point_all (&reading);
  find_subjects (&reading);
  patient_id = reading.patient_id;
  if (patient_id && fhir_id_is_valid (patient_id))
    read = store_scratch_run (clock, read_work, &reading, error);
  return read ? g_steal_pointer (&received) : NULL;
}
