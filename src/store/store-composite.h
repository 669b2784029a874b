/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-query.h"
#include "store-connection.h"

G_BEGIN_DECLS

gboolean store_composites_add (StoreConnection *connection,
                               const char *type,
                               const FhirQueryParameter *parameter,
                               const FhirQueryValue *value,
                               GPtrArray *alternatives,
                               GError **error);

G_END_DECLS
