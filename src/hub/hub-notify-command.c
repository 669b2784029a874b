/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "hub-notify-config.h"

/* A program of the clinic's own: it gets the message on standard input as one JSON object, and its
 * exit status is what became of it. No shell reads anything of it, and its arguments are the
 * configuration's, so nothing of a message is seen in a list of processes. */

#define SECONDS      30
#define MOST_SECONDS 600
#define LATER        75 /* EX_TEMPFAIL of sysexits.h */

typedef struct
{
  HubNotifyBackEnd parent;
  GStrv argv;
  guint seconds;
} Command;

typedef struct
{
  GTask *task;
  GSubprocess *process;
  guint timeout;
  guint seconds;
  gboolean late;
} Run;

static const char *const keys[] = { "command", "time-limit", NULL };

static void
command_free (HubNotifyBackEnd *back_end)
{
  Command *self = (Command *) back_end;

  g_strfreev (self->argv);
  g_free (self);
}

static HubNotifyBackEnd *
command_open (GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) argv = g_key_file_get_string_list (file, group, "command", NULL, NULL);
  gint64 seconds = hub_notify_get_number (file, group, "time-limit", SECONDS, MOST_SECONDS, error);
  Command *self;

  if (seconds == 0)
    return NULL;
  if (argv == NULL || argv[0] == NULL || !g_path_is_absolute (argv[0]) ||
      !g_file_test (argv[0], G_FILE_TEST_IS_EXECUTABLE) ||
      !g_file_test (argv[0], G_FILE_TEST_IS_REGULAR))
    {
      hub_notify_refuse (error, group, "command",
                         "is the whole path of a program, and its arguments after semicolons");
      return NULL;
    }
  self = g_new0 (Command, 1);
  self->parent.interface = &hub_notify_command;
  self->argv = g_steal_pointer (&argv);
  self->seconds = (guint) seconds;
  return &self->parent;
}

static void
add (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

/* What a program and a webhook get alike. (transfer full) */
char *
hub_notify_dup_json (const HubNotice *notice)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add (builder, "id", notice->id);
  add (builder, "channel", care_channel_get_name (notice->channel));
  add (builder, "to", notice->to);
  add (builder, "subject", notice->subject);
  add (builder, "text", notice->text);
  add (builder, "language", notice->language);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static void
end (Run *run, HubNotifyResult *result)
{
  g_clear_handle_id (&run->timeout, g_source_remove);
  g_task_return_pointer (run->task, result, (GDestroyNotify) hub_notify_result_free);
  g_object_unref (run->task);
  g_clear_object (&run->process);
  g_free (run);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;
  g_autofree char *reason = NULL;
  int status;

  g_subprocess_wait_finish (run->process, result, NULL);
  status =
      g_subprocess_get_if_exited (run->process) ? g_subprocess_get_exit_status (run->process) : -1;
  if (status == 0)
    {
      end (run, hub_notify_result_new (HUB_NOTIFY_DELIVERED, 0, NULL));
      return;
    }
  if (run->late)
    reason = g_strdup_printf ("The clinic's program did not end within %u seconds.", run->seconds);
  else if (status == LATER)
    reason = g_strdup ("The clinic's program could not send it just now.");
  else if (status < 0)
    reason = g_strdup ("The clinic's program broke off.");
  else
    reason = g_strdup_printf ("The clinic's program refused it (exit status %d).", status);
  end (run,
       hub_notify_result_new (status == LATER || status < 0 ? HUB_NOTIFY_LATER : HUB_NOTIFY_REFUSED,
                              0, reason));
}

static gboolean
late_cb (gpointer data)
{
  Run *run = data;

  run->timeout = 0;
  run->late = TRUE;
  g_subprocess_force_exit (run->process);
  return G_SOURCE_REMOVE;
}

/* It may end without reading: its exit status counts all the same. */
static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *text = data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_output_stream_close_async (G_OUTPUT_STREAM (source), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

static void
command_send (HubNotifyBackEnd *back_end, const HubNotice *notice, GTask *task)
{
  Command *self = (Command *) back_end;
  const char *const environment[] = { "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", NULL };
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;
  Run *run = g_new0 (Run, 1);
  char *text;

  g_subprocess_launcher_set_environ (launcher, (GStrv) environment);
  run->task = g_object_ref (task);
  run->seconds = self->seconds;
  run->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) self->argv, &error);
  if (run->process == NULL)
    {
      end (run, hub_notify_result_new (HUB_NOTIFY_LATER, 0,
                                       "The clinic's program could not be started."));
      return;
    }
  run->timeout = g_timeout_add_seconds (self->seconds, late_cb, run);
  text = hub_notify_dup_json (notice);
  g_output_stream_write_all_async (g_subprocess_get_stdin_pipe (run->process), text, strlen (text),
                                   G_PRIORITY_DEFAULT, NULL, written_cb, text);
  g_subprocess_wait_async (run->process, NULL, ended_cb, run);
}

const HubNotifyInterface hub_notify_command = { "command",    keys,         TRUE,
                                                command_open, command_send, command_free };
