/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"
#include "workspace-keys.h"
#include "workspace-page.h"
#include "workspace-readiness-button.h"

static gboolean
put_patients (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane'],'prefix':['Mrs']}],"
                    "'birthDate':'1961-03-12','gender':'female','identifier':[{'value':'A-17'}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'Patient','id':'bob','name':[{'family':'Jones','given':['Bob']}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Condition','id':'c1','subject':{'reference':'Patient/jane'},"
                    "'code':{'text':'Essential hypertension'}}");
  return TRUE;
}

static gboolean
put_number (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'ali','name':[{'family':'Ali'}],"
                                "'identifier':[{'value':'943 476 5919'}]}");
  return TRUE;
}

static gboolean
put_allergy (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'a1','patient':{'reference':'Patient/"
      "jane'},'criticality':'high',"
      "'code':{'text':'Penicillin'},'reaction':[{'manifestation':[{'text':'Anaphylaxis'}]}]}");
  return TRUE;
}

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Encounter','id':'e1','status':'arrived','class':"
                                "{'code':'VR'},'subject':{'reference':'Patient/jane'}}");
  return TRUE;
}

static gboolean
put_pull (StoreConnection *connection, gpointer data, GError **error)
{
  DisplayFixture *fixture = data;
  gint64 pulled = base_clock_now (fixture->care.clock) - 3 * G_TIME_SPAN_HOUR;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, pulled);

  return store_setting_set (connection, "sync.as-of", text, error);
}

static WorkspacePatientWindow *
open_window (DisplayFixture *fixture, const char *id, int width)
{
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, id);

  gtk_window_set_default_size (GTK_WINDOW (window), width, 800);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
test_banner (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);

  display_assert_label (window, "SMITH, Jane (Mrs)");
  display_assert_label (window, "12-Mar-1961 (65 y)");
  display_assert_label (window, "Female");
  display_assert_label (window, "A-17");
  display_assert_label (window, "Essential hypertension");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Where words run from right to left, "943 476 5919" would read "5919 476 943". */
