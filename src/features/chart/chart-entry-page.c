/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-entry-page.h"

#include <glib/gi18n.h>

#include "care-entry.h"
#include "chart-entry-dialog.h"
#include "workspace-toast.h"

/**
 * ChartEntryPage:
 *
 * What the pages that show entries of the record have in common: the actions "chart.add" (of a
 * resource type), "chart.none-known" (that there is none of it) and "chart.undo" (of a reference),
 * the dialog of one entry, and the toast that
 * says what became of it and takes it back for as long as it rests.
 */

G_DEFINE_ABSTRACT_TYPE (ChartEntryPage, chart_entry_page, WORKSPACE_TYPE_CHART_PAGE)

static WorkspacePatient *
patient_of (gpointer page)
{
  return workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (page));
}

static void
add_toast (ChartEntryPage *self, const char *sentence, const char *undo_reference)
{
  GtkWidget *child = adw_bin_get_child (ADW_BIN (self));

  if (ADW_IS_TOAST_OVERLAY (child))
    workspace_toast_add (ADW_TOAST_OVERLAY (child), sentence, "chart.undo", undo_reference);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartEntryPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (care_entry_command_finish (result, &error))
    add_toast (self, _ ("Undone"), NULL);
  else
    add_toast (self, error->message, NULL);
}

static CareContext *
context_of (gpointer page)
{
  return workspace_session_get_context (workspace_patient_get_session (patient_of (page)));
}

static void
undo (GtkWidget *widget, const char *action, GVariant *target)
{
  care_entry_undo_async (context_of (widget), g_variant_get_string (target, NULL), NULL, undone_cb,
                         g_object_ref (widget));
}

static void
present (ChartEntryPage *self, AdwDialog *dialog)
{
  g_signal_connect_object (dialog, "done", G_CALLBACK (add_toast), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* What somebody may not write is refused before it is typed. */
static gboolean
may_write (ChartEntryPage *self, CareEntryKind kind)
{
  g_autoptr (GError) error = NULL;

  if (care_entry_may_write (context_of (self), kind, &error))
    return TRUE;
  add_toast (self, error->message, NULL);
  return FALSE;
}

static void
none_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartEntryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = care_entry_save_finish (result, &error);

  add_toast (self, reference ? _ ("Recorded that none is known") : error->message, reference);
}

/* "None known" is said by a person and has their name on it; an empty list does not say it. */
static void
record_none (GtkWidget *widget, const char *action, GVariant *target)
{
  g_autoptr (GHashTable) values = care_entry_values_new (NULL);
  CareEntryKind kind;

  if (care_entry_kind_of_type (g_variant_get_string (target, NULL), &kind) &&
      care_entry_values_set_none (values, kind) && may_write (CHART_ENTRY_PAGE (widget), kind))
    care_entry_save_async (context_of (widget), kind,
                           workspace_patient_get_id (patient_of (widget)), NULL, values, NULL, NULL,
                           none_saved_cb, g_object_ref (widget));
}

static void
add_entry (GtkWidget *widget, const char *action, GVariant *target)
{
  CareEntryKind kind;

  if (care_entry_kind_of_type (g_variant_get_string (target, NULL), &kind) &&
      may_write (CHART_ENTRY_PAGE (widget), kind))
    present (CHART_ENTRY_PAGE (widget), chart_entry_dialog_new_add (patient_of (widget), kind));
}

/* Shows one entry, to be read and changed; what is no entry of the record is not opened. */
void
chart_entry_page_open (ChartEntryPage *self, const char *reference)
{
  const char *slash = reference ? strchr (reference, '/') : NULL;
  g_autofree char *type = slash ? g_strndup (reference, (gsize) (slash - reference)) : NULL;
  CareEntryKind kind;

  g_return_if_fail (CHART_IS_ENTRY_PAGE (self));

  if (type && care_entry_kind_of_type (type, &kind))
    present (self, chart_entry_dialog_new (patient_of (self), reference));
}

/* One sentence that needs no answer. */
void
chart_entry_page_say (ChartEntryPage *self, const char *sentence)
{
  g_return_if_fail (CHART_IS_ENTRY_PAGE (self));

  add_toast (self, sentence, NULL);
}

/* Goes on with a draft of care_entry_dup_draft_id (): of the pages, the one that is seen does. */
static void
resume_cb (ChartEntryPage *self, const char *draft)
{
  g_auto (GStrv) parts = g_strsplit (draft, ":", 4);
  CareEntryKind kind;

  if (g_strv_length (parts) != 4 || !g_str_equal (parts[0], "entry") ||
      !gtk_widget_get_child_visible (GTK_WIDGET (self)))
    return;
  if (strchr (parts[2], '/'))
    present (self, chart_entry_dialog_new_change (patient_of (self), parts[2]));
  else if (care_entry_kind_of_type (parts[2], &kind) && may_write (self, kind))
    present (self, chart_entry_dialog_new_add (patient_of (self), kind));
}

static void
chart_entry_page_root (GtkWidget *widget)
{
  ChartEntryPage *self = CHART_ENTRY_PAGE (widget);

  GTK_WIDGET_CLASS (chart_entry_page_parent_class)->root (widget);
  if (patient_of (self) &&
      g_signal_handler_find (patient_of (self), G_SIGNAL_MATCH_FUNC | G_SIGNAL_MATCH_DATA, 0, 0,
                             NULL, resume_cb, self) == 0)
    g_signal_connect_object (patient_of (self), "request::resume", G_CALLBACK (resume_cb), self,
                             G_CONNECT_SWAPPED);
}

static void
chart_entry_page_class_init (ChartEntryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->root = chart_entry_page_root;
  gtk_widget_class_install_action (widget_class, "chart.add", "s", add_entry);
  gtk_widget_class_install_action (widget_class, "chart.none-known", "s", record_none);
  gtk_widget_class_install_action (widget_class, "chart.undo", "s", undo);
}

static void
chart_entry_page_init (ChartEntryPage *self)
{
}
