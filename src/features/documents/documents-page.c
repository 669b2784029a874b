/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-page.h"

#include <glib/gi18n.h>

#include "care-document.h"
#include "documents-viewer.h"
#include "workspace-list.h"

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
      select_target (self);
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
  return select_target (self) || !self->is_loaded;
}

static void
documents_page_dispose (GObject *object)
{
  DocumentsPage *self = DOCUMENTS_PAGE (object);

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
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, split);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, list);
  gtk_widget_class_bind_template_child (widget_class, DocumentsPage, viewer);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
documents_page_init (DocumentsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_list_set_groups (self->list, groups, G_N_ELEMENTS (groups));
  g_signal_connect (self, "stale", G_CALLBACK (read_list), NULL);
}