static void
test_identifier_order (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_number);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  WorkspacePatientWindow *window = open_window (fixture, "ali", 1280);

  display_assert_label (window, "943 476 5919");
  display_settle ();
  GtkWidget *label = display_find_label (GTK_WIDGET (window), "943 476 5919");
  g_autoptr (PangoLayout) layout = pango_layout_copy (gtk_label_get_layout (GTK_LABEL (label)));
  PangoRectangle first, last;
  pango_layout_set_width (layout, -1); /* on one line */
  pango_layout_index_to_pos (layout, 0, &first);
  pango_layout_index_to_pos (layout, 11, &last);
  g_assert_cmpint (first.x, <, last.x);
  g_assert_cmpint (gtk_widget_get_direction (GTK_WIDGET (window)), ==, GTK_TEXT_DIR_RTL);
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* Missing items say so in words, and "not recorded" is not "none known". */
static void
test_absent (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *window = open_window (fixture, "bob", 1280);

  display_assert_label (window, "JONES, Bob");
  display_assert_label (window, "Not known");
  display_assert_label (window, "Not recorded");
  display_assert_label (window, "Problems not recorded");
  g_assert_null (display_find_label (GTK_WIDGET (window), "No known allergies"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_speakers (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const people[] = {
    "{'resourceType':'RelatedPerson','id':'now','patient':{'reference':'Patient/jane'},'name':[{"
    "'text':'Ida Moss'}],'relationship':[{'coding':[{'code':'CHILD'}]}],'telecom':[{'system':"
    "'phone','value':'+44 1632 960 692'}]}",
    "{'resourceType':'RelatedPerson','id':'over','patient':{'reference':'Patient/jane'},'name':[{"
    "'text':'Tom Gone'}],'period':{'end':'2026-11-01'}}",
    "{'resourceType':'RelatedPerson','id':'inactive','active':false,'patient':{'reference':"
    "'Patient/jane'},'name':[{'text':'Una Quit'}]}",
    "{'resourceType':'RelatedPerson','id':'other','patient':{'reference':'Patient/bob'},'name':[{"
    "'text':'Eve Else'}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (people); i++)
    care_fixture_put (connection, people[i]);
  return TRUE;
}

static gboolean
end_speaker (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'RelatedPerson','id':'now','patient':{'reference':"
                    "'Patient/jane'},'name':[{'text':'Ida Moss'}],'period':{'end':'2026-11-22'}}");
  return TRUE;
}

static gboolean
has_no_speaker (gpointer window)
{
  return !display_find_label (window, "Speaks for the patient");
}

/* Who speaks for the patient stands in sight, as long as they do. */
static void
test_speakers (DisplayFixture *fixture, gconstpointer data)
{
  static const int widths[] = { 1280, 360 };

  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      care_fixture_write (&fixture->care, put_patients);
      care_fixture_write (&fixture->care, put_speakers);
      WorkspacePatientWindow *window = open_window (fixture, "jane", widths[i]);

      display_assert_label (window, "Speaks for the patient");
      display_assert_label (window, "Ida Moss (");
      display_assert_label (window, "+44 1632 960 692)");
      g_assert_null (display_find_label (GTK_WIDGET (window), "Tom Gone"));
      g_assert_null (display_find_label (GTK_WIDGET (window), "Una Quit"));
      g_assert_null (display_find_label (GTK_WIDGET (window), "Eve Else"));
      care_fixture_write (&fixture->care, end_speaker);
      g_assert_true (display_spin (has_no_speaker, window));
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

/* Views never refresh themselves: the store announces, and the window shows. */
static void
test_change (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);

  display_assert_label (window, "Not recorded");
  care_fixture_write (&fixture->care, put_allergy);
  display_assert_label (window, "Penicillin");
  display_assert_label (window, "high risk");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_results (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'k','status':'final','subject':{'reference'"
                    ":'Patient/jane'},'effectiveDateTime':'2026-11-20','code':{'coding':[{'system':"
                    "'http://loinc.org','code':'2823-3'}],'text':'Potassium'},'interpretation':[{"
                    "'coding':[{'code':'HH'}]}],'valueQuantity':{'value':6.9,'unit':'mmol/L'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Observation','id':'na','status':'final','subject':{"
                    "'reference':'Patient/jane'},'effectiveDateTime':'2026-11-21','code':{'coding':"
                    "[{'system':'http://loinc.org','code':'2951-2'}],'text':'Sodium'},"
                    "'valueQuantity':{'value':140,'unit':'mmol/L'}}");
  return TRUE;
}

static float
top_of (GtkWidget *window, const char *text)
{
  GtkWidget *label = display_find_label (window, text);
  graphene_rect_t bounds;

  return label && gtk_widget_compute_bounds (label, window, &bounds) ? graphene_rect_get_y (&bounds)
                                                                     : 0;
}

static gboolean
is_potassium_first (gpointer window)
{
  float potassium = top_of (window, "Potassium"), sodium = top_of (window, "Sodium");

  return potassium > 0 && potassium < sodium;
}

/* H18: what is past a critical limit stands first under its own heading, however old it is. */
static void
test_critical_first (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  care_fixture_write (&fixture->care, put_results);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);

  display_assert_label (window, "Potassium");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "results");
  display_assert_label (window, "Critical · 1");
  g_assert_true (display_spin (is_potassium_first, window));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A chart with all that makes a line of the summary long: pictures, flags, units. */
static gboolean
put_wide_results (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const flags[] = { "L", "HH" };

  for (int i = 0; i < 2; i++)
    {
      g_autofree char *egfr = g_strdup_printf (
          "{'resourceType':'Observation','id':'g%d','status':'final','subject':{'reference':"
          "'Patient/jane'},'effectiveDateTime':'2026-11-0%d','category':[{'coding':[{'code':"
          "'laboratory'}]}],'code':{'text':'Glomerular filtration rate'},'interpretation':[{"
          "'coding':[{'code':'%s'}]}],'valueQuantity':{'value':%d,'unit':'mL/min/1.73 m²'}}",
          i, i + 1, flags[i], 41 + i);
      g_autofree char *pressure = g_strdup_printf (
          "{'resourceType':'Observation','id':'p%d','status':'final','subject':{'reference':"
          "'Patient/jane'},'effectiveDateTime':'2026-11-0%d','category':[{'coding':[{'code':"
          "'vital-signs'}]}],'code':{'text':'Oxygen saturation'},'interpretation':[{'coding':[{"
          "'code':'LL'}]}],'valueQuantity':{'value':%d,'unit':'%%'}}",
          i, i + 1, 86 + i);

      care_fixture_put (connection, egfr);
      care_fixture_put (connection, pressure);
    }
  return TRUE;
}

/* A label that reaches over the edge of what holds it, or NULL. */
static GtkWidget *
find_cut_off (GtkWidget *widget, GtkWidget *edge)
{
  graphene_rect_t bounds;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_LABEL (widget) && gtk_widget_compute_bounds (widget, edge, &bounds) &&
      (graphene_rect_get_x (&bounds) < -1 ||
       graphene_rect_get_x (&bounds) + graphene_rect_get_width (&bounds) >
           (float) gtk_widget_get_width (edge) + 1))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_cut_off (child, edge);
      if (found)
        return found;
    }
  return NULL;
}

/* A value or a flag that stands outside of the page is one that nobody reads. */
static void
test_nothing_cut_off (DisplayFixture *fixture, gconstpointer data)
{
  static const int widths[] = { 360, 560, 745, 790, 830, 900, 1000, 1280 };

  care_fixture_write (&fixture->care, put_patients);
  care_fixture_write (&fixture->care, put_allergy);
  care_fixture_write (&fixture->care, put_wide_results);
  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      WorkspacePatientWindow *window = open_window (fixture, "jane", widths[i]);
      GtkWidget *label, *edge, *cut;

      display_assert_label (window, "1.73");
      display_assert_label (window, "critically low");
      display_settle ();
      label = display_find_label (GTK_WIDGET (window), "1.73");
      edge = gtk_widget_get_ancestor (label, GTK_TYPE_SCROLLED_WINDOW);
      cut = find_cut_off (edge, edge);
      if (cut)
        g_error ("at %d, a page of %d cuts off “%s”", widths[i], gtk_widget_get_width (edge),
                 gtk_label_get_text (GTK_LABEL (cut)));
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

static GtkWidget *
find_primary (GtkWidget *widget)
{
  if (GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_primary (GTK_MENU_BUTTON (widget)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_primary (child);
      if (found)
        return found;
    }
  return NULL;
}

/* H6: a chart that is not fresh says of when it is. */
static void
test_as_of (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (&fixture->care, put_patients);
  store_database_write (fixture->care.database, BASE_LANE_PERSON, put_pull, fixture, &error);
  g_assert_no_error (error);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);
  display_assert_label (window, "(3 h ago)");
  /* each of the three says so itself, on every page where it stands */
  static const char *const pages[] = { "summary", "problems", "medicines", "results" };
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", pages[i]);
      GtkWidget *page = display_find_child (GTK_WIDGET (window), WORKSPACE_TYPE_PAGE);
      g_assert_nonnull (page);
      display_assert_label (gtk_widget_get_parent (page), "as of 06:00 (3 h ago)");
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The mark stands in the banner, and opens to what is here and what is not. */
static void
test_readiness (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);
  display_assert_label (window, "not read yet");

  GtkWidget *mark = display_find_child (GTK_WIDGET (window), WORKSPACE_TYPE_READINESS_BUTTON);
  workspace_readiness_button_open (WORKSPACE_READINESS_BUTTON (mark));
  display_assert_label (window, "Nothing of this chart has been read");
  display_assert_label (window, "Not read yet: Problems, Allergies");
  display_assert_label (window, "Read Again Now");
  /* without a server, the button says why instead of doing nothing */
  workspace_patient_read_again (workspace_patient_window_get_patient (window));
  display_assert_label (window, "The clinic’s server is not reached.");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A patient's window says that the network is away, and takes it back. */
static void
test_downtime (DisplayFixture *fixture, gconstpointer data)
{
  gint64 now = base_clock_now (fixture->care.clock);

  care_fixture_write (&fixture->care, put_patients);
  workspace_session_set_sync (fixture->session, FALSE, now);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);
  display_assert_label (window, "Offline since 09:00. Keep working");
  workspace_session_set_sync (fixture->session, TRUE, now);
  display_assert_label (window, "Connected again. Everything was sent.");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
opened_cb (WorkspaceSession *session,
           const char *patient,
           const char *verb,
           const char *target,
           char **opened)
{
  g_set_str (opened, patient);
}

/* H8: every other patient's window says whose voice is heard and goes there; the caller's own does
 * not. */
static void
test_other_call (DisplayFixture *fixture, gconstpointer data)
{
  g_autofree char *opened = NULL;

  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *jane = open_window (fixture, "jane", 1280);
  WorkspacePatientWindow *bob = open_window (fixture, "bob", 1280);

  display_assert_label (jane, "SMITH, Jane");
  display_assert_label (bob, "JONES, Bob");
  g_assert_null (display_find_label (GTK_WIDGET (bob), "On call with"));
  workspace_session_set_call (fixture->session, "jane", "SMITH, Jane (Mrs)");
  display_assert_label (bob, "On call with SMITH, Jane (Mrs) – this is JONES, Bob");
  g_assert_null (display_find_label (GTK_WIDGET (jane), "On call with"));
  g_signal_connect (fixture->session, "open-patient", G_CALLBACK (opened_cb), &opened);
  g_signal_emit_by_name (gtk_widget_get_ancestor (display_find_label (GTK_WIDGET (bob),
                                                                      "Go to the Call"),
                                                  GTK_TYPE_BUTTON),
                         "clicked");
  g_assert_cmpstr (opened, ==, "jane");
  g_signal_handlers_disconnect_by_data (fixture->session, &opened);
  workspace_session_set_call (fixture->session, NULL, NULL);
  display_settle ();
  g_assert_null (display_find_label (GTK_WIDGET (bob), "On call with"));
  gtk_window_destroy (GTK_WINDOW (jane));
  gtk_window_destroy (GTK_WINDOW (bob));
}

static gboolean
is_narrow (gpointer window)
{
  gboolean narrow = FALSE;

  g_object_get (window, "narrow", &narrow, NULL);
  return narrow;
}

/* The banner never folds away. */
static void
test_narrow (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 420);

  g_assert_true (display_spin (is_narrow, window));
  display_assert_label (window, "SMITH, Jane (Mrs)");
  display_assert_label (window, "Not recorded");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Law 1: nothing can change whose window it is. */
static void
test_is_the_patient (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GTypeClass) window = g_type_class_ref (WORKSPACE_TYPE_PATIENT_WINDOW);
  g_autoptr (GTypeClass) model = g_type_class_ref (WORKSPACE_TYPE_PATIENT);

  g_assert_true (g_object_class_find_property ((GObjectClass *) window, "patient")->flags &
                 G_PARAM_CONSTRUCT_ONLY);
  g_assert_true (g_object_class_find_property ((GObjectClass *) model, "id")->flags &
                 G_PARAM_CONSTRUCT_ONLY);
}

/* Every page opens by the action that the keys, the palette and links use. */
static void
test_pages (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const pages[][2] = { { "problems", "Active Problems · 1" },
                                          { "medicines", "No Medicines Recorded" },
                                          { "results", "No Results Recorded" },
                                          { "visits", "No Visits Recorded" },
                                          { "Condition/c1", "Active Problems · 1" } };

  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);
  display_assert_label (window, "SMITH, Jane");
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", pages[i][0]);
      display_assert_label (window, pages[i][1]);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The keys that are shown are the keys that work: both come from one list. */
static void
test_keys (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);

  display_assert_label (window, "SMITH, Jane");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.keys", NULL);
  display_assert_label (window, "Find a Patient or a Command");
  display_assert_label (window, "Ctrl+K");
  display_assert_label (window, "Show Medicines");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Made when first needed: the menu, the page of a chart that cannot be read, the view of a visit.
 */
static void
test_lazy (DisplayFixture *fixture, gconstpointer data)
{
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);
  GtkWidget *button = NULL;

  display_assert_label (window, "This Chart Cannot Be Read");
  care_fixture_write (&fixture->care, put_patients);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.reload", NULL);
  display_assert_label (window, "SMITH, Jane");
  g_assert_null (display_find_label (GTK_WIDGET (window), "This Chart Cannot Be Read"));

  display_assert_label (window, "No visit with this patient is under way.");
  g_assert_null (display_find_label (GTK_WIDGET (window), "Admit"));
  care_fixture_write (&fixture->care, put_visit);
  display_assert_label (window, "Admit");

  button = find_primary (GTK_WIDGET (window));
  g_assert_nonnull (button);
  g_assert_null (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  g_assert_nonnull (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_gone (gpointer object)
{
  return *(GObject **) object == NULL;
}

static void
count_cb (GActionGroup *actions, const char *name, gpointer count)
{
  ++*(guint *) count;
}

/* A closed window keeps neither its patient nor, on the session bus, actions that do. */
static void
test_closed (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);
  WorkspacePatient *patient = workspace_patient_window_get_patient (window);
  g_auto (GStrv) actions = g_action_group_list_actions (G_ACTION_GROUP (window));
  guint removed = 0;

  g_object_add_weak_pointer (G_OBJECT (patient), (gpointer *) &patient);
  display_assert_label (window, "SMITH, Jane (Mrs)");
  g_signal_connect (window, "action-removed", G_CALLBACK (count_cb), &removed);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_cmpuint (removed, ==, g_strv_length (actions));
  display_spin (is_gone, &patient);
  g_assert_null (patient);
}

static gboolean
put_medicine (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'MedicationStatement','id':'pill','status':'active',"
                    "'medicationCodeableConcept':{'text':'Prednisone 5 mg'},'subject':{'reference':"
                    "'Patient/jane'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Immunization','id':'flu','status':'completed','patient':{"
                    "'reference':'Patient/jane'},'vaccineCode':{'text':'Influenza'},"
                    "'occurrenceDateTime':'2025-10-01'}");
  return TRUE;
}

static gboolean
has_focus_on_row (gpointer window)
{
  GtkWidget *focus = gtk_window_get_focus (window);

  return focus && gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_VIEW) &&
         display_find_label (focus, "predniSONE");
}

static gboolean
put_open_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e2','status':'in-progress','class':{'code':"
                    "'VR'},'subject':{'reference':'Patient/jane'},'period':{'start':"
                    "'2026-11-22T08:50:00Z'}}");
  return TRUE;
}

