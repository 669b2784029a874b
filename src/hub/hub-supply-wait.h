/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-server.h"

G_BEGIN_DECLS

/* After how many days nobody is expected any more to come for a medicine. The clinic's own rule;
 * source: unverified. */
#define HUB_SUPPLY_WAIT_DAYS 14

void hub_supply_wait_attach (HubServer *server);
void hub_supply_wait_set_days (HubServer *server, int days);
GPtrArray *hub_supply_wait_list (StoreConnection *connection, int days, GError **error);
gboolean hub_supply_wait_look (StoreConnection *connection, int days, GError **error);

G_END_DECLS
