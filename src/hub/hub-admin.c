/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-admin.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub-account.h"
#include "hub-backup.h"
#include "hub-check.h"
#include "hub-extract.h"
#include "hub-import.h"
#include "hub-reply.h"
#include "store-audit.h"

/* One line of JSON asks, one line answers: {"command": …} and {"result": …} or {"error": "…"}.
 * Before the answer may come lines {"progress": 0.5}. */

#define CONNECT_TRIES 100
#define WHO           "command-line"

/* ---- for the commands ----------------------------------------------------------------------- */

const char *
hub_admin_text (JsonNode *command, const char *name)
{
  return json_object_get_string_member_with_default (json_node_get_object (command), name, NULL);
}

/**
 * hub_admin_add_text:
 * @text: (nullable): nothing is added without one
 */
void
hub_admin_add_text (JsonBuilder *builder, const char *name, const char *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

void
hub_admin_add_number (JsonBuilder *builder, const char *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

typedef struct
{
  const char *action, *patient, *detail;
} Note;

static gboolean
note_work (StoreConnection *connection, gpointer data, GError **error)
{
  const Note *note = data;

  return store_audit_append (connection, note->action, WHO, note->patient, NULL, note->detail,
                             error);
}

/**
 * hub_admin_note:
 * @patient: (nullable): a patient's id, kept as a pseudonym
 * @detail: (nullable): what was done, in words that name no patient
 *
 * Writes into the audit what the administrator does, and waits until it is there.
 */
gboolean
hub_admin_note (
    HubData *data, const char *action, const char *patient, const char *detail, GError **error)
{
  Note note = { action, patient, detail };

  return store_database_write (data->store, BASE_LANE_PERSON, note_work, &note, error);
}

/* ---- the commands --------------------------------------------------------------------------- */

static JsonNode *
run_import (HubData *data,
            JsonNode *command,
            HubAdminProgress progress,
            gpointer progress_data,
            GError **error)
{
  JsonArray *list = json_object_get_array_member (json_node_get_object (command), "files");
  g_autoptr (GStrvBuilder) files = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  g_autoptr (HubImportReport) report = NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    g_strv_builder_add (files, json_array_get_string_element (list, i));
  names = g_strv_builder_end (files);
  report = hub_import_run (data->store, (const char *const *) names, error);
  return report != NULL ? hub_import_report_to_json (report) : NULL;
}

typedef JsonNode *(*Run) (HubData *data,
                          JsonNode *command,
                          HubAdminProgress progress,
                          gpointer progress_data,
                          GError **error);

/* What takes long has a thread of its own in a running hub; users and tokens belong to the main
 * thread. */
static const struct
{
  const char *name;
  Run run;
  gboolean long_;
} commands[] = {
  { "token", hub_account_run_token, FALSE },
  { "user", hub_account_run_user, FALSE },
  { "import", run_import, TRUE },
  { "export", hub_extract_run, TRUE },
  { "check", hub_check_run, TRUE },
  { "backup", hub_backup_run, TRUE },
};

static int
find_command (JsonNode *command)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (hub_admin_text (command, "command"), commands[i].name) == 0)
      return (int) i;
  return -1;
}

/**
 * hub_admin_run:
 * @progress: (nullable): told how far a long command is, in the calling thread
 *
 * Blocks.
 *
 * Returns: (transfer full): the command's result
 */
JsonNode *
hub_admin_run (HubData *data,
               JsonNode *command,
               HubAdminProgress progress,
               gpointer progress_data,
               GError **error)
{
  int found = find_command (command);

  if (found >= 0)
    return commands[found].run (data, command, progress, progress_data, error);
  g_set_error (error, HUB_ERROR, 400,
               "This hub does not know the command: is it of another version?");
  return NULL;
}

/* ---- the socket ----------------------------------------------------------------------------- */

/* A socket's path may have 107 bytes only, a folder's many more: it is named through an open
 * folder. */
static GSocketAddress *
address_in (const char *folder, int *descriptor)
{
  g_autofree char *path = NULL;

  *descriptor = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  path = g_strdup_printf ("/proc/self/fd/%d/hub.sock", *descriptor);
  return g_unix_socket_address_new (path);
}

static char *
answer_line (JsonNode *result, const GError *error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  if (result != NULL)
    {
      json_builder_set_member_name (builder, "result");
      json_builder_add_value (builder, json_node_copy (result));
    }
  else
    hub_admin_add_text (builder, "error", error->message);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return g_strconcat (text, "\n", NULL);
}

typedef struct
{
  HubData *data;
  GSocketConnection *connection;
  GDataInputStream *input;
  JsonNode *command;
  char *line;
  int percent; /* that was told last */
} Call;

static void
call_free (Call *call)
{
  g_io_stream_close (G_IO_STREAM (call->connection), NULL, NULL);
  g_object_unref (call->connection);
  g_object_unref (call->input);
  g_clear_pointer (&call->command, json_node_unref);
  g_free (call->line);
  g_free (call);
}

static void
call_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  call_free (data);
}

static void
call_answer (Call *call, JsonNode *result, const GError *error)
{
  call->line = answer_line (result, error);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (call->connection)),
                                   call->line, strlen (call->line), G_PRIORITY_DEFAULT, NULL,
                                   call_written_cb, call);
}

