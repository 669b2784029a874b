/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-sharing.h"

G_BEGIN_DECLS

/**
 * WorkspaceShareButton:
 *
 * "Show to the Patient", on a chart page: there while a call with this page's patient runs, and
 * gone else.
 *
 * Signal "make-card" (WorkspacePatient *): returns the WorkspaceCard to show, or NULL.
 */
#define WORKSPACE_TYPE_SHARE_BUTTON (workspace_share_button_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceShareButton, workspace_share_button, WORKSPACE, SHARE_BUTTON, AdwBin)

G_END_DECLS
