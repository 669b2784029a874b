/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* After which row a page begins: the row's sort keys and its number. */
typedef struct
{
  gint64 integer;
  char *text; /* (nullable): of a key that is a text */
} StoreCursorKey;

typedef struct
{
  gint64 number;
  gint64 sequence; /* the last change when the first page was made */
  guint n_keys;
  StoreCursorKey *keys;
} StoreCursor;

StoreCursor *store_cursor_new (gint64 number, guint n_keys);
void store_cursor_free (StoreCursor *self);
char *store_cursor_print (StoreCursor *self);
StoreCursor *store_cursor_parse (const char *text, guint n_keys, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreCursor, store_cursor_free)

G_END_DECLS
