/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-health-link.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <unistd.h>

#include "base-id.h"
#include "net-error.h"
#include "net-fixture.h"
#include "net-http.h"
#include "net-jwe.h"

#define KEY "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q"

/* ---- the link ---- */

static char *
link_of (const char *json)
{
  g_auto (GStrv) parts = g_strsplit (json, "'", -1);
  g_autofree char *text = g_strjoinv ("\"", parts);
  g_autofree char *encoded = base_base64url ((const guint8 *) text, strlen (text));

  return g_strconcat (NET_HEALTH_LINK_PREFIX, encoded, NULL);
}

/* The example of the specification. */
static void
test_example (void)
{
  static const char example[] = "https://viewer.example.org#shlink:/"
                                "eyJ1cmwiOiJodHRwczovL2Voci5leGFtcGxlLm9yZy9xci9ZOXh3a1VkdG"
                                "1OOXd3b0pvTjNmZkpJaFgyVUd2Q0wxSm5sUFZOTDNrRFdNL20iLCJmbGFnIjoiTFAi"
                                "LCJrZXkiOiJyeFRnWWxPYUtKUEZ"
                                "0Y0VkMHFjY2VOOHdFVTRwOTRTcUF3SVdRZTZ1WDdRIiwibGFiZWwiOiJCYWNrLXRvL"
                                "XNjaG9vbCBpbW11bml6YXRpb25z"
                                "IGZvciBPbGl2ZXIgQnJvd24ifQ";
  g_autoptr (GError) error = NULL;
  g_autoptr (NetHealthLink) link = net_health_link_parse (example, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (link->host, ==, "ehr.example.org");
  g_assert_cmpstr (link->url, ==,
                   "https://ehr.example.org/qr/Y9xwkUdtmN9wwoJoN3ffJIhX2UGvCL1JnlPVNL3kDWM/m");
  g_assert_cmpstr (link->label, ==, "Back-to-school immunizations for Oliver Brown");
  g_assert_cmpuint (g_bytes_get_size (link->key), ==, NET_JWE_KEY_BYTES);
  g_assert_true (link->has_passcode && link->is_long_term && !link->is_direct);
  g_assert_cmpint (link->expires, ==, 0);
}

static void
test_parse (void)
{
  static const struct
  {
    const char *json, *sentence; /* NULL: it is taken */
  } cases[] = {
    { "{'url':'https://a.example/m','key':'" KEY "','exp':1700000000.5,'flag':'U'}", NULL },
    { "{'url':'https://a.example/m','key':'" KEY "','v':1,'flag':'XLZ','more':{}}", NULL },
    { "{'url':'http://a.example/m','key':'" KEY "'}", "https://" },
    { "{'url':'http://127.0.0.1/m','key':'" KEY "'}", "https://" },
    { "{'url':'file:///etc/passwd','key':'" KEY "'}", "https://" },
    { "{'url':'https://name:word@a.example/','key':'" KEY "'}", "https://" },
    { "{'url':7,'key':'" KEY "'}", "https://" },
    { "{'url':'https://a.example/m','key':'" KEY "','v':2}", "newer kind" },
    { "{'url':'https://a.example/m','key':'short'}", "damaged" },
    { "{'url':'https://a.example/m'}", "damaged" },
    { "[]", "damaged" },
    { "", "damaged" },
  };
  g_autofree char *long_label = g_strnfill (300, 'l'), *huge = g_strnfill (5 * 1000 * 1000, 'e');
  g_autofree char *endless = g_strconcat (NET_HEALTH_LINK_PREFIX, huge, NULL);
  g_autofree char *json =
      g_strdup_printf ("{'url':'https://a.example/m','key':'" KEY "','label':'%s','exp':'soon'}",
                       long_label);
  g_autofree char *labelled = link_of (json);
  g_autoptr (NetHealthLink) link = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = link_of (cases[i].json);
      g_autoptr (GError) error = NULL;
      g_autoptr (NetHealthLink) one = net_health_link_parse (text, &error);

      g_test_message ("%s", cases[i].json);
      g_assert_true ((one != NULL) == (cases[i].sentence == NULL));
      if (cases[i].sentence)
        g_assert_nonnull (strstr (error->message, cases[i].sentence));
    }
  g_assert_null (net_health_link_parse (endless, NULL));
  g_assert_null (net_health_link_parse ("shlink:/%%%", NULL));
  g_assert_null (net_health_link_parse ("hello", NULL));
  link = net_health_link_parse (labelled, NULL);
  g_assert_cmpuint (strlen (link->label), ==, 80);
  g_assert_cmpint (link->expires, ==, 0);
}

