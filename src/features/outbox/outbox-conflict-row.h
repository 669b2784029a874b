/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "outbox-conflict-element.h"

G_BEGIN_DECLS

/* One element of two versions, side by side: what was, mine, theirs; one of the two is chosen. */
#define OUTBOX_TYPE_CONFLICT_ROW (outbox_conflict_row_get_type ())
G_DECLARE_FINAL_TYPE (OutboxConflictRow, outbox_conflict_row, OUTBOX, CONFLICT_ROW, AdwBin)

GtkWidget *outbox_conflict_row_new (OutboxConflictElement *element);
void outbox_conflict_row_set_narrow (OutboxConflictRow *self, gboolean narrow);

G_END_DECLS
