/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "sync-conflict.h"

#include "outbox-conflict-element.h"

G_BEGIN_DECLS

/* A record that two people changed, in words, with what a person chose so far; "changed" when a
 * choice changes. */
#define OUTBOX_TYPE_CONFLICT (outbox_conflict_get_type ())
G_DECLARE_FINAL_TYPE (OutboxConflict, outbox_conflict, OUTBOX, CONFLICT, GObject)

OutboxConflict *
outbox_conflict_new (StoreConnection *connection, const SyncConflict *conflict, GTimeZone *zone);
const char *outbox_conflict_get_group (OutboxConflict *self);
const char *outbox_conflict_get_record_type (OutboxConflict *self);
const char *outbox_conflict_get_record_id (OutboxConflict *self);
const char *outbox_conflict_get_patient (OutboxConflict *self);
const char *outbox_conflict_get_title (OutboxConflict *self);
const char *outbox_conflict_get_patient_name (OutboxConflict *self);
char *outbox_conflict_dup_mine_heading (OutboxConflict *self, gint64 now, GTimeZone *zone);
char *outbox_conflict_dup_theirs_heading (OutboxConflict *self, gint64 now, GTimeZone *zone);
GListModel *outbox_conflict_get_elements (OutboxConflict *self);
GStrv outbox_conflict_dup_same (OutboxConflict *self);
gboolean outbox_conflict_is_whole (OutboxConflict *self);
void outbox_conflict_choose_all (OutboxConflict *self, OutboxChoice choice);
OutboxChoice outbox_conflict_get_all (OutboxConflict *self);
gboolean outbox_conflict_is_complete (OutboxConflict *self);
gboolean outbox_conflict_is_mixed (OutboxConflict *self);
char *outbox_conflict_dup_consequence (OutboxConflict *self);
GHashTable *outbox_conflict_dup_choices (OutboxConflict *self);
GHashTable *outbox_conflict_dup_keys (OutboxConflict *self);

G_END_DECLS
