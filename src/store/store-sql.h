/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection-private.h"

G_BEGIN_DECLS

/* SQL that is put together of fixed fragments, with the values that its question marks stand for. A
 * value never becomes text of the statement. */
typedef struct
{
  GString *text;
  GPtrArray *values;
} StoreSql;

StoreSql *store_sql_new (const char *text);
void store_sql_free (StoreSql *self);
void store_sql_add (StoreSql *self, const char *text);
void store_sql_bind_integer (StoreSql *self, gint64 value);
void store_sql_bind_double (StoreSql *self, double value);
void store_sql_bind_text (StoreSql *self, const char *value);
void store_sql_append (StoreSql *self, const StoreSql *other);
StoreStatement *store_sql_prepare (StoreSql *self, StoreConnection *connection, GError **error);
gboolean
store_sql_read_integer (StoreSql *self, StoreConnection *connection, gint64 *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreSql, store_sql_free)

G_END_DECLS
