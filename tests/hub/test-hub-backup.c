/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-resource.h"
#include "hub-program.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* Copies of a clinic that is at work, and their return: proven, whole, and in one step. */

#define FHIR "application/fhir+json"

static char *
in_folder (HubProgram *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static gint64
number_of (const HubResult *result, const char *name)
{
  g_autoptr (JsonNode) root = NULL;

  return json_object_get_int_member (hub_result_object (result, &root), name);
}

static const char records[] =
    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
    "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"anna\"}},"
    "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"otto\"}},"
    "{\"resource\":{\"resourceType\":\"Practitioner\",\"id\":\"dora\"}}]}";

static void
import_records (HubProgram *fixture)
{
  g_autofree char *path = in_folder (fixture, "records.json");
  g_auto (HubResult) import = { 0 };

  g_assert_true (g_file_set_contents (path, records, -1, NULL));
  import = hub_program_run (NULL, "import", "--data", fixture->folder, path, NULL);
  g_assert_cmpint (import.status, ==, 0);
}

static void
flip (const char *path, long at)
{
  FILE *file = fopen (path, "r+");
  int byte;

  g_assert_nonnull (file);
  fseek (file, at, SEEK_SET);
  byte = fgetc (file);
  fseek (file, at, SEEK_SET);
  fputc (byte ^ 1, file);
  fclose (file);
}

static guint
put_patient (HubProgram *fixture, const char *token, int number)
{
  g_autofree char *path = g_strdup_printf ("/fhir/Patient/w%d", number);
  g_autofree char *body = g_strdup_printf ("{\"resourceType\":\"Patient\",\"id\":\"w%d\"}", number);

  return hub_program_send (fixture, "PUT", path, token, FHIR, body, NULL);
}

typedef struct
{
  HubProgram *fixture;
  char *token;
  int written; /* atomic: how many are known to be durable */
  int stop;
} Writer;

static gpointer
write_cb (gpointer data)
{
  Writer *writer = data;

  while (!g_atomic_int_get (&writer->stop))
    {
      g_assert_cmpuint (put_patient (writer->fixture, writer->token, writer->written), ==, 201);
      g_atomic_int_inc (&writer->written);
    }
  return NULL;
}

static HubResult
backup (HubProgram *fixture, const char *file)
{
  return hub_program_run (NULL, "backup", "--data", fixture->folder, "--output", file, "--json",
                          NULL);
}

/* Clients write all the time; what they were told was kept before the backup began is in it. */
static void
test_backup_during_writes (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *file = in_folder (fixture, "copy");
  g_autofree char *key = in_folder (fixture, "hub.key");
  HubProgram other = { in_folder (fixture, "other"), NULL, NULL };
  Writer writer = { .fixture = fixture };
  GThread *thread;
  int before, after;
  g_auto (HubResult) made = { 0 };
  g_auto (HubResult) restored = { 0 };
  g_auto (HubResult) check = { 0 };
  g_auto (HubResult) busy = { 0 };
  g_autofree char *token = NULL;

  hub_program_start_with (fixture, "--demo", NULL);
  writer.token = hub_program_token (fixture, "doctor");
  thread = g_thread_new ("writer", write_cb, &writer);
  while (g_atomic_int_get (&writer.written) < 20)
    g_usleep (1000);
  before = g_atomic_int_get (&writer.written);
  made = backup (fixture, file);
  after = g_atomic_int_get (&writer.written);
  busy = hub_program_run (NULL, "check", "--data", fixture->folder, NULL);
  g_atomic_int_set (&writer.stop, TRUE);
  g_thread_join (thread);
  g_assert_cmpint (made.status, ==, 0);
  g_assert_cmpint (after, >, before); /* nobody was kept from writing */
  g_test_message ("%s", busy.out);
  g_assert_cmpint (busy.status, ==, 0); /* nor does work in progress look like damage */
  restored = hub_program_run (NULL, "restore", "--data", other.folder, "--input", file,
                              "--backup-key-file", key, NULL);
  g_test_message ("%s", restored.err);
  g_assert_cmpint (restored.status, ==, 0);
  check = hub_program_run (NULL, "check", "--data", other.folder, NULL);
  g_test_message ("%s", check.out);
  g_assert_cmpint (check.status, ==, 0);
  hub_program_start_with (&other, NULL);
  token = hub_program_token (&other, "doctor");
  for (int i = 0; i < before; i++)
    {
      g_autofree char *path = g_strdup_printf ("/fhir/Patient/w%d", i);

      g_assert_cmpuint (hub_program_get (&other, path, token), ==, 200);
    }
  g_assert_cmpuint (hub_program_get (&other, "/fhir/Patient?_count=1", writer.token), ==, 401);
  hub_program_stop (&other);
  g_free (other.folder);
  g_free (writer.token);
}

static void
test_backup_of_a_free_folder (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *file = in_folder (fixture, "copy");
  g_autofree char *manifest = in_folder (fixture, "copy.json");
  g_autofree char *key = in_folder (fixture, "copy.key");
  g_autofree char *other = in_folder (fixture, "other");
  g_autofree char *made_key = NULL;
  g_auto (HubResult) made = { 0 };
  g_auto (HubResult) again = { 0 };
  g_auto (HubResult) wrong = { 0 };
  g_auto (HubResult) restored = { 0 };

  import_records (fixture);
  made = hub_program_run (NULL, "backup", "--data", fixture->folder, "--output", file,
                          "--backup-key-file", key, NULL);
  g_assert_cmpint (made.status, ==, 0);
  g_assert_nonnull (strstr (made.out, key)); /* it says which key is to be kept */
  g_assert_true (g_file_test (manifest, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (key, &made_key, NULL, NULL)); /* made, for there was none */
  again = backup (fixture, file);
  g_assert_cmpint (again.status, ==, 1);
  g_assert_nonnull (strstr (again.err, "already"));
  wrong = hub_program_run (NULL, "restore", "--data", fixture->folder, "--input", file, "--replace",
                           NULL); /* with the folder's key, which is another */
  g_assert_cmpint (wrong.status, ==, 1);
  restored = hub_program_run (NULL, "restore", "--data", other, "--input", file,
                              "--backup-key-file", key, "--json", NULL);
  g_assert_cmpint (restored.status, ==, 0);
  g_assert_cmpint (number_of (&restored, "resources"), ==, 3);
}

/* Each of these leaves the records as they were. */
static void
test_restore_refusals (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *file = in_folder (fixture, "copy");
  g_autofree char *manifest = in_folder (fixture, "copy.json");
  g_autofree char *store = in_folder (fixture, "hub.db");
  g_autofree char *fresh = in_folder (fixture, "hub.db.restoring");
  g_autofree char *good = NULL, *said = NULL, *before = NULL;
  gsize good_length, before_length;
  g_auto (HubResult) made = { 0 };

  import_records (fixture);
  made = backup (fixture, file);
  g_assert_cmpint (made.status, ==, 0);
  import_records (fixture);
  g_assert_true (g_file_get_contents (file, &good, &good_length, NULL));
  g_assert_true (g_file_get_contents (manifest, &said, NULL, NULL));
  g_assert_true (g_file_get_contents (store, &before, &before_length, NULL));
  for (int fault = 0; fault < 5; fault++)
    {
      g_autofree char *after = NULL;
      gsize after_length;
      g_auto (HubResult) refused = { 0 };
      const char *no_manifest = NULL;

      g_assert_true (g_file_set_contents (file, good, (gssize) good_length, NULL));
      g_assert_true (g_file_set_contents (manifest, said, -1, NULL));
      if (fault == 1)
        flip (file, (long) good_length / 2);
      else if (fault == 2)
        g_assert_true (g_file_set_contents (file, good, (gssize) good_length / 2, NULL));
      else if (fault == 3)
        g_remove (manifest);
      else if (fault == 4) /* without the manifest the seals still tell */
        {
          flip (file, (long) good_length / 2);
          no_manifest = "--no-manifest";
        }
      refused = hub_program_run (NULL, "restore", "--data", fixture->folder, "--input", file,
                                 fault == 0 ? NULL : "--replace", no_manifest, NULL);
      g_test_message ("%s", refused.err);
      g_assert_cmpint (refused.status, ==, 1);
      g_assert_cmpstr (refused.out, ==, "");
      g_assert_true (g_file_get_contents (store, &after, &after_length, NULL));
      g_assert_cmpmem (before, before_length, after, after_length);
      g_assert_false (g_file_test (fresh, G_FILE_TEST_EXISTS));
    }
}

static void
test_restore_while_serving (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *file = in_folder (fixture, "copy");
  g_autofree char *token = NULL;
  g_auto (HubResult) made = { 0 };
  g_auto (HubResult) refused = { 0 };

  hub_program_start_with (fixture, "--demo", NULL);
  made = backup (fixture, file);
  g_assert_cmpint (made.status, ==, 0);
  refused = hub_program_run (NULL, "restore", "--data", fixture->folder, "--input", file,
                             "--replace", NULL);
  g_assert_cmpint (refused.status, ==, 1);
  g_assert_nonnull (strstr (refused.err, "Stop it"));
  token = hub_program_token (fixture, "doctor");
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient?_count=1", token), ==, 200);
}

/* (transfer full): the name of the records that the hub serves */
static char *
dup_generation (HubProgram *fixture)
{
  g_autofree char *text = NULL;
  g_autoptr (FhirResource) statement = NULL;

  g_assert_cmpuint (hub_program_send (fixture, "GET", "/fhir/metadata", NULL, NULL, NULL, &text),
                    ==, 200);
  statement = fhir_resource_parse (text, -1, NULL);
  return g_strdup (fhir_resource_path_text (statement, "implementation.extension.0.valueString"));
}

/* What was there is put aside, whole, and nothing of its log comes into what takes its place. */
static void
test_replace (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *file = in_folder (fixture, "copy");
  g_autofree char *store = in_folder (fixture, "hub.db");
  g_autofree char *token = NULL;
  g_autofree char *aside = NULL;
  g_autofree char *later = NULL;
  g_autofree char *generation = NULL;
  g_autofree char *restored_generation = NULL;
  g_auto (HubResult) made = { 0 };
  g_auto (HubResult) restored = { 0 };
  g_auto (HubResult) check = { 0 };
  g_autoptr (JsonNode) root = NULL;

  hub_program_start_with (fixture, "--demo", NULL);
  generation = dup_generation (fixture);
  token = hub_program_token (fixture, "doctor");
  g_assert_cmpuint (put_patient (fixture, token, 1), ==, 201);
  made = backup (fixture, file);
  g_assert_cmpuint (put_patient (fixture, token, 2), ==, 201);
  g_subprocess_force_exit (fixture->server); /* so that its log stays behind */
  g_assert_true (g_subprocess_wait (fixture->server, NULL, NULL));
  g_clear_object (&fixture->server);
  g_clear_pointer (&fixture->base_url, g_free);
  restored = hub_program_run (NULL, "restore", "--data", fixture->folder, "--input", file,
                              "--replace", "--json", NULL);
  g_test_message ("%s", restored.err);
  g_assert_cmpint (restored.status, ==, 0);
  aside = g_strdup (json_object_get_string_member (hub_result_object (&restored, &root), "aside"));
  check = hub_program_run (NULL, "check", "--data", fixture->folder, NULL);
  g_assert_cmpint (check.status, ==, 0);
  hub_program_start_with (fixture, NULL);
  restored_generation = dup_generation (fixture);
  g_assert_nonnull (restored_generation);
  g_assert_cmpstr (restored_generation, !=, generation);
  later = hub_program_token (fixture, "doctor");
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient/w1", later), ==, 200);
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient/w2", later), ==, 404);
  hub_program_stop (fixture);
  g_assert_cmpint (g_rename (aside, store), ==, 0); /* back again */
  hub_program_start_with (fixture, NULL);
  g_free (later);
  later = hub_program_token (fixture, "doctor");
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient/w2", later), ==, 200);
}

/* A damaged store is what a backup is for. */
static void
test_replace_a_damaged_store (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *file = in_folder (fixture, "copy");
  g_autofree char *store = in_folder (fixture, "hub.db");
  g_auto (HubResult) made = { 0 };
  g_auto (HubResult) restored = { 0 };
  g_auto (HubResult) check = { 0 };

  import_records (fixture);
  made = backup (fixture, file);
  g_assert_cmpint (made.status, ==, 0);
  g_assert_true (g_file_set_contents (store, "not a store any more", -1, NULL));
  restored = hub_program_run (NULL, "restore", "--data", fixture->folder, "--input", file,
                              "--replace", NULL);
  g_test_message ("%s", restored.err);
  g_assert_cmpint (restored.status, ==, 0);
  check = hub_program_run (NULL, "check", "--data", fixture->folder, NULL);
  g_assert_cmpint (check.status, ==, 0);
}

/* ---- disks that are full, and power that fails ---- */

/* Runs a command that may write files of @kilobytes only. */
static HubResult
run_limited (int kilobytes, const char *arguments)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("BEDSIDE_BUILD"), "src", "hub", "bedside-hub", NULL);
  g_autofree char *script =
      g_strdup_printf ("trap '' XFSZ; ulimit -f %d; exec %s %s", kilobytes, program, arguments);
  HubResult result = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
                        "bash", "-c", script, NULL);

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &result.out, &result.err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  result.status = g_subprocess_get_exit_status (process);
  return result;
}

