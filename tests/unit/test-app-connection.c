/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-connection.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

/* A bare host is a hub, whose FHIR base is /fhir; anything longer is the base of another server. */
static void
test_urls (void)
{
  static const struct
  {
    const char *server, *base, *hub;
  } cases[] = {
    { "http://127.0.0.1:8080", "http://127.0.0.1:8080/fhir", "http://127.0.0.1:8080" },
    { "https://hub.example/", "https://hub.example/fhir", "https://hub.example" },
    { "https://hapi.example/fhir/r4", "https://hapi.example/fhir/r4", NULL },
    { "not a url", "not a url", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *base = app_connection_dup_base_url (cases[i].server);
      g_autofree char *hub = app_connection_dup_hub_url (cases[i].server);
      g_assert_cmpstr (base, ==, cases[i].base);
      g_assert_cmpstr (hub, ==, cases[i].hub);
    }
}

/* ---- a start, with a server on this machine ---- */

#define PORTAL "<!DOCTYPE html><html><title>Welcome, guest</title></html>"
#define R4     "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\"}"
#define DSTU2  "{\"resourceType\":\"Conformance\",\"fhirVersion\":\"1.0.2\"}"

typedef struct
{
  SoupServer *server;
  char *url, *folder, *data, *key;
  const char *statement; /* NULL: a hotel's page stands before everything */
  guint refuses_token;   /* 0: gives one; else the status of its answer */
  guint tokens, reads;   /* what was asked for: a token; records */
  BaseClock *clock;
  AppAccount *account;
  AppConnection *connection;
  char *trouble;
  guint troubles, signed_in, browsers, refusals;
  gboolean opened;
} Fixture;

static void
answer (SoupServerMessage *message, guint status, const char *type, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
}

static void
answer_token (Fixture *fixture, SoupServerMessage *message)
{
  g_autoptr (GHashTable) form =
      soup_form_decode (soup_server_message_get_request_body (message)->data);

  fixture->tokens++;
  g_assert_cmpstr (g_hash_table_lookup (form, "grant_type"), ==, "refresh_token");
  if (fixture->refuses_token)
    answer (message, fixture->refuses_token, "application/json", "{\"error\":\"invalid_grant\"}");
  else
    answer (message, 200, "application/json",
            "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
            "\"refresh_token\":\"kept\",\"fhirUser\":\"Practitioner/1\",\"name\":\"Dr Stone\","
            "\"role\":\"prescriber\"}");
}

static void
handler (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  Fixture *fixture = data;
  g_test_message ("%s", path);
  g_autofree char *configuration = g_strdup_printf (
      "{\"authorization_endpoint\":\"%s/authorize\",\"token_endpoint\":\"%s/token\","
      "\"code_challenge_methods_supported\":[\"S256\"]}",
      fixture->url, fixture->url);

  if (!fixture->statement)
    answer (message, 200, "text/html", PORTAL);
  else if (strstr (path, "smart-configuration"))
    answer (message, 200, "application/json", configuration);
  else if (g_str_has_suffix (path, "/metadata"))
    answer (message, 200, "application/fhir+json", fixture->statement);
  else if (g_str_equal (path, "/token"))
    answer_token (fixture, message);
  else if (g_str_equal (path, "/authorize"))
    answer (message, 200, "text/html", "who are you");
  else
    {
      fixture->reads++;
      answer (message, 404, "application/fhir+json", "{}");
    }
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  app_account_open_finish (APP_ACCOUNT (source), result, &error);
  g_assert_no_error (error);
  ((Fixture *) data)->opened = TRUE;
}

static void
trouble_cb (Fixture *fixture, const char *sentence)
{
  g_test_message ("%s", sentence);
  g_set_str (&fixture->trouble, sentence);
  fixture->troubles++;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
refused_cb (Fixture *fixture, const char *sentence)
{
  g_test_message ("%s", sentence);
  fixture->refusals++;
}

static gboolean
tick_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

#define wait_for(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 _end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                                   \
    guint _tick = g_timeout_add (5, tick_cb, NULL);                                                \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, _end);                                        \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (_tick);                                                                       \
  }                                                                                                \
  G_STMT_END

