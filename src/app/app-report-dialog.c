/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-report-dialog.h"

#include <glib/gi18n.h>

#include "workspace-toast.h"

struct _AppReportDialog
{
  AdwDialog parent_instance;

  AppReport *report; /* NULL until it is gathered */

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwSwitchRow *host_row;
  GtkTextView *text_view;
};

G_DEFINE_FINAL_TYPE (AppReportDialog, app_report_dialog, ADW_TYPE_DIALOG)

static void
show_text (AppReportDialog *self)
{
  g_autofree char *text = NULL;

  if (!self->report)
    return;
  text = app_report_dup_text (self->report, adw_switch_row_get_active (self->host_row));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
}

static void
toast (AppReportDialog *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, workspace_toast_new (text));
}

/* ---- writing ---- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppReportDialog) self = user_data;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    text = g_strdup_printf (_ ("The report was written to %s."), name);
  else
    text = g_strdup_printf (_ ("The report was not written: %s"), error->message);
  toast (self, text);
}

/* What is read here, letter by letter. Only this user may read the file. */
void
app_report_dialog_write (AppReportDialog *self, GFile *file)
{
  g_autofree char *text = app_report_dialog_dup_shown (self);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                       NULL, written_cb, g_object_ref (self));
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppReportDialog) self = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (file)
    app_report_dialog_write (self, file);
}

static void
save_cb (AppReportDialog *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_file_dialog_set_title (dialog, _ ("Save the Diagnostic Report"));
  gtk_file_dialog_set_initial_name (dialog, "bedside-report.txt");
  gtk_file_dialog_save (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL, chosen_cb,
                        g_object_ref (self));
}

static void
copy_cb (AppReportDialog *self)
{
  g_autofree char *text = app_report_dialog_dup_shown (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  toast (self, _ ("The report was copied."));
}

/* ---- object ---- */

static void
app_report_dialog_dispose (GObject *object)
{
  AppReportDialog *self = APP_REPORT_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_REPORT_DIALOG);
  g_clear_object (&self->report);
  G_OBJECT_CLASS (app_report_dialog_parent_class)->dispose (object);
}

static void
app_report_dialog_class_init (AppReportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_report_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-report-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AppReportDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, AppReportDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AppReportDialog, host_row);
  gtk_widget_class_bind_template_child (widget_class, AppReportDialog, text_view);
  gtk_widget_class_bind_template_callback (widget_class, show_text);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
app_report_dialog_init (AppReportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AppReportDialog *
app_report_dialog_new (void)
{
  return g_object_new (APP_TYPE_REPORT_DIALOG, NULL);
}

void
app_report_dialog_set_report (AppReportDialog *self, AppReport *report)
{
  g_return_if_fail (APP_IS_REPORT_DIALOG (self));

  g_set_object (&self->report, report);
  show_text (self);
  gtk_stack_set_visible_child_name (self->stack, "report");
}

/* (transfer full): what is read, and what would be written. */
char *
app_report_dialog_dup_shown (AppReportDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}
