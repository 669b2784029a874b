/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock-fhir.h"

#include <libsoup/soup.h>
#include <string.h>

#include "fhir-builder.h"

struct MockServer
{
  SoupServer *soup;
  GHashTable *resources; /* "Type/id" → FhirResource; deleted ones map to NULL */
  guint port;
  guint64 version;
  guint64 id;
};

static void
unref_if_any (gpointer resource)
{
  if (resource != NULL)
    fhir_resource_unref (resource);
}

/* Versions are opaque to clients, so they do not look like numbers; times grow by a second each. */
static FhirResource *
stamp (MockFhir *self, FhirResource *resource, const char *id)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (resource);
  guint64 version = ++self->server->version;
  g_autofree char *text = g_strdup_printf ("v%" G_GUINT64_FORMAT "x", version);
  g_autofree char *updated =
      g_strdup_printf ("2026-11-09T%02u:%02u:%02u.000Z", (guint) (version / 3600) % 24,
                       (guint) (version / 60) % 60, (guint) version % 60);

  fhir_builder_set (builder, "id", id);
  fhir_builder_set (builder, "meta.versionId", text);
  fhir_builder_set (builder, "meta.lastUpdated", updated);
  return fhir_builder_end (builder);
}

static FhirResource *
store (MockFhir *self, FhirResource *resource, const char *id)
{
  FhirResource *stamped = stamp (self, resource, id);

  g_hash_table_replace (self->server->resources, fhir_resource_dup_reference (stamped), stamped);
  return stamped;
}

static void
answer (SoupServerMessage *message, guint status, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  if (body != NULL)
    soup_server_message_set_response (message, "application/fhir+json", SOUP_MEMORY_COPY, body,
                                      strlen (body));
}

static void
answer_outcome (SoupServerMessage *message, guint status, const char *text)
{
  g_autofree char *body =
      g_strdup_printf ("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\","
                       "\"code\":\"processing\",\"diagnostics\":\"%s\"}]}",
                       text);

  answer (message, status, body);
}

static gboolean
refers_to (FhirResource *resource, const char *patient)
{
  g_autofree char *reference = g_strdup_printf ("\"Patient/%s\"", patient);

  return strstr (fhir_resource_get_text (resource, NULL), reference) != NULL;
}

static gboolean
matches (FhirResource *resource, GHashTable *query)
{
  const char *patient = g_hash_table_lookup (query, "patient");
  const char *identifier = g_hash_table_lookup (query, "identifier");
  const char *since = g_hash_table_lookup (query, "_lastUpdated");
  const char *ids = g_hash_table_lookup (query, "_id");
  g_auto (GStrv) wanted = g_strsplit (ids != NULL ? ids : "", ",", -1);
  const char *bar = identifier != NULL ? strchr (identifier, '|') : NULL;

  if (patient != NULL && !refers_to (resource, patient))
    return FALSE;
  if (bar != NULL && strstr (fhir_resource_get_text (resource, NULL), bar + 1) == NULL)
    return FALSE;
  if (since != NULL && strcmp (fhir_resource_get_updated (resource), since + strlen ("ge")) < 0)
    return FALSE;
  return ids == NULL ||
         g_strv_contains ((const char *const *) wanted, fhir_resource_get_id (resource));
}

static int
compare_updated (gconstpointer a, gconstpointer b)
{
  return strcmp (fhir_resource_get_updated (*(FhirResource *const *) a),
                 fhir_resource_get_updated (*(FhirResource *const *) b));
}

static GPtrArray *
find (MockFhir *self, const char *type, GHashTable *query)
{
  GPtrArray *found = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer resource;

  g_hash_table_iter_init (&iter, self->server->resources);
  while (g_hash_table_iter_next (&iter, NULL, &resource))
    if (resource != NULL && strcmp (fhir_resource_get_type (resource), type) == 0 &&
        matches (resource, query))
      g_ptr_array_add (found, resource);
  g_ptr_array_sort (found, compare_updated);
  return found;
}

