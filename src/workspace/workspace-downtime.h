/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-session.h"

G_BEGIN_DECLS

/* Whether the clinic's server has been away long enough to say so, in words.
 *
 * property "text" (string): (nullable): what a banner says now; NULL: nothing
 * signal "back" (sentence): the server is back; one short word on what waited */
#define WORKSPACE_TYPE_DOWNTIME (workspace_downtime_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceDowntime, workspace_downtime, WORKSPACE, DOWNTIME, GObject)

/* A connection that is made or lost for a moment is no downtime. */
#define WORKSPACE_DOWNTIME_GRACE_MS 6000

WorkspaceDowntime *workspace_downtime_new (WorkspaceSession *session, guint grace_ms);
const char *workspace_downtime_get_text (WorkspaceDowntime *self);
char *workspace_downtime_dup_words (
    gint64 since, gint64 now, guint waiting, guint refused, GTimeZone *zone);
char *workspace_downtime_dup_sign_in (gint64 until, gint64 now, GTimeZone *zone);

G_END_DECLS
