/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-server.h"
#include "store-content.h"

G_BEGIN_DECLS

/* The clinical content that a hub or a command works with: the site's own, or what comes with
 * Bedside. */
StoreContent *hub_content_open (const char *site_file, BaseClock *clock, GError **error);
void hub_content_set (HubServer *server, StoreContent *content);
StoreContent *hub_content_get (HubServer *server);

G_END_DECLS