static void
search (MockFhir *self, SoupServerMessage *message, const char *type, const char *text)
{
  g_autoptr (GHashTable) query = soup_form_decode (text != NULL ? text : "");
  g_autoptr (GPtrArray) found = find (self, type, query);
  const char *skip_text = g_hash_table_lookup (query, "skip");
  guint skip = skip_text != NULL ? (guint) g_ascii_strtoull (skip_text, NULL, 10) : 0;
  guint end = MIN (found->len, skip + self->page_size);
  g_autoptr (GString) body = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",");

  if (end < found->len && self->next_link != NULL)
    g_string_append_printf (body, "\"link\":[{\"relation\":\"next\",\"url\":\"%s\"}],",
                            self->next_link);
  else if (end < found->len)
    {
      g_autofree char *url = mock_fhir_dup_url (self);

      g_hash_table_remove (query, "skip");
      g_autofree char *rest = soup_form_encode_hash (query);

      g_string_append_printf (body,
                              "\"link\":[{\"relation\":\"next\",\"url\":\"%s/%s?%s&skip=%u\"}],",
                              url, type, rest, end);
    }
  g_string_append (body, "\"entry\":[");
  for (guint i = skip; i < end; i++)
    g_string_append_printf (body, "%s{\"resource\":%s}", i > skip ? "," : "",
                            fhir_resource_get_text (found->pdata[i], NULL));
  g_string_append (body, "]}");
  answer (message, 200, body->str);
}

static void
read_one (MockFhir *self, SoupServerMessage *message, const char *reference)
{
  gpointer resource;

  if (!g_hash_table_lookup_extended (self->server->resources, reference, NULL, &resource))
    answer_outcome (message, 404, "There is no such resource");
  else if (resource == NULL)
    answer_outcome (message, 410, "It was deleted");
  else
    answer (message, 200, fhir_resource_get_text (resource, NULL));
}

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
      g_autoptr (GPtrArray) found = if_none_exist != NULL ? find (self, type, query) : NULL;

      g_free (entry->reference);
      if (found != NULL && found->len > 0)
        entry->existing = found->pdata[0];
      if (entry->existing != NULL)
        entry->reference = fhir_resource_dup_reference (entry->existing);
      else if (!self->numbered_ids && g_str_has_prefix (entry->full_url, "urn:uuid:"))
        entry->reference = g_strdup_printf ("%s/%s", type, entry->full_url + strlen ("urn:uuid:"));
      else
        entry->reference = g_strdup_printf ("%s/n%" G_GUINT64_FORMAT, type, ++self->server->id);
      return 0;
    }
  if (entry->if_match == NULL)
    return 0;
  entry->existing = g_hash_table_lookup (self->server->resources, url);
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
        stored = store (self, resource, slash + 1);
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
transact (MockFhir *self, FhirResource *bundle, guint *status)
{
  const FhirElement *list = fhir_resource_path (bundle, "entry");
  guint count = (guint) fhir_element_get_length (list), i = 0;
  g_autofree Entry *entries = g_new0 (Entry, count);
  GString *body =
      g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"transaction-response\",\"entry\":[");

  *status = 0;
  fhir_element_foreach (element, list)
    {
      guint refusal = prepare (self, element, &entries[i++]);

      *status = *status == 0 ? refusal : *status;
    }
  for (guint j = 0; *status == 0 && j < count; j++)
    commit (self, entries, count, j, body);
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
static void
send_half (SoupServerMessage *message, const char *body)
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

static void
on_transaction (MockFhir *self, SoupServerMessage *message)
{
  SoupMessageBody *sent = soup_server_message_get_request_body (message);
  g_autoptr (FhirResource) bundle = fhir_resource_parse (sent->data, (gssize) sent->length, NULL);
  MockFault fault = self->fault_count > 0 ? self->fault : MOCK_FAULT_NONE;
  g_autofree char *body = NULL;
  guint status;

  self->transactions++;
  if (self->fault_count > 0 && self->fault_count != G_MAXUINT)
    self->fault_count--;
  if (self->before_transaction != NULL)
    self->before_transaction (self, self->hook_data);
  if (fault == MOCK_FAULT_STATUS)
    {
      if (self->retry_after != NULL)
        soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                      "Retry-After", self->retry_after);
      answer_outcome (message, self->status, "Switched on by the test");
      return;
    }
  if (fault == MOCK_FAULT_CUT_BEFORE)
    {
      cut (message);
      return;
    }
  body = transact (self, bundle, &status);
  if (status != 0)
    answer_outcome (message, status,
                    status == 422 ? "The dose is missing" : "The version does not match");
  else if (fault == MOCK_FAULT_CUT_AFTER)
    cut (message);
  else if (fault == MOCK_FAULT_HALF)
    send_half (message, body);
  else
    answer (message, 200, body);
}

