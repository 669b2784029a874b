/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-viewer.h"

#include <glib/gi18n.h>

#include "documents-load.h"
#include "documents-pages.h"
#include "documents-text.h"
#include "workspace-alert.h"
#include "workspace-share-button.h"
#include "workspace-signed-note.h"

/* Shows one document and says plainly when it cannot. Whatever is in a file, the worst it can do
 * here is to be a sentence and an offer to save a copy. */

#define PULSE_MS 120

struct _DocumentsViewer
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  char *reference;
  GCancellable *cancellable;
  DocumentsLoaded *loaded;
  guint pulse_source;

  GtkStack *stack;
  GtkWidget *head;
  GtkLabel *title_label;
  GtkLabel *facts_label;
  GtkWidget *save_button;
  GtkWidget *keep_button, *kept_box, *release_button;
  GtkWidget *share_button;
  GtkLabel *notice_label;
  GtkProgressBar *progress_bar;
  DocumentsPages *pages;
  GtkTextView *text_view;
  WorkspaceSignedNote *signed_note;
  AdwStatusPage *failed_page;
  GtkWidget *failed_save_button;
};

G_DEFINE_FINAL_TYPE (DocumentsViewer, documents_viewer, ADW_TYPE_BIN)

/* ---- states ---- */

static void
set_state (DocumentsViewer *self, const char *state)
{
  g_clear_handle_id (&self->pulse_source, g_source_remove);
  gtk_stack_set_visible_child_name (self->stack, state);
  gtk_widget_set_visible (self->head, !g_str_equal (state, "empty"));
  gtk_widget_set_sensitive (self->share_button,
                            g_str_equal (state, "pages") || g_str_equal (state, "text"));
}

/* The page that is looked at, or the words; a note of the clinic's is not for showing, nor is what
 * is kept in the clinic. */
static WorkspaceCard *
make_card_cb (DocumentsViewer *self, WorkspacePatient *patient)
{
  const char *state = gtk_stack_get_visible_child_name (self->stack);
  CareDocument *document = self->loaded ? self->loaded->document : NULL;
  GdkTexture *page = documents_pages_get_texture (self->pages);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  if (!document || document->kept)
    return NULL;
  if (g_strcmp0 (state, "pages") == 0 && page)
    return workspace_card_new_picture (patient, document->title, document->date, page);
  if (g_strcmp0 (state, "text") != 0)
    return NULL;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return workspace_card_new_text (patient, document->title, document->date, text);
}

static gboolean
has_copy (DocumentsViewer *self)
{
  return self->loaded && self->loaded->document && self->loaded->document->bytes;
}

static void
show_failure (DocumentsViewer *self, const char *title, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_status_page_set_title (self->failed_page, title);
  adw_status_page_set_description (self->failed_page, markup);
  gtk_widget_set_visible (self->failed_save_button, has_copy (self));
  documents_pages_set_renderer (self->pages, NULL);
  set_state (self, "failed");
}

static void
page_failed_cb (DocumentsViewer *self, const char *message)
{
  show_failure (self, _ ("This Document Cannot Be Shown"), message);
}

static void
show_head (DocumentsViewer *self)
{
  CareDocument *document = self->loaded->document;
  g_autoptr (GStrvBuilder) facts = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;
  g_autofree char *line = NULL;

  if (!document)
    return;
  if (document->kind && !g_str_equal (document->kind, document->title))
    g_strv_builder_add (facts, document->kind);
  g_strv_builder_add (facts, document->author ? document->author : _ ("author not recorded"));
  g_strv_builder_add (facts, document->date ? document->date : _ ("date not recorded"));
  parts = g_strv_builder_end (facts);
  line = g_strjoinv (" · ", parts);
  gtk_label_set_label (self->title_label, document->title);
  gtk_label_set_label (self->facts_label, line);
}

static void
show_kept (DocumentsViewer *self)
{
  CareDocument *document = self->loaded ? self->loaded->document : NULL;
  gboolean kept = document && document->kept;

  gtk_widget_set_visible (self->kept_box, kept);
  gtk_widget_set_tooltip_text (self->share_button,
                               kept ? _ ("It Is Kept in the Clinic: Release It Before You Show It")
                                    : NULL);
  if (kept)
    gtk_widget_set_sensitive (self->share_button, FALSE);
  gtk_widget_set_visible (self->release_button, kept && document->can_keep);
  gtk_widget_set_visible (self->keep_button, document && !kept && document->can_keep);
}

