/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-lists.h"

#include "display-fixture.h"
#include "patients-list-dialog.h"
#include "patients-page.h"
#include "store-sql.h"
#include "sync-setting.h"

static gboolean
put_people (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const types[] = { "Condition",   "MedicationRequest", "MedicationStatement",
                                       "Observation", "Encounter",         "Task" };

  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane']}],'birthDate':'1961-03-12','identifier':[{'value':'A-170'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'omar','name':[{'family':'Khan','given':['"
                    "Omar']}],'birthDate':'1990-03-12'}");
  care_fixture_put (connection,
                    "{'resourceType':'Condition','id':'c','subject':{'reference':'Patient/jane'},'"
                    "code':{'coding':[{'system':'http://snomed.info/sct','code':'44054006'}],'text'"
                    ":'Diabetes mellitus type 2'}}");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (!sync_setting_set_cursor (connection, types[i], "from high", error))
      return FALSE;
  return TRUE;
}

static GtkWidget *
open_page (DisplayFixture *fixture)
{
  GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  GtkWidget *toasts = adw_toast_overlay_new ();

  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), patients_page_new (fixture->session));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), toasts);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 900);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "Diabetes, no HbA1c in a year · 1 of ");
  return window;
}

static void
click (GtkWidget *window, const char *label)
{
  GtkWidget *found;

  display_assert_label (window, label);
  found = display_find_label (window, label);
  g_signal_emit_by_name (gtk_widget_get_ancestor (found, GTK_TYPE_BUTTON), "clicked");
}

static gboolean
is_gone (gpointer data)
{
  DisplayLabel *label = data;

  return display_find_label (label->widget, label->text) == NULL;
}

static void
opened_cb (WorkspaceSession *session,
           const char *id,
           const char *verb,
           const char *target,
           GString *opened)
{
  g_string_assign (opened, id);
}

static gboolean
put_reading (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection, "{'resourceType':'Observation','id':'o','status':'final','subject':{'reference'"
                  ":'Patient/jane'},'code':{'coding':[{'system':'http://loinc.org','code':'4548-4'"
                  "}]},'effectiveDateTime':'2026-11-20','valueQuantity':{'value':7}}");
  return TRUE;
}

/* The first of the visible list view that has a cursor. */
static GtkWidget *
focused (GtkWidget *window)
{
  return gtk_root_get_focus (GTK_ROOT (window));
}

/* From the page to a patient of the first list in two keys, and the list follows the records. */
static void
test_open (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) opened = g_string_new (NULL);

  care_fixture_write (&fixture->care, put_people);
  g_signal_connect (fixture->session, "open-patient", G_CALLBACK (opened_cb), opened);
  GtkWidget *window = open_page (fixture);
  gtk_widget_activate_action (window, "win.next-patient-list", NULL); /* Ctrl+L */
  display_assert_label (window, "SMITH, Jane");
  display_assert_label (window, "of whom this holds: has the problem");
  display_assert_label (window, "1 patient among the charts on this computer");
  display_assert_label (window, "narrower codes, and words without a code, are not counted");
  g_assert_null (display_find_label (window, "KHAN, Omar"));
  g_assert_nonnull (gtk_widget_get_ancestor (focused (window), GTK_TYPE_LIST_VIEW));
  gtk_widget_activate_action (focused (window), "list.activate-item", "u", 0); /* Enter */
  g_assert_cmpstr (opened->str, ==, "jane");

  care_fixture_write (&fixture->care, put_reading);
  display_assert_label (window, "Nobody belongs to this list.");
  display_assert_label (window, "Diabetes, no HbA1c in a year · 0");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_dialog (gpointer window)
{
  return adw_application_window_get_visible_dialog (window) != NULL;
}

static gboolean
has_none (gpointer window)
{
  return !has_dialog (window);
}

