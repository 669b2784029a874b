/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-command.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub-account.h"
#include "hub-backup.h"
#include "hub-check.h"
#include "hub-describe-dosage.h"
#include "hub-import.h"
#include "base-password.h"

#define PROGRESS_US (G_USEC_PER_SEC / 2)

void
hub_options_clear (HubOptions *options)
{
  char **texts[] = {
    &options->data,          &options->key_file,      &options->today,      &options->user,
    &options->role,          &options->reference,     &options->display,    &options->patient,
    &options->format,        &options->output,        &options->input,      &options->backup_key,
    &options->quirk,         &options->password_file, &options->type,       &options->depth,
    &options->seed,          &options->upstream,      &options->copies,     &options->token_file,
    &options->client_file,   &options->link_key,      &options->public_url, &options->messages,
    &options->ice_file,      &options->content,       &options->drugs,      &options->allergies,
    &options->age,           &options->weight,        &options->egfr,       &options->language,
    &options->trusted_proxy,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_clear_pointer (texts[i], g_free);
  g_clear_pointer (&options->words, g_strfreev);
}

int
hub_command_fail (const char *sentence)
{
  g_printerr ("bedside-hub: %s\n", sentence);
  return 1;
}

/* ---- asking a hub, or being one ------------------------------------------------------------- */

/* On standard error, for people only: a script that reads it would stumble. */
static void
show_progress (double part, gpointer data)
{
  gint64 *last = data;
  gint64 now = g_get_monotonic_time ();

  if (!isatty (STDERR_FILENO) || (part < 1 && now - *last < PROGRESS_US))
    return;
  *last = now;
  fprintf (stderr, "\r%3d %%%s", (int) (part * 100), part >= 1 ? "\r      \r" : "");
}

/* Opens the folder; where a running hub has it, the hub does the work. */
static JsonNode *
run_command (JsonNode *command, const HubOptions *options, GError **error)
{
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (GError) problem = NULL;
  g_autoptr (HubData) data = NULL;
  gint64 last = 0;

  data = hub_data_open (options->data, options->key_file, clock, &problem);
  if (data != NULL)
    return hub_admin_run (data, command, show_progress, &last, error);
  if (g_error_matches (problem, HUB_DATA_ERROR, HUB_DATA_ERROR_BUSY))
    return hub_admin_call (options->data, command, show_progress, &last, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

static JsonBuilder *
begin_command (const char *name)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  hub_admin_add_text (builder, "command", name);
  return builder;
}

static JsonNode *
end_and_run (JsonBuilder *builder, const HubOptions *options, GError **error)
{
  g_autoptr (JsonNode) command = NULL;

  json_builder_end_object (builder);
  command = json_builder_get_root (builder);
  return run_command (command, options, error);
}

/* The folder that a command reads must be there: a wrong word would make an empty one. */
static gboolean
has_records (const HubOptions *options, GError **error)
{
  g_autofree char *path = g_build_filename (options->data, "hub.db", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, HUB_DATA_ERROR, HUB_DATA_ERROR_FOLDER,
               "There are no records in %s: name the folder that the hub serves with --data",
               options->data);
  return FALSE;
}

static void
print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  printf ("%s\n", text);
}

static const char *
text_of (JsonNode *result, const char *name)
{
  return json_object_get_string_member_with_default (json_node_get_object (result), name, "");
}

static gint64
number_of (JsonNode *result, const char *name)
{
  return json_object_get_int_member_with_default (json_node_get_object (result), name, 0);
}

/* ---- import --------------------------------------------------------------------------------- */

int
hub_command_import (const HubOptions *options)
{
  g_autoptr (JsonBuilder) builder = begin_command ("import");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;
  g_autoptr (HubImportReport) report = NULL;

  if (options->words == NULL)
    return hub_command_fail ("Name at least one file to import");
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  for (char **file = options->words; *file != NULL; file++)
    {
      g_autofree char *path = g_canonicalize_filename (*file, NULL);

      json_builder_add_string_value (builder, path);
    }
  json_builder_end_array (builder);
  result = end_and_run (builder, options, &error);
  if (result == NULL)
    return hub_command_fail (error->message);
  report = hub_import_report_from_json (result);
  if (options->json)
    print_json (result);
  else
    {
      g_autofree char *text = hub_import_report_to_text (report);

      printf ("%s", text);
    }
  return report->total.refused > 0 ? HUB_EXIT_REFUSED : 0;
}

/* ---- token, user ---------------------------------------------------------------------------- */

int
hub_command_token (const HubOptions *options)
{
  g_autoptr (JsonBuilder) builder = begin_command ("token");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;

  if (options->user == NULL)
    return hub_command_fail ("Name the user with --user");
  hub_admin_add_text (builder, "user", options->user);
  result = end_and_run (builder, options, &error);
  if (result == NULL)
    return hub_command_fail (error->message);
  if (options->json)
    print_json (result);
  else
    printf ("%s\n", text_of (result, "token"));
  return 0;
}

static char *
read_first_line (FILE *file)
{
  char line[1024];

  if (file == NULL || fgets (line, sizeof line, file) == NULL)
    return NULL;
  line[strcspn (line, "\n")] = '\0';
  return *line != '\0' ? g_strdup (line) : NULL;
}

static char *
read_password_file (const char *path, GError **error)
{
  FILE *file = fopen (path, "re");
  struct stat status;
  char *password = NULL;

  if (file == NULL || fstat (fileno (file), &status) != 0)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "The password's file %s cannot be read",
                 path);
  else if ((status.st_mode & 077) != 0)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                 "Others may read the password in %s: run chmod 600 on it first", path);
  else if ((password = read_first_line (file)) == NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "There is no password in %s", path);
  if (file != NULL)
    fclose (file);
  return password;
}

