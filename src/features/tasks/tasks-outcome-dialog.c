/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-outcome-dialog.h"

#include <glib/gi18n.h>

#include "tasks-words.h"
#include "tasks-write.h"
#include "workspace-text.h"

/* Closes one red task by what was done (H18). What is typed is on disk within a quarter of a second
 * and comes back when the dialog is opened again; closing the dialog closes nothing else. */

#define GATHER_MS 250

struct _TasksOutcomeDialog
{
  AdwDialog parent_instance;

  CareContext *context;
  char *task_id, *patient, *draft;
  guint save_source;
  gboolean is_loading, is_done;

  GtkButton *close_task_button;
  GtkLabel *name_label;
  GtkLabel *what_label;
  GtkLabel *value_label;
  GtkLabel *message_label;
  GtkLabel *detail_label;
  GtkTextView *text_view;
  GtkLabel *state_label;
};

G_DEFINE_FINAL_TYPE (TasksOutcomeDialog, tasks_outcome_dialog, ADW_TYPE_DIALOG)

static char *
dup_text (TasksOutcomeDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
set_state (TasksOutcomeDialog *self, const char *text, gboolean wrong)
{
  const char *classes[] = { "caption", wrong ? "error" : "dimmed", NULL };

  gtk_label_set_label (self->state_label, text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_label), classes);
  if (wrong)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->state_label), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static gboolean
has_words (TasksOutcomeDialog *self)
{
  g_autofree char *text = g_strstrip (dup_text (self));

  return *text != '\0';
}

/* ---- the draft ---- */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksOutcomeDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->is_done)
    return;
  if (tasks_write_finish (result, &error))
    set_state (self, has_words (self) ? _ ("Kept on disk") : "", FALSE);
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("Not on disk yet: %s"), error->message);
      set_state (self, text, TRUE);
    }
}

static void
save (gpointer user_data)
{
  TasksOutcomeDialog *self = user_data;
  g_autofree char *text = dup_text (self);

  self->save_source = 0;
  tasks_write_draft_async (self->context, self->draft, self->patient, text, saved_cb,
                           g_object_ref (self));
}

static void
text_changed_cb (TasksOutcomeDialog *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->close_task_button), has_words (self));
  if (!self->is_loading && self->save_source == 0)
    self->save_source = g_timeout_add_once (GATHER_MS, save, self);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksOutcomeDialog) self = user_data;
  g_autofree char *text = tasks_write_load_draft_finish (result, NULL);

  /* what was typed while the disk was read is newer than what it held */
  if (!text || !*text || has_words (self))
    return;
  self->is_loading = TRUE;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), text, -1);
  self->is_loading = FALSE;
  set_state (self, _ ("Found again on disk"), FALSE);
}

static void
closed_cb (TasksOutcomeDialog *self)
{
  if (self->save_source == 0)
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  save (self);
}

/* ---- closing the task ---- */

static void
completed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TasksOutcomeDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (tasks_write_finish (result, &error))
    {
      adw_dialog_force_close (ADW_DIALOG (self));
      return;
    }
  self->is_done = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->text_view), TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->close_task_button), TRUE);
  set_state (self, error->message, TRUE);
}

static void
close_task_cb (TasksOutcomeDialog *self)
{
  g_autofree char *text = dup_text (self);

  if (self->is_done || !has_words (self))
    return;
  /* no draft may be written after the outcome: it would come back as if nothing was done */
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->is_done = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->text_view), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->close_task_button), FALSE);
  tasks_write_complete_async (self->context, self->task_id, text, completed_cb,
                              g_object_ref (self));
}

/* ---- object ---- */

static void
tasks_outcome_dialog_dispose (GObject *object)
{
  TasksOutcomeDialog *self = TASKS_OUTCOME_DIALOG (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), TASKS_TYPE_OUTCOME_DIALOG);
  g_clear_pointer (&self->task_id, g_free);
  g_clear_pointer (&self->patient, g_free);
  g_clear_pointer (&self->draft, g_free);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (tasks_outcome_dialog_parent_class)->dispose (object);
}

static void
tasks_outcome_dialog_class_init (TasksOutcomeDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tasks_outcome_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/tasks/tasks-outcome-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TasksOutcomeDialog, close_task_button);
  gtk_widget_class_bind_template_child (widget_class, TasksOutcomeDialog, name_label);
  gtk_widget_class_bind_template_child (widget_class, TasksOutcomeDialog, what_label);
  gtk_widget_class_bind_template_child (widget_class, TasksOutcomeDialog, value_label);
  gtk_widget_class_bind_template_child (widget_class, TasksOutcomeDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, TasksOutcomeDialog, detail_label);
  gtk_widget_class_bind_template_child (widget_class, TasksOutcomeDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, TasksOutcomeDialog, state_label);
  gtk_widget_class_bind_template_callback (widget_class, close_task_cb);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);
}

static void
tasks_outcome_dialog_init (TasksOutcomeDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
  g_signal_connect_object (gtk_text_view_get_buffer (self->text_view), "changed",
                           G_CALLBACK (text_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

/* Of one red task, @facts. @now: µs since 1970. */
AdwDialog *
tasks_outcome_dialog_new (CareContext *context,
                          const TasksFacts *facts,
                          GTimeZone *zone,
                          gint64 now)
{
  TasksOutcomeDialog *self = g_object_new (TASKS_TYPE_OUTCOME_DIALOG, NULL);
  g_autofree char *name = tasks_words_name (facts);
  g_autofree char *what = tasks_words_what (facts);
  g_autofree char *value = tasks_words_value (facts);
  g_autofree char *since = tasks_words_since (facts, now, zone);
  g_autofree char *detail = tasks_words_detail (facts);
  g_autofree char *message = facts->message ? g_strdup_printf (_ ("“%s”"), facts->message) : NULL;
  g_autofree char *open = g_strdup_printf (_ ("Open for %s"), since);
  g_autofree char *details = detail ? g_strdup_printf ("%s\n%s", detail, open) : g_strdup (open);

  self->context = g_object_ref (context);
  self->task_id = g_strdup (tasks_facts_get_id (facts));
  self->patient = g_strdup (facts->patient);
  self->draft = tasks_write_draft_id (context, "outcome", facts->reference);
  set_text (self->name_label, name);
  set_text (self->what_label, what);
  set_text (self->value_label, value);
  set_text (self->message_label, message);
  set_text (self->detail_label, details);
  tasks_write_load_draft_async (context, self->draft, loaded_cb, g_object_ref (self));
  return ADW_DIALOG (self);
}
