/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One table while it is read, row by row: which head a cell belongs to, with cells that span
 * columns and rows. */
typedef struct _DocumentsTable DocumentsTable;

DocumentsTable *documents_table_new (void);
void documents_table_free (DocumentsTable *self);
void documents_table_start_row (DocumentsTable *self);
void documents_table_start_cell (DocumentsTable *self, gboolean is_head, guint columns, guint rows);
gboolean documents_table_in_cell (DocumentsTable *self);
void documents_table_add_text (DocumentsTable *self, const char *text);
void documents_table_end_cell (DocumentsTable *self);
gboolean documents_table_end_row (DocumentsTable *self, char **lead, char **text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentsTable, documents_table_free)

G_END_DECLS
