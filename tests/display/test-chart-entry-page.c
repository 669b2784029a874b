/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-entry-page.h"

#include "chart-problems-page.h"
#include "chart-record-page.h"
#include "display-find.h"

/* Entries of the record as a person writes them: the pages, the dialog, the form. */

typedef struct
{
  DisplayFixture *fixture;
  WorkspacePatient *patient;
  GtkWidget *window, *page;
} Chart;

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}]}");
  return TRUE;
}

#define CLINICAL                                                                                   \
  "'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-"        \
  "clinical','code':'active'}]},'subject':{'reference':'Patient/jane'}"

static gboolean
put_asthma (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Condition','id':'asthma'," CLINICAL
                                ",'code':{'text':'Asthma'},'onsetAge':{'value':12,'unit':'years'},"
                                "'bodySite':[{'text':'Left lung'}],"
                                "'severity':{'coding':[{'system':'http://example.org/s','code':'x',"
                                "'display':'Life threatening'}]}}");
  return TRUE;
}

static Chart
open_chart (DisplayFixture *fixture, GType type)
{
  Chart chart = { fixture };

  care_fixture_write (&fixture->care, put_patient);
  chart.patient = workspace_patient_new (fixture->session, "jane");
  chart.page = workspace_chart_page_new (type, chart.patient);
  chart.window = g_object_new (ADW_TYPE_WINDOW, NULL);
  gtk_window_set_default_size (GTK_WINDOW (chart.window), 800, 700);
  adw_window_set_content (ADW_WINDOW (chart.window), chart.page);
  gtk_window_present (GTK_WINDOW (chart.window));
  return chart;
}

static void
close_chart (Chart *chart)
{
  gtk_window_destroy (GTK_WINDOW (chart->window));
  g_clear_object (&chart->patient);
}

/* ---- what is on the screen ---- */

static gboolean
is_choice (GtkWidget *widget, const char *text)
{
  return ADW_IS_COMBO_ROW (widget) && display_is_row (widget, text);
}

static void
wait_closed (Chart *chart)
{
  g_assert_true (display_spin (display_has_no_dialog, chart->window));
}

/* A dialog that was closed is on the screen until it has faded. */
static void
wait_faded (Chart *chart, const char *entry)
{
  DisplaySearch asked = { chart->window, display_is_entry, entry };

  g_assert_true (display_spin (display_search_fails, &asked));
}

static void
open_entry (Chart *chart, const char *reference)
{
  chart_entry_page_open (CHART_ENTRY_PAGE (chart->page), reference);
  display_wait_for (chart->window, display_is_button, "Enter in Error…");
}

/* The act that needs a reason: without one it cannot be confirmed. */
static void
act (Chart *chart, const char *label, const char *reason)
{
  AdwAlertDialog *alert;

  display_press (chart->window, label);
  display_wait_for (chart->window, display_is_row, "Why");
  alert = ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (chart->window)));
  g_assert_false (adw_alert_dialog_get_response_enabled (alert, "do"));
  display_type (chart->window, "Why", "  ");
  g_assert_false (adw_alert_dialog_get_response_enabled (alert, "do"));
  display_type (chart->window, "Why", reason);
  g_assert_true (adw_alert_dialog_get_response_enabled (alert, "do"));
  g_signal_emit_by_name (alert, "response", "do");
  adw_dialog_force_close (ADW_DIALOG (alert));
  wait_closed (chart);
}

/* ---- what is in the store ---- */

typedef struct
{
  const char *type, *query;
  guint count;
} Count;

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  Count *asked = data;

  asked->count = care_fixture_count (connection, asked->type, asked->query);
  return TRUE;
}

static guint
count (Chart *chart, const char *type, const char *query)
{
  Count asked = { type, query };

  g_assert_true (store_database_read (chart->fixture->care.database, count_work, &asked, NULL));
  return asked.count;
}

