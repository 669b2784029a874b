/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

#define WORKSPACE_TYPE_BANNER (workspace_banner_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceBanner, workspace_banner, WORKSPACE, BANNER, AdwBin)

void workspace_banner_set_patient (WorkspaceBanner *self, WorkspacePatient *patient);

G_END_DECLS
