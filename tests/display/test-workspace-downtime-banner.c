/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"
#include "workspace-downtime-banner.h"

/* Records that a newer version wrote: every window says that they can only be read. */
static void
test_read_only (DisplayFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_strdup (store_database_get_path (fixture->care.database));
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreDatabase) database =
      store_database_open_to_read (path, fixture->care.key, fixture->care.clock, &error);
  g_autoptr (CareContext) context =
      care_context_new (database, fixture->care.clock, "Practitioner/1", "Dr Stone", "prescriber");
  g_autoptr (WorkspaceSession) session = workspace_session_new (context);
  GtkWidget *banner = g_object_new (WORKSPACE_TYPE_DOWNTIME_BANNER, NULL);
  GtkWidget *window = gtk_window_new ();

  g_assert_no_error (error);
  gtk_window_set_child (GTK_WINDOW (window), banner);
  gtk_window_present (GTK_WINDOW (window));
  workspace_downtime_banner_set_session (WORKSPACE_DOWNTIME_BANNER (banner), session);
  display_assert_label (window, "A newer Bedside wrote these records.");
  g_assert_null (display_find_label (window, "What"));
  gtk_window_destroy (GTK_WINDOW (window));
  display_settle ();
  store_database_close (database);
}

/* Our own records have no such words. */
static void
test_own (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *banner = g_object_new (WORKSPACE_TYPE_DOWNTIME_BANNER, NULL);
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), banner);
  gtk_window_present (GTK_WINDOW (window));
  workspace_downtime_banner_set_session (WORKSPACE_DOWNTIME_BANNER (banner), fixture->session);
  display_settle ();
  g_assert_null (display_find_label (window, "newer Bedside"));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/workspace/downtime-banner/read-only", test_read_only);
  display_add ("/workspace/downtime-banner/own", test_own);
  return g_test_run ();
}
