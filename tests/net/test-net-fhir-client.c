/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-fhir-client.h"

#include <string.h>

#include "net-error.h"
#include "net-fixture.h"

#define PATIENT "{\"resourceType\":\"Patient\",\"id\":\"1\",\"meta\":{\"versionId\":\"7\"}}"

typedef struct
{
  SoupServer *server;
  char *root, *base;
  NetFhirClient *client;
  guint requests;
  char *seen_method, *seen_path, *seen_query, *seen_body, *seen_if_match, *seen_token;
  SoupServerCallback handler;
} Fixture;

static void
note (char **field, const char *text)
{
  g_set_str (field, text);
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  Fixture *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  self->requests++;
  note (&self->seen_method, soup_server_message_get_method (message));
  note (&self->seen_path, path);
  note (&self->seen_query, g_uri_get_query (soup_server_message_get_uri (message)));
  note (&self->seen_body, body->data);
  note (&self->seen_if_match, soup_message_headers_get_one (headers, "If-Match"));
  note (&self->seen_token, soup_message_headers_get_one (headers, "Authorization"));
  self->handler (server, message, path, query, data);
}

static void
set_up (Fixture *self, SoupServerCallback handler, NetSession *session)
{
  g_autoptr (GError) error = NULL;

  self->handler = handler;
  self->server = net_fixture_listen (on_request, self, &self->root);
  self->base = g_strconcat (self->root, "/fhir", NULL);
  self->client = net_fhir_client_new (self->base, session, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self)
{
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_object (&self->client);
  g_free (self->root);
  g_free (self->base);
  g_free (self->seen_method);
  g_free (self->seen_path);
  g_free (self->seen_query);
  g_free (self->seen_body);
  g_free (self->seen_if_match);
  g_free (self->seen_token);
}

static NetAnswer *
send (Fixture *self, const NetRequest *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  net_fhir_client_send_async (self->client, request, NULL, net_fixture_keep, &result);
  net_fixture_wait (result != NULL);
  return net_fhir_client_send_finish (self->client, result, error);
}

static void
answer_patient (SoupServer *server,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer data)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "ETag",
                                "W/\"8\"");
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                "http://127.0.0.1/fhir/Patient/1/_history/8");
  net_fixture_answer (message, 200, PATIENT);
}

static void
test_update (void)
{
  Fixture self = { 0 };
  g_autoptr (FhirResource) patient = fhir_resource_parse (PATIENT, -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) answer = NULL;
  g_autoptr (NetSession) session = net_session_new ("http://127.0.0.1", "secret");

  set_up (&self, answer_patient, session);
  answer = send (&self,
                 &(NetRequest) {
                     .method = "PUT", .path = "Patient/1", .body = patient, .if_match = "7" },
                 &error);
  g_assert_no_error (error);
  g_assert_cmpstr (self.seen_method, ==, "PUT");
  g_assert_cmpstr (self.seen_path, ==, "/fhir/Patient/1");
  g_assert_cmpstr (self.seen_if_match, ==, "W/\"7\"");
  g_assert_cmpstr (self.seen_token, ==, "Bearer secret");
  g_assert_cmpstr (self.seen_body, ==, PATIENT);
  g_assert_cmpstr (answer->version, ==, "8");
  g_assert_cmpstr (answer->location, ==, "Patient/1");
  tear_down (&self);
}

/* Whatever the server points to, the token goes nowhere else. */
static void
test_other_addresses_are_refused (void)
{
  static const char *const links[] = { "http://127.0.0.1:1/fhir/Patient?page=2",
                                       "https://evil.example/fhir?page=2",
                                       "//evil.example/fhir",
                                       "/other?page=2",
                                       "/fhirlike?page=2",
                                       "http://user@127.0.0.1/fhir" };
  Fixture self = { 0 };

  set_up (&self, answer_patient, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NetAnswer) answer =
          send (&self, &(NetRequest) { .method = "GET", .path = links[i] }, &error);

      g_assert_null (answer);
      g_assert_error (error, NET_ERROR, NET_ERROR_PROTOCOL);
    }
  g_assert_cmpuint (self.requests, ==, 0);
  tear_down (&self);
}

static void
answer_redirect (SoupServer *server,
                 SoupServerMessage *message,
                 const char *path,
                 GHashTable *query,
                 gpointer data)
{
  gboolean inside = strcmp (path, "/fhir/Patient/inside") == 0;

  if (strcmp (path, "/fhir/Patient/1") == 0)
    net_fixture_answer (message, 200, PATIENT);
  else
    soup_server_message_set_redirect (message, 302,
                                      inside ? "/fhir/Patient/1"
                                             : "https://evil.example/fhir/Patient/1");
}

