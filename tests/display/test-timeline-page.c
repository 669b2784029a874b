/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "timeline-model.h"
#include "timeline-page.h"

/* The timeline in a patient window: what it shows, how it is filtered, and what it opens. */

#define MANY 20000

static void
put_patient (StoreConnection *connection)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith',"
                                "'given':['Jane']}],'birthDate':'1961-03-12'}");
}

static gboolean
put_chart (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection);
  care_fixture_put (connection,
                    "{'resourceType':'Condition','id':'c1','subject':{'reference':'Patient/jane'},"
                    "'code':{'text':'Essential hypertension'},'onsetDateTime':'2015-04-02'}");
  care_fixture_put (connection,
                    "{'resourceType':'RiskAssessment','id':'f','status':'final','subject':{"
                    "'reference':'Patient/jane'},'code':{'text':'Needs an interpreter'},"
                    "'occurrenceDateTime':'2020-05-06'}");
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'k','status':'final','subject':{'reference'"
                    ":'Patient/jane'},'effectiveDateTime':'2026-11-20','code':{'text':'Potassium'},"
                    "'valueQuantity':{'value':6.9,'unit':'mmol/L'}}");
  return TRUE;
}

/* As a hospital's record of twenty years: one observation a day and more. */
static gboolean
put_many (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection);
  for (guint i = 0; i < MANY; i++)
    {
      guint day = i / 40;
      g_autofree char *text = g_strdup_printf (
          "{'resourceType':'Procedure','id':'p%u','status':'completed','subject':{'reference':"
          "'Patient/jane'},'code':{'text':'Dressing %u'},'performedDateTime':'%04u-%02u-%02u'}",
          i, i, 2000 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
      care_fixture_put (connection, text);
    }
  return TRUE;
}

/* Not within a drop-down, which has a list and an entry of its own. */
static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  if (GTK_IS_DROP_DOWN (widget))
    return NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);
      if (found)
        return found;
    }
  return NULL;
}

static WorkspacePatientWindow *
open_timeline (DisplayFixture *fixture, int width)
{
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "jane");

  gtk_window_set_default_size (GTK_WINDOW (window), width, 800);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "timeline");
  return window;
}

static GtkWidget *
part (WorkspacePatientWindow *window, GType type)
{
  GtkWidget *page = find_type (GTK_WIDGET (window), TIMELINE_TYPE_PAGE);

  g_assert_nonnull (page);
  GtkWidget *found = find_type (page, type);
  g_assert_nonnull (found);
  return found;
}

static gboolean
is_absent (gpointer data)
{
  return !display_has_label (data);
}

static void
assert_absent (gpointer window, const char *text)
{
  if (!display_spin (is_absent, &(DisplayLabel) { window, text }))
    g_error ("a label still says “%s”", text);
}

static void
test_events (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = open_timeline (fixture, 1200);
  GtkWidget *page;

  display_assert_label (window, "November 2026 · 1");
  display_assert_label (window, "6.9 mmol/L");
  display_assert_label (window, "May 2020 · 1");
  display_assert_label (window, "Needs an interpreter");
  display_assert_label (window, "April 2015 · 1");
  display_assert_label (window, "3 events.");
  page = find_type (GTK_WIDGET (window), TIMELINE_TYPE_PAGE);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (find_type (page, GTK_TYPE_SEARCH_ENTRY)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Filter the timeline by words");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (find_type (page, GTK_TYPE_DROP_DOWN)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Kind of event");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (find_type (page, GTK_TYPE_LIST_VIEW)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Timeline");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_filter (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = open_timeline (fixture, 1200);

  display_assert_label (window, "3 events.");
  GtkWidget *entry = part (window, GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entry), "INTERPRETER nee");
  display_assert_label (window, "1 of 3 events.");
  display_assert_label (part (window, GTK_TYPE_LIST_VIEW), "Needs an interpreter");
  assert_absent (part (window, GTK_TYPE_LIST_VIEW), "Potassium");

  /* that kind has no such event: the page says so, and shows all again when asked */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (part (window, GTK_TYPE_DROP_DOWN)),
                              1 + CARE_TIMELINE_RESULT);
  display_assert_label (window, "No Event Matches");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "RiskAssessment/f");
  display_assert_label (window, "3 events.");
  display_assert_label (part (window, GTK_TYPE_LIST_VIEW), "Potassium");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_on_results (gpointer window)
{
  GtkWidget *list = find_type (GTK_WIDGET (window), TIMELINE_TYPE_PAGE);

  return list && !gtk_widget_get_mapped (list);
}

