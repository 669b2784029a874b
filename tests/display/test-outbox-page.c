/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription.h"
#include "display-fixture.h"
#include "outbox-actions.h"
#include "outbox-page.h"

static GtkWidget *
open_page (DisplayFixture *fixture, GtkWidget **window)
{
  GtkWidget *page = outbox_page_new (fixture->session);
  GtkWidget *toasts = adw_toast_overlay_new ();

  *window = g_object_new (ADW_TYPE_WINDOW, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), page);
  gtk_window_set_default_size (GTK_WINDOW (*window), 800, 600);
  adw_window_set_content (ADW_WINDOW (*window), toasts);
  gtk_window_present (GTK_WINDOW (*window));
  return page;
}

static gboolean
put_refused (StoreConnection *connection, gpointer data, GError **error)
{
  gint64 sequence = 0;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}]}");
  care_fixture_put (connection, "{'resourceType':'Task','id':'t1','status':'draft','intent':'order'"
                                ",'for':{'reference':'Patient/jane'}}");
  return store_journal_append (connection, "g1", STORE_JOURNAL_CREATE, "Task", "t1", "jane", NULL,
                               0, &sequence, error) &&
         store_journal_set_state (connection, sequence, "refused", "Task.owner: nobody", error);
}

static void
test_empty (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  open_page (fixture, &window);
  display_assert_label (window, "Nothing Waits");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What was set aside stands with the server's words and with what to do. */
static void
test_refused (DisplayFixture *fixture, gconstpointer data)
{
  GtkWidget *window = NULL;

  care_fixture_write (&fixture->care, put_refused);
  open_page (fixture, &window);
  display_assert_label (window, "Task for SMITH, Jane");
  display_assert_label (window, "Refused by the server");
  display_assert_label (window, "The server says: “Task.owner: nobody”");
  display_assert_label (window, "Correct it in the chart, then send it again.");
  display_assert_label (window, "Export…");
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
count_audit (StoreConnection *connection, gpointer rows, GError **error)
{
  return store_audit_verify (connection, rows, error);
}

static gboolean
is_audited (gpointer database)
{
  gint64 rows = 0;

  return store_database_read (database, count_audit, &rows, NULL) && rows == 1;
}

/* The export is announced before a place is chosen; the file is its owner's alone, and the audit
 * has it. */
static void
test_export (DisplayFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->care.folder, "outbox.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *window = NULL;
  GStatBuf status;

  care_fixture_write (&fixture->care, put_refused);
  GtkWidget *page = open_page (fixture, &window);
  display_assert_label (window, "Task for SMITH, Jane");
  gtk_widget_activate_action (page, "outbox.export", NULL);
  display_assert_label (window, "This File Will Hold Patients’ Data");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (is_audited (fixture->care.database));
  adw_dialog_force_close (adw_window_get_visible_dialog (ADW_WINDOW (window)));

  outbox_actions_write_export (page, fixture->session, file);
  display_assert_label (window, "1 change was written to outbox.json.");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (display_spin (is_audited, fixture->care.database));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Signed amoxicillin, held because an allergy came from the server afterwards. */
static gboolean
put_held (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;
  const StoreDrug *drug = store_content_get_drug (care->content, "308191");
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new ("rx1", "jane", "Practitioner/doctor", NULL);
  g_autoptr (GPtrArray) entries = NULL;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                NULL);
  if (!care_prescription_sign (connection, care->doctor, draft, CLINICAL_CONTENT (care->content),
                               NULL, NULL, error))
    return FALSE;
  care_fixture_put (connection, "{'resourceType':'AllergyIntolerance','id':'pen','clinicalStatus':{"
                                "'coding':[{'code':'active'}]},'criticality':'high','code':{'text':"
                                "'Penicillin'},'patient':{'reference':'Patient/jane'}}");
  entries = store_journal_list (connection, NULL, 10, error);
  for (guint i = 0; entries && i < entries->len; i++)
    if (!store_journal_set_state (connection, ((StoreJournalEntry *) entries->pdata[i])->sequence,
                                  "held", "review: the allergies changed", error))
      return FALSE;
  return entries != NULL;
}

static gboolean
get_group (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "held", 1, error);

  *(char **) data = g_strdup (((StoreJournalEntry *) entries->pdata[0])->group);
  return TRUE;
}

static GtkWidget *
find_entry (GtkWidget *widget)
{
  if (GTK_IS_ENTRY (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_entry (child);

      if (found)
        return found;
    }
  return NULL;
}

static gboolean
read_issue (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "held", 20, error);
  gboolean *found = data;

  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];
      g_autoptr (FhirResource) resource = care_fixture_get (connection, entry->type, entry->id);

      *found = *found || g_strcmp0 (fhir_resource_path_text (resource, "mitigation.0.action.text"),
                                    "Tolerated it in 2024") == 0;
    }
  return TRUE;
}

static gboolean
is_signed (gpointer database)
{
  gboolean found = FALSE;

  return store_database_read (database, read_issue, &found, NULL) && found;
}

