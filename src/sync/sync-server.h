/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-context.h"

G_BEGIN_DECLS

/* Whether the server is still the one that these records came from. */
gboolean sync_server_check (SyncContext *context, GError **error);
gboolean sync_server_is_trusted (SyncContext *context, GError **error);
gboolean sync_server_suspect (SyncContext *context, GError **error);
gboolean sync_server_accept (SyncContext *context, const char *const *types, GError **error);

/* inside a StoreWork */
gboolean sync_server_is_suspect (StoreConnection *connection);
gint64 sync_server_get_accepted (StoreConnection *connection);
const char *sync_server_get_sentence (void);

G_END_DECLS
