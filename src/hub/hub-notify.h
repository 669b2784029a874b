/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-notify-config.h"
#include "hub-server.h"

G_BEGIN_DECLS

/* Before hub_server_start(). Without, nothing is sent and who asks is told so. */
void hub_notify_set_config (HubServer *server, HubNotifyConfig *config);
HubNotifyConfig *hub_notify_get_config (HubServer *server);
void hub_notify_attach (HubServer *server);
void hub_notify_look (HubServer *server);

G_END_DECLS
