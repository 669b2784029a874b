/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-program.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "net-probe.h"

/* The program itself, as an administrator and ./dev use it. */

static void
check_mode (HubProgram *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  struct stat status;

  g_test_message ("%s", name);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 077, ==, 0);
}

static void
test_serve (HubProgram *fixture, gconstpointer data)
{
  static const char *const users[] = { "doctor",    "doctor2",  "nurse",
                                       "reception", "pharmacy", "admin" };

  hub_program_start_with (fixture, "--demo", "--today", "2026-03-02", NULL);
  check_mode (fixture, "hub.key");
  check_mode (fixture, "hub.db");
  check_mode (fixture, "hub.sock");
  for (gsize i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_auto (HubResult) token =
          hub_program_run (NULL, "token", "--data", fixture->folder, "--user", users[i], NULL);

      g_assert_cmpint (token.status, ==, 0);
      g_assert_cmpuint (hub_program_get (fixture, "/fhir/Practitioner?_count=1", token.out), ==,
                        200);
    }
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient", "x"), ==, 401);
  g_assert_cmpint (hub_program_stop (fixture), ==, 0);
}

static void
test_tokens_outlive_a_restart (HubProgram *fixture, gconstpointer data)
{
  g_auto (HubResult) early =
      hub_program_run (NULL, "token", "--data", fixture->folder, "--user", "admin", NULL);
  g_auto (HubResult) token = { 0 };
  g_auto (HubResult) direct = { 0 };

  g_assert_cmpint (early.status, ==, 1); /* no such user yet, and it says so */
  g_assert_nonnull (strstr (early.err, "admin"));
  hub_program_start_with (fixture, "--demo", NULL);
  token =
      hub_program_run (NULL, "token", "--data", fixture->folder, "--user", "admin", "--json", NULL);
  g_assert_cmpint (hub_program_stop (fixture), ==, 0);
  direct = hub_program_run (NULL, "token", "--data", fixture->folder, "--user", "nurse", NULL);
  g_assert_cmpint (direct.status, ==, 0);
  hub_program_start_with (fixture, "--demo", NULL);
  {
    g_autoptr (JsonNode) root = json_from_string (token.out, NULL);

    g_assert_nonnull (root);
    g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient?_count=1",
                                       json_object_get_string_member (json_node_get_object (root),
                                                                      "token")),
                      ==, 200);
  }
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient?_count=1", direct.out), ==, 200);
}

