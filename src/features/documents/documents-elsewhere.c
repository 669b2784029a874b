/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-elsewhere.h"

#include <glib/gi18n.h>

#include "care-document.h"
#include "documents-keep.h"
#include "documents-link.h"
#include "documents-received.h"
#include "documents-text.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "workspace-person.h"
#include "workspace-toast.h"

/**
 * DocumentsElsewhere:
 *
 * What it is, whose it says it is, by whom and of when, and what it says. Nothing of it is in a
 * chart until somebody keeps it there, and then only the document as it was received.
 */

struct _DocumentsElsewhere
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  GCancellable *cancellable;
  DocumentsReceived *received;
  char *patient_id; /* in whose chart it is kept */

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *failed_page;
  AdwActionRow *what_row, *whose_row, *author_row, *date_row;
  GtkLabel *notice_label;
  GtkTextView *text_view;
  DocumentsLink *link_view;
  GtkLabel *keep_label;
  GtkWidget *keep_button, *chart_button;
};

G_DEFINE_FINAL_TYPE (DocumentsElsewhere, documents_elsewhere, ADW_TYPE_DIALOG)

/* ---- what it is ---- */

static void
set_fact (AdwActionRow *row, const char *fact)
{
  adw_action_row_set_subtitle (row, fact);
}

/* (transfer full): "SMITH, Jane · born 12-Mar-1961 (65 y) · Female · 9434765919" */
static char *
dup_whose (DocumentsElsewhere *self)
{
  FhirResource *subject = self->received->subject;
  g_autoptr (WorkspacePerson) person = NULL;
  g_autofree char *today = workspace_session_dup_today (self->session);
  const char *identifier;

  if (!subject)
    return g_strdup (_ ("It does not say whose it is."));
  person = workspace_person_new (subject, today, workspace_session_get_zone (self->session));
  identifier = workspace_person_get_identifier (person);
  return g_strjoin (" · ", workspace_person_get_name (person), workspace_person_get_born (person),
                    workspace_person_get_sex (person), identifier, NULL);
}

static char *
dup_what (DocumentsReceived *received)
{
  return received->title ? g_strjoin (" · ", received->title, received->what, NULL)
                         : g_strdup (received->what);
}

static void
show_facts (DocumentsElsewhere *self)
{
  DocumentsReceived *received = self->received;
  g_autofree char *what = dup_what (received), *whose = dup_whose (self);
  g_autofree char *date =
      received->date ? fhir_date_format (received->date, workspace_session_get_zone (self->session))
                     : NULL;

  adw_dialog_set_title (ADW_DIALOG (self), received->name);
  set_fact (self->what_row, what);
  set_fact (self->whose_row, whose);
  set_fact (self->author_row, received->author ? received->author : _ ("author not recorded"));
  set_fact (self->date_row, date ? date : _ ("date not recorded"));
  gtk_label_set_label (self->notice_label, received->notice ? received->notice : "");
  gtk_widget_set_visible (GTK_WIDGET (self->notice_label), received->notice != NULL);
}

/* (nullable): why it cannot be kept in a chart, or NULL */
static const char *
find_obstacle (DocumentsElsewhere *self)
{
  if (store_database_is_read_only (workspace_session_get_database (self->session)))
    return _ ("Your records can only be read with this version of Bedside, so it cannot be kept.");
  if (self->received->n_subjects > 1)
    return _ ("It is about several patients, so it cannot be kept in the chart of one.");
  return NULL;
}

static void
show_keep (DocumentsElsewhere *self)
{
  const char *obstacle = find_obstacle (self);

  gtk_label_set_label (self->keep_label,
                       obstacle
                           ? obstacle
                           : _ ("Nothing of it is in a chart. If you keep it, it is attached as "
                                "the document as it was received, and nothing in it is taken "
                                "over: no medicine, no allergy, no result."));
  gtk_widget_set_visible (self->keep_button, TRUE);
  gtk_widget_set_sensitive (self->keep_button, obstacle == NULL);
  gtk_widget_set_visible (self->chart_button, FALSE);
}

static void
show_failure (DocumentsElsewhere *self, const char *sentence)
{
  g_autofree char *markup = g_markup_escape_text (sentence, -1);

  adw_status_page_set_description (self->failed_page, markup);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* What a health link says; what it leads to is opened when it is fetched. */
static void
show_link (DocumentsElsewhere *self, const char *link)
{
  g_autoptr (GError) error = NULL;

  adw_dialog_set_title (ADW_DIALOG (self), _ ("Health Link"));
  if (documents_link_show (self->link_view, self->session, link, &error))
    gtk_stack_set_visible_child_name (self->stack, "link");
  else
    show_failure (self, error->message);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsElsewhere) self = user_data;
  g_autoptr (GError) error = NULL;
  DocumentsReceived *received = documents_received_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!received)
    {
      show_failure (self, error->message);
      return;
    }
  if (received->link)
    {
      show_link (self, received->link);
      documents_received_unref (received);
      return;
    }
  g_clear_pointer (&self->received, documents_received_unref);
  self->received = received;
  show_facts (self);
  documents_text_show (gtk_text_view_get_buffer (self->text_view), received->narrative);
  show_keep (self);
  gtk_stack_set_visible_child_name (self->stack, "read");
}

