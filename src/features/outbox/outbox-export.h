/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

/* What the server does not have, as one FHIR transaction that another server can take. */
typedef struct
{
  char *text;          /* JSON */
  guint changes;       /* entries of the bundle */
  GPtrArray *patients; /* char*: ids, each once */
} OutboxExport;

void outbox_export_free (OutboxExport *self);
void outbox_export_async (StoreDatabase *database,
                          gint64 now,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
OutboxExport *outbox_export_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OutboxExport, outbox_export_free)

G_END_DECLS
