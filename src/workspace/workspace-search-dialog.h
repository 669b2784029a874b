/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

/* Words in the record of one patient, or of all who are on this computer. */
#define WORKSPACE_TYPE_SEARCH_DIALOG (workspace_search_dialog_get_type ())
G_DECLARE_FINAL_TYPE (
    WorkspaceSearchDialog, workspace_search_dialog, WORKSPACE, SEARCH_DIALOG, AdwDialog)

AdwDialog *workspace_search_dialog_new (WorkspaceSession *session, const char *patient_id);
char *workspace_search_dup_markup (const char *text, const char *typed);

G_END_DECLS
