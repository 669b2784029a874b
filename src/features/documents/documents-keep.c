/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-keep.h"

#include <glib/gi18n.h>

#include "care-document.h"
#include "care-identity.h"
#include "documents-ask.h"
#include "fhir-name.h"
#include "workspace-alert.h"
#include "workspace-person-search.h"

/**
 * DocumentsKeep:
 *
 * The patient is chosen by a person. Then what does not agree is named and asked about, then
 * whether anything in it is sensitive, and only then it is attached.
 */

#define SHOWN 8

struct _DocumentsKeep
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  DocumentsReceived *received;
  WorkspacePersonSearch *search;
  GCancellable *cancellable;
  FhirResource *patient; /* who was chosen */
  gboolean attaching;

  GtkLabel *proposed_label;
  GtkListBox *proposed_list;
  GtkSearchEntry *entry;
  GtkListBox *list;
  GtkLabel *none_label;
  GtkLabel *problem_label;
};

enum
{
  SIGNAL_KEPT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DocumentsKeep, documents_keep, ADW_TYPE_DIALOG)

static CareContext *
context_of (DocumentsKeep *self)
{
  return workspace_session_get_context (self->session);
}

static void
say (DocumentsKeep *self, const char *problem)
{
  gtk_label_set_label (self->problem_label, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

/* ---- attaching ---- */

static void
attached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsKeep) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = care_document_attach_finish (result, &error);
  g_autofree char *name = NULL;

  self->attaching = FALSE;
  if (!reference)
    {
      say (self, error->message);
      return;
    }
  name = fhir_human_name_format (fhir_resource_path (self->patient, "name"));
  g_signal_emit (self, signals[SIGNAL_KEPT], 0, reference, fhir_resource_get_id (self->patient),
                 name);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
attach (DocumentsKeep *self, CareSensitivity sensitivity)
{
  DocumentsReceived *received = self->received;
  g_autofree char *origin =
      g_strdup_printf (_ ("The document as it was received: %s"), received->name);
  CareAttachment attachment = { .patient_id = fhir_resource_get_id (self->patient),
                                .title = received->title ? received->title : received->name,
                                .content_type = received->content_type,
                                .bytes = received->bytes,
                                .sensitivity = sensitivity,
                                .origin = origin,
                                .kind = received->what,
                                .author = received->author,
                                .written = received->date };

  if (self->attaching)
    return;
  self->attaching = TRUE;
  care_document_attach_async (context_of (self), &attachment, attached_cb, g_object_ref (self));
}

/* ---- questions ---- */

static void
sensitive_cb (AdwAlertDialog *dialog, const char *response, DocumentsKeep *self)
{
  if (g_str_equal (response, "ordinary"))
    attach (self, CARE_SENSITIVITY_ORDINARY);
  else if (g_str_equal (response, "sensitive"))
    attach (self, CARE_SENSITIVITY_SENSITIVE);
}

/* (transfer full): "SMITH, Jane, born 12-Mar-1961 (65 y)" */
static char *
dup_who (DocumentsKeep *self)
{
  g_autofree char *today = workspace_session_dup_today (self->session);
  g_autoptr (WorkspacePerson) person =
      workspace_person_new (self->patient, today, workspace_session_get_zone (self->session));

  if (!fhir_resource_path_text (self->patient, "birthDate"))
    return g_strdup (workspace_person_get_name (person));
  /* Translators: a patient’s name and date of birth */
  return g_strdup_printf (_ ("%s, born %s"), workspace_person_get_name (person),
                          workspace_person_get_born (person));
}

static void
ask_sensitive (DocumentsKeep *self)
{
  g_autofree char *who = dup_who (self);
  AdwDialog *dialog = documents_ask_new (who, self->received->name);

  g_signal_connect_object (dialog, "response", G_CALLBACK (sensitive_cb), self, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
doubted_cb (AdwAlertDialog *dialog, const char *response, DocumentsKeep *self)
{
  if (g_str_equal (response, "same"))
    ask_sensitive (self);
}

static void
ask_doubt (DocumentsKeep *self, const char *doubt)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Is It Really This Patient’s?"), NULL);
  g_autofree char *who = dup_who (self);

  adw_alert_dialog_format_body (ADW_ALERT_DIALOG (dialog), "%s\n\n%s", who, doubt);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "same",
                                  _ ("It _Is This Patient’s"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "same",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (doubted_cb), self, 0);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsKeep) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) patient = care_identity_read_finish (result, &error);
  g_autofree char *doubt = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!patient)
    {
      say (self, error->message);
      return;
    }
  g_clear_pointer (&self->patient, fhir_resource_unref);
  self->patient = g_steal_pointer (&patient);
  doubt = care_identity_dup_doubt (self->received->subject, self->patient);
  if (doubt)
    ask_doubt (self, doubt);
  else
    ask_sensitive (self);
}

