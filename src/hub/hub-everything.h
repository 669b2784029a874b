/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-user.h"
#include "store-connection.h"

G_BEGIN_DECLS

char *hub_everything_run (StoreConnection *connection,
                          HubUser *user,
                          const char *base_url,
                          const char *patient,
                          const char *query,
                          guint *shown,
                          GError **error);

G_END_DECLS
