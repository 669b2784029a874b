/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-new-dialog.h"

#include "tasks-composer.h"
#include "workspace-text.h"

/* The form of a new task by itself, under the name of the patient whom it is about. */

struct _TasksNewDialog
{
  AdwDialog parent_instance;

  GtkLabel *name_label;
  AdwBin *composer_bin;
};

G_DEFINE_FINAL_TYPE (TasksNewDialog, tasks_new_dialog, ADW_TYPE_DIALOG)

static void
tasks_new_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TASKS_TYPE_NEW_DIALOG);
  G_OBJECT_CLASS (tasks_new_dialog_parent_class)->dispose (object);
}

static void
tasks_new_dialog_class_init (TasksNewDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tasks_new_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/tasks/tasks-new-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TasksNewDialog, name_label);
  gtk_widget_class_bind_template_child (widget_class, TasksNewDialog, composer_bin);
}

static void
tasks_new_dialog_init (TasksNewDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

AdwDialog *
tasks_new_dialog_new (WorkspacePatient *patient)
{
  TasksNewDialog *self = g_object_new (TASKS_TYPE_NEW_DIALOG, NULL);
  WorkspaceComposer *composer = tasks_composer_new (patient);
  g_autofree char *name = workspace_patient_dup_name (patient);

  gtk_label_set_label (self->name_label, name);
  adw_bin_set_child (self->composer_bin, GTK_WIDGET (composer));
  g_signal_connect_object (composer, "committed", G_CALLBACK (adw_dialog_force_close), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (composer, "closed", G_CALLBACK (adw_dialog_close), self,
                           G_CONNECT_SWAPPED);
  return ADW_DIALOG (self);
}
