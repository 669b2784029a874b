/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-everything.h"

#include <string.h>

#include "fhir-index.h"
#include "hub-page.h"
#include "hub-policy.h"
#include "hub-reach.h"
#include "hub-reply.h"
#include "store-compartment.h"
#include "store-resource.h"

/* Patient/[id]/$everything, http://hl7.org/fhir/R4/patient-operation-everything.html: what belongs
 * to the patient, and beside each page what it refers to: people, places, medicines. One of these
 * may come with several pages. */

typedef struct
{
  StoreConnection *connection;
  HubUser *user;
  const char *base_url, *patient;
  StoreCompartment *compartment;
  guint count;
  gint64 since_us, after;
  char *types; /* as asked, "" for all */
  GStrv wanted;
  GString *entries;
  GHashTable *beside; /* "Type/id" that came along */
  guint shown;
} Walk;

static const char *const parameters[] = { "_since", "_count", "_type", "_page", NULL };

static gboolean
read_types (Walk *self, const char *types, GError **error)
{
  self->types = g_strdup (types != NULL ? types : "");
  self->wanted = g_strsplit (self->types, ",", -1);
  for (char **type = self->wanted; *type != NULL; type++)
    if (!fhir_resource_type_is_known (*type))
      {
        g_set_error (error, HUB_ERROR, 400, "“_type”: “%s” is no resource type of FHIR R4", *type);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_page (Walk *self, const char *word, GError **error)
{
  g_auto (GStrv) parts = hub_page_open (word, 4, error);
  guint64 count;

  if (parts == NULL)
    return FALSE;
  if (g_ascii_string_to_signed (parts[0], 10, G_MININT64, G_MAXINT64, &self->since_us, NULL) &&
      g_ascii_string_to_unsigned (parts[1], 10, 1, HUB_PAGE_LIMIT, &count, NULL) &&
      g_ascii_string_to_signed (parts[2], 10, 0, G_MAXINT64, &self->after, NULL))
    {
      self->count = (guint) count;
      return read_types (self, parts[3], error);
    }
  g_set_error (error, HUB_ERROR, 400,
               "This is no page: follow the “next” link as it was given, or ask again");
  return FALSE;
}

static gboolean
read_query (Walk *self, const char *text, GError **error)
{
  g_autoptr (GHashTable) query =
      hub_page_read_query (text, parameters, "Patient/$everything", error);
  const char *page = query != NULL ? g_hash_table_lookup (query, "_page") : NULL;

  if (query == NULL)
    return FALSE;
  if (page != NULL)
    return read_page (self, page, error);
  return hub_page_read_count (query, &self->count, error) &&
         hub_page_read_since (query, &self->since_us, error) &&
         read_types (self, g_hash_table_lookup (query, "_type"), error);
}

static gboolean
is_wanted (Walk *self, FhirResource *resource)
{
  const char *type = fhir_resource_get_type (resource);

  return (self->wanted[0] == NULL || g_strv_contains ((const char *const *) self->wanted, type)) &&
         hub_policy_allows (self->user, HUB_SEARCH, type, NULL) &&
         hub_policy_shows (self->user, resource) &&
         hub_reach_allows (self->connection, self->user, resource, NULL);
}

static void
append (Walk *self, FhirResource *resource, const char *mode)
{
  gsize length;
  const char *text = fhir_resource_get_text (resource, &length);

  g_string_append_printf (self->entries, "%s{\"fullUrl\":\"%s/fhir/%s/%s\",\"resource\":",
                          self->entries->len > 0 ? "," : "", self->base_url,
                          fhir_resource_get_type (resource), fhir_resource_get_id (resource));
  g_string_append_len (self->entries, text, (gssize) length);
  g_string_append_printf (self->entries, ",\"search\":{\"mode\":\"%s\"}}", mode);
}

/* What a resource of the record refers to and that is in no one's record. */
static void
append_beside (Walk *self, FhirResource *resource)
{
  g_autoptr (GPtrArray) values = fhir_index_values (resource);

  for (guint i = 0; i < values->len; i++)
    {
      const FhirIndexValue *value = values->pdata[i];
      g_autoptr (FhirResource) target = NULL;
      g_autofree char *patient = NULL;
      char *reference;

      if (value->type != FHIR_SEARCH_REFERENCE || value->system == NULL || value->value == NULL)
        continue;
      reference = g_strconcat (value->system, "/", value->value, NULL);
      if (!g_hash_table_add (self->beside, reference) ||
          store_compartment_has (self->compartment, value->system, value->value))
        continue;
      target = store_resource_get (self->connection, value->system, value->value, NULL);
      patient = target != NULL ? hub_policy_dup_patient (target) : NULL;
      if (target != NULL && patient == NULL && is_wanted (self, target))
        append (self, target, "include");
    }
}

static gboolean
walk (Walk *self, gboolean *more, GError **error)
{
  *more = FALSE;
  for (;;)
    {
      g_autoptr (FhirResource) resource = NULL;
      gint64 after = self->after;

      if (!store_compartment_next (self->compartment, self->since_us, &after, &resource, error))
        return FALSE;
      if (resource == NULL)
        return TRUE;
      if (is_wanted (self, resource))
        {
          if (self->shown == self->count || self->entries->len > HUB_PAGE_BYTES)
            {
              *more = TRUE;
              return TRUE;
            }
          append (self, resource, "match");
          append_beside (self, resource);
          self->shown++;
        }
      self->after = after;
    }
}

static char *
dup_bundle (Walk *self, const char *query, gboolean more)
{
  g_autofree char *url =
      g_strdup_printf ("%s/fhir/Patient/%s/$everything", self->base_url, self->patient);
  GString *out = g_string_sized_new (self->entries->len + 1024);

  g_string_append (out, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[");
  hub_page_append_link (out, "self", url, query);
  if (more)
    {
      g_autofree char *since = g_strdup_printf ("%" G_GINT64_FORMAT, self->since_us);
      g_autofree char *count = g_strdup_printf ("%u", self->count);
      g_autofree char *after = g_strdup_printf ("%" G_GINT64_FORMAT, self->after);
      g_autofree char *word = hub_page_seal (since, count, after, self->types, NULL);
      g_autofree char *next = g_strconcat ("_page=", word, NULL);

      hub_page_append_link (out, "next", url, next);
    }
  g_string_append_c (out, ']');
  if (self->entries->len > 0)
    g_string_append_printf (out, ",\"entry\":[%s]", self->entries->str);
  g_string_append_c (out, '}');
  return g_string_free_and_steal (out);
}

static gboolean
may_read_patient (Walk *self, GError **error)
{
  g_autoptr (FhirResource) patient =
      store_resource_get (self->connection, "Patient", self->patient, error);

  return patient != NULL && hub_policy_allows_resource (self->user, HUB_READ, patient, error) &&
         hub_reach_allows (self->connection, self->user, patient, error);
}

static void
walk_clear (Walk *self)
{
  g_clear_pointer (&self->compartment, store_compartment_free);
  g_free (self->types);
  g_strfreev (self->wanted);
  g_string_free (self->entries, TRUE);
  g_hash_table_unref (self->beside);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

/**
 * hub_everything_run:
 * @patient: an id
 * @query: what stood behind the question mark
 * @shown: (out): how many resources of the record the page holds
 *
 * Runs in a store read.
 *
 * Returns: (transfer full) (nullable): a page of the patient's record that @user may see
 */
char *
hub_everything_run (StoreConnection *connection,
                    HubUser *user,
                    const char *base_url,
                    const char *patient,
                    const char *query,
                    guint *shown,
                    GError **error)
{
  g_auto (Walk) self = { .connection = connection,
                         .user = user,
                         .base_url = base_url,
                         .patient = patient,
                         .since_us = G_MININT64,
                         .entries = g_string_new (NULL),
                         .beside = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  gboolean more;

  if (!read_query (&self, query, error) || !may_read_patient (&self, error))
    return NULL;
  self.compartment = store_compartment_new (connection, patient, error);
  if (self.compartment == NULL || !walk (&self, &more, error))
    return NULL;
  *shown = self.shown;
  return dup_bundle (&self, query, more);
}
