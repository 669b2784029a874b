/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "workspace-patient.h"

G_BEGIN_DECLS

/* What short words become while a note is written, and the menu that says which there are. Signals
 * "said" (text) for what the user is to know, "order" (keyword) when one is to be written. */
#define NOTE_TYPE_SHORTCUTS (note_shortcuts_get_type ())
G_DECLARE_FINAL_TYPE (NoteShortcuts, note_shortcuts, NOTE, SHORTCUTS, GObject)

NoteShortcuts *note_shortcuts_new (GtkWidget *pane,
                                   GtkTextView *view,
                                   GtkMenuButton *button,
                                   WorkspacePatient *patient);

G_END_DECLS
