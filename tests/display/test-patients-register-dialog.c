/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-register-dialog.h"

#include "care-channel.h"
#include "display-fixture.h"
#include "patients-contact-dialog.h"
#include "patients-page.h"

static gboolean
put_people (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane']}],'birthDate':'1961-03-12','identifier':[{'value':'A-170'}]}");
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
  display_assert_label (window, "SMITH, Jane");
  return window;
}

static gboolean
has_dialog (gpointer window)
{
  return adw_application_window_get_visible_dialog (window) != NULL;
}

static gboolean
has_no_dialog (gpointer window)
{
  return !has_dialog (window);
}

static GtkWidget *
open_dialog (GtkWidget *window)
{
  gtk_widget_activate_action (window, "win.register-patient", NULL);
  g_assert_true (display_spin (has_dialog, window));
  return GTK_WIDGET (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
}

static gpointer
child_of (GtkWidget *dialog, const char *name)
{
  GObject *child = gtk_widget_get_template_child (dialog, PATIENTS_TYPE_REGISTER_DIALOG, name);

  g_assert_nonnull (child);
  return child;
}

static void
type (GtkWidget *dialog, const char *child, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (child_of (dialog, child)), text);
}

static gboolean
is_sensitive (gpointer widget)
{
  return gtk_widget_get_sensitive (widget);
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

/* Whoever may be the same stands in the way until somebody looked; another name asks again. */
static void
test_similar (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) opened = g_string_new (NULL);

  care_fixture_write (&fixture->care, put_people);
  g_signal_connect (fixture->session, "open-patient", G_CALLBACK (opened_cb), opened);
  GtkWidget *window = open_page (fixture);
  GtkWidget *dialog = open_dialog (window);
  GtkWidget *button = child_of (dialog, "register_button");
  GtkCheckButton *answer = child_of (dialog, "answer_button");
  display_assert_label (dialog, "Write the name.");
  type (dialog, "family_row", "Smyth");
  type (dialog, "given_row", "Jayne");
  display_assert_label (dialog, "Write the birth date.");
  type (dialog, "born_row", "soon");
  display_assert_label (dialog, "This is no date.");
  type (dialog, "born_row", "12-Mar-1961");
  display_assert_label (dialog, "Born the same day, with a like name · 12-Mar-1961 · A-170");
  g_assert_false (is_sensitive (button));
  g_signal_emit_by_name (gtk_widget_get_ancestor (display_find_label (dialog, "Open"),
                                                  GTK_TYPE_BUTTON),
                         "clicked");
  g_assert_cmpstr (opened->str, ==, "jane");

  gtk_check_button_set_active (answer, TRUE);
  g_assert_true (display_spin (is_sensitive, button));
  type (dialog, "given_row", "Jan"); /* the same person is shown: the answer stands */
  g_assert_true (display_spin (is_sensitive, button));
  type (dialog, "identifier_row", "A170");
  display_assert_label (dialog, "Somebody has this identifier.");
  g_assert_false (is_sensitive (button));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
check_one (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "Patient", "family=nowak"), ==, 1);
  return TRUE;
}

static void
test_register (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_people);
  GtkWidget *window = open_page (fixture);
  GtkWidget *dialog = open_dialog (window);
  GtkWidget *button = child_of (dialog, "register_button");
  type (dialog, "family_row", "Nowak");
  type (dialog, "given_row", "Zofia");
  type (dialog, "born_row", "1990-05-02");
  g_assert_true (display_spin (is_sensitive, button));
  g_signal_emit_by_name (button, "clicked");
  display_assert_label (window, "Zofia Nowak is registered.");
  display_assert_label (window, "NOWAK, Zofia");
  care_fixture_read (&fixture->care, check_one);
  g_signal_emit_by_name (gtk_widget_get_ancestor (display_find_label (window, "Undo"),
                                                  GTK_TYPE_BUTTON),
                         "clicked");
  g_assert_true (display_spin (is_gone, &(DisplayLabel) { window, "NOWAK, Zofia" }));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gpointer
contact_child (GtkWidget *dialog, const char *name)
{
  GObject *child = gtk_widget_get_template_child (dialog, PATIENTS_TYPE_CONTACT_DIALOG, name);

  g_assert_nonnull (child);
  return child;
}

