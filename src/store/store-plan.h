/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-query.h"
#include "store-sql.h"

G_BEGIN_DECLS

/* How a search is walked: its conditions, its order, and where its next page begins. */
typedef struct _StorePlan StorePlan;

StorePlan *store_plan_new (StoreConnection *connection, FhirQuery *query, GError **error);
void store_plan_free (StorePlan *self);
gboolean store_plan_count (StorePlan *self, gint64 *total, GError **error);
GArray *store_plan_patients (StorePlan *self, GArray *doubtful, GError **error);
GPtrArray *store_plan_page (StorePlan *self, guint limit, char **next_cursor, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StorePlan, store_plan_free)

G_END_DECLS
