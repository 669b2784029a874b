/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-birth-year.h"

#include <glib/gi18n.h>

#include "workspace-open.h"
#include "workspace-response.h"
#include "workspace-text.h"

/* While another patient with a like name is open, whoever signs writes in which year this one was
 * born: the one thing of the banner that has to be read to be written. What is signed without any
 * other question also asks while another patient is on the line. */

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

/* ---- the question ---- */

typedef struct
{
  GtkWidget *question; /* not owned: the entry is within it */
  char *year;
  WorkspaceBirthYearChanged changed;
  gpointer data;
} Asked;

static void
asked_free (gpointer data, GClosure *closure)
{
  Asked *asked = data;

  g_free (asked->year);
  g_free (asked);
}

static void
set_answered (GtkWidget *question, gboolean answered)
{
  g_object_set_data (G_OBJECT (question), "birth-year-answered", GINT_TO_POINTER (answered));
}

static void
typed_cb (GtkEditable *entry, Asked *asked)
{
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (entry)));
  gboolean right = g_str_equal (typed, asked->year);
  gboolean wrong = !right && strlen (typed) >= YEAR_DIGITS;

  set_answered (asked->question, right);
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  asked->changed (asked->question, asked->data);
}

/* @asked: (transfer full) */
static GtkWidget *
entry_new (Asked *asked)
{
  GtkWidget *entry = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _ ("Year of birth of this patient"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  adw_entry_row_set_max_length (ADW_ENTRY_ROW (entry), YEAR_DIGITS);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Year of birth of this patient"), -1);
  g_signal_connect_data (entry, "changed", G_CALLBACK (typed_cb), asked, asked_free, 0);
  set_answered (asked->question, FALSE);
  return entry;
}

/**
 * workspace_birth_year_question_new:
 * @like: who else is open: workspace_open_dup_like ()
 * @birth_date: (nullable): of the patient for whom is signed; NULL where none is recorded, and
 * there is only the warning
 * @changed: called whenever something was typed
 *
 * Returns: (transfer floating)
 */
GtkWidget *
workspace_birth_year_question_new (const char *like,
                                   const char *birth_date,
                                   WorkspaceBirthYearChanged changed,
                                   gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autofree char *year = workspace_birth_year_find (birth_date);
  g_autofree char *words = g_strdup_printf (_ ("LIKE NAME: %s is open too."), like);
  GtkWidget *list;
  Asked *asked;

  workspace_text_append (box, words, "warning");
  set_answered (box, TRUE);
  if (!year)
    {
      workspace_text_append (box, _ ("No birth year is recorded. Check who this is."), "warning");
      return box;
    }
  asked = g_new0 (Asked, 1);
  asked->question = box;
  asked->year = g_steal_pointer (&year);
  asked->changed = changed;
  asked->data = data;
  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), entry_new (asked));
  gtk_box_append (GTK_BOX (box), list);
  return box;
}

/* Whether the year of this patient was typed, or cannot be asked. */
gboolean
workspace_birth_year_is_answered (GtkWidget *question)
{
  return g_object_get_data (G_OBJECT (question), "birth-year-answered") != NULL;
}

/* ---- a dialog of one question ---- */

static void
update_response (GtkWidget *question, gpointer dialog)
{
  const char *response = g_object_get_data (G_OBJECT (question), "birth-year-response");
  const char *who = g_object_get_data (G_OBJECT (question), "birth-year-of");

  workspace_response_set (ADW_ALERT_DIALOG (dialog), response, who ? who : "birth-year",
                          workspace_birth_year_is_answered (question));
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
  const char *birth_date = summary ? care_summary_get_birth_date (summary) : NULL;
  g_autofree char *year = workspace_birth_year_find (birth_date);
  GtkWidget *question;

  if (!like)
    return NULL;
  question = workspace_birth_year_question_new (like, birth_date, update_response, dialog);
  g_object_set_data_full (G_OBJECT (question), "birth-year-response", g_strdup (response), g_free);
  update_response (question, dialog);
  if (!year)
    adw_alert_dialog_set_default_response (dialog, adw_alert_dialog_get_close_response (dialog));
  return question;
}

static gboolean
is_asked (GtkWidget *box, const char *id)
{
  for (GtkWidget *child = gtk_widget_get_first_child (box); child;
       child = gtk_widget_get_next_sibling (child))
    if (g_strcmp0 (g_object_get_data (G_OBJECT (child), "birth-year-of"), id) == 0)
      return TRUE;
  return FALSE;
}

/**
 * workspace_birth_year_append:
 * @box: a vertical one in @dialog
 * @name: (nullable): of the patient with @id
 * @birth_date: (nullable)
 *
 * For what is signed of several patients at once: while somebody else with a like name is open,
 * appends the question about this one, once and under their name. @response cannot be chosen
 * until all are answered.
 */
void
workspace_birth_year_append (GtkWidget *box,
                             WorkspaceOpen *open,
                             const char *id,
                             const char *name,
                             const char *birth_date,
                             AdwAlertDialog *dialog,
                             const char *response)
{
  g_autofree char *like = name ? workspace_open_dup_like_name (open, id, name) : NULL;
  g_autofree char *year = workspace_birth_year_find (birth_date);
  GtkWidget *question;

  if (!like || is_asked (box, id))
    return;
  question = workspace_birth_year_question_new (like, birth_date, update_response, dialog);
  g_object_set_data_full (G_OBJECT (question), "birth-year-response", g_strdup (response), g_free);
  g_object_set_data_full (G_OBJECT (question), "birth-year-of", g_strdup (id), g_free);
  workspace_text_append (box, name, "heading");
  gtk_box_append (GTK_BOX (box), question);
  update_response (question, dialog);
  if (!year)
    adw_alert_dialog_set_default_response (dialog, adw_alert_dialog_get_close_response (dialog));
}

/* While another patient is on the line: whose voice is heard, and that this is somebody else (H8).
 */
static GtkWidget *
prepend_call (GtkWidget *question, WorkspacePatient *patient, const char *caller)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autofree char *name = workspace_patient_dup_name (patient);
  g_autofree char *words = g_strdup_printf (_ ("On call with %s – this is %s"), caller, name);

  workspace_text_append (box, words, "warning");
  if (question)
    gtk_box_append (GTK_BOX (box), question);
  return box;
}

/**
 * workspace_birth_year_dialog_new:
 *
 * Returns: (transfer floating) (nullable): a dialog with the responses "cancel" and "sign", for
 * what is signed without any other question; NULL while nobody with a like name is open and no
 * other patient is on the line
 */
AdwDialog *
workspace_birth_year_dialog_new (WorkspacePatient *patient)
{
  g_autofree char *name = workspace_patient_dup_name (patient);
  g_autofree char *caller = workspace_patient_dup_other_call (patient);
  g_autofree char *heading = g_strdup_printf (_ ("Sign for %s?"), name);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, NULL));
  GtkWidget *question;

  adw_alert_dialog_add_responses (dialog, "cancel", _ ("_Back"), "sign",
                                  caller ? _ ("Sign for _This Patient") : _ ("_Sign"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "sign", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (dialog, "cancel");
  /* with another patient on the line, Enter alone must not sign (H8) */
  adw_alert_dialog_set_default_response (dialog, caller ? "cancel" : "sign");
  question = workspace_birth_year_new (patient, dialog, "sign");
  if (caller)
    question = prepend_call (question, patient, caller);
  if (question)
    {
      adw_alert_dialog_set_extra_child (dialog, question);
      return ADW_DIALOG (dialog);
    }
  g_object_ref_sink (dialog);
  g_object_unref (dialog);
  return NULL;
}
