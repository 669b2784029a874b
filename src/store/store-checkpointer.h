/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* Runs passive checkpoints on a thread and connection of its own, when writing pauses or the log
 * grows large. */
typedef struct _StoreCheckpointer StoreCheckpointer;

StoreCheckpointer *store_checkpointer_new (StoreConnection *connection);
void store_checkpointer_note (StoreCheckpointer *self, gint64 wal_pages);
gboolean store_checkpointer_take_rest (StoreCheckpointer *self);
void store_checkpointer_free (StoreCheckpointer *self);

G_END_DECLS
