/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-prescription.h"
#include "care-signature.h"
#include "care-supply.h"
#include "prescribe-print.h"
#include "workspace-alert.h"
#include "workspace-prescription-state.h"
#include "workspace-toast.h"

static gboolean
has_state (CareRow *row, const char *const *states)
{
  const char *state = care_row_get_text (row, CARE_ROW_STATUS);

  return state != NULL && g_strv_contains (states, state);
}

/**
 * prescribe_row_is_settled:
 *
 * Returns: whether time alone will not change what is said of @prescription
 */
gboolean
prescribe_row_is_settled (CareRow *prescription)
{
  return !has_state (prescription, (const char *const[]) { "resting", "waiting", "unknown", NULL });
}

static void
command_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_prescription_command_finish (result, &error))
    workspace_toast_say (widget, error->message);
}

static WorkspacePatient *
patient_of (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "patient");
}

static CareRow *
row_of (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "row");
}

static void
undo_cb (GtkWidget *button)
{
  const char *id = strchr (care_row_get_reference (row_of (button)), '/') + 1;

  care_prescription_undo_async (workspace_session_get_context (
                                    workspace_patient_get_session (patient_of (button))),
                                id, NULL, command_cb, g_object_ref (button));
}

static void
cancel_response_cb (AdwAlertDialog *dialog, const char *response, GtkWidget *button)
{
  const char *id = strchr (care_row_get_reference (row_of (button)), '/') + 1;
  GtkEditable *entry = GTK_EDITABLE (adw_alert_dialog_get_extra_child (dialog));

  if (g_str_equal (response, "stop"))
    care_prescription_cancel_async (workspace_session_get_context (
                                        workspace_patient_get_session (patient_of (button))),
                                    id, gtk_editable_get_text (entry), NULL, command_cb,
                                    g_object_ref (button));
}

static void
reason_cb (GtkEditable *entry, AdwAlertDialog *dialog)
{
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_alert_dialog_set_response_enabled (dialog, "stop", *reason != '\0');
}

static void
ask_to_cancel (GtkWidget *button, const char *words)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Cancel This Prescription?"), NULL);
  GtkWidget *entry = gtk_entry_new ();

  adw_alert_dialog_format_body (ADW_ALERT_DIALOG (dialog), "%s\n\n%s",
                                care_row_get_title (row_of (button)), words);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Reason"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Reason"), -1);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), entry);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "keep", _ ("_Keep It"), "stop",
                                  _ ("_Cancel Prescription"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "stop",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "stop", FALSE);
  g_signal_connect_object (entry, "changed", G_CALLBACK (reason_cb), dialog, 0);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response", G_CALLBACK (cancel_response_cb), button, 0);
  workspace_alert_present (dialog, button);
}

/* What it will do depends on what the pharmacy has done: it is read when it is asked for. */
static void
cancel_words_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) button = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = care_supply_dup_cancel_words_finish (result, &error);

  if (gtk_widget_get_root (button) != NULL)
    ask_to_cancel (button, words != NULL ? words : error->message);
}

static void
cancel_cb (GtkWidget *button)
{
  const char *id = strchr (care_row_get_reference (row_of (button)), '/') + 1;

  care_supply_dup_cancel_words_async (workspace_session_get_context (
                                          workspace_patient_get_session (patient_of (button))),
                                      id, NULL, cancel_words_cb, g_object_ref (button));
}

/* What is not what was signed does not go out on paper either. */
static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) button = user_data;
  g_autoptr (GError) error = NULL;
  CareSignatureState state = care_signature_check_finish (result, &error);

  if (error == NULL && state != CARE_SIGNATURE_BROKEN && gtk_widget_get_root (button) != NULL)
    prescribe_print (patient_of (button), row_of (button),
                     GTK_WINDOW (gtk_widget_get_root (button)));
  else
    workspace_toast_say (button, error != NULL ? error->message : care_signature_words (state));
}

