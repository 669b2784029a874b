/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-admin.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub-import.h"
#include "hub-reply.h"

/* One line of JSON asks, one line answers: {"command": …} and {"result": …} or {"error": "…"}. */

#define CONNECT_TRIES 100

/* ---- the commands --------------------------------------------------------------------------- */

static const char *
text_of (JsonNode *command, const char *name)
{
  return json_object_get_string_member_with_default (json_node_get_object (command), name, NULL);
}

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static JsonNode *
run_token (HubData *data, JsonNode *command, GError **error)
{
  const char *name = text_of (command, "user");
  g_autoptr (HubTokens) tokens = hub_access_issue (data->access, name != NULL ? name : "", error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (tokens == NULL || !hub_access_save (data->access, error))
    return NULL;
  json_builder_begin_object (builder);
  add_text (builder, "token", tokens->access_token);
  add_text (builder, "user", tokens->user->name);
  add_text (builder, "role", hub_role_get_name (tokens->user->role));
  add_text (builder, "reference", tokens->user->reference);
  json_builder_set_member_name (builder, "expires_in");
  json_builder_add_int_value (builder, tokens->expires_in);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *
run_user (HubData *data, JsonNode *command, GError **error)
{
  const char *name = text_of (command, "user"), *reference = text_of (command, "reference");
  HubRole role = hub_role_from_name (text_of (command, "role"));
  g_autoptr (HubUser) user = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (name == NULL || *name == '\0' || role == HUB_ROLE_NONE)
    {
      g_set_error (
          error, HUB_ERROR, 400,
          "Name the user, and a role: prescriber, nurse, reception, patient, pharmacy or admin");
      return NULL;
    }
  if ((role == HUB_ROLE_PATIENT || role == HUB_ROLE_PHARMACY) && reference == NULL)
    {
      g_set_error (error, HUB_ERROR, 400,
                   "Name the record of a patient or pharmacy with --reference");
      return NULL;
    }
  user = hub_user_new (name, text_of (command, "display"), role, reference);
  hub_access_put_user (data->access, user, text_of (command, "password-hash"));
  if (!hub_access_save (data->access, error))
    return NULL;
  json_builder_begin_object (builder);
  add_text (builder, "user", name);
  add_text (builder, "role", hub_role_get_name (role));
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *
run_import (HubData *data, JsonNode *command, GError **error)
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

static gboolean
is_import (JsonNode *command)
{
  return g_strcmp0 (text_of (command, "command"), "import") == 0;
}

/**
 * hub_admin_run:
 *
 * Blocks.
 *
 * Returns: (transfer full): the command's result
 */
JsonNode *
hub_admin_run (HubData *data, JsonNode *command, GError **error)
{
  const char *name = text_of (command, "command");

  if (is_import (command))
    return run_import (data, command, error);
  if (g_strcmp0 (name, "token") == 0)
    return run_token (data, command, error);
  if (g_strcmp0 (name, "user") == 0)
    return run_user (data, command, error);
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
    add_text (builder, "error", error->message);
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

static void
import_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Call *call = data;
  GError *error = NULL;
  JsonNode *result = run_import (call->data, call->command, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
import_done_cb (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = g_task_propagate_pointer (G_TASK (done), &error);

  call_answer (data, result, error);
}

/* An import takes long and has a thread of its own; users and tokens belong to the main thread. */
static void
call_line_cb (GObject *source, GAsyncResult *done, gpointer data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *line =
      g_data_input_stream_read_line_finish_utf8 (call->input, done, NULL, &error);
  g_autoptr (JsonNode) result = NULL;

  if (line != NULL)
    call->command = json_from_string (line, &error);
  if (call->command == NULL || !JSON_NODE_HOLDS_OBJECT (call->command))
    {
      call_free (call);
      return;
    }
  if (is_import (call->command))
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, import_done_cb, call);

      g_task_set_task_data (task, call, NULL);
      g_task_run_in_thread (task, import_thread);
      return;
    }
  result = hub_admin_run (call->data, call->command, &error);
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

static JsonNode *
read_answer (const char *line, GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (line, error);
  JsonObject *object;

  if (root == NULL)
    return NULL;
  object = json_node_get_object (root);
  if (json_object_has_member (object, "result"))
    return json_node_copy (json_object_get_member (object, "result"));
  g_set_error (error, HUB_ERROR, 500, "%s",
               json_object_get_string_member_with_default (object, "error",
                                                           "The hub gave no answer"));
  return NULL;
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
hub_admin_call (const char *folder, JsonNode *command, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GDataInputStream) input = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *text = json_to_string (command, FALSE);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  g_autofree char *answer = NULL;
  int descriptor;

  address = address_in (folder, &descriptor);
  connection = connect_patiently (client, G_SOCKET_CONNECTABLE (address), error);
  close (descriptor);
  if (connection == NULL ||
      !g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line,
                                  strlen (line), NULL, NULL, error))
    return NULL;
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line_utf8 (input, NULL, NULL, error);
  if (answer != NULL)
    return read_answer (answer, error);
  if (error != NULL && *error == NULL)
    g_set_error (error, HUB_ERROR, 500, "The hub stopped before it answered");
  return NULL;
}
