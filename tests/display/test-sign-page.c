/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "base-totp.h"
#include "care-to-sign.h"
#include "sign-page.h"
#include "sign-row.h"
#include "workspace-open.h"

/* What a nurse prepared stands on the doctor's page: each can be taken out, what was found is
 * answered first, and one press signs the rest. */

#define ID "0193531e-0000-7000-8000-0000000000%02u"

static const char *const drugs[] = { "197806", "308191", "197806" }; /* the second: an allergy */

static gboolean
prepare (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1980-03-01',"
                                "'name':[{'family':'Smith','given':['Jane']}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q','birthDate':'1971-05-02',"
                                "'name':[{'family':'Adams','given':['Bob']}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'pen','clinicalStatus':{'coding':[{'code':'active'"
      "}]},'criticality':'high','code':{'text':'Penicillin'},'patient':{'reference':'Patient/p'},"
      "'reaction':[{'manifestation':[{'text':'Anaphylaxis'}]}]}");
  for (guint i = 0; i < G_N_ELEMENTS (drugs); i++)
    {
      const StoreDrug *drug = store_content_get_drug (care->content, drugs[i]);
      g_autofree char *id = g_strdup_printf (ID, i);
      g_autoptr (CarePrescriptionDraft) draft =
          care_prescription_draft_new (id, i == 2 ? "q" : "p", "Practitioner/nurse", NULL);

      care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                        drug->ingredient_codes, drug->strength, drug->form,
                                        drug->route, NULL);
      g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                    NULL);
      if (i == 2)
        g_object_set (draft, "repeats", 3, "note", "Please weigh", "reason", "Sprained ankle",
                      "instructions", "With food", "no-substitution", TRUE, "substitution-reason",
                      "Lactose", "weight-note", "10 mg/kg of 60 kg", NULL);
      if (!care_to_sign_hand_over (connection, care->nurse, draft, "Practitioner/doctor",
                                   "Dr Ada Stone", error))
        return FALSE;
    }
  return TRUE;
}

static GtkWidget *
open_page (DisplayFixture *fixture, GtkWidget **page, int width)
{
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, NULL);

  *page = sign_page_new (fixture->session);
  gtk_window_set_default_size (GTK_WINDOW (window), width, 760);
  adw_window_set_content (ADW_WINDOW (window), *page);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static gboolean
has_no_label (gpointer data)
{
  return !display_has_label (data);
}

static gboolean
counts_none (gpointer page)
{
  return workspace_page_get_count (page) == 0;
}

static void
press (GtkWidget *window, const char *response)
{
  AdwDialog *dialog = adw_window_get_visible_dialog (ADW_WINDOW (window));

  g_assert_nonnull (dialog);
  g_signal_emit_by_name (dialog, "response", response);
  adw_dialog_force_close (dialog);
}

typedef struct
{
  guint orders;
} Count;

static gboolean
count_orders (StoreConnection *connection, gpointer data, GError **error)
{
  ((Count *) data)->orders = care_fixture_count (connection, "MedicationRequest", "");
  return TRUE;
}

static guint
orders_of (DisplayFixture *fixture)
{
  Count count = { 0 };

  g_assert_true (store_database_read (fixture->care.database, count_orders, &count, NULL));
  return count.orders;
}

