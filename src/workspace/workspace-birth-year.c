/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-birth-year.h"

#include <glib/gi18n.h>

#include "workspace-open.h"
#include "workspace-text.h"

/* While another patient with a like name is open, whoever signs writes in which year this one was
 * born: the one thing of the banner that has to be read to be written. */

#define YEAR_DIGITS 4

/* (transfer full) (nullable): the year of "12-Mar-1961" or "1961年3月12日"; NULL where there is
 * none. */
char *
workspace_birth_year_find (const char *birth_date)
{
  for (const char *p = birth_date; p && *p; p += MAX (strspn (p, "0123456789"), 1))
    if (strspn (p, "0123456789") == YEAR_DIGITS)
      return g_strndup (p, YEAR_DIGITS);
  return NULL;
}

typedef struct
{
  AdwAlertDialog *dialog; /* not owned: the entry is within it */
  char *response, *year;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_free (question->response);
  g_free (question->year);
  g_free (question);
}

static void
changed_cb (GtkEditable *entry, Question *question)
{
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  gboolean right = g_str_equal (typed, question->year);
  gboolean wrong = !right && strlen (typed) >= YEAR_DIGITS;

  adw_alert_dialog_set_response_enabled (question->dialog, question->response, right);
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static GtkWidget *
entry_new (AdwAlertDialog *dialog, const char *response, const char *year)
{
  GtkWidget *entry = adw_entry_row_new ();
  GtkWidget *list = gtk_list_box_new ();
  Question *question = g_new0 (Question, 1);

  question->dialog = dialog;
  question->response = g_strdup (response);
  question->year = g_strdup (year);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _ ("Year of birth of this patient"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  adw_entry_row_set_max_length (ADW_ENTRY_ROW (entry), YEAR_DIGITS);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Year of birth of this patient"), -1);
  g_signal_connect_data (entry, "changed", G_CALLBACK (changed_cb), question, question_free, 0);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  adw_alert_dialog_set_response_enabled (dialog, response, FALSE);
  return list;
}

/**
 * workspace_birth_year_new:
 * @dialog: with @response among its responses
 *
 * Returns: (transfer floating) (nullable): the question, until whose answer @response cannot be
 *   chosen; NULL while nobody with a like name is open. Where no birth year is recorded there is
 * only the warning, and Enter does not choose @response
 */
GtkWidget *
workspace_birth_year_new (WorkspacePatient *patient, AdwAlertDialog *dialog, const char *response)
{
  WorkspaceSession *session = workspace_patient_get_session (patient);
  g_autofree char *like = workspace_open_dup_like (workspace_session_get_open (session), patient);
  CareSummary *summary = workspace_patient_get_summary (patient);
  g_autofree char *year =
      summary ? workspace_birth_year_find (care_summary_get_birth_date (summary)) : NULL;
  g_autofree char *words = NULL;
  GtkWidget *box;

  if (!like)
    return NULL;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  words = g_strdup_printf (_ ("LIKE NAME: %s is open too."), like);
  workspace_text_append (box, words, "warning");
  if (year)
    gtk_box_append (GTK_BOX (box), entry_new (dialog, response, year));
  else
    {
      workspace_text_append (box, _ ("No birth year is recorded. Check who this is."), "warning");
      adw_alert_dialog_set_default_response (dialog, adw_alert_dialog_get_close_response (dialog));
    }
  return box;
}

/**
 * workspace_birth_year_dialog_new:
 *
 * Returns: (transfer floating) (nullable): a dialog with the responses "cancel" and "sign", for
 * what is signed without any other question; NULL while nobody with a like name is open
 */
AdwDialog *
workspace_birth_year_dialog_new (WorkspacePatient *patient)
{
  g_autofree char *name = workspace_patient_dup_name (patient);
  g_autofree char *heading = g_strdup_printf (_ ("Sign for %s?"), name);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, NULL));
  GtkWidget *question;

  adw_alert_dialog_add_responses (dialog, "cancel", _ ("_Back"), "sign", _ ("_Sign"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "sign", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_set_default_response (dialog, "sign");
  question = workspace_birth_year_new (patient, dialog, "sign");
  if (question)
    {
      adw_alert_dialog_set_extra_child (dialog, question);
      return ADW_DIALOG (dialog);
    }
  g_object_ref_sink (dialog);
  g_object_unref (dialog);
  return NULL;
}
