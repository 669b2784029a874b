/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-fhir-client-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "net-error.h"

/* What is asked of a FHIR server, in its words. All of this blocks: for worker threads. Searches
 * that name a patient are sent as a form. */

/* The resource of an answer that must have one. */
static FhirResource *
steal_resource (NetAnswer *answer, const char *type, GError **error)
{
  g_autoptr (NetAnswer) owned = answer;

  if (owned == NULL)
    return NULL;
  if (owned->resource == NULL ||
      (type != NULL && g_strcmp0 (fhir_resource_get_type (owned->resource), type) != 0))
    {
      net_error_set_protocol (error, TRUE,
                              _ ("The server did not answer with a %s, as it should have."),
                              type != NULL ? type : "resource");
      return NULL;
    }
  return g_steal_pointer (&owned->resource);
}

FhirResource *
net_fhir_client_read (NetFhirClient *self,
                      const char *type,
                      const char *id,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", type, id);
  const NetRequest request = { .method = "GET", .path = path };

  return steal_resource (net_fhir_client_send (self, &request, cancellable, error), type, error);
}

/**
 * net_fhir_client_search:
 * @query: (nullable): as after the question mark, escaped
 * @identifying: the query names a patient: it goes as a form, where the server takes that
 *
 * Returns: (transfer full) (nullable): a Bundle, its first page
 */
FhirResource *
net_fhir_client_search (NetFhirClient *self,
                        const char *type,
                        const char *query,
                        gboolean identifying,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autofree char *plain = g_strdup_printf ("%s?%s", type, query != NULL ? query : "");
  const NetRequest request = { .method = "GET", .path = plain };

  if (identifying && !g_atomic_int_get (&self->no_form_search))
    {
      g_autofree char *path = g_strdup_printf ("%s/_search", type);
      g_autoptr (GError) problem = NULL;
      const NetRequest form = { .method = "POST", .path = path, .form = query };
      g_autoptr (NetAnswer) answer = net_fhir_client_send (self, &form, cancellable, &problem);

      if (answer != NULL)
        return steal_resource (g_steal_pointer (&answer), "Bundle", error);
      if (!g_error_matches (problem, NET_ERROR, NET_ERROR_NOT_FOUND) &&
          !g_error_matches (problem, NET_ERROR, NET_ERROR_REFUSED))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
      g_atomic_int_set (&self->no_form_search, TRUE);
    }
  return steal_resource (net_fhir_client_send (self, &request, cancellable, error), "Bundle",
                         error);
}

/**
 * net_fhir_client_page:
 * @link: a Bundle's next link, taken as it is; one to another server is refused
 */
FhirResource *
net_fhir_client_page (NetFhirClient *self,
                      const char *link,
                      GCancellable *cancellable,
                      GError **error)
{
  const NetRequest request = { .method = "GET", .path = link };

  return steal_resource (net_fhir_client_send (self, &request, cancellable, error), "Bundle",
                         error);
}

NetAnswer *
net_fhir_client_create (NetFhirClient *self,
                        FhirResource *resource,
                        const char *if_none_exist,
                        GCancellable *cancellable,
                        GError **error)
{
  const NetRequest request = { .method = "POST",
                               .path = fhir_resource_get_type (resource),
                               .body = resource,
                               .if_none_exist = if_none_exist };

  return net_fhir_client_send (self, &request, cancellable, error);
}

NetAnswer *
net_fhir_client_update (NetFhirClient *self,
                        FhirResource *resource,
                        const char *if_match,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autofree char *path = fhir_resource_dup_reference (resource);
  const NetRequest request = {
    .method = "PUT", .path = path, .body = resource, .if_match = if_match
  };

  return net_fhir_client_send (self, &request, cancellable, error);
}

NetAnswer *
net_fhir_client_delete (NetFhirClient *self,
                        const char *type,
                        const char *id,
                        const char *if_match,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", type, id);
  const NetRequest request = { .method = "DELETE", .path = path, .if_match = if_match };

  return net_fhir_client_send (self, &request, cancellable, error);
}

/**
 * net_fhir_client_transaction:
 * @bundle: of type transaction or batch
 *
 * Returns: (transfer full) (nullable): the answering Bundle, an entry for each that was sent
 */
FhirResource *
net_fhir_client_transaction (NetFhirClient *self,
                             FhirResource *bundle,
                             GCancellable *cancellable,
                             GError **error)
{
  const NetRequest request = { .method = "POST", .path = "", .body = bundle };

  return steal_resource (net_fhir_client_send (self, &request, cancellable, error), "Bundle",
                         error);
}

FhirResource *
net_fhir_client_metadata (NetFhirClient *self, GCancellable *cancellable, GError **error)
{
  const NetRequest request = { .method = "GET", .path = "metadata" };

  return steal_resource (net_fhir_client_send (self, &request, cancellable, error),
                         "CapabilityStatement", error);
}

/**
 * net_fhir_bundle_get_next:
 *
 * Returns: (transfer none) (nullable): the opaque link to the page after this one
 */
const char *
net_fhir_bundle_get_next (FhirResource *bundle)
{
  fhir_element_foreach (link, fhir_resource_path (bundle, "link"))
    if (g_strcmp0 (fhir_element_path_text (link, "relation"), "next") == 0)
      return fhir_element_path_text (link, "url");
  return NULL;
}
