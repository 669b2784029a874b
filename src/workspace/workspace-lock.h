/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* Whether the sign-in has run out while the program runs: then no further chart opens and nothing
 * is signed, until the server takes the sign-in again.
 *
 * property "text" (string): (nullable): why, and what to do; NULL while the sign-in is good */
#define WORKSPACE_TYPE_LOCK (workspace_lock_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceLock, workspace_lock, WORKSPACE, LOCK, GObject)

WorkspaceLock *workspace_lock_new (CareContext *context, GTimeZone *zone);
void workspace_lock_renew (WorkspaceLock *self, gint64 signed_in);
const char *workspace_lock_check (WorkspaceLock *self);
gint64 workspace_lock_get_until (WorkspaceLock *self);
char *
workspace_lock_dup_start_sentence (gint64 signed_in, gint64 now, gint64 length, GTimeZone *zone);

G_END_DECLS
