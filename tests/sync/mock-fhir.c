/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock-fhir-private.h"

#include <string.h>

#include "fhir-builder.h"

static char *
dup_time (MockFhir *self)
{
  guint64 time = self->server->version - (guint64) self->lag + 3600;

  return g_strdup_printf ("2026-11-09T%02u:%02u:%02u.000Z", (guint) (time / 3600) % 24,
                          (guint) (time / 60) % 60, (guint) time % 60);
}

/* Versions are opaque to clients, so they do not look like numbers; times grow by a second each. */
static char *
dup_version (MockFhir *self, const char *type, const char *id, guint64 version)
{
  g_autofree char *reference = g_strdup_printf ("%s/%s", type, id);
  FhirResource *before = g_hash_table_lookup (self->server->resources, reference);

  if (self->uuid_versions)
    return g_uuid_string_random ();
  if (!self->integer_versions)
    return g_strdup_printf ("v%" G_GUINT64_FORMAT "x", version);
  return g_strdup_printf ("%" G_GUINT64_FORMAT,
                          before != NULL
                              ? g_ascii_strtoull (fhir_resource_get_version (before), NULL, 10) + 1
                              : 1);
}

static FhirResource *
stamp (MockFhir *self, FhirResource *resource, const char *id)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (resource);
  guint64 version = ++self->server->version;
  g_autofree char *text = dup_version (self, fhir_resource_get_type (resource), id, version);
  g_autofree char *updated = dup_time (self);

  fhir_builder_set (builder, "id", id);
  fhir_builder_set (builder, "meta.versionId", text);
  fhir_builder_set (builder, "meta.lastUpdated", updated);
  return fhir_builder_end (builder);
}

FhirResource *
mock_store (MockFhir *self, FhirResource *resource, const char *id)
{
  FhirResource *stamped = stamp (self, resource, id);

  g_hash_table_replace (self->server->resources, fhir_resource_dup_reference (stamped), stamped);
  g_hash_table_replace (self->server->past,
                        g_strdup_printf ("%s/%s/_history/%s", fhir_resource_get_type (stamped), id,
                                         fhir_resource_get_version (stamped)),
                        fhir_resource_ref (stamped));
  return stamped;
}

void
mock_answer (SoupServerMessage *message, guint status, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  if (body != NULL)
    soup_server_message_set_response (message, "application/fhir+json", SOUP_MEMORY_COPY, body,
                                      strlen (body));
}

void
mock_answer_outcome (SoupServerMessage *message, guint status, const char *text)
{
  g_autofree char *body =
      g_strdup_printf ("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\","
                       "\"code\":\"processing\",\"diagnostics\":\"%s\"}]}",
                       text);

  mock_answer (message, status, body);
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
  const char *tag = g_hash_table_lookup (query, "_tag");
  const char *patient = g_hash_table_lookup (query, "patient");
  const char *identifier = g_hash_table_lookup (query, "identifier");
  const char *since = g_hash_table_lookup (query, "_lastUpdated");
  const char *ids = g_hash_table_lookup (query, "_id");
  g_auto (GStrv) wanted = g_strsplit (ids != NULL ? ids : "", ",", -1);
  const char *asked = identifier != NULL ? identifier : tag;
  const char *bar = asked != NULL ? strchr (asked, '|') : NULL;
  g_autofree char *quoted = bar != NULL ? g_strdup_printf ("\"%s\"", bar + 1) : NULL;

  if (patient != NULL && !refers_to (resource, patient))
    return FALSE;
  if (quoted != NULL && strstr (fhir_resource_get_text (resource, NULL), quoted) == NULL)
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

GPtrArray *
mock_find (MockFhir *self, const char *type, GHashTable *query)
{
  GPtrArray *found = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer resource;

  g_hash_table_iter_init (&iter, self->server->resources);
  while (g_hash_table_iter_next (&iter, NULL, &resource))
    if (resource != NULL && strcmp (fhir_resource_get_type (resource), type) == 0 &&
        g_strcmp0 (fhir_resource_get_id (resource), self->hide) != 0 &&
        (self->no_filters || matches (resource, query)))
      g_ptr_array_add (found, resource);
  g_ptr_array_sort (found, compare_updated);
  return found;
}

static void
append_entry (
    MockFhir *self, GString *body, FhirResource *resource, const char *elements, gboolean comma)
{
  if (comma)
    g_string_append_c (body, ',');
  if (elements != NULL && !self->no_filters)
    g_string_append_printf (
        body,
        "{\"resource\":{\"resourceType\":\"%s\",\"id\":\"%s\",\"meta\":{\"tag\":[{\"code\":"
        "\"SUBSETTED\"}]}}}",
        fhir_resource_get_type (resource), fhir_resource_get_id (resource));
  else
    g_string_append_printf (body, "{\"resource\":%s}", fhir_resource_get_text (resource, NULL));
}

static void
answer_count (SoupServerMessage *message, guint count)
{
  g_autofree char *body =
      g_strdup_printf ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":%u}", count);

  mock_answer (message, 200, body);
}

