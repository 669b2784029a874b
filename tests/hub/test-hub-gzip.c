/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <stdio.h>
#include <string.h>

#include "hub-gzip.h"
#include "hub-reply.h"

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubFixture, NULL, set_up, function, hub_fixture_tear_down)

/* A session that leaves packed answers as they are. */
static void
set_up (HubFixture *fixture, gconstpointer data)
{
  hub_fixture_set_up (fixture, data);
  soup_session_remove_feature_by_type (fixture->session, SOUP_TYPE_CONTENT_DECODER);
}

static GBytes *
bytes_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
test_pack_and_unpack (void)
{
  g_autofree char *text = g_strnfill (3 * 1024 * 1024, 'x');
  g_autoptr (GBytes) plain = bytes_of (text);
  g_autoptr (GBytes) packed = hub_gzip_pack (plain);
  g_autoptr (GBytes) back = NULL, bomb = NULL, short_of_it = NULL, half = NULL, more = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) two = g_byte_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (packed, &length);

  g_assert_cmpuint (length, <, 64 * 1024);
  back = hub_gzip_unpack (packed, 3 * 1024 * 1024, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back, plain));
  bomb = hub_gzip_unpack (packed, 2 * 1024 * 1024, &error);
  g_assert_error (error, HUB_ERROR, 413);
  g_assert_nonnull (strstr (error->message, "2 MB"));
  g_assert_null (bomb);
  g_clear_error (&error);
  half = g_bytes_new (data, length / 2);
  short_of_it = hub_gzip_unpack (half, 3 * 1024 * 1024, &error);
  g_assert_error (error, HUB_ERROR, 400);
  g_assert_null (short_of_it);
  g_clear_error (&error);
  g_byte_array_append (two, data, (guint) length);
  g_byte_array_append (two, (const guint8 *) "more", 4);
  more = g_byte_array_free_to_bytes (g_steal_pointer (&two));
  g_assert_null (hub_gzip_unpack (more, 3 * 1024 * 1024, &error));
  g_assert_error (error, HUB_ERROR, 400);
}

typedef struct
{
  GBytes *bytes;
  gboolean done;
} Wait;

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;
  g_autoptr (GError) error = NULL;

  wait->bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  g_assert_no_error (error);
  wait->done = TRUE;
}

/* Sends bytes, which hub_fixture_send() cannot, and gives back status and answer. */
static guint
send_bytes (HubFixture *fixture,
            const char *method,
            const char *path,
            GBytes *body,
            const char *encoding,
            const char *accept,
            GBytes **answer,
            char **answer_encoding)
{
  g_autofree char *url = g_strconcat (hub_server_get_base_url (fixture->server), path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *token = hub_fixture_token (fixture, "admin");
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  Wait wait = { 0 };

  soup_message_headers_replace (headers, "Authorization", bearer);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/fhir+json", body);
  if (encoding != NULL)
    soup_message_headers_replace (headers, "Content-Encoding", encoding);
  if (accept != NULL)
    soup_message_headers_replace (headers, "Accept-Encoding", accept);
  soup_session_send_and_read_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL, sent_cb,
                                    &wait);
  while (!wait.done)
    g_main_context_iteration (NULL, TRUE);
  *answer = wait.bytes;
  *answer_encoding =
      g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message),
                                              "Content-Encoding"));
  return soup_message_get_status (message);
}

static guint
put (HubFixture *fixture, GBytes *body, const char *encoding, char **text)
{
  g_autoptr (GBytes) answer = NULL;
  g_autofree char *answer_encoding = NULL;
  guint status =
      send_bytes (fixture, "PUT", "/fhir/Basic/b", body, encoding, NULL, &answer, &answer_encoding);

  g_assert_null (answer_encoding); /* nothing is packed for who does not ask */
  *text = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  return status;
}

static void
test_bodies (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) plain = bytes_of ("{\"resourceType\":\"Basic\",\"id\":\"b\",\"x\":1.00}");
  g_autoptr (GBytes) packed = hub_gzip_pack (plain);
  g_autofree char *large = g_strnfill (57 * 1024 * 1024, ' ');
  g_autoptr (GBytes) plain_bomb = bytes_of (large);
  g_autoptr (GBytes) bomb = hub_gzip_pack (plain_bomb);
  g_autofree char *made = NULL, *same = NULL, *other = NULL, *bad = NULL, *refused = NULL;

  g_assert_cmpuint (put (fixture, packed, "gzip", &made), ==, 201);
  g_assert_nonnull (strstr (made, "1.00"));
  g_assert_cmpuint (put (fixture, plain, "identity", &same), ==, 200);
  g_assert_cmpuint (put (fixture, plain, "gzip", &bad), ==, 400);
  g_assert_nonnull (strstr (bad, "OperationOutcome"));
  g_assert_cmpuint (put (fixture, plain, "br", &other), ==, 415);
  g_assert_nonnull (strstr (other, "OperationOutcome"));
  /* 57 MB in a body of some kilobytes */
  g_assert_cmpuint (g_bytes_get_size (bomb), <, 512 * 1024);
  g_assert_cmpuint (put (fixture, bomb, "gzip", &refused), ==, 413);
  g_assert_nonnull (strstr (refused, "56 MB"));
}

