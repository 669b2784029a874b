/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-medicines-page.h"

#include "chart-reconcile-dialog.h"
#include "chart-reconcile-question.h"
#include "display-find.h"

/* The medicines of a patient by source, and going through them by the keyboard alone. */

typedef struct
{
  DisplayFixture *fixture;
  WorkspacePatient *patient;
  GtkWidget *window, *page;
} Chart;

#define PATIENT "'subject':{'reference':'Patient/jane'}"
/* asked and written down with Bedside */
#define BY_PATIENT                                                                                 \
  "'identifier':[{'system':'https://bedside.health/fhir/statement-id','value':'x'}],"              \
  "'informationSource':{'reference':'Patient/jane'}," PATIENT
#define DOSE(value, times)                                                                         \
  "[{'timing':{'repeat':{'frequency':" times ",'period':1,'periodUnit':'d'}},'route':{'text':"     \
  "'oral'},'doseAndRate':[{'doseQuantity':{'value':" value ",'unit':'tablet'}}]}]"

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','birthDate':'1961-03-12',"
                                "'name':[{'family':'Smith','given':['Jane']}]}");
  return TRUE;
}

static gboolean
put_medicines (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationRequest','id':'ours','status':'active','intent':'order',"
      "'authoredOn':'2026-01-05','identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID
      "','value':'ours'}],'requester':{'reference':'Practitioner/doctor','display':'Dr Ada Stone'},"
      "'reasonCode':[{'text':'hypertension'}],'medicationCodeableConcept':{'coding':[{'system':'" //
      CARE_SYSTEM_RXNORM "','code':'314076'}],'text':'lisinopril 10 MG Oral Tablet'},"
      "'dosageInstruction':" DOSE ("1",
                                   "1") ",'dispenseRequest':{'numberOfRepeatsAllowed':3}," PATIENT
                                        "}");
  care_fixture_put (
      connection,
      "{'resourceType':'MedicationStatement','id':'said','status':'active','dateAsserted':"
      "'2026-11-02','medicationCodeableConcept':{'text':'Lisinopril 5 mg'},'dosage':" DOSE (
          "1", "2") "," BY_PATIENT "}");
  care_fixture_put (connection,
                    "{'resourceType':'MedicationDispense','id':'d','status':'completed',"
                    "'whenHandedOver':'2026-10-29','daysSupply':{'value':28,'unit':'days'},"
                    "'medicationCodeableConcept':{'text':'lisinopril'},'authorizingPrescription':[{"
                    "'reference':'MedicationRequest/ours'}]," PATIENT "}");
  care_fixture_put (connection,
                    "{'resourceType':'MedicationStatement','id':'pill','status':'active',"
                    "'medicationCodeableConcept':{'text':'Prednisone 5 mg'}," BY_PATIENT "}");
  care_fixture_put (connection,
                    "{'resourceType':'MedicationRequest','id':'old','status':'stopped','intent':"
                    "'order','authoredOn':'2024-01-05','statusReason':{'text':'Dry cough'},"
                    "'medicationCodeableConcept':{'text':'ramipril 5 mg'}," PATIENT "}");
  return TRUE;
}

static Chart
open_chart (DisplayFixture *fixture, int width, StoreWork medicines)
{
  Chart chart = { fixture };

  care_fixture_write (&fixture->care, put_patient);
  if (medicines)
    care_fixture_write (&fixture->care, medicines);
  chart.patient = workspace_patient_new (fixture->session, "jane");
  chart.page = workspace_chart_page_new (CHART_TYPE_MEDICINES_PAGE, chart.patient);
  chart.window = g_object_new (ADW_TYPE_WINDOW, "width-request", 360, "height-request", 200, NULL);
  gtk_window_set_default_size (GTK_WINDOW (chart.window), width, 800);
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
  return ADW_IS_ACTION_ROW (widget) &&
         g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), text);
}

static gboolean
is_focus (GtkWidget *widget, const char *text)
{
  return GTK_IS_CHECK_BUTTON (widget) &&
         gtk_root_get_focus (gtk_widget_get_root (widget)) == widget;
}

static void
choose (Chart *chart, const char *title)
{
  GtkWidget *row = display_wait_for (chart->window, is_choice, title);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (
                                   adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row))),
                               TRUE);
}

static void
open_dialog (Chart *chart)
{
  display_press (chart->window, "_Reconcile…");
  display_assert_label (chart->window, "What Becomes of It");
}

static void
close_dialog (Chart *chart)
{
  adw_dialog_force_close (adw_window_get_visible_dialog (ADW_WINDOW (chart->window)));
  g_assert_true (display_spin (display_has_no_dialog, chart->window));
  display_assert_gone (chart->window, "What Becomes of It");
}