static void
test_redirects (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) inside = NULL;
  g_autoptr (NetAnswer) outside = NULL;

  set_up (&self, answer_redirect, NULL);
  inside = send (&self, &(NetRequest) { .method = "GET", .path = "Patient/inside" }, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fhir_resource_get_id (inside->resource), ==, "1");
  outside = send (&self, &(NetRequest) { .method = "GET", .path = "Patient/outside" }, &error);
  g_assert_null (outside);
  g_assert_error (error, NET_ERROR, NET_ERROR_PROTOCOL);
  tear_down (&self);
}

static void
answer_half (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer data)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  static const char text[] = "HTTP/1.1 200 OK\r\nContent-Type: "
                             "application/fhir+json\r\nContent-Length: 400\r\n\r\n" PATIENT;

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL,
                             NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
test_half_a_body (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) answer = NULL;

  set_up (&self, answer_half, NULL);
  answer = send (&self, &(NetRequest) { .method = "GET", .path = "Patient/1" }, &error);
  g_assert_null (answer);
  g_assert_error (error, NET_ERROR, NET_ERROR_OFFLINE);
  g_assert_true (net_error_is_answer_lost (error));
  tear_down (&self);
}

static void
answer_page (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer data)
{
  static const char page[] = "<html>Accept the terms of this network</html>";

  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/html", SOUP_MEMORY_STATIC, page, strlen (page));
}

static void
test_something_else_answers (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) answer = NULL;

  set_up (&self, answer_page, NULL);
  answer = send (&self, &(NetRequest) { .method = "GET", .path = "Patient/1" }, &error);
  g_assert_null (answer);
  g_assert_error (error, NET_ERROR, NET_ERROR_PROTOCOL);
  tear_down (&self);
}

static void
answer_busy (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer data)
{
  gboolean busy = strcmp (path, "/fhir/Patient/busy") == 0;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                busy ? "4" : "");
  net_fixture_answer (message, busy ? 429 : 500, NULL);
}

static void
test_faults_of_the_server (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) busy = NULL;
  g_autoptr (GError) broken = NULL;

  set_up (&self, answer_busy, NULL);
  g_assert_null (send (&self, &(NetRequest) { .method = "GET", .path = "Patient/busy" }, &busy));
  g_assert_error (busy, NET_ERROR, NET_ERROR_THROTTLED);
  g_assert_cmpuint (net_error_get_retry_after (busy), ==, 4);
  g_assert_null (send (&self, &(NetRequest) { .method = "POST", .path = "Patient" }, &broken));
  g_assert_error (broken, NET_ERROR, NET_ERROR_SERVER);
  g_assert_true (net_error_is_answer_lost (broken));
  tear_down (&self);
}

static void
search_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  FhirResource *bundle =
      net_fhir_client_search (source, "Condition", "patient=1", TRUE, NULL, &error);

  if (bundle != NULL)
    g_task_return_pointer (task, bundle, (GDestroyNotify) fhir_resource_unref);
  else
    g_task_return_error (task, error);
}

static void
answer_bundle (SoupServer *server,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  net_fixture_answer (message, 200, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}");
}

/* A patient's id never stands in an address that somebody may log. */
static void
test_identifying_search_is_a_form (void)
{
  Fixture self = { 0 };
  g_autoptr (GTask) task = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FhirResource) bundle = NULL;

  set_up (&self, answer_bundle, NULL);
  task = g_task_new (self.client, NULL, net_fixture_keep, &result);
  g_task_run_in_thread (task, search_in_thread);
  net_fixture_wait (result != NULL);
  bundle = g_task_propagate_pointer (task, NULL);
  g_assert_nonnull (bundle);
  g_assert_cmpstr (self.seen_path, ==, "/fhir/Condition/_search");
  g_assert_null (self.seen_query);
  g_assert_cmpstr (self.seen_body, ==, "patient=1");
  tear_down (&self);
}

static void
test_base_urls (void)
{
  static const char *const good[] = { "https://fhir.example/r4", "http://127.0.0.1:8080/fhir",
                                      "http://localhost/fhir/", "http://[::1]:80/fhir" };
  static const char *const bad[] = { "http://fhir.example/r4",
                                     "ftp://fhir.example",
                                     "fhir.example",
                                     "",
                                     "https://user:secret@fhir.example",
                                     "http://127.0.0.1.evil.example/" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NetFhirClient) client = net_fhir_client_new (good[i], NULL, &error);

      g_assert_no_error (error);
      g_assert_false (g_str_has_suffix (net_fhir_client_get_base_url (client), "/"));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (net_fhir_client_new (bad[i], NULL, &error));
      g_assert_error (error, NET_ERROR, NET_ERROR_PROTOCOL);
    }
}

