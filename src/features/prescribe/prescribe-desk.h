/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "prescribe-sheet.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* The prescription of one patient that is being written, and in which form: the pane's or that of a
 * note. It is in one of them at a time.
 *
 * signal "moved" (): it is in another form now, or in none */
#define PRESCRIBE_TYPE_DESK (prescribe_desk_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeDesk, prescribe_desk, PRESCRIBE, DESK, GObject)

PrescribeDesk *prescribe_desk_of (WorkspacePatient *patient);
PrescribeSheet *prescribe_desk_get_sheet (PrescribeDesk *self);
gboolean prescribe_desk_is_at (PrescribeDesk *self, gconstpointer form);
void prescribe_desk_put (PrescribeDesk *self, PrescribeSheet *sheet, gconstpointer form);
void prescribe_desk_leave (PrescribeDesk *self, gconstpointer form);

G_END_DECLS
