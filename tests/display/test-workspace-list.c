/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"
#include "workspace-list.h"

/* A list of a chart begins with its first heading, not with the line below it, whenever it gets
 * items. */

#define PROBLEMS 60

static void
put_problem (StoreConnection *connection, guint i)
{
  g_autofree char *json =
      g_strdup_printf ("{'resourceType':'Condition','id':'c%u','subject':{'reference':'Patient/p'},"
                       "'code':{'text':'Problem %u'}}",
                       i, i);

  care_fixture_put (connection, json);
}

static gboolean
put_chart (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith'}]}");
  for (guint i = 0; i < PROBLEMS; i++)
    put_problem (connection, i);
  return TRUE;
}

static gboolean
put_results (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith'}]}");
  for (guint i = 0; i < PROBLEMS; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{'resourceType':'Observation','id':'o%u','status':'final','category':[{'coding':[{"
          "'code':'laboratory'}]}],'subject':{'reference':'Patient/p'},'effectiveDateTime':"
          "'2026-11-20T08:00:00Z','code':{'text':'Marker %u'},'valueString':'seen'}",
          i, i);

      care_fixture_put (connection, json);
    }
  return TRUE;
}

static gboolean
put_one_more (StoreConnection *connection, gpointer data, GError **error)
{
  put_problem (connection, PROBLEMS);
  return TRUE;
}

static void
test_heading (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "p");
  GtkWidget *list;

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "problems");
  display_assert_label (window, "Active Problems · 60");
  list = display_find_child (display_find_child (GTK_WIDGET (window), WORKSPACE_TYPE_LIST),
                             GTK_TYPE_LIST_VIEW);
  display_assert_in_sight (list, "Active Problems · 60");
  care_fixture_write (&fixture->care, put_one_more);
  display_assert_label (list, "Active Problems · 61");
  display_assert_in_sight (list, "Active Problems · 61");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_filtered (gpointer list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (list))) == 1;
}

static void
test_results (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "p");
  GtkWidget *page, *list;

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "results");
  display_assert_label (window, "Marker 1");
  page = display_find_child (GTK_WIDGET (window), g_type_from_name ("ResultsPage"));
  list = display_find_child (page, GTK_TYPE_LIST_VIEW);
  display_assert_in_sight (list, " · 60");
  gtk_editable_set_text (GTK_EDITABLE (display_find_child (page, GTK_TYPE_SEARCH_ENTRY)),
                         "marker 59");
  g_assert_true (display_spin (is_filtered, list));
  display_assert_in_sight (list, " · 1");
  gtk_editable_set_text (GTK_EDITABLE (display_find_child (page, GTK_TYPE_SEARCH_ENTRY)), "");
  display_assert_label (list, " · 60");
  display_assert_in_sight (list, " · 60");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/workspace/list/heading", test_heading);
  display_add ("/workspace/list/results", test_results);
  return g_test_run ();
}
