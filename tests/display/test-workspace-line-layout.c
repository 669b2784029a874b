/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-clinic-window.h"
#include "display-fixture.h"
#include "workspace-line-layout.h"
#include "workspace-row.h"

/* The smallest width that a page was designed for, with text of the usual size and of twice that.
 */
#define NARROW 360

static gboolean
put_jane (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['Jane'],'prefix':['"
    "Mrs']}],'birthDate':'1961-03-12','gender':'female','identifier':[{'value':'943 476 5919'}]}",
    "{'resourceType':'AllergyIntolerance','id':'a1','patient':{'reference':'Patient/jane'},"
    "'criticality':'high','code':{'text':'Penicillin'},'reaction':[{'manifestation':[{'text':"
    "'Anaphylaxis'}]}]}",
    "{'resourceType':'Condition','id':'c1','subject':{'reference':'Patient/jane'},'code':{'text':"
    "'Essential hypertension'}}",
    "{'resourceType':'MedicationRequest','id':'m1','status':'active','intent':'order','subject':{"
    "'reference':'Patient/jane'},'medicationCodeableConcept':{'text':'acetaminophen 500 mg oral "
    "tablet'},'dosageInstruction':[{'text':'2 tablets - 4 times a day - oral - as required'}]}",
    "{'resourceType':'Observation','id':'o1','status':'final','subject':{'reference':'Patient/"
    "jane'},'effectiveDateTime':'2026-11-01','category':[{'coding':[{'code':'laboratory'}]}],"
    "'code':{'text':'Glomerular filtration rate'},'interpretation':[{'coding':[{'code':'LL'}]}],"
    "'valueQuantity':{'value':41,'unit':'mL/min/1.73 m²'}}",
    "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'VR'},'subject':{"
    "'reference':'Patient/jane'},'reasonCode':[{'text':'Sore throat and fever for three days'}]}",
    "{'resourceType':'Appointment','id':'ap1','status':'arrived','start':'2026-11-22T09:00:00Z',"
    "'end':'2026-11-22T09:20:00Z','description':'Sore throat and fever for three "
    "days','participant':"
    "[{'actor':{'reference':'Patient/"
    "jane'},'status':'accepted'},{'actor':{'reference':'Practitioner/"
    "doctor'},'status':'accepted'}]}"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (resources); i++)
    care_fixture_put (connection, resources[i]);
  return TRUE;
}

/* The innermost widget that asks for more than @width. */
static GtkWidget *
find_widest (GtkWidget *widget, int width)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      int minimum = 0;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      if (minimum > width)
        return find_widest (child, width);
    }
  return widget;
}

static char *
describe (GtkWidget *widest)
{
  GString *words = g_string_new (G_OBJECT_TYPE_NAME (widest));

  if (GTK_IS_LABEL (widest))
    g_string_append_printf (words, " “%s”", gtk_label_get_text (GTK_LABEL (widest)));
  for (GtkWidget *child = gtk_widget_get_first_child (widest); child;
       child = gtk_widget_get_next_sibling (child))
    {
      int minimum = 0;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      g_string_append_printf (words, ", %s %s %d", G_OBJECT_TYPE_NAME (child),
                              gtk_buildable_get_buildable_id (GTK_BUILDABLE (child)), minimum);
    }
  for (GtkWidget *widget = widest; widget; widget = gtk_widget_get_parent (widget))
    g_string_append_printf (words, " < %s", gtk_widget_get_css_name (widget));
  return g_string_free_and_steal (words);
}

/* A page with breakpoints of its own says that it is as narrow as it wishes to be. */
static void
assert_fits (GtkWidget *widget, const char *page)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (ADW_IS_APPLICATION_WINDOW (widget) || ADW_IS_BREAKPOINT_BIN (widget))
    {
      GtkWidget *content =
          ADW_IS_BREAKPOINT_BIN (widget)
              ? adw_breakpoint_bin_get_child (ADW_BREAKPOINT_BIN (widget))
              : adw_application_window_get_content (ADW_APPLICATION_WINDOW (widget));
      int minimum = 0;

      gtk_widget_measure (content, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      g_test_message ("%s: %s needs %d", page, G_OBJECT_TYPE_NAME (widget), minimum);
      if (minimum > NARROW)
        {
          g_autofree char *words = describe (find_widest (content, NARROW));
          g_error ("%s needs %d of %d: %s", page, minimum, NARROW, words);
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    assert_fits (child, page);
}

static void
assert_pages_fit (gpointer window, const char *const *pages)
{
  for (; *pages; pages++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", *pages);
      for (int turn = 0; turn < 5; turn++)
        {
          display_settle ();
          g_usleep (20000);
        }
      assert_fits (window, *pages);
    }
}

static void
set_text_size (gconstpointer percent)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi",
                96 * 1024 * GPOINTER_TO_INT (percent) / 100, NULL);
}

