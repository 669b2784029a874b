/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-channel.h"
#include "hub-records.h"
#include "hub-request.h"

G_BEGIN_DECLS

gboolean hub_notify_send_unasked (HubRecords *records,
                                  HubServer *server,
                                  HubUser *user,
                                  const char *appointment,
                                  CareChannel channel,
                                  GError **error);
gboolean hub_notify_send_link (HubRequest *request);

G_END_DECLS
