/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

#define NOTE_TYPE_VIEW (note_view_get_type ())
G_DECLARE_FINAL_TYPE (NoteView, note_view, NOTE, VIEW, AdwBin)

GtkWidget *note_view_new (WorkspacePatient *patient);

G_END_DECLS
