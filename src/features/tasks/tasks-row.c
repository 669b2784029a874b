/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-row.h"

#include <glib/gi18n.h>

#include "tasks-words.h"

/* One open task: how pressing by shape, word and colour, whom it is about, since when, what one has
 * to know, and what can be done. Nothing is cut off. */

struct _TasksRow
{
  AdwBin parent_instance;

  TasksItem *item;
  GTimeZone *zone;
  gboolean names_patient;

  GtkImage *level_icon;
  GtkLabel *name_label;
  GtkLabel *level_label;
  GtkLabel *since_label;
  GtkLabel *what_label;
  GtkLabel *value_label;
  GtkLabel *route_label;
  GtkLabel *message_label;
  GtkLabel *detail_label;
  GtkButton *open_button;
  GtkButton *complete_button;
};

G_DEFINE_FINAL_TYPE (TasksRow, tasks_row, ADW_TYPE_BIN)

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

static void
show_level (TasksRow *self, const TasksFacts *facts, const char *today)
{
  g_autofree char *words = tasks_words_level (facts, today);
  const char *style = tasks_words_level_style (facts, today);
  const char *chip[] = { "chip", "row-flag", style, NULL };
  const char *icon[] = { g_strcmp0 (style, "chip-red") == 0     ? "error"
                         : g_strcmp0 (style, "chip-amber") == 0 ? "warning"
                                                                : "dimmed",
                         NULL };

  set_text (self->level_label, words);
  gtk_widget_set_css_classes (GTK_WIDGET (self->level_label), chip);
  gtk_widget_set_css_classes (GTK_WIDGET (self->level_icon), icon);
  gtk_image_set_from_icon_name (self->level_icon, tasks_words_level_icon (facts, today));
}

/* A button of one line among many says of which. The target comes before the action: without one
 * the action does not fit. */
static void
set_button (GtkButton *button,
            const char *action,
            const char *label,
            const char *spoken_format,
            const TasksFacts *facts,
            gboolean visible)
{
  g_autofree char *name = tasks_words_name (facts);
  g_autofree char *what = tasks_words_what (facts);
  g_autofree char *about = g_strdup_printf ("%s, %s", name, what);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", spoken_format, about);

  gtk_button_set_label (button, label);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", facts->reference);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  /* a button is labelled by its child, which would stand before the name that is set here */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  gtk_widget_set_visible (GTK_WIDGET (button), visible);
}

static void
tasks_row_dispose (GObject *object)
{
  TasksRow *self = TASKS_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TASKS_TYPE_ROW);
  g_clear_object (&self->item);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (tasks_row_parent_class)->dispose (object);
}

static void
tasks_row_class_init (TasksRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tasks_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/tasks/tasks-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TasksRow, level_icon);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, level_label);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, since_label);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, what_label);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, value_label);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, route_label);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, message_label);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, open_button);
  gtk_widget_class_bind_template_child (widget_class, TasksRow, complete_button);
}

static void
tasks_row_init (TasksRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @names_patient: FALSE where every line is about the same patient */
GtkWidget *
tasks_row_new (gboolean names_patient)
{
  TasksRow *self = g_object_new (TASKS_TYPE_ROW, NULL);

  self->names_patient = names_patient;
  return GTK_WIDGET (self);
}

/* @may_open: whether there is something to show elsewhere; @today as YYYY-MM-DD. The time is set by
 * tasks_row_tick (). */
void
tasks_row_set_item (
    TasksRow *self, TasksItem *item, gboolean may_open, const char *today, GTimeZone *zone)
{
  g_return_if_fail (TASKS_IS_ROW (self));

  const TasksFacts *facts = tasks_item_get_facts (item);
  g_autofree char *name = tasks_words_name (facts);
  g_autofree char *what = tasks_words_what (facts);
  g_autofree char *value = tasks_words_value (facts);
  g_autofree char *detail = tasks_words_detail (facts);
  g_autofree char *message = facts->message ? g_strdup_printf (_ ("“%s”"), facts->message) : NULL;
  gboolean is_red = tasks_facts_is_red (facts);

  g_set_object (&self->item, item);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = g_time_zone_ref (zone);
  show_level (self, facts, today);
  set_text (self->name_label, self->names_patient ? name : NULL);
  set_text (self->what_label, what);
  set_text (self->value_label, value);
  set_text (self->route_label, facts->route);
  set_text (self->message_label, message);
  set_text (self->detail_label, detail);
  if (tasks_facts_is_of_note (facts))
    set_button (self->open_button, "task.open", _ ("Read Note"), _ ("Read the note"), facts,
                may_open);
  else
    set_button (self->open_button, "task.open", self->names_patient ? _ ("Open Chart") : _ ("Show"),
                self->names_patient ? _ ("Open the chart") : _ ("Show in the chart"), facts,
                may_open);
  set_button (self->complete_button, "task.complete",
              is_red                       ? _ ("Write Outcome…")
              : tasks_facts_is_ask (facts) ? _ ("Answer…")
                                           : _ ("Done"),
              is_red                       ? _ ("Write the outcome")
              : tasks_facts_is_ask (facts) ? _ ("Answer what is asked")
                                           : _ ("Mark as done"),
              facts, tasks_facts_can_complete (facts));
}

/* Time goes on: @now in µs since 1970. */
void
tasks_row_tick (TasksRow *self, gint64 now)
{
  g_return_if_fail (TASKS_IS_ROW (self));

  if (!self->item)
    return;
  g_autofree char *since = tasks_words_since (tasks_item_get_facts (self->item), now, self->zone);
  if (!g_str_equal (since, gtk_label_get_label (self->since_label)))
    gtk_label_set_label (self->since_label, since);
}