static void
run (Fixture *fixture, const char *command)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_cwd (launcher, fixture->folder);
  process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-ec", command, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

/* Its certificate ran out. */
static GTlsCertificate *
make_certificate (Fixture *fixture)
{
  g_autofree char *certificate = g_build_filename (fixture->folder, "server.pem", NULL);
  g_autofree char *key = g_build_filename (fixture->folder, "server.key", NULL);
  g_autoptr (GError) error = NULL;

  run (fixture, "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key "
                "-out server.csr -subj /CN=localhost && openssl x509 -req -in server.csr -signkey "
                "server.key -not_before 20200101000000Z -not_after 20210101000000Z -out "
                "server.pem");
  GTlsCertificate *both = g_tls_certificate_new_from_files (certificate, key, &error);
  g_assert_no_error (error);
  return both;
}

/* libsoup looks at a connection once more when its handshake has failed: no server goes before the
 * program does. */
static GPtrArray *served;

static void
serve (Fixture *fixture, gboolean secure)
{
  g_autoptr (GTlsCertificate) certificate = secure ? make_certificate (fixture) : NULL;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  fixture->server = soup_server_new ("tls-certificate", certificate, NULL);
  if (!served)
    served = g_ptr_array_new ();
  g_ptr_array_add (served, fixture->server);
  soup_server_add_handler (fixture->server, NULL, handler, fixture, NULL);
  soup_server_listen_local (fixture->server, 0,
                            SOUP_SERVER_LISTEN_IPV4_ONLY | (secure ? SOUP_SERVER_LISTEN_HTTPS : 0),
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  fixture->url =
      g_strdup_printf ("%s://127.0.0.1:%d", secure ? "https" : "http", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
open_account (Fixture *fixture)
{
  fixture->opened = FALSE;
  g_clear_object (&fixture->account);
  fixture->account = app_account_new (fixture->data, fixture->url, "doctor", fixture->key);
  app_account_open_async (fixture->account, fixture->clock, NULL, opened_cb, fixture);
  wait_for (fixture->opened);
}

/* Somebody signed in there once. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bedside-connection-XXXXXX", NULL);
  fixture->data = g_build_filename (fixture->folder, "data", NULL);
  fixture->key = g_build_filename (fixture->folder, "key", NULL);
  fixture->clock = base_clock_new ();
  fixture->statement = R4;
  serve (fixture, GPOINTER_TO_INT (data));
  open_account (fixture);
  g_assert_true (app_account_save_refresh_token ("kept", fixture->account, NULL));
  store_database_close (app_account_get_database (fixture->account));
  open_account (fixture);
  fixture->connection = app_connection_new (fixture->account, fixture->clock);
#define CONNECT(signal, callback, where)                                                           \
  g_signal_connect_swapped (fixture->connection, signal, G_CALLBACK (callback), where)
  CONNECT ("trouble", trouble_cb, fixture);
  CONNECT ("signed-in", count_cb, &fixture->signed_in);
  CONNECT ("open-browser", count_cb, &fixture->browsers);
  CONNECT ("refused", refused_cb, fixture);
#undef CONNECT
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  app_connection_stop (fixture->connection);
  g_object_unref (fixture->connection);
  store_database_close (app_account_get_database (fixture->account));
  g_object_unref (fixture->account);
  /* a handshake that the client broke off is to have ended: libsoup 3.6 follows it into a server
   * that is gone */
  g_usleep (100 * 1000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  soup_server_disconnect (fixture->server);
  run (fixture, "rm -rf \"$PWD\"");
  g_object_unref (fixture->clock);
  g_free (fixture->trouble);
  g_free (fixture->url);
  g_free (fixture->key);
  g_free (fixture->data);
  g_free (fixture->folder);
}

static void
change_network (void)
{
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
}

/* In a hotel: it is said what to do, and once that is done work goes on with the sign-in that was
 * kept. */
static void
test_portal (Fixture *fixture, gconstpointer data)
{
  fixture->statement = NULL;
  app_connection_start (fixture->connection);
  wait_for (fixture->troubles == 1);
  g_assert_nonnull (strstr (fixture->trouble, "There is a web page at this address"));
  g_assert_nonnull (strstr (fixture->trouble, "sign in there"));
  g_assert_null (app_connection_get_engine (fixture->connection));
  fixture->statement = R4;
  change_network ();
  wait_for (fixture->signed_in == 1);
  g_assert_nonnull (app_connection_get_engine (fixture->connection));
  g_assert_cmpuint (fixture->tokens, ==, 1);
  g_assert_cmpuint (fixture->browsers, ==, 0);
  g_assert_cmpuint (fixture->refusals, ==, 0);
}

/* Without a word from the network it is asked again too. */
static void
test_slowly (Fixture *fixture, gconstpointer data)
{
  fixture->statement = NULL;
  app_connection_set_slow_pause (fixture->connection, 1);
  app_connection_start (fixture->connection);
  wait_for (fixture->troubles == 2);
  fixture->statement = R4;
  wait_for (fixture->signed_in == 1);
  g_assert_cmpuint (fixture->browsers, ==, 0);
}

/* Which date, and whom to tell; the sign-in is not asked for anew. */
static void
test_certificate (Fixture *fixture, gconstpointer data)
{
  app_connection_start (fixture->connection);
  wait_for (fixture->troubles == 1);
  g_assert_nonnull (strstr (fixture->trouble, "ran out on 01-Jan-2021"));
  g_assert_nonnull (strstr (fixture->trouble, "Tell whoever runs the server"));
  change_network ();
  wait_for (fixture->troubles == 2);
  g_assert_cmpuint (fixture->browsers + fixture->refusals + fixture->tokens, ==, 0);
}

/* Another FHIR: signed in, and nothing is read from it or sent to it. */
static void
test_version (Fixture *fixture, gconstpointer data)
{
  fixture->statement = DSTU2;
  app_connection_start (fixture->connection);
  wait_for (fixture->troubles == 1);
  g_assert_nonnull (strstr (fixture->trouble, "DSTU2 (1.0.2)"));
  g_assert_nonnull (strstr (fixture->trouble, "R4 address"));
  change_network ();
  wait_for (fixture->troubles == 2);
  g_assert_cmpuint (fixture->signed_in + fixture->reads, ==, 0);
  g_assert_cmpuint (fixture->tokens, ==, 1); /* a token that was used once ends a sign-in */
  g_assert_null (app_connection_get_engine (fixture->connection));
}

/* The server no longer takes the old sign-in, in either way to say so: only then a new one is asked
 * for. */
static void
test_over (Fixture *fixture, gconstpointer data)
{
  fixture->refuses_token = 400;
  app_connection_start (fixture->connection);
  wait_for (fixture->browsers == 1);
  g_assert_cmpuint (fixture->troubles, ==, 0);
}

static void
test_forbidden (Fixture *fixture, gconstpointer data)
{
  fixture->refuses_token = 403;
  app_connection_start (fixture->connection);
  wait_for (fixture->browsers == 1);
  g_assert_cmpuint (fixture->troubles, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/connection/urls", test_urls);
#define ADD(name, secure, test)                                                                    \
  g_test_add (name, Fixture, GINT_TO_POINTER (secure), set_up, test, tear_down)
  ADD ("/app/connection/portal", FALSE, test_portal);
  ADD ("/app/connection/slowly", FALSE, test_slowly);
  ADD ("/app/connection/certificate", TRUE, test_certificate);
  ADD ("/app/connection/version", FALSE, test_version);
  ADD ("/app/connection/over", FALSE, test_over);
  ADD ("/app/connection/forbidden", FALSE, test_forbidden);
#undef ADD
  return g_test_run ();
}
