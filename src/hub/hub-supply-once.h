/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

gboolean hub_supply_once (StoreConnection *connection, FhirResource *task, GError **error);
gboolean hub_supply_once_add_dispenses (StoreConnection *connection,
                                        FhirResource *request,
                                        GPtrArray *dispenses,
                                        GError **error);

G_END_DECLS
