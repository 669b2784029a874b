/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "store-cursor.h"
#include "store-sql.h"

G_BEGIN_DECLS

#define STORE_AFTER_EVERY_TEXT "\xf4\x8f\xbf\xbf" /* U+10FFFF */

/* By what a search sorts. */
typedef struct
{
  const char *name; /* of the search parameter */
  gboolean descending;
  gboolean is_text;
  gboolean is_read;   /* out of each text: there are no rows by number */
  const char *column; /* of x, or NULL: the values of parameter */
  gint64 parameter;
} StoreSortKey;

gboolean store_sort_key_register (sqlite3 *db);
void store_sort_key_add (const StoreSortKey *key, StoreSql *sql);
void store_sort_key_read (const StoreSortKey *key, GPtrArray *values, StoreCursorKey *out);

G_END_DECLS
