/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-notify-back-end.h"
#include "hub-records-local.h"

G_BEGIN_DECLS

/* A message on its way, as the store keeps it. */
typedef struct
{
  HubNotice notice;
  char *appointment, *patient;
  gint64 next, until; /* µs since 1970 */
  guint tries;
} HubNotifyRow;

/* In a StoreWork. */
gboolean hub_notify_queue_save (StoreConnection *connection, HubNotifyRow *row, GError **error);
HubNotifyRow *hub_notify_queue_load (StoreConnection *connection, const char *id);
GPtrArray *hub_notify_queue_list (StoreConnection *connection, GError **error);
gboolean hub_notify_queue_remove (StoreConnection *connection, const char *id, GError **error);
char *hub_notify_queue_dup_obstacle (StoreConnection *connection, HubNotifyRow *row);
gint64 hub_notify_queue_delay (const char *id, guint tries);
void hub_notify_row_free (HubNotifyRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubNotifyRow, hub_notify_row_free)

G_END_DECLS