static GtkWidget *
open_dialog (GtkWidget *window, const char *action)
{
  g_assert_true (display_spin (has_none, window)); /* the one before has faded */
  gtk_widget_activate_action (window, action, NULL);
  g_assert_true (display_spin (has_dialog, window));
  return GTK_WIDGET (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
}

static void
type (GtkWidget *dialog, const char *child, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (gtk_widget_get_template_child (dialog,
                                                                      PATIENTS_TYPE_LIST_DIALOG,
                                                                      child)),
                         text);
}

/* Built, saved, changed, deleted, and had back. */
static void
test_own (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_people);
  GtkWidget *window = open_page (fixture);
  GtkWidget *dialog = open_dialog (window, "win.new-patient-list");
  display_assert_label (dialog, "Give the list a name.");
  type (dialog, "name_row", "Mine");
  display_assert_label (dialog, "fill in at least one line");
  type (dialog, "problem_row", "diabetes mellitus");
  display_assert_label (dialog, "has the problem diabetes mellitus");
  click (dialog, "Save");
  display_assert_label (window, "Mine · 1");
  display_assert_label (window, "Source: unverified.");
  display_assert_label (window, "SMITH, Jane");

  dialog = open_dialog (window, "win.change-patient-list");
  display_assert_label (dialog, "has the problem diabetes mellitus");
  type (dialog, "problem_row", "E11.9, O24");
  display_assert_label (dialog, "has the problem E11.9, O24");
  click (dialog, "Save");
  display_assert_label (window, "Mine · 0");

  gtk_widget_activate_action (window, "win.delete-patient-list", NULL);
  display_assert_label (window, "The list “Mine” is deleted.");
  g_assert_true (display_spin (is_gone, &(DisplayLabel) { window, "Mine · 0" }));
  click (window, "Undo");
  display_assert_label (window, "Mine · 0");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
make_list (GtkWidget *window, const char *name, const char *problem)
{
  GtkWidget *dialog = open_dialog (window, "win.new-patient-list");

  type (dialog, "name_row", name);
  type (dialog, "problem_row", problem);
  click (dialog, "Save");
}

