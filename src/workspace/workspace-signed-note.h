/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* A signed note as it is read everywhere: its words, what was added under them, and what may be
 * done with it now. Nothing in it changes the note. */
#define WORKSPACE_TYPE_SIGNED_NOTE (workspace_signed_note_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceSignedNote, workspace_signed_note, WORKSPACE, SIGNED_NOTE, AdwBin)

GtkWidget *workspace_signed_note_new (WorkspacePatient *patient, const char *note);
void
workspace_signed_note_show (WorkspaceSignedNote *self, WorkspacePatient *patient, const char *note);

G_END_DECLS
