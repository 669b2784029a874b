/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

char *store_index_dup_patient (FhirResource *resource);
gboolean store_index_update (StoreConnection *connection,
                             gint64 number,
                             gint64 type,
                             FhirResource *before,
                             FhirResource *after,
                             GError **error);
gboolean store_index_fill_words_and_composites (StoreConnection *connection, GError **error);

G_END_DECLS
