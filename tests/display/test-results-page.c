/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"
#include "workspace-page.h"

#include "care-cover.h"
#include "care-review.h"
#include "results-graph-draw.h"
#include "results-graph.h"

#include <math.h>

#define SUBJECT "'subject':{'reference':'Patient/p'}"
#define CODE(code, name)                                                                           \
  "'code':{'coding':[{'system':'http://loinc.org','code':'" code "'}],'text':'" name "'}"
#define READING(id, code, name, when, value, unit, rest)                                           \
  "{'resourceType':'Observation','id':'" id                                                        \
  "','status':'final','category':[{'coding':[{'code':'laboratory'}]}]," SUBJECT                    \
  "," CODE (code, name) ",'effectiveDateTime':'" when "','valueQuantity':{'value':" value          \
                        ",'unit':'" unit "','system':'http://unitsofmeasure.org','code':'" unit    \
                        "'}" rest "}"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith',"
                                "'given':['Jane']}],'birthDate':'1961-03-12'}");
  return TRUE;
}

static gboolean
put_results (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection, data, error);
  care_fixture_put (connection, READING ("k1", "2823-3", "Potassium", "2026-10-02T08:00:00Z", "4.4",
                                         "mmol/L", ""));
  care_fixture_put (connection, READING ("k2", "2823-3", "Potassium", "2026-11-22T07:00:00Z", "6.9",
                                         "mmol/L", ""));
  care_fixture_put (connection, READING ("tsh", "3016-3", "Thyrotropin", "2026-11-20T08:00:00Z",
                                         "2.1", "mIU/L", ""));
  care_fixture_put (connection, READING ("b12", "2132-9", "Cobalamin", "2026-11-20T08:00:00Z",
                                         "300", "pg/mL", ""));
  return TRUE;
}

static gboolean
put_correction (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'tsh','status':'corrected','category':[{"
                    "'coding':[{'code':'laboratory'}]}]," SUBJECT
                    "," CODE ("3016-3",
                              "Thyrotropin") ",'effectiveDateTime':'2026-11-20T08:00:00Z'"
                                             ",'valueQuantity':{'value':21,'unit':'mIU/L'}"
                                             "}");
  return TRUE;
}

/* ---- the page ---- */

static GtkWidget *
find_type (GtkWidget *widget, const char *type)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);
      if (found)
        return found;
    }
  return NULL;
}

/* The mapped button whose whole text is @text. */
static GtkWidget *
find_button (gpointer parent, const char *text)
{
  GtkWidget *widget = parent;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return gtk_widget_get_ancestor (widget, GTK_TYPE_BUTTON);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, text);
      if (found)
        return found;
    }
  return NULL;
}

static void
press (gpointer widget, const char *text)
{
  GtkWidget *button = find_button (widget, text);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  if (GTK_IS_TOGGLE_BUTTON (button))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  else
    g_signal_emit_by_name (button, "clicked");
}

static WorkspacePatientWindow *
open_results (DisplayFixture *fixture)
{
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "p");

  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 860);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "SMITH");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "results");
  return window;
}

static GtkWidget *
show (WorkspacePatientWindow *window, const char *reference)
{
  GtkWidget *page = find_type (GTK_WIDGET (window), "ResultsPage");

  g_assert_true (gtk_widget_activate_action (page, "results.show", "s", reference));
  return page;
}

static void
type (GtkWidget *page, const char *text)
{
  GtkWidget *answer = find_type (page, "ResultsAnswer");
  GtkWidget *view = find_type (answer, "GtkTextView");

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
}

static gboolean
has_no_label (gpointer data)
{
  return !display_has_label (data);
}

static void
assert_no_label (gpointer widget, const char *text)
{
  g_assert_true (display_spin (has_no_label, &(DisplayLabel) { widget, text }));
}

/* ---- tests ---- */

static void
test_empty (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patient);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "No Results Recorded");
  /* and it comes by itself */
  care_fixture_write (&fixture->care, put_results);
  display_assert_label (window, "Critical · 1");
  display_assert_label (window, "Laboratory · 2");
  gtk_window_destroy (GTK_WINDOW (window));
}

typedef struct
{
  const char *query;
  guint count;
} Counting;

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  Counting *counting = data;

  counting->count = care_fixture_count (connection, "Task", counting->query);
  return TRUE;
}

static guint
count_tasks (DisplayFixture *fixture, const char *query)
{
  Counting counting = { query, 0 };

  store_database_read (fixture->care.database, count_work, &counting, NULL);
  return counting.count;
}