/**
 * documents_elsewhere_open:
 * @uri: of a file of this computer, or a health link
 */
void
documents_elsewhere_open (DocumentsElsewhere *self, const char *uri)
{
  g_autoptr (GFile) file = g_file_new_for_uri (uri);

  g_return_if_fail (DOCUMENTS_IS_ELSEWHERE (self));

  if (g_ascii_strncasecmp (uri, "shlink:", strlen ("shlink:")) == 0)
    {
      show_link (self, uri);
      return;
    }
  if (!g_file_peek_path (file))
    {
      show_failure (self, _ ("Bedside opens files of this computer only. Save it here first."));
      return;
    }
  gtk_stack_set_visible_child_name (self->stack, "wait");
  documents_received_open_async (file, workspace_session_get_clock (self->session),
                                 self->cancellable, opened_cb, g_object_ref (self));
}

static void
read_bytes (DocumentsElsewhere *self, GBytes *bytes, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, "wait");
  documents_received_read_async (bytes, name, workspace_session_get_clock (self->session),
                                 self->cancellable, opened_cb, g_object_ref (self));
}

/* The first file is shown here, each other one in a dialog of its own behind it. */
static void
fetched_cb (DocumentsElsewhere *self, GPtrArray *files)
{
  g_autofree char *name = documents_link_dup_name (self->link_view);

  for (guint i = files->len - 1; i > 0; i--)
    {
      AdwDialog *other = documents_elsewhere_new (self->session);

      read_bytes (DOCUMENTS_ELSEWHERE (other), files->pdata[i], name);
      adw_dialog_present (other, GTK_WIDGET (self));
    }
  read_bytes (self, files->pdata[0], name);
}

/* ---- in a chart ---- */

static void
kept_cb (DocumentsElsewhere *self, const char *reference, const char *patient_id, const char *name)
{
  g_autofree char *sentence = g_strdup_printf (_ ("Kept in the chart of %s"), name);

  g_set_str (&self->patient_id, patient_id);
  gtk_label_set_label (self->keep_label, sentence);
  gtk_widget_set_visible (self->keep_button, FALSE);
  gtk_widget_set_visible (self->chart_button, TRUE);
  gtk_widget_grab_focus (self->chart_button);
  workspace_toast_add (self->toasts, sentence, "elsewhere.undo", reference);
}

static void
keep_cb (DocumentsElsewhere *self)
{
  AdwDialog *keep = documents_keep_new (self->session, self->received);

  g_signal_connect_object (keep, "kept", G_CALLBACK (kept_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (keep, GTK_WIDGET (self));
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsElsewhere) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_document_undo_finish (result, &error))
    {
      workspace_toast_add (self->toasts, error->message, NULL, NULL);
      return;
    }
  show_keep (self);
  workspace_toast_add (self->toasts, _ ("It is in no chart any more"), NULL, NULL);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DocumentsElsewhere *self = DOCUMENTS_ELSEWHERE (widget);

  care_document_undo_async (workspace_session_get_context (self->session),
                            g_variant_get_string (parameter, NULL), undone_cb, g_object_ref (self));
}

static void
chart_cb (DocumentsElsewhere *self)
{
  workspace_session_open_patient (self->session, self->patient_id, "show", "documents");
  adw_dialog_close (ADW_DIALOG (self));
}

/* ---- object ---- */

static void
documents_elsewhere_dispose (GObject *object)
{
  DocumentsElsewhere *self = DOCUMENTS_ELSEWHERE (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), DOCUMENTS_TYPE_ELSEWHERE);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->received, documents_received_unref);
  g_clear_pointer (&self->patient_id, g_free);
  G_OBJECT_CLASS (documents_elsewhere_parent_class)->dispose (object);
}

static void
documents_elsewhere_class_init (DocumentsElsewhereClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (DOCUMENTS_TYPE_LINK);
  G_OBJECT_CLASS (klass)->dispose = documents_elsewhere_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/documents/documents-elsewhere.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, DocumentsElsewhere, name)
  CHILD (toasts);
  CHILD (stack);
  CHILD (failed_page);
  CHILD (what_row);
  CHILD (whose_row);
  CHILD (author_row);
  CHILD (date_row);
  CHILD (notice_label);
  CHILD (text_view);
  CHILD (link_view);
  CHILD (keep_label);
  CHILD (keep_button);
  CHILD (chart_button);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, fetched_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_cb);
  gtk_widget_class_bind_template_callback (widget_class, chart_cb);
  gtk_widget_class_install_action (widget_class, "elsewhere.undo", "s", undo_action);
}

static void
documents_elsewhere_init (DocumentsElsewhere *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  documents_text_prepare (gtk_text_view_get_buffer (self->text_view));
}

AdwDialog *
documents_elsewhere_new (WorkspaceSession *session)
{
  DocumentsElsewhere *self = g_object_new (DOCUMENTS_TYPE_ELSEWHERE, NULL);

  self->session = g_object_ref (session);
  return ADW_DIALOG (self);
}
