/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-server.h"

G_BEGIN_DECLS

gboolean hub_proxy_set (HubServer *server, const char *networks, GError **error);
char *hub_proxy_dup_host (HubServer *server, SoupServerMessage *message);
char *hub_proxy_dup_client (GPtrArray *trusted, const char *peer, const char *forwarded);

G_END_DECLS