/* So that a password stands in no process list. @password: NULL where none was asked for. */
static gboolean
read_password (const HubOptions *options, char **password, GError **error)
{
  *password = NULL;
  if (options->password + options->generate + (options->password_file != NULL) > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "Say once where the password comes from");
      return FALSE;
    }
  if (options->generate)
    *password = hub_account_new_password ();
  else if (options->password_file != NULL)
    *password = read_password_file (options->password_file, error);
  else if (!options->password)
    return TRUE;
  else if ((*password = read_first_line (stdin)) == NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 "There is no password on standard input: send one line");
  return *password != NULL;
}

static void
print_user (const HubOptions *options, JsonNode *result, const char *password)
{
  JsonObject *user = json_node_get_object (result);

  if (options->json && options->generate)
    json_object_set_string_member (user, "generated_password", password);
  if (options->json)
    {
      print_json (result);
      return;
    }
  if (json_object_has_member (user, "users"))
    {
      g_autofree char *text = hub_account_list_text (result);

      printf ("%s", text);
      return;
    }
  printf ("%s, %s: %s\n", text_of (result, "user"), text_of (result, "role"),
          text_of (result, "done"));
  if (options->generate)
    printf ("Password, shown this once: %s\n", password);
  else if (!json_object_get_boolean_member (user, "password"))
    printf ("There is no password yet: bedside-hub user password sets one\n");
}

int
hub_command_user (const HubOptions *options)
{
  guint words = options->words != NULL ? g_strv_length (options->words) : 0;
  const char *action = words > 0 ? options->words[0] : "put";
  g_autoptr (JsonBuilder) builder = begin_command ("user");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;
  g_autofree char *password = NULL;

  if (words > 2 || (words > 1 && options->user != NULL))
    return hub_command_fail ("Say what to do and for whom: user disable anna");
  if (!read_password (options, &password, &error))
    return hub_command_fail (error->message);
  hub_admin_add_text (builder, "action", action);
  hub_admin_add_text (builder, "user", words > 1 ? options->words[1] : options->user);
  hub_admin_add_text (builder, "role", options->role);
  hub_admin_add_text (builder, "reference", options->reference);
  hub_admin_add_text (builder, "display", options->display);
  if (password != NULL)
    {
      /* Hashed here and not in a running hub, whose people would wait. */
      g_autofree char *hash = base_password_hash (password, BASE_PASSWORD_ITERATIONS);

      hub_admin_add_text (builder, "password-hash", hash);
    }
  result = end_and_run (builder, options, &error);
  if (result == NULL)
    return hub_command_fail (error->message);
  print_user (options, result, password);
  return 0;
}

/* ---- export --------------------------------------------------------------------------------- */

static int
print_export (const HubOptions *options, JsonNode *result)
{
  const char *text = text_of (result, "text");
  g_autoptr (GError) error = NULL;

  if (options->output == NULL)
    return fputs (text, stdout) < 0 || fflush (stdout) != 0
               ? hub_command_fail ("The export could not be written whole")
               : 0;
  if (!g_file_set_contents_full (options->output, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &error))
    return hub_command_fail (error->message);
  json_object_remove_member (json_node_get_object (result), "text");
  json_object_set_string_member (json_node_get_object (result), "output", options->output);
  if (options->json)
    print_json (result);
  else
    printf ("%" G_GINT64_FORMAT " resources are in %s\n", number_of (result, "resources"),
            options->output);
  if (!options->json && number_of (result, "left_out") > 0)
    printf ("%" G_GINT64_FORMAT " that also name another patient were left out\n",
            number_of (result, "left_out"));
  return 0;
}

int
hub_command_export (const HubOptions *options)
{
  g_autoptr (JsonBuilder) builder = begin_command ("export");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;

  if (options->patient == NULL)
    return hub_command_fail ("Name the patient with --patient and the record's id");
  if (options->json && options->output == NULL)
    return hub_command_fail ("With --json, name a file for the records with --output");
  hub_admin_add_text (builder, "patient", options->patient);
  hub_admin_add_text (builder, "format", options->format);
  if (has_records (options, &error))
    result = end_and_run (builder, options, &error);
  return result != NULL ? print_export (options, result) : hub_command_fail (error->message);
}

/* ---- check, backup, restore ----------------------------------------------------------------- */