static void
test_import_both_ways (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *good = g_build_filename (fixture->folder, "good.json", NULL);
  g_autofree char *bad = g_build_filename (fixture->folder, "bad.json", NULL);
  g_auto (HubResult) direct = { 0 };
  g_auto (HubResult) served = { 0 };
  g_auto (HubResult) refused = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonObject *total;

  g_file_set_contents (good, "{\"resourceType\":\"Patient\",\"id\":\"x\"}", -1, NULL);
  g_file_set_contents (bad, "{\"resourceType\":\"Pasta\"}", -1, NULL);
  direct = hub_program_run (NULL, "import", "--data", fixture->folder, "--json", good, NULL);
  g_assert_cmpint (direct.status, ==, 0);
  hub_program_start_with (fixture, "--demo", NULL);
  served = hub_program_run (NULL, "import", "--data", fixture->folder, "--json", good, NULL);
  g_assert_cmpint (served.status, ==, 0);
  root = json_from_string (served.out, NULL);
  total = json_object_get_object_member (json_node_get_object (root), "total");
  g_assert_cmpint (json_object_get_int_member (total, "in"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (total, "unchanged"), ==, 1);
  refused = hub_program_run (NULL, "import", "--data", fixture->folder, good, bad, NULL);
  g_assert_cmpint (refused.status, ==, 2);
  g_assert_nonnull (strstr (refused.out, "bad.json"));
}

static void
test_one_owner (HubProgram *fixture, gconstpointer data)
{
  g_auto (HubResult) second = { 0 };

  hub_program_start_with (fixture, "--demo", NULL);
  second = hub_program_run (NULL, "serve", "--data", fixture->folder, NULL);
  g_assert_cmpint (second.status, ==, 1);
  g_assert_nonnull (strstr (second.err, fixture->folder));
}

static void
test_demo_keeps_out_of_a_real_clinic (HubProgram *fixture, gconstpointer data)
{
  g_auto (HubResult) user =
      hub_program_run ("a good password\n", "user", "--data", fixture->folder, "--user", "anna",
                       "--role", "nurse", "--password-stdin", NULL);
  g_auto (HubResult) demo =
      hub_program_run (NULL, "serve", "--data", fixture->folder, "--demo", NULL);
  g_auto (HubResult) disable =
      hub_program_run (NULL, "user", "disable", "anna", "--data", fixture->folder, NULL);
  g_auto (HubResult) later =
      hub_program_run (NULL, "serve", "--data", fixture->folder, "--demo", NULL);

  g_assert_cmpint (user.status, ==, 0);
  g_assert_cmpint (demo.status, ==, 1);
  g_assert_nonnull (strstr (demo.err, "empty"));
  g_assert_cmpint (disable.status, ==, 0);
  g_assert_cmpint (later.status, ==, 1); /* where everyone is disabled it is a real clinic too */
}

/* A hub that behaves like another server says so to everyone. */
static void
test_quirks (HubProgram *fixture, gconstpointer data)
{
  g_auto (HubResult) unknown =
      hub_program_run (NULL, "serve", "--data", fixture->folder, "--quirk", "dance", NULL);
  g_autofree char *text = NULL;

  g_assert_cmpint (unknown.status, ==, 1);
  g_assert_nonnull (strstr (unknown.err, "uuid-versions"));
  hub_program_start_with (fixture, "--quirk", "no-history,rate-limit=9", NULL);
  g_assert_cmpuint (hub_program_send (fixture, "GET", "/fhir/metadata", NULL, NULL, NULL, &text),
                    ==, 200);
  g_assert_nonnull (strstr (text, "FOR TESTS ONLY"));
  g_assert_nonnull (strstr (text, "no-history, rate-limit"));
}

static void
test_demo_in_numbers (HubProgram *fixture, gconstpointer data)
{
  g_auto (HubResult) depth = hub_program_run (NULL, "demo", "--data", fixture->folder, "--patients",
                                              "3", "--depth", "deep", NULL);
  g_auto (HubResult) made = hub_program_run (NULL, "demo", "--data", fixture->folder, "--patients",
                                             "3", "--depth", "demographics", "--json", NULL);
  g_auto (HubResult) busy = { 0 };
  g_autofree char *token = NULL;

  g_assert_cmpint (depth.status, ==, 1);
  g_assert_nonnull (strstr (depth.err, "demographics, light or full"));
  g_assert_cmpint (made.status, ==, 0);
  g_assert_cmpstr (made.out, ==, "{\"patients\":3,\"resources\":9,\"stopped\":false}\n");
  hub_program_start_with (fixture, NULL);
  busy = hub_program_run (NULL, "demo", "--data", fixture->folder, "--patients", "3", NULL);
  g_assert_cmpint (busy.status, ==, 1);
  g_assert_nonnull (strstr (busy.err, fixture->folder));
  token = hub_program_token (fixture, "doctor");
  g_assert_cmpuint (hub_program_get (fixture, "/fhir/Patient?_count=1", token), ==, 200);
}

/* Ctrl+C while it is at work: it says how far it came, and goes on from there another time. */
static void
test_demo_can_be_stopped (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("BEDSIDE_BUILD"), "src", "hub", "bedside-hub", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
                        path, "demo", "--data", fixture->folder, "--patients", "1000000", NULL);
  g_autoptr (GDataInputStream) progress = NULL;
  g_autoptr (GDataInputStream) out = NULL;
  g_autofree char *line = NULL;
  g_autofree char *said = NULL;

  g_assert_no_error (error);
  progress = g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line_utf8 (progress, NULL, NULL, NULL);
  g_assert_nonnull (strstr (line, "of 1000000 patients"));
  g_assert_nonnull (strstr (line, " left"));
  g_subprocess_send_signal (process, SIGINT);
  said = g_data_input_stream_read_line_utf8 (out, NULL, NULL, NULL);
  g_assert_true (g_str_has_prefix (said, "Stopped: "));
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
}

static void
test_keys (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *key = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autofree char *beside = g_build_filename (fixture->folder, "hub.key", NULL);
  const char *arguments[] = { "user",   "--data", fixture->folder, "--user", "anna",
                              "--role", "nurse",  "--key-file",    key };
  g_auto (HubResult) first =
      hub_program_run (NULL, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                       arguments[5], arguments[6], arguments[7], arguments[8], NULL);
  g_auto (HubResult) without =
      hub_program_run (NULL, "token", "--data", fixture->folder, "--user", "anna", NULL);
  g_auto (HubResult) with = hub_program_run (NULL, "token", "--data", fixture->folder, "--user",
                                             "anna", "--key-file", key, NULL);
  g_auto (HubResult) wrong = { 0 };
  g_auto (HubResult) open = { 0 };

  g_assert_cmpint (first.status, ==, 0);
  check_mode (fixture, "elsewhere");
  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));
  g_assert_cmpint (without.status, ==, 1); /* records but no key: none is made that would not fit */
  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));
  g_assert_cmpint (with.status, ==, 0);
  g_file_set_contents_full (beside,
                            "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", -1,
                            G_FILE_SET_CONTENTS_NONE, 0600, NULL);
  wrong = hub_program_run (NULL, "token", "--data", fixture->folder, "--user", "anna", NULL);
  g_assert_cmpint (wrong.status, ==, 1);
  chmod (key, 0644);
  open = hub_program_run (NULL, "token", "--data", fixture->folder, "--user", "anna", "--key-file",
                          key, NULL);
  g_assert_cmpint (open.status, ==, 1);
  g_assert_nonnull (strstr (open.err, "chmod"));
}

