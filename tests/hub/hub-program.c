/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-program.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static char *
program (void)
{
  return g_build_filename (g_getenv ("BEDSIDE_BUILD"), "src", "hub", "bedside-hub", NULL);
}

void
hub_result_clear (HubResult *result)
{
  g_free (result->out);
  g_free (result->err);
}

static GPtrArray *
words_of (const char *first, va_list more)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);

  for (const char *word = first; word != NULL; word = va_arg (more, const char *))
    g_ptr_array_add (words, g_strdup (word));
  return words;
}

HubResult
hub_program_run (const char *input, const char *first, ...)
{
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  HubResult result = { 0 };
  va_list more;

  va_start (more, first);
  words = words_of (first, more);
  va_end (more);
  g_ptr_array_insert (words, 0, program ());
  g_ptr_array_add (words, NULL);
  process = g_subprocess_newv ((const char *const *) words->pdata,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                   G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &result.out, &result.err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  result.status = g_subprocess_get_exit_status (process);
  return result;
}

/* The one object on standard output. */
JsonObject *
hub_result_object (const HubResult *result, JsonNode **root)
{
  g_autoptr (GError) error = NULL;

  *root = json_from_string (result->out, &error);
  g_assert_no_error (error);
  g_assert_nonnull (*root);
  return json_node_get_object (*root);
}

void
hub_program_start_with (HubProgram *self, ...)
{
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) out = NULL;
  va_list more;

  va_start (more, self);
  words = words_of ("serve", more);
  va_end (more);
  g_ptr_array_insert (words, 0, program ());
  g_ptr_array_add (words, g_strdup ("--data"));
  g_ptr_array_add (words, g_strdup (self->folder));
  g_ptr_array_add (words, NULL);
  self->server =
      g_subprocess_newv ((const char *const *) words->pdata,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                         &error);
  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (out), FALSE);
  self->base_url = g_data_input_stream_read_line_utf8 (out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->base_url);
  g_assert_true (g_str_has_prefix (self->base_url, "http://127.0.0.1:"));
}

int
hub_program_stop (HubProgram *self)
{
  g_autoptr (GSubprocess) server = g_steal_pointer (&self->server);

  g_subprocess_send_signal (server, SIGTERM);
  g_assert_true (g_subprocess_wait (server, NULL, NULL));
  g_clear_pointer (&self->base_url, g_free);
  return g_subprocess_get_if_exited (server) ? g_subprocess_get_exit_status (server) : -1;
}

void
hub_program_set_up (HubProgram *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("bedside-hub-XXXXXX", NULL);
}

static int
remove_one (const char *path, const struct stat *status, int kind, struct FTW *walk)
{
  return remove (path);
}

void
hub_program_remove (const char *folder)
{
  nftw (folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void
hub_program_tear_down (HubProgram *self, gconstpointer data)
{
  if (self->server != NULL)
    hub_program_stop (self);
  hub_program_remove (self->folder);
  g_free (self->folder);
}

char *
hub_program_token (HubProgram *self, const char *user)
{
  g_auto (HubResult) token =
      hub_program_run (NULL, "token", "--data", self->folder, "--user", user, NULL);

  g_assert_cmpint (token.status, ==, 0);
  return g_strndup (token.out, strcspn (token.out, "\n"));
}

guint
hub_program_send (HubProgram *self,
                  const char *method,
                  const char *path,
                  const char *token,
                  const char *content_type,
                  const char *body,
                  char **text)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (self->base_url, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (token != NULL)
    {
      g_autofree char *bearer = g_strdup_printf ("Bearer %.*s", (int) strcspn (token, "\n"), token);

      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                    bearer);
    }
  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, content_type, bytes);
    }
  answer = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  if (text != NULL)
    *text = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  return soup_message_get_status (message);
}

guint
hub_program_get (HubProgram *self, const char *path, const char *token)
{
  return hub_program_send (self, "GET", path, token, NULL, NULL, NULL);
}
