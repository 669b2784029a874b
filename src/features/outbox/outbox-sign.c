/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-sign.h"

#include "care-prescription.h"
#include "fhir-name.h"
#include "outbox-actions.h"
#include "outbox-sign-dialog.h"
#include "store-resource.h"
#include "sync-engine.h"
#include "workspace-alert.h"
#include "workspace-open.h"
#include "workspace-time.h"

/* H2: the chart changed after the signature. The checks run again, are read, and what is signed
 * goes on: first the record of it, then the engine. */

typedef struct
{
  GtkWidget *page;
  WorkspaceSession *session;
  OutboxItem *item;
  CareRenewal *renewal;
  char *problem;
  char *name, *birth_date; /* of the patient, as they are here; NULL where they are not */
  gint64 as_of;
} Sign;

static void
sign_free (Sign *self)
{
  g_object_unref (self->page);
  g_object_unref (self->session);
  g_object_unref (self->item);
  g_clear_pointer (&self->renewal, care_renewal_free);
  g_free (self->problem);
  g_free (self->name);
  g_free (self->birth_date);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sign, sign_free)

static void
free_answered (gpointer data, GClosure *closure)
{
  sign_free (data);
}

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Sign) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_prescription_command_finish (result, &error))
    outbox_actions_show_failure (self->page, error->message);
  else
    outbox_actions_decide (self->page, self->session, outbox_item_get_group (self->item),
                           SYNC_DECISION_RENEW);
}

static void
answered_cb (OutboxSignDialog *dialog, const char *response, Sign *asked)
{
  g_autoptr (GHashTable) reasons = NULL;
  g_autofree char *code = NULL;
  Sign *self;

  if (g_str_equal (response, "chart"))
    workspace_session_open_patient (asked->session, outbox_item_get_patient (asked->item), "show",
                                    NULL);
  if (!g_str_equal (response, "sign"))
    return;
  self = g_new0 (Sign, 1);
  self->page = g_object_ref (asked->page);
  self->session = g_object_ref (asked->session);
  self->item = g_object_ref (asked->item);
  reasons = outbox_sign_dialog_dup_reasons (dialog);
  code = outbox_sign_dialog_dup_code (dialog);
  care_prescription_renew_async (workspace_session_get_context (self->session),
                                 outbox_item_get_group (self->item),
                                 CLINICAL_CONTENT (workspace_session_get_content (self->session)),
                                 reasons, code, NULL, renewed_cb, self);
}

static void
read_patient (StoreConnection *connection, Sign *self, const char *id)
{
  g_autoptr (FhirResource) patient = store_resource_get (connection, "Patient", id, NULL);

  if (!patient)
    return;
  self->name = fhir_human_name_format (fhir_resource_path (patient, "name"));
  self->birth_date = g_strdup (fhir_resource_path_text (patient, "birthDate"));
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  Sign *self = data;
  StoreContent *content = workspace_session_get_content (self->session);
  const char *patient = outbox_item_get_patient (self->item);
  g_autoptr (GError) problem = NULL;

  self->as_of = patient ? sync_as_of (connection, patient) : 0;
  if (patient)
    read_patient (connection, self, patient);
  self->renewal = care_prescription_renewal (connection, outbox_item_get_group (self->item),
                                             content ? CLINICAL_CONTENT (content) : NULL, &problem);
  if (problem)
    self->problem = g_strdup (problem->message);
  return TRUE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Sign) self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  GtkWidget *page = self->page;
  g_autofree char *as_of = NULL, *like = NULL;
  AdwDialog *dialog;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      outbox_actions_show_failure (page, error->message);
      return;
    }
  as_of = workspace_time_as_of (MAX (self->as_of, workspace_session_get_pulled (self->session)),
                                now, workspace_session_get_zone (self->session));
  if (self->name)
    like = workspace_open_dup_like_name (workspace_session_get_open (self->session),
                                         outbox_item_get_patient (self->item), self->name);
  dialog = outbox_sign_dialog_new (self->item,
                                   &(OutboxSignFacts) {
                                       .context = workspace_session_get_context (self->session),
                                       .renewal = self->renewal,
                                       .problem = self->problem,
                                       .as_of = as_of,
                                       .like = like,
                                       .birth_date = self->birth_date });
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), g_steal_pointer (&self),
                         free_answered, 0);
  workspace_alert_present (dialog, page);
}

/* Runs the checks again, shows them, and signs where the person says so. */
void
outbox_sign (GtkWidget *page, WorkspaceSession *session, OutboxItem *item)
{
  Sign *self = g_new0 (Sign, 1);

  self->page = g_object_ref (page);
  self->session = g_object_ref (session);
  self->item = g_object_ref (item);
  store_database_read_async (workspace_session_get_database (session), load_work, self, NULL, NULL,
                             loaded_cb, self);
}
