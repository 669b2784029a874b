/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ftw.h>
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The program itself, as an administrator and ./dev use it. */

typedef struct
{
  char *folder;
  GSubprocess *server;
  char *base_url;
} Fixture;

typedef struct
{
  int status;
  char *out, *err;
} Result;

static char *
program (void)
{
  return g_build_filename (g_getenv ("BEDSIDE_BUILD"), "src", "hub", "bedside-hub", NULL);
}

static void
result_clear (Result *result)
{
  g_free (result->out);
  g_free (result->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static Result
run (const char *input, const char *first, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  Result result = { 0 };
  va_list more;

  g_ptr_array_add (words, program ());
  va_start (more, first);
  for (const char *word = first; word != NULL; word = va_arg (more, const char *))
    g_ptr_array_add (words, g_strdup (word));
  va_end (more);
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

static void
start_on (Fixture *fixture, const char *today)
{
  g_autofree char *path = program ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) out = NULL;

  fixture->server =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                        path, "serve", "--data", fixture->folder, "--demo",
                        today != NULL ? "--today" : NULL, today, NULL);
  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->server));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (out), FALSE);
  fixture->base_url = g_data_input_stream_read_line_utf8 (out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (fixture->base_url);
  g_assert_true (g_str_has_prefix (fixture->base_url, "http://127.0.0.1:"));
}

static void
start (Fixture *fixture)
{
  start_on (fixture, NULL);
}

static int
stop (Fixture *fixture)
{
  g_autoptr (GSubprocess) server = g_steal_pointer (&fixture->server);

  g_subprocess_send_signal (server, SIGTERM);
  g_assert_true (g_subprocess_wait (server, NULL, NULL));
  g_clear_pointer (&fixture->base_url, g_free);
  return g_subprocess_get_if_exited (server) ? g_subprocess_get_exit_status (server) : -1;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bedside-hub-XXXXXX", NULL);
}

static int
remove_one (const char *path, const struct stat *status, int kind, struct FTW *walk)
{
  return remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->server != NULL)
    stop (fixture);
  nftw (fixture->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  g_free (fixture->folder);
}

static guint
get (Fixture *fixture, const char *path, const char *token)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strconcat (fixture->base_url, path, NULL);
  g_autofree char *bearer = g_strdup_printf ("Bearer %.*s", (int) strcspn (token, "\n"), token);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                bearer);
  body = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  return soup_message_get_status (message);
}

static void
check_mode (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  struct stat status;

  g_test_message ("%s", name);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 077, ==, 0);
}

static void
test_serve (Fixture *fixture, gconstpointer data)
{
  static const char *const users[] = { "doctor",    "doctor2",  "nurse",
                                       "reception", "pharmacy", "admin" };

  start_on (fixture, "2026-03-02");
  check_mode (fixture, "hub.key");
  check_mode (fixture, "hub.db");
  check_mode (fixture, "hub.sock");
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_auto (Result) token =
          run (NULL, "token", "--data", fixture->folder, "--user", users[i], NULL);

      g_assert_cmpint (token.status, ==, 0);
      g_assert_cmpuint (get (fixture, "/fhir/Practitioner?_count=1", token.out), ==, 200);
    }
  g_assert_cmpuint (get (fixture, "/fhir/Patient", "x"), ==, 401);
  g_assert_cmpint (stop (fixture), ==, 0);
}

static void
test_tokens_outlive_a_restart (Fixture *fixture, gconstpointer data)
{
  g_auto (Result) early = run (NULL, "token", "--data", fixture->folder, "--user", "admin", NULL);
  g_auto (Result) token = { 0 };
  g_auto (Result) direct = { 0 };

  g_assert_cmpint (early.status, ==, 1); /* no such user yet, and it says so */
  g_assert_nonnull (strstr (early.err, "admin"));
  start (fixture);
  token = run (NULL, "token", "--data", fixture->folder, "--user", "admin", "--json", NULL);
  g_assert_cmpint (stop (fixture), ==, 0);
  direct = run (NULL, "token", "--data", fixture->folder, "--user", "nurse", NULL);
  g_assert_cmpint (direct.status, ==, 0);
  start (fixture);
  {
    g_autoptr (JsonNode) root = json_from_string (token.out, NULL);

    g_assert_nonnull (root);
    g_assert_cmpuint (get (fixture, "/fhir/Patient?_count=1",
                           json_object_get_string_member (json_node_get_object (root), "token")),
                      ==, 200);
  }
  g_assert_cmpuint (get (fixture, "/fhir/Patient?_count=1", direct.out), ==, 200);
}

