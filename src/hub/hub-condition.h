/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-user.h"
#include "store-connection.h"

G_BEGIN_DECLS

gboolean hub_condition_find_one (StoreConnection *connection,
                                 HubUser *user,
                                 const char *type,
                                 const char *query,
                                 char **id,
                                 GError **error);
char *hub_condition_resolve (StoreConnection *connection,
                             HubUser *user,
                             const char *type,
                             const char *query,
                             GError **error);

G_END_DECLS