static gboolean
is_alert (gpointer window)
{
  return ADW_IS_ALERT_DIALOG (adw_window_get_visible_dialog (window));
}

static void
sign (Chart *chart)
{
  AdwAlertDialog *alert;

  display_press (chart->window, "_Sign…");
  g_assert_true (display_spin (is_alert, chart->window));
  display_assert_label (chart->window, "Signing writes this under your name");
  alert = ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (chart->window)));
  g_signal_emit_by_name (alert, "response", "sign");
  adw_dialog_force_close (ADW_DIALOG (alert));
  g_assert_true (display_spin (display_has_no_dialog, chart->window));
}

/* ---- tests ---- */

/* Both sides in one row, what differs in words; why one was stopped; the supply. */
static void
test_conflict (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, 1200, put_medicines);

  display_assert_label (chart.window, "≠ Sources differ: dose, frequency");
  display_assert_label (chart.window, "≠ Sources differ on 1 medicine");
  display_assert_label (chart.window, "Active · 2");
  display_assert_label (chart.window, "Our prescription");
  display_assert_label (chart.window, "Reported by the patient");
  display_assert_label (chart.window, "≠ Frequency: 2 times a day (differs)");
  display_assert_label (chart.window, "runs out soon, 4 days left · 3 repeats left");
  display_assert_label (chart.window, "Stopped · 1");
  display_assert_label (chart.window, "When it was stopped is not recorded · Why: Dry cough · by "
                                      "whom is not recorded");
  display_assert_label (chart.window, "predniSONE 5 mg");
  display_assert_label (chart.window, "Not reconciled yet");
  g_assert_null (display_find_label (chart.window, "≠ Route"));
  close_chart (&chart);
}

/* Nothing recorded is not "none known", which a person says, and may take back. */
static void
test_absence (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, 800, NULL);

  display_assert_label (chart.window, "No Medicines Recorded");
  g_assert_null (display_find_label (chart.window, "Medicines not recorded")); /* said once */
  display_press (chart.window, "No Known Medicines");
  display_assert_label (chart.window, "No known medicines (recorded 22-Nov-2026");
  display_assert_label (chart.window, "Last reconciled 22-Nov-2026 09:00 by Dr Ada Stone");
  display_press (chart.window, "_Undo");
  display_assert_label (chart.window, "No Medicines Recorded");
  close_chart (&chart);
}

/* One by one: what is missing is said, what was answered is found again, and all is signed at
 * once; Undo brings everything back. */
static void
test_reconcile (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, 800, put_medicines);

  open_dialog (&chart);
  display_assert_label (chart.window, "2 still to answer");
  display_wait_for (chart.window, is_focus, "the first answer with the keyboard's focus");
  display_press (chart.window, "_Next");
  display_assert_label (chart.window, "is not answered yet");
  choose (&chart, "_Continue");
  display_press (chart.window, "_Next");
  display_assert_label (chart.window, "Choose which one is right");
  choose (&chart, "Our prescription");
  display_assert_label (chart.window, "1 still to answer");
  display_press (chart.window, "_Next");
  display_assert_label (chart.window, "2 of 2");
  choose (&chart, "Not _Taking");
  display_type (chart.window, "Why", "Felt better");
  close_dialog (&chart);

  open_dialog (&chart);
  display_assert_label (chart.window, "Found again on disk");
  display_assert_label (chart.window, "All answered");
  sign (&chart);
  display_assert_label (chart.window, "Medicines reconciled");
  display_assert_label (chart.window, "Last reconciled 22-Nov-2026 09:00 by Dr Ada Stone");
  display_assert_label (chart.window, "Not Taken · 1");
  display_assert_label (chart.window, "Why: Felt better · by Dr Ada Stone");
  display_assert_gone (chart.window, "Sources differ");
  display_press (chart.window, "_Undo");
  display_assert_label (chart.window, "≠ Sources differ: dose, frequency");
  display_assert_label (chart.window, "Not reconciled yet");
  close_chart (&chart);
}

/* A prescription of ours is stopped with its reason, which the page then tells. */
static void
test_stop (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, 800, put_medicines);

  open_dialog (&chart);
  choose (&chart, "Sto_p");
  display_press (chart.window, "_Next");
  display_assert_label (chart.window, "Write why");
  display_type (chart.window, "Why (Required)", "Potassium too high");
  display_press (chart.window, "_Next");
  choose (&chart, "_Continue");
  sign (&chart);
  display_assert_label (chart.window, "Stopped · 3");
  display_assert_label (chart.window,
                        "Stopped 22-Nov-2026 · Why: Potassium too high · by Dr Ada Stone");
  display_assert_label (chart.window, "NOT YET KNOWN ELSEWHERE");
  close_chart (&chart);
}

