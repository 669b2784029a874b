/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-data.h"

G_BEGIN_DECLS

/* The administrator's commands, the same whether the folder is free or a running hub has it: then
 * they go through its local socket, which only the folder's owner can open. */
JsonNode *hub_admin_run (HubData *data, JsonNode *command, GError **error);
JsonNode *hub_admin_call (const char *folder, JsonNode *command, GError **error);
GSocketService *hub_admin_listen (HubData *data, GError **error);

G_END_DECLS