/* Once the note is there. */
static gboolean
has_focus_in_text (gpointer window)
{
  GtkWidget *text = display_find_child (window, GTK_TYPE_TEXT_VIEW);

  return text && gtk_widget_get_mapped (text) && gtk_widget_grab_focus (text) &&
         gtk_window_get_focus (window) == text;
}

/* A key that shows a page leads to its first row, not to a link above it; who writes goes on. */
static void
test_first_row (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *focus;
  gint64 end;

  care_fixture_write (&fixture->care, put_patients);
  care_fixture_write (&fixture->care, put_medicine);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 1280);
  display_assert_label (window, "SMITH, Jane");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "medicines");
  g_assert_true (display_spin (has_focus_on_row, window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "summary");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "medicines");
  g_assert_true (display_spin (has_focus_on_row, window)); /* its rows are there already */

  care_fixture_write (&fixture->care, put_open_visit);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "note");
  g_assert_true (display_spin (has_focus_in_text, window));
  focus = gtk_window_get_focus (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show", "s", "medicines");
  end = g_get_monotonic_time () + G_USEC_PER_SEC;
  display_spin (display_has_passed, &end);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == focus);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What the class binds to @key, as if it was pressed on @widget. */
static gboolean
press (GtkWidget *widget, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      for (guint j = 0;
           G_IS_LIST_MODEL (controller) && j < g_list_model_get_n_items (G_LIST_MODEL (controller));
           j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) &&
              gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key)
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                                 gtk_shortcut_get_arguments (shortcut));
        }
    }
  return FALSE;
}