static void
contact_type (GtkWidget *dialog, const char *child, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (contact_child (dialog, child)), text);
}

static void
press (gpointer widget, const char *text)
{
  display_assert_label (widget, text);
  g_signal_emit_by_name (gtk_widget_get_ancestor (display_find_label (widget, text),
                                                  GTK_TYPE_BUTTON),
                         "clicked");
}

static gboolean
check_corrected (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) jane = care_fixture_get (connection, "Patient", "jane");

  g_assert_cmpstr (fhir_resource_path_text (jane, "telecom.0.value"), ==, "222");
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "target=Patient/jane"), ==, 1);
  return TRUE;
}

#define JANE(street)                                                                               \
  "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['Jane']}],"            \
  "'birthDate':'1961-03-12','address':[{'text':'" street "'}]}"

static gboolean
put_address (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, JANE ("1 Old Road"));
  return TRUE;
}

static gboolean
put_newer_address (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, JANE ("2 New Street"));
  return TRUE;
}

static gboolean
check_address (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) jane = care_fixture_get (connection, "Patient", "jane");

  g_assert_cmpstr (fhir_resource_path_text (jane, "telecom.0.value"), ==, "222");
  g_assert_cmpstr (fhir_resource_path_text (jane, "address.0.text"), ==, "2 New Street");
  g_assert_null (fhir_resource_path_text (jane, "address.1.text"));
  return TRUE;
}

static gboolean
shows_address (gpointer dialog)
{
  return *gtk_editable_get_text (contact_child (dialog, "address_row"));
}

/* An address that came from the server while only the number was corrected stays. */
static void
test_contact_untouched (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_address);
  GtkWidget *window = open_page (fixture);
  AdwDialog *dialog = patients_contact_dialog_new (fixture->session, "jane");

  adw_dialog_present (dialog, window);
  g_assert_true (display_spin (shows_address, dialog));
  care_fixture_write (&fixture->care, put_newer_address);
  contact_type (GTK_WIDGET (dialog), "phone_row", "222");
  g_assert_true (display_spin (is_sensitive, contact_child (GTK_WIDGET (dialog), "save_button")));
  g_signal_emit_by_name (contact_child (GTK_WIDGET (dialog), "save_button"), "clicked");
  g_assert_true (display_spin (has_no_dialog, window));
  care_fixture_read (&fixture->care, check_address);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
put_reached (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane']}],'birthDate':'1961-03-12','telecom':[{'system':'phone','value':"
                    "'+44 7700 900123'}]}");
  return TRUE;
}

static CareConsentState
state_of (StoreConnection *connection, CareChannel channel, const char *address)
{
  g_autoptr (CareConsent) consent = care_consent_read (connection, "jane", channel, address, NULL);

  return consent->state;
}

static gboolean
check_said (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpint (state_of (connection, CARE_CHANNEL_SMS, "+447700900123"), ==,
                   CARE_CONSENT_REFUSED);
  g_assert_cmpint (state_of (connection, CARE_CHANNEL_EMAIL, "jane@example.org"), ==,
                   CARE_CONSENT_GIVEN);
  g_assert_cmpint (state_of (connection, CARE_CHANNEL_EMAIL, "other@example.org"), ==,
                   CARE_CONSENT_NOT_ASKED);
  return TRUE;
}

static gboolean
is_agreed (gpointer row)
{
  GtkStringObject *chosen = adw_combo_row_get_selected_item (row);

  return chosen && g_str_equal (gtk_string_object_get_string (chosen), "Agrees");
}

/* Asked about each way; what was said is there when the dialog opens again, and holds for that
 * number alone. */
