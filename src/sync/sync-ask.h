/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-context.h"
#include "sync-settle.h"

G_BEGIN_DECLS

SyncTheirs *sync_theirs_new (FhirResource *resource);
gboolean sync_ask_is_absent (const GError *error);
FhirResource *sync_ask_by_identity (SyncContext *context, const SyncItem *item, GError **error);
SyncTheirs *sync_ask_one (SyncContext *context, const SyncItem *item, GError **error);
GPtrArray *sync_ask (SyncContext *context, GPtrArray *items, GError **error);

G_END_DECLS