static gboolean
is_long (gpointer adjustment)
{
  return gtk_adjustment_get_upper (adjustment) > 2 * gtk_adjustment_get_page_size (adjustment) &&
         gtk_adjustment_get_page_size (adjustment) > 0;
}

static gboolean
is_down (gpointer adjustment)
{
  return gtk_adjustment_get_value (adjustment) > gtk_adjustment_get_page_size (adjustment) / 2;
}

static gboolean
is_up (gpointer adjustment)
{
  return gtk_adjustment_get_value (adjustment) == 0;
}

/* No row of the keys takes the focus, and all of them can be read with keys alone. */
static void
test_keys_scroll (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *dialog, *scrolled;
  GtkAdjustment *adjustment;

  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *window = open_window (fixture, "jane", 800);
  display_assert_label (window, "SMITH, Jane");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.keys", NULL);
  display_assert_label (window, "Show the Keys");
  dialog = display_find_child (GTK_WIDGET (window), WORKSPACE_TYPE_KEYS);
  scrolled = display_find_child (dialog, GTK_TYPE_SCROLLED_WINDOW);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  g_assert_true (display_spin (is_long, adjustment));
  g_assert_true (press (dialog, GDK_KEY_Page_Down));
  g_assert_true (display_spin (is_down, adjustment));
  g_assert_true (press (dialog, GDK_KEY_Page_Up));
  g_assert_true (display_spin (is_up, adjustment));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/workspace/patient-window/banner", test_banner);
  display_add ("/workspace/patient-window/identifier-order", test_identifier_order);
  display_add ("/workspace/patient-window/absent", test_absent);
  display_add ("/workspace/patient-window/change", test_change);
  display_add ("/workspace/patient-window/as-of", test_as_of);
  display_add ("/workspace/patient-window/readiness", test_readiness);
  display_add ("/workspace/patient-window/downtime", test_downtime);
  display_add ("/workspace/patient-window/other-call", test_other_call);
  display_add ("/workspace/patient-window/narrow", test_narrow);
  display_add ("/workspace/patient-window/is-the-patient", test_is_the_patient);
  display_add ("/workspace/patient-window/pages", test_pages);
  display_add ("/workspace/patient-window/critical-first", test_critical_first);
  display_add ("/workspace/patient-window/nothing-cut-off", test_nothing_cut_off);
  display_add ("/workspace/patient-window/keys", test_keys);
  display_add ("/workspace/patient-window/lazy", test_lazy);
  display_add ("/workspace/patient-window/closed", test_closed);
  display_add ("/workspace/patient-window/speakers", test_speakers);
  display_add ("/workspace/patient-window/first-row", test_first_row);
  display_add ("/workspace/patient-window/keys-scroll", test_keys_scroll);
  return g_test_run ();
}
