/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-ask-dialog.h"

#include "base-totp.h"
#include "display-find.h"
#include "tasks-ask-card.h"
#include "tasks-page.h"
#include "workspace-open.h"

/* Renewals and what pharmacies ask, in the clinic's inbox: read, taken out, approved together,
 * refused, and taken back. */

#define ORDER(id, patient, medicine)                                                               \
  "{'resourceType':'MedicationRequest','id':'" id "','status':'active','intent':'order',"          \
  "'authoredOn':'2026-01-05','identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID                \
  "','value':'" id "'}],'requester':{'reference':'Practitioner/doctor'},"                          \
  "'medicationCodeableConcept':" medicine ",'dosageInstruction':[{'timing':{'repeat':{"            \
  "'frequency':1,'period':1,'periodUnit':'d'}},'route':{'text':'oral'},'doseAndRate':[{"           \
  "'doseQuantity':{'value':1,'unit':'tablet'}}]}],'dispenseRequest':{'numberOfRepeatsAllowed':"    \
  "3,'quantity':{'value':28,'unit':'tablet'}},'subject':{'reference':'Patient/" patient "'}}"
#define LISINOPRIL                                                                                 \
  "{'coding':[{'system':'" CARE_SYSTEM_RXNORM "','code':'314076'}],'text':'lisinopril 10 MG Oral " \
  "Tablet'}"
#define ASK(id, code, order, patient, rest)                                                        \
  "{'resourceType':'Task','id':'" id "','status':'requested','intent':'proposal','code':{"         \
  "'coding':[{'system':'https://bedside.health/fhir/task','code':'" code "'}]},'focus':{"          \
  "'reference':'MedicationRequest/" order "'},'for':{'reference':'Patient/" patient "'}," rest "}"

static gboolean
put_asks (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const records[] = {
    "{'resourceType':'Patient','id':'p','birthDate':'1961-03-12','name':[{'family':'Smith','given':"
    "['Jane']}]}",
    "{'resourceType':'Patient','id':'q','birthDate':'1950-01-02','name':[{'family':'Rossi','given':"
    "['Giulia']}]}",
    "{'resourceType':'Organization','id':'ph','name':'Mill Pharmacy'}",
    "{'resourceType':'AllergyIntolerance','id':'ace','clinicalStatus':{'coding':[{'code':"
    "'active'}]},'criticality':'high','code':{'text':'Lisinopril'},'patient':{'reference':"
    "'Patient/q'},'reaction':[{'manifestation':[{'text':'Angioedema'}]}]}",
    ORDER ("a", "p", LISINOPRIL),
    ORDER ("b", "q", LISINOPRIL),
    ORDER ("c", "p", "{'text':'Old <b>medicine</b>'}"),
    ASK ("r1", "renewal", "a", "p",
         "'requester':{'reference':'Patient/p'},'authoredOn':'2026-11-20T09:00:00Z',"
         "'description':'The patient asks for a renewal'"),
    ASK ("r2", "renewal", "b", "q",
         "'requester':{'reference':'Organization/ph'},'authoredOn':'2026-11-21T09:00:00Z'"),
    ASK ("c1", "change-request", "c", "p",
         "'requester':{'reference':'Organization/ph'},'authoredOn':'2026-11-19T09:00:00Z',"
         "'reasonCode':{'text':'is it <i>10</i>?'},'businessStatus':{'coding':[{'system':"
         "'https://bedside.health/fhir/task','code':'dose-question'}]}"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    care_fixture_put (connection, records[i]);
  return TRUE;
}

static GtkWidget *
open_page (DisplayFixture *fixture, int width)
{
  GtkWidget *window =
      g_object_new (ADW_TYPE_WINDOW, "width-request", 360, "height-request", 200, NULL);

  gtk_window_set_default_size (GTK_WINDOW (window), width, 800);
  adw_window_set_content (ADW_WINDOW (window), tasks_page_new (fixture->session));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static GtkWidget *
open_dialog (DisplayFixture *fixture, int width)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_asks);
  window = open_page (fixture, width);
  display_assert_label (window, "“is it <i>10</i>?”");
  display_press (window, "Answer…");
  display_assert_label (window, "Renewals and Questions");
  display_assert_label (window, "is it <i>10</i>?");
  return window;
}

/* Of the card whose patient, drug or words say @text. */
static gboolean
is_card (GtkWidget *widget, const char *text)
{
  return TASKS_IS_ASK_CARD (widget) && display_find_label (widget, text) != NULL;
}

static gboolean
is_check (GtkWidget *widget, const char *text)
{
  return GTK_IS_CHECK_BUTTON (widget);
}

static GtkCheckButton *
check_of (GtkWidget *window, const char *text)
{
  return GTK_CHECK_BUTTON (
      display_wait_for (display_wait_for (window, is_card, text), is_check, "a tick"));
}

static gboolean
is_reason (GtkWidget *widget, const char *text)
{
  return GTK_IS_ENTRY (widget);
}

/* ---- tests ---- */

/* All of it is there to be read; what interrupts is answered before it can be ticked. */
static void
test_read_and_approve (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = open_dialog (fixture, 900), *entry;
  GtkCheckButton *ours, *theirs, *asked;

  display_assert_label (window, "SMITH, Jane · born 12-Mar-1961");
  display_assert_label (window, "Old <b>medicine</b>");
  display_assert_label (window, "Supply 28 tablets, 3 repeats");
  display_assert_label (window, "the dose is meant as it is written");
  display_assert_label (window, "signs a new prescription that takes the place of this one");
  display_assert_label (window, "checks found nothing");
  display_assert_label (window, "angioedema");
  ours = check_of (window, "The patient asks for a renewal");
  theirs = check_of (window, "ROSSI");
  asked = check_of (window, "is it <i>10</i>?");
  /* there is something to be read of each: nothing is ticked before it was */
  g_assert_false (gtk_check_button_get_active (ours));
  g_assert_false (gtk_check_button_get_active (asked));
  g_assert_false (gtk_check_button_get_active (theirs));
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (theirs)));
  g_assert_false (
      gtk_widget_get_sensitive (display_wait_for (window, display_is_button, "_Approve and Sign")));
  gtk_check_button_set_active (ours, TRUE);
  gtk_check_button_set_active (asked, TRUE);
  display_wait_for (window, display_is_button, "_Approve and Sign 2");
  /* each can be taken out */
  gtk_check_button_set_active (asked, FALSE);
  display_wait_for (window, display_is_button, "_Approve and Sign 1");
  gtk_check_button_set_active (asked, TRUE);
  entry = display_wait_for (display_wait_for (window, is_card, "ROSSI"), is_reason, "a reason");
  gtk_editable_set_text (GTK_EDITABLE (entry), "Taken for years");
  g_assert_true (gtk_check_button_get_active (theirs));
  display_press (window, "_Approve and Sign 3");
  display_assert_label (window, "3 approved. They leave in ten seconds");
  display_press (window, "_Undo");
  display_assert_label (window, "Undone. It waits for an answer");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
