/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-local-hub.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "hub-program.h"

/* The hub as a child of the workstation, by its real program. */

#define WAIT_SECONDS 60

typedef struct
{
  char *folder;
  AppLocalHub *hub;
  guint ready, failed;
  char *url, *sentence;
} Fixture;

static void
ready_cb (AppLocalHub *hub, const char *url, gpointer data)
{
  Fixture *fixture = data;

  fixture->ready++;
  g_set_str (&fixture->url, url);
}

static void
failed_cb (AppLocalHub *hub, const char *sentence, gpointer data)
{
  Fixture *fixture = data;

  fixture->failed++;
  g_set_str (&fixture->sentence, sentence);
}

static AppLocalHub *
make (Fixture *fixture, gboolean demo)
{
  AppLocalHub *hub = app_local_hub_new (fixture->folder, demo);

  g_signal_connect (hub, "ready", G_CALLBACK (ready_cb), fixture);
  g_signal_connect (hub, "failed", G_CALLBACK (failed_cb), fixture);
  return hub;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bedside-local-XXXXXX", NULL);
  fixture->hub = make (fixture, data == NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  app_local_hub_stop (fixture->hub);
  g_object_unref (fixture->hub);
  hub_program_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->url);
  g_free (fixture->sentence);
}

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Until @counter is at @value. */
static void
wait_for (const guint *counter, guint value)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  guint tick = g_timeout_add (20, tick_cb, NULL);

  while (*counter < value)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
}

static guint
ask (const char *url)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *metadata = g_strconcat (url, "/fhir/metadata", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", metadata);
  g_autoptr (GBytes) body = soup_session_send_and_read (session, message, NULL, NULL);

  return body != NULL ? soup_message_get_status (message) : 0;
}

static int
pid_of (AppLocalHub *hub)
{
  return (int) g_ascii_strtoll (app_local_hub_get_pid (hub), NULL, 10);
}

/* It serves, keeps its port over a restart, and is gone when it was stopped. */
static void
test_serves (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL;

  app_local_hub_start (fixture->hub);
  app_local_hub_start (fixture->hub); /* twice is once */
  wait_for (&fixture->ready, 1);
  g_assert_cmpuint (ask (fixture->url), ==, 200);
  first = g_strdup (fixture->url);
  app_local_hub_stop (fixture->hub);
  g_assert_null (app_local_hub_get_pid (fixture->hub));
  g_assert_null (app_local_hub_get_url (fixture->hub));
  g_assert_cmpuint (ask (first), ==, 0);
  app_local_hub_start (fixture->hub);
  wait_for (&fixture->ready, 2);
  g_assert_cmpstr (fixture->url, ==, first);
  g_assert_cmpuint (fixture->failed, ==, 0);
}

/* Killed, it comes back by itself at the same address, with what it had. */
static void
test_comes_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL;

  app_local_hub_start (fixture->hub);
  wait_for (&fixture->ready, 1);
  first = g_strdup (fixture->url);
  kill (pid_of (fixture->hub), SIGKILL);
  wait_for (&fixture->ready, 2);
  g_assert_cmpstr (fixture->url, ==, first);
  g_assert_cmpuint (ask (fixture->url), ==, 200);
  g_assert_cmpuint (fixture->failed, ==, 0);
}

/* Another program has its port by now. */
static void
test_port_is_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketListener) other = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0), taken = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "port", NULL), *text = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (other, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &taken, &error);
  g_assert_no_error (error);
  text = g_strdup_printf ("%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (taken)));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  app_local_hub_start (fixture->hub);
  wait_for (&fixture->ready, 1);
  g_assert_null (strstr (fixture->url, text));
  g_assert_cmpuint (ask (fixture->url), ==, 200);
}

/* Another process of ours serves the clinic: that one is used, no second one is started, and when
 * it ends somebody takes over at the same address. */
