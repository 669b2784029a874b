/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "net-fixture.h"
#include "net-http.h"
#include "net-probe.h"

/* What a person is told about an address, with a real server on this machine behind each. */

#define STATEMENT(version)                                                                         \
  "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"" version                           \
  "\",\"software\":{\"name\":\"bedside-hub\",\"version\":\"0.1.0\"},\"rest\":[{\"mode\":"          \
  "\"server\"}]}"
#define HTML "  <!DOCTYPE html><html><title>Welcome, guest</title></html>"

typedef struct
{
  SoupServer *soup;
  char *url;
  guint status;
  const char *type, *body, *location;
  gboolean silent; /* never answers */
  gboolean signs_in;
  guint asked;
  GAsyncResult *result;
} Fixture;

static void
answer_sign_in (Fixture *fixture, SoupServerMessage *message)
{
  g_autofree char *body = g_strdup_printf (
      "{\"authorization_endpoint\":\"%s/authorize\",\"token_endpoint\":\"%s/token\","
      "\"code_challenge_methods_supported\":[\"%s\"]}",
      fixture->url, fixture->url, fixture->signs_in ? "S256" : "plain");

  net_fixture_answer (message, 200, body);
}

static void
handler (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  Fixture *fixture = data;

  fixture->asked++;
  if (fixture->silent)
    soup_server_message_pause (message);
  else if (strstr (path, "smart-configuration") != NULL)
    answer_sign_in (fixture, message);
  else
    {
      net_fixture_answer (message, fixture->status, fixture->body);
      if (fixture->type != NULL)
        soup_message_headers_set_content_type (soup_server_message_get_response_headers (message),
                                               fixture->type, NULL);
      if (fixture->location != NULL)
        soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                      "Location", fixture->location);
    }
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->soup = net_fixture_listen (handler, fixture, &fixture->url);
  fixture->status = 200;
  fixture->body = STATEMENT ("4.0.1");
  fixture->signs_in = TRUE;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->result);
  g_object_unref (fixture->soup);
  g_free (fixture->url);
}

static NetProbe *
probe (Fixture *fixture, const char *typed, guint patience_s)
{
  g_autoptr (GError) error = NULL;
  NetProbe *found;

  g_clear_object (&fixture->result);
  net_probe_async (typed, patience_s, NULL, net_fixture_keep, &fixture->result);
  net_fixture_wait (fixture->result != NULL);
  found = net_probe_finish (fixture->result, &error);
  g_assert_no_error (error);
  g_test_message ("%s: %s %s", typed, found->sentence, found->advice);
  return found;
}

/* Whatever is wrong has a sentence, and a sentence on what to do. */
static void
expect (Fixture *fixture, const char *typed, NetProbeKind kind, const char *part)
{
  g_autoptr (NetProbe) found = probe (fixture, typed, NET_PROBE_PATIENCE_S);

  g_assert_cmpint (found->kind, ==, kind);
  g_assert_nonnull (strstr (found->sentence, part));
  g_assert_true (kind == NET_PROBE_ADDRESS || (found->advice != NULL && *found->advice != '\0'));
  g_assert_null (found->statement);
}

static void
test_ready (Fixture *fixture, gconstpointer data)
{
  g_autofree char *base = g_strconcat (fixture->url, "/fhir", NULL);
  g_autofree char *other = g_strconcat (fixture->url, "/clinic/r4", NULL);
  g_autoptr (NetProbe) root = probe (fixture, fixture->url, 30), below = NULL, elsewhere = NULL;

  g_assert_cmpint (root->kind, ==, NET_PROBE_READY);
  g_assert_true (root->is_hub);
  g_assert_true (root->signs_in);
  g_assert_cmpstr (root->server, ==, fixture->url);
  g_assert_cmpstr (root->base_url, ==, base);
  g_assert_cmpstr (fhir_resource_get_type (root->statement), ==, "CapabilityStatement");
  /* a hub named by its base has visits all the same */
  below = probe (fixture, base, 30);
  g_assert_cmpstr (below->server, ==, fixture->url);
  fixture->body = "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.3.0\"}";
  fixture->signs_in = FALSE;
  elsewhere = probe (fixture, other, 30);
  g_assert_cmpint (elsewhere->kind, ==, NET_PROBE_READY);
  g_assert_false (elsewhere->is_hub);
  g_assert_cmpstr (elsewhere->server, ==, other);
  g_assert_false (elsewhere->signs_in);
  g_assert_nonnull (strstr (elsewhere->sign_in_problem, "S256"));
}

