/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-backup.h"

#include <glib/gstdio.h>
#include <string.h>

/* With the real hub: what is made here opens again, by the command that is shown for it. */

typedef struct
{
  char *root, *clinic, *place;
  GFile *folder; /* place */
  char *name;
  GError *error;
  gboolean ended;
} Fixture;

static void
run (Fixture *fixture, const char *command)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_cwd (launcher, fixture->root);
  process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-ec", command, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("bedside-backup-XXXXXX", NULL);
  fixture->clinic = g_build_filename (fixture->root, "the clinic", NULL);
  fixture->place = g_build_filename (fixture->root, "place", NULL);
  fixture->folder = g_file_new_for_path (fixture->place);
  g_mkdir (fixture->clinic, 0700);
  g_mkdir (fixture->place, 0700);
  run (fixture, "\"$BEDSIDE_HUB\" user add gray --data 'the clinic/data' --role nurse --name Gray "
                "--reference Practitioner/1 --json --password-generate");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  run (fixture, "rm -rf \"$PWD\"");
  g_clear_error (&fixture->error);
  g_object_unref (fixture->folder);
  g_free (fixture->name);
  g_free (fixture->clinic);
  g_free (fixture->place);
  g_free (fixture->root);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->name = app_backup_finish (result, &fixture->error);
  fixture->ended = TRUE;
}

static void
wait_for_end (Fixture *fixture)
{
  while (!fixture->ended)
    g_main_context_iteration (NULL, TRUE);
  fixture->ended = FALSE;
}

static guint
count (const char *path, const char *prefix)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint found = 0;

  for (const char *name = g_dir_read_name (folder); name; name = g_dir_read_name (folder))
    found += g_str_has_prefix (name, prefix) ? 1 : 0;
  return found;
}

static char *
dup_in_shell (const char *command, const char *backup)
{
  g_autoptr (GString) text = g_string_new (command);
  g_autofree char *file = g_strconcat ("place/", backup, NULL);

  g_string_replace (text, "bedside-hub ", "\"$BEDSIDE_HUB\" ", 1);
  g_string_replace (text, "BACKUP", file, 1);
  g_string_replace (text, "KEY", "saved.key", 1);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* Two files where they are wanted, nothing of it left in the clinic's folder, and no key beside. */
static void
test_restore (Fixture *fixture, gconstpointer data)
{
  g_autofree char *command = app_backup_dup_restore_command (fixture->clinic, FALSE);
  g_autofree char *key_path = g_build_filename (fixture->root, "saved.key", NULL);
  g_autoptr (GFile) key = g_file_new_for_path (key_path);
  g_autofree char *manifest = NULL, *restore = NULL, *backup = NULL;
  GStatBuf status;

  app_backup_async (fixture->clinic, fixture->folder, NULL, ended_cb, fixture);
  wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  backup = g_steal_pointer (&fixture->name);
  manifest = g_strconcat (backup, ".json", NULL);
  g_assert_cmpuint (count (fixture->place, ""), ==, 2);
  g_assert_cmpuint (count (fixture->place, backup), ==, 2);
  g_assert_cmpuint (count (fixture->place, manifest), ==, 1);
  g_assert_cmpuint (count (fixture->clinic, "backup"), ==, 0);

  app_backup_key_async (fixture->clinic, key, NULL, ended_cb, fixture);
  wait_for_end (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (g_stat (key_path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  /* another computer: neither records nor a key */
  run (fixture, "rm -rf 'the clinic/data'/*");
  restore = dup_in_shell (command, backup);
  run (fixture, restore);
  run (fixture, "\"$BEDSIDE_HUB\" user list --data 'the clinic/data' --json | grep -q gray");
}

/* In a sandbox the hub is no program of the computer, and sees no file that it is not shown. */
static void
test_sandbox (void)
{
  g_autofree char *command = app_backup_dup_restore_command ("/c", TRUE);

  g_assert_cmpstr (command, ==,
                   "flatpak run --filesystem=host:ro --command=bedside-hub "
                   "health.bedside.Workstation restore --data '/c/data' --input BACKUP "
                   "--backup-key-file KEY --replace");
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  app_backup_async (fixture->clinic, fixture->folder, cancellable, ended_cb, fixture);
  g_cancellable_cancel (cancellable);
  wait_for_end (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count (fixture->place, ""), ==, 0);
  g_assert_cmpuint (count (fixture->clinic, "backup"), ==, 0);
}

/* A stick that was pulled out. */
static void
test_no_place (Fixture *fixture, gconstpointer data)
{
  g_rmdir (fixture->place);
  app_backup_async (fixture->clinic, fixture->folder, NULL, ended_cb, fixture);
  wait_for_end (fixture);
  g_assert_nonnull (strstr (fixture->error->message, fixture->place));
  g_assert_nonnull (strstr (fixture->error->message, "choose another place"));
  g_assert_cmpuint (count (fixture->clinic, "backup"), ==, 0);
}

static void
test_no_clinic (Fixture *fixture, gconstpointer data)
{
  run (fixture, "rm -rf 'the clinic/data'");
  app_backup_async (fixture->clinic, fixture->folder, NULL, ended_cb, fixture);
  wait_for_end (fixture);
  g_assert_nonnull (strstr (fixture->error->message, "No backup was made"));
  g_assert_cmpuint (count (fixture->place, ""), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  ADD ("/app/backup/restore", test_restore);
  ADD ("/app/backup/cancel", test_cancel);
  ADD ("/app/backup/no-place", test_no_place);
  ADD ("/app/backup/no-clinic", test_no_clinic);
#undef ADD
  g_test_add_func ("/app/backup/sandbox", test_sandbox);
  return g_test_run ();
}