/* systemd's credential of a dynamic user is 0440, and its folder is not written to. */
static void
test_key_of_the_service (HubProgram *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "credentials", NULL);
  g_autofree char *key = g_build_filename (folder, "hub.key", NULL);
  g_auto (HubResult) served = { 0 };
  g_auto (HubResult) open = { 0 };

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents_full (
      key, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n", -1,
      G_FILE_SET_CONTENTS_NONE, 0440, NULL));
  g_setenv ("CREDENTIALS_DIRECTORY", folder, TRUE);
  served = hub_program_run (NULL, "user", "add", "anna", "--role", "nurse", "--data",
                            fixture->folder, "--key-file", key, NULL);
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  open = hub_program_run (NULL, "token", "--data", fixture->folder, "--user", "anna", "--key-file",
                          key, NULL);
  g_assert_cmpint (served.status, ==, 0);
  g_assert_cmpint (open.status, ==, 1);
  g_assert_nonnull (strstr (open.err, "chmod"));
}

/* What a workstation reads: the link fills in the address, and nothing but that is in it. */
static void
test_connect (void)
{
  g_auto (HubResult) json = hub_program_run (NULL, "connect", "--public-url",
                                             "https://hub.riverside.example/", "--json", NULL);
  g_auto (HubResult) shown =
      hub_program_run (NULL, "connect", "--public-url", "hub.riverside.example", NULL);
  g_auto (HubResult) plain =
      hub_program_run (NULL, "connect", "--public-url", "http://hub.riverside.example", NULL);
  g_auto (HubResult) none = hub_program_run (NULL, "connect", NULL);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object = hub_result_object (&json, &root);
  const char *link = json_object_get_string_member (object, "link");
  g_autoptr (GError) error = NULL;
  g_autofree char *server = net_probe_dup_server (link, &error);

  g_assert_cmpstr (link, ==, "bedside:connect?server=https%3A%2F%2Fhub.riverside.example");
  g_assert_cmpstr (server, ==, "https://hub.riverside.example");
  g_assert_cmpint (shown.status, ==, 0);
  g_assert_nonnull (strstr (shown.out, link));
  g_assert_nonnull (strstr (shown.out, "█▀▀▀▀▀█")); /* the finder, dark on light */
  g_assert_cmpint (plain.status, ==, 1);            /* records do not travel in the clear */
  g_assert_cmpint (none.status, ==, 1);
  g_assert_nonnull (strstr (none.err, "--public-url"));
}

static void
test_command_line (void)
{
  static const char *const commands[] = { "serve", "demo",  "import", "export", "token",
                                          "user",  "check", "backup", "restore" };
  g_auto (HubResult) help = hub_program_run (NULL, "--help", NULL);
  g_auto (HubResult) none = hub_program_run (NULL, "dance", NULL);
  g_auto (HubResult) port =
      hub_program_run (NULL, "serve", "--data", "/nowhere", "--port", "70000", NULL);
  g_auto (HubResult) date =
      hub_program_run (NULL, "serve", "--data", "/nowhere", "--today", "yesterday", NULL);

  g_assert_cmpint (help.status, ==, 0);
  g_assert_cmpint (none.status, ==, 1);
  g_assert_cmpint (port.status, ==, 1);
  g_assert_cmpint (date.status, ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (HubResult) one = hub_program_run (NULL, commands[i], "--help", NULL);
      g_auto (HubResult) missing = hub_program_run (NULL, commands[i], NULL);

      g_assert_nonnull (strstr (help.out, commands[i]));
      g_assert_cmpint (one.status, ==, 0);
      g_assert_nonnull (strstr (one.out, "--data"));
      g_assert_cmpint (missing.status, ==, 1);
      g_assert_nonnull (strstr (missing.err, "--data"));
    }
}

#define fixture_test(path, function)                                                               \
  g_test_add (path, HubProgram, NULL, hub_program_set_up, function, hub_program_tear_down)

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
  fixture_test ("/hub/main/key-of-the-service", test_key_of_the_service);
  fixture_test ("/hub/main/quirks", test_quirks);
  fixture_test ("/hub/main/demo-in-numbers", test_demo_in_numbers);
  fixture_test ("/hub/main/demo-can-be-stopped", test_demo_can_be_stopped);
  g_test_add_func ("/hub/main/connect", test_connect);
  g_test_add_func ("/hub/main/command-line", test_command_line);
  return g_test_run ();
}
