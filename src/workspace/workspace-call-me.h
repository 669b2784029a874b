/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-call-me.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_CALL_ME (workspace_call_me_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceCallMe, workspace_call_me, WORKSPACE, CALL_ME, AdwBin)

/* One patient who asks to be called. */
GtkWidget *workspace_call_me_new (WorkspaceSession *session, const CareCallMe *call, gint64 now);
const char *workspace_call_me_get_task (WorkspaceCallMe *self);
void workspace_call_me_update (WorkspaceCallMe *self, const CareCallMe *call, gint64 now);
char *workspace_call_me_describe (const CareCallMe *call, gint64 now);

G_END_DECLS
