/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"

#include "prescribe-sign-dialog.h"
#include "workspace-birth-year.h"

/* Two open patients with like names: both windows say so, and signing asks who this is. */

static gboolean
put_patients (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const patients[] = {
    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['Jane']}],"
    "'birthDate':'1961-03-12'}",
    "{'resourceType':'Patient','id':'janet','name':[{'family':'Smyth','given':['Janet']}],"
    "'birthDate':'1975-04-03'}",
    "{'resourceType':'Patient','id':'bob','name':[{'family':'Jones','given':['Bob']}]}",
    "{'resourceType':'Patient','id':'bo','name':[{'family':'Jones','given':['Bo']}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (patients); i++)
    care_fixture_put (connection, patients[i]);
  return TRUE;
}

static WorkspacePatientWindow *
open_window (DisplayFixture *fixture, const char *id, const char *name)
{
  WorkspacePatientWindow *window = workspace_patient_window_new (NULL, fixture->session, id);

  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 800);
  gtk_window_present (GTK_WINDOW (window));
  display_assert_label (window, name);
  return window;
}

static GtkWidget *
find_class (GtkWidget *widget, const char *name)
{
  if (gtk_widget_has_css_class (widget, name))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_class (child, name);
      if (found)
        return found;
    }
  return NULL;
}

static gboolean
is_plain (gpointer window)
{
  return find_class (window, "like-name-banner") == NULL;
}

static void
test_banner (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *jane = open_window (fixture, "jane", "SMITH, Jane");
  WorkspacePatientWindow *bob = open_window (fixture, "bob", "JONES, Bob");

  g_assert_true (is_plain (jane));
  WorkspacePatientWindow *janet = open_window (fixture, "janet", "SMYTH, Janet");
  display_assert_label (jane, "Like name: SMYTH, Janet (03-Apr-1975) is open too.");
  display_assert_label (janet, "Like name: SMITH, Jane (12-Mar-1961) is open too.");
  g_assert_nonnull (find_class (GTK_WIDGET (jane), "like-name-banner"));
  g_assert_true (is_plain (bob));
  /* once the other one is closed there is nothing to take it for */
  gtk_window_destroy (GTK_WINDOW (janet));
  g_assert_true (display_spin (is_plain, jane));
  gtk_window_destroy (GTK_WINDOW (jane));
  gtk_window_destroy (GTK_WINDOW (bob));
}

static GtkWidget *
find_entry (GtkWidget *widget)
{
  if (ADW_IS_ENTRY_ROW (widget))
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

/* The prescription's dialog and the note's: the year of this patient, and no other, lets sign. */
static void
assert_asks (AdwDialog *dialog)
{
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (g_object_ref_sink (dialog));
  GtkWidget *entry = find_entry (adw_alert_dialog_get_extra_child (alert));

  g_assert_nonnull (entry);
  g_assert_false (adw_alert_dialog_get_response_enabled (alert, "sign"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "1975");
  g_assert_false (adw_alert_dialog_get_response_enabled (alert, "sign"));
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "1961");
  g_assert_true (adw_alert_dialog_get_response_enabled (alert, "sign"));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Year of birth of this patient");
  g_object_unref (alert);
}

static void
test_signing (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *jane = open_window (fixture, "jane", "SMITH, Jane");
  WorkspacePatient *patient = workspace_patient_window_get_patient (jane);
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new ("d1", "jane", "Practitioner/doctor", NULL);
  AdwDialog *alone = g_object_ref_sink (prescribe_sign_dialog_new (patient, draft, NULL));

  g_assert_true (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (alone), "sign"));
  g_object_unref (alone);
  g_assert_null (workspace_birth_year_dialog_new (patient));

  WorkspacePatientWindow *janet = open_window (fixture, "janet", "SMYTH, Janet");
  assert_asks (prescribe_sign_dialog_new (patient, draft, NULL));
  assert_asks (workspace_birth_year_dialog_new (patient));
  gtk_window_destroy (GTK_WINDOW (janet));
  gtk_window_destroy (GTK_WINDOW (jane));
}

/* What is not recorded cannot be asked: then Enter alone does not sign. */
static void
test_no_year (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_patients);
  WorkspacePatientWindow *bob = open_window (fixture, "bob", "JONES, Bob");
  WorkspacePatientWindow *bo = open_window (fixture, "bo", "JONES, Bo");
  AdwDialog *dialog = workspace_birth_year_dialog_new (workspace_patient_window_get_patient (bob));

  g_object_ref_sink (dialog);
  g_assert_null (find_entry (adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (dialog))));
  g_assert_cmpstr (adw_alert_dialog_get_default_response (ADW_ALERT_DIALOG (dialog)), ==, "cancel");
  g_object_unref (dialog);
  gtk_window_destroy (GTK_WINDOW (bo));
  gtk_window_destroy (GTK_WINDOW (bob));
}

static gboolean
put_modified (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'bob','name':[{'family':'Jones',"
                                "'given':['Bob']}],'modifierExtension':[{'url':'urn:not',"
                                "'valueBoolean':true}]}");
  return TRUE;
}

/* H35: who somebody is may be what they are not. */
static void
test_modifier (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_write (&fixture->care, put_modified);
  WorkspacePatientWindow *bob = open_window (fixture, "bob", "JONES, Bob");

  display_assert_label (bob, "Do not rely on what is said here of who this is: it carries a "
                             "modifier that may change its meaning. Read it where it was written.");
  gtk_window_destroy (GTK_WINDOW (bob));
}

static void
test_year (void)
{
  static const char *const dates[][2] = { { "12-Mar-1961", "1961" },
                                          { "1961年3月12日", "1961" },
                                          { "Mar-1961", "1961" },
                                          { "Not known", NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autofree char *year = workspace_birth_year_find (dates[i][0]);
      g_assert_cmpstr (year, ==, dates[i][1]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  display_add ("/workspace/like-name/banner", test_banner);
  display_add ("/workspace/like-name/signing", test_signing);
  display_add ("/workspace/like-name/no-year", test_no_year);
  display_add ("/workspace/banner/modifier", test_modifier);
  g_test_add_func ("/workspace/like-name/year", test_year);
  return g_test_run ();
}
