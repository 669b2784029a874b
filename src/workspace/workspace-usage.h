/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* What somebody does often and did lately, so that it stands first. Kept with the account.
 *
 * signal "changed" */
#define WORKSPACE_TYPE_USAGE (workspace_usage_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceUsage, workspace_usage, WORKSPACE, USAGE, GObject)

WorkspaceUsage *workspace_usage_new (CareContext *context);
void workspace_usage_note (WorkspaceUsage *self, const char *action);
double workspace_usage_get_score (WorkspaceUsage *self, const char *action);

G_END_DECLS