static void
test_no_room (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *file = in_folder (fixture, "copy");
  g_autofree char *part = in_folder (fixture, "copy.part");
  g_autofree char *fresh = in_folder (fixture, "hub.db.restoring");
  g_autofree char *store_arguments =
      g_strdup_printf ("--data %s --output %s", fixture->folder, file);
  g_autofree char *backup_arguments = g_strconcat ("backup ", store_arguments, NULL);
  g_autofree char *restore_arguments =
      g_strdup_printf ("restore --replace --data %s --input %s", fixture->folder, file);
  g_auto (HubResult) full = { 0 };
  g_auto (HubResult) made = { 0 };
  g_auto (HubResult) restored = { 0 };
  g_auto (HubResult) check = { 0 };

  import_records (fixture);
  full = run_limited (100, backup_arguments);
  g_test_message ("%s", full.err);
  g_assert_cmpint (full.status, ==, 1);
  g_assert_nonnull (strstr (full.err, "disk is full"));
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  made = backup (fixture, file);
  g_assert_cmpint (made.status, ==, 0);
  restored = run_limited (100, restore_arguments);
  g_test_message ("%s", restored.err);
  g_assert_cmpint (restored.status, ==, 1);
  g_assert_false (g_file_test (fresh, G_FILE_TEST_EXISTS));
  check = hub_program_run (NULL, "check", "--data", fixture->folder, NULL);
  g_assert_cmpint (check.status, ==, 0);
}

