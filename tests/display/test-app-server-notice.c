/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-server-dialog.h"
#include "app-server-notice.h"
#include "display-fixture.h"
#include "sync-status-private.h"

typedef struct
{
  AppAccount *account;
  gboolean open;
} Opening;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = user_data;
  g_autoptr (GError) error = NULL;

  opening->open = app_account_open_finish (APP_ACCOUNT (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_open (gpointer opening)
{
  return ((Opening *) opening)->open;
}

/* An account of its own beside the fixture's store, in the same folder. */
static AppAccount *
open_account (DisplayFixture *fixture)
{
  g_autofree char *key = g_build_filename (fixture->care.folder, "key", NULL);
  Opening opening = { app_account_new (fixture->care.folder, "http://127.0.0.1:1", "doctor", key),
                      FALSE };

  app_account_open_async (opening.account, fixture->care.clock, NULL, opened_cb, &opening);
  g_assert_true (display_spin (is_open, &opening));
  return opening.account;
}

/* What a server cannot do is told once and stays to be read; a server that lost its patients is
 * told for as long as it is so, and nothing is accepted by Enter alone. */
static void
test_tells (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const notes[] = { "This server does not list what was deleted.", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (NetFhirClient) client = net_fhir_client_new ("http://127.0.0.1:1/fhir", NULL, &error);
  g_autoptr (SyncEngine) engine =
      sync_engine_new (fixture->care.database, client, fixture->care.clock);
  SyncStatus *status = sync_engine_get_status (engine);
  AppAccount *account = open_account (fixture);
  AppClinicWindow *window = app_clinic_window_new (NULL);

  g_assert_no_error (error);
  app_clinic_window_set_session (window, fixture->session);
  gtk_window_present (GTK_WINDOW (window));
  workspace_session_set_server (fixture->session, NULL, NULL, engine);
  AppServerNotice *notice = app_server_notice_new (account, window, fixture->session);
  g_assert_null (display_find_label (GTK_WIDGET (window), "no longer has most"));

  sync_status_set_notes (status, notes);
  display_assert_label (window, "This server cannot do everything that Bedside would use.");
  adw_dialog_present (app_server_dialog_new ("http://127.0.0.1:1", sync_status_get_notes (status)),
                      GTK_WIDGET (window));
  display_assert_label (window, "does not list what was deleted");
  adw_dialog_force_close (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));

  sync_status_set_suspicion (status, SYNC_SUSPICION_LOST);
  display_assert_label (window, "The server no longer has most of your patients.");
  app_server_notice_ask (notice);
  display_assert_label (window, "Is This the Right Server?");
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
  g_assert_cmpstr (adw_alert_dialog_get_default_response (dialog), ==, "leave");
  g_assert_false (adw_alert_dialog_has_response (dialog, "offer"));
  adw_dialog_force_close (ADW_DIALOG (dialog));

  /* A server that was set back can be given again what it lost; one that lost everything cannot. */
  sync_status_set_suspicion (status, SYNC_SUSPICION_SET_BACK);
  display_assert_label (window, "The server was set back to an earlier day.");
  app_server_notice_ask (notice);
  dialog = ADW_ALERT_DIALOG (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
  g_assert_true (adw_alert_dialog_has_response (dialog, "offer"));
  g_assert_cmpstr (adw_alert_dialog_get_default_response (dialog), ==, "leave");
  g_assert_cmpstr (adw_alert_dialog_get_close_response (dialog), ==, "leave");
  adw_dialog_force_close (ADW_DIALOG (dialog));
  sync_status_set_suspicion (status, SYNC_SUSPICION_NONE);

  g_object_unref (notice);
  workspace_session_set_server (fixture->session, NULL, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  store_database_close (app_account_get_database (account));
  g_object_unref (account);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/app/server-notice/tells", DisplayFixture, NULL, display_fixture_set_up, test_tells,
              display_fixture_tear_down);
  return g_test_run ();
}
