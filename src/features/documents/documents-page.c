/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-page.h"

#include <glib/gi18n.h>

#include "care-document.h"
#include "documents-ask.h"
#include "documents-attach.h"
#include "documents-camera.h"
#include "documents-viewer.h"
#include "workspace-list.h"
#include "workspace-toast.h"

/**
 * DocumentsPage:
 *
 * All documents of the patient, newest first, and the chosen one beside the list; where there is no
 * room, one takes the place of the other.
 */

struct _DocumentsPage
{
  WorkspaceChartPage parent_instance;

  char *target; /* to select when the list is here */
  gboolean loading, again, is_loaded;

  AdwToastOverlay *toasts;
  AdwNavigationSplitView *split;
  GtkLabel *note_label;
  GtkWidget *back_button;
  WorkspaceList *list;
  DocumentsViewer *viewer;
};

G_DEFINE_FINAL_TYPE (DocumentsPage, documents_page, WORKSPACE_TYPE_CHART_PAGE)

static const WorkspaceGroup groups[] = {
  { NULL, "Current", N_ ("Documents") },
  { NULL, "Superseded", N_ ("Superseded") },
  { NULL, "Entered in error", N_ ("Entered in Error") },
  { NULL, "Not shown", N_ ("Entries That Cannot Be Shown") },
};

static void
selected_cb (DocumentsPage *self, CareRow *row)
{
  documents_viewer_set_patient (self->viewer,
                                workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self)));
  documents_viewer_show (self->viewer, care_row_get_reference (row));
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

static gboolean
select_target (DocumentsPage *self)
{
  gboolean found = self->target && workspace_list_select (self->list, self->target);

  if (found)
    g_clear_pointer (&self->target, g_free);
  return found;
}

/* What is attached in this moment may stand in the next list only. */
static void
show_wanted (DocumentsPage *self)
{
  g_autofree char *target = NULL;

  if (select_target (self) || self->again)
    return;
  target = g_steal_pointer (&self->target);
  if (target)
    workspace_page_say_not_here (WORKSPACE_PAGE (self), target);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) rows = care_document_list_finish (result, &error);

  self->loading = FALSE;
  if (!self->list) /* the window was closed meanwhile */
    return;
  if (rows)
    {
      workspace_list_set_rows (self->list, rows, _ ("No Documents Recorded"));
      self->is_loaded = TRUE;
      show_wanted (self);
    }
  else
    workspace_chart_page_show_note (self->note_label, error->message);
  if (self->again)
    {
      self->again = FALSE;
      g_signal_emit_by_name (self, "stale");
    }
}

static void
read_list (DocumentsPage *self)
{
  WorkspacePatient *patient = workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self));

  self->again = self->loading;
  if (self->loading)
    return;
  self->loading = TRUE;
  care_document_list_async (workspace_session_get_context (workspace_patient_get_session (patient)),
                            workspace_patient_get_id (patient), NULL, listed_cb,
                            g_object_ref (self));
}

/* ---- attaching ---- */

static void
add_toast (DocumentsPage *self, const char *text, const char *reference)
{
  workspace_toast_add (self->toasts, text, "documents.undo", reference);
}

typedef struct
{
  DocumentsPage *self;
  char *name;
} Attaching;

static void
attached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Attaching *attaching = user_data;
  g_autoptr (DocumentsPage) self = attaching->self;
  g_autofree char *name = attaching->name;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = documents_attach_finish (result, &error);
  g_autofree char *words =
      reference ? g_strdup_printf (_ ("“%s” is attached"), name) : g_strdup (error->message);

  if (!self->list) /* the window was closed meanwhile */
    return;
  add_toast (self, words, reference);
  if (!reference)
    return;
  g_set_str (&self->target, reference);
  read_list (self);
}

static void
attach_file (DocumentsPage *self, GFile *file, CareSensitivity sensitivity)
{
  Attaching *attaching = g_new0 (Attaching, 1);

  attaching->self = g_object_ref (self);
  attaching->name = g_file_get_basename (file);
  documents_attach_async (workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self)), file,
                          sensitivity, attached_cb, attaching);
}

