/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* Whose charts this account opened last, the last one first; kept with the account.
 *
 * signal "changed" */
#define WORKSPACE_TYPE_RECENT (workspace_recent_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceRecent, workspace_recent, WORKSPACE, RECENT, GObject)

#define WORKSPACE_RECENT_MAX 10

WorkspaceRecent *workspace_recent_new (CareContext *context);
void workspace_recent_note (WorkspaceRecent *self, const char *patient_id);
GStrv workspace_recent_dup_ids (WorkspaceRecent *self);

G_END_DECLS
