/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-signed-note.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* Under a signed note: who is asked to co-sign it, what they answered, and asking or answering. */
#define WORKSPACE_TYPE_COSIGN (workspace_cosign_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceCosign, workspace_cosign, WORKSPACE, COSIGN, AdwBin)

void workspace_cosign_set_note (WorkspaceCosign *self,
                                WorkspacePatient *patient,
                                const CareSignedNote *note);

G_END_DECLS
