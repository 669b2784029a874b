/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

/* The most that a check names one by one; it counts all. */
#define STORE_CHECK_NAMED 50

/* What a check found. Each of @differing is a sentence that names a resource by Type/id. */
typedef struct
{
  gint64 looked_at, wrong;
  GPtrArray *differing; /* char* */
} StoreCheck;

StoreCheck *store_check_new (void);
void store_check_free (StoreCheck *self);
void store_check_note (StoreCheck *check, char *sentence);

/* In a StoreWork. All of them read much: give them a connection of their own. FALSE only where the
 * check could not be made. */
gboolean store_check_records (StoreConnection *connection, StoreCheck *check, GError **error);
gboolean
store_check_indexes (StoreConnection *connection, guint sample, StoreCheck *check, GError **error);
gboolean store_check_names (StoreConnection *connection, StoreCheck *check, GError **error);
gboolean store_check_counters (StoreConnection *connection, StoreCheck *check, GError **error);
gboolean store_check_references (StoreConnection *connection, StoreCheck *check, GError **error);
gboolean store_check_journal (StoreConnection *connection, StoreCheck *check, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreCheck, store_check_free)

G_END_DECLS
