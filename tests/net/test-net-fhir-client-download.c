/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "net-error.h"
#include "net-fhir-client.h"
#include "net-fixture.h"

#define SIZE (3 * 1024 * 1024)

typedef struct
{
  SoupServer *server;
  char *root, *base, *accept;
  NetFhirClient *client;
  guint requests, told;
  double last;
  GCancellable *cancellable; /* cancelled by the first progress, where it is set */
} Fixture;

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  Fixture *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  self->requests++;
  g_set_str (&self->accept, soup_message_headers_get_one (headers, "Accept"));
  if (g_str_has_suffix (path, "/Binary/bytes"))
    {
      char *bytes = g_malloc (SIZE);

      memset (bytes, 'x', SIZE);
      soup_server_message_set_response (message, "application/pdf", SOUP_MEMORY_TAKE, bytes, SIZE);
      soup_server_message_set_status (message, 200, NULL);
    }
  else if (g_str_has_suffix (path, "/Binary/wrapped"))
    {
      static const char json[] = "{\"resourceType\":\"Binary\",\"contentType\":\"text/plain\","
                                 "\"data\":\"aGVsbG8=\"}";

      soup_server_message_set_response (message, "application/fhir+json", SOUP_MEMORY_STATIC, json,
                                        strlen (json));
      soup_server_message_set_status (message, 200, NULL);
    }
  else
    soup_server_message_set_status (message, 404, NULL);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->server = net_fixture_listen (on_request, self, &self->root);
  self->base = g_strconcat (self->root, "/fhir", NULL);
  self->client = net_fhir_client_new (self->base, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_object (&self->client);
  g_clear_object (&self->cancellable);
  g_free (self->root);
  g_free (self->base);
  g_free (self->accept);
}

static void
progress (double part, gpointer data)
{
  Fixture *self = data;

  g_assert_cmpfloat (part, >=, self->last);
  g_assert_cmpfloat (part, <=, 1);
  self->told++;
  self->last = part;
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
}

static GBytes *
download (Fixture *self, const char *url, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  net_fhir_client_download_async (self->client, url, progress, self, self->cancellable,
                                  net_fixture_keep, &result);
  net_fixture_wait (result != NULL);
  return net_fhir_client_download_finish (self->client, result, error);
}

/* All bytes come, and on the way it is told how far they are. */
static void
test_bytes (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = download (self, "Binary/bytes", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, SIZE);
  g_assert_cmpuint (self->told, >, 0);
  g_assert_cmpfloat (self->last, >, 0);
  g_assert_cmpstr (self->accept, ==, "*/*");
}

/* A server that answers with the resource is understood. */
static void
test_wrapped (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = download (self, "Binary/wrapped", &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "hello", 5);
}

/* Nobody but the server one is signed in to learns that a document is read. */
static void
test_elsewhere (Fixture *self, gconstpointer data)
{
  static const char *const urls[] = { "https://elsewhere.invalid/fhir/Binary/bytes",
                                      "file:///etc/passwd", "/other/Binary/bytes" };

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (download (self, urls[i], &error));
      g_assert_nonnull (error);
    }
  g_assert_cmpuint (self->requests, ==, 0);
}

static void
test_missing (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (download (self, "Binary/none", &error));
  g_assert_nonnull (error);
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->cancellable = g_cancellable_new ();
  g_assert_null (download (self, "Binary/bytes", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self->told, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/net/fhir-client/download/bytes", Fixture, NULL, set_up, test_bytes, tear_down);
  g_test_add ("/net/fhir-client/download/wrapped", Fixture, NULL, set_up, test_wrapped, tear_down);
  g_test_add ("/net/fhir-client/download/elsewhere", Fixture, NULL, set_up, test_elsewhere,
              tear_down);
  g_test_add ("/net/fhir-client/download/missing", Fixture, NULL, set_up, test_missing, tear_down);
  g_test_add ("/net/fhir-client/download/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  return g_test_run ();
}
