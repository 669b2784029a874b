/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

gboolean hub_supply_answer (StoreConnection *connection, FhirResource *resource, GError **error);
gboolean hub_supply_is_raised (StoreConnection *connection,
                               const char *code,
                               FhirResource *request,
                               const char *words);
gboolean hub_supply_raise (StoreConnection *connection,
                           const char *code,
                           FhirResource *request,
                           const char *words,
                           GError **error);

G_END_DECLS
