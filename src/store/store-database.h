/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base-clock.h"
#include "base-worker.h"
#include "store-connection.h"
#include "store-error.h"
#include "store-types.h"

G_BEGIN_DECLS

#define STORE_KEY_BYTES 32

#define STORE_TYPE_DATABASE (store_database_get_type ())
G_DECLARE_FINAL_TYPE (StoreDatabase, store_database, STORE, DATABASE, GObject)

typedef gboolean (*StoreWork) (StoreConnection *connection, gpointer data, GError **error);

StoreDatabase *
store_database_open (const char *path, GBytes *key, BaseClock *clock, GError **error);
StoreDatabase *
store_database_open_to_read (const char *path, GBytes *key, BaseClock *clock, GError **error);
gboolean store_database_is_read_only (StoreDatabase *self);
const char *store_database_get_path (StoreDatabase *self);
void store_database_close (StoreDatabase *self);

gboolean store_database_write (
    StoreDatabase *self, BaseLane lane, StoreWork work, gpointer data, GError **error);
void store_database_write_async (StoreDatabase *self,
                                 BaseLane lane,
                                 StoreWork work,
                                 gpointer data,
                                 GDestroyNotify destroy,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean store_database_write_finish (StoreDatabase *self, GAsyncResult *result, GError **error);

gboolean store_database_read (StoreDatabase *self, StoreWork work, gpointer data, GError **error);
void store_database_read_async (StoreDatabase *self,
                                StoreWork work,
                                gpointer data,
                                GDestroyNotify destroy,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean store_database_read_finish (StoreDatabase *self, GAsyncResult *result, GError **error);

/* In a StoreWork: */
gboolean store_database_check (StoreConnection *connection, GError **error);

G_END_DECLS