/* H18: a critical value is closed by words alone, and can be taken back. */
static void
test_critical (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "Critical · 1");
  display_assert_label (window, "Taken 2 h ago, not reviewed");
  GtkWidget *page = show (window, "Observation/k2");
  display_assert_label (window, "Past a critical limit: 6.2 mmol/L");
  display_assert_label (window, "A critical result is closed by writing what was done");
  g_assert_false (gtk_widget_is_sensitive (find_button (page, "Reviewed")));
  g_assert_false (gtk_widget_is_sensitive (find_button (page, "Call")));
  type (page, "Sent to the emergency department");
  press (page, "Call");
  display_assert_label (window, "To be called: Potassium");
  display_assert_label (window, "The patient is to be called: Sent to the emergency department");
  g_assert_cmpuint (count_tasks (fixture, "code=critical-result&status=completed"), ==, 1);
  g_assert_cmpuint (count_tasks (fixture, "code=call-patient"), ==, 1);
  press (page, "Undo");
  display_assert_label (window, "Not reviewed");
  g_assert_cmpuint (count_tasks (fixture, "code=call-patient"), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* H18: what is written for the patient was sent by nobody, and says so. */
static void
test_tell (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "Critical · 1");
  GtkWidget *page = show (window, "Observation/k2");
  g_assert_false (gtk_widget_is_sensitive (find_button (page, "Tell")));
  type (page, "Stop the tablets.");
  press (page, "Tell");
  display_assert_label (window, "Written; nobody has told the patient yet: Potassium");
  display_assert_label (window, "The patient is to be told: Stop the tablets.");
  g_assert_cmpuint (count_tasks (fixture, "code=" CARE_TASK_TELL "&status=requested"), ==, 1);
  press (page, "Undo");
  display_assert_label (window, "Not reviewed");
  g_assert_cmpuint (count_tasks (fixture, "code=" CARE_TASK_TELL), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_ordered (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection, data, error);
  care_fixture_put (
      connection,
      "{'resourceType':'ServiceRequest','id':'o','status':'active','intent':'order'," SUBJECT
      ",'requester':{'reference':'Practitioner/other','display':"
      "'Dr Ben Hill'}}");
  care_fixture_put (connection,
                    READING ("k3", "2823-3", "Potassium", "2026-11-22T08:50:00Z", "6.9", "mmol/L",
                             ",'basedOn':[{'reference':'ServiceRequest/o'}]"));
  return TRUE;
}

/* As it comes from the server: with no journal entry of this computer. */
static gboolean
put_absence (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Task','id':'a','status':'in-progress','intent':'order','code'"
                    ":{'coding':[{'system':'" CARE_SYSTEM_TASK "','code':'" CARE_COVER_CODE
                    "'}]},'requester':{'reference':'Practitioner/other','display':'Dr Ben Hill'},"
                    "'owner':{'reference':'Practitioner/doctor'},'restriction':{'period':{'start':"
                    "'2026-11-22T08:00:00Z','end':'2026-11-24T08:00:00Z'}}}");
  return TRUE;
}

static gboolean
is_past (gpointer end)
{
  return g_get_monotonic_time () > *(gint64 *) end;
}

/* H18: it says for whom it is, and from the moment that that one is absent who stands in. */
static void
test_cover (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_ordered);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "Critical · 1");
  show (window, "Observation/k3");
  display_assert_label (window, "For Dr Ben Hill, who ordered it.");
  /* what the window reads at its start has been read: only the absence is news */
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC;
  g_assert_true (display_spin (is_past, &end));
  care_fixture_write (&fixture->care, put_absence);
  display_assert_label (window, "For Dr Ben Hill, absent until 24-Nov-2026 08:00. You stand in.");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* H18: what is answered at once never holds a critical value. */
