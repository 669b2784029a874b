/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-data.h"

G_BEGIN_DECLS

/* How far a long command is, 0 to 1. */
typedef void (*HubAdminProgress) (double part, gpointer data);

/* The administrator's commands, the same whether the folder is free or a running hub has it: then
 * they go through its local socket, which only the folder's owner can open. */
JsonNode *hub_admin_run (HubData *data,
                         JsonNode *command,
                         HubAdminProgress progress,
                         gpointer progress_data,
                         GError **error);
JsonNode *hub_admin_call (const char *folder,
                          JsonNode *command,
                          HubAdminProgress progress,
                          gpointer progress_data,
                          GError **error);
GSocketService *hub_admin_listen (HubData *data, GError **error);

/* For the commands. */
const char *hub_admin_text (JsonNode *command, const char *name);
void hub_admin_add_text (JsonBuilder *builder, const char *name, const char *text);
void hub_admin_add_number (JsonBuilder *builder, const char *name, gint64 number);
gboolean hub_admin_note (
    HubData *data, const char *action, const char *patient, const char *detail, GError **error);

G_END_DECLS
