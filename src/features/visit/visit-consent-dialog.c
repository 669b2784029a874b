/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-consent-dialog.h"

#include <glib/gi18n.h>

#include "care-contact.h"
#include "care-row.h"
#include "visit-person-consent.h"
#include "workspace-alert.h"

/* Before a guest is let in: who agreed to it. The patient, or somebody who is on record as speaking
 * for the patient; and a guest may be that one, whose authority is on record already. */

typedef struct
{
  GtkWidget *parent;
  VisitController *controller;
  VisitPerson *person;
  guint identity; /* about whom it is asked */
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->parent);
  g_object_unref (asking->controller);
  g_object_unref (asking->person);
  g_free (asking);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

static void
response_cb (AdwAlertDialog *dialog, const char *response, gpointer data)
{
  Asking *asking = data;

  if (g_str_equal (response, "cancel"))
    return;
  if (visit_person_get_identity (asking->person) != asking->identity)
    g_signal_emit_by_name (asking->controller, "failed",
                           _ ("Somebody else waits there now. Nobody was let in."));
  else if (g_str_equal (response, "patient"))
    visit_controller_admit_guest (asking->controller, asking->person, "patient", NULL);
  else if (g_str_has_prefix (response, "by:"))
    visit_controller_admit_guest (asking->controller, asking->person, response + strlen ("by:"),
                                  NULL);
  else if (g_str_has_prefix (response, "is:"))
    visit_controller_admit_guest (asking->controller, asking->person, NULL,
                                  response + strlen ("is:"));
}

static void
free_closure (gpointer data, GClosure *closure)
{
  asking_free (data);
}

/* Each who speaks for the patient now may have agreed, or may be the guest. */
static void
add_proxies (AdwAlertDialog *dialog, CareContact *contact)
{
  guint count = contact != NULL ? g_list_model_get_n_items (G_LIST_MODEL (contact->proxies)) : 0;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (contact->proxies), i);
      const char *reference = care_row_get_text (row, CARE_ROW_REFERENCE);
      g_autofree char *by = g_strconcat ("by:", reference, NULL);
      g_autofree char *is = g_strconcat ("is:", reference, NULL);
      /* Translators: %s is the name of somebody who speaks for the patient */
      g_autofree char *by_label =
          g_strdup_printf (_ ("%s Agrees for the Patient"), care_row_get_title (row));
      g_autofree char *is_label =
          g_strdup_printf (_ ("It Is %s, on Record"), care_row_get_title (row));

      if (reference == NULL || g_strcmp0 (care_row_get_text (row, CARE_ROW_SEVERITY), "over") == 0)
        continue;
      adw_alert_dialog_add_responses (dialog, is, is_label, by, by_label, NULL);
    }
}

static void
contact_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Asking) asking = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareContact) contact = care_contact_read_finish (result, &error);
  g_autofree char *title = visit_person_dup_title (asking->person);
  AdwDialog *dialog = adw_alert_dialog_new (NULL, NULL);
  GtkWidget *parent = asking->parent;

  /* Translators: %s is a person's name and role */
  adw_alert_dialog_format_heading (ADW_ALERT_DIALOG (dialog), _ ("Let in %s?"), title);
  adw_alert_dialog_set_body (
      ADW_ALERT_DIALOG (dialog),
      visit_person_is_invited_by_patient (asking->person)
          ? _ ("The patient invited them. They will see and hear the patient and you in this "
               "visit, "
               "and nothing of the chart or the messages. Who agrees is written into the record.")
          : _ ("Ask the patient first. They will see and hear the patient and you in this visit, "
               "and "
               "nothing of the chart or the messages. Who agrees is written into the record."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Not Now"), NULL);
  add_proxies (ADW_ALERT_DIALOG (dialog), contact);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "patient", _ ("_The Patient Agrees"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "patient",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), g_steal_pointer (&asking),
                         free_closure, 0);
  workspace_alert_present (dialog, parent);
}

/**
 * visit_consent_dialog_ask:
 * @person: a guest who waits to be let in
 *
 * Asks who agreed, and lets the guest in.
 */
void
visit_consent_dialog_ask (GtkWidget *parent, VisitController *controller, VisitPerson *person)
{
  WorkspacePatient *patient = visit_controller_get_patient (controller);
  WorkspaceSession *session = workspace_patient_get_session (patient);
  Asking *asking = g_new0 (Asking, 1);

  asking->parent = g_object_ref (parent);
  asking->controller = g_object_ref (controller);
  asking->person = g_object_ref (person);
  asking->identity = visit_person_get_identity (person);
  care_contact_read_async (workspace_session_get_context (session),
                           workspace_patient_get_id (patient), NULL, contact_cb, asking);
}
