/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

gboolean store_fulltext_update (StoreConnection *connection,
                                gint64 number,
                                gint64 type,
                                FhirResource *before,
                                FhirResource *after,
                                GError **error);
gboolean store_fulltext_fill_names (StoreConnection *connection, GError **error);
gboolean store_fulltext_fill_notes (StoreConnection *connection, GError **error);
gboolean store_fulltext_fill_reasons (StoreConnection *connection, GError **error);
char *store_fulltext_dup_notes (FhirResource *resource);
char *store_fulltext_dup_words (const char *text);

G_END_DECLS
