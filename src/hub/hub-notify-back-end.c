/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-back-end.h"

void
hub_notice_free (HubNotice *self)
{
  g_free (self->id);
  g_free (self->to);
  g_free (self->subject);
  g_free (self->text);
  g_free (self->language);
  g_free (self->link);
  g_free (self);
}

HubNotifyResult *
hub_notify_result_new (HubNotifyOutcome outcome, gint64 after, const char *reason)
{
  HubNotifyResult *self = g_new (HubNotifyResult, 1);

  *self = (HubNotifyResult) { outcome, MAX (after, 0), g_strdup (reason) };
  return self;
}

void
hub_notify_result_free (HubNotifyResult *self)
{
  g_free (self->reason);
  g_free (self);
}

void
hub_notify_back_end_free (HubNotifyBackEnd *self)
{
  self->interface->free (self);
}

void
hub_notify_send_async (HubNotifyBackEnd *self,
                       const HubNotice *notice,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, hub_notify_send_async);
  self->interface->send (self, notice, task);
}

/* Returns: (transfer full) (nullable): */
HubNotifyResult *
hub_notify_send_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
