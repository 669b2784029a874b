/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-backup.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "app-local-hub.h"

/* The backup of a small clinic on this computer. The hub makes it in the clinic's own folder, which
 * it can write to also in a sandbox; from there the two files go to where a person wants them. The
 * key is never put beside them. */

#define KEY    "hub.key"
#define SUFFIX ".backup"

typedef struct
{
  char *folder; /* of the clinic */
  GFile *place; /* the folder that was chosen, or the key's new file */
} Backup;

static void
backup_free (gpointer data)
{
  Backup *self = data;

  g_free (self->folder);
  g_object_unref (self->place);
  g_free (self);
}

/* ---- the hub makes it ---- */

static gboolean
run_hub (const char *const *arguments, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSubprocess) process =
      g_subprocess_newv (arguments,
                         G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
  g_autofree char *complaint = NULL;

  if (!process)
    return FALSE;
  if (!g_subprocess_communicate_utf8 (process, NULL, cancellable, NULL, &complaint, error))
    {
      g_subprocess_force_exit (process);
      g_subprocess_wait (process, NULL, NULL);
      return FALSE;
    }
  if (g_subprocess_get_successful (process))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("No backup was made. The clinic’s server says: “%s”"), g_strstrip (complaint));
  return FALSE;
}

static gboolean
make (Backup *self, const char *output, GCancellable *cancellable, GError **error)
{
  g_autofree char *program = app_local_hub_dup_program ();
  g_autofree char *data = g_build_filename (self->folder, "data", NULL);
  const char *const arguments[] = { program, "backup", "--data", data, "--output", output, NULL };

  if (program)
    return run_hub (arguments, cancellable, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _ ("No backup was made: the program bedside-hub is not on this computer."));
  return FALSE;
}

/* ---- to where it is wanted ---- */

static void
explain (GError **error, GFile *place)
{
  g_autofree char *name = g_file_get_parse_name (place);
  g_autofree char *why = g_strdup ((*error)->message);

  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_error (error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("Nothing could be written to %s (%s). Make room there, or choose another place."),
               name, why);
}

/* A file of its last name is whole. */
static gboolean
copy (const char *path, GFile *folder, const char *name, GCancellable *cancellable, GError **error)
{
  g_autofree char *unfinished = g_strconcat (name, ".part", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (path);
  g_autoptr (GFile) part = g_file_get_child (folder, unfinished);
  g_autoptr (GFile) whole = g_file_get_child (folder, name);

  if (g_file_copy (from, part, G_FILE_COPY_OVERWRITE, cancellable, NULL, NULL, error) &&
      g_file_move (part, whole, G_FILE_COPY_NO_FALLBACK_FOR_MOVE, cancellable, NULL, NULL, error))
    return TRUE;
  g_file_delete (part, NULL, NULL);
  return FALSE;
}

/* What the backup must hold goes first: the backup itself is never there without it. */
static gboolean
deliver (Backup *self, const char *output, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_path_get_basename (output);
  g_autofree char *manifest = g_strconcat (output, ".json", NULL);
  g_autofree char *manifest_name = g_strconcat (name, ".json", NULL);
  g_autoptr (GFile) said = g_file_get_child (self->place, manifest_name);

  if (!copy (manifest, self->place, manifest_name, cancellable, error))
    {
      explain (error, self->place);
      return FALSE;
    }
  if (copy (output, self->place, name, cancellable, error))
    return TRUE;
  g_file_delete (said, NULL, NULL);
  explain (error, self->place);
  return FALSE;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

  for (const char *name = folder ? g_dir_read_name (folder) : NULL; name;
       name = g_dir_read_name (folder))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  g_rmdir (path);
}

static void
backup_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Backup *self = data;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "bedside-clinic-%Y-%m-%d-%H%M%S" SUFFIX);
  g_autofree char *work = g_build_filename (self->folder, "backup-XXXXXX", NULL);
  g_autofree char *output = NULL;
  GError *error = NULL;

  if (!g_mkdtemp_full (work, 0700))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                               _ ("No backup was made: there is no room in %s (%s)."), self->folder,
                               g_strerror (errno));
      return;
    }
  output = g_build_filename (work, name, NULL);
  if (make (self, output, cancellable, &error) && deliver (self, output, cancellable, &error))
    g_task_return_pointer (task, g_steal_pointer (&name), g_free);
  else
    g_task_return_error (task, error);
  remove_folder (work);
}

static void
key_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Backup *self = data;
  g_autofree char *path = g_build_filename (self->folder, "data", KEY, NULL);
  g_autofree char *key = NULL;
  gsize length = 0;
  GError *error = NULL;
  gboolean saved = g_file_get_contents (path, &key, &length, &error);

  if (saved && !g_file_replace_contents (self->place, key, length, NULL, FALSE,
                                         G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                         NULL, cancellable, &error))
    {
      explain (&error, self->place);
      saved = FALSE;
    }
  if (key)
    explicit_bzero (key, length);
  if (saved)
    g_task_return_pointer (task, g_file_get_basename (self->place), g_free);
  else
    g_task_return_error (task, error);
}

static void
start (const char *folder,
       GFile *place,
       GTaskThreadFunc thread,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Backup *self = g_new0 (Backup, 1);

  self->folder = g_canonicalize_filename (folder, NULL);
  self->place = g_object_ref (place);
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, self, backup_free);
  g_task_run_in_thread (task, thread);
}

/**
 * app_backup_async:
 * @folder: of the clinic, which may be served meanwhile
 * @place: the folder that gets the backup and, beside it, what it must hold
 */
void
app_backup_async (const char *folder,
                  GFile *place,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  start (folder, place, backup_thread, cancellable, callback, user_data);
}

/* The key, as @file, which only the owner may read where there are such things. */
void
app_backup_key_async (const char *folder,
                      GFile *file,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  start (folder, file, key_thread, cancellable, callback, user_data);
}

/* (transfer full) (nullable): the name of the file that was written */
char *
app_backup_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * app_backup_dup_restore_command:
 * @sandboxed: the program is a Flatpak's, and none of this name is on the computer
 *
 * Returns: (transfer full): what to type into a terminal; BACKUP and KEY stand for the two files
 */
char *
app_backup_dup_restore_command (const char *folder, gboolean sandboxed)
{
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autofree char *quoted = g_shell_quote (data);

  return g_strdup_printf ("%s restore --data %s --input BACKUP --backup-key-file KEY --replace",
                          sandboxed ? "flatpak run --filesystem=host:ro --command=bedside-hub "
                                      "health.bedside.Workstation"
                                    : "bedside-hub",
                          quoted);
}
