/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-engine.h"
#include "sync-pull.h"

G_BEGIN_DECLS

gboolean
sync_decide (SyncContext *context, const char *group, SyncDecision decision, GError **error);

/* A choice for each element of one record; the strings are owned by the caller. */
typedef struct
{
  const char *group, *type, *id;
  GHashTable *choices; /* key of a SyncDifference → SyncSide */
} SyncElementChoice;

gboolean
sync_decide_elements (SyncContext *context, const SyncElementChoice *choice, GError **error);

G_END_DECLS
