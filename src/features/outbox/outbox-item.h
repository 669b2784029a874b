/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "store-journal.h"

G_BEGIN_DECLS

/* One group of changes that goes to the server in one transaction, in words. */
#define OUTBOX_TYPE_ITEM (outbox_item_get_type ())
G_DECLARE_FINAL_TYPE (OutboxItem, outbox_item, OUTBOX, ITEM, GObject)

OutboxItem *
outbox_item_new (const StoreJournalEntry *entry, const char *patient_name, gboolean in_conflict);
void outbox_item_add (OutboxItem *self, const StoreJournalEntry *entry);
const char *outbox_item_get_group (OutboxItem *self);
const char *outbox_item_get_patient (OutboxItem *self);
char *outbox_item_dup_title (OutboxItem *self);
char *outbox_item_dup_state (OutboxItem *self, gint64 now, GTimeZone *zone);
const char *outbox_item_get_reason (OutboxItem *self);
char *outbox_item_dup_why (OutboxItem *self);
const char *outbox_item_get_advice (OutboxItem *self, gint64 now);
const char *outbox_item_get_style (OutboxItem *self, gint64 now);
const char *outbox_item_get_icon_name (OutboxItem *self, gint64 now);
gboolean outbox_item_may_retry (OutboxItem *self);
gboolean outbox_item_may_give_up (OutboxItem *self);
gboolean outbox_item_may_sign (OutboxItem *self);
gboolean outbox_item_is_in_conflict (OutboxItem *self);
gboolean outbox_item_needs_person (OutboxItem *self, gint64 now);

G_END_DECLS
