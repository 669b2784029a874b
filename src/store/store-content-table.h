/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A table's source file, read and proved by itself: its form, its columns and, cell by cell, what
 * can be said of one cell. Whether rows fit together is the rules' to say. */
typedef struct
{
  char *name;       /* of the SQL table */
  char *text;       /* the file; all cells point into it */
  GHashTable *head; /* key -> value */
  GPtrArray *columns;
  GPtrArray *cells; /* row after row */
  GArray *lines;    /* guint: the line that each row stands in */
} StoreContentTable;

StoreContentTable *store_content_table_read (const char *path, GError **error);
void store_content_table_free (StoreContentTable *self);
guint store_content_table_get_size (StoreContentTable *self);
const char *store_content_table_get (StoreContentTable *self, guint row, guint column);
int store_content_table_find_column (StoreContentTable *self, const char *name);
const char *store_content_table_get_key (StoreContentTable *self);
void store_content_table_sort_drugs (StoreContentTable *self);
gboolean store_content_table_is_known (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreContentTable, store_content_table_free)

G_END_DECLS
