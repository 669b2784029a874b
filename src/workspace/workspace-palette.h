/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_PALETTE (workspace_palette_get_type ())
G_DECLARE_FINAL_TYPE (WorkspacePalette, workspace_palette, WORKSPACE, PALETTE, AdwDialog)

AdwDialog *workspace_palette_new (WorkspaceSession *session, WorkspacePatient *patient);

G_END_DECLS
