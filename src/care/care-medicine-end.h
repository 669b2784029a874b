/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

GHashTable *care_medicine_find_endings (StoreConnection *connection, GPtrArray *medicines);
const char *care_medicine_get_end (GHashTable *endings, FhirResource *medicine, gint64 now);

G_END_DECLS
