/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-draft.h"
#include "display-fixture.h"
#include "prescribe-sign-dialog.h"

static gboolean
put_jane (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane']}],'birthDate':'1961-03-12'}");
  return TRUE;
}

static gboolean
put_pull (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;
  gint64 pulled = base_clock_now (care->clock) - G_TIME_SPAN_MINUTE;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, pulled);

  return store_setting_set (connection, "sync.as-of/jane", text, error);
}

static gboolean
is_ready (gpointer patient)
{
  return workspace_patient_get_state (patient) == WORKSPACE_PATIENT_READY;
}

static GtkWidget *
open_dialog (DisplayFixture *fixture, WorkspacePatient **patient)
{
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, NULL);

  care_fixture_write (&fixture->care, put_jane);
  care_fixture_write (&fixture->care, put_pull);
  *patient = workspace_patient_new (fixture->session, "jane");
  g_assert_true (display_spin (is_ready, *patient));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 700);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
present (WorkspacePatient *patient, GtkWidget *window)
{
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new ("d1", "jane", "Practitioner/doctor", NULL);

  adw_dialog_present (prescribe_sign_dialog_new (patient, draft, NULL), window);
}

/* H6: a fresh chart is not talked about; whoever signs on an old one reads how old it is. */
static void
test_as_of (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (WorkspacePatient) patient = NULL;
  GtkWidget *window = open_dialog (fixture, &patient);

  present (patient, window);
  display_assert_label (window, "Sign for SMITH, Jane?");
  g_assert_null (display_find_label (window, "Allergies, medicines and results"));
  adw_dialog_force_close (adw_window_get_visible_dialog (ADW_WINDOW (window)));

  base_clock_advance (fixture->care.clock, 3 * G_TIME_SPAN_HOUR);
  present (patient, window);
  display_assert_label (window, "Allergies, medicines and results: as of 08:59 (3 h ago).");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A controlled drug asks for the digits; what nobody could look up may be signed with them. */
static void
test_second_factor (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (WorkspacePatient) patient = NULL;
  GtkWidget *window = open_dialog (fixture, &patient), *row;
  const StoreDrug *drug = store_content_get_drug (fixture->care.content, "197591");
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new ("d1", "jane", "Practitioner/doctor", NULL);
  AdwAlertDialog *dialog;

  present (patient, window);
  dialog = ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (window)));
  display_assert_label (window, "NOT CHECKED whether this drug is a controlled drug");
  g_assert_true (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  row = display_find_child (GTK_WIDGET (dialog), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (row), "12");
  g_assert_false (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  adw_dialog_force_close (ADW_DIALOG (dialog));

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  dialog = ADW_ALERT_DIALOG (prescribe_sign_dialog_new (patient, draft, NULL));
  adw_dialog_present (ADW_DIALOG (dialog), window);
  display_assert_label (window, "CONTROLLED DRUG: diazepam");
  display_assert_label (window, "Only Dr Ada Stone");
  g_assert_false (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  row = display_find_child (GTK_WIDGET (dialog), ADW_TYPE_ENTRY_ROW);
  gtk_editable_set_text (GTK_EDITABLE (row), "123456");
  g_assert_true (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/prescribe/sign-dialog/as-of", test_as_of);
  display_add ("/prescribe/sign-dialog/second-factor", test_second_factor);
  return g_test_run ();
}
