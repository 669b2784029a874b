/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-session.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_KEYS (workspace_keys_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceKeys, workspace_keys, WORKSPACE, KEYS, AdwDialog)

AdwDialog *workspace_keys_new (WorkspaceSession *session, WorkspaceScope scope);

G_END_DECLS
