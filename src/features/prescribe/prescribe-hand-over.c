/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-hand-over.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "care-cosign.h"
#include "care-row.h"
#include "care-to-sign.h"
#include "clinical-line.h"
#include "prescribe-group.h"
#include "workspace-alert.h"
#include "workspace-text.h"
#include "workspace-toast.h"

/* Who may not sign prepares: this asks which prescriber's list it goes to. */

typedef struct
{
  GtkWidget *view, *choice;
  CareContext *context;
  GPtrArray *sheets;
  char *read; /* prescribe_group_dup_checked () of what stands in the dialog */
  PrescribeSigned done;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_object_unref (self->view);
  g_object_unref (self->choice);
  g_object_unref (self->context);
  g_ptr_array_unref (self->sheets);
  g_free (self->read);
  g_free (self);
}

/* Whether the user prepares for others to sign. */
gboolean
prescribe_hand_over_is_for (CareContext *context)
{
  static const char *const prescribers[] = { "prescriber", "admin", NULL };
  const char *role = care_context_get_role (context);

  return role == NULL || !g_strv_contains (prescribers, role);
}

typedef struct
{
  GtkWidget *view;
  GPtrArray *sheets;
  PrescribeSigned done;
} Sent;

static void
handed_over_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sent *sent = user_data;
  g_autoptr (GError) error = NULL;

  if (care_to_sign_command_finish (result, &error))
    sent->done (sent->view, sent->sheets);
  else
    workspace_toast_say (sent->view, error->message);
  g_object_unref (sent->view);
  g_ptr_array_unref (sent->sheets);
  g_free (sent);
}

static void
response_cb (AdwAlertDialog *dialog, const char *response, Asking *self)
{
  CareRow *who = gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->choice));
  g_autofree char *checked = prescribe_group_dup_checked (self->sheets);
  g_autoptr (GPtrArray) drafts = NULL;
  Sent *sent;

  if (!g_str_equal (response, "ask") || who == NULL)
    return;
  if (checked == NULL || g_strcmp0 (checked, self->read) != 0)
    {
      workspace_toast_say (self->view, _ ("It changed while you read. Look again."));
      return;
    }
  sent = g_new0 (Sent, 1);
  sent->view = g_object_ref (self->view);
  sent->sheets = g_ptr_array_ref (self->sheets);
  sent->done = self->done;
  drafts = prescribe_group_dup_drafts (self->sheets);
  care_to_sign_hand_over_async (self->context, drafts, care_row_get_reference (who),
                                care_row_get_title (who), handed_over_cb, sent);
}

static void
colleagues_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwDialog) dialog = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) people = care_cosign_list_colleagues_finish (result, &error);
  Asking *self = g_object_get_data (G_OBJECT (dialog), "asking");

  if (gtk_widget_get_root (GTK_WIDGET (dialog)) == NULL) /* closed meanwhile */
    return;
  if (people == NULL || g_list_model_get_n_items (people) == 0)
    {
      adw_alert_dialog_set_body (ADW_ALERT_DIALOG (dialog),
                                 error != NULL ? error->message
                                               : _ ("No colleague is known on this computer."));
      return;
    }
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->choice), people);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "ask", TRUE);
}

static GtkWidget *
content_new (Asking *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autoptr (GPtrArray) drafts = prescribe_group_dup_drafts (self->sheets);

  for (guint i = 0; i < drafts->len; i++)
    {
      g_autoptr (GPtrArray) parts = care_prescription_draft_dup_line (drafts->pdata[i]);
      g_autofree char *line = clinical_line_dup_text (parts);

      workspace_text_append (box, line, "heading");
    }
  workspace_text_append (
      box, _ ("It goes to this prescriber’s list. Nothing is ordered until it is signed."),
      "dim-label");
  gtk_box_append (GTK_BOX (box), self->choice);
  return box;
}

/**
 * prescribe_hand_over_ask:
 * @view: where the dialog stands, and what is told in the end
 * @sheets: (element-type PrescribeSheet): each ready to be signed
 */
void
prescribe_hand_over_ask (GtkWidget *view,
                         CareContext *context,
                         GPtrArray *sheets,
                         PrescribeSigned done)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Who Is to Sign?"), NULL);
  GtkExpression *title = gtk_property_expression_new (CARE_TYPE_ROW, NULL, "title");
  Asking *self = g_new0 (Asking, 1);

  self->view = g_object_ref (view);
  self->context = g_object_ref (context);
  self->sheets = g_ptr_array_ref (sheets);
  self->read = prescribe_group_dup_checked (sheets);
  self->done = done;
  self->choice = g_object_ref_sink (gtk_drop_down_new (NULL, title));
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (self->choice), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Prescriber"), -1);
  g_object_set_data_full (G_OBJECT (dialog), "asking", self, asking_free);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), content_new (self));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Back"), "ask",
                                  _ ("_Ask for the Signature"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "ask",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "ask", FALSE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), self);
  care_cosign_list_colleagues_async (context, NULL, colleagues_cb, g_object_ref_sink (dialog));
  workspace_alert_present (dialog, view);
}
