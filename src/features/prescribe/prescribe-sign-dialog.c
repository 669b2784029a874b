/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-sign-dialog.h"

#include <glib/gi18n.h>

#include "care-second-factor.h"
#include "clinical-line.h"
#include "workspace-birth-year.h"
#include "workspace-finding-row.h"
#include "workspace-prescription.h"
#include "workspace-second-factor.h"
#include "workspace-text.h"

/* What is signed, read once more: the line, the dose in words, what is handed out, what was and was
 * not checked, how old the chart is, whose voice is heard, and how sure we are who is there. */

static void
append_identity (GtkWidget *box, WorkspacePatient *patient)
{
  const char *identity = workspace_patient_get_identity (patient);

  if (workspace_patient_get_encounter (patient) == NULL || g_strcmp0 (identity, "confirmed") == 0)
    return;
  workspace_text_append (
      box,
      g_strcmp0 (identity, "date-of-birth-typed") == 0
          ? _ ("IDENTITY: the date of birth was typed, but you have not confirmed who is there.")
          : _ ("IDENTITY: link only. You have not confirmed who is there."),
      "warning");
}

static void
append_findings (GtkWidget *box, GPtrArray *findings)
{
  if (findings == NULL)
    workspace_text_append (box, _ ("Nothing was checked."), "warning");
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    gtk_box_append (GTK_BOX (box), workspace_finding_line_new (g_ptr_array_index (findings, i)));
}

/* (transfer floating): @quiet, to be opened */
static GtkWidget *
more_new (GtkWidget *quiet, guint n)
{
  GtkWidget *list = gtk_list_box_new (), *row = adw_expander_row_new (),
            *inner = gtk_list_box_row_new ();
  g_autofree char *title =
      g_strdup_printf (ngettext ("%u other answer: not found, or not checked",
                                 "%u other answers: not found, or not checked", n),
                       n);

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_title_lines (ADW_EXPANDER_ROW (row), 0);
  g_object_set (quiet, "margin-start", 12, "margin-end", 12, "margin-top", 8, "margin-bottom", 8,
                NULL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (inner), quiet);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (inner), FALSE);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), inner);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  return list;
}

/* What was found is read line by line; of several prescriptions, that nothing was found is read
 * where one asks for it. */
static void
append_findings_of_many (GtkWidget *box, GPtrArray *findings)
{
  GtkWidget *quiet = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  guint n = 0;

  if (findings == NULL)
    workspace_text_append (box, _ ("Nothing was checked."), "warning");
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];
      gboolean loud = finding->answer == CLINICAL_FOUND || clinical_finding_needs_reason (finding);

      gtk_box_append (GTK_BOX (loud ? box : quiet), workspace_finding_line_new (finding));
      n += loud ? 0 : 1;
    }
  g_object_ref_sink (quiet);
  if (n > 0)
    gtk_box_append (GTK_BOX (box), more_new (quiet, n));
  g_object_unref (quiet);
}

/* (transfer full) (element-type ClinicalControlled): of each, in order */
static GPtrArray *
list_controlled (WorkspacePatient *patient, GPtrArray *drafts)
{
  WorkspaceSession *session = workspace_patient_get_session (patient);
  StoreContent *content = workspace_session_get_content (session);
  g_autofree char *today = base_clock_dup_today (workspace_session_get_clock (session));
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_controlled_free);

  for (guint i = 0; i < drafts->len; i++)
    g_ptr_array_add (list, care_second_factor_of_draft (drafts->pdata[i],
                                                        content ? CLINICAL_CONTENT (content) : NULL,
                                                        today));
  return list;
}

/* @patient_reads: (nullable): the same in the patient's words (H20) */
static void
append_prescription (GtkWidget *box,
                     CarePrescriptionDraft *draft,
                     const ClinicalControlled *controlled,
                     const char *patient_reads)
{
  g_autofree char *words = care_prescription_draft_dup_words (draft);
  g_autoptr (GPtrArray) parts = care_prescription_draft_dup_line (draft);
  g_autofree char *line = clinical_line_dup_text (parts);

  workspace_text_append (box, line, "heading");
  workspace_second_factor_append_line (box, controlled);
  workspace_text_append (box, words, NULL);
  workspace_prescription_append_rest (box, draft);
  workspace_text_append (box, patient_reads, "dim-label");
}

static void
append_chart (GtkWidget *box, WorkspacePatient *patient)
{
  g_autofree char *as_of = workspace_patient_dup_as_of (patient);
  g_autofree char *chart =
      as_of != NULL ? g_strdup_printf (_ ("Allergies, medicines and results: %s."), as_of) : NULL;

  /* before the checks: it is what they looked at (H6) */
  workspace_text_append (box, chart, "warning");
}

static void
append_separator (GtkWidget *box)
{
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
}

static GtkWidget *
content_new (WorkspacePatient *patient,
             CarePrescriptionDraft *draft,
             const ClinicalControlled *controlled,
             GPtrArray *findings,
             const char *patient_reads,
             const char *other)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  workspace_text_append (box, other, "warning");
  append_identity (box, patient);
  append_prescription (box, draft, controlled, patient_reads);
  append_separator (box);
  append_chart (box, patient);
  append_findings (box, findings);
  append_separator (box);
  workspace_text_append (
      box,
      _ ("Signing sends this prescription under your name. It rests ten seconds first and can "
         "be undone."),
      "dim-label");
  return box;
}

