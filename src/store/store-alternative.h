/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-query.h"
#include "store-sql.h"

G_BEGIN_DECLS

/* One value of a search parameter as a condition on rows of one index table. */
typedef struct
{
  const char *table; /* NULL: the condition is a test of r.number, or of x, its row of resource */
  StoreSql *where;
  StoreSql *rows;     /* (nullable): where table is NULL, the numbers to start from */
  gboolean by_number; /* with a number given the rows are found at once */
  gboolean starts;    /* the rows can be walked without reading the whole table */
  gboolean reads_row; /* the condition is on more of x than its number */
  gboolean sorted;    /* they come in the order of their numbers, each number once */
} StoreAlternative;

StoreAlternative *store_alternative_new (StoreConnection *connection,
                                         const char *table,
                                         const char *type,
                                         const char *parameter,
                                         const char *suffix,
                                         GError **error);
StoreAlternative *store_alternative_new_present (StoreConnection *connection,
                                                 const char *type,
                                                 const FhirQueryParameter *parameter,
                                                 GError **error);
gboolean store_alternatives_add (StoreConnection *connection,
                                 const char *type,
                                 const FhirQueryParameter *parameter,
                                 const FhirQueryValue *value,
                                 GPtrArray *alternatives,
                                 GError **error);
StoreAlternative *store_alternative_new_test (void);
void store_alternative_free (StoreAlternative *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreAlternative, store_alternative_free)

G_END_DECLS