static void
show_loaded (DocumentsViewer *self)
{
  DocumentsLoaded *loaded = self->loaded;

  show_head (self);
  show_kept (self);
  gtk_widget_set_visible (self->save_button, has_copy (self));
  gtk_label_set_label (self->notice_label, loaded->notice ? loaded->notice : "");
  gtk_widget_set_visible (GTK_WIDGET (self->notice_label), loaded->notice != NULL);
  documents_pages_set_renderer (self->pages, loaded->renderer);
  if (loaded->problem)
    show_failure (self, _ ("This Document Cannot Be Shown"), loaded->problem);
  else if (loaded->renderer)
    set_state (self, "pages");
  else if (loaded->document->note)
    {
      workspace_signed_note_show (self->signed_note, self->patient, loaded->document->note);
      set_state (self, "note");
    }
  else
    {
      if (loaded->narrative)
        documents_text_show (gtk_text_view_get_buffer (self->text_view), loaded->narrative);
      else
        gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), loaded->text, -1);
      set_state (self, "text");
    }
}

/* ---- loading ---- */

static gboolean
pulse_cb (gpointer data)
{
  gtk_progress_bar_pulse (DOCUMENTS_VIEWER (data)->progress_bar);
  return G_SOURCE_CONTINUE;
}

static void
progress_cb (double part, gpointer data)
{
  DocumentsViewer *self = data;

  if (part < 0)
    return;
  g_clear_handle_id (&self->pulse_source, g_source_remove);
  gtk_progress_bar_set_fraction (self->progress_bar, part);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsViewer) self = user_data;
  g_autoptr (GError) error = NULL;
  DocumentsLoaded *loaded = documents_load_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    {
      g_clear_pointer (&loaded, documents_loaded_free);
      return;
    }
  g_clear_object (&self->cancellable);
  if (!loaded) /* stopped by hand: cancel_cb () has said so */
    return;
  self->loaded = loaded;
  show_loaded (self);
}

static void
let_go (DocumentsViewer *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loaded, documents_loaded_free);
}

static void
load (DocumentsViewer *self)
{
  let_go (self);
  self->cancellable = g_cancellable_new ();
  gtk_label_set_label (self->title_label, "");
  gtk_label_set_label (self->facts_label, "");
  gtk_widget_set_visible (GTK_WIDGET (self->notice_label), FALSE);
  gtk_widget_set_visible (self->save_button, FALSE);
  show_kept (self);
  documents_pages_set_renderer (self->pages, NULL);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  set_state (self, "loading");
  self->pulse_source = g_timeout_add (PULSE_MS, pulse_cb, self);
  care_context_audit (workspace_session_get_context (workspace_patient_get_session (self->patient)),
                      "read", workspace_patient_get_id (self->patient), self->reference,
                      "document");
  documents_load_async (self->patient, self->reference, progress_cb, self, self->cancellable,
                        loaded_cb, g_object_ref (self));
}

static void
cancel_cb (DocumentsViewer *self)
{
  let_go (self);
  show_kept (self);
  show_failure (self, _ ("Loading Was Stopped"), _ ("Nothing was changed."));
}

static void
again_cb (DocumentsViewer *self)
{
  if (self->reference)
    load (self);
}

/* ---- who else may read it (hazard H22) ---- */

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsViewer) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_release_set_kept_finish (result, &error))
    {
      gtk_label_set_label (self->notice_label, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->notice_label), TRUE);
    }
  else if (self->patient && self->reference)
    load (self);
}

/* Of the document that is shown now, as it was when somebody was asked. */
static void
set_kept (DocumentsViewer *self, const char *reference, gboolean kept)
{
  g_auto (GStrv) parts = g_strsplit (reference, "#", 2); /* all its attachments */

  care_release_set_kept_async (workspace_session_get_context (
                                   workspace_patient_get_session (self->patient)),
                               parts[0], kept, kept_cb, g_object_ref (self));
}

static void
keep_cb (DocumentsViewer *self)
{
  set_kept (self, self->reference, TRUE);
}

