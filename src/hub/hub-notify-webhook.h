/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "hub-notify-back-end.h"

G_BEGIN_DECLS

gboolean hub_notify_webhook_is_signed (HubNotifyBackEnd *back_end,
                                       SoupMessageHeaders *headers,
                                       const char *body,
                                       gsize length,
                                       gint64 now);

G_END_DECLS
