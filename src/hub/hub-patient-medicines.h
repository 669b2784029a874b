/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-visit.h"

G_BEGIN_DECLS

gboolean hub_patient_write_medicines (StoreConnection *connection,
                                      HubJoin *join,
                                      JsonBuilder *out,
                                      GError **error);
gboolean
hub_patient_choose (StoreConnection *connection, HubJoin *join, JsonObject *choice, GError **error);

G_END_DECLS