static void
search (MockFhir *self, SoupServerMessage *message, const char *type, const char *text)
{
  g_autoptr (GHashTable) query = soup_form_decode (text != NULL ? text : "");
  g_autoptr (GPtrArray) found = mock_find (self, type, query);
  const char *skip_text = g_hash_table_lookup (query, "skip");
  guint skip = skip_text != NULL ? (guint) g_ascii_strtoull (skip_text, NULL, 10) : 0;
  guint end = MIN (found->len, skip + self->page_size);
  guint begin = self->doubled_pages && skip > 0 ? skip - 1 : skip;
  g_autoptr (GString) body = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",");

  if (self->counts && g_strcmp0 (g_hash_table_lookup (query, "_summary"), "count") == 0)
    {
      answer_count (message, found->len);
      return;
    }
  if (skip > 0 && self->expire_next > 0)
    {
      self->expire_next--;
      mock_answer_outcome (message, 410, "This link has expired");
      return;
    }
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
  for (guint i = begin; i < end; i++)
    append_entry (self, body, found->pdata[i], g_hash_table_lookup (query, "_elements"), i > begin);
  g_string_append (body, "]}");
  mock_answer (message, 200, body->str);
}

static void
read_one (MockFhir *self, SoupServerMessage *message, const char *reference)
{
  gpointer resource;

  if (!g_hash_table_lookup_extended (self->server->resources, reference, NULL, &resource))
    mock_answer_outcome (message, 404, "There is no such resource");
  else if (resource == NULL)
    mock_answer_outcome (message, self->no_gone ? 404 : 410, "It was deleted");
  else
    mock_answer (message, 200, fhir_resource_get_text (resource, NULL));
}

/* Its deletions; what stands is not asked for here. */
static void
answer_history (MockFhir *self, SoupServerMessage *message, const char *type)
{
  const char *text = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) query = soup_form_decode (text != NULL ? text : "");
  const char *since = g_hash_table_lookup (query, "_since");
  g_autofree char *prefix = g_strconcat (type, "/", NULL);
  g_autoptr (GString) body =
      g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[");
  gsize empty = body->len;
  GHashTableIter iter;
  gpointer reference, when;

  g_hash_table_iter_init (&iter, self->server->deleted);
  while (g_hash_table_iter_next (&iter, &reference, &when))
    if (g_str_has_prefix (reference, prefix) && (since == NULL || strcmp (when, since) >= 0))
      g_string_append_printf (body,
                              "%s{\"request\":{\"method\":\"DELETE\",\"url\":\"%s\"},\"response\":{"
                              "\"status\":\"204\",\"lastModified\":\"%s\"}}",
                              body->len > empty ? "," : "", (char *) reference, (char *) when);
  g_string_append (body, "]}");
  mock_answer (message, 200, body->str);
}

