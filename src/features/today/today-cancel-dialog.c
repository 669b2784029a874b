/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-cancel-dialog.h"

#include "workspace-text.h"

struct _TodayCancelDialog
{
  AdwAlertDialog parent_instance;

  AdwComboRow *by_row;
  AdwEntryRow *reason_row;
};

G_DEFINE_FINAL_TYPE (TodayCancelDialog, today_cancel_dialog, ADW_TYPE_ALERT_DIALOG)

static void
reason_changed_cb (TodayCancelDialog *self)
{
  g_autofree char *reason = today_cancel_dialog_dup_reason (self);

  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (self), "cancel-visit", *reason != '\0');
}

static void
today_cancel_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TODAY_TYPE_CANCEL_DIALOG);
  G_OBJECT_CLASS (today_cancel_dialog_parent_class)->dispose (object);
}

static void
today_cancel_dialog_class_init (TodayCancelDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = today_cancel_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/today/today-cancel-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TodayCancelDialog, by_row);
  gtk_widget_class_bind_template_child (widget_class, TodayCancelDialog, reason_row);
  gtk_widget_class_bind_template_callback (widget_class, reason_changed_cb);
}

static void
today_cancel_dialog_init (TodayCancelDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

/* @what: whose visit, and when. */
AdwDialog *
today_cancel_dialog_new (const char *what)
{
  TodayCancelDialog *self = g_object_new (TODAY_TYPE_CANCEL_DIALOG, NULL);

  adw_alert_dialog_set_body (ADW_ALERT_DIALOG (self), what);
  return ADW_DIALOG (self);
}

CareCancelBy
today_cancel_dialog_get_by (TodayCancelDialog *self)
{
  g_return_val_if_fail (TODAY_IS_CANCEL_DIALOG (self), CARE_CANCEL_OTHER);

  return (CareCancelBy) adw_combo_row_get_selected (self->by_row);
}

/* (transfer full) */
char *
today_cancel_dialog_dup_reason (TodayCancelDialog *self)
{
  g_return_val_if_fail (TODAY_IS_CANCEL_DIALOG (self), NULL);

  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason_row))));
}
