/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock-fhir-private.h"

/* What the mock was: old versions, a back-up, and the name by which its records are known. */

static void
unref_if_any (gpointer resource)
{
  if (resource != NULL)
    fhir_resource_unref (resource);
}

/* @records: (nullable): NULL: an empty table */
GHashTable *
mock_copy_records (GHashTable *records)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_if_any);
  GHashTableIter iter;
  gpointer key, resource;

  if (records == NULL)
    return copy;
  g_hash_table_iter_init (&iter, records);
  while (g_hash_table_iter_next (&iter, &key, &resource))
    g_hash_table_insert (copy, g_strdup (key),
                         resource != NULL ? fhir_resource_ref (resource) : NULL);
  return copy;
}

void
mock_fhir_back_up (MockFhir *self)
{
  struct MockServer *server = self->server;

  g_clear_pointer (&server->saved_resources, g_hash_table_unref);
  g_clear_pointer (&server->saved_past, g_hash_table_unref);
  server->saved_resources = mock_copy_records (server->resources);
  server->saved_past = mock_copy_records (server->past);
}

/* The server's clock goes on; its records do not remember. */
void
mock_fhir_restore (MockFhir *self)
{
  struct MockServer *server = self->server;

  g_hash_table_unref (server->resources);
  g_hash_table_unref (server->past);
  server->resources = mock_copy_records (server->saved_resources);
  server->past = mock_copy_records (server->saved_past);
}

gboolean
mock_refuse_others (MockFhir *self, SoupServerMessage *message)
{
  const char *known =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    "Bedside-Store");

  if (self->generation == NULL || known == NULL || g_strcmp0 (known, self->generation) == 0)
    return FALSE;
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Bedside-Store",
                                self->generation);
  mock_answer_outcome (message, 412, "These are not the records that you know");
  return TRUE;
}

void
mock_answer_version (MockFhir *self, SoupServerMessage *message, const char *path)
{
  FhirResource *resource = g_hash_table_lookup (self->server->past, path);

  if (resource == NULL)
    mock_answer_outcome (message, 404, "There is no such version");
  else
    mock_answer (message, 200, fhir_resource_get_text (resource, NULL));
}
