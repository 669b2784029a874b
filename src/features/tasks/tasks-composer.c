/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-composer.h"

#include <glib/gi18n.h>

#include "care-task.h"
#include "fhir-date.h"

#include "tasks-write.h"
#include "workspace-line-layout.h"
#include "workspace-text.h"

/* Something to be done for one patient: what, and by when if that matters; in a dialog or under a
 * note. What is typed is kept on disk until the task is added or the text is emptied. */

#define GATHER_MS 250
#define CODE      "to-do"

struct _TasksComposer
{
  WorkspaceComposer parent_instance;

  WorkspacePatient *patient;
  char *draft;
  char *due; /* YYYY-MM-DD, or NULL */
  guint save_source;
  gboolean is_loading, is_done;

  GtkButton *add_button;
  AdwEntryRow *title_row;
  AdwActionRow *due_row;
  GtkMenuButton *due_button;
  GtkCalendar *calendar;
  GtkButton *no_date_button;
  GtkLabel *state_label;
};

G_DEFINE_FINAL_TYPE (TasksComposer, tasks_composer, WORKSPACE_TYPE_COMPOSER)

static CareContext *
context_of (TasksComposer *self)
{
  return workspace_session_get_context (workspace_patient_get_session (self->patient));
}

static char *
dup_title (TasksComposer *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->title_row))));
}

static void
set_state (TasksComposer *self, const char *text, gboolean wrong)
{
  const char *classes[] = { "caption", wrong ? "error" : "dimmed", NULL };

  gtk_label_set_label (self->state_label, text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_label), classes);
  if (wrong)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->state_label), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* ---- the draft ---- */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksComposer) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!tasks_write_finish (result, &error) && !self->is_done)
    {
      g_autofree char *text = g_strdup_printf (_ ("Not on disk yet: %s"), error->message);
      set_state (self, text, TRUE);
    }
}

static void
save (gpointer user_data)
{
  TasksComposer *self = user_data;

  self->save_source = 0;
  tasks_write_draft_async (context_of (self), self->draft, workspace_patient_get_id (self->patient),
                           gtk_editable_get_text (GTK_EDITABLE (self->title_row)), saved_cb,
                           g_object_ref (self));
}

static void
title_changed_cb (TasksComposer *self)
{
  g_autofree char *title = dup_title (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), *title != '\0' && !self->is_done);
  if (!self->is_loading && !self->is_done && self->save_source == 0)
    self->save_source = g_timeout_add_once (GATHER_MS, save, self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksComposer) self = user_data;
  g_autofree char *text = tasks_write_load_draft_finish (result, NULL);

  if (!text || !*text || *gtk_editable_get_text (GTK_EDITABLE (self->title_row)))
    return;
  self->is_loading = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->title_row), text);
  self->is_loading = FALSE;
  set_state (self, _ ("Found again on disk"), FALSE);
}

static void
tasks_composer_unmap (GtkWidget *widget)
{
  TasksComposer *self = TASKS_COMPOSER (widget);

  GTK_WIDGET_CLASS (tasks_composer_parent_class)->unmap (widget);
  if (self->save_source == 0)
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  save (self);
}

/* ---- the day it is due ---- */

static void
show_due (TasksComposer *self)
{
  g_autofree char *date = self->due ? fhir_date_format (self->due, NULL) : NULL;

  adw_action_row_set_subtitle (self->due_row, date ? date : _ ("No date"));
  gtk_widget_set_visible (GTK_WIDGET (self->no_date_button), date != NULL);
}

static void
day_selected_cb (TasksComposer *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);

  g_free (self->due);
  self->due = g_date_time_format (day, "%Y-%m-%d");
  show_due (self);
  gtk_menu_button_popdown (self->due_button);
}

static void
no_date_cb (TasksComposer *self)
{
  g_clear_pointer (&self->due, g_free);
  show_due (self);
}

/* ---- adding ---- */

static char *
dup_words (TasksComposer *self)
{
  g_autofree char *title = dup_title (self);
  g_autofree char *date = self->due ? fhir_date_format (self->due, NULL) : NULL;

  return date ? g_strdup_printf (_ ("Task: %s, due %s"), title, date)
              : g_strdup_printf (_ ("Task: %s"), title);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksComposer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = care_task_create_finish (result, &error);

  if (id)
    {
      g_autofree char *reference = g_strconcat ("Task/", id, NULL);
      g_autofree char *words = dup_words (self);

      tasks_write_draft_async (context_of (self), self->draft, NULL, "", saved_cb,
                               g_object_ref (self));
      workspace_composer_committed (WORKSPACE_COMPOSER (self), reference, words);
      return;
    }
  self->is_done = FALSE;
  title_changed_cb (self);
  set_state (self, error->message, TRUE);
}

static void
add_cb (TasksComposer *self)
{
  g_autofree char *title = dup_title (self);

  if (self->is_done || *title == '\0')
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->is_done = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), FALSE);
  care_task_create_async (context_of (self), CODE, title, workspace_patient_get_id (self->patient),
                          NULL, NULL, self->due, NULL, created_cb, g_object_ref (self));
}

/* ---- object ---- */

static void
tasks_composer_dispose (GObject *object)
{
  TasksComposer *self = TASKS_COMPOSER (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TASKS_TYPE_COMPOSER);
  g_clear_pointer (&self->draft, g_free);
  g_clear_pointer (&self->due, g_free);
  g_clear_object (&self->patient);
  G_OBJECT_CLASS (tasks_composer_parent_class)->dispose (object);
}

static void
tasks_composer_start (WorkspaceComposer *composer)
{
  gtk_widget_grab_focus (GTK_WIDGET (TASKS_COMPOSER (composer)->title_row));
}

static void
tasks_composer_class_init (TasksComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tasks_composer_dispose;
  widget_class->unmap = tasks_composer_unmap;
  WORKSPACE_COMPOSER_CLASS (klass)->start = tasks_composer_start;
  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/tasks/tasks-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, TasksComposer, add_button);
  gtk_widget_class_bind_template_child (widget_class, TasksComposer, title_row);
  gtk_widget_class_bind_template_child (widget_class, TasksComposer, due_row);
  gtk_widget_class_bind_template_child (widget_class, TasksComposer, due_button);
  gtk_widget_class_bind_template_child (widget_class, TasksComposer, calendar);
  gtk_widget_class_bind_template_child (widget_class, TasksComposer, no_date_button);
  gtk_widget_class_bind_template_child (widget_class, TasksComposer, state_label);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, title_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, no_date_cb);
}

static void
tasks_composer_init (TasksComposer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
  show_due (self);
}

/* (transfer floating) */
WorkspaceComposer *
tasks_composer_new (WorkspacePatient *patient)
{
  TasksComposer *self = g_object_new (TASKS_TYPE_COMPOSER, NULL);
  g_autofree char *about = g_strconcat ("Patient/", workspace_patient_get_id (patient), NULL);

  self->patient = g_object_ref (patient);
  self->draft = tasks_write_draft_id (context_of (self), "new", about);
  tasks_write_load_draft_async (context_of (self), self->draft, loaded_cb, g_object_ref (self));
  return WORKSPACE_COMPOSER (self);
}