static void
test_bulk (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "Critical · 1");
  press (window, "Mark as Reviewed…");
  display_assert_label (window, "Mark 2 Results as Reviewed?");
  display_assert_label (window, "1 critical result is not among them");
  press (window, "Mark as Reviewed");
  display_assert_label (window, "2 results reviewed");
  g_assert_cmpuint (count_tasks (fixture, "code=review-result&status=completed"), ==, 2);
  g_assert_cmpuint (count_tasks (fixture, "code=critical-result"), ==, 0);
  press (window, "Unread Only");
  display_assert_label (window, "Critical · 1");
  assert_no_label (window, "Thyrotropin");
  /* all of it can be taken back at once */
  press (window, "Undo");
  display_assert_label (window, "Thyrotropin");
  display_assert_label (window, "Cobalamin");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_search (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = open_results (fixture);
  GtkWidget *page, *entry;

  display_assert_label (window, "Thyrotropin");
  page = find_type (GTK_WIDGET (window), "ResultsPage");
  g_assert_true (workspace_page_start_search (WORKSPACE_PAGE (page)));
  entry = find_type (page, "GtkSearchEntry");
  gtk_editable_set_text (GTK_EDITABLE (entry), "cobal 300");
  assert_no_label (window, "Thyrotropin");
  display_assert_label (window, "Cobalamin");
  gtk_editable_set_text (GTK_EDITABLE (entry), "no such thing");
  display_assert_label (window, "Nothing Matches");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_report (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'DiagnosticReport','id':'ct','status':'final'," SUBJECT
                    ",'code':{'text':'CT of the head'},'effectiveDateTime':'2026-11-18',"
                    "'conclusion':'No bleeding seen'}");
  return TRUE;
}

/* A report of words alone is a result as well. */
static void
test_report (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  care_fixture_write (&fixture->care, put_report);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "CT of the head");
  show (window, "DiagnosticReport/ct");
  display_assert_label (find_type (GTK_WIDGET (window), "ResultsDetail"), "No bleeding seen");
  display_assert_label (window, "Report in words");
  assert_no_label (window, "No value was recorded");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_more_reports (StoreConnection *connection, gpointer data, GError **error)
{
  put_report (connection, data, error);
  care_fixture_put (connection,
                    "{'resourceType':'DiagnosticReport','id':'scan','status':'final'," SUBJECT
                    ",'code':{'text':'Discharge scan'},'effectiveDateTime':'2026-11-17',"
                    "'presentedForm':[{'contentType':'text/plain','title':'Scan letter',"
                    "'data':'bm9uZQ=='}]}");
  care_fixture_put (connection,
                    "{'resourceType':'DiagnosticReport','id':'bare','status':'registered'," SUBJECT
                    ",'code':{'text':'Histology'},'effectiveDateTime':'2026-11-16'}");
  return TRUE;
}

typedef struct
{
  WorkspacePatientWindow *window;
  const char *page;
} Shown;

static gboolean
is_shown (gpointer data)
{
  Shown *shown = data;
  GtkWidget *page = find_type (GTK_WIDGET (shown->window), shown->page);

  return page && gtk_widget_get_mapped (page);
}

/* A report opens where it can be read: its results, else what it looks like, else that it is there.
 * Who claims it knows that only when they have read. */
static void
test_claims (DisplayFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *reference, *page, *text;
  } reports[] = {
    { "DiagnosticReport/scan", "DocumentsPage", "Scan letter" },
    { "DiagnosticReport/ct", "ResultsPage", "No bleeding seen" },
    { "DiagnosticReport/bare", "ChartVisitsPage", "Histology" },
    { "DiagnosticReport/scan", "DocumentsPage", "Scan letter" },
  };

  care_fixture_write (&fixture->care, put_results);
  care_fixture_write (&fixture->care, put_more_reports);
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "p");

  gtk_window_set_default_size (GTK_WINDOW (window), 1400, 900);
  gtk_window_present (GTK_WINDOW (window));
  for (gsize i = 0; i < G_N_ELEMENTS (reports); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", reports[i].reference);
      if (!display_spin (is_shown, &(Shown) { window, reports[i].page }))
        g_error ("%s is not shown in %s", reports[i].reference, reports[i].page);
      display_assert_label (find_type (GTK_WIDGET (window), reports[i].page), reports[i].text);
    }
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "DiagnosticReport/gone");
  display_assert_label (window, "This is not in the chart on this computer.");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What was replaced is crossed out beside what stands now. */
static void
test_correction (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  care_fixture_write (&fixture->care, put_correction);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "Thyrotropin");
  show (window, "Observation/tsh");
  display_assert_label (window, "corrected");
  GtkWidget *label = display_find_label (GTK_WIDGET (window), "2.1 mIU/L");
  g_assert_nonnull (label);
  g_assert_nonnull (strstr (gtk_label_get_label (GTK_LABEL (label)), "<s>2.1 mIU/L</s>"));
  display_assert_label (window, "It came without a reference range");
  display_assert_label (window, "Not compared with a critical limit");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_described (gpointer graph)
{
  return results_graph_get_plot (graph) != NULL;
}

static gboolean
is_laid_out (gpointer graph)
{
  return gtk_widget_get_mapped (graph) && gtk_widget_get_width (graph) > 100 &&
         gtk_widget_get_height (graph) > 100;
}

