/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-downtime-dialog.h"

#include <glib/gi18n.h>

#include "workspace-downtime.h"
#include "workspace-text.h"
#include "workspace-time.h"

struct _WorkspaceDowntimeDialog
{
  AdwDialog parent_instance;

  WorkspaceSession *session;

  AdwActionRow *reason_row;
  AdwActionRow *charts_row;
  AdwActionRow *notes_row;
  AdwActionRow *waiting_row;
  AdwActionRow *sign_in_row;
};

G_DEFINE_FINAL_TYPE (WorkspaceDowntimeDialog, workspace_downtime_dialog, ADW_TYPE_DIALOG)

static void
update (WorkspaceDowntimeDialog *self)
{
  WorkspaceSession *session = self->session;
  GTimeZone *zone = workspace_session_get_zone (session);
  gint64 now = base_clock_now (workspace_session_get_clock (session));
  gint64 pulled = workspace_session_get_pulled (session);
  guint waiting = workspace_session_get_waiting (session);
  g_autofree char *clock = pulled > 0 ? workspace_time_moment (pulled, now, zone) : NULL;
  g_autofree char *charts =
      clock
          ? g_strdup_printf (_ ("As the server had them at %s. Each says what is missing."), clock)
          : g_strdup (_ ("As far as they were read. Each says what is missing."));
  g_autofree char *waits =
      waiting > 0
          ? g_strdup_printf (ngettext ("%u change waits", "%u changes wait", waiting), waiting)
          : g_strdup (_ ("Nothing waits"));
  const char *reason = workspace_session_get_offline_reason (session);
  g_autofree char *sign_in =
      workspace_downtime_dup_sign_in (workspace_lock_get_until (
                                          workspace_session_get_lock (session)),
                                      now, zone);

  if (workspace_lock_check (workspace_session_get_lock (session)))
    {
      g_set_str (&charts, _ ("Those that are open. No other opens until the server is reached."));
      adw_action_row_set_subtitle (self->notes_row, _ ("Written and kept on this computer. Nothing "
                                                       "can be signed until the server is "
                                                       "reached."));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->reason_row), reason != NULL);
  if (reason)
    adw_action_row_set_subtitle (self->reason_row, reason);
  adw_action_row_set_subtitle (self->charts_row, charts);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->waiting_row), waits);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in_row), sign_in != NULL);
  if (sign_in)
    adw_action_row_set_subtitle (self->sign_in_row, sign_in);
}

static void
try_cb (WorkspaceDowntimeDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "app.sync", NULL);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
workspace_downtime_dialog_dispose (GObject *object)
{
  WorkspaceDowntimeDialog *self = WORKSPACE_DOWNTIME_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_DOWNTIME_DIALOG);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (workspace_downtime_dialog_parent_class)->dispose (object);
}

static void
workspace_downtime_dialog_class_init (WorkspaceDowntimeDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_downtime_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/workspace/workspace-downtime-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceDowntimeDialog, reason_row);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceDowntimeDialog, charts_row);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceDowntimeDialog, notes_row);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceDowntimeDialog, waiting_row);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceDowntimeDialog, sign_in_row);
  gtk_widget_class_bind_template_callback (widget_class, try_cb);
}

static void
workspace_downtime_dialog_init (WorkspaceDowntimeDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

/* (transfer floating) */
AdwDialog *
workspace_downtime_dialog_new (WorkspaceSession *session)
{
  WorkspaceDowntimeDialog *self = g_object_new (WORKSPACE_TYPE_DOWNTIME_DIALOG, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::sync-text", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::offline-reason", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return ADW_DIALOG (self);
}
