/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-check.h"

/* How this workplace's self-test went, above the visits: in words and by an icon; it opens the
 * test. Without anybody who tests there is nothing to see. */

struct _TodayCheck
{
  AdwBin parent_instance;

  WorkspaceCheck *check;

  GtkButton *button;
  GtkImage *icon;
  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (TodayCheck, today_check, ADW_TYPE_BIN)

static void
update (TodayCheck *self)
{
  WorkspaceCheckLevel level = workspace_check_get_level (self->check);
  const char *sentence = workspace_check_get_sentence (self->check);
  const char *const styles[] = { workspace_check_style (level), NULL };

  gtk_widget_set_visible (GTK_WIDGET (self), level != WORKSPACE_CHECK_NONE);
  if (sentence == NULL)
    return;
  gtk_image_set_from_icon_name (self->icon, workspace_check_icon (level));
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char **) styles);
  gtk_label_set_label (self->label, sentence);
  if (level == WORKSPACE_CHECK_RED)
    gtk_widget_remove_css_class (GTK_WIDGET (self->label), "dimmed");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->label), "dimmed");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  sentence, -1);
}

static void
today_check_dispose (GObject *object)
{
  TodayCheck *self = TODAY_CHECK (object);

  g_clear_object (&self->check);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TODAY_TYPE_CHECK);
  G_OBJECT_CLASS (today_check_parent_class)->dispose (object);
}

static void
today_check_class_init (TodayCheckClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = today_check_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/today/today-check.ui");
  gtk_widget_class_bind_template_child (widget_class, TodayCheck, button);
  gtk_widget_class_bind_template_child (widget_class, TodayCheck, icon);
  gtk_widget_class_bind_template_child (widget_class, TodayCheck, label);
}

static void
today_check_init (TodayCheck *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Once. */
void
today_check_show (TodayCheck *self, WorkspaceCheck *check)
{
  self->check = g_object_ref (check);
  g_signal_connect_object (check, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
