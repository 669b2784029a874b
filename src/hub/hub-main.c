/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "hub-admin.h"
#include "hub-command.h"
#include "hub-content.h"
#include "hub-data.h"
#include "hub-generate.h"
#include "hub-join.h"
#include "hub-notify.h"
#include "hub-patient-information.h"
#include "hub-proxy.h"
#include "hub-quirk.h"
#include "hub-server.h"
#include "hub-supply-wait.h"

/* bedside-hub: the program. serve runs the server; the others are the administrator's commands. */

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

/* (transfer full) (nullable): how messages go out; NULL without an error: they do not. */
static HubNotifyConfig *
load_messages (HubData *data, const HubOptions *options, GError **error)
{
  g_autofree char *beside = g_build_filename (data->folder, "messages.ini", NULL);
  const char *path = options->messages != NULL ? options->messages : beside;
  g_autoptr (HubNotifyConfig) config = NULL;

  if (options->messages == NULL && !g_file_test (beside, G_FILE_TEST_EXISTS))
    return options->demo ? hub_notify_config_new_demo () : NULL;
  config = hub_notify_config_load (path, error);
  if (config != NULL && options->demo)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s: the demo clinic sends nothing, its patients are made up", path);
  else if (config != NULL && options->public_url == NULL && hub_notify_config_reaches_out (config))
    g_set_error (
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "%s: say with --public-url where patients find this hub: a link to 127.0.0.1 opens "
        "nothing for them",
        path);
  else
    return g_steal_pointer (&config);
  return NULL;
}

static gboolean
use_messages (HubServer *server, HubData *data, const HubOptions *options, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (HubNotifyConfig) config = load_messages (data, options, &problem);

  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (config != NULL)
    hub_notify_set_config (server, config);
  return TRUE;
}

/* What patients read of their medicines. A site's own file is proved before anybody relies on it.
 */
static gboolean
use_content (HubServer *server, const HubOptions *options, BaseClock *clock, GError **error)
{
  g_autoptr (StoreContent) content = hub_content_open (options->content, clock, error);

  if (content == NULL)
    return FALSE;
  hub_patient_set_content (server, content);
  return TRUE;
}

static int
run_server (HubData *data, const HubOptions *options)
{
  g_autoptr (HubServer) server = hub_server_new (data->store, data->clock, data->access);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketService) admin = NULL;
  g_autofree char *quirks = NULL;

  hub_server_set_demo (server, options->demo);
  hub_server_set_public_url (server, options->public_url);
  if (!use_content (server, options, data->clock, &error) ||
      !hub_proxy_set (server, options->trusted_proxy, &error))
    return hub_command_fail (error->message);
  hub_join_set_medicines_days (server, options->medicines_days);
  hub_supply_wait_set_days (server, MIN (options->collect_days, 3650));
  if (!use_messages (server, data, options, &error) ||
      !hub_command_read_ice (options, server, &error))
    return hub_command_fail (error->message);
  admin = hub_admin_listen (data, &error);
  if (admin == NULL || !hub_server_start (server, (guint) options->port, &error))
    return hub_command_fail (error->message);
  if (data->key_beside_data)
    g_printerr (
        "bedside-hub: the key lies beside the records, in %s/hub.key. Encrypt this disk, or keep "
        "the key elsewhere and name it with --key-file.\n",
        data->folder);
  quirks = hub_quirk_dup_names ();
  if (quirks != NULL)
    g_printerr (
        "bedside-hub: THIS HUB IS FOR TESTS OF CLIENTS ONLY. It behaves like another server: "
        "%s.\n",
        quirks);
  printf ("%s\n", hub_server_get_base_url (server));
  fflush (stdout);
  hub_command_wait ();
  g_socket_service_stop (admin);
  g_socket_listener_close (G_SOCKET_LISTENER (admin));
  hub_server_stop (server);
  return 0;
}

static int
serve (const HubOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseClock) clock = clock_for (options->today, &error);
  g_autoptr (HubData) data = NULL;

  if (clock != NULL && options->upstream != NULL)
    return hub_command_front (options, clock);
  if (options->upstream == NULL && (options->copies != NULL || options->link_key != NULL ||
                                    options->token_file != NULL || options->client_file != NULL))
    return hub_command_fail ("These options belong to --upstream, which is missing");
  if (clock != NULL && hub_quirk_use (options->quirk, clock, &error))
    data = hub_data_open (options->data, options->key_file, clock, &error);
  if (data == NULL || (options->demo && !hub_data_found_demo (data, &error)))
    return hub_command_fail (error->message);
  return run_server (data, options);
}

