/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-context.h"

G_BEGIN_DECLS

gboolean
sync_offer (SyncContext *context, const char *const *types, gboolean offer, GError **error);

G_END_DECLS