static CareRow *
only_alert (Chart *chart)
{
  CareSummary *summary = workspace_patient_get_summary (chart->patient);
  g_autoptr (CareRow) row =
      g_list_model_get_item (care_summary_get_list (summary, CARE_LIST_ALERTS), 0);

  g_assert_nonnull (row);
  return row; /* the summary keeps it */
}

/* ---- tests ---- */

/* What is missing or cannot be is said at its field, and nothing is written until it is right. */
static void
test_validation (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_PROBLEMS_PAGE);

  display_assert_label (chart.window, "Problems not recorded");
  gtk_widget_activate_action (chart.page, "chart.add", "s", "Condition");
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "“Problem” is missing.");
  g_assert_true (
      gtk_widget_has_css_class (display_wait_for (chart.window, display_is_row, "Problem"),
                                "error"));
  display_type (chart.window, "Problem", "Migraine");
  display_assert_gone (chart.window, "“Problem” is missing.");
  display_type (chart.window, "Since", "2027");
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "“Since” cannot be in the future.");
  display_type (chart.window, "Since", "last spring");
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "“Since” needs a date");
  g_assert_cmpuint (count (&chart, "Condition", ""), ==, 0);
  display_type (chart.window, "Since", "2019-04");
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "Entry added");
  display_assert_label (chart.window, "Active Problems · 1");
  display_assert_label (chart.window, "Migraine");
  g_assert_cmpuint (count (&chart, "Provenance", ""), ==, 1);
  /* Nothing of the form is left to be found again. */
  wait_faded (&chart, "Problem");
  gtk_widget_activate_action (chart.page, "chart.add", "s", "Condition");
  display_wait_for (chart.window, display_is_row, "Problem");
  display_settle ();
  g_assert_cmpstr (gtk_editable_get_text (
                       GTK_EDITABLE (display_wait_for (chart.window, display_is_entry, "Problem"))),
                   ==, "");
  close_chart (&chart);
}

/* The toast takes an added entry back, with its Provenance. */
static void
test_undo (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_PROBLEMS_PAGE);

  gtk_widget_activate_action (chart.page, "chart.add", "s", "AllergyIntolerance");
  display_type (chart.window, "Substance", "Penicillin");
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "Allergies · 1");
  display_press (chart.window, "_Undo");
  display_assert_label (chart.window, "Undone");
  display_assert_gone (chart.window, "Penicillin");
  display_assert_label (chart.window, "Allergies not recorded");
  g_assert_cmpuint (count (&chart, "AllergyIntolerance", ""), ==, 0);
  g_assert_cmpuint (count (&chart, "Provenance", ""), ==, 0);
  close_chart (&chart);
}

/* What the form cannot say itself stands in it and stays; the versions tell what changed, and the
 * last change is undone from there. */
static void
test_change (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_PROBLEMS_PAGE);

  care_fixture_write (&fixture->care, put_asthma);
  display_assert_label (chart.window, "Asthma");
  open_entry (&chart, "Condition/asthma");
  display_assert_label (chart.window, "12 years");
  display_assert_label (chart.window, "Not recorded"); /* the certainty */
  display_assert_label (chart.window, "Also Recorded");
  display_assert_label (chart.window, "Left lung"); /* no field has it */
  display_assert_none (chart.window, display_is_button, "_Undo Last Change");
  display_press (chart.window, "_Change…");
  display_wait_for (chart.window, display_is_row, "Since (now: 12 years)");
  g_assert_cmpuint (adw_combo_row_get_selected (
                        ADW_COMBO_ROW (display_wait_for (chart.window, is_choice, "Severity"))),
                    ==, 4);
  display_type (chart.window, "Problem", "Allergic asthma");
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "Entry changed");
  display_assert_label (chart.window, "Allergic asthma");
  g_assert_cmpuint (count (&chart, "Condition", "severity=http://example.org/s|x"), ==, 1);
  open_entry (&chart, "Condition/asthma");
  display_assert_label (chart.window, "Problem: Asthma → Allergic asthma");
  display_assert_label (chart.window, "Left lung");
  display_assert_label (chart.window, "Dr Ada Stone");
  display_press (chart.window, "_Undo Last Change");
  wait_closed (&chart);
  display_assert_gone (chart.window, "Allergic asthma");
  display_assert_label (chart.window, "Asthma");
  close_chart (&chart);
}

