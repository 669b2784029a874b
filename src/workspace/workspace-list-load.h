/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "store-database.h"

G_BEGIN_DECLS

void workspace_list_load_async (StoreDatabase *database,
                                GType item_type,
                                StoreWork work,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GListStore *workspace_list_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