static void
test_contact_consent (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_reached);
  GtkWidget *window = open_page (fixture);
  AdwDialog *dialog = patients_contact_dialog_new (fixture->session, "jane");
  GtkWidget *child = GTK_WIDGET (dialog);

  adw_dialog_present (dialog, window);
  display_assert_label (dialog, "+44 7700 900123");
  display_assert_label (dialog, "none recorded");
  g_assert_false (is_sensitive (contact_child (child, "save_button")));
  contact_type (child, "email_row", "no address");
  adw_combo_row_set_selected (contact_child (child, "sms_said_row"), CARE_CONSENT_REFUSED);
  adw_combo_row_set_selected (contact_child (child, "email_said_row"), CARE_CONSENT_GIVEN);
  g_signal_emit_by_name (contact_child (child, "save_button"), "clicked");
  display_assert_label (dialog, "This is no e-mail address.");
  contact_type (child, "email_row", "jane@example.org");
  g_assert_true (display_spin (is_sensitive, contact_child (child, "save_button")));
  g_signal_emit_by_name (contact_child (child, "save_button"), "clicked");
  g_assert_true (display_spin (has_no_dialog, window));
  care_fixture_read (&fixture->care, check_said);

  dialog = patients_contact_dialog_new (fixture->session, "jane");
  adw_dialog_present (dialog, window);
  display_assert_label (dialog, "jane@example.org");
  GtkWidget *said = contact_child (GTK_WIDGET (dialog), "email_said_row");
  g_assert_true (display_spin (is_agreed, said));
  /* "Not asked" is over once somebody was. */
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (said))), ==,
                    2);
  g_assert_false (is_sensitive (contact_child (GTK_WIDGET (dialog), "save_button")));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Who is chosen: the number is put right with an Undo, somebody speaks for her, and no longer. */
