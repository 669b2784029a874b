/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-query.h"
#include "hub-user.h"
#include "store-connection.h"

G_BEGIN_DECLS

gboolean hub_search_allows (HubUser *user, FhirQuery *query, GError **error);
char *hub_search_run (StoreConnection *connection,
                      HubUser *user,
                      const char *base_url,
                      const char *type,
                      const char *query,
                      gboolean lenient,
                      guint *shown,
                      GError **error);

G_END_DECLS
