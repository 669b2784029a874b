/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "hub-admin.h"
#include "hub-data.h"
#include "hub-import.h"
#include "hub-password.h"
#include "hub-server.h"

/* bedside-hub: the program. serve runs the server; the others are the administrator's commands. */

#define EXIT_REFUSED 2

typedef struct
{
  char *data, *key_file, *today, *user, *role, *reference, *display;
  int port;
  gboolean demo, json, password;
  char **files;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->data);
  g_free (options->key_file);
  g_free (options->today);
  g_free (options->user);
  g_free (options->role);
  g_free (options->reference);
  g_free (options->display);
  g_strfreev (options->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
fail (const char *sentence)
{
  g_printerr ("bedside-hub: %s\n", sentence);
  return 1;
}

/* ---- serve ---------------------------------------------------------------------------------- */

/* The time of day goes on as it is; only the date is another. */
static BaseClock *
clock_for (const char *today, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) start = NULL;
  int year, month, day, read = 0;

  if (today == NULL)
    return base_clock_new ();
  if (sscanf (today, "%4d-%2d-%2d%n", &year, &month, &day, &read) == 3 && today[read] == '\0')
    start = g_date_time_new_local (year, month, day, g_date_time_get_hour (now),
                                   g_date_time_get_minute (now), g_date_time_get_seconds (now));
  if (start != NULL)
    return base_clock_new_at (start);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--today takes a date as in 2026-11-22");
  return NULL;
}

static gboolean
stop_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static int
run_server (HubData *data, const Options *options)
{
  g_autoptr (HubServer) server = hub_server_new (data->store, data->clock, data->access);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketService) admin = NULL;

  hub_server_set_demo (server, options->demo);
  admin = hub_admin_listen (data, &error);
  if (admin == NULL || !hub_server_start (server, (guint) options->port, &error))
    return fail (error->message);
  if (data->key_beside_data)
    g_printerr (
        "bedside-hub: the key lies beside the records, in %s/hub.key. Encrypt this disk, or keep "
        "the key elsewhere and name it with --key-file.\n",
        data->folder);
  printf ("%s\n", hub_server_get_base_url (server));
  fflush (stdout);
  g_unix_signal_add (SIGTERM, stop_cb, loop);
  g_unix_signal_add (SIGINT, stop_cb, loop);
  g_main_loop_run (loop);
  g_socket_service_stop (admin);
  g_socket_listener_close (G_SOCKET_LISTENER (admin));
  hub_server_stop (server);
  return 0;
}

static int
serve (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseClock) clock = clock_for (options->today, &error);
  g_autoptr (HubData) data = NULL;

  if (clock != NULL)
    data = hub_data_open (options->data, options->key_file, clock, &error);
  if (data == NULL || (options->demo && !hub_data_found_demo (data, &error)))
    return fail (error->message);
  return run_server (data, options);
}

/* ---- the administrator's commands ----------------------------------------------------------- */

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

/* One line on standard input, so that a password stands in no process list. It is hashed here and
 * not in a running hub, whose people would wait. */
static char *
read_password_hash (void)
{
  char line[1024];

  if (fgets (line, sizeof line, stdin) == NULL)
    return NULL;
  line[strcspn (line, "\n")] = '\0';
  return *line != '\0' ? hub_password_hash (line, HUB_PASSWORD_ITERATIONS) : NULL;
}

