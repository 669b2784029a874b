/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-patients.h"
#include "app-windows.h"

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
  g_auto (GStrv) recent =
      workspace_recent_dup_ids (workspace_session_get_recent (fixture->session));
  g_assert_cmpstr (recent[0], ==, "bob");
  g_assert_cmpstr (recent[1], ==, "jane");
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
  g_assert_nonnull (strstr (said->str, "to open other charts"));
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

static gboolean
put_long_record (StoreConnection *connection, gpointer data, GError **error)
{
  put_patients (connection, data, error);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{'resourceType':'Flag','id':'f%u','status':'active','subject':{'reference':"
          "'Patient/jane'},'code':{'text':'Note %u'},'period':{'start':'20%02u-03-01'}}",
          i, i, i % 26);
      care_fixture_put (connection, json);
    }
  return TRUE;
}

typedef struct
{
  DisplayFixture *fixture;
  const char *name, *value; /* NULL: it is not there */
} Setting;

static gboolean
read_setting (StoreConnection *connection, gpointer data, GError **error)
{
  Setting *setting = data;
  g_autofree char *value = store_setting_get (connection, setting->name);

  return g_strcmp0 (value, setting->value) == 0;
}

static gboolean
setting_is (gpointer data)
{
  Setting *setting = data;

  return store_database_read (setting->fixture->care.database, read_setting, setting, NULL);
}

static gboolean
put_open_windows (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, "window/jane", "timeline 900", error) &&
         store_setting_set (connection, "window/bob", "no-such-page 3", error);
}

static gboolean
is_at_spot (gpointer window)
{
  g_autofree char *spot = workspace_patient_window_dup_spot (window);

  return g_str_equal (spot, "timeline 900");
}

static gboolean
are_two_open (gpointer data)
{
  return g_list_model_get_n_items (gtk_window_get_toplevels ()) == 2;
}

/* What was open when Bedside was killed is open again, with its page and where it was scrolled. */
static void
test_restore (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (AppPatients) patients = app_patients_new (NULL, NULL, fixture->session);
  Setting closed = { fixture, "window/jane", NULL };

  care_fixture_write (&fixture->care, put_long_record);
  care_fixture_write (&fixture->care, put_open_windows);
  app_patients_restore (patients);
  g_assert_true (display_spin (are_two_open, NULL));
  WorkspacePatientWindow *jane = app_patients_present (patients, "jane");
  WorkspacePatientWindow *bob = app_patients_present (patients, "bob");
  display_assert_label (jane, "Open again");
  display_assert_label (jane, "200 events.");
  display_assert_label (bob, "JONES, Bob");
  g_assert_true (display_spin (is_at_spot, jane));
  gtk_window_destroy (GTK_WINDOW (jane));
  gtk_window_destroy (GTK_WINDOW (bob));
  g_assert_true (display_spin (setting_is, &closed));
}

/* A place is kept within moments, so that a crash finds it; quitting forgets all of them. */
static void
test_keep (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (AppPatients) patients = app_patients_new (NULL, NULL, fixture->session);
  Setting kept = { fixture, "window/jane", "problems 0" }, gone = { fixture, "window/jane", NULL };

  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *jane = app_patients_present (patients, "jane");
  display_assert_label (jane, "SMITH, Jane");
  workspace_patient_window_show (jane, "problems");
  g_assert_true (display_spin (setting_is, &kept));
  app_windows_forget (fixture->session);
  g_assert_true (setting_is (&gone));
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
  g_test_add ("/app/patients/restore", DisplayFixture, NULL, display_fixture_set_up, test_restore,
              display_fixture_tear_down);
  g_test_add ("/app/patients/keep", DisplayFixture, NULL, display_fixture_set_up, test_keep,
              display_fixture_tear_down);
  return g_test_run ();
}
