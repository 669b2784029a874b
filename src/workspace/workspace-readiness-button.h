/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* The mark that says what of a chart is here, and what it opens: counts, what is missing, a way to
 * read again. */
#define WORKSPACE_TYPE_READINESS_BUTTON (workspace_readiness_button_get_type ())
G_DECLARE_FINAL_TYPE (
    WorkspaceReadinessButton, workspace_readiness_button, WORKSPACE, READINESS_BUTTON, AdwBin)

void workspace_readiness_button_set_patient (WorkspaceReadinessButton *self,
                                             WorkspacePatient *patient);
void workspace_readiness_button_update (WorkspaceReadinessButton *self);
void workspace_readiness_button_open (WorkspaceReadinessButton *self);

G_END_DECLS
