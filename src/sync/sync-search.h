/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-apply.h"
#include "sync-context.h"

G_BEGIN_DECLS

/* What a search asked for. A server may ignore it, so what comes is looked at. */
typedef struct
{
  const char *type;
  const char *patient; /* NULL: any */
  GStrv ids;           /* NULL: any */
  guint pages;         /* at most; 0: all */
} SyncWanted;

SyncApply sync_search_apply_new (SyncContext *context);
gboolean sync_search_put (SyncContext *context, SyncApply *apply, GError **error);
void sync_search_apply_clear (SyncApply *apply);
void sync_search_take_page (SyncContext *context,
                            FhirResource *bundle,
                            const SyncWanted *wanted,
                            SyncApply *apply);
gboolean sync_search (SyncContext *context,
                      const SyncWanted *wanted,
                      const char *query,
                      SyncApply *apply,
                      GError **error);
gboolean sync_search_if_offered (SyncContext *context,
                                 const SyncWanted *wanted,
                                 const char *query,
                                 SyncApply *apply,
                                 GError **error);
gboolean sync_search_is_local_refusal (const GError *error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SyncApply, sync_search_apply_clear)

G_END_DECLS
