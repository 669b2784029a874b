/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock-fhir-private.h"

#include <string.h>

#include "fhir-builder.h"

/* The mock's writes: bundles, single records, and how they fail. */

/* One entry of a transaction; `reference` is where it will stand. */
typedef struct
{
  const FhirElement *element;
  const char *method, *if_match, *full_url;
  char *reference;
  FhirResource *existing;
} Entry;

static guint
prepare (MockFhir *self, const FhirElement *element, Entry *entry)
{
  const char *url = fhir_element_path_text (element, "request.url");
  const char *if_none_exist = fhir_element_path_text (element, "request.ifNoneExist");
  const char *type = fhir_element_path_text (element, "resource.resourceType");
  g_autoptr (GHashTable) query = soup_form_decode (if_none_exist != NULL ? if_none_exist : "");
  g_autofree char *tag = NULL;

  *entry = (Entry) { .element = element,
                     .method = fhir_element_path_text (element, "request.method"),
                     .if_match = fhir_element_path_text (element, "request.ifMatch"),
                     .full_url = fhir_element_path_text (element, "fullUrl"),
                     .reference = g_strdup (url) };
  if (g_strcmp0 (type, self->refuse_type) == 0 && type != NULL)
    return 422;
  if (strcmp (entry->method, "POST") == 0)
    {
      g_autoptr (GPtrArray) found =
          if_none_exist != NULL && !self->no_if_none_exist ? mock_find (self, type, query) : NULL;

      g_free (entry->reference);
      if (self->wrong_record && if_none_exist != NULL)
        {
          g_ptr_array_unref (found);
          found = mock_fhir_list (self, type);
        }
      if (found != NULL && found->len > 0)
        entry->existing = found->pdata[0];
      if (entry->existing != NULL)
        entry->reference = fhir_resource_dup_reference (entry->existing);
      else if (!self->numbered_ids && self->no_new_ids == 0 && entry->full_url != NULL &&
               g_str_has_prefix (entry->full_url, "urn:uuid:"))
        entry->reference = g_strdup_printf ("%s/%s", type, entry->full_url + strlen ("urn:uuid:"));
      else
        entry->reference = g_strdup_printf ("%s/n%" G_GUINT64_FORMAT, type, ++self->server->id);
      return 0;
    }
  entry->existing = g_hash_table_lookup (self->server->resources, url);
  if (entry->existing == NULL && strcmp (entry->method, "PUT") == 0 && self->no_new_ids != 0)
    return self->no_new_ids;
  if (entry->if_match == NULL || self->no_if_match ||
      (self->no_if_match_on_delete && strcmp (entry->method, "DELETE") == 0))
    return 0;
  tag = entry->existing != NULL
            ? g_strdup_printf ("W/\"%s\"", fhir_resource_get_version (entry->existing))
            : NULL;
  return g_strcmp0 (tag, entry->if_match) == 0 ? 0 : 412;
}

static FhirResource *
with_references (const Entry *entries, guint count, const FhirElement *element)
{
  g_autoptr (GString) text = g_string_new_take (fhir_element_dup_json (element));

  for (guint i = 0; i < count; i++)
    if (entries[i].full_url != NULL && g_str_has_prefix (entries[i].full_url, "urn:uuid:"))
      g_string_replace (text, entries[i].full_url, entries[i].reference, 0);
  return fhir_resource_parse (text->str, (gssize) text->len, NULL);
}

