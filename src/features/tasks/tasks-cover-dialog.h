/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

#define TASKS_TYPE_COVER_DIALOG (tasks_cover_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TasksCoverDialog, tasks_cover_dialog, TASKS, COVER_DIALOG, AdwDialog)

AdwDialog *tasks_cover_dialog_new (WorkspaceSession *session);

G_END_DECLS