/* What the key does to @widget, by the table that its class keeps. */
static void
key (GtkWidget *widget, const char *name)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      for (guint j = 0; GTK_IS_SHORTCUT_CONTROLLER (controller) &&
                        j < g_list_model_get_n_items (G_LIST_MODEL (controller));
           j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          g_autofree char *trigger =
              gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut));

          if (g_strcmp0 (trigger, name) != 0)
            continue;
          found = TRUE;
          gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                        gtk_shortcut_get_arguments (shortcut));
        }
    }
  g_assert_true (found);
}

/* The graph is moved by keys, is said in words, and the table holds the same numbers. */
static void
test_graph (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = open_results (fixture);
  GtkWidget *page, *graph;

  display_assert_label (window, "Potassium");
  page = show (window, "Observation/k2");
  display_assert_label (window, "Potassium, mmol/L: 2 readings.");
  graph = find_type (page, "ResultsGraph");
  g_assert_true (display_spin (is_described, graph));
  ResultsPlot *plot = results_graph_get_plot (RESULTS_GRAPH (graph));
  gint64 whole = plot->end - plot->start;
  gtk_test_accessible_assert_property (graph, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Graph of the readings");
  results_graph_zoom (RESULTS_GRAPH (graph), 0.5);
  g_assert_cmpint (plot->end - plot->start, <, whole);
  gint64 start = plot->start;
  results_graph_pan (RESULTS_GRAPH (graph), -0.2);
  g_assert_cmpint (plot->start, <, start);
  key (graph, "0");
  g_assert_cmpint (plot->end - plot->start, ==, whole);
  key (graph, "plus");
  g_assert_cmpint (plot->end - plot->start, <, whole);
  key (graph, "Home");
  g_assert_cmpint (plot->start, ==, plot->first);
  key (graph, "Right");
  g_assert_cmpint (plot->start, >, plot->first);
  key (graph, "End");
  g_assert_cmpint (plot->end, ==, plot->last);
  adw_toggle_group_set_active_name (ADW_TOGGLE_GROUP (find_type (page, "AdwToggleGroup")), "table");
  display_assert_label (window, "02-Oct-2026 08:00");
  display_assert_label (window, "4.4 mmol/L");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_glucose (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection, data, error);
  care_fixture_put (connection, READING ("g1", "2345-7", "Glucose", "2026-11-01T08:00:00Z", "5.5",
                                         "mmol/L", ""));
  care_fixture_put (connection, READING ("g2", "2345-7", "Glucose", "2026-11-20T08:00:00Z", "110",
                                         "mg/dL", ""));
  return TRUE;
}

typedef struct
{
  GtkWidget *graph;
  GdkTexture *picture;
} Shot;

/* The picture of the graph alone, once it was drawn. */
static gboolean
is_taken (gpointer data)
{
  Shot *shot = data;
  GtkWidget *graph = shot->graph;
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (graph);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  int width = gtk_widget_get_width (graph), height = gtk_widget_get_height (graph);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (!node)
    return FALSE;
  shot->picture =
      gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (graph)), node,
                                   &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  return TRUE;
}

/* How far the middle of a point of the only series is from the ground of the graph: 0 to 1. */
static double
contrast_within (GdkTexture *picture, const ResultsDrawing *drawing, guint index)
{
  const ResultsLane *lane = drawing->plot->lanes->pdata[0];
  const ResultsSeries *series = lane->series->pdata[0];
  const CareTrendPoint *point = &g_array_index (series->points, CareTrendPoint, index);
  float x, y;
  gsize width = (gsize) gdk_texture_get_width (picture);
  gsize height = (gsize) gdk_texture_get_height (picture);
  g_autofree guchar *pixels = g_malloc0 (width * height * 4);
  const guchar *pixel;

  g_autoptr (GdkTextureDownloader) downloader = gdk_texture_downloader_new (picture);
  results_drawing_place (drawing, 0, point, &x, &y);
  gdk_texture_downloader_set_format (downloader, GDK_MEMORY_R8G8B8A8);
  gdk_texture_downloader_download_into (downloader, pixels, width * 4);
  pixel = pixels + ((gsize) y * width + (gsize) x) * 4;
  return MAX (MAX (fabs (pixel[0] / 255.0 - drawing->ground.red),
                   fabs (pixel[1] / 255.0 - drawing->ground.green)),
              fabs (pixel[2] / 255.0 - drawing->ground.blue));
}