static void
test_versions (Fixture *fixture, gconstpointer data)
{
  fixture->body = "{\"resourceType\":\"Conformance\",\"fhirVersion\":\"1.0.2\"}";
  expect (fixture, fixture->url, NET_PROBE_VERSION, "DSTU2 (1.0.2)");
  fixture->body = "<Conformance xmlns=\"http://hl7.org/fhir\"><fhirVersion value=\"1.0.2\"/>"
                  "</Conformance>";
  fixture->type = "application/xml";
  expect (fixture, fixture->url, NET_PROBE_VERSION, "DSTU2 (1.0.2)");
  fixture->body = "<CapabilityStatement><fhirVersion value=\"4.0.1\"/></CapabilityStatement>";
  expect (fixture, fixture->url, NET_PROBE_STRANGE, "XML only");
  fixture->type = NULL;
  fixture->body = STATEMENT ("3.0.2");
  expect (fixture, fixture->url, NET_PROBE_VERSION, "STU3 (3.0.2)");
  fixture->body = STATEMENT ("5.0.0");
  expect (fixture, fixture->url, NET_PROBE_VERSION, "R5 (5.0.0)");
  fixture->body = "{\"resourceType\":\"CapabilityStatement\"}";
  expect (fixture, fixture->url, NET_PROBE_VERSION, "does not say which version");
  fixture->body = "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":4}";
  expect (fixture, fixture->url, NET_PROBE_VERSION, "does not say which version");
}

static void
test_not_fhir (Fixture *fixture, gconstpointer data)
{
  static const char *const bodies[] = { "",
                                        "{}",
                                        "[]",
                                        "null",
                                        "{\"resourceType\":7}",
                                        "{\"resourceType\":\"Patient\"}",
                                        "{\"resourceType\":\"CapabilityStatement\"",
                                        "\xff\xfe nonsense" };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      fixture->body = bodies[i];
      expect (fixture, fixture->url, NET_PROBE_STRANGE, "a FHIR server does not");
    }
  fixture->body = HTML;
  expect (fixture, fixture->url, NET_PROBE_WEB_PAGE, "web page");
  fixture->body = "hello";
  fixture->type = "text/html";
  expect (fixture, fixture->url, NET_PROBE_WEB_PAGE, "web page");
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  fixture->body = HTML;
  fixture->status = 401;
  expect (fixture, fixture->url, NET_PROBE_CLOSED, "before somebody signs in");
  fixture->status = 404;
  expect (fixture, fixture->url, NET_PROBE_STRANGE, "no FHIR");
  fixture->status = 418;
  expect (fixture, fixture->url, NET_PROBE_STRANGE, "a FHIR server does not");
  fixture->status = 500;
  expect (fixture, fixture->url, NET_PROBE_FAULT, "fault of its own");
  fixture->status = 511;
  expect (fixture, fixture->url, NET_PROBE_WEB_PAGE, "wants you to sign in first");
}

/* It is never followed: not to another server, nor to a captive portal. */
static void
test_leads_away (Fixture *fixture, gconstpointer data)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      guint before = fixture->asked;

      fixture->status = statuses[i];
      fixture->location = "https://portal.hotel.example/login?from=secret";
      expect (fixture, fixture->url, NET_PROBE_LEADS_AWAY, "portal.hotel.example");
      fixture->location = "/other/metadata";
      expect (fixture, fixture->url, NET_PROBE_LEADS_AWAY, "another address");
      fixture->location = "::::";
      expect (fixture, fixture->url, NET_PROBE_LEADS_AWAY, "another address");
      g_assert_cmpuint (fixture->asked, ==, before + 3);
    }
}

