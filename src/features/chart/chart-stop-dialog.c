/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-stop-dialog.h"

#include <glib/gi18n.h>

#include "workspace-birth-year.h"
#include "workspace-open.h"
#include "workspace-text.h"

/* The question before a medicine is stopped: each prescription of it with where it is now and what
 * becomes of its supply, that this computer is offline, and why. */

static void
append_orders (GtkWidget *box, const CareMedicineStop *stop)
{
  for (guint i = 0; i < stop->orders->len; i++)
    {
      const CareMedicineStopOrder *order = stop->orders->pdata[i];

      if (g_strcmp0 (order->name, stop->name) != 0)
        workspace_text_append (box, order->name, "heading");
      workspace_text_append (box, order->where, "dimmed");
      workspace_text_append (box, order->what, NULL);
    }
  if (stop->orders->len == 0)
    workspace_text_append (box,
                           _ ("It was not prescribed here: that it is stopped is written down, and "
                              "no pharmacy is asked to stop."),
                           NULL);
}

/* What is asked of a pharmacy reaches it through the server. */
static void
append_offline (GtkWidget *box, WorkspacePatient *patient, const CareMedicineStop *stop)
{
  if (workspace_session_get_connected (workspace_patient_get_session (patient)))
    return;
  workspace_text_append (box,
                         stop->is_open ? _ ("This computer is offline: the pharmacy hears of it "
                                            "when it is connected again. Ring the pharmacy.")
                                       : _ ("This computer is offline: others see it when it is "
                                            "connected again."),
                         "warning");
}

/* (transfer full) */
char *
chart_stop_dialog_dup_reason (AdwDialog *dialog)
{
  GtkEditable *entry = g_object_get_data (G_OBJECT (dialog), "reason");

  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

/* Only with a reason, and with the birth year where somebody of a like name is open too. */
static void
update (AdwDialog *dialog)
{
  g_autofree char *reason = chart_stop_dialog_dup_reason (dialog);
  GtkWidget *like = g_object_get_data (G_OBJECT (dialog), "like");

  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "stop",
                                         *reason != '\0' &&
                                             (!like || workspace_birth_year_is_answered (like)));
}

static void
like_cb (GtkWidget *question, gpointer dialog)
{
  update (dialog);
}

static void
append_like (GtkWidget *box, AdwDialog *dialog, WorkspacePatient *patient)
{
  WorkspaceSession *session = workspace_patient_get_session (patient);
  g_autofree char *like = workspace_open_dup_like (workspace_session_get_open (session), patient);
  CareSummary *summary = workspace_patient_get_summary (patient);
  GtkWidget *question;

  if (!like)
    return;
  question =
      workspace_birth_year_question_new (like,
                                         summary ? care_summary_get_birth_date (summary) : NULL,
                                         like_cb, dialog);
  g_object_set_data (G_OBJECT (dialog), "like", question);
  gtk_box_append (GTK_BOX (box), question);
}

static GtkWidget *
append_reason (GtkWidget *box, AdwDialog *dialog)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *entry = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Why (Required)"),
                                   "activates-default", TRUE, NULL);

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  gtk_box_append (GTK_BOX (box), list);
  g_signal_connect_object (entry, "changed", G_CALLBACK (update), dialog, G_CONNECT_SWAPPED);
  g_object_set_data (G_OBJECT (dialog), "reason", entry);
  return entry;
}

static GtkWidget *
content_new (AdwDialog *dialog, WorkspacePatient *patient, const CareMedicineStop *stop)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autofree char *other = workspace_patient_dup_other_call (patient);
  g_autofree char *as_of = workspace_patient_dup_as_of (patient);
  g_autofree char *chart = as_of ? g_strdup_printf (_ ("Medicines: %s."), as_of) : NULL;

  append_like (box, dialog, patient);
  workspace_text_append (box, other, "warning");
  workspace_text_append (box, chart, "warning");
  workspace_text_append (box, stop->name, "heading");
  append_orders (box, stop);
  append_offline (box, patient, stop);
  adw_dialog_set_focus (dialog, append_reason (box, dialog));
  workspace_text_append (
      box, _ ("It is written under your name. It rests ten seconds first and can be undone."),
      "dimmed");
  return box;
}

/**
 * chart_stop_dialog_new:
 * @stop: what it does, as it was just read
 *
 * Returns: (transfer floating): the question; nothing is stopped without a reason
 */
AdwDialog *
chart_stop_dialog_new (WorkspacePatient *patient, const CareMedicineStop *stop)
{
  g_autofree char *name = workspace_patient_dup_name (patient);
  g_autofree char *other = workspace_patient_dup_other_call (patient);
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Stop This Medicine?"), name);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_add_responses (alert, "keep", _ ("_Keep It"), "stop",
                                  stop->is_open ? _ ("_Stop and Cancel Supply") : _ ("_Stop"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (alert, "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (alert, "keep");
  /* with another patient on the line, Enter alone must not stop anything (H8) */
  adw_alert_dialog_set_default_response (alert, other ? "keep" : "stop");
  adw_alert_dialog_set_extra_child (alert, content_new (dialog, patient, stop));
  adw_alert_dialog_set_response_enabled (alert, "stop", FALSE);
  return dialog;
}
