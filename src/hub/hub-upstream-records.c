/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-builder.h"
#include "hub-link.h"
#include "hub-reply.h"
#include "hub-upstream.h"

/* The records in another server, as works see them. It may choose ids itself, send no bodies and
 * answer a search with what was not asked for: what is made is found by its identifier. */

#define MAX_PAGES 20
#define MAX_FOUND 1000

static HubUpstream *
upstream_of (HubRecords *records)
{
  return ((HubRecordsUpstream *) records)->upstream;
}

static FhirResource *
upstream_get (HubRecords *self, const char *type, const char *id, GError **error)
{
  GHashTable *read = ((HubRecordsUpstream *) self)->read;
  g_autofree char *path = g_strdup_printf ("%s/%s", type, id);
  const NetRequest request = { .method = "GET", .path = path };
  FhirResource *known = g_hash_table_lookup (read, path);
  g_autoptr (NetAnswer) answer = NULL;

  if (known != NULL)
    return fhir_resource_ref (known);
  answer = hub_upstream_send (upstream_of (self), &request, error);
  if (answer == NULL)
    return NULL;
  if (answer->resource == NULL || g_strcmp0 (fhir_resource_get_type (answer->resource), type) != 0)
    {
      g_set_error (error, HUB_ERROR, 503,
                   "The server with the clinic's records, %s, answered something else than a %s",
                   hub_upstream_get_url (upstream_of (self)), type);
      return NULL;
    }
  g_hash_table_insert (read, g_steal_pointer (&path), fhir_resource_ref (answer->resource));
  return fhir_resource_ref (answer->resource);
}

static void
take_entries (FhirResource *bundle, const char *type, GPtrArray *found)
{
  fhir_element_foreach (entry, fhir_resource_path (bundle, "entry"))
    {
      const char *mode = fhir_element_path_text (entry, "search.mode");
      const FhirElement *element = fhir_element_get (entry, "resource");
      FhirResource *resource =
          element != NULL && (mode == NULL || g_str_equal (mode, "match")) && found->len < MAX_FOUND
              ? fhir_resource_new_from_element (element, NULL)
              : NULL;

      if (resource != NULL && g_strcmp0 (fhir_resource_get_type (resource), type) == 0)
        g_ptr_array_add (found, resource);
      else if (resource != NULL)
        fhir_resource_unref (resource);
    }
}

static GPtrArray *
upstream_search (HubRecords *self, const char *type, const char *query, GError **error)
{
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (FhirResource) bundle = hub_upstream_search (upstream_of (self), type, query, error);

  for (guint page = 0; bundle != NULL; page++)
    {
      g_autofree char *next = g_strdup (net_fhir_bundle_get_next (bundle));

      take_entries (bundle, type, found);
      if (next == NULL || page >= MAX_PAGES || found->len >= MAX_FOUND)
        return g_steal_pointer (&found);
      fhir_resource_unref (bundle);
      bundle = hub_upstream_page (upstream_of (self), next, error);
    }
  return NULL;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* Most types have a list of identifiers, a QuestionnaireResponse has one. */
static const char *
identifier_of (FhirResource *resource)
{
  const char *value = fhir_resource_path_text (resource, "identifier.0.value");

  return value != NULL ? value : fhir_resource_path_text (resource, "identifier.value");
}

/* The id of what stands there already under the first identifier of @resource. */
static char *
find_by_identifier (HubRecords *self, FhirResource *resource, const char *query, GError **error)
{
  const char *value = identifier_of (resource);
  g_autoptr (GPtrArray) found =
      upstream_search (self, fhir_resource_get_type (resource), query, error);

  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      if (g_strcmp0 (fhir_resource_path_text (found->pdata[i], "identifier.value"), value) == 0)
        return g_strdup (fhir_resource_get_id (found->pdata[i]));
      fhir_element_foreach (identifier, fhir_resource_path (found->pdata[i], "identifier"))
        if (g_strcmp0 (fhir_element_path_text (identifier, "value"), value) == 0 &&
            g_strcmp0 (fhir_element_path_text (identifier, "system"), HUB_RECORDS_IDENTIFIER) == 0)
          return g_strdup (fhir_resource_get_id (found->pdata[i]));
    }
  if (found != NULL)
    g_set_error (error, HUB_ERROR, 503,
                 "The server with the clinic's records, %s, made a record that it does not find "
                 "again",
                 hub_upstream_get_url (upstream_of (self)));
  return NULL;
}

