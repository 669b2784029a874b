/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-request.h"

G_BEGIN_DECLS

gboolean hub_notify_send_link (HubRequest *request);

G_END_DECLS