/* H15: of what was converted the point is hollow, of what stands as it was sent it is filled. */
static void
test_hollow (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_glucose);
  WorkspacePatientWindow *window = open_results (fixture);
  GtkWidget *graph;

  display_assert_label (window, "Glucose");
  graph = find_type (show (window, "Observation/g2"), "ResultsGraph");
  g_assert_true (display_spin (is_described, graph));
  g_assert_true (display_spin (is_laid_out, graph));
  results_graph_set_medicines (RESULTS_GRAPH (graph), FALSE);
  Shot shot = { graph };
  g_assert_true (display_spin (is_taken, &shot));
  g_autoptr (GdkTexture) picture = shot.picture;
  ResultsDrawing drawing = { .widget = graph,
                             .plot = results_graph_get_plot (RESULTS_GRAPH (graph)) };
  results_drawing_measure (&drawing);
  g_assert_cmpfloat (contrast_within (picture, &drawing, 0), <, 0.05); /* 5.5 mmol/L */
  g_assert_cmpfloat (contrast_within (picture, &drawing, 1), >, 0.2);  /* 110 mg/dL */
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A value stays as it was sent; the unit that is preferred stands beside it, and is remembered. */
static void
test_unit (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_glucose);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "110 mg/dL");
  GtkWidget *page = show (window, "Observation/g2");
  display_assert_label (window, "Glucose, mg/dL: 2 readings.");
  display_assert_label (window, "1 was converted and is hollow.");
  GtkWidget *units = find_type (find_type (page, "ResultsHistory"), "GtkDropDown");
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (units)), ==, 0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (units), 1);
  display_assert_label (window, "= 6.1 mmol/L (converted; above as it was sent)");
  display_assert_label (window, "Glucose, mmol/L: 2 readings. Last 6.1, sent as 110 mg/dL,");
  gtk_window_destroy (GTK_WINDOW (window));
  window = open_results (fixture);
  display_assert_label (window, "= 6.1 mmol/L");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_reviewed (gpointer fixture)
{
  return count_tasks (fixture, "code=review-result&status=completed") == 1;
}

/* Whoever answers and closes the window has answered. */
static void
test_closing (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "Potassium");
  GtkWidget *page = show (window, "Observation/tsh");
  display_assert_label (window, "Message to the patient, or what was decided");
  press (page, "Reviewed");
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_true (display_spin (is_reviewed, fixture));
  display_settle ();
}

static gboolean
remove_patient (StoreConnection *connection, gpointer data, GError **error)
{
  g_auto (StorePut) put = { 0 };

  return store_resource_delete (connection, "Patient", "p", NULL, &put, error);
}

/* What cannot be read says why, and can be asked for again. */
static void
test_failed (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "Critical · 1");
  GtkWidget *page = find_type (GTK_WIDGET (window), "ResultsPage");
  care_fixture_write (&fixture->care, remove_patient);
  gtk_widget_activate_action (page, "results.reload", "s", "");
  display_assert_label (window, "The Results Cannot Be Read");
  assert_no_label (page, "Critical · 1");
  care_fixture_write (&fixture->care, put_patient);
  press (window, "Try Again");
  display_assert_label (window, "Critical · 1");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What was typed is there again in another window. */
static void
test_draft (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = open_results (fixture);

  display_assert_label (window, "Potassium");
  GtkWidget *page = show (window, "Observation/k2");
  type (page, "Rang, no answer");
  gtk_window_destroy (GTK_WINDOW (window));
  window = open_results (fixture);
  display_assert_label (window, "Potassium");
  page = show (window, "Observation/k2");
  display_assert_label (window, "Past a critical limit");
  GtkWidget *call = find_button (page, "Call");
  g_assert_true (display_spin ((gboolean (*) (gpointer)) gtk_widget_is_sensitive, call));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/results/page/empty", test_empty);
  display_add ("/results/page/critical", test_critical);
  display_add ("/results/page/tell", test_tell);
  display_add ("/results/page/cover", test_cover);
  display_add ("/results/page/bulk", test_bulk);
  display_add ("/results/page/search", test_search);
  display_add ("/results/page/report", test_report);
  display_add ("/results/page/claims", test_claims);
  display_add ("/results/page/correction", test_correction);
  display_add ("/results/page/graph", test_graph);
  display_add ("/results/page/hollow", test_hollow);
  display_add ("/results/page/unit", test_unit);
  display_add ("/results/page/closing", test_closing);
  display_add ("/results/page/failed", test_failed);
  display_add ("/results/page/draft", test_draft);
  return g_test_run ();
}
