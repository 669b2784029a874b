/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

char *store_setting_get (StoreConnection *connection, const char *name);
gboolean store_setting_set (StoreConnection *connection,
                            const char *name,
                            const char *value,
                            GError **error);
gboolean store_setting_delete (StoreConnection *connection, const char *name, GError **error);

typedef void (*StoreSettingVisit) (const char *name, const char *value, gpointer data);

gboolean store_setting_foreach (StoreConnection *connection,
                                const char *prefix,
                                StoreSettingVisit visit,
                                gpointer data,
                                GError **error);

G_END_DECLS
