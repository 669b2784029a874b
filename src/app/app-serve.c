/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-serve.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "app-founding.h"
#include "app-local-hub.h"

/* The clinic's server without a window, for a start at login. */

typedef struct
{
  GMainLoop *loop;
  int status;
} Serve;

static void
failed_cb (AppLocalHub *hub, const char *sentence, gpointer user_data)
{
  Serve *serve = user_data;

  g_printerr ("%s\n", sentence);
  serve->status = 1;
  g_main_loop_quit (serve->loop);
}

static gboolean
end_cb (gpointer user_data)
{
  g_main_loop_quit (((Serve *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

/**
 * app_serve_clinic:
 * @folder: of a clinic that was founded
 *
 * Serves it until the session ends. While a window of ours serves it, waits for its end.
 *
 * Returns: the exit status
 */
int
app_serve_clinic (const char *folder)
{
  g_autofree char *login = app_founding_dup_login (folder);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AppLocalHub) hub = NULL;
  Serve serve = { loop, 0 };
  guint sources[2];

  if (!login)
    {
      g_printerr (_ ("There is no clinic on this computer. Start one in Bedside first.\n"));
      return 1;
    }
  hub = app_local_hub_new (folder, FALSE);
  g_signal_connect (hub, "failed", G_CALLBACK (failed_cb), &serve);
  sources[0] = g_unix_signal_add (SIGTERM, end_cb, &serve);
  sources[1] = g_unix_signal_add (SIGINT, end_cb, &serve);
  app_local_hub_start (hub);
  if (serve.status == 0)
    g_main_loop_run (loop);
  app_local_hub_stop (hub);
  g_source_remove (sources[0]);
  g_source_remove (sources[1]);
  return serve.status;
}