static void
respond (Chart *chart, const char *response)
{
  AdwAlertDialog *alert =
      ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (chart->window)));

  g_signal_emit_by_name (alert, "response", response);
  adw_dialog_force_close (ADW_DIALOG (alert));
  g_assert_true (display_spin (display_has_no_dialog, chart->window));
}

/* One medicine alone: what becomes of its supply is read before it is stopped, a reason is needed,
 * and Undo brings it back. */
static void
test_stop_one (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, 800, put_medicines);
  AdwAlertDialog *alert;

  display_press (chart.window, "Stop…");
  g_assert_true (display_spin (is_alert, chart.window));
  alert = ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (chart.window)));
  display_assert_label (chart.window, "Stop This Medicine?");
  display_assert_label (chart.window, "it may be handed out 3 more times");
  display_assert_label (chart.window,
                        "no more of it is handed out. What is left is with the patient");
  display_assert_label (chart.window, "This computer is offline: the pharmacy hears of it");
  g_assert_cmpstr (adw_alert_dialog_get_response_label (alert, "stop"), ==,
                   "_Stop and Cancel Supply");
  g_assert_false (adw_alert_dialog_get_response_enabled (alert, "stop"));
  display_type (chart.window, "Why (Required)", "  ");
  g_assert_false (adw_alert_dialog_get_response_enabled (alert, "stop"));
  display_type (chart.window, "Why (Required)", "Potassium too high");
  g_assert_true (adw_alert_dialog_get_response_enabled (alert, "stop"));
  respond (&chart, "stop");
  display_assert_label (chart.window, "Stopped. It leaves in ten seconds");
  display_assert_label (chart.window, "Stopped · 3");
  display_assert_label (chart.window, "Why: Potassium too high · by Dr Ada Stone");
  display_press (chart.window, "_Undo");
  display_assert_label (chart.window, "Undone. Nothing was stopped");
  display_assert_label (chart.window, "Stopped · 1");
  close_chart (&chart);
}

static void
test_keep_it (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, 360, put_medicines);

  display_press (chart.window, "Stop…");
  g_assert_true (display_spin (is_alert, chart.window));
  display_type (chart.window, "Why (Required)", "Potassium too high");
  respond (&chart, "keep");
  display_assert_label (chart.window, "Stopped · 1");
  close_chart (&chart);
}

/* Who may not stop a prescription sees why; who may not reconcile is not let in. */
static void
test_role (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (WorkspaceSession) session = workspace_session_new (fixture->care.nurse);
  WorkspaceSession *doctor = g_steal_pointer (&fixture->session);
  Chart chart;

  fixture->session = session;
  workspace_session_set_content (session, fixture->care.content);
  chart = open_chart (fixture, 800, put_medicines);
  open_dialog (&chart);
  g_assert_false (gtk_widget_get_sensitive (display_wait_for (chart.window, is_choice, "Sto_p")));
  display_assert_label (chart.window, "Your role (nurse) may not stop a prescription.");
  g_assert_true (
      gtk_widget_get_sensitive (display_wait_for (chart.window, is_choice, "Not _Taking")));
  close_dialog (&chart);
  close_chart (&chart);
  display_settle ();
  fixture->session = doctor;
}

static gboolean
is_page (GtkWidget *widget, const char *text)
{
  return CHART_IS_MEDICINES_PAGE (widget);
}

/* At 360 pixels the sides stand below one another, and nothing asks for more width. */
static void
test_narrow (DisplayFixture *fixture, gconstpointer data)
{
  Chart chart = open_chart (fixture, 360, put_medicines);
  int minimum = 0;

  display_assert_label (chart.window, "≠ Sources differ: dose, frequency");
  gtk_widget_measure (display_wait_for (chart.window, is_page, "the page"),
                      GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  close_chart (&chart);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/chart/medicines-page/conflict", test_conflict);
  display_add ("/chart/medicines-page/absence", test_absence);
  display_add ("/chart/medicines-page/reconcile", test_reconcile);
  display_add ("/chart/medicines-page/stop", test_stop);
  display_add ("/chart/medicines-page/stop-one", test_stop_one);
  display_add ("/chart/medicines-page/keep-it", test_keep_it);
  display_add ("/chart/medicines-page/role", test_role);
  display_add ("/chart/medicines-page/narrow", test_narrow);
  return g_test_run ();
}
