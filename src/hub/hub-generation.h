/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-server.h"

G_BEGIN_DECLS

/* The header in which a client names the records that it knows, and the hub its own in refusing. */
#define HUB_GENERATION_HEADER "Bedside-Store"

void hub_generation_load (HubServer *server);
const char *hub_generation_get (HubServer *server);
gboolean hub_generation_admits (HubServer *server, SoupServerMessage *message);

/* inside a StoreWork */
gboolean hub_generation_renew (StoreConnection *connection, GError **error);

G_END_DECLS