static void
assert_encoding (HubFixture *fixture, const char *path, const char *accept, const char *expected)
{
  g_autoptr (GBytes) answer = NULL, plain = NULL, unpacked = NULL;
  g_autofree char *encoding = NULL, *none = NULL;
  guint status = send_bytes (fixture, "GET", path, NULL, NULL, accept, &answer, &encoding);

  g_test_message ("%s, %s", path, accept);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (encoding, ==, expected);
  if (expected == NULL)
    return;
  send_bytes (fixture, "GET", path, NULL, NULL, NULL, &plain, &none);
  unpacked = hub_gzip_unpack (answer, 56 * 1024 * 1024, NULL);
  g_assert_nonnull (unpacked);
  g_assert_true (g_bytes_equal (unpacked, plain));
}

static void
test_answers (HubFixture *fixture, gconstpointer data)
{
  g_autofree char *note = g_strnfill (300 * 1024, 'n');
  g_autofree char *large =
      g_strdup_printf ("{\"resourceType\":\"Basic\",\"id\":\"large\",\"note\":\"%s\"}", note);
  g_autofree char *middle =
      g_strdup_printf ("{\"resourceType\":\"Basic\",\"id\":\"middle\",\"note\":\"%.2000s\"}", note);
  g_autoptr (HubAnswer) one =
      hub_fixture_send (fixture, "admin", "PUT /fhir/Basic/large", NULL, large);
  g_autoptr (HubAnswer) two =
      hub_fixture_send (fixture, "admin", "PUT /fhir/Basic/middle", NULL, middle);
  g_autoptr (HubAnswer) three = hub_fixture_send (fixture, "admin", "PUT /fhir/Basic/small", NULL,
                                                  "{\"resourceType\":\"Basic\",\"id\":\"small\"}");
  g_autoptr (HubAnswer) picture =
      hub_fixture_send (fixture, "admin", "PUT /fhir/Binary/p", "Content-Type: image/png", middle);

  g_assert_cmpuint (picture->status, ==, 201);
  assert_encoding (fixture, "/fhir/Basic/middle", "gzip", "gzip");
  assert_encoding (fixture, "/fhir/Basic/large", "br, gzip;q=0.5", "gzip"); /* on a thread */
  assert_encoding (fixture, "/fhir/Basic/large", "*", "gzip");
  assert_encoding (fixture, "/fhir/metadata", "deflate, gzip", "gzip");
  assert_encoding (fixture, "/fhir/Basic", "gzip", "gzip");
  assert_encoding (fixture, "/fhir/Basic/small", "gzip", NULL);
  assert_encoding (fixture, "/fhir/Basic/middle", "gzip;q=0", NULL);
  assert_encoding (fixture, "/fhir/Basic/middle", "*, gzip;q=0", NULL);
  assert_encoding (fixture, "/fhir/Basic/middle", "br", NULL);
  assert_encoding (fixture, "/fhir/Binary/p", "gzip", NULL);
}

static GSocketConnection *
connect_to (HubFixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GUri) uri =
      g_uri_parse (hub_server_get_base_url (fixture->server), G_URI_FLAGS_NONE, NULL);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) g_uri_get_port (uri), NULL,
                                       &error);

  g_assert_no_error (error);
  return connection;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(gssize *) data = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
}

/* Three requests on one connection, the last of which ends it. */
static void
test_keep_alive (HubFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnection) connection = connect_to (fixture);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  const char *requests[] = {
    "GET /fhir/Patient/1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST /fhir HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
    "GET /fhir/Patient/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  };
  char buffer[4096];

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      gssize length = -2;

      g_assert_true (
          g_output_stream_write_all (out, requests[i], strlen (requests[i]), NULL, NULL, NULL));
      g_input_stream_read_async (in, buffer, sizeof buffer - 1, G_PRIORITY_DEFAULT, NULL, read_cb,
                                 &length);
      while (length == -2)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (length, >, 0);
      buffer[length] = '\0';
      g_assert_true (g_str_has_prefix (buffer, "HTTP/1.1 401"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-gzip/pack-and-unpack", test_pack_and_unpack);
  fixture_test ("/hub-gzip/bodies", test_bodies);
  fixture_test ("/hub-gzip/answers", test_answers);
  fixture_test ("/hub-gzip/keep-alive", test_keep_alive);
  return g_test_run ();
}
