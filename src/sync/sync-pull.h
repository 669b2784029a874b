/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-context.h"

G_BEGIN_DECLS

/* The way through the pages of one type. */
typedef struct
{
  GHashTable *visited; /* links */
  guint restarts;      /* how often a link had died */
  gint64 begun;        /* uptime at which this search began; 0: it goes on from an earlier start */
  GHashTable *asked;   /* type → uptime at which its last search began */
} SyncWalk;

typedef struct
{
  guint stored; /* news */
  guint seen;
  gboolean more; /* call again for the next page */
  gint64 total;  /* that the server counts for this search, -1 where it does not say */
} SyncPulled;

char *sync_pull_dup_newest (StoreConnection *connection, const char *type);
GStrv sync_pull_list_types (SyncContext *context, GError **error);
gboolean sync_pull_count (SyncContext *context, const char *type, gint64 *count, GError **error);
gboolean sync_pull_day (SyncContext *context, GError **error);
gboolean sync_pull_page (
    SyncContext *context, const char *type, SyncWalk *walk, SyncPulled *pulled, GError **error);
gboolean
sync_pull_patient (SyncContext *context, const char *patient, gboolean safety_only, GError **error);
gboolean sync_pull_references (SyncContext *context, GPtrArray *references, GError **error);
gboolean sync_pull_stamp (SyncContext *context, const char *patient, gint64 as_of, GError **error);

G_END_DECLS