static void
test_slow (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NetProbe) found = NULL;

  fixture->silent = TRUE;
  found = probe (fixture, fixture->url, 1);
  g_assert_cmpint (found->kind, ==, NET_PROBE_SLOW);
  g_assert_nonnull (strstr (found->sentence, "1 second"));
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fixture->silent = TRUE;
  net_probe_async (fixture->url, 600, cancellable, net_fixture_keep, &fixture->result);
  net_fixture_wait (fixture->asked > 0);
  g_cancellable_cancel (cancellable);
  net_fixture_wait (fixture->result != NULL);
  g_assert_null (net_probe_finish (fixture->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_nobody (Fixture *fixture, gconstpointer data)
{
  soup_server_disconnect (fixture->soup);
  expect (fixture, fixture->url, NET_PROBE_SILENT, "Nothing answers at 127.0.0.1");
  expect (fixture, "nowhere.invalid", NET_PROBE_UNKNOWN, "nowhere.invalid");
}

static void
test_addresses (void)
{
  static const struct
  {
    const char *typed, *server;
  } addresses[] = {
    { "fhir.clinic.example", "https://fhir.clinic.example" },
    { "  https://fhir.clinic.example/  ", "https://fhir.clinic.example" },
    { "https://clinic.example/r4/metadata", "https://clinic.example/r4" },
    { "https://clinic.example/r4/?x=1#y", "https://clinic.example/r4" },
    { "127.0.0.1:8080", "http://127.0.0.1:8080" },
    { "localhost:8080/fhir", "http://localhost:8080/fhir" },
    { "bedside:connect?server=https%3A%2F%2Fhub.example", "https://hub.example" },
    { "BEDSIDE:connect?server=hub.example&x=1", "https://hub.example" },
    { "bedside:connect?other=1", NULL },
    { "", NULL },
    { "http://clinic.example", NULL }, /* in the clear */
    { "ftp://clinic.example", NULL },
    { "file:///etc/passwd", NULL },
    { "https://me:secret@clinic.example", NULL },
    { "clinic of doctor Gray", NULL },
    { "javascript:alert(1)", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *server = net_probe_dup_server (addresses[i].typed, &error);

      g_test_message ("%s", addresses[i].typed);
      g_assert_cmpstr (server, ==, addresses[i].server);
      g_assert_true ((server == NULL) == (error != NULL && *error->message != '\0'));
    }
}

/* ---- certificates ---- */

typedef struct
{
  Fixture fixture;
  char *folder;
  SoupServer *tls; /* of served */
  char *address;
} Secure;

static void
run (const char *folder, const char *command)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-ec", command, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &said, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_error ("%s: %s", command, said);
}

static void
make_certificate (Secure *secure, const char *names, const char *dates)
{
  g_autofree char *command = g_strdup_printf (
      "printf 'subjectAltName=%s\\n' >server.ext && openssl x509 -req -in server.csr -CA ca.pem "
      "-CAkey ca.key -CAcreateserial -extfile server.ext -out server.pem %s",
      names, dates);

  run (secure->folder, command);
}

/* libsoup looks at a connection once more when its handshake has failed, and that may be after the
 * server has let it go: no server goes before the program does. */
static GPtrArray *served;

/* Serves with what was made last. */
static void
serve (Secure *secure)
{
  g_autofree char *certificate = g_build_filename (secure->folder, "server.pem", NULL);
  g_autofree char *key = g_build_filename (secure->folder, "server.key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) both = g_tls_certificate_new_from_files (certificate, key, &error);
  GSList *uris;

  g_assert_no_error (error);
  g_clear_pointer (&secure->address, g_free);
  secure->tls = soup_server_new ("tls-certificate", both, NULL);
  if (!served)
    served = g_ptr_array_new ();
  g_ptr_array_add (served, secure->tls);
  soup_server_add_handler (secure->tls, NULL, handler, &secure->fixture, NULL);
  soup_server_listen_local (secure->tls, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (secure->tls);
  secure->address = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
secure_set_up (Secure *secure, gconstpointer data)
{
  set_up (&secure->fixture, data);
  secure->folder = g_dir_make_tmp ("bedside-probe-XXXXXX", NULL);
  run (secure->folder,
       "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out "
       "ca.pem -days 30 -subj '/CN=Bedside test authority' && openssl req -newkey ec -pkeyopt "
       "ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=localhost");
}

static void
secure_tear_down (Secure *secure, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", secure->folder);

  net_http_set_authority (NULL, NULL);
  g_free (secure->address);
  run ("/", command);
  g_free (secure->folder);
  tear_down (&secure->fixture, data);
}

/* A server whose certificate does not hold is not even asked. */
static void
expect_distrust (Secure *secure, const char *part)
{
  guint before = secure->fixture.asked;

  serve (secure);
  expect (&secure->fixture, secure->address, NET_PROBE_CERTIFICATE, part);
  g_assert_cmpuint (secure->fixture.asked, ==, before);
}

static void
test_certificates (Secure *secure, gconstpointer data)
{
  make_certificate (secure, "IP:127.0.0.1", "-days 30");
  expect_distrust (secure, "nobody whom this computer trusts");
  make_certificate (secure, "IP:127.0.0.1",
                    "-not_before 20200101000000Z -not_after 20210101000000Z");
  expect_distrust (secure, "ran out on 01-Jan-2021");
  make_certificate (secure, "IP:127.0.0.1",
                    "-not_before 20900101000000Z -not_after 20910101000000Z");
  expect_distrust (secure, "only from 01-Jan-2090");
  run (secure->folder, "openssl x509 -req -in server.csr -signkey server.key -out server.pem -days "
                       "30 -extfile server.ext");
  expect_distrust (secure, "vouches for itself");
}

static gboolean
complain_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  static const char answer[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  GIOStream *stream = G_IO_STREAM (connection);
  char hello[512];

  g_input_stream_read (g_io_stream_get_input_stream (stream), hello, sizeof hello, NULL, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), answer, strlen (answer), NULL,
                             NULL, NULL);
  return TRUE;
}

/* Something that speaks no TLS at a port that should, as plain servers do: it complains. */
static void
test_no_tls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (4);
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_autofree char *address = g_strdup_printf ("https://127.0.0.1:%u", port);

  g_assert_no_error (error);
  g_signal_connect (service, "run", G_CALLBACK (complain_cb), NULL);
  expect (fixture, address, NET_PROBE_CERTIFICATE, "No encrypted connection");
  g_socket_service_stop (service);
}

/* The clinic's own authority makes its server good; it makes no date and no name good. */
static void
test_authority (Secure *secure, gconstpointer data)
{
  g_autofree char *authority = g_build_filename (secure->folder, "ca.pem", NULL);
  g_autofree char *key = g_build_filename (secure->folder, "ca.key", NULL);
  g_autofree char *missing = g_build_filename (secure->folder, "missing.pem", NULL);
  g_autoptr (NetProbe) found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (net_http_set_authority (missing, &error));
  g_assert_nonnull (strstr (error->message, "no certificate of an authority"));
  g_clear_error (&error);
  g_assert_false (net_http_set_authority (key, &error));
  g_clear_error (&error);
  g_assert_true (net_http_set_authority (authority, &error));
  make_certificate (secure, "IP:127.0.0.1", "-days 30");
  serve (secure);
  found = probe (&secure->fixture, secure->address, 30);
  g_assert_cmpint (found->kind, ==, NET_PROBE_READY);
  make_certificate (secure, "IP:127.0.0.1",
                    "-not_before 20200101000000Z -not_after 20210101000000Z");
  expect_distrust (secure, "ran out on 01-Jan-2021");
  make_certificate (secure, "DNS:other.example", "-days 30");
  expect_distrust (secure, "other.example, not for 127.0.0.1");
  run (secure->folder, "openssl x509 -req -in server.csr -signkey server.key -out server.pem -days "
                       "30 -extfile server.ext");
  expect_distrust (secure, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  ADD ("/net/probe/ready", test_ready);
  ADD ("/net/probe/versions", test_versions);
  ADD ("/net/probe/not-fhir", test_not_fhir);
  ADD ("/net/probe/refusals", test_refusals);
  ADD ("/net/probe/leads-away", test_leads_away);
  ADD ("/net/probe/slow", test_slow);
  ADD ("/net/probe/cancel", test_cancel);
  ADD ("/net/probe/nobody", test_nobody);
  ADD ("/net/probe/no-tls", test_no_tls);
#undef ADD
  g_test_add_func ("/net/probe/addresses", test_addresses);
#define ADD(name, test) g_test_add (name, Secure, NULL, secure_set_up, test, secure_tear_down)
  ADD ("/net/probe/certificates", test_certificates);
  ADD ("/net/probe/authority", test_authority);
#undef ADD
  return g_test_run ();
}