static void
release_answered_cb (AdwAlertDialog *dialog, const char *response, DocumentsViewer *self)
{
  const char *reference = g_object_get_data (G_OBJECT (dialog), "reference");

  if (g_str_equal (response, "release") && self->patient)
    set_kept (self, reference, FALSE);
}

static void
release_cb (DocumentsViewer *self)
{
  g_autofree char *name = workspace_patient_dup_name (self->patient);
  g_autofree char *body =
      g_strdup_printf (_ ("“%s” of %s can then be read by the patient, and by whoever speaks for "
                          "them."),
                       self->loaded->document->title, name);
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Release to the Patient?"), body);

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "keep", _ ("_Keep in the Clinic"),
                                  "release", _ ("_Release"), NULL);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "keep");
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "keep");
  g_object_set_data_full (G_OBJECT (dialog), "reference", g_strdup (self->reference), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (release_answered_cb), self, 0);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

/* ---- a copy ---- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsViewer) self = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    return;
  gtk_label_set_label (self->notice_label, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->notice_label), TRUE);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsViewer) self = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (!file || !has_copy (self))
    return;
  care_context_audit (workspace_session_get_context (workspace_patient_get_session (self->patient)),
                      "export", workspace_patient_get_id (self->patient), self->reference,
                      "a copy of the document");
  g_file_replace_contents_bytes_async (file, self->loaded->document->bytes, NULL, FALSE,
                                       G_FILE_CREATE_REPLACE_DESTINATION | G_FILE_CREATE_PRIVATE,
                                       NULL, written_cb, g_object_ref (self));
}

static void
save_cb (DocumentsViewer *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_file_dialog_set_title (dialog, _ ("Save a Copy of the Document"));
  gtk_file_dialog_set_initial_name (dialog, self->loaded->document->file_name);
  gtk_file_dialog_save (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, chosen_cb,
                        g_object_ref (self));
}

static void
documents_viewer_dispose (GObject *object)
{
  DocumentsViewer *self = DOCUMENTS_VIEWER (object);

  let_go (self);
  g_clear_handle_id (&self->pulse_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), DOCUMENTS_TYPE_VIEWER);
  g_clear_object (&self->patient);
  g_clear_pointer (&self->reference, g_free);
  G_OBJECT_CLASS (documents_viewer_parent_class)->dispose (object);
}

static void
documents_viewer_class_init (DocumentsViewerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_SHARE_BUTTON);
  g_type_ensure (DOCUMENTS_TYPE_PAGES);
  g_type_ensure (WORKSPACE_TYPE_SIGNED_NOTE);
  G_OBJECT_CLASS (klass)->dispose = documents_viewer_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/documents/documents-viewer.ui");
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, stack);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, head);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, title_label);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, facts_label);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, save_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, keep_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, kept_box);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, release_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, share_button);
  gtk_widget_class_bind_template_callback (widget_class, make_card_cb);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, notice_label);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, pages);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, text_view);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, signed_note);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, failed_page);
  gtk_widget_class_bind_template_child (widget_class, DocumentsViewer, failed_save_button);
  gtk_widget_class_bind_template_callback (widget_class, keep_cb);
  gtk_widget_class_bind_template_callback (widget_class, release_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
documents_viewer_init (DocumentsViewer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  documents_text_prepare (gtk_text_view_get_buffer (self->text_view));
  set_state (self, "empty");
}

void
documents_viewer_set_patient (DocumentsViewer *self, WorkspacePatient *patient)
{
  g_set_object (&self->patient, patient);
}

/* @reference: of a row of care_document_list(); NULL: nothing. What is shown already stays. */
void
documents_viewer_show (DocumentsViewer *self, const char *reference)
{
  if (reference && g_strcmp0 (reference, self->reference) == 0)
    return;
  g_set_str (&self->reference, reference);
  if (reference)
    {
      load (self);
      return;
    }
  let_go (self);
  show_kept (self);
  documents_pages_set_renderer (self->pages, NULL);
  set_state (self, "empty");
}

const char *
documents_viewer_get_state (DocumentsViewer *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

const char *
documents_viewer_get_reference (DocumentsViewer *self)
{
  return self->reference;
}