static void
test_shared (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL;
  AppLocalHub *second;

  app_local_hub_start (fixture->hub);
  second = make (fixture, TRUE);
  app_local_hub_start (second); /* before there is an address */
  wait_for (&fixture->ready, 2);
  first = g_strdup (fixture->url);
  g_assert_cmpstr (app_local_hub_get_url (fixture->hub), ==, first);
  g_assert_cmpstr (app_local_hub_get_url (second), ==, first);
  g_assert_nonnull (app_local_hub_get_pid (fixture->hub));
  g_assert_null (app_local_hub_get_pid (second));
  kill (pid_of (fixture->hub), SIGKILL); /* which is the first one's to put right */
  wait_for (&fixture->ready, 3);
  g_assert_null (app_local_hub_get_pid (second));
  app_local_hub_stop (fixture->hub);
  wait_for (&fixture->ready, 4);
  g_assert_cmpstr (app_local_hub_get_url (second), ==, first);
  g_assert_nonnull (app_local_hub_get_pid (second));
  g_assert_cmpuint (ask (first), ==, 200);
  g_assert_cmpuint (fixture->failed, ==, 0);
  app_local_hub_stop (second);
  g_object_unref (second);
}

/* Whoever only uses another's leaves it alone. */
static void
test_leaves (Fixture *fixture, gconstpointer data)
{
  AppLocalHub *second;

  app_local_hub_start (fixture->hub);
  wait_for (&fixture->ready, 1);
  second = make (fixture, TRUE);
  app_local_hub_start (second);
  wait_for (&fixture->ready, 2);
  app_local_hub_stop (second);
  g_object_unref (second);
  g_assert_cmpuint (ask (fixture->url), ==, 200);
}

/* What is written where an address should be leads nowhere. */
static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "serving", NULL);

  g_assert_true (g_file_set_contents (path, "https://evil.example/\n", -1, NULL));
  app_local_hub_start (fixture->hub);
  wait_for (&fixture->ready, 1);
  g_assert_true (g_str_has_prefix (fixture->url, "http://127.0.0.1:"));
  g_assert_cmpuint (ask (fixture->url), ==, 200);
}

/* Somebody else's hub has the records: that is said in its words, and not tried for ever. */
static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *records = g_build_filename (fixture->folder, "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) other =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv ("BEDSIDE_HUB"), "serve",
                        "--data", records, "--port", "0", "--demo", NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *url = NULL;

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (other));
  url = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  g_assert_nonnull (url);
  app_local_hub_start (fixture->hub);
  wait_for (&fixture->failed, 1);
  g_assert_nonnull (strstr (fixture->sentence, "does not start"));
  g_assert_cmpuint (ask (url), ==, 200);
  g_subprocess_send_signal (other, SIGTERM);
  g_subprocess_wait (other, NULL, NULL);
}

/* No program, or a folder that cannot be made: a sentence at once. */
static void
test_cannot (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = g_strdup (g_getenv ("BEDSIDE_HUB"));
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *below = g_build_filename (file, "clinic", NULL);
  AppLocalHub *other;

  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  other = app_local_hub_new (below, TRUE);
  g_signal_connect (other, "failed", G_CALLBACK (failed_cb), fixture);
  app_local_hub_start (other);
  g_assert_cmpuint (fixture->failed, ==, 1);
  g_assert_nonnull (strstr (fixture->sentence, "Cannot make the folder"));
  g_object_unref (other);
  g_setenv ("BEDSIDE_HUB", "/nowhere/bedside-hub", TRUE);
  app_local_hub_start (fixture->hub);
  g_assert_cmpuint (fixture->failed, ==, 2);
  g_setenv ("BEDSIDE_HUB", kept, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  ADD ("/app/local-hub/serves", test_serves);
  ADD ("/app/local-hub/comes-back", test_comes_back);
  ADD ("/app/local-hub/port-is-taken", test_port_is_taken);
  ADD ("/app/local-hub/shared", test_shared);
  ADD ("/app/local-hub/leaves", test_leaves);
  ADD ("/app/local-hub/garbage", test_garbage);
  ADD ("/app/local-hub/busy", test_busy);
  ADD ("/app/local-hub/cannot", test_cannot);
#undef ADD
  return g_test_run ();
}