static void
test_chart (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const pages[] = { "summary",  "problems", "medicines", "results",
                                       "visits",   "history",  "plans",     "documents",
                                       "timeline", "note",     "prescribe", NULL };

  set_text_size (data);
  care_fixture_write (&fixture->care, put_jane);
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "jane");
  gtk_window_set_default_size (GTK_WINDOW (window), NARROW, 740);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "Essential hypertension");
  assert_pages_fit (window, pages);
  gtk_window_destroy (GTK_WINDOW (window));
  set_text_size (GINT_TO_POINTER (100));
}

static void
test_clinic (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const pages[] = { "today", "patients", "tasks", "outbox", NULL };

  set_text_size (data);
  care_fixture_write (&fixture->care, put_jane);
  AppClinicWindow *window = app_clinic_window_new (NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), NARROW, 740);
  gtk_window_present (GTK_WINDOW (window));
  app_clinic_window_set_session (window, fixture->session);
  display_assert_label (window, "SMITH, Jane");
  assert_pages_fit (window, pages);
  gtk_window_destroy (GTK_WINDOW (window));
  set_text_size (GINT_TO_POINTER (100));
}

static void
add (const char *path, int percent, void (*test) (DisplayFixture *, gconstpointer))
{
  g_test_add (path, DisplayFixture, GINT_TO_POINTER (percent), display_fixture_set_up, test,
              display_fixture_tear_down);
}

static void
watch_layouts (GtkWidget *widget, GPtrArray *layouts)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (widget);

  if (WORKSPACE_IS_LINE_LAYOUT (layout))
    {
      gpointer *kept = g_new (gpointer, 1);

      *kept = layout;
      g_object_add_weak_pointer (G_OBJECT (layout), kept);
      g_ptr_array_add (layouts, kept);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    watch_layouts (child, layouts);
}

/* A line with a flag takes all that it is made of along when it goes. */
static void
test_freed (void)
{
  g_autoptr (GPtrArray) layouts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CareRow) reading =
      care_row_new (0, CARE_ROW_TITLE, "Potassium", CARE_ROW_VALUE, "6.2 mmol/L", CARE_ROW_FLAG,
                    "H", CARE_ROW_DATE, "22-Nov-2026", 0);
  GtkWidget *row = g_object_ref_sink (workspace_row_new ());

  workspace_row_set_row (WORKSPACE_ROW (row), reading);
  watch_layouts (row, layouts);
  g_assert_cmpuint (layouts->len, ==, 2);
  g_object_unref (row);
  for (guint i = 0; i < layouts->len; i++)
    g_assert_null (*(gpointer *) layouts->pdata[i]);
}

static int
width_of_row (const char *value, const char *date)
{
  g_autoptr (CareRow) reading = care_row_new (0, CARE_ROW_TITLE, "Blood pressure", CARE_ROW_VALUE,
                                              value, CARE_ROW_DATE, date, 0);
  GtkWidget *row = g_object_ref_sink (workspace_row_new ());
  int minimum = 0;

  workspace_row_set_row (WORKSPACE_ROW (row), reading);
  gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_object_unref (row);
  return minimum;
}

/* A value of many decimals breaks at its stroke, and nowhere else: half of the room of its line. */
static void
test_decimals (void)
{
  int plain = width_of_row ("152.11204503344257 mmHg", NULL),
      pair = width_of_row ("152.11204503344257/152.11204503344257 mmHg", NULL);

  g_assert_cmpint (pair, >=, plain);
  g_assert_cmpint (pair, <, plain + 20);
}

/* In how many lines a date stands where there is no room at all. */
static int
lines_of_date (const char *date)
{
  g_autoptr (CareRow) reading = care_row_new (0, CARE_ROW_TITLE, "Weight", CARE_ROW_DATE, date, 0);
  GtkWidget *row = g_object_ref_sink (workspace_row_new ());
  GtkWidget *figures;
  g_autoptr (PangoLayout) layout = NULL;

  workspace_row_set_row (WORKSPACE_ROW (row), reading);
  figures = gtk_widget_get_last_child (row);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (figures)), ==, date);
  layout = pango_layout_copy (gtk_label_get_layout (GTK_LABEL (figures)));
  pango_layout_set_width (layout, PANGO_SCALE);
  g_object_unref (row);
  return pango_layout_get_line_count (layout);
}

/* A date is not torn at its hyphens. */
static void
test_date (void)
{
  g_assert_cmpint (lines_of_date ("23-Dec-1995"), ==, 1);
  g_assert_cmpint (lines_of_date ("23-Dec-1995 08:12"), ==, 2);
  g_assert_cmpint (lines_of_date ("twenty-third"), ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_log_set_always_fatal (G_LOG_FATAL_MASK |
                          G_LOG_LEVEL_CRITICAL); /* what is too wide is named below */
  add ("/workspace/line-layout/chart", 100, test_chart);
  add ("/workspace/line-layout/chart-twice", 200, test_chart);
  add ("/workspace/line-layout/clinic", 100, test_clinic);
  add ("/workspace/line-layout/clinic-twice", 200, test_clinic);
  g_test_add_func ("/workspace/line-layout/freed", test_freed);
  g_test_add_func ("/workspace/line-layout/decimals", test_decimals);
  g_test_add_func ("/workspace/line-layout/date", test_date);
  return g_test_run ();
}