static GtkWidget *
content_of_many (WorkspacePatient *patient,
                 GPtrArray *sheets,
                 GPtrArray *controlled,
                 const char *other)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autofree char *name = workspace_patient_dup_name (patient);
  /* Translators: a patient */
  g_autofree char *whose = g_strdup_printf (_ ("For %s"), name);

  workspace_text_append (box, whose, "heading");
  workspace_text_append (box, other, "warning");
  append_identity (box, patient);
  append_chart (box, patient);
  for (guint i = 0; i < sheets->len; i++)
    {
      g_autofree char *reads = prescribe_sheet_dup_patient_sentence (sheets->pdata[i]);

      append_prescription (box, prescribe_sheet_get_draft (sheets->pdata[i]), controlled->pdata[i],
                           reads);
      append_findings_of_many (box, prescribe_sheet_get_findings (sheets->pdata[i]));
      append_separator (box);
    }
  workspace_text_append (
      box,
      _ ("Signing sends these prescriptions under your name. Each rests ten seconds first and "
         "can be undone."),
      "dim-label");
  return box;
}

/* @content: (transfer floating) */
static AdwDialog *
dialog_new (WorkspacePatient *patient,
            const char *heading,
            GtkWidget *content,
            GPtrArray *controlled,
            const char *other)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, NULL);
  GtkWidget *like, *factor;

  adw_alert_dialog_set_prefer_wide_layout (ADW_ALERT_DIALOG (dialog), TRUE);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Back"), "sign",
                                  other != NULL ? _ ("Sign for _This Patient") : _ ("_Sign"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "sign",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  /* with another patient on the line, Enter alone must not sign */
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog),
                                         other != NULL ? "cancel" : "sign");
  like = workspace_birth_year_new (patient, ADW_ALERT_DIALOG (dialog), "sign");
  if (like != NULL)
    gtk_box_prepend (GTK_BOX (content), like);
  /* below all that it signs */
  factor = workspace_second_factor_new (workspace_session_get_context (
                                            workspace_patient_get_session (patient)),
                                        controlled, ADW_ALERT_DIALOG (dialog), "sign");
  if (factor != NULL)
    gtk_box_append (GTK_BOX (content), factor);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), content);
  return dialog;
}

/**
 * prescribe_sign_dialog_new:
 * @findings: (nullable): what the checks answered for exactly this draft
 *
 * Returns: (transfer floating): a dialog with the responses "cancel" and "sign"
 */
AdwDialog *
prescribe_sign_dialog_new (WorkspacePatient *patient,
                           CarePrescriptionDraft *draft,
                           GPtrArray *findings)
{
  g_autofree char *name = workspace_patient_dup_name (patient);
  g_autofree char *heading = g_strdup_printf (_ ("Sign for %s?"), name);
  g_autofree char *other = workspace_patient_dup_other_call (patient);
  g_autoptr (GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr (GPtrArray) controlled = NULL;

  g_ptr_array_add (drafts, draft);
  controlled = list_controlled (patient, drafts);
  return dialog_new (patient, heading,
                     content_new (patient, draft, controlled->pdata[0], findings, NULL, other),
                     controlled, other);
}

/**
 * prescribe_sign_dialog_new_for:
 * @sheets: (element-type PrescribeSheet): one or more, each ready to be signed
 *
 * Returns: (transfer floating): a dialog with the responses "cancel" and "sign"
 */
AdwDialog *
prescribe_sign_dialog_new_for (WorkspacePatient *patient, GPtrArray *sheets)
{
  g_autofree char *name = workspace_patient_dup_name (patient);
  /* a long heading does not wrap in a narrow window: who it is for stands below it then */
  g_autofree char *heading =
      sheets->len == 1 ? g_strdup_printf (_ ("Sign for %s?"), name)
                       : g_strdup_printf (ngettext ("Sign %u prescription?",
                                                    "Sign %u prescriptions?", sheets->len),
                                          sheets->len);
  g_autofree char *other = workspace_patient_dup_other_call (patient);
  g_autofree char *reads = prescribe_sheet_dup_patient_sentence (sheets->pdata[0]);
  PrescribeSheet *first = sheets->pdata[0];
  g_autoptr (GPtrArray) drafts = g_ptr_array_new ();
  g_autoptr (GPtrArray) controlled = NULL;

  for (guint i = 0; i < sheets->len; i++)
    g_ptr_array_add (drafts, prescribe_sheet_get_draft (sheets->pdata[i]));
  controlled = list_controlled (patient, drafts);
  return dialog_new (patient, heading,
                     sheets->len == 1
                         ? content_new (patient, prescribe_sheet_get_draft (first),
                                        controlled->pdata[0], prescribe_sheet_get_findings (first),
                                        reads, other)
                         : content_of_many (patient, sheets, controlled, other),
                     controlled, other);
}
