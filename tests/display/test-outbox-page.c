/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"
#include "outbox-actions.h"
#include "outbox-page.h"

static GtkWidget *
open_page (DisplayFixture *fixture, GtkWidget **window)
{
  GtkWidget *page = outbox_page_new (fixture->session);
  GtkWidget *toasts = adw_toast_overlay_new ();

  *window = g_object_new (ADW_TYPE_WINDOW, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), page);
  gtk_window_set_default_size (GTK_WINDOW (*window), 800, 600);
  adw_window_set_content (ADW_WINDOW (*window), toasts);
  gtk_window_present (GTK_WINDOW (*window));
  return page;
}

static gboolean
put_refused (StoreConnection *connection, gpointer data, GError **error)
{
  gint64 sequence = 0;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}]}");
  care_fixture_put (connection, "{'resourceType':'Task','id':'t1','status':'draft','intent':'order'"
                                ",'for':{'reference':'Patient/jane'}}");
  return store_journal_append (connection, "g1", STORE_JOURNAL_CREATE, "Task", "t1", "jane", NULL,
                               0, &sequence, error) &&
         store_journal_set_state (connection, sequence, "refused", "Task.owner: nobody", error);
}

static void
test_empty (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  open_page (fixture, &window);
  display_assert_label (window, "Nothing Waits");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What was set aside stands with the server's words and with what to do. */
static void
test_refused (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_refused);
  open_page (fixture, &window);
  display_assert_label (window, "Task for SMITH, Jane");
  display_assert_label (window, "Refused by the server");
  display_assert_label (window, "The server says: “Task.owner: nobody”");
  display_assert_label (window, "Correct it in the chart, then send it again.");
  display_assert_label (window, "Export…");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
count_audit (StoreConnection *connection, gpointer rows, GError **error)
{
  return store_audit_verify (connection, rows, error);
}

static gboolean
is_audited (gpointer database)
{
  gint64 rows = 0;

  return store_database_read (database, count_audit, &rows, NULL) && rows == 1;
}

/* The export is announced before a place is chosen; the file is its owner's alone, and the audit
 * has it. */
static void
test_export (DisplayFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->care.folder, "outbox.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *window = NULL;
  GStatBuf status;

  care_fixture_write (&fixture->care, put_refused);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "Task for SMITH, Jane");
  gtk_widget_activate_action (page, "outbox.export", NULL);
  display_assert_label (window, "This File Will Hold Patients’ Data");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (is_audited (fixture->care.database));
  adw_dialog_force_close (adw_window_get_visible_dialog (ADW_WINDOW (window)));

  outbox_actions_write_export (page, fixture->session, file);
  display_assert_label (window, "1 change was written to outbox.json.");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (display_spin (is_audited, fixture->care.database));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
add (const char *path, void (*test) (DisplayFixture *, gconstpointer))
{
  g_test_add (path, DisplayFixture, NULL, display_fixture_set_up, test, display_fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  add ("/outbox/page/empty", test_empty);
  add ("/outbox/page/refused", test_refused);
  add ("/outbox/page/export", test_export);
  return g_test_run ();
}