static void
test_nothing (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *page, *window = open_page (fixture, &page, 800);

  display_assert_label (window, "Nothing to Sign");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_batch (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, prepare);
  GtkWidget *page, *window = open_page (fixture, &page, 800);

  display_assert_label (window, "SMITH, Jane, born 01-Mar-1980");
  display_assert_label (window, "ADAMS, Bob, born 02-May-1971");
  display_assert_label (window, "Prepared by Noor Lind");
  display_assert_label (window, "Penicillin");
  /* the one with a finding is not chosen */
  display_assert_label (window, "2 of 3 prescriptions chosen");
  gtk_widget_activate_action (page, "sign.sign", NULL);
  display_assert_label (window, "Sign 2 Prescriptions?");
  g_assert_cmpuint (orders_of (fixture), ==, 0);
  press (window, "cancel");
  g_assert_cmpuint (orders_of (fixture), ==, 0);
  gtk_widget_activate_action (page, "sign.sign", NULL);
  press (window, "sign");
  display_assert_label (window, "2 prescriptions signed");
  display_assert_label (window, "Signed, and resting");
  display_assert_label (window, "0 of 1 prescription chosen");
  g_assert_cmpuint (orders_of (fixture), ==, 2);
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

/* H33: of all whose orders are signed at once, who is taken for somebody that is open is asked
 * about, under their name. */
static void
test_like_name (DisplayFixture *fixture, gconstpointer data)
{
  WorkspaceOpen *open = workspace_session_get_open (fixture->session);
  g_autoptr (WorkspacePatient) janet = NULL;
  GtkWidget *page, *window, *year;
  AdwAlertDialog *dialog;

  care_fixture_write (&fixture->care, prepare);
  care_fixture_write (&fixture->care, put_janet);
  janet = workspace_patient_new (fixture->session, "janet");
  g_assert_true (display_spin (is_read, janet));
  window = open_page (fixture, &page, 800);
  display_assert_label (window, "2 of 3 prescriptions chosen");
  workspace_open_add (open, janet);
  gtk_widget_activate_action (page, "sign.sign", NULL);
  display_assert_label (window, "LIKE NAME: SMYTH, Janet (03-Apr-1975) is open too.");
  dialog = ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (window)));
  g_assert_false (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  year = display_find_child (GTK_WIDGET (dialog), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (year), "1971"); /* that of the other order */
  g_assert_false (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  gtk_editable_set_text (GTK_EDITABLE (year), "1980");
  g_assert_true (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  press (window, "cancel");
  workspace_open_remove (open, janet);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* All that goes out under the doctor's name is read, in the list and once more. */
static void
assert_all_is_shown (GtkWidget *window)
{
  static const char *const words[] = {
    "ibuprofen 600 MG Oral Tablet",
    "Supply 14 tablets, 3 repeats",
    "To the pharmacist: Please weigh",
    "For: Sprained ankle",
    "With food",
    "No substitution: Lactose",
    "10 mg/kg of 60 kg",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    display_assert_label (window, words[i]);
}

static gboolean
change_note (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "Task", "code=to-sign&patient=Patient/q", error);
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", ids->pdata[0]);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (task);
  g_auto (GStrv) parts =
      g_strsplit (fhir_resource_path_text (task, "input.0.valueString"), "Please weigh", -1);
  g_autofree char *body = g_strjoinv ("Give twice as much", parts);
  g_autoptr (FhirResource) changed = NULL;
  g_auto (StorePut) put = { 0 };

  fhir_builder_set (builder, "input.0.valueString", body);
  changed = fhir_builder_end (builder);
  return store_resource_put (connection, changed, STORE_PUT_DEFAULT, NULL, &put, error);
}

/* A change of what is in no line and in no dose is seen, and nothing is signed past it. */
static void
test_all_is_shown (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, prepare);
  GtkWidget *page, *window = open_page (fixture, &page, 800), *dialog;

  display_assert_label (window, "2 of 3 prescriptions chosen");
  assert_all_is_shown (page);
  gtk_widget_activate_action (page, "sign.sign", NULL);
  dialog = GTK_WIDGET (adw_window_get_visible_dialog (ADW_WINDOW (window)));
  g_assert_nonnull (dialog);
  assert_all_is_shown (dialog);
  care_fixture_write (&fixture->care, change_note);
  press (window, "sign");
  display_assert_label (window, "changed while you read");
  display_assert_label (page, "To the pharmacist: Give twice as much");
  g_assert_cmpuint (orders_of (fixture), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Undo of one puts that one back, and leaves the other. */
static void
test_undo_of_one (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, prepare);
  GtkWidget *page, *window = open_page (fixture, &page, 800);
  g_autofree char *id = g_strdup_printf (ID, 2u);

  display_assert_label (window, "2 of 3 prescriptions chosen");
  gtk_widget_activate_action (page, "sign.sign", NULL);
  press (window, "sign");
  display_assert_label (window, "0 of 1 prescription chosen");
  gtk_widget_activate_action (page, "sign.undo", "s", id);
  display_assert_label (window, "1 of 2 prescriptions chosen");
  g_assert_cmpuint (orders_of (fixture), ==, 1);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Taken out by its check button, it stays. */
static void
test_taken_out (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, prepare);
  GtkWidget *page, *window = open_page (fixture, &page, 800), *label, *row, *check;

  display_assert_label (window, "2 of 3 prescriptions chosen");
  label = display_find_label (window, "ADAMS, Bob");
  row = gtk_widget_get_first_child (gtk_widget_get_next_sibling (label));
  check = display_find_child (row, GTK_TYPE_CHECK_BUTTON);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), FALSE);
  display_assert_label (window, "1 of 3 prescriptions chosen");
  gtk_widget_activate_action (page, "sign.sign", NULL);
  display_assert_label (window, "Sign 1 Prescription?");
  press (window, "sign");
  display_assert_label (window, "0 of 2 prescriptions chosen");
  display_assert_label (window, "ADAMS, Bob");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_sent_back (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, prepare);
  GtkWidget *page, *window = open_page (fixture, &page, 360), *label, *row;
  DisplayLabel gone = { window, "ADAMS, Bob" };

  display_assert_label (window, gone.text);
  label = display_find_label (window, gone.text);
  row = gtk_widget_get_first_child (gtk_widget_get_next_sibling (label));
  gtk_widget_activate_action (page, "sign.send-back", "s", sign_row_get_task (row));
  display_assert_label (window, "Send This Back?");
  AdwDialog *dialog = adw_window_get_visible_dialog (ADW_WINDOW (window));
  GtkEditable *entry = GTK_EDITABLE (adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (dialog)));
  g_assert_false (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "back"));
  gtk_editable_set_text (entry, "Already takes it");
  g_assert_true (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "back"));
  press (window, "back");
  g_assert_true (display_spin (has_no_label, &gone));
  g_assert_false (counts_none (page));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* ---- controlled drugs ---- */

