/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-admin.h"

G_BEGIN_DECLS

/* The administrator's commands about users: token, and user add, list, disable, enable and
 * password. They belong to the thread of the HubAccess. */
JsonNode *hub_account_run_token (HubData *data,
                                 JsonNode *command,
                                 HubAdminProgress progress,
                                 gpointer progress_data,
                                 GError **error);
JsonNode *hub_account_run_user (HubData *data,
                                JsonNode *command,
                                HubAdminProgress progress,
                                gpointer progress_data,
                                GError **error);
char *hub_account_new_password (void);
char *hub_account_list_text (JsonNode *result);

G_END_DECLS
