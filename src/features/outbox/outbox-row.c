/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-row.h"

struct _OutboxRow
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *title_label;
  GtkLabel *state_label;
  GtkLabel *reason_label;
  GtkLabel *advice_label;
  GtkButton *open_button;
  GtkButton *retry_button;
  GtkButton *compare_button;
  GtkButton *sign_button;
  GtkButton *give_up_button;
};

G_DEFINE_FINAL_TYPE (OutboxRow, outbox_row, ADW_TYPE_BIN)

static void
outbox_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), OUTBOX_TYPE_ROW);
  G_OBJECT_CLASS (outbox_row_parent_class)->dispose (object);
}

static void
outbox_row_class_init (OutboxRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = outbox_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/outbox/outbox-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, icon);
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, state_label);
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, reason_label);
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, advice_label);
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, open_button);
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, retry_button);
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, compare_button);
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, sign_button);
  gtk_widget_class_bind_template_child (widget_class, OutboxRow, give_up_button);
}

static void
outbox_row_init (OutboxRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
outbox_row_new (void)
{
  return g_object_new (OUTBOX_TYPE_ROW, NULL);
}

static void
set_button (GtkButton *button, const char *action, gboolean visible, OutboxItem *item)
{
  gtk_widget_set_visible (GTK_WIDGET (button), visible);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", outbox_item_get_group (item));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
}

/* @connected: sync runs, so that a decision can be carried out. A button that could do nothing is
 * not shown (law 13). */
void
outbox_row_set_item (
    OutboxRow *self, OutboxItem *item, gint64 now, GTimeZone *zone, gboolean connected)
{
  g_return_if_fail (OUTBOX_IS_ROW (self));

  g_autofree char *title = outbox_item_dup_title (item);
  g_autofree char *state = outbox_item_dup_state (item, now, zone);
  const char *classes[] = { outbox_item_get_style (item, now), NULL };
  g_autofree char *why = outbox_item_dup_why (item);
  const char *advice = outbox_item_get_advice (item, now);

  gtk_image_set_from_icon_name (self->icon, outbox_item_get_icon_name (item, now));
  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->state_label, state);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_label), classes);
  gtk_label_set_label (self->reason_label, why ? why : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_label), why != NULL);
  gtk_label_set_label (self->advice_label, advice ? advice : "");
  gtk_widget_set_visible (GTK_WIDGET (self->advice_label), advice != NULL);
  set_button (self->open_button, "outbox.open", outbox_item_get_patient (item) != NULL, item);
  set_button (self->retry_button, "outbox.retry", outbox_item_may_retry (item) && connected, item);
  set_button (self->compare_button, "outbox.compare", outbox_item_is_in_conflict (item), item);
  set_button (self->sign_button, "outbox.sign", outbox_item_may_sign (item) && connected, item);
  set_button (self->give_up_button, "outbox.give-up", outbox_item_may_give_up (item) && connected,
              item);
}
