/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "tasks-facts.h"
#include "workspace-session.h"

G_BEGIN_DECLS

void tasks_close_write_outcome (GtkWidget *list,
                                WorkspaceSession *session,
                                const TasksFacts *facts,
                                gint64 now);
void
tasks_close_complete (AdwToastOverlay *toasts, WorkspaceSession *session, const TasksFacts *facts);
void tasks_close_reopen (AdwToastOverlay *toasts, WorkspaceSession *session, const char *reference);

G_END_DECLS
