/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>

#include "base-id.h"
#include "pharmacy-fhir.h"
#include "pharmacy-page.h"

/* bedside-pharmacy: a pharmacy's counter that reads what was sent to it from a FHIR server, as an
 * external system does, and that fails by switch. For tests and demonstrations. */

#define LOOK_MS 300

typedef struct
{
  char *server, *token_file, *owner;
  int port;
  gboolean lose_answer;
  PharmacyFaults faults;
} Options;

typedef struct
{
  PharmacyCounter *counter;
  GCancellable *stop;
} Work;

static int
fail (const char *sentence)
{
  fprintf (stderr, "bedside-pharmacy: %s\n", sentence);
  return 1;
}

static gboolean
parse (Options *options, int *argc, char ***argv, GError **error)
{
  PharmacyFaults *faults = &options->faults;
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, &options->server, "The hub, http://127.0.0.1:PORT",
      "URL" },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &options->token_file,
      "A file with the pharmacy's token for the hub", "FILE" },
    { "organization", 0, 0, G_OPTION_ARG_STRING, &options->owner,
      "Which pharmacy this is: Organization/ID", "REFERENCE" },
    { "port", 0, 0, G_OPTION_ARG_INT, &options->port, "Port of the counter's page (0: any)",
      "PORT" },
    { "refuse", 0, 0, G_OPTION_ARG_NONE, &faults->refuse, "Turn every order away", NULL },
    { "slow", 0, 0, G_OPTION_ARG_INT, &faults->slow, "Wait before each step", "SECONDS" },
    { "lose-answer", 0, 0, G_OPTION_ARG_NONE, &options->lose_answer,
      "Lose the hub's answer to each message, and send it again", NULL },
    { "ask", 0, 0, G_OPTION_ARG_NONE, &faults->ask, "Ask the prescriber about the dose", NULL },
    { "ask-substitute", 0, 0, G_OPTION_ARG_NONE, &faults->ask_substitute,
      "Ask the prescriber to hand out another product", NULL },
    { "renew", 0, 0, G_OPTION_ARG_NONE, &faults->renew, "Ask for a renewal of what was handed out",
      NULL },
    { "substitute", 0, 0, G_OPTION_ARG_NONE, &faults->substitute, "Hand out another product",
      NULL },
    { "out-of-stock", 0, 0, G_OPTION_ARG_NONE, &faults->out_of_stock, "Have none of it", NULL },
    { "partial", 0, 0, G_OPTION_ARG_NONE, &faults->partial, "Hand out half of it", NULL },
    { "deliver", 0, 0, G_OPTION_ARG_NONE, &faults->deliver,
      "What is ready is on its way, and cannot be stopped", NULL },
    { "keep", 0, 0, G_OPTION_ARG_NONE, &faults->keep, "Nobody comes for what is ready", NULL },
    { "no-stop", 0, 0, G_OPTION_ARG_NONE, &faults->no_stop, "Refuse to stop what was cancelled",
      NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context,
                                "A pharmacy's counter that works off what a FHIR server has for "
                                "it, and fails by switch. No certification is claimed.");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

static PharmacyCounter *
make_counter (const Options *options, GError **error)
{
  g_autofree char *token = NULL, *base = g_strconcat (options->server, "/fhir", NULL);
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (NetSession) session = NULL;
  g_autoptr (NetFhirClient) client = NULL;
  g_autoptr (PharmacyFhir) network = NULL;

  if (!g_file_get_contents (options->token_file, &token, NULL, error))
    return NULL;
  session = net_session_new (base, g_strstrip (token));
  client = net_fhir_client_new (base, session, error);
  if (!client)
    return NULL;
  network = pharmacy_fhir_new (client, clock, options->owner);
  pharmacy_fhir_set_lose_answers (network, options->lose_answer);
  return pharmacy_counter_new (BEDSIDE_PHARMACY_NETWORK (network), options->faults);
}

/* What cannot be reached is said once, and tried again for as long as it takes. */
static gpointer
work (gpointer data)
{
  Work *self = data;
  gboolean said = FALSE;

  while (!g_cancellable_is_cancelled (self->stop))
    {
      g_autoptr (GError) error = NULL;
      gboolean ok = pharmacy_counter_look (self->counter, self->stop, &error);

      if (!ok && !said && !g_cancellable_is_cancelled (self->stop))
        fail (error->message);
      said = !ok;
      g_usleep (LOOK_MS * 1000);
    }
  return NULL;
}

static gboolean
stop_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static int
run (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PharmacyCounter) counter = make_counter (options, &error);
  g_autofree char *secret = base_id_new_token ();
  g_autoptr (SoupServer) server =
      counter ? pharmacy_page_serve (counter, secret, (guint) options->port, &error) : NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  g_autoslist (GUri) uris = NULL;
  Work self = { counter, stop };
  GThread *thread;

  if (!server)
    return fail (error->message);
  uris = soup_server_get_uris (server);
  printf ("http://127.0.0.1:%d/%s/\n", g_uri_get_port (uris->data), secret);
  fflush (stdout);
  g_unix_signal_add (SIGTERM, stop_cb, loop);
  g_unix_signal_add (SIGINT, stop_cb, loop);
  thread = g_thread_new ("counter", work, &self);
  g_main_loop_run (loop);
  g_cancellable_cancel (stop);
  g_thread_join (thread);
  soup_server_disconnect (server);
  return 0;
}

int
main (int argc, char **argv)
{
  Options options = { 0 };
  g_autoptr (GError) error = NULL;
  int status;

  setlocale (LC_ALL, "");
  if (!parse (&options, &argc, &argv, &error))
    status = fail (error->message);
  else if (!options.server || !options.token_file || !options.owner)
    status = fail ("Say --server, --token-file and --organization");
  else if (options.port < 0 || options.port > 65535 || options.faults.slow < 0)
    status = fail ("A port is a number up to 65535, and --slow is not negative");
  else
    status = run (&options);
  g_free (options.server);
  g_free (options.token_file);
  g_free (options.owner);
  return status;
}