static char *
id_of_answer (NetAnswer *answer)
{
  const char *slash = answer->location != NULL ? strchr (answer->location, '/') : NULL;

  if (answer->resource != NULL && fhir_resource_get_id (answer->resource) != NULL &&
      g_strcmp0 (fhir_resource_get_type (answer->resource), "OperationOutcome") != 0)
    return g_strdup (fhir_resource_get_id (answer->resource));
  return slash != NULL ? g_strdup (slash + 1) : NULL;
}

static gboolean
create (HubRecords *self, FhirResource *after, char **id, gboolean *changed, GError **error)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (after);
  g_autofree char *value = g_uri_escape_string (identifier_of (after), NULL, FALSE);
  g_autofree char *query = g_strconcat ("identifier=" HUB_RECORDS_IDENTIFIER "|", value, NULL);
  g_autoptr (FhirResource) plain = NULL;
  g_autoptr (NetAnswer) answer = NULL;

  fhir_builder_remove (builder, "id");
  plain = fhir_builder_end (builder);
  {
    const NetRequest request = { .method = "POST",
                                 .path = fhir_resource_get_type (after),
                                 .body = plain,
                                 .if_none_exist = query };

    answer = hub_upstream_send (upstream_of (self), &request, error);
  }
  if (answer == NULL)
    return FALSE;
  *changed = answer->status == 201;
  *id = id_of_answer (answer);
  if (*id == NULL)
    *id = find_by_identifier (self, after, query, error);
  return *id != NULL;
}

static gboolean
upstream_put (HubRecords *self,
              FhirResource *before,
              FhirResource *after,
              char **id,
              gboolean *changed,
              GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (NetAnswer) answer = NULL;

  if (before == NULL)
    return create (self, after, id, changed, error);
  *id = g_strdup (fhir_resource_get_id (before));
  *changed =
      !g_str_equal (fhir_resource_get_text (before, NULL), fhir_resource_get_text (after, NULL));
  if (!*changed)
    return TRUE;
  path = fhir_resource_dup_reference (before);
  g_hash_table_remove (((HubRecordsUpstream *) self)->read, path);
  {
    const NetRequest request = {
      .method = "PUT", .path = path, .body = after, .if_match = fhir_resource_get_version (before)
    };

    answer = hub_upstream_send (upstream_of (self), &request, error);
  }
  return answer != NULL;
}

/**
 * hub_upstream_audit:
 * @patient: (nullable): stands in the log as a pseudonym
 *
 * The hub keeps no audit of its own here: who runs it keeps its log, and the other server knows
 * what the hub read and wrote there.
 */
void
hub_upstream_audit (HubUpstream *self,
                    const char *action,
                    const char *who,
                    const char *patient,
                    const char *reference,
                    const char *detail)
{
  g_autofree char *mark =
      patient != NULL ? hub_link_mark (hub_upstream_get_link_key (self), "audit", patient) : NULL;

  g_message ("audit: %s by %s: %s, %s%s%.12s", action, who, reference != NULL ? reference : "-",
             detail != NULL ? detail : "-", mark != NULL ? ", patient " : "",
             mark != NULL ? mark : "");
}

static gboolean
audit (HubRecords *self,
       const char *action,
       const char *who,
       const char *patient,
       const char *reference,
       const char *detail,
       GError **error)
{
  hub_upstream_audit (upstream_of (self), action, who, patient, reference, detail);
  return TRUE;
}

void
hub_records_upstream_init (HubRecordsUpstream *self, HubUpstream *upstream)
{
  static const HubRecordsInterface interface = {
    upstream_get,           upstream_search,        upstream_put,           audit,
    hub_upstream_make_link, hub_upstream_load_link, hub_upstream_save_link, NULL,
  };

  self->parent.interface = &interface;
  self->parent.clock = hub_upstream_get_clock (upstream);
  self->upstream = upstream;
  self->read =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) fhir_resource_unref);
}

void
hub_records_upstream_clear (HubRecordsUpstream *self)
{
  g_hash_table_unref (self->read);
}
