/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-patient.h"

G_BEGIN_DECLS

/* Whose windows are open, so that two patients with like names are never taken for each other.
 *
 * signal "changed": a window opened or closed, or a name was read */
#define WORKSPACE_TYPE_OPEN (workspace_open_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceOpen, workspace_open, WORKSPACE, OPEN, GObject)

WorkspaceOpen *workspace_open_new (void);
void workspace_open_add (WorkspaceOpen *self, WorkspacePatient *patient);
void workspace_open_remove (WorkspaceOpen *self, WorkspacePatient *patient);
void workspace_open_update (WorkspaceOpen *self);
char *workspace_open_dup_like (WorkspaceOpen *self, WorkspacePatient *patient);
char *workspace_open_dup_like_name (WorkspaceOpen *self, const char *id, const char *name);

G_END_DECLS
