/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-context.h"
#include "sync-status.h"

G_BEGIN_DECLS

/* Whether the server is still the one that these records came from. */
gboolean sync_server_check (SyncContext *context, gboolean quick, GError **error);
gboolean sync_server_is_trusted (SyncContext *context, GError **error);
gboolean sync_server_suspect (SyncContext *context, SyncSuspicion suspicion, GError **error);
gboolean sync_server_accept (SyncContext *context, const char *const *types, GError **error);
const char *sync_server_get_sentence (SyncSuspicion suspicion);
SyncSuspicion sync_server_find_suspicion (const char *sentence);

/* What the server has of some records, and what it says of one that did not come. */
gboolean
sync_server_ask_all (SyncContext *context, GPtrArray *resources, GHashTable *found, GError **error);
gboolean sync_server_is_unheard_of (SyncContext *context,
                                    const char *type,
                                    const char *id,
                                    FhirResource **there,
                                    gboolean *unheard,
                                    GError **error);
gboolean sync_server_knows_version (SyncContext *context,
                                    FhirResource *here,
                                    gboolean *knows,
                                    GError **error);
gboolean sync_server_lost_patients (SyncContext *context, gboolean *lost, GError **error);

/* inside a StoreWork */
SyncSuspicion sync_server_get_suspicion (StoreConnection *connection);
char *sync_server_get_generation (StoreConnection *connection);
gboolean
sync_server_set_generation (StoreConnection *connection, const char *generation, GError **error);
gint64 sync_server_get_accepted (StoreConnection *connection);

G_END_DECLS