static void
answered (GtkWidget *page, GSList *files, CareSensitivity sensitivity)
{
  for (GSList *file = files; file; file = file->next)
    attach_file (DOCUMENTS_PAGE (page), file->data, sensitivity);
}

static void
ask_to_attach (DocumentsPage *self, GSList *files)
{
  documents_ask (GTK_WIDGET (self), workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self)),
                 files, answered);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsPage) self = user_data;
  g_autoptr (GListModel) files =
      gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (source), result, NULL);

  GSList *chosen = NULL;

  for (guint i = files ? g_list_model_get_n_items (files) : 0; i > 0; i--)
    chosen = g_slist_prepend (chosen, g_list_model_get_item (files, i - 1));
  if (chosen && self->list)
    ask_to_attach (self, chosen);
  g_slist_free_full (chosen, g_object_unref);
}

static void
attach_cb (DocumentsPage *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_file_dialog_set_title (dialog, _ ("Attach Documents to This Patient"));
  gtk_file_dialog_set_accept_label (dialog, _ ("_Attach"));
  gtk_file_dialog_open_multiple (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                                 chosen_cb, g_object_ref (self));
}

static void
photographed_cb (DocumentsPage *self, const char *title, const char *reference)
{
  g_autofree char *words = g_strdup_printf (_ ("“%s” is attached"), title);

  if (!self->list)
    return;
  add_toast (self, words, reference);
  g_set_str (&self->target, reference);
  read_list (self);
}

static void
photograph_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwDialog *dialog =
      documents_camera_new (workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (widget)), NULL);

  g_signal_connect_object (dialog, "attached", G_CALLBACK (photographed_cb), widget,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

static gboolean
drop_cb (DocumentsPage *self, const GValue *value)
{
  if (g_value_get_boxed (value))
    ask_to_attach (self, g_value_get_boxed (value));
  return TRUE;
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!self->list)
    return;
  if (!care_document_undo_finish (result, &error))
    add_toast (self, error->message, NULL);
  else
    {
      documents_viewer_show (self->viewer, NULL);
      adw_navigation_split_view_set_show_content (self->split, FALSE);
      read_list (self);
    }
}

static void
undo_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WorkspacePatient *patient = workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (widget));

  care_document_undo_async (workspace_session_get_context (workspace_patient_get_session (patient)),
                            g_variant_get_string (parameter, NULL), undone_cb,
                            g_object_ref (widget));
}

static void
documents_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  read_list (DOCUMENTS_PAGE (page));
}

static void
documents_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  workspace_chart_page_show_note (DOCUMENTS_PAGE (page)->note_label, as_of);
}

static gboolean
documents_page_show_target (WorkspacePage *page, const char *reference)
{
  DocumentsPage *self = DOCUMENTS_PAGE (page);

  g_set_str (&self->target, reference);
  if (select_target (self) || !self->is_loaded)
    return TRUE;
  g_clear_pointer (&self->target, g_free);
  return FALSE;
}

static void
documents_page_dispose (GObject *object)
{
  DocumentsPage *self = DOCUMENTS_PAGE (object);

  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), DOCUMENTS_TYPE_PAGE);
  g_clear_pointer (&self->target, g_free);
  G_OBJECT_CLASS (documents_page_parent_class)->dispose (object);
}

static void
documents_page_class_init (DocumentsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LIST);
  g_type_ensure (DOCUMENTS_TYPE_VIEWER);
  G_OBJECT_CLASS (klass)->dispose = documents_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = documents_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = documents_page_show_as_of;
  WORKSPACE_PAGE_CLASS (klass)->show_target = documents_page_show_target;
  g_signal_new ("stale", DOCUMENTS_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/documents/documents-page.ui");
  gtk_widget_class_install_action (widget_class, "documents.undo", "s", undo_cb);
  gtk_widget_class_install_action (widget_class, "documents.photograph", NULL, photograph_cb);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, split);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, list);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, viewer);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, attach_cb);
}

static void
documents_page_init (DocumentsPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  workspace_list_set_groups (self->list, groups, G_N_ELEMENTS (groups));
  g_signal_connect (self, "stale", G_CALLBACK (read_list), NULL);
}
