/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-admin.h"

G_BEGIN_DECLS

/* check: whether the file, its rows, its indexes and its audit are whole. */
JsonNode *hub_check_run (HubData *data,
                         JsonNode *command,
                         HubAdminProgress progress,
                         gpointer progress_data,
                         GError **error);
JsonNode *hub_check_of_error (const GError *error);
char *hub_check_to_text (JsonNode *result);
gboolean hub_check_is_good (JsonNode *result);

G_END_DECLS