static void
commit (MockFhir *self, const Entry *entries, guint count, guint position, GString *body)
{
  const Entry *entry = &entries[position];
  const char *slash = strchr (entry->reference, '/');
  FhirResource *stored = entry->existing;

  g_string_append (body, position > 0 ? ",{" : "{");
  if (strcmp (entry->method, "DELETE") == 0)
    {
      g_hash_table_replace (self->server->resources, g_strdup (entry->reference), NULL);
      g_string_append (body, "\"response\":{\"status\":\"204 No Content\"}}");
    }
  else
    {
      g_autoptr (FhirResource) resource =
          with_references (entries, count, fhir_element_get (entry->element, "resource"));

      if (strcmp (entry->method, "PUT") == 0 || stored == NULL)
        stored = mock_store (self, resource, slash + 1);
      if (!self->no_bodies)
        g_string_append_printf (body, "\"resource\":%s,", fhir_resource_get_text (stored, NULL));
      g_string_append_printf (
          body,
          "\"response\":{\"status\":\"201 Created\",\"location\":\"%s/_history/%s\","
          "\"etag\":\"W/\\\"%s\\\"\"}}",
          entry->reference, fhir_resource_get_version (stored), fhir_resource_get_version (stored));
    }
  g_ptr_array_add (self->log, g_strdup_printf ("%s %s", entry->method, entry->reference));
}

static char *
transact (MockFhir *self, FhirResource *bundle, gboolean apart, guint *status)
{
  const FhirElement *list = fhir_resource_path (bundle, "entry");
  guint count = (guint) fhir_element_get_length (list), i = 0;
  g_autofree Entry *entries = g_new0 (Entry, count);
  g_autofree guint *refusals = g_new0 (guint, count);
  GString *body =
      g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"transaction-response\",\"entry\":[");

  *status = 0;
  fhir_element_foreach (element, list)
    {
      refusals[i] = prepare (self, element, &entries[i]);
      *status = *status == 0 && !apart ? refusals[i] : *status;
      i++;
    }
  for (guint j = 0; *status == 0 && j < count; j++)
    if (refusals[j] == 0)
      commit (self, entries, count, j, body);
    else
      g_string_append_printf (body, "%s{\"response\":{\"status\":\"%u Refused\"}}",
                              j > 0 ? "," : "", refusals[j]);
  for (guint j = 0; j < count; j++)
    g_free (entries[j].reference);
  g_string_append (body, "]}");
  return g_string_free_and_steal (body);
}

static void
cut (SoupServerMessage *message)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  g_io_stream_close (stream, NULL, NULL);
}

/* Half of what the length promised. */
void
mock_send_half (SoupServerMessage *message, const char *body)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  g_autofree char *text = g_strdup_printf (
      "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: %" G_GSIZE_FORMAT
      "\r\n\r\n%.*s",
      strlen (body), (int) strlen (body) / 2, body);

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL,
                             NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

/* FALSE where the fault already answered, or cut, before anything was done. */
static gboolean
begin_write (MockFhir *self, SoupServerMessage *message, MockFault *fault)
{
  *fault = self->fault_count > 0 ? self->fault : MOCK_FAULT_NONE;
  if (self->fault_count > 0 && self->fault_count != G_MAXUINT)
    self->fault_count--;
  if (self->before_transaction != NULL)
    self->before_transaction (self, self->hook_data);
  if (*fault == MOCK_FAULT_STATUS)
    {
      if (self->retry_after != NULL)
        soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                      "Retry-After", self->retry_after);
      mock_answer_outcome (message, self->status, "Switched on by the test");
    }
  else if (*fault == MOCK_FAULT_CUT_BEFORE)
    cut (message);
  return *fault != MOCK_FAULT_STATUS && *fault != MOCK_FAULT_CUT_BEFORE;
}

static void
end_write (SoupServerMessage *message, MockFault fault, guint status, const char *body)
{
  if (fault == MOCK_FAULT_CUT_AFTER)
    cut (message);
  else if (fault == MOCK_FAULT_HALF && body != NULL)
    mock_send_half (message, body);
  else
    mock_answer (message, status, body);
}

void
mock_on_transaction (MockFhir *self, SoupServerMessage *message)
{
  SoupMessageBody *sent = soup_server_message_get_request_body (message);
  g_autoptr (FhirResource) bundle = fhir_resource_parse (sent->data, (gssize) sent->length, NULL);
  g_autofree char *body = NULL;
  MockFault fault;
  guint status;

  self->transactions++;
  if (!begin_write (self, message, &fault))
    return;
  if (self->no_transactions)
    {
      mock_answer_outcome (message, 404, "There is nothing here");
      return;
    }
  body = transact (self, bundle, self->batch_only, &status);
  if (status != 0)
    mock_answer_outcome (message, status,
                         status == 422 ? "The dose is missing" : "The version does not match");
  else
    end_write (message, fault, 200, body);
}