respond (GtkWidget *window, AdwDialog *dialog, const char *response)
{
  g_signal_emit_by_name (dialog, "response", response);
  adw_dialog_force_close (dialog);
}

static gboolean
is_alert (gpointer window)
{
  return ADW_IS_ALERT_DIALOG (adw_window_get_visible_dialog (window));
}

/* Refused with a reason, which is asked for; the others stay to be answered. */
static void
test_refuse (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = open_dialog (fixture, 360);
  AdwDialog *alert;

  display_press (display_wait_for (window, is_card, "is it <i>10</i>?"), "Refuse…");
  g_assert_true (display_spin (is_alert, window));
  alert = adw_window_get_visible_dialog (ADW_WINDOW (window));
  g_assert_false (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (alert), "refuse"));
  display_type (alert, "Why (Required)", "Half of it");
  g_assert_true (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (alert), "refuse"));
  respond (window, alert, "refuse");
  display_assert_label (window, "Refused. It leaves in ten seconds");
  display_assert_none (window, is_card, "is it <i>10</i>?");
  display_wait_for (window, is_card, "The patient asks for a renewal");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Who may not sign reads it, and has nothing to press. */
static void
test_nurse (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (WorkspaceSession) session = workspace_session_new (fixture->care.nurse);
  WorkspaceSession *doctor = g_steal_pointer (&fixture->session);
  GtkWidget *window;

  fixture->session = session;
  workspace_session_set_content (session, fixture->care.content);
  window = open_dialog (fixture, 800);
  g_assert_null (display_find (window, display_is_button, "Refuse…"));
  g_assert_null (display_find (window, display_is_button, "_Approve and Sign"));
  g_assert_false (
      gtk_widget_get_sensitive (GTK_WIDGET (check_of (window, "The patient asks for a renewal"))));
  gtk_window_destroy (GTK_WINDOW (window));
  display_settle ();
  fixture->session = doctor;
}

/* ---- controlled drugs ---- */

#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define DIAZEPAM                                                                                   \
  "{'coding':[{'system':'" CARE_SYSTEM_RXNORM "','code':'197591'}],'text':'diazepam 5 MG Oral "    \
  "Tablet'}"

static BaseKey *
make_key (gpointer data, GError **error)
{
  return base_key_new (error);
}

static gboolean
load_secret (gpointer data, char **secret, GError **error)
{
  *secret = g_strdup (SECRET);
  return TRUE;
}

static gboolean
put_controlled (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, ORDER ("d", "q", DIAZEPAM));
  care_fixture_put (connection, ASK ("r3", "renewal", "d", "q",
                                     "'requester':{'reference':'Patient/q'},'authoredOn':"
                                     "'2026-11-20T09:00:00Z','description':'Sleeps badly'"));
  return TRUE;
}

