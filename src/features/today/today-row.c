/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-row.h"

#include <glib/gi18n.h>

#include "today-link.h"
#include "today-schedule.h"
#include "today-words.h"
#include "workspace-line-layout.h"

/* One visit of the day: time, name, why, how the device test went, and where it stands. */

struct _TodayRow
{
  AdwBin parent_instance;

  CareDayRow *row;

  GtkLabel *time_label;
  GtkLabel *name_label;
  GtkLabel *reason_label;
  GtkWidget *device_box;
  GtkImage *device_icon;
  GtkLabel *device_label;
  GtkWidget *link_box;
  GtkImage *link_icon;
  GtkLabel *link_label;
  GtkWidget *status_box;
  GtkImage *status_icon;
  GtkLabel *status_label;
  GtkLabel *estimate_label;
  GtkLabel *unread_label;
  GtkButton *admit_button;
  GtkMenuButton *menu_button;
};

G_DEFINE_FINAL_TYPE (TodayRow, today_row, ADW_TYPE_BIN)

static void
show (GtkWidget *box, GtkImage *icon, GtkLabel *label, const TodayStatus *status, const char *base)
{
  const char *classes[] = { base, status->style, NULL };

  gtk_widget_set_css_classes (box, classes);
  gtk_widget_set_visible (box, *status->text != '\0');
  gtk_label_set_label (label, status->text);
  gtk_image_set_from_icon_name (icon, status->icon);
  gtk_widget_set_visible (GTK_WIDGET (icon), status->icon != NULL);
}

static void
add_item (GMenu *menu, const char *label, const char *action, const char *appointment)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", appointment);
  g_menu_append_item (menu, item);
}

/* What may be done to a visit that has not begun. */
static void
show_menu (TodayRow *self, CareDayRow *row, gint64 now)
{
  const char *appointment = care_day_row_get_appointment (row);
  g_autoptr (GMenu) menu = g_menu_new ();

  /* who waits has come by a link, and Admit is the next stop of the keyboard */
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button),
                          today_schedule_may_change (row) ||
                              g_strcmp0 (care_day_row_get_status (row), "interrupted") == 0);
  if (today_schedule_may_change (row))
    {
      add_item (menu, _ ("_Move…"), "today.move", appointment);
      add_item (menu, _ ("_Cancel…"), "today.cancel", appointment);
    }
  if (today_link_may_make (row))
    {
      add_item (menu, _ ("_Send the Link…"), "today.send", appointment);
      add_item (menu, _ ("New _Link…"), "today.link", appointment);
    }
  if (today_schedule_may_miss (row, now))
    add_item (menu, _ ("Did _Not Come"), "today.missed", appointment);
  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, care_day_row_get_name (row),
                                  -1);
}

static void
today_row_dispose (GObject *object)
{
  TodayRow *self = TODAY_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TODAY_TYPE_ROW);
  g_clear_object (&self->row);
  G_OBJECT_CLASS (today_row_parent_class)->dispose (object);
}

static void
today_row_class_init (TodayRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = today_row_dispose;
  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/today/today-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TodayRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, reason_label);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, device_box);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, device_icon);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, device_label);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, link_box);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, link_icon);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, link_label);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, status_box);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, status_icon);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, status_label);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, estimate_label);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, unread_label);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, admit_button);
  gtk_widget_class_bind_template_child (widget_class, TodayRow, menu_button);
}

static void
today_row_init (TodayRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
today_row_new (void)
{
  return g_object_new (TODAY_TYPE_ROW, NULL);
}

/* @day: the day's CareDayRow, of which this is one; @now: µs since 1970, as the day reckons it. */
void
today_row_set_row (TodayRow *self, CareDayRow *row, GListModel *day, gint64 now)
{
  g_return_if_fail (TODAY_IS_ROW (self));

  g_set_object (&self->row, row);
  if (!row)
    return;
  g_auto (TodayStatus) device = today_words_device (care_day_row_get_device_test_level (row),
                                                    care_day_row_get_device_test (row));
  g_auto (TodayStatus) link =
      today_words_device (care_day_row_get_link_level (row), care_day_row_get_link (row));
  g_autofree char *reason = today_words_reason (row);
  gboolean waits = g_strcmp0 (care_day_row_get_status (row), "waiting") == 0;

  gtk_label_set_label (self->time_label, care_day_row_get_time (row));
  gtk_label_set_label (self->name_label, care_day_row_get_name (row));
  gtk_label_set_label (self->reason_label, reason);
  show (self->device_box, self->device_icon, self->device_label, &device, "device-test");
  show (self->link_box, self->link_icon, self->link_label, &link, "device-test");
  gtk_widget_set_visible (GTK_WIDGET (self->admit_button), waits);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->admit_button), "s",
                                    care_day_row_get_appointment (row));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->admit_button), "today.admit");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->admit_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, care_day_row_get_name (row),
                                  -1);
  show_menu (self, row, now);
  today_row_tick (self, day, now);
}

/* The wait grows, and a visit that runs over moves whoever waits. */
void
today_row_tick (TodayRow *self, GListModel *day, gint64 now)
{
  g_return_if_fail (TODAY_IS_ROW (self));

  if (!self->row)
    return;
  g_auto (TodayStatus) status =
      today_words_status (care_day_row_get_status (self->row),
                          care_day_row_get_waiting_since (self->row), now);
  g_autofree char *estimate = today_words_estimate (day, self->row, now);
  show (self->status_box, self->status_icon, self->status_label, &status, "chip");
  gtk_label_set_label (self->estimate_label, estimate ? estimate : "");
  gtk_widget_set_visible (GTK_WIDGET (self->estimate_label), estimate != NULL);
}

/* How much the patient wrote that nobody has read. */
void
today_row_set_unread (TodayRow *self, guint unread)
{
  g_return_if_fail (TODAY_IS_ROW (self));

  g_autofree char *text = today_words_unread (unread);

  gtk_label_set_label (self->unread_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->unread_label), text != NULL);
}
