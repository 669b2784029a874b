/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

/* What someone is still writing: it belongs to its author and its patient. */
typedef struct
{
  char *id, *kind, *patient, *author, *encounter, *body;
  gint64 updated_us;
} StoreDraft;

void store_draft_free (StoreDraft *self);
gboolean store_draft_save (StoreConnection *connection,
                           const char *id,
                           const char *kind,
                           const char *patient,
                           const char *author,
                           const char *encounter,
                           const char *body,
                           GError **error);
StoreDraft *store_draft_load (StoreConnection *connection, const char *id, GError **error);
GPtrArray *store_draft_list (StoreConnection *connection,
                             const char *author,
                             const char *patient,
                             GError **error);
gboolean store_draft_remove (StoreConnection *connection, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreDraft, store_draft_free)

G_END_DECLS
