/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-context.h"
#include "sync-settle.h"

G_BEGIN_DECLS

void sync_send_sort (GPtrArray *items);
gboolean sync_send_is_safe_apart (GPtrArray *items, gboolean prescribes);
SyncTheirs *
sync_send_one (SyncContext *context, const SyncItem *item, GHashTable *renamed, GError **error);
gboolean
sync_send_check_unguarded (SyncContext *context, GPtrArray *items, gboolean *moved, GError **error);
gboolean sync_send_complete (SyncContext *context,
                             const SyncItem *item,
                             SyncTheirs **theirs,
                             GError **error);

G_END_DECLS
