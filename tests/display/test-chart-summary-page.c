/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-summary-page.h"

#include "display-fixture.h"
#include "workspace-list.h"
#include "workspace-section.h"

/* The Summary, in the window that shows what its rows open. It is 22-Nov-2026 09:00 UTC. */

#define OF_JANE "'subject':{'reference':'Patient/jane'}"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}]}");
  return TRUE;
}

static gboolean
put_around (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const resources[] = {
    "{'resourceType':'Practitioner','id':'gp','name':[{'family':'Moss','given':['Ida']}],'telecom'"
    ":[{'system':'phone','value':'+44 1632 960 001'}]}",
    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['Jane']}],"
    "'generalPractitioner':[{'reference':'Practitioner/gp'}]}",
    "{'resourceType':'Goal','id':'walk'," OF_JANE
    ",'lifecycleStatus':'active','description':{'text':'Walk daily'}}",
    "{'resourceType':'Task','id':'ring','status':'requested','priority':'urgent','description':"
    "'Ring her daughter','for':{'reference':'Patient/jane'}}",
    "{'resourceType':'Appointment','id':'next','status':'booked','start':'2026-12-01T09:00:00Z',"
    "'end':'2026-12-01T09:20:00Z','description':'Blood pressure','participant':[{'status':"
    "'accepted','actor':{'reference':'Patient/jane'}}]}",
    "{'resourceType':'Encounter','id':'last','status':'finished','class':{'code':'VR'}," OF_JANE
    ",'period':{'start':'2026-10-01T09:00:00Z'},'reasonCode':[{'text':'Cough'}]}",
    "{'resourceType':'Observation','id':'na','status':'final'," OF_JANE
    ",'effectiveDateTime':'2026-11-20','code':{'text':'Sodium'},'valueQuantity':{'value':140,"
    "'unit':'mmol/L'}}",
    "{'resourceType':'Observation','id':'hb','status':'final'," OF_JANE
    ",'effectiveDateTime':'2026-11-21','code':{'text':'Haemoglobin'},'interpretation':[{'coding':"
    "[{'code':'L'}]}],'valueQuantity':{'value':11,'unit':'g/dL'}}",
    "{'resourceType':'Task','id':'review','status':'requested','description':'Look at sodium',"
    "'for':{'reference':'Patient/jane'},'focus':{'reference':'Observation/na'},'code':{'coding':[{"
    "'system':'https://bedside.health/fhir/task','code':'review-result'}]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (resources); i++)
    care_fixture_put (connection, resources[i]);
  return TRUE;
}

static WorkspacePatientWindow *
open_window (DisplayFixture *fixture)
{
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, "jane");

  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 900);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* Nothing recorded is one calm line each, and not "none". */
static void
test_empty (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const lines[] = { "Goals not recorded", "Care team not recorded",
                                       "No open tasks", "No visit is booked",
                                       "No visits recorded" };

  care_fixture_write (&fixture->care, put_patient);
  WorkspacePatientWindow *window = open_window (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    display_assert_label (window, lines[i]);
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkWidget *
row_of (gpointer window, const char *text)
{
  display_assert_label (window, text);
  return gtk_widget_get_ancestor (display_find_label (window, text), GTK_TYPE_LIST_BOX_ROW);
}

typedef struct
{
  gpointer window;
  const char *text;
} Selected;

static GtkWidget *
find_list (GtkWidget *widget)
{
  if (WORKSPACE_IS_LIST (widget) && gtk_widget_get_mapped (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_list (child);
      if (found)
        return found;
    }
  return NULL;
}

static gboolean
is_selected (gpointer data)
{
  Selected *asked = data;
  GtkWidget *list = find_list (asked->window);
  CareRow *row = list ? workspace_list_get_selected (WORKSPACE_LIST (list)) : NULL;

  return row && g_str_equal (care_row_get_title (row), asked->text);
}

/* The key is Return on the row, and the pointer ends there too. */
static void
open_row (gpointer window, const char *text)
{
  GtkWidget *row = row_of (window, text);

  g_assert_true (gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (row)));
  g_assert_true (gtk_widget_get_focusable (row));
  g_assert_true (gtk_widget_activate (row));
}

/* Each row leads to the page of what it names, with that selected. */
static void
test_opens (DisplayFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *row, *selected;
  } cases[] = {
    { "Walk daily", "Walk daily" },
    { "Ida Moss", "Ida Moss" },
    { "Blood pressure", "Booked visit" },
    { "Cough", "Video visit" },
  };

  care_fixture_write (&fixture->care, put_around);
  WorkspacePatientWindow *window = open_window (fixture);
  display_assert_label (window, "General practitioner");
  display_assert_label (window, "+44 1632 960 001");
  display_assert_label (window, "urgent");
  display_assert_label (window, "01-Dec-2026 09:00"); /* of a visit to come, the hour too */
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      open_row (window, cases[i].row);
      if (!display_spin (is_selected, &(Selected) { window, cases[i].selected }))
        g_error ("“%s” does not lead to “%s”", cases[i].row, cases[i].selected);
      gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "summary");
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_focus_in_list (gpointer window)
{
  GtkWidget *focus = gtk_window_get_focus (window);

  return focus && gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_VIEW) &&
         display_find_label (focus, "Ring her daughter");
}

