/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-worker.h"
#include "store-connection.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* A statement in use. It goes back to its connection when it leaves scope. */
typedef sqlite3_stmt StoreStatement;

typedef gboolean (*StorePersonWaits) (gpointer data);

StoreConnection *store_connection_open_file (
    const char *path, GBytes *key, BaseClock *clock, gboolean make, GError **error);
StoreConnection *store_connection_open (
    const char *path, GBytes *key, BaseClock *clock, gboolean writer, GError **error);
StoreConnection *
store_connection_open_to_read (const char *path, GBytes *key, BaseClock *clock, GError **error);
StoreConnection *store_connection_open_scratch (BaseClock *clock, GError **error);
void store_connection_close (StoreConnection *self);
void store_connection_set_thread (StoreConnection *self, GThread *thread);
void
store_connection_set_person_waits (StoreConnection *self, StorePersonWaits waits, gpointer data);

/* Values are bound by one letter each: i gint64, d double, s text or NULL, b GBytes. */
gboolean store_connection_run (
    StoreConnection *self, const char *name, GError **error, const char *format, ...);
StoreStatement *store_connection_query (
    StoreConnection *self, const char *name, GError **error, const char *format, ...);
StoreStatement *store_connection_compose (StoreConnection *self, const char *sql, GError **error);
gboolean store_connection_execute (StoreConnection *self, const char *sql, GError **error);
gboolean store_statement_step (StoreConnection *self,
                               StoreStatement *statement,
                               gboolean *row,
                               GError **error);
const char *store_statement_text (StoreStatement *statement, int column);
void store_statement_end (StoreStatement *statement);

gboolean store_connection_begin (StoreConnection *self, GError **error);
gboolean store_connection_commit (StoreConnection *self, GError **error);
void store_connection_rollback (StoreConnection *self);
gboolean store_connection_savepoint (StoreConnection *self, GError **error);
gboolean store_connection_release (StoreConnection *self, gboolean keep, GError **error);
gboolean store_connection_in_transaction (StoreConnection *self);
gboolean store_connection_checkpoint (StoreConnection *self, int *frames_left, GError **error);
gint64 store_connection_wal_pages (StoreConnection *self);

gint64 store_connection_next (StoreConnection *self, const char *counter);
gint64 store_connection_stamp (StoreConnection *self);
void store_connection_add_change (StoreConnection *self, StoreChange *change);
GPtrArray *store_connection_steal_changes (StoreConnection *self);

gboolean store_name_lookup (StoreConnection *self, const char *text, gint64 *id, GError **error);
gboolean store_name_intern (StoreConnection *self, const char *text, gint64 *id, GError **error);
gboolean store_identity_lookup (
    StoreConnection *self, gint64 type, const char *id, gint64 *number, GError **error);
gboolean store_identity_intern (
    StoreConnection *self, gint64 type, const char *id, gint64 *number, GError **error);
gboolean store_phrase_intern (StoreConnection *self, const char *text, gint64 *id, GError **error);
void store_phrase_forget (StoreConnection *self, const char *text);

void store_set_error (StoreConnection *self, int code, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreStatement, store_statement_end)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreConnection, store_connection_close)

G_END_DECLS
