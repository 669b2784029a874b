/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* What works without the network, what does not, what waits, and until when. */
#define WORKSPACE_TYPE_DOWNTIME_DIALOG (workspace_downtime_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    WorkspaceDowntimeDialog, workspace_downtime_dialog, WORKSPACE, DOWNTIME_DIALOG, AdwDialog)

AdwDialog *workspace_downtime_dialog_new (WorkspaceSession *session);

G_END_DECLS