/* Refuted with a reason: it leaves the active ones, stays to be read, and the reason with it. */
static void
test_refute (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_PROBLEMS_PAGE);

  care_fixture_write (&fixture->care, put_asthma);
  display_assert_label (chart.window, "Active Problems · 1");
  open_entry (&chart, "Condition/asthma");
  act (&chart, "Refute…", "Spirometry was normal");
  display_assert_label (chart.window, "Problem refuted");
  display_assert_label (chart.window, "Refuted · 1");
  display_assert_gone (chart.window, "Active Problems");
  open_entry (&chart, "Condition/asthma");
  display_assert_label (chart.window, "“Spirometry was normal”");
  close_chart (&chart);
}

/* Entered in error is never among what is active, on no page. */
static void
test_error (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_PROBLEMS_PAGE);

  care_fixture_write (&fixture->care, put_asthma);
  display_assert_label (chart.window, "Active Problems · 1");
  open_entry (&chart, "Condition/asthma");
  act (&chart, "Enter in Error…", "wrong patient");
  display_assert_label (chart.window, "Entered in Error · 1");
  display_assert_gone (chart.window, "Active Problems");
  display_assert_label (chart.window, "Problems not recorded");
  chart_entry_page_open (CHART_ENTRY_PAGE (chart.page), "Condition/asthma");
  display_assert_label (chart.window, "Entered in error");
  display_assert_label (chart.window, "“wrong patient”");
  display_assert_none (chart.window, display_is_button, "_Change…");
  display_assert_none (chart.window, display_is_button, "Make Active Again");
  close_chart (&chart);
}

/* "None known" is an answer that somebody gave; nothing recorded is none. */
static void
test_none_known (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_PROBLEMS_PAGE);

  display_assert_label (chart.window, "Allergies not recorded");
  display_assert_label (chart.window, "Problems not recorded");
  display_press (chart.window, "No Known Allergies");
  display_assert_label (chart.window, "No known allergies (recorded 22-Nov-2026");
  display_assert_label (chart.window, "None Known · 1");
  display_assert_gone (chart.window, "No Known Allergies");
  display_assert_label (chart.window, "Problems not recorded");
  display_press (chart.window, "No Known Problems");
  display_assert_label (chart.window, "No known problems (recorded 22-Nov-2026");
  display_assert_gone (chart.window, "Active Problems");
  g_assert_cmpuint (count (&chart, "AllergyIntolerance", "code=http://snomed.info/sct|716186003"),
                    ==, 1);
  close_chart (&chart);
}

/* An alert says what it is about before it is saved, ends with a reason, and the end is taken back.
 */
static void
test_alert (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_PROBLEMS_PAGE);

  display_press (chart.window, "Add Alert…");
  display_type (chart.window, "Alert", "Fall risk");
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "“What It Is About” is missing.");
  adw_combo_row_set_selected (ADW_COMBO_ROW (
                                  display_wait_for (chart.window, is_choice, "What It Is About")),
                              1);
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "Alerts · 1");
  display_assert_label (chart.window, "Safety");
  g_assert_cmpuint (count (&chart, "Flag", ""), ==, 1);
  g_assert_cmpuint (count (&chart, "Provenance", ""), ==, 1);
  wait_faded (&chart, "Alert");
  chart_entry_page_open (CHART_ENTRY_PAGE (chart.page),
                         care_row_get_reference (only_alert (&chart)));
  display_wait_for (chart.window, display_is_button, "Enter in Error…");
  act (&chart, "End Alert…", "Walks safely again");
  display_assert_label (chart.window, "Past Alerts · 1");
  display_press (chart.window, "_Undo");
  display_assert_label (chart.window, "Alerts · 1");
  display_assert_gone (chart.window, "Past Alerts");
  close_chart (&chart);
}

