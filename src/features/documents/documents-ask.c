/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-ask.h"

#include <glib/gi18n.h>

#include "workspace-alert.h"

/* Before a chosen or dropped file is in a record: the patient by name and birth date, and whether
 * anything in it stays in the clinic. One question for all the files of one drop. */

#define NAMES_AT_MOST 4

typedef struct
{
  GSList *files;
  DocumentsAnswer answer;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *self = data;

  g_slist_free_full (self->files, g_object_unref);
  g_free (self);
}

static void
response_cb (AdwAlertDialog *dialog, const char *response, GtkWidget *page)
{
  Asked *asked = g_object_get_data (G_OBJECT (dialog), "asked");

  if (g_str_equal (response, "ordinary"))
    asked->answer (page, asked->files, CARE_SENSITIVITY_ORDINARY);
  else if (g_str_equal (response, "sensitive"))
    asked->answer (page, asked->files, CARE_SENSITIVITY_SENSITIVE);
}

static char *
dup_names (GSList *files)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint n = g_slist_length (files), shown = 0;

  for (GSList *file = files; file != NULL && shown < NAMES_AT_MOST; file = file->next, shown++)
    {
      g_autofree char *name = g_file_get_basename (file->data);
      g_autofree char *valid = g_utf8_make_valid (name, -1);

      g_string_append_printf (names, "%s%s", shown > 0 ? "\n" : "", valid);
    }
  if (n > shown)
    {
      g_string_append_c (names, '\n');
      g_string_append_printf (names, ngettext ("and %u more", "and %u more", n - shown), n - shown);
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static char *
dup_who (WorkspacePatient *patient)
{
  CareSummary *summary = workspace_patient_get_summary (patient);
  const char *born = summary != NULL ? care_summary_get_birth_date (summary) : NULL;
  g_autofree char *name = workspace_patient_dup_name (patient);

  if (born == NULL || *born == '\0')
    return g_steal_pointer (&name);
  /* Translators: a patient’s name and date of birth */
  return g_strdup_printf (_ ("%s, born %s"), name, born);
}

/* (transfer floating): @who: the patient, @names: of the files. Answers "ordinary", "sensitive" or
 * "cancel". */
AdwDialog *
documents_ask_new (const char *who, const char *names)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Attach to This Patient?"), NULL);

  adw_alert_dialog_format_body (
      ADW_ALERT_DIALOG (dialog), "%s\n\n%s\n\n%s", who, names,
      _ ("Is anything in it intimate or otherwise sensitive? Then it is not on the page of the "
         "patient, nor of who speaks for them, until somebody releases it."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "sensitive",
                                  _ ("_Yes, Keep in the Clinic"), "ordinary", _ ("_No, Attach"),
                                  NULL);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_prefer_wide_layout (ADW_ALERT_DIALOG (dialog), FALSE);
  return dialog;
}

void
documents_ask (GtkWidget *page, WorkspacePatient *patient, GSList *files, DocumentsAnswer answer)
{
  g_autofree char *who = dup_who (patient);
  g_autofree char *names = dup_names (files);
  AdwDialog *dialog = documents_ask_new (who, names);
  Asked *asked = g_new0 (Asked, 1);

  asked->files = g_slist_copy_deep (files, (GCopyFunc) (void (*) (void)) g_object_ref, NULL);
  asked->answer = answer;
  g_object_set_data_full (G_OBJECT (dialog), "asked", asked, asked_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), page, 0);
  workspace_alert_present (dialog, page);
}
