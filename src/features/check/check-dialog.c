/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-dialog.h"

#include "check-row.h"
#include "workspace-text.h"

/* The steps with what to do. Opening it starts nothing: devices are opened by its button only. */

struct _CheckDialog
{
  AdwDialog parent_instance;

  CheckRun *run;

  GtkImage *level_icon;
  GtkLabel *level_label;
  GtkButton *start_button, *stop_button;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (CheckDialog, check_dialog, ADW_TYPE_DIALOG)

static void
update (CheckDialog *self)
{
  WorkspaceCheckLevel level = check_run_get_level (self->run);
  const char *const styles[] = { workspace_check_style (level), NULL };
  g_autofree char *sentence = check_run_dup_sentence (self->run);
  gboolean running = check_run_is_running (self->run);

  gtk_image_set_from_icon_name (self->level_icon, workspace_check_icon (level));
  gtk_widget_set_css_classes (GTK_WIDGET (self->level_icon), (const char **) styles);
  gtk_label_set_label (self->level_label, sentence);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "check.start", !running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "check.stop", running);
}

static void
start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  check_run_start (CHECK_DIALOG (widget)->run, TRUE);
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  check_run_cancel (CHECK_DIALOG (widget)->run);
}

static void
check_dialog_dispose (GObject *object)
{
  CheckDialog *self = CHECK_DIALOG (object);

  adw_dialog_set_child (ADW_DIALOG (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), CHECK_TYPE_DIALOG);
  g_clear_object (&self->run);
  G_OBJECT_CLASS (check_dialog_parent_class)->dispose (object);
}

static void
check_dialog_class_init (CheckDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = check_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/check/check-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CheckDialog, level_icon);
  gtk_widget_class_bind_template_child (widget_class, CheckDialog, level_label);
  gtk_widget_class_bind_template_child (widget_class, CheckDialog, start_button);
  gtk_widget_class_bind_template_child (widget_class, CheckDialog, stop_button);
  gtk_widget_class_bind_template_child (widget_class, CheckDialog, list);
  gtk_widget_class_install_action (widget_class, "check.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "check.stop", NULL, stop_action);
}

static void
check_dialog_init (CheckDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

AdwDialog *
check_dialog_new (CheckRun *run)
{
  CheckDialog *self = g_object_new (CHECK_TYPE_DIALOG, NULL);
  GListModel *steps = check_run_get_steps (run);

  self->run = g_object_ref (run);
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (CheckStep) step = g_list_model_get_item (steps, i);

      gtk_list_box_append (self->list, check_row_new (run, step));
    }
  g_signal_connect_object (run, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->start_button));
  return ADW_DIALOG (self);
}
