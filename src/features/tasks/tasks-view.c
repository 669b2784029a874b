/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-view.h"

#include "tasks-list.h"
#include "workspace-line-layout.h"

/* The open tasks of one patient, beside the chart. */

struct _TasksView
{
  AdwBin parent_instance;

  GtkLabel *counts_label;
  TasksList *list;
};

G_DEFINE_FINAL_TYPE (TasksView, tasks_view, ADW_TYPE_BIN)

static void
changed_cb (TasksView *self)
{
  g_autofree char *counts = tasks_list_dup_counts (self->list);

  gtk_label_set_label (self->counts_label, counts);
}

static void
resume_cb (TasksView *self, const char *draft)
{
  if (g_str_has_prefix (draft, "task-new "))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.task-new", NULL);
  else
    tasks_list_resume (self->list, draft);
}

static void
tasks_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TASKS_TYPE_VIEW);
  G_OBJECT_CLASS (tasks_view_parent_class)->dispose (object);
}

static void
tasks_view_class_init (TasksViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (TASKS_TYPE_LIST);
  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  G_OBJECT_CLASS (klass)->dispose = tasks_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/tasks/tasks-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TasksView, counts_label);
  gtk_widget_class_bind_template_child (widget_class, TasksView, list);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
tasks_view_init (TasksView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tasks_view_new (WorkspacePatient *patient)
{
  TasksView *self = g_object_new (TASKS_TYPE_VIEW, NULL);

  g_signal_connect_object (patient, "request::resume", G_CALLBACK (resume_cb), self,
                           G_CONNECT_SWAPPED);
  tasks_list_start (self->list, workspace_patient_get_session (patient),
                    workspace_patient_get_id (patient));
  g_signal_connect_object (patient, "request::select", G_CALLBACK (tasks_list_select), self->list,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
