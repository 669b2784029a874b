/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* The notes of the visit in progress that are signed already, above the one that is written. */
#define NOTE_TYPE_SIGNED (note_signed_get_type ())
G_DECLARE_FINAL_TYPE (NoteSigned, note_signed, NOTE, SIGNED, AdwBin)

void note_signed_set_patient (NoteSigned *self, WorkspacePatient *patient);
void note_signed_expand (NoteSigned *self);

G_END_DECLS
