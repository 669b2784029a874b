/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-notify-config.h"

G_BEGIN_DECLS

char *hub_notify_outbox_dup_page (HubNotifyConfig *config);

G_END_DECLS
