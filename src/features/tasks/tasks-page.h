/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-page.h"
#include "workspace-session.h"

G_BEGIN_DECLS

#define TASKS_TYPE_PAGE (tasks_page_get_type ())
G_DECLARE_FINAL_TYPE (TasksPage, tasks_page, TASKS, PAGE, WorkspacePage)

GtkWidget *tasks_page_new (WorkspaceSession *session);

G_END_DECLS
