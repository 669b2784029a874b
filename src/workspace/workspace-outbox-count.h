/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

/* What is not yet at the server, counted as the outbox shows it: an order is one, however many
 * records it is written in. */
typedef struct
{
  guint waiting;      /* goes by itself */
  guint needs_person; /* refused, or held for somebody */
} WorkspaceOutboxCount;

gboolean workspace_outbox_count_read (StoreConnection *connection,
                                      WorkspaceOutboxCount *count,
                                      GError **error);

G_END_DECLS
