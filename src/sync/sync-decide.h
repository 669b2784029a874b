/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-engine.h"
#include "sync-pull.h"

G_BEGIN_DECLS

gboolean
sync_decide (SyncContext *context, const char *group, SyncDecision decision, GError **error);

G_END_DECLS