static void
test_contact (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_people);
  GtkWidget *window = open_page (fixture);
  gtk_widget_activate_action (window, "win.correct-contact", NULL);
  display_assert_label (window, "Choose a patient first.");
  gtk_widget_activate_action (window, "win.next-patient-list", NULL);
  gtk_widget_activate_action (window, "win.next-patient-list", NULL); /* not seen in a year */
  display_assert_label (window, "cannot be judged");
  gtk_widget_activate_action (window, "win.next-patient-list", NULL);
  gtk_widget_activate_action (window, "win.next-patient-list", NULL);
  gtk_widget_activate_action (window, "win.next-patient-list", NULL);
  display_assert_label (window, "SMITH, Jane");
  gtk_selection_model_select_item (gtk_list_view_get_model (GTK_LIST_VIEW (
                                       gtk_widget_get_ancestor (display_find_label (window,
                                                                                    "SMITH, Jane"),
                                                                GTK_TYPE_LIST_VIEW))),
                                   0, TRUE);
  gtk_widget_activate_action (window, "win.correct-contact", NULL);
  g_assert_true (display_spin (has_dialog, window));
  GtkWidget *dialog =
      GTK_WIDGET (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
  display_assert_label (dialog, "Nobody is recorded");
  contact_type (dialog, "proxy_name_row", "Anna Smith");
  adw_combo_row_set_selected (contact_child (dialog, "relationship_row"), 2);
  g_assert_true (display_spin (is_sensitive, contact_child (dialog, "add_button")));
  g_signal_emit_by_name (contact_child (dialog, "add_button"), "activated");
  display_assert_label (dialog, "Child · since 22-Nov-2026");
  press (dialog, "End");
  display_assert_label (dialog, "no longer");
  g_assert_false (is_sensitive (contact_child (dialog, "save_button")));
  contact_type (dialog, "phone_row", "222");
  g_assert_true (display_spin (is_sensitive, contact_child (dialog, "save_button")));
  g_signal_emit_by_name (contact_child (dialog, "save_button"), "clicked");
  display_assert_label (window, "Corrected.");
  care_fixture_read (&fixture->care, check_corrected);
  press (window, "Undo");
  display_assert_label (window, "Undone: it is as it was.");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* An older toast has an Undo of its own, as long as it is on its way out. */
static gboolean
says_no_more (gpointer data)
{
  DisplayLabel *label = data;

  return display_find_label (label->widget, label->text) == NULL;
}

static gboolean
may_be_ended (gpointer dialog)
{
  return display_find_label (dialog, "no longer") == NULL &&
         display_find_label (dialog, "Anna Smith") != NULL;
}

/* H21: who speaks for her rests for an Undo, and so does that nobody does. */
static void
test_contact_undo (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_people);
  GtkWidget *window = open_page (fixture);
  AdwDialog *shown = patients_contact_dialog_new (fixture->session, "jane");
  GtkWidget *dialog = GTK_WIDGET (shown);

  adw_dialog_present (shown, window);
  display_assert_label (dialog, "Nobody is recorded");
  contact_type (dialog, "proxy_name_row", "Anna Smith");
  g_assert_true (display_spin (is_sensitive, contact_child (dialog, "add_button")));
  g_signal_emit_by_name (contact_child (dialog, "add_button"), "activated");
  display_assert_label (dialog, "Added.");
  display_assert_label (dialog, "since 22-Nov-2026");
  press (dialog, "Undo");
  display_assert_label (dialog, "Undone: it is as it was.");
  display_assert_label (dialog, "Nobody is recorded");
  contact_type (dialog, "proxy_name_row", "Anna Smith");
  g_assert_true (display_spin (is_sensitive, contact_child (dialog, "add_button")));
  g_signal_emit_by_name (contact_child (dialog, "add_button"), "activated");
  display_assert_label (dialog, "since 22-Nov-2026");
  press (dialog, "End");
  display_assert_label (dialog, "no longer");
  display_assert_label (dialog, "Ended.");
  g_assert_true (display_spin (says_no_more, &(DisplayLabel) { dialog, "Added." }));
  press (dialog, "Undo");
  g_assert_true (display_spin (may_be_ended, dialog));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
read_draft (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (StoreDraft) draft =
      store_draft_load (connection, "form:registration::Practitioner/doctor", NULL);

  *(gboolean *) data = draft && strstr (draft->body, "960714") && strstr (draft->body, "female");
  return TRUE;
}

static gboolean
is_kept (gpointer data)
{
  DisplayFixture *fixture = data;
  gboolean kept = FALSE;

  g_assert_true (store_database_read (fixture->care.database, read_draft, &kept, NULL));
  return kept;
}

static gboolean
is_forgotten (gpointer data)
{
  return !is_kept (data);
}

/* A killed program has nothing but what is on the disk: it is there with each pause of the typing,
 * is taken up again by the next form, and forgotten once somebody is registered. */
static void
test_draft (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_people);
  GtkWidget *window = open_page (fixture);
  GtkWidget *dialog = open_dialog (window);
  g_assert_null (display_find_label (dialog, "here again"));
  type (dialog, "family_row", "Nowak");
  type (dialog, "phone_row", "+44 1632 960714");
  adw_combo_row_set_selected (child_of (dialog, "sex_row"), 1);
  g_assert_true (display_spin (is_kept, fixture));
  gtk_window_destroy (GTK_WINDOW (window)); /* as it goes with kill -9: nothing was closed */

  window = open_page (fixture);
  dialog = open_dialog (window);
  display_assert_label (dialog, "What you typed before is here again.");
  g_assert_cmpstr (gtk_editable_get_text (child_of (dialog, "family_row")), ==, "Nowak");
  g_assert_cmpstr (gtk_editable_get_text (child_of (dialog, "phone_row")), ==, "+44 1632 960714");
  g_assert_cmpuint (adw_combo_row_get_selected (child_of (dialog, "sex_row")), ==, 1);
  type (dialog, "born_row", "1990-05-02");
  g_assert_true (display_spin (is_sensitive, child_of (dialog, "register_button")));
  g_signal_emit_by_name (child_of (dialog, "register_button"), "clicked");
  display_assert_label (window, "Nowak is registered.");
  g_assert_true (display_spin (is_forgotten, fixture));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/patients/register-dialog/similar", DisplayFixture, NULL, display_fixture_set_up,
              test_similar, display_fixture_tear_down);
  g_test_add ("/patients/register-dialog/register", DisplayFixture, NULL, display_fixture_set_up,
              test_register, display_fixture_tear_down);
  g_test_add ("/patients/contact-dialog/correct", DisplayFixture, NULL, display_fixture_set_up,
              test_contact, display_fixture_tear_down);
  display_add ("/patients/contact-dialog/undo", test_contact_undo);
  display_add ("/patients/contact-dialog/untouched", test_contact_untouched);
  display_add ("/patients/contact-dialog/consent", test_contact_consent);
  g_test_add ("/patients/register-dialog/draft", DisplayFixture, NULL, display_fixture_set_up,
              test_draft, display_fixture_tear_down);
  return g_test_run ();
}
