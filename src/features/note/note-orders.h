/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "workspace-patient.h"

G_BEGIN_DECLS

/* Where an order is written in the note's own pane, by the form that another feature supplies.
 * Signal "ordered" (words) with what the note says of it, "left" () when the form was left. */
#define NOTE_TYPE_ORDERS (note_orders_get_type ())
G_DECLARE_FINAL_TYPE (NoteOrders, note_orders, NOTE, ORDERS, AdwBin)

void note_orders_set_patient (NoteOrders *self, WorkspacePatient *patient);
gboolean note_orders_open (NoteOrders *self, const char *keyword);
void note_orders_clear (NoteOrders *self);

G_END_DECLS