/* Whenever it is killed, the folder has the old records or the new ones, whole. */
static void
test_killed_restore (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *file = in_folder (fixture, "copy");
  g_autofree char *program =
      g_build_filename (g_getenv ("BEDSIDE_BUILD"), "src", "hub", "bedside-hub", NULL);
  g_auto (HubResult) made = { 0 };
  guint replaced = 0;

  import_records (fixture);
  made = backup (fixture, file);
  g_assert_cmpint (made.status, ==, 0);
  for (int i = 0; i < 25; i++)
    {
      g_auto (HubResult) check = { 0 };
      g_autoptr (GSubprocess) process =
          g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                            NULL, program, "restore", "--replace", "--data", fixture->folder,
                            "--input", file, NULL);

      g_usleep ((gulong) g_test_rand_int_range (0, 400) * 1000);
      g_subprocess_force_exit (process);
      g_assert_true (g_subprocess_wait (process, NULL, NULL));
      replaced += g_subprocess_get_if_exited (process) ? 1 : 0;
      check = hub_program_run (NULL, "check", "--data", fixture->folder, NULL);
      g_test_message ("%d: %s", i, check.out);
      g_assert_cmpint (check.status, ==, 0);
      g_assert_nonnull (strstr (check.out, "3 resources read"));
    }
  g_test_message ("%u of 25 came to their end", replaced);
}

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubProgram, NULL, hub_program_set_up, function, hub_program_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/backup/during-writes", test_backup_during_writes);
  fixture_test ("/hub/backup/of-a-free-folder", test_backup_of_a_free_folder);
  fixture_test ("/hub/backup/restore-refusals", test_restore_refusals);
  fixture_test ("/hub/backup/restore-while-serving", test_restore_while_serving);
  fixture_test ("/hub/backup/replace", test_replace);
  fixture_test ("/hub/backup/replace-a-damaged-store", test_replace_a_damaged_store);
  fixture_test ("/hub/backup/no-room", test_no_room);
  fixture_test ("/hub/backup/killed-restore", test_killed_restore);
  return g_test_run ();
}
