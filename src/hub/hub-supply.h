/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "hub-user.h"
#include "store-connection.h"

G_BEGIN_DECLS

gboolean hub_supply_allows (StoreConnection *connection,
                            HubUser *user,
                            FhirResource *resource,
                            GError **error);

G_END_DECLS
