/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-unfinished.h"

G_BEGIN_DECLS

/* One thing that was begun; actions "unfinished.open" and "unfinished.discard" with its id. */
#define UNFINISHED_TYPE_ROW (unfinished_row_get_type ())
G_DECLARE_FINAL_TYPE (UnfinishedRow, unfinished_row, UNFINISHED, ROW, GtkListBoxRow)

GtkWidget *unfinished_row_new (const CareUnfinished *item, gint64 now);

G_END_DECLS
