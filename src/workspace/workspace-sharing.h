/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-card.h"

G_BEGIN_DECLS

/**
 * WorkspaceSharing:
 *
 * Showing one thing at a time to the patient who is in the call: between the pages that have
 * something to show and the feature that has the call.
 *
 * Properties: "possible": there is a call with this patient; "shown": the title of what is shown,
 * or NULL. Signal: "show" (WorkspaceCard *).
 */
#define WORKSPACE_TYPE_SHARING (workspace_sharing_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceSharing, workspace_sharing, WORKSPACE, SHARING, GObject)

WorkspaceSharing *workspace_sharing_of (WorkspacePatient *patient);
gboolean workspace_sharing_is_possible (WorkspaceSharing *self);
const char *workspace_sharing_get_shown (WorkspaceSharing *self);
gboolean workspace_sharing_show (WorkspaceSharing *self, WorkspaceCard *card);
void workspace_sharing_set (WorkspaceSharing *self, gboolean possible, const char *shown);

G_END_DECLS
