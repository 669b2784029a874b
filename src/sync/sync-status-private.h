/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-status.h"

G_BEGIN_DECLS

/* Journal groups by what becomes of them. */
typedef struct
{
  guint waiting, held, refused, conflicts;
  gint64 since; /* µs at which the oldest that still waits was written, 0 */
} SyncCounts;

void sync_status_set_state (SyncStatus *self, SyncState state, const char *sentence);
void sync_status_set_live (SyncStatus *self, gboolean live);
void sync_status_set_counts (SyncStatus *self, const SyncCounts *counts);
void sync_status_set_last_pull (SyncStatus *self, gint64 last_pull);
void sync_status_set_notes (SyncStatus *self, const char *const *notes);
void sync_status_set_suspicion (SyncStatus *self, SyncSuspicion suspicion);
void sync_status_set_last_error (SyncStatus *self, const GError *error);
void sync_status_set_progress (SyncStatus *self, guint done, guint total, guint seconds_left);

G_END_DECLS
