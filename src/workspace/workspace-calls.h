/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* signal "came" (): somebody asks who did not before */
#define WORKSPACE_TYPE_CALLS (workspace_calls_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceCalls, workspace_calls, WORKSPACE, CALLS, AdwBin)

void
workspace_calls_set_session (WorkspaceCalls *self, WorkspaceSession *session, const char *patient);

G_END_DECLS