static const char statement[] =
    "{\"resourceType\":\"CapabilityStatement\",\"rest\":[{\"mode\":\"server\",\"resource\":["
    "{\"type\":\"Patient\"},{\"type\":\"AllergyIntolerance\"},{\"type\":\"Condition\"},"
    "{\"type\":\"MedicationRequest\"},{\"type\":\"Observation\"},{\"type\":\"Task\"},{\"type\":"
    "\"Encounter\"},{\"type\":\"Provenance\"},{\"type\":\"DocumentReference\"}]}]}";

static void
route (MockFhir *self, SoupServerMessage *message, GStrv parts, guint count)
{
  const char *method = soup_server_message_get_method (message);
  gboolean get = strcmp (method, "GET") == 0;

  if (strcmp (method, "POST") == 0 && count <= 1 && mock_refuse_others (self, message))
    return;
  if (strcmp (method, "POST") == 0 && count <= 1)
    mock_on_transaction (self, message);
  else if (count == 2 && strcmp (parts[1], "metadata") == 0 && self->silent)
    mock_answer_outcome (message, 404, "There is nothing here");
  else if (count == 2 && strcmp (parts[1], "metadata") == 0)
    mock_answer (message, 200, self->statement != NULL ? self->statement : statement);
  else if (mock_refuse_others (self, message))
    return;
  else if (strcmp (method, "POST") == 0 && count == 3 && strcmp (parts[2], "_search") == 0)
    search (self, message, parts[1], soup_server_message_get_request_body (message)->data);
  else if (get && count == 2)
    search (self, message, parts[1], g_uri_get_query (soup_server_message_get_uri (message)));
  else if (get && count == 3 && self->history && strcmp (parts[2], "_history") == 0)
    answer_history (self, message, parts[1]);
  else if (get && count == 3)
    {
      g_autofree char *reference = g_strdup_printf ("%s/%s", parts[1], parts[2]);

      read_one (self, message, reference);
    }
  else if (get && count == 5 && self->vread && strcmp (parts[3], "_history") == 0)
    {
      g_autofree char *path = g_strjoinv ("/", parts + 1);

      mock_answer_version (self, message, path);
    }
  else if ((count == 2 || count == 3) && strcmp (parts[1], "Subscription") != 0)
    mock_on_write (self, message, parts[1], count == 3 ? parts[2] : NULL);
  else
    mock_answer_outcome (message, 404, "The mock does not know this");
}

/* Half of the answer: libsoup asks by itself again where a kept connection gives none at all. */
static void
lose (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  mock_send_half (message, text);
}

/* The next thing that is written will be stamped a second later. */
static void
set_date (MockFhir *self, SoupServerMessage *message)
{
  g_autofree char *text = dup_time (self);
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 (text, NULL);
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Date", date);
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
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_auto (GStrv) parts = g_strsplit (path + strlen ("/fhir"), "/", -1);
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  self->requests++;
  self->patches += strcmp (method, "PATCH") == 0;
  g_ptr_array_add (self->urls,
                   g_strdup_printf ("%s %s%s%s", method, path + strlen ("/fhir"),
                                    query != NULL ? "?" : "", query != NULL ? query : ""));
  if (self->throttle > 0)
    {
      self->throttle--;
      soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                    "Retry-After", self->retry_after);
      mock_answer_outcome (message, 429, "Too many requests");
    }
  else if (self->max_body > 0 && body->length > (goffset) self->max_body)
    mock_answer_outcome (message, self->too_large, "File too large");
  else if (query != NULL && self->refuse_parameter != NULL &&
           strstr (query, self->refuse_parameter) != NULL)
    mock_answer_outcome (message, 400, "This parameter is not known here");
  else
    route (self, message, parts, g_strv_length (parts));
  if (self->dates)
    set_date (self, message);
  if (self->losses != NULL && (guint) g_rand_int_range (self->losses, 0, 100) < self->lost_percent)
    {
      lose (message);
      return;
    }
  if (self->slow_orders && strcmp (method, "POST") == 0 && g_strv_length (parts) <= 1)
    {
      soup_server_message_pause (message);
      g_ptr_array_add (self->server->held, g_object_ref (message));
    }
}

