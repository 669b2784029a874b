/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conflict-fixture.h"
#include "display-fixture.h"

static GtkWindow *
find_window (const char *title)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      if (ADW_IS_WINDOW (window) && g_strcmp0 (gtk_window_get_title (window), title) == 0)
        return window;
    }
  return NULL;
}

static gboolean
is_open (gpointer title)
{
  return find_window (title) != NULL;
}

static GtkWidget *
find_button (GtkWidget *widget, GType type, const char *text)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && display_find_label (widget, text))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, type, text);
      if (found)
        return found;
    }
  return NULL;
}

static GtkWindow *
open_versions (DisplayFixture *fixture, WorkspacePatientWindow **patient)
{
  care_fixture_write (&fixture->care, conflict_fixture_put_order);
  *patient = workspace_patient_window_new (NULL, fixture->session, "jane");
  gtk_window_present (GTK_WINDOW (*patient));
  display_assert_label (*patient, "Somebody else changed a record of this patient");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (*patient), "win.compare-versions", NULL));
  g_assert_true (display_spin (is_open, (gpointer) "SMITH, Jane"));
  return find_window ("SMITH, Jane");
}

/* The patient's window says that two versions wait, and opens them beside itself; each side is
 * chosen by a radio button, and what will stand is shown before anything is done. */
static void
test_compare (DisplayFixture *fixture, gconstpointer data)
{
  WorkspacePatientWindow *patient = NULL;
  GtkWindow *window = open_versions (fixture, &patient);

  display_assert_label (window, "Prescription: amoxicillin 500 mg capsule");
  display_assert_label (window, "Theirs · LIND, Noor · 08:52");
  display_assert_label (window, "2 are not chosen yet.");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (find_button (GTK_WIDGET (window),
                                                              GTK_TYPE_CHECK_BUTTON,
                                                              "twice a day")),
                               TRUE);
  display_assert_label (window, "1 is not chosen yet.");
  GtkWidget *stopped = find_button (GTK_WIDGET (window), GTK_TYPE_CHECK_BUTTON, "stopped");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (stopped), TRUE);
  gtk_test_accessible_assert_role (stopped, GTK_ACCESSIBLE_ROLE_RADIO);
  gtk_test_accessible_assert_property (stopped, GTK_ACCESSIBLE_PROPERTY_LABEL, "Theirs: stopped");
  /* no engine: the button waits and says why */
  display_assert_label (window, "This can be decided as soon as it has.");
  GtkWidget *use = find_button (GTK_WIDGET (window), GTK_TYPE_BUTTON, "Use This Combination");
  g_assert_nonnull (use);
  g_assert_false (gtk_widget_get_sensitive (use));
  gtk_window_destroy (window);
  gtk_window_destroy (GTK_WINDOW (patient));
}

static gboolean
settle (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 9, error);

  care_fixture_put (connection, "{'resourceType':'Basic','id':'x'}");
  return held &&
         store_journal_set_state (connection, ((StoreJournalEntry *) held->pdata[0])->sequence,
                                  "done", NULL, error);
}

/* Decided elsewhere: nothing is left to press. */
static void
test_settled (DisplayFixture *fixture, gconstpointer data)
{
  WorkspacePatientWindow *patient = NULL;
  GtkWindow *window = open_versions (fixture, &patient);

  display_assert_label (window, "Two people changed this.");
  GtkWidget *all = find_button (GTK_WIDGET (window), GTK_TYPE_BUTTON, "Keep All Mine");
  g_signal_emit_by_name (all, "clicked");
  display_assert_label (window, "Use Mine");
  care_fixture_write (&fixture->care, settle);
  display_assert_label (window, "Nothing Waits for a Choice");
  gtk_window_destroy (window);
  gtk_window_destroy (GTK_WINDOW (patient));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/outbox/conflict-window/compare", test_compare);
  display_add ("/outbox/conflict-window/settled", test_settled);
  return g_test_run ();
}
