/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-page.h"

#include <glib/gi18n.h>

#include "care-cover.h"

#include "tasks-list.h"
#include "tasks-words.h"
#include "workspace-line-layout.h"

/* The clinic's open tasks. */

struct _TasksPage
{
  WorkspacePage parent_instance;

  WorkspaceSession *session;
  GCancellable *cancellable;

  GtkLabel *counts_label, *absences_label;
  TasksList *list;
};

G_DEFINE_FINAL_TYPE (TasksPage, tasks_page, WORKSPACE_TYPE_PAGE)

static void
absences_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksPage) self = user_data;
  g_autoptr (GPtrArray) covers = care_cover_list_finish (result, NULL);
  g_autofree char *words = NULL;

  if (!covers || !self->session)
    return;
  words = tasks_words_absences (covers,
                                care_context_get_user_reference (
                                    workspace_session_get_context (self->session)),
                                base_clock_now (workspace_session_get_clock (self->session)),
                                workspace_session_get_zone (self->session));
  gtk_label_set_label (self->absences_label, words);
  gtk_widget_set_visible (GTK_WIDGET (self->absences_label), *words != '\0');
}

static void
changed_cb (TasksPage *self)
{
  g_autofree char *counts = tasks_list_dup_counts (self->list);

  care_cover_list_async (workspace_session_get_context (self->session), self->cancellable,
                         absences_cb, g_object_ref (self));

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
  TasksPage *self = TASKS_PAGE (object);

  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (object), TASKS_TYPE_PAGE);
  G_OBJECT_CLASS (tasks_page_parent_class)->dispose (object);
}

static void
tasks_page_class_init (TasksPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (TASKS_TYPE_LIST);
  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  G_OBJECT_CLASS (klass)->dispose = tasks_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/tasks/tasks-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TasksPage, counts_label);
  gtk_widget_class_bind_template_child (widget_class, TasksPage, absences_label);
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

  self->session = g_object_ref (session);
  self->cancellable = g_cancellable_new ();
  tasks_list_start (self->list, session, NULL);
  return GTK_WIDGET (self);
}
