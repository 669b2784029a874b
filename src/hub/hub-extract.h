/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-admin.h"

G_BEGIN_DECLS

/* export --patient ID: all that the clinic has of one patient. */
JsonNode *hub_extract_run (HubData *data,
                           JsonNode *command,
                           HubAdminProgress progress,
                           gpointer progress_data,
                           GError **error);

G_END_DECLS