static void
on_chunk (SoupServerMessage *message, GBytes *chunk, MockFhir *self)
{
  self->uploaded += g_bytes_get_size (chunk);
}

/* Before the body is read. */
static void
on_headers (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *unused,
            gpointer data)
{
  MockFhir *self = data;
  goffset length =
      soup_message_headers_get_content_length (soup_server_message_get_request_headers (message));

  if (length < MOCK_LARGE)
    return;
  self->uploads++;
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), self);
  if (!self->slow_uploads)
    return;
  soup_server_message_pause (message);
  g_ptr_array_add (self->server->paused, g_object_ref (message));
}

static void
go_on (GPtrArray *messages)
{
  for (guint i = 0; i < messages->len; i++)
    soup_server_message_unpause (messages->pdata[i]);
  g_ptr_array_set_size (messages, 0);
}

void
mock_fhir_read_on (MockFhir *self)
{
  self->slow_uploads = FALSE;
  go_on (self->server->paused);
}

void
mock_fhir_answer_on (MockFhir *self)
{
  self->slow_orders = FALSE;
  go_on (self->server->held);
}

MockFhir *
mock_fhir_new (void)
{
  MockFhir *self = g_new0 (MockFhir, 1);

  self->page_size = 100;
  self->log = g_ptr_array_new_with_free_func (g_free);
  self->urls = g_ptr_array_new_with_free_func (g_free);
  self->server = g_new0 (struct MockServer, 1);
  self->server->resources = mock_copy_records (NULL);
  self->server->past = mock_copy_records (NULL);
  self->server->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->server->paused = g_ptr_array_new_with_free_func (g_object_unref);
  self->server->held = g_ptr_array_new_with_free_func (g_object_unref);
  mock_fhir_set_reachable (self, TRUE);
  return self;
}

void
mock_fhir_free (MockFhir *self)
{
  mock_fhir_set_reachable (self, FALSE);
  g_hash_table_unref (self->server->resources);
  g_hash_table_unref (self->server->deleted);
  g_hash_table_unref (self->server->past);
  g_clear_pointer (&self->server->saved_resources, g_hash_table_unref);
  g_clear_pointer (&self->server->saved_past, g_hash_table_unref);
  g_ptr_array_unref (self->server->paused);
  g_ptr_array_unref (self->server->held);
  g_free (self->server);
  g_ptr_array_unref (self->urls);
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
  soup_server_add_early_handler (self->server->soup, "/fhir", on_headers, self, NULL);
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
  mock_store (self, resource, fhir_resource_get_id (resource));
}

void
mock_fhir_delete (MockFhir *self, const char *type, const char *id)
{
  self->server->version++;
  g_hash_table_replace (self->server->resources, g_strdup_printf ("%s/%s", type, id), NULL);
  g_hash_table_replace (self->server->deleted, g_strdup_printf ("%s/%s", type, id),
                        dup_time (self));
}

/* Borrowed; NULL where it is not there. */
FhirResource *
mock_fhir_get (MockFhir *self, const char *type, const char *id)
{
  g_autofree char *reference = g_strdup_printf ("%s/%s", type, id);

  return g_hash_table_lookup (self->server->resources, reference);
}

/* (transfer container) */
GPtrArray *
mock_fhir_list (MockFhir *self, const char *type)
{
  g_autoptr (GHashTable) everything = g_hash_table_new (g_str_hash, g_str_equal);

  return mock_find (self, type, everything);
}

guint
mock_fhir_count (MockFhir *self, const char *type)
{
  g_autoptr (GHashTable) everything = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) found = mock_find (self, type, everything);

  return found->len;
}

/* How many requests began with this, as in `urls`. */
guint
mock_fhir_count_requests (MockFhir *self, const char *prefix)
{
  guint count = 0;

  for (guint i = 0; i < self->urls->len; i++)
    count += g_str_has_prefix (self->urls->pdata[i], prefix);
  return count;
}

/* As after a restore of nothing: no record, and none was ever deleted. */
void
mock_fhir_empty (MockFhir *self)
{
  g_hash_table_remove_all (self->server->resources);
}
