/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-patients.h"

#include "display-fixture.h"

static gboolean
put_patients (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith',"
                                "'given':['Jane']}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'bob','name':[{'family':'Jones',"
                                "'given':['Bob']}]}");
  return TRUE;
}

static void
refused_cb (GString *said, const char *sentence)
{
  g_string_assign (said, sentence);
}

/* Opening again presents the window that there is (law 1). */
static void
test_one_window (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (AppPatients) patients = app_patients_new (NULL, NULL, fixture->session);

  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *jane = app_patients_present (patients, "jane");
  display_assert_label (jane, "SMITH, Jane");
  g_assert_true (app_patients_present (patients, "jane") == jane);
  g_assert_true (app_patients_present (patients, "bob") != jane);
  gtk_window_destroy (GTK_WINDOW (app_patients_present (patients, "bob")));
  gtk_window_destroy (GTK_WINDOW (jane));
}

/* The sign-in runs out while a chart is open: it stays and says so, no other opens, and when the
 * server is reached all is as before. */
static void
test_lease (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (AppPatients) patients = app_patients_new (NULL, NULL, fixture->session);
  g_autoptr (GString) said = g_string_new (NULL);
  WorkspaceLock *lock = workspace_session_get_lock (fixture->session);
  BaseClock *clock = fixture->care.clock;

  care_fixture_write (&fixture->care, put_patients);
  g_signal_connect_swapped (patients, "refused", G_CALLBACK (refused_cb), said);
  workspace_session_set_sync (fixture->session, TRUE, base_clock_now (clock));
  workspace_lock_renew (lock, base_clock_now (clock));
  WorkspacePatientWindow *jane = app_patients_present (patients, "jane");
  display_assert_label (jane, "SMITH, Jane");

  base_clock_advance (clock, CARE_LEASE_US + G_TIME_SPAN_MINUTE);
  workspace_session_open_patient (fixture->session, "bob", NULL, NULL);
  g_assert_nonnull (strstr (said->str, "no further chart opens"));
  display_assert_label (jane, "Your sign-in ended at 09:00.");
  g_assert_true (app_patients_present (patients, "jane") == jane);
  g_assert_null (app_patients_present (patients, "bob"));

  workspace_lock_renew (lock, base_clock_now (clock));
  display_settle ();
  display_assert_label (jane, "Connected again.");
  WorkspacePatientWindow *bob = app_patients_present (patients, "bob");
  display_assert_label (bob, "JONES, Bob");
  g_assert_null (display_find_label (GTK_WIDGET (bob), "Your sign-in ended"));
  gtk_window_destroy (GTK_WINDOW (bob));
  gtk_window_destroy (GTK_WINDOW (jane));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/app/patients/one-window", DisplayFixture, NULL, display_fixture_set_up,
              test_one_window, display_fixture_tear_down);
  g_test_add ("/app/patients/lease", DisplayFixture, NULL, display_fixture_set_up, test_lease,
              display_fixture_tear_down);
  return g_test_run ();
}