#define DIAZEPAM "197591"
#define SECRET   "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

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

/* One of each patient. */
static gboolean
prepare_controlled (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;
  const StoreDrug *drug = store_content_get_drug (care->content, DIAZEPAM);

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1980-03-01',"
                                "'name':[{'family':'Smith','given':['Jane']}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q','birthDate':'1971-05-02',"
                                "'name':[{'family':'Adams','given':['Bob']}]}");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *id = g_strdup_printf (ID, i);
      g_autoptr (CarePrescriptionDraft) draft =
          care_prescription_draft_new (id, i == 0 ? "p" : "q", "Practitioner/nurse", NULL);

      care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                        drug->ingredient_codes, drug->strength, drug->form,
                                        drug->route, NULL);
      g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                    NULL);
      if (!care_to_sign_hand_over (connection, care->nurse, draft, "Practitioner/doctor",
                                   "Dr Ada Stone", error))
        return FALSE;
    }
  return TRUE;
}

static void
tick (GtkWidget *window, const char *patient)
{
  GtkWidget *label = display_find_label (window, patient);
  GtkWidget *row = gtk_widget_get_first_child (gtk_widget_get_next_sibling (label));
  GtkWidget *check = display_find_child (row, GTK_TYPE_CHECK_BUTTON);

  g_assert_false (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
}

static gboolean
may_sign (GtkWidget *window)
{
  return adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (adw_window_get_visible_dialog (
                                                    ADW_WINDOW (window))),
                                                "sign");
}

static void
type_digits (GtkWidget *window, const char *digits)
{
  GtkWidget *dialog = GTK_WIDGET (adw_window_get_visible_dialog (ADW_WINDOW (window)));
  GtkWidget *row = display_find_child (dialog, ADW_TYPE_ENTRY_ROW);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), digits);
}

static char *
dup_digits (DisplayFixture *fixture)
{
  return base_totp_dup_code (SECRET, base_totp_step (base_clock_now (fixture->care.clock)));
}

/* Each patient's list has digits of its own, stands above them, and is all that they sign. */
static void
test_controlled (DisplayFixture *fixture, gconstpointer data)
{
  g_autofree char *first = dup_digits (fixture), *second = NULL;
  GtkWidget *page, *window;

  care_context_set_key_source (fixture->care.doctor, make_key, NULL, NULL);
  care_context_set_secret_place (fixture->care.doctor, load_secret, NULL, NULL, NULL);
  care_fixture_write (&fixture->care, prepare_controlled);
  window = open_page (fixture, &page, 800);
  display_assert_label (window, "CONTROLLED DRUG: diazepam");
  /* nobody but its prescriber says that it is ready */
  display_assert_label (window, "0 of 2 prescriptions chosen");
  tick (window, "ADAMS, Bob");
  tick (window, "SMITH, Jane");
  display_assert_label (window, "2 of 2 prescriptions chosen");
  gtk_widget_activate_action (page, "sign.sign", NULL);
  display_assert_label (window, "Sign 1 Prescription?");
  display_assert_label (window, "for each patient alone: 1 more prescription follows");
  display_assert_label (window, "Only Dr Ada Stone, whose digits they are, may type them.");
  g_assert_false (may_sign (window));
  type_digits (window, "12345");
  g_assert_false (may_sign (window));
  type_digits (window, "000000");
  g_assert_true (may_sign (window));
  press (window, "sign");
  display_assert_label (window, "These six digits are not right");
  g_assert_cmpuint (orders_of (fixture), ==, 0);
  gtk_widget_activate_action (page, "sign.sign", NULL);
  type_digits (window, first);
  press (window, "sign");
  /* the next list comes by itself, once that one is gone */
  display_assert_label (window, "1 of 1 prescription chosen");
  display_assert_label (window, "Sign 1 Prescription?");
  g_assert_cmpuint (orders_of (fixture), ==, 1);
  g_assert_false (may_sign (window));
  type_digits (window, first);
  press (window, "sign");
  display_assert_label (window, "were used already");
  g_assert_cmpuint (orders_of (fixture), ==, 1);
  base_clock_advance (fixture->care.clock, 2 * BASE_TOTP_STEP_US);
  second = dup_digits (fixture);
  gtk_widget_activate_action (page, "sign.sign", NULL);
  type_digits (window, second);
  press (window, "sign");
  display_assert_label (window, "Nothing to Sign");
  g_assert_cmpuint (orders_of (fixture), ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/sign/page/nothing", test_nothing);
  display_add ("/sign/page/batch", test_batch);
  display_add ("/sign/page/like-name", test_like_name);
  display_add ("/sign/page/all-is-shown", test_all_is_shown);
  display_add ("/sign/page/undo-of-one", test_undo_of_one);
  display_add ("/sign/page/taken-out", test_taken_out);
  display_add ("/sign/page/sent-back", test_sent_back);
  display_add ("/sign/page/controlled", test_controlled);
  return g_test_run ();
}
