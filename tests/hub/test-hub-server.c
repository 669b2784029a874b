/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>

#include "hub-program.h"

/* Several clients at once, each on a connection that it keeps: their writes share commits, and that
 * must show nowhere. */

#define CLIENTS 8
#define WRITES  320 /* answered by all of them together before the hub is killed */

#define BASIC                                                                                      \
  "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"%s\"}}"

typedef struct
{
  GSocketConnection *connection;
  GDataInputStream *in;
  const char *token;
  GPtrArray *made; /* paths of what was answered with 201 */
  guint refused;
  gint *answered; /* by all clients */
  GThread *thread;
} Client;

static void
client_open (Client *self, HubProgram *program, const char *token)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  self->token = token;
  self->connection = g_socket_client_connect_to_uri (client, program->base_url, 80, NULL, &error);
  g_assert_no_error (error);
  self->in =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)));
  g_data_input_stream_set_newline_type (self->in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  self->made = g_ptr_array_new_with_free_func (g_free);
}

static void
client_clear (Client *self)
{
  g_object_unref (self->in);
  g_object_unref (self->connection);
  g_ptr_array_unref (self->made);
}

/* The status and the path of Location; 0 where the connection ends before the whole answer came. */
static guint
ask (Client *self, const char *method, const char *path, const char *body, char **location)
{
  g_autofree char *text =
      g_strdup_printf ("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
                       "Content-Type: application/fhir+json\r\nContent-Length: %zu\r\n\r\n%s",
                       method, path, self->token, strlen (body), body);
  g_autofree char *rest = NULL;
  gsize length = 0, read;
  guint status = 0;

  *location = NULL;
  if (!g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)),
                                  text, strlen (text), NULL, NULL, NULL))
    return 0;
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (self->in, NULL, NULL, NULL);

      if (line == NULL)
        return 0;
      if (*line == '\0')
        break;
      if (g_str_has_prefix (line, "HTTP/1.1 "))
        status = (guint) g_ascii_strtoull (line + 9, NULL, 10);
      else if (g_ascii_strncasecmp (line, "Content-Length: ", 16) == 0)
        length = g_ascii_strtoull (line + 16, NULL, 10);
      else if (g_ascii_strncasecmp (line, "Location: ", 10) == 0)
        *location = g_strdup (strstr (line, "/fhir/"));
    }
  rest = g_malloc (length + 1);
  if (g_input_stream_read_all (G_INPUT_STREAM (self->in), rest, length, &read, NULL, NULL) &&
      read == length)
    return status;
  g_clear_pointer (location, g_free);
  return 0;
}

/* Good creates and such as are refused on the writer's own thread, in turn. */
static gpointer
write_until_cut (gpointer data)
{
  static const char *const subjects[] = { "Group/none", "Group?identifier=nobody" };
  Client *self = data;

  for (guint n = 0;; n++)
    {
      g_autofree char *body = g_strdup_printf (BASIC, subjects[n % 2]);
      g_autofree char *location = NULL;
      guint status = ask (self, "POST", "/fhir/Basic", body, &location);

      if (status == 0)
        return NULL;
      g_assert_cmpuint (status, ==, n % 2 == 0 ? 201 : 412);
      if (status == 201)
        g_ptr_array_add (self->made, g_steal_pointer (&location));
      else
        self->refused++;
      g_atomic_int_inc (self->answered);
    }
}

static void
kill_hub (HubProgram *program)
{
  g_subprocess_send_signal (program->server, SIGKILL);
  g_assert_true (g_subprocess_wait (program->server, NULL, NULL));
  g_clear_object (&program->server);
  g_clear_pointer (&program->base_url, g_free);
}

/* What was answered is there; at most what each client still waited for is there beside it. */
static void
check_made (HubProgram *program, const char *token, Client *clients)
{
  g_autofree char *page = NULL;
  const char *total;
  guint made = 0, there;

  for (guint i = 0; i < CLIENTS; i++)
    for (guint k = 0; k < clients[i].made->len; k++, made++)
      g_assert_cmpuint (hub_program_get (program, clients[i].made->pdata[k], token), ==, 200);
  g_assert_cmpuint (hub_program_send (program, "GET", "/fhir/Basic?_summary=count", token, NULL,
                                      NULL, &page),
                    ==, 200);
  total = strstr (page, "\"total\":");
  g_assert_nonnull (total);
  there = (guint) g_ascii_strtoull (total + 8, NULL, 10);
  g_test_message ("%u creates were answered, %u are there", made, there);
  g_assert_cmpuint (there, >=, made);
  g_assert_cmpuint (there, <=, made + CLIENTS);
}

static void
test_killed (HubProgram *fixture, gconstpointer data)
{
  Client clients[CLIENTS] = { 0 };
  gint answered = 0;
  g_autofree char *token = NULL;
  guint refused = 0;
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  hub_program_start_with (fixture, "--demo", NULL);
  token = hub_program_token (fixture, "admin");
  for (guint i = 0; i < CLIENTS; i++)
    {
      client_open (&clients[i], fixture, token);
      clients[i].answered = &answered;
      clients[i].thread = g_thread_new ("client", write_until_cut, &clients[i]);
    }
  while (g_atomic_int_get (&answered) < WRITES && g_get_monotonic_time () < end)
    g_usleep (1000);
  kill_hub (fixture);
  for (guint i = 0; i < CLIENTS; i++)
    {
      g_thread_join (clients[i].thread);
      refused += clients[i].refused;
      g_assert_cmpuint (clients[i].made->len, >, 0);
    }
  g_assert_cmpuint (refused, >, 0);
  g_assert_cmpint (answered, >=, WRITES);
  hub_program_start_with (fixture, "--demo", NULL);
  check_made (fixture, token, clients);
  g_assert_cmpint (hub_program_stop (fixture), ==, 0);
  {
    g_auto (HubResult) check = hub_program_run (NULL, "check", "--data", fixture->folder, NULL);

    g_test_message ("%s", check.out);
    g_assert_cmpint (check.status, ==, 0);
  }
  for (guint i = 0; i < CLIENTS; i++)
    client_clear (&clients[i]);
}

/* Each packet wakes the client once more. */
static void
test_one_packet (HubProgram *fixture, gconstpointer data)
{
  Client client = { 0 };
  struct tcp_info info;
  socklen_t length = sizeof info;
  g_autofree char *token = NULL, *made = NULL, *none = NULL;

  hub_program_start_with (fixture, "--demo", NULL);
  token = hub_program_token (fixture, "admin");
  client_open (&client, fixture, token);
  g_assert_cmpuint (ask (&client, "POST", "/fhir/Basic", "{\"resourceType\":\"Basic\"}", &made), ==,
                    201);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpuint (ask (&client, "GET", made, "", &none), ==, 200);
  g_assert_cmpint (getsockopt (g_socket_get_fd (g_socket_connection_get_socket (client.connection)),
                               IPPROTO_TCP, TCP_INFO, &info, &length),
                   ==, 0);
  g_assert_cmpuint (info.tcpi_data_segs_in, ==, 11);
  client_clear (&client);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/hub/server/killed", HubProgram, NULL, hub_program_set_up, test_killed,
              hub_program_tear_down);
  g_test_add ("/hub/server/one-packet", HubProgram, NULL, hub_program_set_up, test_one_packet,
              hub_program_tear_down);
  return g_test_run ();
}