/* On the command's thread, which has the socket to itself until it ends. Nobody may be listening
 * any more: that ends nothing. */
static void
call_progress (double part, gpointer data)
{
  Call *call = data;
  g_autofree char *line = NULL;

  if ((int) (part * 100) <= call->percent)
    return;
  call->percent = (int) (part * 100);
  line = g_strdup_printf ("{\"progress\":%d}\n", call->percent);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (call->connection)), line,
                             strlen (line), NULL, NULL, NULL);
}

static void
long_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  JsonNode *result = hub_admin_run (call->data, call->command, call_progress, call, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
long_done_cb (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = g_task_propagate_pointer (G_TASK (done), &error);

  call_answer (data, result, error);
}

static void
call_line_cb (GObject *source, GAsyncResult *done, gpointer data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *line =
      g_data_input_stream_read_line_finish_utf8 (call->input, done, NULL, &error);
  g_autoptr (JsonNode) result = NULL;
  int found;

  if (line != NULL)
    call->command = json_from_string (line, &error);
  if (call->command == NULL || !JSON_NODE_HOLDS_OBJECT (call->command))
    {
      call_free (call);
      return;
    }
  found = find_command (call->command);
  if (found >= 0 && commands[found].long_)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, long_done_cb, call);

      g_task_set_task_data (task, call, NULL);
      g_task_run_in_thread (task, long_thread);
      return;
    }
  result = hub_admin_run (call->data, call->command, NULL, NULL, &error);
  call_answer (call, result, error);
}

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  Call *call = g_new0 (Call, 1);

  call->data = data;
  call->connection = g_object_ref (connection);
  call->input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_data_input_stream_read_line_async (call->input, G_PRIORITY_DEFAULT, NULL, call_line_cb, call);
  return TRUE;
}

/**
 * hub_admin_listen:
 * @data: outlives the service
 *
 * Returns: (transfer full): the socket in the hub's folder, open to its owner only
 */
GSocketService *
hub_admin_listen (HubData *data, GError **error)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autofree char *path = g_build_filename (data->folder, "hub.sock", NULL);
  g_autoptr (GSocketAddress) address = NULL;
  int descriptor;
  mode_t before;
  gboolean bound;

  unlink (path); /* we hold the folder's lock, so an old one is nobody's */
  address = address_in (data->folder, &descriptor);
  before = umask (0177);
  bound = g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                         G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error);
  umask (before);
  close (descriptor);
  if (!bound)
    return NULL;
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), data);
  g_socket_service_start (service);
  return g_steal_pointer (&service);
}

/* Returns: whether @line is the answer; else it told how far the command is */
static gboolean
read_answer (const char *line,
             HubAdminProgress progress,
             gpointer progress_data,
             JsonNode **result,
             GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (line, error);
  JsonObject *object;

  *result = NULL;
  if (root == NULL)
    return TRUE;
  object = json_node_get_object (root);
  if (json_object_has_member (object, "progress"))
    {
      if (progress != NULL)
        progress (json_object_get_int_member (object, "progress") / 100.0, progress_data);
      return FALSE;
    }
  if (json_object_has_member (object, "result"))
    *result = json_node_copy (json_object_get_member (object, "result"));
  else
    g_set_error (error, HUB_ERROR, 500, "%s",
                 json_object_get_string_member_with_default (object, "error",
                                                             "The hub gave no answer"));
  return TRUE;
}

/* A hub that is starting holds the folder a moment before it listens. */
static GSocketConnection *
connect_patiently (GSocketClient *client, GSocketConnectable *address, GError **error)
{
  for (int tries = 0;; tries++)
    {
      g_autoptr (GError) problem = NULL;
      GSocketConnection *connection = g_socket_client_connect (client, address, NULL, &problem);

      if (connection != NULL)
        return connection;
      if (tries >= CONNECT_TRIES)
        {
          g_set_error (error, HUB_ERROR, 503, "A hub holds the folder but does not answer: %s",
                       problem->message);
          return NULL;
        }
      g_usleep (50000);
    }
}

/**
 * hub_admin_call:
 *
 * Blocks.
 *
 * Returns: (transfer full): the result of @command, run by the hub that has @folder open
 */
JsonNode *
hub_admin_call (const char *folder,
                JsonNode *command,
                HubAdminProgress progress,
                gpointer progress_data,
                GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GDataInputStream) input = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *text = json_to_string (command, FALSE);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  int descriptor;

  address = address_in (folder, &descriptor);
  connection = connect_patiently (client, G_SOCKET_CONNECTABLE (address), error);
  close (descriptor);
  if (connection == NULL ||
      !g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line,
                                  strlen (line), NULL, NULL, error))
    return NULL;
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  for (;;)
    {
      g_autoptr (GError) problem = NULL;
      g_autofree char *answer = g_data_input_stream_read_line_utf8 (input, NULL, NULL, &problem);
      JsonNode *result;

      if (answer == NULL)
        {
          g_set_error (error, HUB_ERROR, 500,
                       "The hub stopped before it answered: look whether it "
                       "still runs");
          return NULL;
        }
      if (read_answer (answer, progress, progress_data, &result, error))
        return result;
    }
}