/* ---- sealing, for the server's part ---- */

static GBytes *
deflate (const char *text, gsize length)
{
  g_autoptr (GZlibCompressor) packer = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 9);
  g_autoptr (GInputStream) source =
      g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (source, G_CONVERTER (packer));
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 part[4096];
  gssize got;

  while ((got = g_input_stream_read (stream, part, sizeof part, NULL, NULL)) > 0)
    g_byte_array_append (out, part, (guint) got);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static char *
seal_bytes (const char *header, const guint8 *data, gsize length)
{
  static const guint8 nonce[12] = { 1, 2, 3 };
  g_autoptr (GBytes) key = base_unbase64url (KEY);
  gsize key_size;
  gnutls_datum_t secret = { (guint8 *) g_bytes_get_data (key, &key_size), (guint) key_size };
  g_autofree char *encoded = base_base64url ((const guint8 *) header, strlen (header));
  g_autofree char *nonce_text = base_base64url (nonce, sizeof nonce), *sealed = NULL, *tag = NULL;
  g_autofree guint8 *out = g_malloc (length + 16);
  size_t size = length + 16;
  gnutls_aead_cipher_hd_t cipher;

  g_assert_cmpint (gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &secret), ==, 0);
  g_assert_cmpint (gnutls_aead_cipher_encrypt (cipher, nonce, sizeof nonce, encoded,
                                               strlen (encoded), 16, data, length, out, &size),
                   ==, 0);
  gnutls_aead_cipher_deinit (cipher);
  sealed = base_base64url (out, length);
  tag = base_base64url (out + length, 16);
  return g_strjoin (".", encoded, "", nonce_text, sealed, tag, NULL);
}

#define HEADER "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"cty\":\"application/fhir+json\"}"
#define PACKED "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"}"

static char *
seal (const char *text)
{
  return seal_bytes (HEADER, (const guint8 *) text, strlen (text));
}

static char *
seal_packed (const char *text, gsize length)
{
  g_autoptr (GBytes) packed = deflate (text, length);

  return seal_bytes (PACKED, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
}

static gboolean
opens (const char *compact, const char *key_text, gsize limit)
{
  g_autoptr (GBytes) key = base_unbase64url (key_text);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) clear = net_jwe_decrypt (compact, key, limit, NULL, &error);

  g_assert_true ((clear == NULL) == (error != NULL));
  return clear != NULL;
}

/* Every part of it counts: the key, the header, the nonce, the text and the tag. */
static void
test_jwe (void)
{
  g_autofree char *good = seal ("{}"), *zeros = g_malloc0 (1000 * 1000);
  g_autofree char *packed = seal_packed ("hello", 5), *bomb = seal_packed (zeros, 1000 * 1000);
  g_autofree char *other_alg = seal_bytes ("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}", NULL, 0);
  g_autofree char *critical =
      seal_bytes ("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[\"x\"]}", NULL, 0);
  g_autofree char *raw = seal_bytes (PACKED, (const guint8 *) "no deflate", 10);
  g_autoptr (GBytes) key = base_unbase64url (KEY);
  g_autofree char *type = NULL;
  g_autoptr (GBytes) clear = net_jwe_decrypt (good, key, 100, &type, NULL);
  g_autoptr (GBytes) unpacked = net_jwe_decrypt (packed, key, 100, NULL, NULL);

  g_assert_cmpmem (g_bytes_get_data (clear, NULL), g_bytes_get_size (clear), "{}", 2);
  g_assert_cmpstr (type, ==, "application/fhir+json");
  g_assert_cmpmem (g_bytes_get_data (unpacked, NULL), g_bytes_get_size (unpacked), "hello", 5);
  g_assert_false (opens (good, "AxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q", 100));
  g_assert_false (opens (good, KEY, 1));
  g_assert_true (opens (bomb, KEY, 1000 * 1000));
  g_assert_false (opens (bomb, KEY, 1000 * 1000 - 1));
  g_assert_false (opens (other_alg, KEY, 100));
  g_assert_false (opens (critical, KEY, 100));
  g_assert_false (opens (raw, KEY, 100));
  g_assert_false (opens ("", KEY, 100));
  g_assert_false (opens ("....", KEY, 100));
  for (gsize i = 0; i < strlen (good); i++)
    {
      g_autofree char *changed = g_strdup (good);

      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      if (opens (changed, KEY, 100))
        g_error ("a change at %" G_GSIZE_FORMAT " went through", i);
    }
}