static void
test_import_both_ways (Fixture *fixture, gconstpointer data)
{
  g_autofree char *good = g_build_filename (fixture->folder, "good.json", NULL);
  g_autofree char *bad = g_build_filename (fixture->folder, "bad.json", NULL);
  g_auto (Result) direct = { 0 };
  g_auto (Result) served = { 0 };
  g_auto (Result) refused = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonObject *total;

  g_file_set_contents (good, "{\"resourceType\":\"Patient\",\"id\":\"x\"}", -1, NULL);
  g_file_set_contents (bad, "{\"resourceType\":\"Pasta\"}", -1, NULL);
  direct = run (NULL, "import", "--data", fixture->folder, "--json", good, NULL);
  g_assert_cmpint (direct.status, ==, 0);
  start (fixture);
  served = run (NULL, "import", "--data", fixture->folder, "--json", good, NULL);
  g_assert_cmpint (served.status, ==, 0);
  root = json_from_string (served.out, NULL);
  total = json_object_get_object_member (json_node_get_object (root), "total");
  g_assert_cmpint (json_object_get_int_member (total, "in"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (total, "unchanged"), ==, 1);
  refused = run (NULL, "import", "--data", fixture->folder, good, bad, NULL);
  g_assert_cmpint (refused.status, ==, 2);
  g_assert_nonnull (strstr (refused.out, "bad.json"));
}

static void
test_one_owner (Fixture *fixture, gconstpointer data)
{
  g_auto (Result) second = { 0 };

  start (fixture);
  second = run (NULL, "serve", "--data", fixture->folder, NULL);
  g_assert_cmpint (second.status, ==, 1);
  g_assert_nonnull (strstr (second.err, fixture->folder));
}

static void
test_demo_keeps_out_of_a_real_clinic (Fixture *fixture, gconstpointer data)
{
  g_auto (Result) user = run ("a good password\n", "user", "--data", fixture->folder, "--user",
                              "anna", "--role", "nurse", "--password-stdin", NULL);
  g_auto (Result) demo = run (NULL, "serve", "--data", fixture->folder, "--demo", NULL);

  g_assert_cmpint (user.status, ==, 0);
  g_assert_cmpint (demo.status, ==, 1);
  g_assert_nonnull (strstr (demo.err, "empty"));
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  g_autofree char *key = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autofree char *beside = g_build_filename (fixture->folder, "hub.key", NULL);
  const char *arguments[] = { "user",   "--data", fixture->folder, "--user", "anna",
                              "--role", "nurse",  "--key-file",    key };
  g_auto (Result) first =
      run (NULL, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5],
           arguments[6], arguments[7], arguments[8], NULL);
  g_auto (Result) without = run (NULL, "token", "--data", fixture->folder, "--user", "anna", NULL);
  g_auto (Result) with =
      run (NULL, "token", "--data", fixture->folder, "--user", "anna", "--key-file", key, NULL);
  g_auto (Result) wrong = { 0 };
  g_auto (Result) open = { 0 };

  g_assert_cmpint (first.status, ==, 0);
  check_mode (fixture, "elsewhere");
  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));
  g_assert_cmpint (without.status, ==, 1); /* records but no key: none is made that would not fit */
  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));
  g_assert_cmpint (with.status, ==, 0);
  g_file_set_contents_full (beside,
                            "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", -1,
                            G_FILE_SET_CONTENTS_NONE, 0600, NULL);
  wrong = run (NULL, "token", "--data", fixture->folder, "--user", "anna", NULL);
  g_assert_cmpint (wrong.status, ==, 1);
  chmod (key, 0644);
  open = run (NULL, "token", "--data", fixture->folder, "--user", "anna", "--key-file", key, NULL);
  g_assert_cmpint (open.status, ==, 1);
  g_assert_nonnull (strstr (open.err, "chmod"));
}

static void
test_command_line (void)
{
  static const char *const commands[] = { "serve", "import", "token", "user" };
  g_auto (Result) help = run (NULL, "--help", NULL);
  g_auto (Result) none = run (NULL, "dance", NULL);
  g_auto (Result) port = run (NULL, "serve", "--data", "/nowhere", "--port", "70000", NULL);
  g_auto (Result) date = run (NULL, "serve", "--data", "/nowhere", "--today", "yesterday", NULL);

  g_assert_cmpint (help.status, ==, 0);
  g_assert_cmpint (none.status, ==, 1);
  g_assert_cmpint (port.status, ==, 1);
  g_assert_cmpint (date.status, ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (Result) one = run (NULL, commands[i], "--help", NULL);
      g_auto (Result) missing = run (NULL, commands[i], NULL);

      g_assert_nonnull (strstr (help.out, commands[i]));
      g_assert_cmpint (one.status, ==, 0);
      g_assert_nonnull (strstr (one.out, "--data"));
      g_assert_cmpint (missing.status, ==, 1);
      g_assert_nonnull (strstr (missing.err, "--data"));
    }
}

#define fixture_test(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/hub/main/serve", test_serve);
  fixture_test ("/hub/main/restart", test_tokens_outlive_a_restart);
  fixture_test ("/hub/main/import", test_import_both_ways);
  fixture_test ("/hub/main/one-owner", test_one_owner);
  fixture_test ("/hub/main/demo-and-real", test_demo_keeps_out_of_a_real_clinic);
  fixture_test ("/hub/main/keys", test_keys);
  g_test_add_func ("/hub/main/command-line", test_command_line);
  return g_test_run ();
}