static void
activated_cb (DocumentsKeep *self, GtkListBoxRow *row)
{
  g_autoptr (GError) error = NULL;

  say (self, NULL);
  if (!care_context_check_lease (context_of (self), &error))
    say (self, error->message);
  else
    care_identity_read_async (context_of (self), g_object_get_data (G_OBJECT (row), "patient"),
                              self->cancellable, chosen_cb, g_object_ref (self));
}

/* ---- who ---- */

static GtkWidget *
create_row (WorkspacePerson *person)
{
  GtkWidget *row = adw_action_row_new ();
  const char *identifier = workspace_person_get_identifier (person);
  g_autofree char *subtitle = g_strjoin (" · ", workspace_person_get_born (person),
                                         workspace_person_get_sex (person), identifier, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), workspace_person_get_name (person));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "patient", g_strdup (workspace_person_get_id (person)),
                          g_free);
  return row;
}

static void
found_cb (DocumentsKeep *self)
{
  GListModel *people = workspace_person_search_get_model (self->search);
  guint n = g_list_model_get_n_items (people);
  gboolean asked = *gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0';

  gtk_list_box_remove_all (self->list);
  for (guint i = 0; asked && i < n; i++)
    {
      g_autoptr (WorkspacePerson) person = g_list_model_get_item (people, i);

      gtk_list_box_append (self->list, create_row (person));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->list), asked && n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->none_label), asked && n == 0);
}

static void
typed_cb (DocumentsKeep *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  workspace_person_search_set_text (self->search, text);
  if (!*text)
    found_cb (self);
}

static void
proposed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsKeep) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) patient = care_identity_propose_finish (result, &error);
  g_autofree char *today = NULL;
  g_autoptr (WorkspacePerson) person = NULL;

  if (error || !patient)
    return;
  today = workspace_session_dup_today (self->session);
  person = workspace_person_new (patient, today, workspace_session_get_zone (self->session));
  gtk_list_box_append (self->proposed_list, create_row (person));
  gtk_widget_set_visible (GTK_WIDGET (self->proposed_list), TRUE);
  gtk_label_set_label (self->proposed_label,
                       _ ("Name, birth date and an identifier are the same:"));
}

/* ---- object ---- */

static void
documents_keep_dispose (GObject *object)
{
  DocumentsKeep *self = DOCUMENTS_KEEP (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), DOCUMENTS_TYPE_KEEP);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->search);
  g_clear_object (&self->session);
  g_clear_pointer (&self->patient, fhir_resource_unref);
  g_clear_pointer (&self->received, documents_received_unref);
  G_OBJECT_CLASS (documents_keep_parent_class)->dispose (object);
}

static void
documents_keep_class_init (DocumentsKeepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = documents_keep_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/documents/documents-keep.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, DocumentsKeep, name)
  CHILD (proposed_label);
  CHILD (proposed_list);
  CHILD (entry);
  CHILD (list);
  CHILD (none_label);
  CHILD (problem_label);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  signals[SIGNAL_KEPT] =
      g_signal_new ("kept", DOCUMENTS_TYPE_KEEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
documents_keep_init (DocumentsKeep *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
documents_keep_new (WorkspaceSession *session, DocumentsReceived *received)
{
  DocumentsKeep *self = g_object_new (DOCUMENTS_TYPE_KEEP, NULL);

  self->session = g_object_ref (session);
  self->received = documents_received_ref (received);
  self->search = workspace_person_search_new (session, SHOWN);
  g_signal_connect_object (self->search, "finished", G_CALLBACK (found_cb), self,
                           G_CONNECT_SWAPPED);
  if (received->subject)
    care_identity_propose_async (context_of (self), received->subject, self->cancellable,
                                 proposed_cb, g_object_ref (self));
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->entry));
  return ADW_DIALOG (self);
}