/* A task is opened in the pane of tasks, not as an event of the timeline. */
static void
test_task (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_around);
  WorkspacePatientWindow *window = open_window (fixture);

  open_row (window, "Ring her daughter");
  g_assert_true (display_spin (has_focus_in_list, window));
  gtk_window_destroy (GTK_WINDOW (window));
}

static float
top_of (gpointer window, const char *text)
{
  GtkWidget *label = display_find_label (window, text);
  graphene_rect_t bounds;

  return label && gtk_widget_compute_bounds (label, window, &bounds) ? graphene_rect_get_y (&bounds)
                                                                     : 0;
}

static gboolean
is_sodium_first (gpointer window)
{
  float sodium = top_of (window, "Sodium"), other = top_of (window, "Haemoglobin");

  return sodium > 0 && sodium < other;
}

/* What nobody has looked at says so, and stands above what is only a little out of range. */
static void
test_unread (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_around);
  WorkspacePatientWindow *window = open_window (fixture);

  display_assert_label (window, "to be reviewed");
  g_assert_true (display_spin (is_sodium_first, window));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_critical (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'k1','status':'final'," OF_JANE
                    ",'effectiveDateTime':'2026-11-10','code':{'text':'Potassium'},"
                    "'interpretation':[{'coding':[{'code':'HH'}]}],'valueQuantity':{'value':6.9,"
                    "'unit':'mmol/L'}}");
  care_fixture_put (connection, "{'resourceType':'Observation','id':'k2','status':'final'," OF_JANE
                                ",'effectiveDateTime':'2026-11-22','code':{'text':'Potassium'},"
                                "'valueQuantity':{'value':4.1,'unit':'mmol/L'}}");
  return TRUE;
}

static gboolean
is_critical_first (gpointer window)
{
  float critical = top_of (window, "6.9 mmol/L"), newer = top_of (window, "4.1 mmol/L");
  float asked = top_of (window, "Sodium");

  return critical > 0 && critical < asked && asked < newer;
}

