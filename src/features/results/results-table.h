/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-results.h"

G_BEGIN_DECLS

#define RESULTS_MAX_DATES 12

/* One line of the table: its head and a cell for each column, "" where there is nothing. */
#define RESULTS_TYPE_TABLE_ROW (results_table_row_get_type ())
G_DECLARE_FINAL_TYPE (ResultsTableRow, results_table_row, RESULTS, TABLE_ROW, GObject)

const char *results_table_row_get_head (ResultsTableRow *self);
const char *results_table_row_get_markup (ResultsTableRow *self, guint column);
const char *results_table_row_get_words (ResultsTableRow *self, guint column);

/* Values by date, as they were sent: dates down the side, or along the top. */
typedef struct
{
  GPtrArray *columns; /* char: their titles, without that of the heads */
  GListStore *rows;   /* ResultsTableRow */
  guint left_out;     /* dates for which there is no room along the top */
} ResultsTable;

ResultsTable *results_table_new (CareResults *results,
                                 const char *const *keys,
                                 const char *const *names,
                                 gboolean dates_on_top);
void results_table_free (ResultsTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ResultsTable, results_table_free)

G_END_DECLS