/* ---- a server ---- */

typedef struct
{
  char *folder, *address, *link_text;
  SoupServer *server;
  NetHealthLink *link;
  const char *answer; /* of the manifest; NULL: as the case says */
  guint status, asked, files_asked;
  char *body; /* of the last request */
  char *embedded;
} Fixture;

/* libsoup looks at a connection once more when its handshake has failed: no server goes before the
 * program does. */
static GPtrArray *served;

static void
run (const char *folder, const char *command)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;

  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-ec", command, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
}

static void
manifest_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer data)
{
  Fixture *self = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);

  if (g_str_equal (path, "/file"))
    {
      self->files_asked++;
      net_fixture_answer (message, 200, self->embedded);
      return;
    }
  self->asked++;
  g_free (self->body);
  self->body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (query && g_hash_table_lookup (query, "recipient"))
    g_set_str (&self->body, g_hash_table_lookup (query, "recipient"));
  if (self->status == 302)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                  "https://127.0.0.1/file");
  net_fixture_answer (message, self->status, self->answer);
}

static void
set_link (Fixture *self, const char *flags)
{
  g_autofree char *json =
      g_strdup_printf ("{'url':'%s/m','key':'" KEY "','flag':'%s'}", self->address, flags);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->link, net_health_link_free);
  g_clear_pointer (&self->link_text, g_free);
  self->link_text = link_of (json);
  self->link = net_health_link_parse (self->link_text, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *certificate = NULL, *key = NULL;
  g_autoptr (GTlsCertificate) both = NULL;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->folder = g_dir_make_tmp ("bedside-link-XXXXXX", NULL);
  run (self->folder,
       "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out "
       "cert.pem -days 30 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1");
  certificate = g_build_filename (self->folder, "cert.pem", NULL);
  key = g_build_filename (self->folder, "key.pem", NULL);
  both = g_tls_certificate_new_from_files (certificate, key, &error);
  g_assert_no_error (error);
  g_assert_true (net_http_set_authority (certificate, &error));
  self->server = soup_server_new ("tls-certificate", both, NULL);
  if (!served)
    served = g_ptr_array_new ();
  g_ptr_array_add (served, self->server);
  soup_server_add_handler (self->server, NULL, manifest_cb, self, NULL);
  soup_server_listen_local (self->server, 0,
                            SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->address = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  self->embedded = seal ("{\"resourceType\":\"Patient\"}");
  self->status = 200;
  set_link (self, "");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  run (self->folder, "rm -f key.pem cert.pem");
  g_assert_cmpint (rmdir (self->folder), ==, 0);
  soup_server_remove_handler (self->server, NULL);
  net_http_set_authority (NULL, NULL);
  g_clear_pointer (&self->link, net_health_link_free);
  g_free (self->link_text);
  g_free (self->folder);
  g_free (self->address);
  g_free (self->body);
  g_free (self->embedded);
}

/* (transfer full) (nullable) */
static GPtrArray *
fetch (Fixture *self, const char *passcode, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  net_health_link_fetch_async (self->link, "Dr Ada Stone", passcode, NULL, net_fixture_keep,
                               &result);
  net_fixture_wait (result != NULL);
  return net_health_link_fetch_finish (result, error);
}

static void
expect_error (Fixture *self, const char *passcode, const char *sentence)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = fetch (self, passcode, &error);

  g_assert_null (files);
  if (!strstr (error->message, sentence))
    g_error ("“%s” does not say “%s”", error->message, sentence);
}

static void
assert_patient (GBytes *bytes)
{
  static const char patient[] = "{\"resourceType\":\"Patient\"}";

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), patient,
                   strlen (patient));
}