/* Two are deleted: each comes back by its own Undo. */
static void
test_delete_two (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_people);
  GtkWidget *window = open_page (fixture);

  make_list (window, "First", "gout");
  display_assert_label (window, "First · 0");
  make_list (window, "Second", "asthma");
  display_assert_label (window, "Second · 0");
  gtk_widget_activate_action (window, "win.delete-patient-list", NULL);
  display_assert_label (window, "“Second” is deleted.");
  g_assert_true (display_spin (is_gone, &(DisplayLabel) { window, "Second · 0" }));
  click (window, "First · 0");
  gtk_widget_activate_action (window, "win.delete-patient-list", NULL);
  g_assert_true (display_spin (is_gone, &(DisplayLabel) { window, "First · 0" }));
  click (window, "Undo"); /* the toast of the second stands until its time is over */
  display_assert_label (window, "Second · 0");
  g_assert_null (display_find_label (window, "First · 0"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_covid (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Condition','id':'v','subject':{'reference':'Patient/omar'},'"
                    "code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10','code':'U07.1'}],"
                    "'text':'COVID-19, virus identified'}}");
  return TRUE;
}

static gboolean
put_person_again (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'omar','name':[{'family':'Khan','given':['"
                    "Omar']}],'birthDate':'1990-03-13'}");
  return TRUE;
}

static void
run (StoreConnection *connection, const char *text)
{
  g_autoptr (StoreSql) sql = store_sql_new (text);
  gint64 none;

  store_sql_read_integer (sql, connection, &none, NULL);
}

static gboolean
break_store (StoreConnection *connection, gpointer data, GError **error)
{
  run (connection, "ALTER TABLE setting RENAME TO setting_gone");
  return TRUE;
}

static gboolean
mend_store (StoreConnection *connection, gpointer data, GError **error)
{
  run (connection, "ALTER TABLE setting_gone RENAME TO setting");
  return TRUE;
}

static gboolean
has_failed (gpointer model)
{
  return patients_list_model_get_state (model) == PATIENTS_LIST_FAILED;
}

static gboolean
is_ready (gpointer model)
{
  return patients_list_model_get_state (model) == PATIENTS_LIST_READY;
}

/* After a reading that failed, the next change of one patient asks about everybody. */
static void
test_failed (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (CareCohort) cohort = care_cohort_new ("a", "Adults");

  care_cohort_add_rule (cohort, CARE_COHORT_AGE, NULL, NULL, 18, 0, 0);
  care_fixture_write (&fixture->care, put_people);
  care_fixture_write (&fixture->care, break_store);
  g_autoptr (PatientsListModel) model = patients_list_model_new (fixture->session, cohort);
  g_assert_true (display_spin (has_failed, model));
  care_fixture_write (&fixture->care, mend_store);
  care_fixture_write (&fixture->care, put_person_again);
  g_assert_true (display_spin (is_ready, model));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 2);
}

/* A word with capitals and figures is a word; codes are codes, also with spaces between them. */
static void
test_codes (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_people);
  care_fixture_write (&fixture->care, put_covid);
  GtkWidget *window = open_page (fixture);

  make_list (window, "Words", "COVID-19");
  display_assert_label (window, "Words · 1");
  make_list (window, "Codes", "U07.1, 44054006");
  display_assert_label (window, "Codes · 2");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
show_again (GtkWidget *window)
{
  gtk_widget_set_visible (gtk_window_get_child (GTK_WINDOW (window)), FALSE);
  gtk_widget_set_visible (gtk_window_get_child (GTK_WINDOW (window)), TRUE);
}

/* A day begins, and who became overdue is in the list though nothing was written. */
static void
test_new_day (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_people);
  care_fixture_write (&fixture->care, put_reading);
  GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);

  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window),
                                      patients_page_new (fixture->session));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 900);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, "Diabetes, no HbA1c in a year · 0");
  base_clock_advance (fixture->care.clock, 400 * G_TIME_SPAN_DAY);
  show_again (window);
  display_assert_label (window, "Diabetes, no HbA1c in a year · 1");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Once the sign-in has run out no list names anybody or says how many there are. */
static void
test_shut (DisplayFixture *fixture, gconstpointer data)
{
  WorkspaceLock *lock = workspace_session_get_lock (fixture->session);
  BaseClock *clock = fixture->care.clock;

  care_fixture_write (&fixture->care, put_people);
  workspace_lock_renew (lock, base_clock_now (clock));
  GtkWidget *window = open_page (fixture);
  gtk_widget_activate_action (window, "win.next-patient-list", NULL);
  display_assert_label (window, "SMITH, Jane");
  base_clock_advance (clock, CARE_LEASE_US + G_TIME_SPAN_MINUTE);
  g_assert_nonnull (workspace_lock_check (lock));
  g_assert_true (display_spin (is_gone, &(DisplayLabel) { window, "SMITH, Jane" }));
  g_assert_true (display_spin (is_gone, &(DisplayLabel) { window, "a year · 1" }));
  display_assert_label (window, "The list could not be read: ");
  workspace_lock_renew (lock, base_clock_now (clock));
  display_assert_label (window, "SMITH, Jane");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/patients/lists/open", DisplayFixture, NULL, display_fixture_set_up, test_open,
              display_fixture_tear_down);
  g_test_add ("/patients/lists/own", DisplayFixture, NULL, display_fixture_set_up, test_own,
              display_fixture_tear_down);
  display_add ("/patients/lists/delete-two", test_delete_two);
  display_add ("/patients/lists/codes", test_codes);
  display_add ("/patients/lists/failed", test_failed);
  display_add ("/patients/lists/new-day", test_new_day);
  display_add ("/patients/lists/shut", test_shut);
  return g_test_run ();
}
