/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-signing.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "care-prescription-group.h"
#include "prescribe-group.h"
#include "prescribe-sign-dialog.h"
#include "workspace-alert.h"
#include "workspace-second-factor.h"
#include "workspace-toast.h"

/* From the press of Sign to the signature: everything is read once more, and exactly what was read
 * is signed, all of it or nothing. */

/* Width of what is read, in pixels, and what the dialog needs beside it. */
#define NARROWEST 252
#define WIDEST    460
#define BESIDE    120

typedef struct
{
  GtkWidget *view;
  CareContext *context;
  StoreContent *content;
  GPtrArray *sheets;
  char *read; /* prescribe_group_dup_checked () of what is confirmed in the dialog */
  PrescribeSigned done;
} Signing;

static void
signing_free (gpointer data)
{
  Signing *self = data;

  g_object_unref (self->view);
  g_object_unref (self->context);
  g_clear_object (&self->content);
  g_ptr_array_unref (self->sheets);
  g_free (self->read);
  g_free (self);
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Signing *self = user_data;
  g_autoptr (GError) error = NULL;

  if (care_prescription_command_finish (result, &error))
    self->done (self->view, self->sheets);
  else
    {
      /* most often: the chart changed meanwhile, and what the checks now say must be read */
      workspace_toast_say (self->view, error->message);
      prescribe_group_set_signing (self->sheets, FALSE);
      prescribe_group_check_again (self->sheets);
    }
  signing_free (self);
}

/* (transfer full): the answer comes after the dialog is gone */
static Signing *
signing_copy (const Signing *self)
{
  Signing *copy = g_memdup2 (self, sizeof *self);

  g_object_ref (copy->view);
  g_object_ref (copy->context);
  if (copy->content != NULL)
    g_object_ref (copy->content);
  g_ptr_array_ref (copy->sheets);
  copy->read = g_strdup (self->read);
  return copy;
}

static void
response_cb (AdwAlertDialog *dialog, const char *response, Signing *self)
{
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GHashTable) reasons = NULL;
  g_autofree char *checked = prescribe_group_dup_checked (self->sheets);
  g_autofree char *code = workspace_second_factor_dup_code_of (dialog);

  if (!g_str_equal (response, "sign"))
    return;
  if (checked == NULL || g_strcmp0 (checked, self->read) != 0)
    {
      workspace_toast_say (self->view, _ ("It changed while you read. Look again."));
      return;
    }
  drafts = prescribe_group_dup_drafts (self->sheets);
  reasons = prescribe_group_dup_reasons (self->sheets);
  prescribe_group_set_signing (self->sheets, TRUE);
  care_prescription_sign_group_async (self->context, drafts, CLINICAL_CONTENT (self->content),
                                      reasons, code, signed_cb, signing_copy (self));
}

/**
 * prescribe_signing_ask:
 * @view: where the dialog stands, and what is told in the end
 * @sheets: (element-type PrescribeSheet): each ready to be signed
 */
void
prescribe_signing_ask (GtkWidget *view,
                       WorkspacePatient *patient,
                       StoreContent *content,
                       GPtrArray *sheets,
                       PrescribeSigned done)
{
  AdwDialog *dialog = prescribe_sign_dialog_new_for (patient, sheets);
  Signing *self = g_new0 (Signing, 1);
  int width;

  self->view = g_object_ref (view);
  self->context =
      g_object_ref (workspace_session_get_context (workspace_patient_get_session (patient)));
  g_set_object (&self->content, content);
  self->sheets = g_ptr_array_ref (sheets);
  self->read = prescribe_group_dup_checked (sheets);
  self->done = done;
  /* an alert is as narrow as its buttons; this one is read line by line */
  width = gtk_widget_get_width (GTK_WIDGET (gtk_widget_get_root (view)));
  gtk_widget_set_size_request (adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (dialog)),
                               CLAMP (width - BESIDE, NARROWEST, WIDEST), -1);
  g_object_set_data_full (G_OBJECT (dialog), "signing", self, signing_free);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), self);
  workspace_alert_present (dialog, view);
}
