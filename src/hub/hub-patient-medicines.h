/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-visit.h"

G_BEGIN_DECLS

gboolean
hub_patient_write_medicines (HubRecords *records, HubJoin *join, JsonBuilder *out, GError **error);
gboolean
hub_patient_choose (HubRecords *records, HubJoin *join, JsonObject *choice, GError **error);

G_END_DECLS
