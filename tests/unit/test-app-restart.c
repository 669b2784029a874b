/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-restart.h"

#include "care-fixture.h"

#define ACCOUNT "0123456789abcdef"

typedef struct
{
  CareFixture care;
  WorkspaceSession *session;
  AppRestart *restart;
  guint waits, ready;
} Fixture;

static void
waits_cb (Fixture *fixture, const char *sentence)
{
  g_assert_nonnull (strstr (sentence, "when it has ended"));
  fixture->waits++;
}

static void
ready_cb (Fixture *fixture)
{
  fixture->ready++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  care_fixture_set_up (&fixture->care, data);
  fixture->session = workspace_session_new (fixture->care.doctor);
  fixture->restart = app_restart_new ();
  app_restart_set_session (fixture->restart, fixture->session);
  g_signal_connect_swapped (fixture->restart, "waits", G_CALLBACK (waits_cb), fixture);
  g_signal_connect_swapped (fixture->restart, "ready", G_CALLBACK (ready_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->restart);
  g_clear_object (&fixture->session);
  care_fixture_tear_down (&fixture->care, data);
}

static const char *const started[] = { "bedside", "--user=stone", "--offline", NULL };

static void
test_at_once (Fixture *fixture, gconstpointer data)
{
  g_assert_null (app_restart_dup_arguments (fixture->restart, (char **) started));
  app_restart_update (fixture->restart, ACCOUNT);
  app_restart_update (fixture->restart, ACCOUNT); /* pressed twice */
  g_assert_cmpuint (fixture->ready, ==, 1);
  g_auto (GStrv) again = app_restart_dup_arguments (fixture->restart, (char **) started);
  g_autofree char *joined = g_strjoinv (" ", again);
  g_assert_cmpstr (joined, ==, "bedside --offline --account " ACCOUNT);
}

/* H82 */
static void
test_visit (Fixture *fixture, gconstpointer data)
{
  workspace_session_set_call (fixture->session, "jane", "SMITH, Jane");
  app_restart_update (fixture->restart, NULL);
  g_assert_cmpuint (fixture->waits, ==, 1);
  g_assert_cmpuint (fixture->ready, ==, 0);
  g_assert_null (app_restart_dup_arguments (fixture->restart, (char **) started));
  workspace_session_set_call (fixture->session, "bob", "JONES, Bob");
  g_assert_cmpuint (fixture->ready, ==, 0);
  workspace_session_set_call (fixture->session, NULL, NULL);
  g_assert_cmpuint (fixture->ready, ==, 1);
}

/* A visit that ends restarts nothing that nobody asked for. */
static void
test_unasked (Fixture *fixture, gconstpointer data)
{
  workspace_session_set_call (fixture->session, "jane", "SMITH, Jane");
  workspace_session_set_call (fixture->session, NULL, NULL);
  g_assert_cmpuint (fixture->ready + fixture->waits, ==, 0);
}

/* One who was never here gets records of their own. */
static void
test_new (Fixture *fixture, gconstpointer data)
{
  app_restart_switch (fixture->restart, "");
  g_auto (GStrv) again = app_restart_dup_arguments (fixture->restart, (char **) started);
  g_assert_cmpstr (again[2], ==, "--account");
  g_assert_cmpuint (strlen (again[3]), ==, 16);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/restart/at-once", Fixture, NULL, set_up, test_at_once, tear_down);
  g_test_add ("/app/restart/waits-for-the-visit", Fixture, NULL, set_up, test_visit, tear_down);
  g_test_add ("/app/restart/unasked", Fixture, NULL, set_up, test_unasked, tear_down);
  g_test_add ("/app/restart/new-account", Fixture, NULL, set_up, test_new, tear_down);
  return g_test_run ();
}
