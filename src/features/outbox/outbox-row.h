/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "outbox-item.h"

G_BEGIN_DECLS

#define OUTBOX_TYPE_ROW (outbox_row_get_type ())
G_DECLARE_FINAL_TYPE (OutboxRow, outbox_row, OUTBOX, ROW, AdwBin)

GtkWidget *outbox_row_new (void);
void outbox_row_set_item (
    OutboxRow *self, OutboxItem *item, gint64 now, GTimeZone *zone, gboolean connected);

G_END_DECLS
