/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "store-connection.h"

G_BEGIN_DECLS

/* What stood when the change with the sequence `until` was the last one. It stays readable, for
 * versions are kept, and nothing has to be copied. */
typedef struct
{
  gint64 until;
  gint64 since_us;      /* only versions written then or later, UTC; G_MININT64: all */
  gboolean of_patients; /* only what is in a patient's compartment, or is a Patient */
  GHashTable *patients; /* (nullable) (element-type gint64): of these only, by number */
  GHashTable *ids;      /* (nullable) (element-type utf8): the same, by id */
} StoreSnapshot;

/* Called for each resource; text is NULL where none was asked for. */
typedef void (*StoreSnapshotVisit) (const char *text, gpointer data);

gboolean store_snapshot_take (StoreConnection *connection, gint64 *until, GError **error);
void store_snapshot_clear (StoreSnapshot *self);
void store_snapshot_limit (StoreSnapshot *self);
gboolean store_snapshot_add_patient (StoreSnapshot *self,
                                     StoreConnection *connection,
                                     const char *id,
                                     GError **error);
GPtrArray *store_snapshot_types (StoreConnection *connection, GError **error);
gboolean store_snapshot_walk (const StoreSnapshot *self,
                              StoreConnection *connection,
                              const char *type,
                              gboolean with_text,
                              guint limit,
                              gint64 *after,
                              StoreSnapshotVisit visit,
                              gpointer data,
                              GError **error);

/* Called for each deletion. */
typedef void (*StoreSnapshotDeleted) (const char *type, const char *id, gpointer data);

gboolean store_snapshot_walk_deleted (const StoreSnapshot *self,
                                      StoreConnection *connection,
                                      guint limit,
                                      gint64 *after,
                                      StoreSnapshotDeleted visit,
                                      gpointer data,
                                      GError **error);

G_END_DECLS
