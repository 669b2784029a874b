/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-sign-dialog.h"

#include <glib/gi18n.h>

#include "clinical-finding.h"
#include "clinical-line.h"

/* What is signed, read once more: the line, the dose in words, what was and was not checked, how
 * old the chart is, whose voice is heard, and how sure we are who is there. */

static void
append (GString *text, const char *line)
{
  if (line != NULL && *line != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n\n" : "", line);
}

static void
append_findings (GString *text, GPtrArray *findings)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const ClinicalFinding *finding = g_ptr_array_index (findings, i);

      g_string_append_printf (lines, "%s%s %s", i > 0 ? "\n" : "", finding->sentence,
                              finding->scope != NULL ? finding->scope : "");
    }
  append (text, findings != NULL ? lines->str : _ ("Nothing was checked."));
}

static void
append_identity (GString *text, WorkspacePatient *patient)
{
  const char *identity = workspace_patient_get_identity (patient);

  if (workspace_patient_get_encounter (patient) == NULL || g_strcmp0 (identity, "confirmed") == 0)
    return;
  append (text, g_strcmp0 (identity, "date-of-birth-typed") == 0
                    ? _ ("IDENTITY: the date of birth was typed, but you have not confirmed who "
                         "is there.")
                    : _ ("IDENTITY: link only. You have not confirmed who is there."));
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
  g_autofree char *as_of = workspace_patient_dup_as_of (patient);
  g_autofree char *other = workspace_patient_dup_other_call (patient);
  g_autofree char *words = care_prescription_draft_dup_words (draft);
  g_autoptr (GPtrArray) parts = care_prescription_draft_dup_line (draft);
  g_autofree char *line = clinical_line_dup_text (parts);
  g_autoptr (GString) body = g_string_new (NULL);
  AdwDialog *dialog;

  append (body, other);
  append_identity (body, patient);
  append (body, line);
  append (body, words);
  append_findings (body, findings);
  if (as_of != NULL)
    {
      g_autofree char *chart = g_strdup_printf (_ ("The chart is %s."), as_of);

      append (body, chart);
    }
  append (body, _ ("Signing sends this prescription under your name. It rests ten seconds first "
                   "and can be undone."));
  dialog = adw_alert_dialog_new (heading, body->str);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Back"), "sign",
                                  other != NULL ? _ ("Sign for _This Patient") : _ ("_Sign"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "sign",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  /* with another patient on the line, Enter alone must not sign */
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog),
                                         other != NULL ? "cancel" : "sign");
  return dialog;
}