/* A single write as an entry of a transaction of one. */
static FhirResource *
wrap (SoupServerMessage *message, const char *type, const char *id)
{
  SoupMessageBody *sent = soup_server_message_get_request_body (message);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr (GError) error = NULL;
  const char *if_none_exist = soup_message_headers_get_one (headers, "If-None-Exist");
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Bundle", NULL);
  g_autoptr (FhirResource) resource =
      sent->length > 0 ? fhir_resource_parse (sent->data, (gssize) sent->length, &error) : NULL;
  g_autofree char *url = id != NULL ? g_strdup_printf ("%s/%s", type, id) : g_strdup (type);

  g_assert_no_error (error);
  g_assert_true (resource != NULL ||
                 strcmp (soup_server_message_get_method (message), "DELETE") == 0);
  fhir_builder_set (builder, "entry.0.request.method", soup_server_message_get_method (message));
  fhir_builder_set (builder, "entry.0.request.url", url);
  fhir_builder_set (builder, "entry.0.request.ifMatch",
                    soup_message_headers_get_one (headers, "If-Match"));
  fhir_builder_set (builder, "entry.0.request.ifNoneExist", if_none_exist);
  if (resource != NULL)
    fhir_builder_set_element (builder, "entry.0.resource", fhir_resource_get_root (resource));
  return fhir_builder_end (builder);
}

static void
add_headers (MockFhir *self, SoupServerMessage *message, const char *location, const char *version)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *where = NULL;
  g_autofree char *tag = NULL;

  if (version == NULL)
    return;
  if (self->bare_answers)
    {
      g_auto (GStrv) parts = g_strsplit (location, "/", 3);

      where = g_strdup_printf ("4_0_0/%s/%s", parts[0], parts[1]);
      tag = g_strdup ("1");
    }
  else
    {
      where = g_strdup_printf ("http://127.0.0.1:%u/fhir/%s", self->server->port, location);
      tag = g_strdup_printf ("W/\"%s\"", self->wrong_etags ? "never" : version);
    }
  soup_message_headers_replace (headers, "Location", where);
  soup_message_headers_replace (headers, "ETag", tag);
}

static gboolean
wants_little (SoupServerMessage *message)
{
  return g_strcmp0 (soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                  "Prefer"),
                    "return=minimal") == 0;
}

void
mock_on_write (MockFhir *self, SoupServerMessage *message, const char *type, const char *id)
{
  g_autoptr (FhirResource) bundle = wrap (message, type, id);
  g_autofree char *text = NULL;
  g_autoptr (FhirResource) answered = NULL;
  g_autofree char *body = NULL;
  MockFault fault;
  guint status;

  self->writes++;
  if (!begin_write (self, message, &fault))
    return;
  text = transact (self, bundle, FALSE, &status);
  if (status != 0)
    {
      mock_answer_outcome (message, status,
                           status == 422 ? "The dose is missing" : "The version does not match");
      return;
    }
  answered = fhir_resource_parse (text, -1, NULL);
  add_headers (self, message, fhir_resource_path_text (answered, "entry.0.response.location"),
               fhir_resource_path_text (answered, "entry.0.response.etag") != NULL
                   ? fhir_resource_path_text (answered, "entry.0.resource.meta.versionId")
                   : NULL);
  if (!self->bare_answers && !wants_little (message) &&
      fhir_resource_path (answered, "entry.0.resource") != NULL)
    body = fhir_element_dup_json (fhir_resource_path (answered, "entry.0.resource"));
  end_write (message, fault,
             strcmp (soup_server_message_get_method (message), "POST") == 0 ? 201 : 200, body);
}
