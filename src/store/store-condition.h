/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-query.h"
#include "store-sql.h"

G_BEGIN_DECLS

/* One parameter of a search as SQL, in two forms. */
typedef struct
{
  StoreSql *test;       /* of r.number, and of x, its row of resource */
  StoreSql *rows;       /* (nullable): SELECT of all numbers that may meet it, to start from */
  gboolean reads_row;   /* test reads x */
  gboolean sorted_rows; /* rows come in the order of their numbers, each once */
  gboolean empty;       /* nothing can meet it */
} StoreCondition;

StoreCondition *store_condition_new (StoreConnection *connection,
                                     const char *type,
                                     const FhirQueryParameter *parameter,
                                     GError **error);
void store_condition_free (StoreCondition *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreCondition, store_condition_free)

G_END_DECLS
