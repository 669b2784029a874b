/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-notify-back-end.h"
#include "hub-records.h"

G_BEGIN_DECLS

/* A message as everybody at the clinic sees it. In a HubRecordsWork. */
gboolean hub_notify_message_put (HubRecords *records,
                                 const HubNotice *notice,
                                 const char *appointment,
                                 const char *patient,
                                 const char *who,
                                 GError **error);
gboolean hub_notify_message_mark (
    HubRecords *records, const char *id, const char *status, const char *reason, GError **error);

G_END_DECLS