static JsonNode *
command_node (const char *name, const Options *options)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *password = options->password ? read_password_hash () : NULL;

  json_builder_begin_object (builder);
  add_text (builder, "command", name);
  add_text (builder, "user", options->user);
  add_text (builder, "role", options->role);
  add_text (builder, "reference", options->reference);
  add_text (builder, "display", options->display);
  add_text (builder, "password-hash", password);
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  for (char **file = options->files; file != NULL && *file != NULL; file++)
    {
      g_autofree char *path = g_canonicalize_filename (*file, NULL);

      json_builder_add_string_value (builder, path);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* Opens the folder; where a running hub has it, the hub does the work. */
static JsonNode *
run_command (JsonNode *command, const Options *options, GError **error)
{
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (GError) problem = NULL;
  g_autoptr (HubData) data = hub_data_open (options->data, options->key_file, clock, &problem);

  if (data != NULL)
    return hub_admin_run (data, command, error);
  if (g_error_matches (problem, HUB_DATA_ERROR, HUB_DATA_ERROR_BUSY))
    return hub_admin_call (options->data, command, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

static void
print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  printf ("%s\n", text);
}

static int
import (const Options *options)
{
  g_autoptr (JsonNode) command = command_node ("import", options);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;
  g_autoptr (HubImportReport) report = NULL;

  if (options->files == NULL)
    return fail ("Name at least one file to import");
  result = run_command (command, options, &error);
  if (result == NULL)
    return fail (error->message);
  report = hub_import_report_from_json (result);
  if (options->json)
    print_json (result);
  else
    {
      g_autofree char *text = hub_import_report_to_text (report);

      printf ("%s", text);
    }
  return report->total.refused > 0 ? EXIT_REFUSED : 0;
}

static int
simple (const char *name, const char *member, const Options *options)
{
  g_autoptr (JsonNode) command = command_node (name, options);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;

  if (options->user == NULL)
    return fail ("Name the user with --user");
  result = run_command (command, options, &error);
  if (result == NULL)
    return fail (error->message);
  if (options->json)
    print_json (result);
  else
    printf ("%s\n", json_object_get_string_member (json_node_get_object (result), member));
  return 0;
}

static int
token (const Options *options)
{
  return simple ("token", "token", options);
}

static int
user (const Options *options)
{
  return simple ("user", "user", options);
}

/* ---- the command line ----------------------------------------------------------------------- */

typedef struct
{
  const char *name, *arguments, *summary;
  int (*run) (const Options *options);
  const char *takes; /* letters of the options below */
} Command;

static const Command commands[] = {
  { "serve", "",
    "Serve FHIR, sign-in, visits and patients' pages on 127.0.0.1.\n"
    "The first line on standard output is the base URL.",
    serve, "dkpmt" },
  { "import", "FILE…",
    "Import FHIR bundles, resources and NDJSON files, in any order.\n"
    "Importing again changes nothing. Exit status 2: some entries were refused.",
    import, "dkj" },
  { "token", "", "Print a bearer token for scripts; it is good for an hour.", token, "dkju" },
  { "user", "", "Add a user, or change one.", user, "dkjurnvw" },
};

static const Command *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static int
usage (FILE *to, int status)
{
  fprintf (to, "Usage: bedside-hub COMMAND --data DIR [OPTION…]\n\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (to, "  %-8s %.*s\n", commands[i].name, (int) strcspn (commands[i].summary, "\n"),
             commands[i].summary);
  fprintf (
      to,
      "\nbedside-hub COMMAND --help lists a command's options; the rest is in bedside-hub(1).\n");
  return status;
}

static gboolean
parse (const Command *command, Options *options, int *argc, char ***argv, GError **error)
{
  const struct
  {
    char letter;
    GOptionEntry entry;
  } known[] = {
    { 'd', { "data", 'd', 0, G_OPTION_ARG_FILENAME, &options->data, "The hub's folder", "DIR" } },
    { 'k',
      { "key-file", 'k', 0, G_OPTION_ARG_FILENAME, &options->key_file,
        "64 hex digits; made where missing. Default: DIR/hub.key", "FILE" } },
    { 'p',
      { "port", 'p', 0, G_OPTION_ARG_INT, &options->port,
        "Port on 127.0.0.1; default: any free one", "N" } },
    { 'm',
      { "demo", 0, 0, G_OPTION_ARG_NONE, &options->demo,
        "Found the demo clinic, where everyone may sign in", NULL } },
    { 't',
      { "today", 0, 0, G_OPTION_ARG_STRING, &options->today, "Another date than today's",
        "DATE" } },
    { 'j', { "json", 'j', 0, G_OPTION_ARG_NONE, &options->json, "Print one JSON object", NULL } },
    { 'u',
      { "user", 'u', 0, G_OPTION_ARG_STRING, &options->user, "The user's login name", "NAME" } },
    { 'r',
      { "role", 'r', 0, G_OPTION_ARG_STRING, &options->role,
        "prescriber, nurse, reception, patient, pharmacy or admin", "ROLE" } },
    { 'n',
      { "name", 'n', 0, G_OPTION_ARG_STRING, &options->display, "The name that others read",
        "NAME" } },
    { 'v',
      { "reference", 0, 0, G_OPTION_ARG_STRING, &options->reference,
        "The user's own record, as in Practitioner/1", "TYPE/ID" } },
    { 'w',
      { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &options->password,
        "Read the password from standard input", NULL } },
  };
  g_autofree char *title = g_strdup_printf ("%s --data DIR %s", command->name, command->arguments);
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionEntry entries[G_N_ELEMENTS (known) + 2] = { 0 };
  gsize count = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strchr (command->takes, known[i].letter) != NULL)
      entries[count++] = known[i].entry;
  if (*command->arguments != '\0')
    entries[count++] = (GOptionEntry) {
      G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL,
      command->arguments
    };
  g_option_context_set_summary (context, command->summary);
  g_option_context_add_main_entries (context, entries, NULL);
  g_set_prgname ("bedside-hub");
  (*argv)[0] = title;
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (options->data != NULL && *argc <= 1 && options->port >= 0 && options->port <= 65535)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s",
               options->data == NULL ? "Name the hub's folder with --data"
               : *argc > 1           ? "There are words that this command does not take"
                                     : "A port is between 0 and 65535");
  return FALSE;
}

int
main (int argc, char **argv)
{
  const Command *command;
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  umask (077);
  if (argc < 2)
    return usage (stderr, 1);
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") ||
      g_str_equal (argv[1], "help"))
    return usage (stdout, 0);
  if (g_str_equal (argv[1], "--version"))
    return printf ("bedside-hub " BEDSIDE_VERSION "\n") < 0;
  command = find_command (argv[1]);
  if (command == NULL)
    {
      fail ("There is no such command");
      return usage (stderr, 1);
    }
  argc--;
  argv++;
  if (!parse (command, &options, &argc, &argv, &error))
    return fail (error->message);
  return command->run (&options);
}