static gboolean
put_modified (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'AllergyIntolerance','id':'odd','patient':{'reference':"
                    "'Patient/jane'},'code':{'text':'Latex'},'reaction':[{'modifierExtension':[{"
                    "'url':'http://example.org/not','valueBoolean':true}],'manifestation':[{"
                    "'text':'Hives'}]}]}");
  return TRUE;
}

/* A modifier that Bedside does not know, of the whole or of one reaction: nothing of it is shown or
 * changed, and why is said. */
static void
test_modifier (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_PROBLEMS_PAGE);

  care_fixture_write (&fixture->care, put_modified);
  display_assert_label (chart.window, "Entry that Bedside cannot show safely");
  chart_entry_page_open (CHART_ENTRY_PAGE (chart.page), "AllergyIntolerance/odd");
  display_assert_label (adw_window_get_visible_dialog (ADW_WINDOW (chart.window)),
                        "It carries a modifier that may change its meaning.");
  g_assert_null (display_find_label (chart.window, "Latex"));
  g_assert_null (display_find_label (chart.window, "Hives"));
  display_assert_none (chart.window, display_is_button, "_Change…");
  display_assert_none (chart.window, display_is_button, "Refute…");
  close_chart (&chart);
}

static gboolean
put_history (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Immunization','id':'flu','status':'completed','patient':{"
                    "'reference':'Patient/jane'},'vaccineCode':{'text':'Influenza'},"
                    "'occurrenceDateTime':'2025-10-01'}");
  care_fixture_put (connection,
                    "{'resourceType':'Immunization','id':'zoster','status':'not-done','patient':{"
                    "'reference':'Patient/jane'},'vaccineCode':{'text':'Zoster'},"
                    "'occurrenceDateTime':'2025-10-01','statusReason':{'text':'Declined'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Procedure','id':'knee','status':'stopped','subject':{"
                    "'reference':'Patient/jane'},'code':{'text':'Arthroscopy'}}");
  return TRUE;
}

/* Four kinds under their headings; not given is not given. A relative is added from the menu. */
static void
test_history (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_HISTORY_PAGE);

  display_assert_label (chart.window, "No History Recorded");
  care_fixture_write (&fixture->care, put_history);
  display_assert_label (chart.window, "Immunizations · 1");
  display_assert_label (chart.window, "Immunizations Not Given · 1");
  display_assert_label (chart.window, "Declined");
  display_assert_label (chart.window, "stopped");
  gtk_widget_activate_action (chart.page, "chart.add", "s", "FamilyMemberHistory");
  adw_combo_row_set_selected (ADW_COMBO_ROW (
                                  display_wait_for (chart.window, is_choice, "Relative")),
                              1);
  display_type (chart.window, "Condition", "Breast cancer");
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "Family History · 1");
  display_assert_label (chart.window, "Mother: Breast cancer");
  close_chart (&chart);
}

static gboolean
is_unmapped (gpointer widget)
{
  return !gtk_widget_get_mapped (widget);
}

