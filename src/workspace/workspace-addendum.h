/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* Where an addendum to a signed note is written, signed, and for ten seconds taken back. */
#define WORKSPACE_TYPE_ADDENDUM (workspace_addendum_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceAddendum, workspace_addendum, WORKSPACE, ADDENDUM, AdwBin)

void
workspace_addendum_set_note (WorkspaceAddendum *self, WorkspacePatient *patient, const char *note);

G_END_DECLS