/* H2: whoever signs again reads what the checks say now, what is new first, and gives a reason as
 * at the first signature. */
static void
test_sign_again (DisplayFixture *fixture, gconstpointer data)
{
  g_autofree char *group = NULL;
  GtkWidget *window = NULL, *page;
  AdwAlertDialog *dialog;

  care_fixture_write (&fixture->care, put_held);
  g_assert_true (store_database_read (fixture->care.database, get_group, &group, NULL));
  page = open_page (fixture, &window);
  display_assert_label (window, "Prescription for SMITH, Jane");
  gtk_widget_activate_action (page, "outbox.sign", "s", group);
  display_assert_label (window, "Sign This Again?");
  display_assert_label (window, "New since you signed");
  display_assert_label (window, "enicillin");
  display_assert_label (window, "The other checks, run again now");
  display_assert_label (window, "never compared with the clinic’s server");
  dialog = ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (window)));
  g_assert_false (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  gtk_editable_set_text (GTK_EDITABLE (find_entry (GTK_WIDGET (dialog))), "Tolerated it in 2024");
  g_assert_true (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  g_assert_cmpstr (adw_alert_dialog_get_default_response (dialog), ==, "chart");
  g_signal_emit_by_name (dialog, "response", "sign");
  adw_dialog_force_close (ADW_DIALOG (dialog));
  g_assert_true (display_spin (is_signed, fixture->care.database));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_janet (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'janet','name':[{'family':'Smyth',"
                                "'given':['Janet']}],'birthDate':'1975-04-03'}");
  return TRUE;
}

static GtkWidget *
find_year (GtkWidget *widget)
{
  if (ADW_IS_ENTRY_ROW (widget) &&
      g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)),
                   "Year of birth of this patient"))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_year (child);

      if (found)
        return found;
    }
  return NULL;
}

/* H33: the window of this patient is closed, and that of a like name is open: whoever signs again
 * has read the birth date as well. */
static void
test_sign_like_name (DisplayFixture *fixture, gconstpointer data)
{
  g_autofree char *group = NULL;
  GtkWidget *window = NULL, *page, *year;
  AdwAlertDialog *dialog;

  care_fixture_write (&fixture->care, put_held);
  care_fixture_write (&fixture->care, put_janet);
  g_assert_true (store_database_read (fixture->care.database, get_group, &group, NULL));
  WorkspacePatientWindow *janet = workspace_patient_window_new (NULL, fixture->session, "janet");
  gtk_window_present (GTK_WINDOW (janet));
  display_assert_label (janet, "SMYTH, Janet");
  page = open_page (fixture, &window);
  display_assert_label (window, "Prescription for SMITH, Jane");
  gtk_widget_activate_action (page, "outbox.sign", "s", group);
  display_assert_label (window, "LIKE NAME: SMYTH, Janet (03-Apr-1975) is open too.");
  dialog = ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (window)));
  year = find_year (GTK_WIDGET (dialog));
  g_assert_nonnull (year);
  gtk_editable_set_text (GTK_EDITABLE (find_entry (GTK_WIDGET (dialog))), "Tolerated it in 2024");
  g_assert_false (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  gtk_editable_set_text (GTK_EDITABLE (year), "1975");
  g_assert_false (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  gtk_editable_set_text (GTK_EDITABLE (year), "1961");
  g_assert_true (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  /* each of the two questions holds it back */
  gtk_editable_set_text (GTK_EDITABLE (find_entry (GTK_WIDGET (dialog))), "");
  g_assert_false (adw_alert_dialog_get_response_enabled (dialog, "sign"));
  adw_dialog_force_close (ADW_DIALOG (dialog));
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_window_destroy (GTK_WINDOW (janet));
}

/* Where nothing could be checked nothing is signed. */
static void
test_sign_unchecked (DisplayFixture *fixture, gconstpointer data)
{
  g_autofree char *group = NULL;
  GtkWidget *window = NULL, *page;

  care_fixture_write (&fixture->care, put_held);
  workspace_session_set_content (fixture->session, NULL);
  g_assert_true (store_database_read (fixture->care.database, get_group, &group, NULL));
  page = open_page (fixture, &window);
  display_assert_label (window, "Prescription for SMITH, Jane");
  gtk_widget_activate_action (page, "outbox.sign", "s", group);
  display_assert_label (window, "The checks could not be run, so it cannot be signed here.");
  g_assert_false (adw_alert_dialog_get_response_enabled (
      ADW_ALERT_DIALOG (adw_window_get_visible_dialog (ADW_WINDOW (window))), "sign"));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/outbox/page/empty", test_empty);
  display_add ("/outbox/page/refused", test_refused);
  display_add ("/outbox/page/export", test_export);
  display_add ("/outbox/page/sign-again", test_sign_again);
  display_add ("/outbox/page/sign-like-name", test_sign_like_name);
  display_add ("/outbox/page/sign-unchecked", test_sign_unchecked);
  return g_test_run ();
}
