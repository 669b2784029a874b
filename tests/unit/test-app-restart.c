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

static char *
dup_again (const char *const *arguments, const char *account)
{
  g_auto (GStrv) again = app_restart_make_arguments ((char **) arguments, account, FALSE);

  return g_strjoinv (" ", again);
}

/* What the bus started begins with a window, and nothing that was opened is opened again: it may be
 * a patient of the one who went. */
static void
test_afresh (void)
{
  static const char *const service[] = { "bedside", "--gapplication-service", NULL };
  static const char *const link[] = { "bedside",
                                      "--server",
                                      "http://127.0.0.1:1",
                                      "bedside:patient/jane",
                                      "--data",
                                      "/srv/stone",
                                      "--offline",
                                      "--",
                                      "bedside:patient/bob",
                                      NULL };
  g_autofree char *by_bus = dup_again (service, ACCOUNT);
  g_autofree char *updated = dup_again (service, NULL);
  g_autofree char *switched = dup_again (link, ACCOUNT);
  g_autofree char *same = dup_again (link, NULL);

  g_assert_cmpstr (by_bus, ==, "bedside --account " ACCOUNT);
  g_assert_cmpstr (updated, ==, "bedside");
  g_assert_cmpstr (switched, ==,
                   "bedside --server http://127.0.0.1:1 --offline --account " ACCOUNT);
  g_assert_cmpstr (same, ==, "bedside --server http://127.0.0.1:1 --data /srv/stone --offline");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/app/restart/at-once", Fixture, NULL, set_up, test_at_once, tear_down);
  g_test_add ("/app/restart/waits-for-the-visit", Fixture, NULL, set_up, test_visit, tear_down);
  g_test_add ("/app/restart/unasked", Fixture, NULL, set_up, test_unasked, tear_down);
  g_test_add ("/app/restart/new-account", Fixture, NULL, set_up, test_new, tear_down);
  g_test_add_func ("/app/restart/afresh", test_afresh);
  return g_test_run ();
}
