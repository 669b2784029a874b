/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* Reads what is not yet at the server, as a GListStore of OutboxItem: what needs a person first. */
void outbox_load_async (StoreDatabase *database,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
GListStore *outbox_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