int
hub_command_check (const HubOptions *options)
{
  g_autoptr (JsonBuilder) builder = begin_command ("check");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;

  if (options->sample < 0)
    return hub_command_fail ("--sample takes a number of resources");
  hub_admin_add_number (builder, "sample", options->sample);
  if (!has_records (options, &error))
    return hub_command_fail (error->message);
  result = end_and_run (builder, options, &error);
  if (result == NULL)
    result = hub_check_of_error (error);
  if (options->json)
    print_json (result);
  else
    {
      g_autofree char *text = hub_check_to_text (result);

      printf ("%s", text);
    }
  return hub_check_is_good (result) ? 0 : 1;
}

int
hub_command_backup (const HubOptions *options)
{
  g_autoptr (JsonBuilder) builder = begin_command ("backup");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;
  g_autofree char *output = NULL;
  g_autofree char *key = NULL;

  if (options->output == NULL)
    return hub_command_fail ("Name the backup's file with --output");
  /* A running hub stands in another folder. */
  output = g_canonicalize_filename (options->output, NULL);
  key = options->backup_key != NULL ? g_canonicalize_filename (options->backup_key, NULL) : NULL;
  hub_admin_add_text (builder, "output", output);
  hub_admin_add_text (builder, "backup-key-file", key);
  if (has_records (options, &error))
    result = end_and_run (builder, options, &error);
  if (result == NULL)
    return hub_command_fail (error->message);
  if (options->json)
    print_json (result);
  else
    printf ("%" G_GINT64_FORMAT " resources as of %s are in %s.\n"
            "%s.json belongs to it. It opens with the key in %s only: keep that elsewhere.\n",
            number_of (result, "resources"), text_of (result, "taken"), output, output,
            text_of (result, "key_file"));
  return 0;
}

int
hub_command_restore (const HubOptions *options)
{
  HubRestore restore = { options->data,       options->key_file, options->input,
                         options->backup_key, options->replace,  options->without_manifest };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;
  gint64 last = 0;

  if (options->input == NULL)
    return hub_command_fail ("Name the backup's file with --input");
  result = hub_restore_run (&restore, show_progress, &last, &error);
  if (result == NULL)
    return hub_command_fail (error->message);
  if (options->json)
    {
      print_json (result);
      return 0;
    }
  printf ("%" G_GINT64_FORMAT " resources are in %s. Everyone signs in again.\n",
          number_of (result, "resources"), options->data);
  if (*text_of (result, "aside") != '\0')
    printf ("What was there is kept as %s\n", text_of (result, "aside"));
  return 0;
}

/* ---- describe ------------------------------------------------------------------------------- */

#define DESCRIBE_LIMIT (256 * 1024 * 1024)

static char *
read_input (const char *path, gsize *length, GError **error)
{
  g_autoptr (GString) all = g_string_new (NULL);
  char *text = NULL;
  char chunk[65536];
  size_t got;

  if (!g_str_equal (path, "-"))
    return g_file_get_contents (path, &text, length, error) ? text : NULL;
  while ((got = fread (chunk, 1, sizeof chunk, stdin)) > 0 && all->len < DESCRIBE_LIMIT)
    g_string_append_len (all, chunk, (gssize) got);
  *length = all->len;
  return g_string_free_and_steal (g_steal_pointer (&all));
}

static void
add_list (JsonBuilder *builder, const char *name, GPtrArray *texts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < texts->len; i++)
    json_builder_add_string_value (builder, texts->pdata[i]);
  json_builder_end_array (builder);
}

static void
print_description (const HubOptions *options, const HubDescription *description)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (!options->json)
    {
      fwrite (description->text->str, 1, description->text->len, stdout);
      if (description->left_out > 0)
        fprintf (stderr, "bedside-hub: %u of %u resources are shown, those of type %s\n",
                 description->shown, description->shown + description->left_out, options->type);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  hub_admin_add_text (builder, "text", description->text->str);
  add_list (builder, "warnings", description->warnings);
  add_list (builder, "unknown", description->unknown);
  hub_admin_add_number (builder, "left_out", description->left_out);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  print_json (root);
}

int
hub_command_describe (const HubOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HubDescription) description = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (options->words == NULL || g_strv_length (options->words) != 1)
    return hub_command_fail ("Name one file to describe, or - for standard input");
  if (options->type != NULL && !fhir_resource_type_is_known (options->type))
    return hub_command_fail ("--type takes a resource type of FHIR R4, as in Observation");
  text = read_input (options->words[0], &length, &error);
  if (text != NULL)
    description =
        options->language != NULL
            ? hub_describe_dosages (text, (gssize) length, options->type, options->language, &error)
            : hub_describe (text, (gssize) length, options->type, &error);
  if (description == NULL)
    return hub_command_fail (error->message);
  if (options->language != NULL && description->shown == 0)
    return hub_command_fail ("There is no dosage in it");
  print_description (options, description);
  return options->language != NULL && description->warnings->len > 0 ? HUB_EXIT_REFUSED : 0;
}
