/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-engine.h"

G_BEGIN_DECLS

void sync_engine_begin_push (SyncEngine *self);
void sync_engine_begin_pull (SyncEngine *self, gboolean full);

G_END_DECLS
