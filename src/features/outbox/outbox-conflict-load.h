/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

#include "outbox-conflict.h"

G_BEGIN_DECLS

/* Reads the records of one group, or of one patient, that wait for a choice between two versions,
 * as OutboxConflict. */
void outbox_conflict_load_async (StoreDatabase *database,
                                 const char *group,
                                 const char *patient,
                                 GTimeZone *zone,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *outbox_conflict_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