static void
print_cb (GtkWidget *button)
{
  const char *id = strchr (care_row_get_reference (row_of (button)), '/') + 1;

  care_signature_check_async (workspace_session_get_context (
                                  workspace_patient_get_session (patient_of (button))),
                              id, NULL, verified_cb, g_object_ref (button));
}

/* ---- its signature ---- */

static void
said_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) label = user_data;
  g_autoptr (GError) error = NULL;
  CareSignatureState state = care_signature_check_finish (result, &error);
  const char *words = error == NULL ? care_signature_words (state) : NULL;

  gtk_label_set_text (GTK_LABEL (label), words != NULL ? words : "");
  gtk_widget_set_visible (label, words != NULL && state != CARE_SIGNATURE_CONFIRMED);
  gtk_widget_add_css_class (label, state == CARE_SIGNATURE_GOOD      ? "dim-label"
                                   : state == CARE_SIGNATURE_UNKNOWN ? "warning"
                                                                     : "error");
}

static void
append_signature (GtkWidget *box, WorkspacePatient *patient, CareRow *prescription)
{
  const char *reference = care_row_get_reference (prescription);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_visible (label, FALSE);
  gtk_box_append (GTK_BOX (box), label);
  if (reference != NULL && strchr (reference, '/') != NULL)
    care_signature_check_async (workspace_session_get_context (
                                    workspace_patient_get_session (patient)),
                                strchr (reference, '/') + 1, NULL, said_cb, g_object_ref (label));
}

static void
add_button (GtkWidget *box,
            const char *label,
            GCallback clicked,
            WorkspacePatient *patient,
            CareRow *prescription)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_object_set_data_full (G_OBJECT (button), "patient", g_object_ref (patient), g_object_unref);
  g_object_set_data_full (G_OBJECT (button), "row", g_object_ref (prescription), g_object_unref);
  g_signal_connect (button, "clicked", clicked, NULL);
  gtk_box_append (GTK_BOX (box), button);
}

static GtkWidget *
text_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/**
 * prescribe_row_new:
 * @prescription: a row of CARE_LIST_PRESCRIPTIONS
 *
 * Returns: (transfer floating): the row, with what can still be done
 */
GtkWidget *
prescribe_row_new (WorkspacePatient *patient, CareRow *prescription)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gboolean alarming =
      has_state (prescription,
                 (const char *const[]) { "not-sent", "refused", "held", "on-hold", "not-collected",
                                         "cancel-asked", "cancel-failed", NULL });
  gboolean over = has_state (prescription, (const char *const[]) { "cancelled", "cancel-asked",
                                                                   "cancel-failed", NULL });

  gtk_box_append (GTK_BOX (box), text_label (care_row_get_title (prescription), "heading"));
  gtk_box_append (GTK_BOX (box),
                  text_label (care_row_get_text (prescription, CARE_ROW_SUBTITLE), NULL));
  gtk_box_append (GTK_BOX (box), text_label (care_row_get_text (prescription, CARE_ROW_DETAIL),
                                             alarming ? "error" : "dim-label"));
  gtk_box_append (GTK_BOX (box), workspace_prescription_state_new (
                                     care_row_get_text (prescription, CARE_ROW_STATUS)));
  append_signature (box, patient, prescription);
  if (has_state (prescription, (const char *const[]) { "resting", NULL }))
    add_button (buttons, _ ("_Undo"), G_CALLBACK (undo_cb), patient, prescription);
  else if (!over)
    {
      if (alarming ||
          has_state (prescription, (const char *const[]) { "waiting", "unknown", NULL }))
        add_button (buttons, _ ("P_rint"), G_CALLBACK (print_cb), patient, prescription);
      add_button (buttons,
                  has_state (prescription, (const char *const[]) { "partly-dispensed", NULL })
                      ? _ ("_Cancel the Rest…")
                      : _ ("_Cancel Prescription…"),
                  G_CALLBACK (cancel_cb), patient, prescription);
    }
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_widget_set_visible (buttons, gtk_widget_get_first_child (buttons) != NULL);
  g_object_set (box, "margin-start", 12, "margin-end", 12, "margin-top", 10, "margin-bottom", 10,
                NULL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}
