/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

GPtrArray *store_search_names (
    StoreConnection *connection, const char *type, const char *typed, guint limit, GError **error);
GPtrArray *store_search_notes (StoreConnection *connection,
                               const char *patient,
                               const char *typed,
                               guint limit,
                               GError **error);
GPtrArray *store_search_words (StoreConnection *connection,
                               const char *patient,
                               const char *typed,
                               guint limit,
                               GError **error);
GStrv store_search_split_words (const char *typed);
char *store_search_dup_notes (FhirResource *resource);

G_END_DECLS
