/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-resource.h"

G_BEGIN_DECLS

/* Which versions, newest first. */
typedef struct
{
  const char *type; /* NULL: of all types */
  const char *id;   /* NULL: of all resources; else type is set too */
  gint64 before;    /* only sequences below this one; 0: from the newest */
  gint64 since_us;  /* only versions written then or later, UTC; G_MININT64: all */
} StoreHistory;

GPtrArray *store_history_page (StoreConnection *connection,
                               const StoreHistory *asked,
                               guint limit,
                               GError **error);
gboolean store_history_count (StoreConnection *connection,
                              const char *type,
                              const char *id,
                              gint64 since_us,
                              gint64 *total,
                              GError **error);

G_END_DECLS