static gboolean
count_renewed (StoreConnection *connection, gpointer data, GError **error)
{
  *(guint *) data = care_fixture_count (connection, "MedicationRequest", "");
  return TRUE;
}

static guint
orders_of (DisplayFixture *fixture)
{
  guint n = 0;

  g_assert_true (store_database_read (fixture->care.database, count_renewed, &n, NULL));
  return n;
}

static gboolean
has_no_alert (gpointer window)
{
  return !is_alert (window);
}

static AdwAlertDialog *
wait_for_alert (GtkWidget *window)
{
  g_assert_true (display_spin (is_alert, window));
  return ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (window)));
}

/* One press signs no controlled drug: its patient's list is read once more, and signed with digits.
 */
static void
test_controlled (DisplayFixture *fixture, gconstpointer data)
{
  g_autofree char *digits =
      base_totp_dup_code (SECRET, base_totp_step (base_clock_now (fixture->care.clock)));
  GtkWidget *window, *row;
  AdwAlertDialog *alert;

  care_context_set_key_source (fixture->care.doctor, make_key, NULL, NULL);
  care_context_set_secret_place (fixture->care.doctor, load_secret, NULL, NULL, NULL);
  care_fixture_write (&fixture->care, put_controlled);
  window = open_dialog (fixture, 900);
  display_assert_label (window, "CONTROLLED DRUG: diazepam");
  g_assert_false (gtk_check_button_get_active (check_of (window, "Sleeps badly")));
  gtk_check_button_set_active (check_of (window, "Sleeps badly"), TRUE);
  gtk_check_button_set_active (check_of (window, "The patient asks for a renewal"), TRUE);
  display_press (window, "_Approve and Sign 2");
  alert = wait_for_alert (window);
  g_assert_cmpstr (adw_alert_dialog_get_heading (alert), ==, "Sign 1 Prescription?");
  display_assert_label (window, "The others stay in the list");
  g_assert_false (adw_alert_dialog_get_response_enabled (alert, "sign"));
  row = display_find_child (GTK_WIDGET (alert), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (row), digits);
  g_assert_true (adw_alert_dialog_get_response_enabled (alert, "sign"));
  g_assert_cmpuint (orders_of (fixture), ==, 4);
  g_signal_emit_by_name (alert, "response", "sign");
  adw_dialog_force_close (ADW_DIALOG (alert));
  display_assert_gone (window, "Sleeps badly");
  g_assert_cmpuint (orders_of (fixture), ==, 5);
  display_assert_label (window, "The patient asks for a renewal");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_janet (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'janet','birthDate':'1975-04-03',"
                                "'name':[{'family':'Smyth','given':['Janet']}]}");
  return TRUE;
}

static gboolean
is_read (gpointer patient)
{
  return workspace_patient_get_summary (patient) != NULL;
}

/* H33: who is taken for somebody that is open is asked about before anything is signed: once,
 * however much is approved for them. */
static void
test_like_name (DisplayFixture *fixture, gconstpointer data)
{
  WorkspaceOpen *open = workspace_session_get_open (fixture->session);
  g_autoptr (WorkspacePatient) janet = NULL;
  GtkWidget *window = open_dialog (fixture, 900), *year;
  AdwAlertDialog *alert;

  care_fixture_write (&fixture->care, put_janet);
  janet = workspace_patient_new (fixture->session, "janet");
  g_assert_true (display_spin (is_read, janet));
  workspace_open_add (open, janet);
  gtk_check_button_set_active (check_of (window, "The patient asks for a renewal"), TRUE);
  gtk_check_button_set_active (check_of (window, "is it <i>10</i>?"), TRUE);
  display_press (window, "_Approve and Sign 2");
  alert = wait_for_alert (window);
  g_assert_cmpstr (adw_alert_dialog_get_heading (alert), ==, "Sign 2 Prescriptions?");
  display_assert_label (alert, "LIKE NAME: SMYTH, Janet (03-Apr-1975) is open too.");
  g_assert_false (adw_alert_dialog_get_response_enabled (alert, "sign"));
  respond (window, ADW_DIALOG (alert), "cancel");
  g_assert_cmpuint (orders_of (fixture), ==, 3);
  g_assert_true (display_spin (has_no_alert, window));
  display_press (window, "_Approve and Sign 2");
  alert = wait_for_alert (window);
  year = display_find_child (GTK_WIDGET (alert), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (year), "1961");
  g_assert_true (adw_alert_dialog_get_response_enabled (alert, "sign"));
  respond (window, ADW_DIALOG (alert), "sign");
  display_assert_label (window, "2 approved. They leave in ten seconds");
  workspace_open_remove (open, janet);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/tasks/ask/read-and-approve", test_read_and_approve);
  display_add ("/tasks/ask/refuse", test_refuse);
  display_add ("/tasks/ask/like-name", test_like_name);
  display_add ("/tasks/ask/nurse", test_nurse);
  display_add ("/tasks/ask/controlled", test_controlled);
  return g_test_run ();
}