/* A line opens the page that shows what it names; one that no other page shows is no link. */
static void
test_open (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = open_timeline (fixture, 1200);

  display_assert_label (window, "3 events.");
  GtkWidget *list = part (window, GTK_TYPE_LIST_VIEW);
  gtk_widget_activate_action (list, "list.activate-item", "u", 1);
  display_settle ();
  g_assert_true (gtk_widget_get_mapped (list));
  gtk_widget_activate_action (list, "list.activate-item", "u", 0);
  g_assert_true (display_spin (is_on_results, window));
  display_assert_label (window, "Potassium");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_message (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Communication','id':'m','status':'completed','subject':{"
                    "'reference':'Patient/jane'},'sent':'2026-11-21T08:00:00Z','payload':[{"
                    "'contentString':'My knee hurts'}]}");
  return TRUE;
}

static void
test_change (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_chart);
  WorkspacePatientWindow *window = open_timeline (fixture, 360);

  display_assert_label (window, "3 events.");
  care_fixture_write (&fixture->care, put_message);
  display_assert_label (window, "4 events.");
  display_assert_label (window, "My knee hurts");
  gtk_window_destroy (GTK_WINDOW (window));
}

static guint
count_type (GtkWidget *widget, GType type)
{
  guint count = g_type_is_a (G_OBJECT_TYPE (widget), type);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    count += count_type (child, type);
  return count;
}

/* Twenty thousand events make as many widgets and rows as a screen has lines, from top to end; the
 * list begins with its first heading, when it is read again and while it is filtered too. */
static void
test_many (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_many);
  WorkspacePatientWindow *window = open_timeline (fixture, 1200);

  display_assert_label (window, "20000 events.");
  GtkListView *list = GTK_LIST_VIEW (part (window, GTK_TYPE_LIST_VIEW));
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (gtk_list_view_get_model (list));
  TimelineModel *model = TIMELINE_MODEL (gtk_single_selection_get_model (selection));

  display_assert_label (list, "Dressing 19999");
  display_assert_in_sight (list, "June 2001");
  care_fixture_write (&fixture->care, put_message);
  display_assert_label (window, "20001 events.");
  display_assert_in_sight (list, "November 2026");
  gtk_editable_set_text (GTK_EDITABLE (part (window, GTK_TYPE_SEARCH_ENTRY)), "dressing");
  display_assert_label (window, "20000 of 20001 events.");
  display_assert_in_sight (list, "June 2001");
  gtk_list_view_scroll_to (list, MANY - 1, GTK_LIST_SCROLL_NONE, NULL);
  display_assert_label (list, "January 2000 · 1120");
  gtk_list_view_scroll_to (list, MANY / 2, GTK_LIST_SCROLL_NONE, NULL);
  display_settle ();
  guint rows = count_type (GTK_WIDGET (list), g_type_from_name ("TimelineRow"));
  g_test_message ("%u rows of widgets, %u rows made for %d events", rows,
                  timeline_model_get_n_made (model), MANY);
  g_assert_cmpuint (rows, <, 400);
  g_assert_cmpuint (timeline_model_get_n_made (model), <, 2000);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv);
  adw_init ();
  display_add ("/timeline-page/events", test_events);
  display_add ("/timeline-page/filter", test_filter);
  display_add ("/timeline-page/open", test_open);
  display_add ("/timeline-page/change", test_change);
  display_add ("/timeline-page/many", test_many);
  return g_test_run ();
}
