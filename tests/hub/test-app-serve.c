/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "app-founding.h"
#include "app-local-hub.h"
#include "hub-program.h"

/* What is started at login: the workstation's real program, which serves a clinic without a window.
 */

#define PASSWORD     "a password of tests"
#define WAIT_SECONDS 60

typedef struct
{
  char *home, *folder, *url;
  guint ready;
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->home = g_dir_make_tmp ("bedside-serve-XXXXXX", NULL);
  fixture->folder = g_build_filename (fixture->home, "bedside", "clinic", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->result);
  hub_program_remove (fixture->home);
  g_free (fixture->home);
  g_free (fixture->folder);
  g_free (fixture->url);
}

static GSubprocess *
serve (Fixture *fixture)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", fixture->home, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("BEDSIDE_PROGRAM"),
                                         "--serve-clinic", NULL);
  g_assert_no_error (error);
  return process;
}

static void
founded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Fixture *) data)->result = g_object_ref (result);
}

static void
found (Fixture *fixture)
{
  g_autofree char *password = NULL;
  g_autoptr (GError) error = NULL;

  app_founding_async (fixture->folder,
                      app_founder_new ("Harbour Practice", "Dr Stone", "ann", "prescriber",
                                       PASSWORD),
                      NULL, founded_cb, fixture);
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  password = app_founding_finish (fixture->result, &error);
  g_assert_no_error (error);
  g_assert_true (app_founding_keep (fixture->folder, "ann", &error));
}

static void
ready_cb (Fixture *fixture, const char *url)
{
  fixture->ready++;
  g_set_str (&fixture->url, url);
}

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for (Fixture *fixture, guint ready)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  guint tick = g_timeout_add (20, tick_cb, NULL);

  while (fixture->ready < ready)
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

/* Until another process serves the folder. */
static void
wait_for_address (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "serving", NULL);
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  gboolean there = FALSE;

  while (!there)
    {
      g_autofree char *text = NULL;

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      there = g_file_get_contents (path, &text, NULL, NULL) && *text;
      if (!there)
        g_usleep (20000);
    }
}

/* Without a clinic there is nothing to serve. */
static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) process = serve (fixture);
  g_autofree char *said = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &said, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_assert_nonnull (strstr (said, "There is no clinic on this computer."));
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
}

/* Started at login; then the window comes, finds it, and leaves it to itself; a second start at
 * login only waits; and when the first ends, the window has it. */
static void
test_login (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) login = NULL, again = NULL;
  g_autoptr (AppLocalHub) window = NULL;
  g_autofree char *first = NULL;

  found (fixture);
  login = serve (fixture);
  wait_for_address (fixture);
  window = app_local_hub_new (fixture->folder, FALSE);
  g_signal_connect_swapped (window, "ready", G_CALLBACK (ready_cb), fixture);
  app_local_hub_start (window);
  wait_for (fixture, 1);
  g_assert_null (app_local_hub_get_pid (window));
  g_assert_cmpuint (ask (fixture->url), ==, 200);
  app_local_hub_stop (window);
  g_assert_cmpuint (ask (fixture->url), ==, 200);
  first = g_strdup (fixture->url);
  app_local_hub_start (window);
  wait_for (fixture, 2);
  again = serve (fixture);
  g_subprocess_send_signal (again, SIGTERM);
  g_assert_true (g_subprocess_wait (again, NULL, NULL));
  g_assert_cmpuint (ask (first), ==, 200);
  g_subprocess_send_signal (login, SIGTERM);
  g_assert_true (g_subprocess_wait_check (login, NULL, NULL));
  wait_for (fixture, 3);
  g_assert_cmpstr (fixture->url, ==, first);
  g_assert_nonnull (app_local_hub_get_pid (window));
  g_assert_cmpuint (ask (first), ==, 200);
  app_local_hub_stop (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/serve/nothing", Fixture, NULL, set_up, test_nothing, tear_down);
  g_test_add ("/app/serve/login", Fixture, NULL, set_up, test_login, tear_down);
  return g_test_run ();
}