static int
demo (const HubOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseClock) clock = clock_for (options->today, &error);

  if (clock == NULL)
    return hub_command_fail (error->message);
  return hub_generate_main (options->data, options->key_file, clock, options->patients,
                            options->depth, options->seed, options->json);
}

/* ---- the command line ----------------------------------------------------------------------- */

typedef struct
{
  const char *name, *arguments, *summary;
  int (*run) (const HubOptions *options);
  const char *takes; /* letters of the options below */
} Command;

static const Command commands[] = {
  { "serve", "",
    "Serve FHIR, sign-in, visits and patients' pages on 127.0.0.1.\n"
    "The first line on standard output is the base URL.\n"
    "With --upstream, serve visits and patients' pages only, in front of the FHIR server\n"
    "that has the records: nothing is kept, and --data is left away.",
    serve, "dkpmtqUBCLOWMIXYHJ" },
  { "demo", "",
    "Found the demo clinic, with as many further made-up patients as wanted.\n"
    "Ctrl+C stops after the batch in hand; the same command goes on.",
    demo, "dktjcDS" },
  { "import", "FILE…",
    "Import FHIR bundles, resources and NDJSON files, in any order.\n"
    "Importing again changes nothing. Exit status 2: some entries were refused.",
    hub_command_import, "dkj" },
  { "export", "",
    "Write all records of one patient, with who signed them and whom they name.\n"
    "The export stands in the audit.",
    hub_command_export, "dkjPfo" },
  { "token", "", "Print a bearer token for scripts; it is good for an hour.", hub_command_token,
    "dkju" },
  { "user", "[add|list|disable|enable|password|second-factor-reset] [NAME]",
    "Add, list, disable or enable users, set a password, or forget a second factor.\n"
    "Disabling ends every sign-in and connection at once; nobody is ever removed.\n"
    "Without a word the user is added, or changed.",
    hub_command_user, "dkjurnvwFG" },
  { "connect", "",
    "Print the link, and its code to scan, by which a workstation finds the hub.\n"
    "Needs no hub and no folder.",
    hub_command_connect, "jW" },
  { "describe", "FILE",
    "Show a FHIR resource or bundle as a person would read it; - reads standard input.\n"
    "With --language, show its dosages as generated text; FILE may be a Dosage then.\n"
    "Needs no hub and no folder. Exit status 2: a dosage cannot be said, or says two things.",
    hub_command_describe, "jTl" },
  { "content", "import FOLDER FILE|show FILE",
    "Make a content file of a site's own tables, or list the tables in one.\n"
    "An error names table, line and column, and nothing is written.\n"
    "Needs no hub and no folder.",
    hub_command_content, "j" },
  { "safety", "",
    "Check drugs against each other and a patient, or what all patients of a folder take.\n"
    "Stores nothing and needs no hub. Exit status 2: something graded high was found, or blocks.",
    hub_command_safety, "jtXabeghlyzQ" },
  { "check", "",
    "Check the file, its records, indexes and audit, also while a hub serves.\n"
    "A line each, green or BAD. Exit status 1: something is wrong.",
    hub_command_check, "dkjs" },
  { "backup", "",
    "Copy all records as of this moment into one encrypted file, also while a hub serves.\n"
    "FILE.json beside it says what it must hold.",
    hub_command_backup, "dkjoK" },
  { "restore", "",
    "Put a backup into an empty folder, or in the place of what is there.\n"
    "It is proven first; nothing changes where it is not whole. No hub may serve the folder.",
    hub_command_restore, "dkjiKRN" },
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
    fprintf (to, "  %-9s %.*s\n", commands[i].name, (int) strcspn (commands[i].summary, "\n"),
             commands[i].summary);
  fprintf (
      to,
      "\nbedside-hub COMMAND --help lists a command's options; the rest is in bedside-hub(1).\n");
  return status;
}

/* An option: the letter by which a command takes it, and where its value goes. */
typedef struct
{
  char letter;
  const char *name;
  char short_name;
  GOptionArg arg;
  gsize value; /* offset in HubOptions */
  const char *description, *argument;
} Option;