/* H18: what is critical and not answered stands first and red, though a newer one is well. */
static void
test_critical (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *row, *chip;

  care_fixture_write (&fixture->care, put_around);
  care_fixture_write (&fixture->care, put_critical);
  WorkspacePatientWindow *window = open_window (fixture);
  g_assert_true (display_spin (is_critical_first, window));
  row = row_of (window, "6.9 mmol/L");
  chip = display_find_label (row, "critically high");
  g_assert_true (gtk_widget_has_css_class (chip, "chip-red"));
  g_assert_nonnull (display_find_label (row, "critical, not answered"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_immunization (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Immunization','id':'flu','status':'completed','patient':{"
                    "'reference':'Patient/jane'},'vaccineCode':{'text':'Influenza'},"
                    "'occurrenceDateTime':'2025-10-01'}");
  return TRUE;
}

/* One page has the immunizations; that of the medicines leads there. */
static void
test_immunizations (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *link;

  care_fixture_write (&fixture->care, put_patient);
  care_fixture_write (&fixture->care, put_immunization);
  WorkspacePatientWindow *window = open_window (fixture);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "medicines");
  display_assert_label (window, "No Medicines Recorded");
  display_assert_label (window, "1 immunization stands in History");
  g_assert_null (display_find_label (GTK_WIDGET (window), "Influenza"));
  link = gtk_widget_get_ancestor (display_find_label (GTK_WIDGET (window),
                                                      "1 immunization stands in History"),
                                  GTK_TYPE_BUTTON);
  g_signal_emit_by_name (link, "clicked");
  display_assert_label (window, "Immunizations · 1");
  display_assert_label (window, "Influenza");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Two sources of one medicine, by its ingredient, and another that one source has. */
static gboolean
put_medicines (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationRequest','id':'ours','status':'active','intent':'order',"
      "'authoredOn':'2026-01-05','identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID
      "','value':'ours'}],'medicationCodeableConcept':{'coding':[{'system':'" CARE_SYSTEM_RXNORM
      "','code':'314076'}],'text':'lisinopril 10 MG Oral Tablet'},'dosageInstruction':[{'timing':"
      "{'repeat':{'frequency':1,'period':1,'periodUnit':'d'}},'route':{'text':'oral'},'doseAndRate'"
      ":[{"
      "'doseQuantity':{'value':1,'unit':'tablet'}}]}]," OF_JANE "}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationStatement','id':'said','status':'active','dateAsserted':"
      "'2026-11-02','medicationCodeableConcept':{'text':'Lisinopril 5 mg'},'informationSource':{"
      "'reference':'Patient/jane'},'dosage':[{'timing':{'repeat':{'frequency':2,'period':1,"
      "'periodUnit':'d'}},'route':{'text':'oral'},'doseAndRate':[{"
      "'doseQuantity':{'value':1,'unit':'tablet'}}]}]," OF_JANE "}");
  care_fixture_put (connection,
                    "{'resourceType':'MedicationStatement','id':'pill','status':'active',"
                    "'medicationCodeableConcept':{'text':'Prednisone 5 mg'}," OF_JANE "}");
  return TRUE;
}

static gboolean
put_agreement (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'MedicationStatement','id':'said','status':'entered-in-error',"
                    "'medicationCodeableConcept':{'text':'Lisinopril 5 mg'}," OF_JANE "}");
  return TRUE;
}

static gboolean
is_heard (gpointer data)
{
  Selected *asked = data;
  GtkWidget *label = display_find_label (asked->window, asked->text);
  GtkWidget *row = label ? gtk_widget_get_ancestor (label, GTK_TYPE_LIST_BOX_ROW) : NULL;
  g_autofree char *said =
      row ? gtk_test_accessible_check_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                                "")
          : NULL;

  return said && strstr (said, "Sources differ: dose, frequency");
}

static gboolean
is_unmarked (gpointer window)
{
  return display_find_label (window, "lisinopril") &&
         !display_find_label (window, "Sources differ");
}

/* A medicine of which sources differ says so on its line, to the eye and to the ear, and stops once
 * they do not. */
static void
test_sources (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *other;

  care_fixture_write (&fixture->care, put_patient);
  care_fixture_write (&fixture->care, put_medicines);
  WorkspacePatientWindow *window = open_window (fixture);
  display_assert_label (window, "≠ Sources differ: dose, frequency");
  display_assert_label (window, "≠ Sources differ on 1 medicine");
  g_assert_true (display_spin (is_heard, &(Selected) { window, "≠ Sources differ: dose" }));
  other = row_of (window, "predniSONE");
  g_assert_null (display_find_label (other, "Sources"));
  care_fixture_write (&fixture->care, put_agreement);
  g_assert_true (display_spin (is_unmarked, window));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/chart/summary-page/empty", test_empty);
  display_add ("/chart/summary-page/opens", test_opens);
  display_add ("/chart/summary-page/task", test_task);
  display_add ("/chart/summary-page/unread", test_unread);
  display_add ("/chart/summary-page/critical", test_critical);
  display_add ("/chart/summary-page/immunizations", test_immunizations);
  display_add ("/chart/summary-page/sources", test_sources);
  return g_test_run ();
}
