/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

gboolean check_near_look (StoreConnection *connection, gint64 now, gboolean *near, GError **error);
void check_near_look_async (StoreDatabase *store,
                            BaseClock *clock,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean check_near_look_finish (GAsyncResult *result, gboolean *near, GError **error);

G_END_DECLS
