/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-row.h"
#include "store-database.h"

G_BEGIN_DECLS

/* Who may see patients: a GListStore of CareRow, with the name as title and a reference, by name.
 */
void today_clinicians_load_async (StoreDatabase *database,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GListStore *today_clinicians_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
