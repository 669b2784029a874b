/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-journal.h"

G_BEGIN_DECLS

#define CARE_HOLD_UNDO "undo" /* why an entry is held that rests for Undo */

GPtrArray *care_journal_open (StoreConnection *connection, GError **error);
gboolean care_journal_is_resting (const StoreJournalEntry *entry);
gboolean care_journal_has_left (const StoreJournalEntry *entry);
gboolean care_journal_withdraw (StoreConnection *connection,
                                GPtrArray *entries,
                                const char *group,
                                GError **error);

G_END_DECLS
