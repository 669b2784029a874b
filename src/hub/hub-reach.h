/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-user.h"
#include "store-connection.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

gboolean hub_reach_allows (StoreConnection *connection,
                           HubUser *user,
                           FhirResource *resource,
                           GError **error);

G_END_DECLS