/* A file in the manifest, one beside it, and one without a manifest; who asks is told. */
static void
test_fetch (Fixture *self, gconstpointer data)
{
  g_autofree char *manifest = g_strdup_printf (
      "{\"files\":[{\"contentType\":\"application/fhir+json\",\"embedded\":\"%s\"},"
      "{\"contentType\":\"application/fhir+json\",\"location\":\"%s/file\"}]}",
      self->embedded, self->address);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = NULL, direct = NULL;

  self->answer = manifest;
  files = fetch (self, "not asked for", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 2);
  assert_patient (files->pdata[0]);
  assert_patient (files->pdata[1]);
  g_assert_nonnull (strstr (self->body, "\"recipient\":\"Dr Ada Stone\""));
  g_assert_null (strstr (self->body, "passcode"));

  self->answer = self->embedded;
  set_link (self, "U");
  direct = fetch (self, NULL, &error);
  g_assert_no_error (error);
  assert_patient (direct->pdata[0]);
  g_assert_cmpstr (self->body, ==, "Dr Ada Stone");
}

static void
test_passcode (Fixture *self, gconstpointer data)
{
  set_link (self, "P");
  self->status = 401;
  self->answer = "{\"remainingAttempts\":2}";
  expect_error (self, "1234", "The passcode is wrong. 2 more tries are left.");
  g_assert_nonnull (strstr (self->body, "\"passcode\":\"1234\""));
  self->answer = "{\"remainingAttempts\":1}";
  expect_error (self, "1234", "1 more try is left.");
  self->answer = "{\"remainingAttempts\":0}";
  expect_error (self, "1234", "the link is closed now");
  self->answer = "nonsense";
  expect_error (self, "1234", "The passcode is wrong.");
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (9 * 1024 * 1024, ' '), *deep = g_strnfill (1000 * 1000, '[');
  g_autofree char *tampered = g_strdup (self->embedded), *manifest = NULL;

  self->status = 404;
  expect_error (self, NULL, "leads nowhere any more");
  self->status = 429;
  expect_error (self, NULL, "asked too often");
  self->status = 302;
  expect_error (self, NULL, "does not answer as one for health links");
  g_assert_cmpuint (self->files_asked, ==, 0);
  self->status = 200;
  self->answer = "{\"files\":[]}";
  expect_error (self, NULL, "holds no files");
  self->answer = "{\"files\":[7]}";
  expect_error (self, NULL, "does not answer as one for health links");
  self->answer = "<html>";
  expect_error (self, NULL, "does not answer as one for health links");
  self->answer = huge;
  expect_error (self, NULL, "larger than 8 MB");
  self->answer = deep;
  expect_error (self, NULL, "does not answer as one for health links");
  tampered[strlen (tampered) - 1] = tampered[strlen (tampered) - 1] == 'A' ? 'Q' : 'A';
  manifest = g_strdup_printf ("{\"files\":[{\"embedded\":\"%s\"}]}", tampered);
  self->answer = manifest;
  expect_error (self, NULL, "is damaged, or not made for this link");
}

/* A server elsewhere cannot have this computer ask its neighbours. */
static void
test_locations (Fixture *self, gconstpointer data)
{
  static const char *const places[] = {
    "http://127.0.0.1/file", "https://localhost/file",   "https://10.0.0.1/file",
    "https://[::1]/file",    "https://169.254.1.1/file", "https://printer/file",
    "file:///etc/passwd",    "https://192.168.1.1/file", "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *manifest =
          g_strdup_printf ("{\"files\":[{\"location\":\"%s\"}]}", places[i]);

      self->answer = manifest;
      g_test_message ("%s", places[i]);
      expect_error (self, NULL, "does not answer as one for health links");
    }
  g_assert_cmpuint (self->files_asked, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  g_test_add_func ("/net/health-link/example", test_example);
  g_test_add_func ("/net/health-link/parse", test_parse);
  g_test_add_func ("/net/health-link/jwe", test_jwe);
  ADD ("/net/health-link/fetch", test_fetch);
  ADD ("/net/health-link/passcode", test_passcode);
  ADD ("/net/health-link/refused", test_refused);
  ADD ("/net/health-link/locations", test_locations);
  return g_test_run ();
}