static const Option option_table[] = {
  { 'd', "data", 'd', G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, data), "The hub's folder",
    "DIR" },
  { 'k', "key-file", 'k', G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, key_file),
    "64 hex digits; made where missing. Default: DIR/hub.key", "FILE" },
  { 'p', "port", 'p', G_OPTION_ARG_INT, G_STRUCT_OFFSET (HubOptions, port),
    "Port on 127.0.0.1; default: any free one", "N" },
  { 'm', "demo", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET (HubOptions, demo),
    "Found the demo clinic, where everyone may sign in", NULL },
  { 't', "today", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, today),
    "Another date than today's", "DATE" },
  { 'q', "quirk", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, quirk),
    "Behave like another server, for tests of clients only: see bedside-hub(1)", "NAME,…" },
  { 'U', "upstream", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, upstream),
    "Stand in front of the FHIR R4 server at URL, which has the records", "URL" },
  { 'B', "upstream-token-file", 0, G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, token_file),
    "A file with the bearer token that the hub signs in there with; read again when refused",
    "FILE" },
  { 'C', "upstream-client-file", 0, G_OPTION_ARG_FILENAME,
    G_STRUCT_OFFSET (HubOptions, client_file),
    "Or a JSON file with token_url, client_id and client_secret, for client credentials", "FILE" },
  { 'L', "link-key-file", 0, G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, link_key),
    "64 hex digits that sign join links, the same for all copies; made where missing", "FILE" },
  { 'O', "copies", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, copies),
    "Where all copies of this hub find each other, its own address among them", "URL,…" },
  { 'W', "public-url", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, public_url),
    "Where patients and workstations find this hub; default: the base URL", "URL" },
  { 'M', "messages-file", 0, G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, messages),
    "How messages to patients go out; default: DIR/messages.ini where it is", "FILE" },
  { 'I', "ice-file", 0, G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, ice_file),
    "The clinic's STUN and TURN servers and their secret: see bedside-hub(1)", "FILE" },
  { 'X', "content", 0, G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, content),
    "The site's own clinical content; default: what comes with Bedside", "FILE" },
  { 'J', "medicines-days", 0, G_OPTION_ARG_INT, G_STRUCT_OFFSET (HubOptions, medicines_days),
    "How many days a link to a patient's medicines is good, 90 at most; default: 35", "DAYS" },
  { 'H', "trusted-proxy", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, trusted_proxy),
    "Reverse proxies whose X-Forwarded-For says who asks, as 127.0.0.1 or 10.0.0.0/8; default: "
    "none",
    "ADDRESS,…" },
  { 'Y', "collect-days", 0, G_OPTION_ARG_INT, G_STRUCT_OFFSET (HubOptions, collect_days),
    "After how many days a medicine that nobody came for is the clinic's task; 0: never; default: "
    "14",
    "DAYS" },
  { 'j', "json", 'j', G_OPTION_ARG_NONE, G_STRUCT_OFFSET (HubOptions, json),
    "Print one JSON object", NULL },
  { 'u', "user", 'u', G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, user),
    "The user's login name", "NAME" },
  { 'r', "role", 'r', G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, role),
    "prescriber, nurse, reception, patient, pharmacy or admin", "ROLE" },
  { 'n', "name", 'n', G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, display),
    "The name that others read", "NAME" },
  { 'v', "reference", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, reference),
    "The user's own record, as in Practitioner/1", "TYPE/ID" },
  { 'w', "password-stdin", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET (HubOptions, password),
    "Read the password from standard input", NULL },
  { 'F', "password-file", 0, G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, password_file),
    "Read the password from a file that only you may read", "FILE" },
  { 'G', "password-generate", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET (HubOptions, generate),
    "Make a password and print it this once", NULL },
  { 'P', "patient", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, patient),
    "The id of the patient's record", "ID" },
  { 'f', "format", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, format),
    "ndjson, a resource a line, or bundle; default: ndjson", "FORMAT" },
  { 'o', "output", 'o', G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, output),
    "The file to write", "FILE" },
  { 'i', "input", 'i', G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, input),
    "The backup to read", "FILE" },
  { 'K', "backup-key-file", 0, G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, backup_key),
    "The backup's own key; default: the folder's", "FILE" },
  { 'R', "replace", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET (HubOptions, replace),
    "Put what is there aside and take its place", NULL },
  { 'N', "no-manifest", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET (HubOptions, without_manifest),
    "Go without FILE.json, and so without knowing what the backup must hold", NULL },
  { 's', "sample", 0, G_OPTION_ARG_INT, G_STRUCT_OFFSET (HubOptions, sample),
    "Index only so many resources anew, taken by chance; default: all", "N" },
  { 'c', "patients", 0, G_OPTION_ARG_INT, G_STRUCT_OFFSET (HubOptions, patients),
    "How many patients beside the clinic's own forty", "N" },
  { 'D', "depth", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, depth),
    "demographics, light or full: about 3, 100 or 260 resources a patient; default: light",
    "DEPTH" },
  { 'S', "seed", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, seed),
    "Another seed gives other patients; default: 1", "TEXT" },
  { 'g', "drugs", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, drugs),
    "RxNorm codes of drugs or ingredients", "RXCUI,…" },
  { 'l', "allergies", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, allergies),
    "Allergies by code of SNOMED CT or RxNorm, or by name", "CODE|TEXT,…" },
  { 'a', "age", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, age),
    "The patient's age in years, as in 0.5", "Y" },
  { 'h', "weight", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, weight),
    "The patient's weight today", "KG" },
  { 'e', "egfr", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, egfr),
    "Kidney function in mL/min", "N" },
  { 'b', "pregnant", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET (HubOptions, pregnant),
    "The patient is pregnant", NULL },
  { 'y', "data", 'd', G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (HubOptions, data),
    "A folder of FHIR bundles, resources and NDJSON files", "DIR" },
  { 'z', "all-patients", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET (HubOptions, all_patients),
    "Check what every patient of the folder takes", NULL },
  { 'Q', "overrides", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET (HubOptions, overrides),
    "List the alerts that were overridden, by whom and why", NULL },
  { 'T', "type", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, type),
    "Of a bundle, show only resources of this type", "TYPE" },
  { 'l', "language", 'l', G_OPTION_ARG_STRING, G_STRUCT_OFFSET (HubOptions, language),
    "Show dosages as text in en, de, es, fr or ja", "TAG" },
};

