/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay-server.h"

#include <glib/gstdio.h>
#include <string.h>

#define START_SECONDS 60

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

/* An authority that lasts, and a server's certificate for 127.0.0.1 and localhost. */
static void
make_certificates (const char *folder, gboolean expired)
{
  g_autofree char *command = g_strdup_printf (
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out "
      "ca.pem -days 30 -subj '/CN=Bedside test authority' "
      "&& openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out "
      "server.csr -subj /CN=localhost "
      "&& printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\n' >server.ext "
      "&& openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile "
      "server.ext -out server.pem %s",
      expired ? "-not_before 20200101000000Z -not_after 20210101000000Z" : "-days 30");

  run (folder, command);
}

static guint
free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static gboolean
is_up (guint port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) port, NULL, NULL);

  return connection != NULL;
}

/* UDP comes last, and only the log tells. */
static gboolean
is_ready (RelayServer *self)
{
  g_autofree char *log = relay_server_dup_log (self);

  return log != NULL && strstr (log, "UDP listener opened") != NULL && is_up (self->port) &&
         is_up (self->tls_port);
}

static void
start (RelayServer *self)
{
  g_autofree char *config = NULL, *path = g_build_filename (self->folder, "turnserver.conf", NULL);
  g_autoptr (GError) error = NULL;
  gint64 end = g_get_monotonic_time () + START_SECONDS * G_USEC_PER_SEC;

  config = g_strdup_printf (
      "listening-ip=127.0.0.1\nrelay-ip=127.0.0.1\nlistening-port=%u\ntls-listening-port=%u\n"
      "use-auth-secret\nstatic-auth-secret=%s\nrealm=bedside.test\nallow-loopback-peers\n"
      "no-cli\nno-dtls\nno-rfc5780\nno-stdout-log\nverbose\nlog-file=%s/"
      "log\nsimple-log\npidfile=%s/pid\n"
      "userdb=%s/db\ncert=%s/server.pem\npkey=%s/server.key\n",
      self->port, self->tls_port, RELAY_SECRET, self->folder, self->folder, self->folder,
      self->folder, self->folder);
  g_file_set_contents (path, config, -1, &error);
  g_assert_no_error (error);
  self->process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                        &error, "turnserver", "-c", path, NULL);
  g_assert_no_error (error);
  while (!is_ready (self))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_usleep (50000);
    }
}

static RelayServer *
make (gboolean expired)
{
  RelayServer *self = g_new0 (RelayServer, 1);
  g_autofree char *authority = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("bedside-relay-XXXXXX", &error);
  g_assert_no_error (error);
  make_certificates (self->folder, expired);
  authority = g_build_filename (self->folder, "ca.pem", NULL);
  self->trusted = g_tls_file_database_new (authority, &error);
  g_assert_no_error (error);
  self->port = free_port ();
  self->tls_port = free_port ();
  start (self);
  return self;
}

RelayServer *
relay_server_new (void)
{
  return make (FALSE);
}

/* One whose certificate ran out years ago. */
RelayServer *
relay_server_new_expired (void)
{
  return make (TRUE);
}

void
relay_server_free (RelayServer *self)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", self->folder);

  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  run ("/", command);
  g_object_unref (self->process);
  g_object_unref (self->trusted);
  g_free (self->folder);
  g_free (self);
}

/* "turn", "udp": turn:127.0.0.1:3478?transport=udp */
char *
relay_server_dup_url (RelayServer *self, const char *scheme, const char *transport)
{
  return g_strdup_printf ("%s:127.0.0.1:%u%s%s", scheme,
                          g_str_equal (scheme, "turns") ? self->tls_port : self->port,
                          transport != NULL ? "?transport=" : "",
                          transport != NULL ? transport : "");
}

/* A name that is good for so many seconds, or ran out so many ago. */
char *
relay_server_dup_user (int seconds)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ":a-session",
                          g_get_real_time () / G_USEC_PER_SEC + seconds);
}

char *
relay_server_dup_password (const char *user, const char *secret)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guint8 *) secret, strlen (secret));
  guint8 digest[20];
  gsize length = sizeof digest;

  g_hmac_update (hmac, (const guint8 *) user, (gssize) strlen (user));
  g_hmac_get_digest (hmac, digest, &length);
  return g_base64_encode (digest, length);
}

char *
relay_server_dup_log (RelayServer *self)
{
  g_autofree char *path = g_build_filename (self->folder, "log", NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}