static void
on_request (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *unused,
            gpointer data)
{
  MockFhir *self = data;
  const char *method = soup_server_message_get_method (message);
  g_auto (GStrv) parts = g_strsplit (path + strlen ("/fhir"), "/", -1);
  guint count = g_strv_length (parts);

  self->requests++;
  if (strcmp (method, "POST") == 0 && count <= 1)
    on_transaction (self, message);
  else if (count == 2 && strcmp (parts[1], "metadata") == 0)
    answer (
        message, 200,
        "{\"resourceType\":\"CapabilityStatement\",\"rest\":[{\"mode\":\"server\",\"resource\":["
        "{\"type\":\"Patient\"},{\"type\":\"AllergyIntolerance\"},{\"type\":\"Condition\"},"
        "{\"type\":\"MedicationRequest\"},{\"type\":\"Observation\"},{\"type\":\"Task\"},{\"type\":"
        "\"Encounter\"},"
        "{\"type\":\"Provenance\"}]}]}");
  else if (strcmp (method, "POST") == 0 && count == 3 && strcmp (parts[2], "_search") == 0)
    search (self, message, parts[1], soup_server_message_get_request_body (message)->data);
  else if (strcmp (method, "GET") == 0 && count == 2)
    search (self, message, parts[1], g_uri_get_query (soup_server_message_get_uri (message)));
  else if (strcmp (method, "GET") == 0 && count == 3)
    read_one (self, message, path + strlen ("/fhir/"));
  else
    answer_outcome (message, 404, "The mock does not know this");
}

MockFhir *
mock_fhir_new (void)
{
  MockFhir *self = g_new0 (MockFhir, 1);

  self->page_size = 100;
  self->log = g_ptr_array_new_with_free_func (g_free);
  self->server = g_new0 (struct MockServer, 1);
  self->server->resources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_if_any);
  mock_fhir_set_reachable (self, TRUE);
  return self;
}

void
mock_fhir_free (MockFhir *self)
{
  mock_fhir_set_reachable (self, FALSE);
  g_hash_table_unref (self->server->resources);
  g_free (self->server);
  g_ptr_array_unref (self->log);
  g_free (self);
}

char *
mock_fhir_dup_url (MockFhir *self)
{
  return g_strdup_printf ("http://127.0.0.1:%u/fhir", self->server->port);
}

/* Comes back on the same port. */
void
mock_fhir_set_reachable (MockFhir *self, gboolean reachable)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new (loopback, (guint16) self->server->port);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  if (self->server->soup != NULL)
    soup_server_disconnect (self->server->soup);
  g_clear_object (&self->server->soup);
  if (!reachable)
    return;
  self->server->soup = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server->soup, "/fhir", on_request, self, NULL);
  soup_server_listen (self->server->soup, address, 0, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server->soup);
  self->server->port = (guint) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

void
mock_fhir_put (MockFhir *self, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) resource = fhir_resource_parse (json, -1, &error);

  g_assert_no_error (error);
  store (self, resource, fhir_resource_get_id (resource));
}

void
mock_fhir_delete (MockFhir *self, const char *type, const char *id)
{
  g_hash_table_replace (self->server->resources, g_strdup_printf ("%s/%s", type, id), NULL);
}

/* Borrowed; NULL where it is not there. */
FhirResource *
mock_fhir_get (MockFhir *self, const char *type, const char *id)
{
  g_autofree char *reference = g_strdup_printf ("%s/%s", type, id);

  return g_hash_table_lookup (self->server->resources, reference);
}

guint
mock_fhir_count (MockFhir *self, const char *type)
{
  g_autoptr (GHashTable) everything = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) found = find (self, type, everything);

  return found->len;
}