/* @entries gets those that @command takes; the rest of it is empty. */
static void
fill_entries (const Command *command, HubOptions *options, GOptionEntry *entries)
{
  for (gsize i = 0; i < G_N_ELEMENTS (option_table); i++)
    {
      const Option *option = &option_table[i];

      if (strchr (command->takes, option->letter) != NULL)
        *entries++ = (GOptionEntry) { option->name,
                                      option->short_name,
                                      G_OPTION_FLAG_NONE,
                                      option->arg,
                                      G_STRUCT_MEMBER_P (options, option->value),
                                      option->description,
                                      option->argument };
    }
  if (*command->arguments != '\0')
    *entries =
        (GOptionEntry) { G_OPTION_REMAINING, 0,    G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME_ARRAY,
                         &options->words,    NULL, command->arguments };
}

static gboolean
parse (const Command *command, HubOptions *options, int *argc, char ***argv, GError **error)
{
  gboolean has_data = strchr (command->takes, 'd') != NULL;
  g_autofree char *title = g_strdup_printf ("bedside-hub %s", command->name);
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionEntry entries[G_N_ELEMENTS (option_table) + 2] = { 0 };

  fill_entries (command, options, entries);
  g_option_context_set_summary (context, command->summary);
  g_option_context_add_main_entries (context, entries, NULL);
  g_set_prgname (title);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (options->upstream != NULL && options->data == NULL)
    has_data = FALSE;
  if ((options->data != NULL || !has_data) && *argc <= 1 && options->port >= 0 &&
      options->port <= 65535)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s",
               options->data == NULL && has_data ? "Name the hub's folder with --data"
               : *argc > 1                       ? "There are words that this command does not take"
                                                 : "A port is between 0 and 65535");
  return FALSE;
}

int
main (int argc, char **argv)
{
  const Command *command;
  g_auto (HubOptions) options = { .collect_days = -1 };
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* its words are English, and so are their numbers */
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
      hub_command_fail ("There is no such command");
      return usage (stderr, 1);
    }
  argc--;
  argv++;
  if (!parse (command, &options, &argc, &argv, &error))
    return hub_command_fail (error->message);
  return command->run (&options);
}
