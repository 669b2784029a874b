/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-context.h"

G_BEGIN_DECLS

typedef struct
{
  guint stored; /* news */
  guint seen;
  gboolean more; /* call again for the next page */
} SyncPulled;

GStrv sync_pull_list_types (SyncContext *context, GError **error);
gboolean sync_pull_day (SyncContext *context, GError **error);
gboolean
sync_pull_page (SyncContext *context, const char *type, SyncPulled *pulled, GError **error);
gboolean
sync_pull_patient (SyncContext *context, const char *patient, gboolean safety_only, GError **error);
gboolean sync_pull_references (SyncContext *context, GPtrArray *references, GError **error);
gboolean sync_pull_stamp (SyncContext *context, const char *patient, gint64 as_of, GError **error);

G_END_DECLS
