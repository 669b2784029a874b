/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "store-connection.h"

G_BEGIN_DECLS

GPtrArray *store_search_phones (
    StoreConnection *connection, const char *type, const char *typed, guint limit, GError **error);

G_END_DECLS
