/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-page.h"

#include <glib/gi18n.h>

#include "tasks-list.h"

/* The clinic's open tasks. */

struct _TasksPage
{
  WorkspacePage parent_instance;

  GtkLabel *counts_label;
  TasksList *list;
};

G_DEFINE_FINAL_TYPE (TasksPage, tasks_page, WORKSPACE_TYPE_PAGE)

static void
changed_cb (TasksPage *self)
{
  g_autofree char *counts = tasks_list_dup_counts (self->list);

  gtk_label_set_label (self->counts_label, counts);
  workspace_page_set_count (WORKSPACE_PAGE (self), tasks_list_get_count (self->list));
}

/* It names nobody: a locked screen shows it to anyone who passes. */
static void
red_arrived_cb (TasksPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkApplication *application = root ? gtk_window_get_application (GTK_WINDOW (root)) : NULL;
  g_autoptr (GNotification) notification = g_notification_new (_ ("A red task has arrived"));

  g_notification_set_default_action (notification, "app.clinic");
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_URGENT);
  if (application)
    g_application_send_notification (G_APPLICATION (application), "red-task", notification);
}

static void
tasks_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TASKS_TYPE_PAGE);
  G_OBJECT_CLASS (tasks_page_parent_class)->dispose (object);
}

static void
tasks_page_class_init (TasksPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (TASKS_TYPE_LIST);
  G_OBJECT_CLASS (klass)->dispose = tasks_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/tasks/tasks-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TasksPage, counts_label);
  gtk_widget_class_bind_template_child (widget_class, TasksPage, list);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, red_arrived_cb);
}

static void
tasks_page_init (TasksPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tasks_page_new (WorkspaceSession *session)
{
  TasksPage *self = g_object_new (TASKS_TYPE_PAGE, NULL);

  tasks_list_start (self->list, session, NULL);
  return GTK_WIDGET (self);
}
