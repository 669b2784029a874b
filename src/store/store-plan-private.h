/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-condition.h"
#include "store-connection-private.h"
#include "store-cursor.h"
#include "store-plan.h"
#include "store-sort-key.h"

G_BEGIN_DECLS

#define STORE_PLAN_MAX_KEYS FHIR_QUERY_MAX_SORTS
#define STORE_PLAN_MAX_READ 5000 /* texts that are read to sort by them */

struct _StorePlan
{
  StoreConnection *connection;
  gint64 type;
  GPtrArray *conditions; /* of StoreCondition */
  StoreCondition *start; /* borrowed; NULL: all of the type */
  gint64 start_rows;     /* at most PLAN_PROBE */
  StoreSortKey keys[STORE_PLAN_MAX_KEYS];
  guint n_keys;
  StoreCursor *after;
  gint64 sequence; /* the last change when the first page was made */
  gboolean empty;
};

void store_plan_walks (StorePlan *self, guint limit, StoreSql **first, StoreSql **second);
gboolean store_plan_check_read (StorePlan *self, GError **error);
StoreSql *store_plan_moved (StorePlan *self, guint limit);
gboolean store_plan_is_descending (const StorePlan *self);

G_END_DECLS
