/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check-row.h"

#include <glib/gi18n.h>

/* One step: its name, how it went in words and by an icon, what was found, what to do. */

struct _CheckRow
{
  GtkListBoxRow parent_instance;

  CheckRun *run; /* not owned: the dialog holds it */
  CheckStep *step;

  GtkStack *sign;
  GtkImage *icon;
  GtkLabel *title_label, *state_label, *sentence_label, *advice_label;
  GtkButton *again_button;
};

G_DEFINE_FINAL_TYPE (CheckRow, check_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
words_of (CheckStep *step)
{
  const CheckResult *result = check_step_get_result (step);

  switch (check_step_get_state (step))
    {
    case CHECK_STEP_WAITING:
      return _ ("Waiting");
    case CHECK_STEP_RUNNING:
      return _ ("Testing…");
    case CHECK_STEP_IDLE:
    case CHECK_STEP_DONE:
      break;
    }
  if (result == NULL || (result->untried && result->level == WORKSPACE_CHECK_NONE))
    return _ ("Not tested");
  if (result->untried)
    return _ ("There, not tried");
  switch (result->level)
    {
    case WORKSPACE_CHECK_GREEN:
      return C_ ("result of a test", "Good");
    case WORKSPACE_CHECK_AMBER:
      return C_ ("result of a test", "With limits");
    case WORKSPACE_CHECK_RED:
      return C_ ("result of a test", "Not good");
    case WORKSPACE_CHECK_NONE:
      break;
    }
  return _ ("Does not apply");
}

static const char *
chip_of (WorkspaceCheckLevel level)
{
  switch (level)
    {
    case WORKSPACE_CHECK_GREEN:
      return "chip-green";
    case WORKSPACE_CHECK_AMBER:
      return "chip-amber";
    case WORKSPACE_CHECK_RED:
      return "chip-red";
    case WORKSPACE_CHECK_NONE:
      break;
    }
  return "dimmed";
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static void
update_name (CheckRow *self, const CheckResult *result, const char *words)
{
  const char *sentence = result != NULL ? result->sentence : "";
  const char *advice = result != NULL && result->advice != NULL ? result->advice : "";
  /* Translators: read aloud: what was tested, how it went, what was found, what to do */
  g_autofree char *name =
      g_strdup_printf (C_ ("result of a test", "%s: %s. %s %s"), check_step_get_title (self->step),
                       words, sentence, advice);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  g_strchomp (name), -1);
}

static void
update (CheckRow *self)
{
  const CheckResult *result = check_step_get_result (self->step);
  CheckStepState state = check_step_get_state (self->step);
  gboolean busy = state == CHECK_STEP_RUNNING || state == CHECK_STEP_WAITING;
  /* what is only there does not look like what works */
  gboolean tried = result != NULL && !result->untried;
  WorkspaceCheckLevel level = tried ? result->level : WORKSPACE_CHECK_NONE;
  const char *const icon[] = { workspace_check_style (level), NULL };
  const char *const chip[] = { "chip", busy ? "dimmed" : chip_of (level), NULL };

  gtk_stack_set_visible_child_name (self->sign, busy ? "busy" : "icon");
  gtk_image_set_from_icon_name (self->icon, workspace_check_icon (level));
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char **) icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_label), (const char **) chip);
  set_text (self->state_label, words_of (self->step));
  set_text (self->sentence_label, result != NULL && !busy ? result->sentence : NULL);
  set_text (self->advice_label, result != NULL && !busy ? result->advice : NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->again_button), !busy);
  update_name (self, busy ? NULL : result, words_of (self->step));
}

static void
again_cb (CheckRow *self)
{
  check_run_repeat (self->run, self->step, TRUE);
}

static void
check_row_dispose (GObject *object)
{
  CheckRow *self = CHECK_ROW (object);

  g_clear_object (&self->step);
  gtk_widget_dispose_template (GTK_WIDGET (self), CHECK_TYPE_ROW);
  G_OBJECT_CLASS (check_row_parent_class)->dispose (object);
}

static void
check_row_class_init (CheckRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = check_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/check/check-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CheckRow, sign);
  gtk_widget_class_bind_template_child (widget_class, CheckRow, icon);
  gtk_widget_class_bind_template_child (widget_class, CheckRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, CheckRow, state_label);
  gtk_widget_class_bind_template_child (widget_class, CheckRow, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, CheckRow, advice_label);
  gtk_widget_class_bind_template_child (widget_class, CheckRow, again_button);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
}

static void
check_row_init (CheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
check_row_new (CheckRun *run, CheckStep *step)
{
  CheckRow *self = g_object_new (CHECK_TYPE_ROW, NULL);
  const char *title = check_step_get_title (step);
  /* Translators: %s is what is tested, as in "Camera" */
  g_autofree char *again = g_strdup_printf (_ ("Test again: %s"), title);

  self->run = run;
  self->step = g_object_ref (step);
  gtk_label_set_label (self->title_label, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->again_button), again);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->again_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, again, -1);
  g_signal_connect_object (step, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
