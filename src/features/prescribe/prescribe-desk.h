/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "prescribe-sheet.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* The prescriptions of one patient that are being written, and in which form each is: the pane's or
 * that of a note. Each is in one of them at a time, and is checked beside all the others.
 *
 * signal "moved" (): one is in another form now, or in none
 * signal "changed" (): one came or went, or reads differently */
#define PRESCRIBE_TYPE_DESK (prescribe_desk_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeDesk, prescribe_desk, PRESCRIBE, DESK, GObject)

PrescribeDesk *prescribe_desk_of (WorkspacePatient *patient);
PrescribeSheet *prescribe_desk_get_sheet (PrescribeDesk *self);
GPtrArray *prescribe_desk_get_sheets (PrescribeDesk *self);
GPtrArray *prescribe_desk_dup_sheets_at (PrescribeDesk *self, gconstpointer form);
PrescribeSheet *prescribe_desk_find (PrescribeDesk *self, const char *draft_id);
gboolean prescribe_desk_is_at (PrescribeDesk *self, PrescribeSheet *sheet, gconstpointer form);
void prescribe_desk_put (PrescribeDesk *self, PrescribeSheet *sheet, gconstpointer form);
void prescribe_desk_remove (PrescribeDesk *self, PrescribeSheet *sheet);
void prescribe_desk_leave (PrescribeDesk *self, gconstpointer form);

G_END_DECLS