/* Every kind has a form, which says what is missing instead of writing half an entry. */
static void
test_each_kind (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const types[] = {
    "Condition",   "AllergyIntolerance", "Immunization", "Procedure", "FamilyMemberHistory",
    "Observation", "CarePlan",           "Goal",         "Device",    "Coverage",
    "Flag"
  };
  Chart chart = open_chart (fixture, CHART_TYPE_PLANS_PAGE);

  display_assert_label (chart.window, "No Plans, Goals, Devices or Cover Recorded");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GtkWidget) save = NULL;
      CareEntryKind kind;

      gtk_widget_activate_action (chart.page, "chart.add", "s", types[i]);
      save = g_object_ref (display_wait_for (chart.window, display_is_button, "_Save"));
      g_assert_true (care_entry_kind_of_type (types[i], &kind));
      /* What FHIR has no place for is not asked. */
      if (care_entry_kind_takes_notes (kind))
        display_wait_for (chart.window, display_is_entry, "Add a Note");
      else
        display_assert_none (chart.window, display_is_entry, "Add a Note");
      display_press (chart.window, "_Save");
      display_assert_label (chart.window, "is missing.");
      adw_dialog_force_close (adw_window_get_visible_dialog (ADW_WINDOW (chart.window)));
      g_assert_true (display_spin (is_unmapped, save));
      g_assert_cmpuint (count (&chart, types[i], ""), ==, 0);
    }
  close_chart (&chart);
}

/* Who may not write is told so before anything is typed, and is offered no change. */
static void
test_role (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (CareContext) reception =
      care_context_new (fixture->care.database, fixture->care.clock, "Practitioner/desk",
                        "Rita Desk", "reception");
  g_autoptr (WorkspaceSession) session = workspace_session_new (reception);
  WorkspaceSession *doctor = g_steal_pointer (&fixture->session);
  Chart chart;

  fixture->session = session;
  chart = open_chart (fixture, CHART_TYPE_PROBLEMS_PAGE);
  care_fixture_write (&fixture->care, put_asthma);
  display_assert_label (chart.window, "Asthma");
  gtk_widget_activate_action (chart.page, "chart.add", "s", "AllergyIntolerance");
  display_assert_label (chart.window, "reception");
  g_assert_true (display_has_no_dialog (chart.window));
  chart_entry_page_open (CHART_ENTRY_PAGE (chart.page), "Condition/asthma");
  display_assert_label (chart.window, "12 years");
  display_assert_none (chart.window, display_is_button, "_Change…");
  display_assert_none (chart.window, display_is_button, "Resolve");
  close_chart (&chart);
  display_settle ();
  fixture->session = doctor;
}

/* A form that was closed is found again as it was, and only what was typed. */
static void
test_draft (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, CHART_TYPE_PLANS_PAGE);
  g_autoptr (GtkWidget) before = NULL;

  display_assert_label (chart.window, "No Plans, Goals, Devices or Cover Recorded");
  gtk_widget_activate_action (chart.page, "chart.add", "s", "Goal");
  display_type (chart.window, "Goal", "Walk every day");
  before = g_object_ref (display_wait_for (chart.window, display_is_entry, "Goal"));
  adw_dialog_force_close (adw_window_get_visible_dialog (ADW_WINDOW (chart.window)));
  gtk_widget_activate_action (chart.page, "chart.add", "s", "Goal");
  display_assert_label (chart.window, "Found again on disk");
  g_assert_true (display_spin (is_unmapped, before));
  g_assert_cmpstr (gtk_editable_get_text (
                       GTK_EDITABLE (display_wait_for (chart.window, display_is_entry, "Goal"))),
                   ==, "Walk every day");
  display_press (chart.window, "_Save");
  display_assert_label (chart.window, "Goals · 1");
  close_chart (&chart);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/chart/entry-page/validation", test_validation);
  display_add ("/chart/entry-page/undo", test_undo);
  display_add ("/chart/entry-page/change", test_change);
  display_add ("/chart/entry-page/refute", test_refute);
  display_add ("/chart/entry-page/error", test_error);
  display_add ("/chart/entry-page/none-known", test_none_known);
  display_add ("/chart/entry-page/alert", test_alert);
  display_add ("/chart/entry-page/modifier", test_modifier);
  display_add ("/chart/entry-page/history", test_history);
  display_add ("/chart/entry-page/draft", test_draft);
  display_add ("/chart/entry-page/each-kind", test_each_kind);
  display_add ("/chart/entry-page/role", test_role);
  return g_test_run ();
}