static void
cut_first_put (SoupServer *server,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  Fixture *self = data;

  if (self->requests == 2)
    {
      g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

      g_io_stream_close (stream, NULL, NULL);
      return;
    }
  answer_patient (server, message, path, query, data);
}

/* A kept connection that is closed on us: the request goes out again by itself, and whole. */
static void
test_sent_again_whole (void)
{
  Fixture self = { 0 };
  g_autoptr (FhirResource) patient = fhir_resource_parse (PATIENT, -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) first = NULL;
  g_autoptr (NetAnswer) answer = NULL;

  set_up (&self, cut_first_put, NULL);
  first = send (&self, &(NetRequest) { .method = "GET", .path = "Patient/1" }, &error);
  g_assert_no_error (error);
  answer =
      send (&self, &(NetRequest) { .method = "PUT", .path = "Patient/1", .body = patient }, &error);
  /* Where it is not sent again, the caller is told that it does not know. */
  if (answer == NULL)
    g_assert_true (net_error_is_answer_lost (error));
  g_assert_cmpstr (self.seen_body, ==, PATIENT);
  tear_down (&self);
}

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean may_go;
  guint parts;
} Gate;

static void
wait_at_gate (gsize position, gsize size, GCancellable *cancellable, gpointer data)
{
  Gate *gate = data;

  g_mutex_lock (&gate->mutex);
  gate->parts++;
  g_cond_broadcast (&gate->cond);
  while (!gate->may_go && gate->parts > 2)
    g_cond_wait (&gate->cond, &gate->mutex);
  g_mutex_unlock (&gate->mutex);
}

static gboolean
is_at_gate (Gate *gate)
{
  gboolean waits;

  g_mutex_lock (&gate->mutex);
  waits = gate->parts > 2;
  g_mutex_unlock (&gate->mutex);
  return waits;
}

/* A large body goes in small parts, over a connection of its own, and stands still when it is told
 * to: what others ask is answered meanwhile, and the body arrives whole. */
static void
test_paced_upload (void)
{
  Fixture self = { 0 };
  Gate gate = { 0 };
  g_autoptr (NetFhirClient) paced = NULL;
  g_autofree char *padding = g_strnfill (1024 * 1024, 'x');
  g_autofree char *json =
      g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"1\",\"implicitRules\":\"%s\"}",
                       padding);
  g_autoptr (FhirResource) large = fhir_resource_parse (json, -1, NULL);
  const NetRequest upload = { .method = "PUT", .path = "Patient/1", .body = large };
  const NetRequest question = { .method = "GET", .path = "Patient/1" };
  g_autoptr (GAsyncResult) uploaded = NULL;
  g_autoptr (GAsyncResult) answered = NULL;
  g_autoptr (NetAnswer) answer = NULL;
  g_autoptr (NetAnswer) other = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&self, answer_patient, NULL);
  paced = net_fhir_client_new_paced (self.client, wait_at_gate, &gate);
  net_fhir_client_send_async (paced, &upload, NULL, net_fixture_keep, &uploaded);
  net_fixture_wait (is_at_gate (&gate));
  net_fhir_client_send_async (self.client, &question, NULL, net_fixture_keep, &answered);
  net_fixture_wait (answered != NULL);
  other = net_fhir_client_send_finish (self.client, answered, &error);
  g_assert_no_error (error);
  g_assert_null (uploaded);
  g_assert_cmpuint (self.requests, ==, 1);
  g_mutex_lock (&gate.mutex);
  gate.may_go = TRUE;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.mutex);
  net_fixture_wait (uploaded != NULL);
  answer = net_fhir_client_send_finish (paced, uploaded, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (self.seen_body, ==, json);
  g_assert_cmpuint (gate.parts, >=, strlen (json) / NET_UPLOAD_PART);
  tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/fhir-client/update", test_update);
  g_test_add_func ("/net/fhir-client/other-addresses-are-refused",
                   test_other_addresses_are_refused);
  g_test_add_func ("/net/fhir-client/redirects", test_redirects);
  g_test_add_func ("/net/fhir-client/half-a-body", test_half_a_body);
  g_test_add_func ("/net/fhir-client/something-else-answers", test_something_else_answers);
  g_test_add_func ("/net/fhir-client/faults-of-the-server", test_faults_of_the_server);
  g_test_add_func ("/net/fhir-client/identifying-search-is-a-form",
                   test_identifying_search_is_a_form);
  g_test_add_func ("/net/fhir-client/base-urls", test_base_urls);
  g_test_add_func ("/net/fhir-client/sent-again-whole", test_sent_again_whole);
  g_test_add_func ("/net/fhir-client/paced-upload", test_paced_upload);
  return g_test_run ();
}
